"""Sums: the numerators and denominators of the units below, or of services, products and channels, saying how many
parts reported. What adds up to what is asked of ``family``; sums do not go above the unit that owns the metric.
"""

from __future__ import annotations

import math
from collections import defaultdict
from collections.abc import Iterable
from typing import Any

import numpy as np
from django.db import connection
from django.db.models import F

from jobs.registry import Run
from metrics import blocks, bulk
from metrics.bulk import in_list
from metrics.importing.family import Family, Place, Stamp, above, stamp
from metrics.importing.resting import pause
from metrics.models import Metric, Observation, Series
from metrics.workflow import claims
from teams import clock

# Sums of whole numbers below this are exact in any order; everything else is summed exactly, one by one.
WHOLE = 2.0**53
GROUP = 200
ALL_DAYS = (0, 4_000_000)


def roll_up(touched: Iterable[int], days: tuple[int, int], run: Run, *, all_days: bool = False) -> set[int]:
    """Sum anew, from the first to the last of ``days`` (ordinals), what lies above the touched series.

    All days there are where a sum is new or a series has become one (``all_days``: or has ceased to be one).
    Returns the ids of the sums.
    """
    wanted = _above(list(touched))
    metrics = {place.metric for place in wanted}
    done: set[int] = set()
    while wanted:
        seen = stamp(metrics)
        family = Family(metrics)
        levels = family.levels(wanted)
        first, last = ALL_DAYS if family.turned or all_days else days
        # What one attempt made or turned is new to nobody in the next.
        all_days = all_days or family.turned
        done |= {parent for pairs in levels for parent in pairs}
        if all(_sum_level(pairs, number, len(levels), (first, last), seen, run) for number, pairs in enumerate(levels)):
            break
    return done


def _above(touched: list[int]) -> set[Place]:
    """Where sums may change: at every unit above a touched series, and at its own over its dimensions."""
    rows = Series.objects.filter(pk__in=touched, metric__sums=True, metric__source=None)
    wanted: set[Place] = set()
    for row in rows.select_related("unit", "metric"):
        dimensions = row.service_id, row.product_id, row.channel_id
        wanted |= above(row.metric_id, row.unit.line_ids, row.metric.unit_id, dimensions)
    return wanted


def _sum_level(pairs: dict[int, list[int]], number: int, of: int, days: tuple[int, int], seen: Stamp, run: Run) -> bool:
    """False where something else was merged meanwhile, so that there may be other parts to add up."""
    parents = sorted(pairs)
    for start in range(0, len(parents), GROUP):
        if not _sum({parent: pairs[parent] for parent in parents[start : start + GROUP]}, *days, seen, run):
            return False
        run.progress(number, of, "summing")
    return True


def _sum(pairs: dict[int, list[int]], first: int, last: int, seen: Stamp, run: Run) -> bool:
    """Read outside of any lock, write in one short transaction if nothing was merged meanwhile."""
    children = sorted({child for below in pairs.values() for child in below})
    while True:
        before = claims.versions(children)
        sums = _read(pairs, first, last)
        with run.commit():
            _lock(pairs)
            if stamp(seen[0]) != seen:
                return False
            if claims.versions(children) == before:
                _write(sorted(pairs), sums, first, last)
                break
    pause()
    return True


def _lock(pairs: dict[int, list[int]]) -> None:
    metrics = Series.objects.filter(pk__in=list(pairs)).values("metric")
    list(Metric.objects.select_for_update(no_key=True).filter(pk__in=metrics).order_by("pk"))


Sum = tuple[int, int, float, float | None, int]


def _read(pairs: dict[int, list[int]], first: int, last: int) -> list[Sum]:
    """(parent, day, numerator, denominator, how many reported) for every day on which any did."""
    found: list[Sum] = []
    for parent, children in pairs.items():
        if not children:
            continue
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
