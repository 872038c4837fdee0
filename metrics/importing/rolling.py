"""A parent unit's series: the sum of the numerators and denominators of the units below, saying how many reported.

A unit with values of its own is not summed over; sums do not go above the unit that owns the metric.
"""

from __future__ import annotations

import math
from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

import numpy as np
from django.db import connection
from django.db.models import F

from jobs.registry import Run
from metrics import blocks, bulk
from metrics.bulk import in_list
from metrics.importing.places import series_at
from metrics.importing.resting import pause
from metrics.models import Metric, Observation, Series
from metrics.workflow import claims
from teams import clock
from teams.models import Unit

Dimensions = tuple[int | None, int | None, int | None]
# Sums of whole numbers below this are exact in any order; everything else is summed exactly, one by one.
WHOLE = 2.0**53
GROUP = 200
ALL_DAYS = (0, 4_000_000)


@dataclass(frozen=True)
class Place:
    """Where a series stands: a metric with its dimensions, in the tree of units."""

    metric: int
    dimensions: Dimensions

    def key(self, unit: int) -> tuple[int, int, Dimensions]:
        return self.metric, unit, self.dimensions


def roll_up(touched: Iterable[int], days: tuple[int, int], run: Run, *, all_days: bool = False) -> set[int]:
    """Sum anew, from the first to the last of ``days`` (ordinals), what lies above the touched series.

    All days there are where a sum is new or a series has become one (``all_days``: or has ceased to be one).
    Returns the ids of the sums.
    """
    levels, turned = _levels(list(touched))
    first, last = ALL_DAYS if turned or all_days else days
    done: set[int] = set()
    for number, pairs in enumerate(levels):
        parents = sorted(pairs)
        for start in range(0, len(parents), GROUP):
            some = {parent: pairs[parent] for parent in parents[start : start + GROUP]}
            _sum(some, first, last, run)
            run.progress(number, len(levels), "summing")
        done |= set(parents)
    return done


def _levels(touched: list[int]) -> tuple[list[dict[int, list[int]]], bool]:
    """From the lowest level up: {series of a parent unit: series of the units right below it}; is any of them new?"""
    rows = list(
        Series.objects.filter(pk__in=touched, metric__sums=True, metric__source=None).select_related(
            "unit", "metric__unit"
        )
    )
    wanted: dict[int, set[tuple[Place, int]]] = defaultdict(set)
    for row in rows:
        place = Place(row.metric_id, (row.service_id, row.product_id, row.channel_id))
        line = row.unit.line_ids
        top = len(row.metric.unit.line_ids)
        for depth in range(top, len(line) + 1):
            wanted[depth].add((place, line[depth - 1]))
    if not wanted:
        return [], False
    family = _Family({place.metric for places in wanted.values() for place, _unit in places})
    levels = []
    for depth in sorted(wanted, reverse=True):
        pairs = {}
        for place, unit in sorted(wanted[depth], key=str):
            children = family.children(place, unit)
            if children and not family.has_own(place, unit):
                pairs[family.parent(place, unit)] = children
        if pairs:
            levels.append(pairs)
    return levels, family.turned


class _Family:
    """The series of some metrics in the tree of units; makes those of parents as they are asked for."""

    def __init__(self, metrics: set[int]) -> None:
        rows = Series.objects.filter(metric__in=metrics).values_list(
            "pk", "metric", "unit", "service", "product", "channel", "rolled_up"
        )
        self.series: dict[tuple[int, int, Dimensions], tuple[int, bool]] = {
            (row[1], row[2], (row[3], row[4], row[5])): (row[0], row[6]) for row in rows.iterator()
        }
        self.turned = False
        self.below: dict[int, list[int]] = defaultdict(list)
        for pk, parent in Unit.objects.exclude(parent=None).values_list("pk", "parent"):
            self.below[parent or 0].append(pk)

    def children(self, place: Place, unit: int) -> list[int]:
        found = (self.series.get(place.key(child)) for child in self.below[unit])
        return sorted(one[0] for one in found if one)

    def has_own(self, place: Place, unit: int) -> bool:
        known = self.series.get(place.key(unit))
        if known is None or known[1]:
            return False
        return Observation.objects.filter(series=known[0], upload__isnull=False).exists()

    def parent(self, place: Place, unit: int) -> int:
        key = place.key(unit)
        known = self.series.get(key)
        if known is None:
            known = series_at(place.metric, unit, *place.dimensions, rolled_up=True), False
        if not known[1]:
            self.turned = True
            Series.objects.filter(pk=known[0]).update(rolled_up=True)
        self.series[key] = known[0], True
        return known[0]


