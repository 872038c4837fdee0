"""Units in the order in which a person looks for them: by name, each followed by those below it. Pure."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Protocol, TypeVar


class Placed(Protocol):
    """What is known of a unit: its id, its name and the ids from the top down to it."""

    pk: int
    name: str

    @property
    def line_ids(self) -> list[int]: ...


Unit = TypeVar("Unit", bound=Placed)


def by_name(units: Iterable[Unit]) -> list[Unit]:
    """Parents before children, and children of one parent by name; by their path they would stand as they were made."""
    found = list(units)
    names = {unit.pk: unit.name.casefold() for unit in found}
    return sorted(found, key=lambda unit: [(names.get(pk, ""), pk) for pk in unit.line_ids])
