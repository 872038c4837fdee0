"""Parts that the forms of improvements share: links to many rows, days, and what may be chosen."""

from __future__ import annotations

from typing import Any, ClassVar

from django import forms

from teams import trail
from teams.forms.versioned import VersionedForm
from teams.models import Versioned


class DayInput(forms.DateInput):
    """The browser's own calendar; the value is written as year-month-day in every language."""

    input_type = "date"

    def __init__(self, attrs: dict[str, Any] | None = None) -> None:
        super().__init__(attrs, format="%Y-%m-%d")


def lines(rows: int = 3) -> forms.Textarea:
    return forms.Textarea(attrs={"rows": rows})


class PlainLines:
    """Line ends as the database keeps them, so that an untouched text is not taken for a changed one."""

    def clean(self) -> dict[str, Any]:
        found = super().clean() or {}  # type: ignore[misc]
        for name, value in found.items():
            if isinstance(value, str):
                found[name] = value.replace("\r\n", "\n")
        return dict(found)


class LinkedForm(PlainLines, VersionedForm):
    """A versioned form whose ``links`` are fields to many rows, edited as lists of ids."""

    links: ClassVar[tuple[str, ...]] = ()

    def __init__(self, *args: Any, instance: Versioned, **kwargs: Any) -> None:
        plain = [name for name in self.Meta.fields if name not in self.links]  # type: ignore[attr-defined]
        ids = {name: sorted(one.pk for one in getattr(instance, name).all()) for name in self.links}
        kwargs["initial"] = {"base": trail.values(instance, *plain) | ids, **(kwargs.pop("initial", None) or {})}
        super().__init__(*args, instance=instance, **kwargs)

    @property
    def mine(self) -> dict[str, Any]:
        found = super().mine
        return {name: sorted(one.pk for one in found[name]) if name in self.links else found[name] for name in found}
