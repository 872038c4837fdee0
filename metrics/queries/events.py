"""One event told once: a change in a team shows in its department, and in the totals over its channels, as well."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Hashable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import product
from typing import Any, NamedTuple

from metrics.queries.ranks import NOWHERE, Place

Dimensions = tuple[int | None, ...]


@dataclass(frozen=True)
class Moved:
    """A place that changed: ``path`` of its unit, its service, product and channel (None: over all of them), the days of
    the change. ``alike``: what must be equal for two to be one event; ``weight``: nothing folds under what weighs more.
    ``besides``: the days of what else this place tells of that kind.
    """

    key: int
    alike: Hashable
    path: str
    dimensions: Dimensions
    first: int
    last: int
    weight: Any = 0
    besides: tuple[tuple[int, int], ...] = ()

    def tells(self, other: Moved) -> bool:
        """Whether what is told here holds the change of the other."""
        return any(
            first <= other.last and other.first <= last for first, last in ((self.first, self.last), *self.besides)
        )

    @property
    def depth(self) -> int:
        return self.path.count("/") + sum(one is not None for one in self.dimensions)


def stars(
    found: Sequence[Moved], may: Callable[[Moved, Moved], bool] = lambda _lead, _other: True
) -> dict[int, list[int]]:
    """{key that leads: the keys of those above and below it that say the same}, each key once.

    The place that tells most of the others leads, and of those alike the smallest: the team where one team moved, the
    department where two did, the total where two of its channels did. ``may(lead, other)``: whether other may fold there.
    """
    beside = _beside(found)
    taken: set[int] = set()
    made: dict[int, list[int]] = {}
    by_key = {one.key: one for one in found}
    tells = {
        one.key: [other for other in beside[one.key] if by_key[other].weight >= one.weight and may(one, by_key[other])]
        for one in found
    }
    for one in sorted(found, key=lambda one: (one.weight, -len(tells[one.key]), -one.depth)):
        if one.key in taken:
            continue
        also = [key for key in tells[one.key] if key not in taken and key not in made]
        made[one.key] = sorted(also, key=lambda key: (by_key[key].depth, key))
        taken.update(also)
    return made


def _beside(found: Sequence[Moved]) -> dict[int, list[int]]:
    """{key: those above and below it whose change it tells, at the same time}, by looking the places above each one up: never all with all."""
    places: dict[Any, list[Moved]] = defaultdict(list)
    for one in found:
        places[one.alike, one.path, one.dimensions].append(one)
    beside: dict[int, list[int]] = {one.key: [] for one in found}
    for one in found:
        for path, dimensions in _above(one):
            for other in places.get((one.alike, path, dimensions), ()):
                if one.tells(other):
                    beside[one.key].append(other.key)
                if other.tells(one):
                    beside[other.key].append(one.key)
    return beside


def _above(one: Moved) -> Iterator[tuple[str, Dimensions]]:
    """Every place that holds this one: its units upwards, each with all or some of its dimensions summed over."""
    parts = one.path.strip("/").split("/")
    paths = [f"/{'/'.join(parts[: end + 1])}/" for end in range(len(parts))]
    wider = [(None,) if part is None else (part, None) for part in one.dimensions]
    for path in paths:
        for dimensions in product(*wider):
            if (path, dimensions) != (one.path, one.dimensions):
                yield path, dimensions


class Seen(NamedTuple):
    """A signal by what decides whether, where and with which others it is told: the columns ``SEEN``. A thousand of them
    are weighed to tell five, so that no objects are made of them."""

    pk: int
    series_id: int
    rule: str
    points: int
    point_type: str
    direction: int
    first_day: int
    last_day: int
    current: bool
    metric: int
    path: str
    service: int | None
    product: int | None
    channel: int | None


SEEN = (*Seen._fields[:9], "series__metric_id", "series__unit__path", *(f"series__{n}_id" for n in Seen._fields[11:]))


def events(found: Mapping[int, Sequence[Seen]], places: Mapping[int, Place]) -> list[tuple[int, list[int]]]:
    """Signals of one metric and direction at the same time, in places of which one holds the other, are one event.

    ``found``: {series: its signals, the one that leads first}, in the order in which they are told; ``places``: where the
    series stand on the board, by which one leads as it does there. [(the signal that leads, those that say the same)].
    """
    stands = {told[0].pk: places.get(series, NOWHERE) for series, told in found.items()}
    moved = [_moved(told, stands[told[0].pk].rank) for told in found.values()]
    made = stars(moved, lambda lead, other: stands[lead.key].holds(stands[other.key]))
    return [(one.key, made[one.key]) for one in moved if one.key in made]


def _moved(told: Sequence[Seen], rank: int) -> Moved:
    lead = told[0]
    return Moved(
        key=lead.pk,
        alike=(lead.metric, lead.direction),
        path=lead.path,
        dimensions=(lead.service, lead.product, lead.channel),
        first=lead.first_day,
        last=lead.last_day,
        weight=rank,
        besides=tuple((one.first_day, one.last_day) for one in told[1:] if one.direction == lead.direction),
    )
