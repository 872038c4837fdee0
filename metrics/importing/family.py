"""What adds up to what: the series of a metric in the tree of units and over its services, products and channels.

A unit's figures by channel are added up to its total, as its units' totals are to that of the unit above. A series with
values of its own is not summed over. No sum is made where it could be wrong: where a unit splits its figures in more
than one way, where its parts share one denominator, and above such a unit.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass

from django.db import connection
from django.db.models import Count, Exists, OuterRef, Sum

from metrics.bulk import in_list
from metrics.importing.places import series_at
from metrics.models import Metric, Observation, Series
from teams.models import Unit

Dimensions = tuple[int | None, int | None, int | None]
TOTAL: Dimensions = (None, None, None)
Levels = list[dict[int, list[int]]]
"""From the lowest level up: {series that is a sum: the series that it is the sum of}."""


@dataclass(frozen=True)
class Place:
    """Where a series stands: metric, unit and dimensions."""

    metric: int
    unit: int
    dimensions: Dimensions


@dataclass(frozen=True)
class Node:
    """A series at its place: how many levels of sums below it are to be made anew; were its values brought?"""

    series: int
    level: int
    own: bool = False


Stamp = tuple[frozenset[int], int, int]


def stamp(metrics: Iterable[int]) -> Stamp:
    """Another one after anything was merged into these metrics, or a series of theirs was made."""
    about = frozenset(metrics)
    rows = Series.objects.filter(metric__in=about, rolled_up=False)
    found = rows.aggregate(count=Count("pk"), versions=Sum("data_version"))
    return about, found["count"], found["versions"] or 0


def projections(dimensions: Dimensions) -> set[Dimensions]:
    """What a series adds to: itself, each of its dimensions by itself, the total."""
    singles: set[Dimensions] = set()
    for place, one in enumerate(dimensions):
        if one is not None:
            kept: list[int | None] = [None, None, None]
            kept[place] = one
            singles.add((kept[0], kept[1], kept[2]))
    return {dimensions, TOTAL, *singles}


def above(metric: int, line: list[int], top: int, dimensions: Dimensions) -> set[Place]:
    """Where a series counts in a sum: at its unit and each above it (``line``, down from the organisation) to ``top``."""
    units = line[line.index(top) :] if top in line else []
    return {Place(metric, unit, one) for unit in units for one in projections(dimensions)}


def named(dimensions: Dimensions) -> tuple[bool, ...]:
    """Which dimensions it tells apart."""
    return tuple(one is not None for one in dimensions)


def within(part: Dimensions, whole: Dimensions) -> bool:
    """Is the one a part of the other (or the same)?"""
    return all(asked in (None, one) for one, asked in zip(part, whole, strict=True))


class Family:
    """The series of some metrics; makes those of sums as they are asked for."""

    def __init__(self, metrics: set[int]) -> None:
        brought = Observation.objects.filter(series=OuterRef("pk"), upload__isnull=False)
        rows = (
            Series.objects.filter(metric__in=metrics)
            .annotate(own=Exists(brought))
            .values_list("pk", "metric", "unit", "service", "product", "channel", "rolled_up", "last_day", "own")
        )
        self.turned = False
        self._known: dict[Place, int] = {}
        self._sums: set[Place] = set()
        self._empty: set[Place] = set()
        self._own: set[Place] = set()
        self._above: set[Place] = set()
        self._below: dict[tuple[int, int], set[Dimensions]] = defaultdict(set)
        self._all: dict[int, set[Dimensions]] = defaultdict(set)
        units = dict(Unit.objects.values_list("pk", "path"))
        tops = dict(Metric.objects.filter(pk__in=metrics).values_list("pk", "unit"))
        self._units: dict[int, list[int]] = defaultdict(list)
        for pk, path in units.items():
            *_rest, parent, _self = ["", *path.strip("/").split("/")]
            if parent:
                self._units[int(parent)].append(pk)
        for pk, metric, unit, service, product, channel, rolled_up, last_day, own in rows.iterator():
            place = Place(metric, unit, (service, product, channel))
            self._known[place] = pk
            if rolled_up:
                self._sums.add(place)
            elif own:
                self._own.add(place)
                self._all[metric].add(place.dimensions)
                line = [int(one) for one in units[unit].strip("/").split("/")]
                for one in line:
                    self._below[metric, one].add(place.dimensions)
                self._above |= above(metric, line, tops[metric], place.dimensions)
            if last_day is None:
                self._empty.add(place)
        self._found: dict[Place, Node | None] = {}
        self._apart: dict[tuple[int, Dimensions], bool] = {}
        self._levels: dict[int, dict[int, list[int]]] = defaultdict(dict)

    def levels(self, wanted: set[Place]) -> Levels:
        """The sums at these places, and those that they need and nobody has made yet."""
        self._wanted = wanted
        # What one metric learns of a new dimension may be of use to units that the upload does not touch.
        unmade = {place for place in self._above if place not in self._known and self._tells_apart(place)}
        needless = {place for place in self._sums if not self._tells_apart(place)}
        for place in sorted(wanted | unmade | needless, key=str):
            self._node(place)
        return [self._levels[level] for level in sorted(self._levels)]

    def _node(self, place: Place) -> Node | None:
        """The series of a place; None where nothing is known there, or where no sum can be told."""
        if place not in self._found:
            self._found[place] = self._look(place)
        return self._found[place]

    def _look(self, place: Place) -> Node | None:
        if place in self._own:
            return Node(self._known[place], 0, own=True)
        parts = []
        if self._tells_apart(place):
            if place in self._sums and place not in self._wanted and place not in self._empty:
                return Node(self._known[place], 0)
            parts = self._parts(place)
        if not parts:
            self._give_up(place)
            return None
        series = self._sum_at(place)
        level = 1 + max(part.level for part in parts)
        self._levels[level][series] = sorted(part.series for part in parts)
        return Node(series, level)

    def _parts(self, place: Place) -> list[Node]:
        """What adds up to the figure of a place; nothing where it cannot be told."""
        beneath = {one for one in self._below[place.metric, place.unit] if within(one, place.dimensions)}
        here = {named(one) for one in beneath if Place(place.metric, place.unit, one) in self._own}
        if here and len({named(one) for one in beneath}) > 1:
            return []
        if here:
            found = [Place(place.metric, place.unit, one) for one in beneath]
        else:
            found = [
                Place(place.metric, unit, place.dimensions)
                for unit in self._units[place.unit]
                if any(within(one, place.dimensions) for one in self._below[place.metric, unit])
            ]
        parts = [self._node(one) for one in sorted(found, key=str)]
        whole = [part for part in parts if part is not None]
        if len(whole) < len(parts) or (here and self._share([part.series for part in whole if part.own])):
            return []
        return whole

    def _tells_apart(self, place: Place) -> bool:
        """Is a figure there anything else than its only part under another name?"""
        about = place.metric, place.dimensions
        if about not in self._apart:
            known = self._all[place.metric]
            finer = [one for one in known if within(one, place.dimensions)]
            self._apart[about] = place.dimensions in known or len(finer) > 1
        return self._apart[about]

    def _share(self, series: list[int]) -> bool:
        """Do these parts have one denominator between them: the same in every period in which more than one has any?

        Customers of the team beside its complaints by channel: the parts' denominators are no parts of a whole.
        """
        if len(series) < 2:
            return False
        condition, ids = in_list("series_id", series)
        with connection.cursor() as cursor:
            cursor.execute(
                "SELECT COUNT(*), SUM(CASE WHEN low < high THEN 1 ELSE 0 END) FROM"
                f" (SELECT MIN(denominator) AS low, MAX(denominator) AS high FROM metrics_observation WHERE {condition}"
                " GROUP BY day HAVING COUNT(denominator) > 1 AND MAX(denominator) > 0) AS shared",
                [ids],
            )
            periods, apart = cursor.fetchone()
        return bool(periods) and not apart

    def _give_up(self, place: Place) -> None:
        """What was summed there is taken away."""
        if place in self._sums:
            self._levels[1][self._known[place]] = []
            self.turned = True

    def _sum_at(self, place: Place) -> int:
        known = self._known.get(place)
        if known is None:
            known = self._known[place] = series_at(place.metric, place.unit, *place.dimensions, rolled_up=True)
            self.turned = True
        elif place not in self._sums:
            Series.objects.filter(pk=known).update(rolled_up=True)
            self.turned = True
        elif place in self._empty:
            self.turned = True
        self._sums.add(place)
        return known