def _sum(pairs: dict[int, list[int]], first: int, last: int, run: Run) -> None:
    """Read outside of any lock, write in one short transaction if nothing below changed meanwhile, else once more."""
    children = sorted({child for below in pairs.values() for child in below})
    while True:
        before = claims.versions(children)
        sums = _read(pairs, first, last)
        with run.commit():
            _lock(pairs)
            if claims.versions(children) == before:
                _write(sorted(pairs), sums, first, last)
                break
    pause()


def _lock(pairs: dict[int, list[int]]) -> None:
    metrics = Series.objects.filter(pk__in=list(pairs)).values("metric")
    list(Metric.objects.select_for_update(no_key=True).filter(pk__in=metrics).order_by("pk"))


Sum = tuple[int, int, float, float | None, int]


def _read(pairs: dict[int, list[int]], first: int, last: int) -> list[Sum]:
    """(parent, day, numerator, denominator, how many reported) for every day on which any did."""
    found: list[Sum] = []
    for parent, children in pairs.items():
        condition, ids = in_list("series_id", children)
        whole = (
            "numerator = FLOOR(numerator)"
            if connection.vendor == "postgresql"
            else "numerator = CAST(numerator AS INTEGER)"
        )
        query = (
            "SELECT day, SUM(numerator), SUM(denominator), SUM(COALESCE(parts, 1)), COUNT(*), COUNT(denominator),"
            f" SUM(CASE WHEN {whole} THEN 0 ELSE 1 END) FROM metrics_observation"
            f" WHERE {condition} AND day BETWEEN %s AND %s GROUP BY day"
        )
        with connection.cursor() as cursor:
            cursor.execute(query, [ids, first, last])
            rows = cursor.fetchall()
        odd = [row[0] for row in rows if not _exact(row)]
        found += [(parent, row[0], row[1], row[2], int(row[3])) for row in rows if _exact(row)]
        found += [(parent, *one) for one in _exactly(children, odd)] if odd else []
    return found


def _exact(row: tuple[Any, ...]) -> bool:
    _day, numerator, denominator, _parts, count, wholes, broken = row
    if broken or wholes not in (0, count) or abs(numerator) >= WHOLE:
        return False
    return denominator is None or (denominator == math.floor(denominator) and denominator < WHOLE)


def _exactly(children: list[int], days: list[int]) -> list[tuple[int, float, float | None, int]]:
    """Sums that do not depend on the order of the parts, also where these are no whole numbers.

    Where some of the parts have a denominator, only those count that have one.
    """
    condition, ids = in_list("series_id", children)
    chosen, wanted = in_list("day", days)
    query = (
        "SELECT day, numerator, denominator, COALESCE(parts, 1) FROM metrics_observation"
        f" WHERE {condition} AND {chosen} AND day BETWEEN %s AND %s"
    )
    parts: dict[int, list[tuple[float, float | None, int]]] = defaultdict(list)
    with connection.cursor() as cursor:
        cursor.execute(query, [ids, wanted, min(days), max(days)])
        while rows := cursor.fetchmany(blocks.SLICE):
            for day, numerator, denominator, count in rows:
                parts[day].append((numerator, denominator, count))
    found = []
    for day in sorted(parts):
        with_whole = [part for part in parts[day] if part[1] is not None]
        used = with_whole or parts[day]
        denominator = math.fsum(part[1] or 0.0 for part in used) if with_whole else None
        found.append((day, math.fsum(part[0] for part in used), denominator, sum(part[2] for part in used)))
    return found


def _write(parents: list[int], sums: list[Sum], first: int, last: int) -> None:
    condition, ids = in_list("series_id", parents)
    with connection.cursor() as cursor:
        cursor.execute(
            f"DELETE FROM metrics_observation WHERE {condition} AND day BETWEEN %s AND %s AND upload_id IS NULL",
            [ids, first, last],
        )
    rows = list(zip(*sums, strict=True)) if sums else [()] * 5
    numerator = np.array(rows[2], np.float64)
    denominator = np.array(rows[3], np.float64)
    columns = [
        bulk.Column("series_id", np.array(rows[0], np.int64)),
        bulk.Column("day", np.array(rows[1], np.int32)),
        bulk.Column("numerator", numerator),
        bulk.Column("denominator", denominator),
        bulk.Column("parts", np.array(rows[4], np.int32)),
    ]
    bulk.insert(Observation._meta.db_table, len(sums), columns)
    Series.objects.filter(pk__in=parents).update(data_version=F("data_version") + 2)


def settle(series: list[int]) -> None:
    """First and last day of these series, and when their data changed, inside the caller's transaction."""
    condition, ids = in_list("id", series)
    ends = ", ".join(
        f"{name}_day = (SELECT {function}(o.day) FROM metrics_observation o WHERE o.series_id = metrics_series.id)"
        for name, function in (("first", "MIN"), ("last", "MAX"))
    )
    with connection.cursor() as cursor:
        cursor.execute(f"UPDATE metrics_series SET {ends}, data_changed_at = %s WHERE {condition}", [clock.now(), ids])
