"""Figures from cases: volume, times and shares per unit, dimension and period, always from the Case table alone.

Each is a series of a metric that belongs to the source; what it covers is computed anew for the periods touched. A
unit above gets its figure from all cases below it, so its median is a true one.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np
from django.db import connection
from numpy.typing import NDArray

from jobs.registry import Run
from metrics import blocks, bulk
from metrics.bulk import in_list
from metrics.files import NEVER, CaseArrays, Derived, Mapping, derive
from metrics.files.zones import EPOCH, Clock, period_starts
from metrics.importing import caserows, scored, standing, vanishing
from metrics.importing.caserows import COUNTED, FLAG, REFERENCES, Columns
from metrics.importing.figures import MEAN, MEDIAN, FigureSeries, Group
from metrics.importing.resting import pause
from metrics.models import Block, Observation, Series, Source, Upload
from metrics.queries.vanished import NOT_TAKEN_OUT
from teams.queries import workspace

CASES = 50_000
DAY = 86_400


def derive_for(upload: Upload, days: NDArray[np.int64], run: Run) -> set[int]:
    """Compute anew every figure of the upload's source in the periods of these days (ordinals). Ids of the series."""
    mapping = Mapping.from_json(upload.mapping)
    if mapping.cases and mapping.cases.scoring:
        return scored.derive_for(upload, mapping, run)
    zone = workspace().zone
    periods = np.unique(period_starts(days, mapping.period)) if len(days) else days
    maker = FigureSeries(upload.source, mapping, upload.person)
    touched: set[int] = set()
    for number, part in enumerate(_parts(upload.source, periods, mapping.period)):
        columns = _cases_of(upload.source, part, mapping.period, zone)
        rows = list(_figures(columns, mapping, zone, part, maker))
        touched |= _write(upload.source, part, rows, run)
        run.progress(number, len(periods), "figures")
        pause()
    return touched


def days_of(upload: Upload) -> NDArray[np.int64]:
    """Every day by which a case of this upload is counted, or was counted before it."""
    clock_ = Clock(workspace().zone)
    numbers = Block.objects.filter(upload=upload, number__gt=0).order_by("number").values_list("number", flat=True)
    found = [np.zeros(0, np.int64)]
    for number in numbers:
        columns = standing.content_of(upload.pk, number)
        wanted = (columns["status"] == blocks.NEW) | (columns["status"] == blocks.CHANGED)
        found.append(days_in({name: column for name, column in columns.items() if "id" not in name}, wanted, clock_))
    return np.unique(np.concatenate([*found, vanishing.days_of(upload)]))


def days_in(columns: Columns, wanted: NDArray[np.bool_], clock_: Clock) -> NDArray[np.int64]:
    """The days of the moments by which these cases are, or were, counted."""
    names = [name for name in (*COUNTED, *(f"old_{name}" for name in COUNTED)) if name in columns]
    moments = np.concatenate([np.zeros(0, np.int64), *(columns[name][wanted] for name in names)])
    moments = moments[moments != NEVER]
    return np.unique(clock_.local_days(moments)).astype(np.int64) if len(moments) else moments


def _parts(source: Source, periods: NDArray[np.int64], period: str) -> Iterator[NDArray[np.int64]]:
    """Neighbouring periods, so many together that about CASES cases were opened in them."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT day, COUNT(*) FROM metrics_case WHERE source_id = %s GROUP BY day", [source.pk])
        rows = np.array(cursor.fetchall(), np.int64).reshape(-1, 2)
    starts = period_starts(rows[:, 0], period) if len(rows) else rows[:, 0]
    opened = {int(one): int(rows[starts == one, 1].sum()) for one in np.unique(starts)}
    part: list[int] = []
    weight = 0
    for one in periods.tolist():
        part.append(one)
        weight += opened.get(one, 0)
        if weight >= CASES:
            yield np.array(part, np.int64)
            part, weight = [], 0
    if part:
        yield np.array(part, np.int64)


def _end(start: int, period: str) -> int:
    """The first day after the period."""
    if period == "month":
        return int(period_starts(np.array([start + 31]), "month")[0])
    return start + (7 if period == "week" else 1)


def _cases_of(source: Source, periods: NDArray[np.int64], period: str, zone: str) -> Columns:
    """All cases counted in these periods by any of their moments (and some more, which are left out later)."""
    first, last = int(periods[0]), _end(int(periods[-1]), period)
    # Two days to either side are more than any zone is away from UTC.
    begin, end = (first - 2 - EPOCH) * DAY, (last + 2 - EPOCH) * DAY
    later = " OR ".join(f"{name} BETWEEN %s AND %s" for name in COUNTED[1:])
    query = (
        f"SELECT {', '.join(caserows.COUNTING)} FROM metrics_case"
        f" WHERE source_id = %s AND (day BETWEEN %s AND %s OR {later}){NOT_TAKEN_OUT}"
    )
    with connection.cursor() as cursor:
        cursor.execute(query, [source.pk, first, last, *([begin, end] * len(COUNTED[1:]))])
        found = [caserows.columns_of([], caserows.COUNTING)]
        while rows := cursor.fetchmany(blocks.SLICE):
            found.append(caserows.columns_of(rows, caserows.COUNTING))
    return caserows.joined(found)


@dataclass(frozen=True)
class Row:
    """One figure of one series in one period."""

    series: int
    day: int
    numerator: float
    denominator: float
    n: int


def _figures(
    columns: Columns, mapping: Mapping, zone: str, periods: NDArray[np.int64], maker: FigureSeries
) -> Iterator[Row]:
    if not len(columns["opened"]):
        return
    columns = _steady(columns)
    combos, which = np.unique(np.stack([columns[name] for name in REFERENCES]), axis=1, return_inverse=True)
    found: list[Group] = [(int(a), int(b), int(c), int(d)) for a, b, c, d in combos.T]
    limit = mapping.cases.limit_seconds if mapping.cases else None
    limit_of = mapping.cases.limit_of if mapping.cases else "resolution"
    for groups in maker.groupings(found):
        names = sorted({group for group in groups if group})
        number = {group: place for place, group in enumerate(names)}
        of_combo = np.array([number[group] if group else -1 for group in groups], np.int64)
        of_case = of_combo[which.reshape(-1)]
        inside = of_case >= 0
        cases = _arrays(columns if inside.all() else caserows.taken(columns, inside), of_case[inside])
        for derived in derive(cases, period=mapping.period, zone=zone, limit_seconds=limit, limit_of=limit_of):
            yield from _rows(derived, names, periods, maker)


def _steady(columns: Columns) -> Columns:
    """Rows in an order that depends on what they say alone, so that sums come out alike to the last digit."""
    order = np.lexsort([columns[name] for name in ("first_response_seconds", "resolution_seconds", *COUNTED)])
    return caserows.taken(columns, order)


def _arrays(columns: Columns, group: NDArray[np.int64]) -> CaseArrays:
    return CaseArrays(
        group=group,
        **{name: columns[name] for name in ("opened", "first_response", "resolved", "closed")},
        first_response_seconds=columns["first_response_seconds"],
        resolution_seconds=columns["resolution_seconds"],
        reopens=columns["reopened"],
        within_limit=columns["within_limit"],
        satisfied=columns["satisfied"],
        score=columns["score"],
        flags={name.removeprefix(FLAG): columns[name] for name in caserows.flags_of(columns)},
    )


def _rows(derived: Derived, names: list[Group], periods: NDArray[np.int64], maker: FigureSeries) -> Iterator[Row]:
    chosen = np.isin(derived.day, periods)
    timed = derived.measure.endswith("_time")
    values = (derived.group, derived.day, derived.numerator, derived.denominator, derived.median)
    for group, day, numerator, denominator, median in zip(*(one[chosen].tolist() for one in values), strict=True):
        n = int(numerator if derived.measure == "volume" else denominator)
        if timed:
            yield Row(maker.series(derived.measure + MEAN, names[group]), day, numerator, denominator, n)
            yield Row(maker.series(derived.measure + MEDIAN, names[group]), day, median, float("nan"), n)
        else:
            yield Row(maker.series(derived.measure, names[group]), day, numerator, denominator, n)


def _write(source: Source, periods: NDArray[np.int64], rows: list[Row], run: Run) -> set[int]:
    """Replace the figures of these periods; returns the series that have or had any there."""
    ids = list(Series.objects.filter(metric__source=source).values_list("pk", flat=True))
    of_series, wanted = in_list("series_id", ids)
    of_day, days = in_list("day", periods.tolist())
    where = f"{of_series} AND day BETWEEN %s AND %s AND {of_day}"
    given = [wanted, int(periods[0]), int(periods[-1]), days]
    columns = [
        bulk.Column("series_id", np.array([row.series for row in rows], np.int64)),
        bulk.Column("day", np.array([row.day for row in rows], np.int32)),
        bulk.Column("numerator", np.array([row.numerator for row in rows], np.float64)),
        bulk.Column("denominator", np.array([row.denominator for row in rows], np.float64)),
        bulk.Column("n", np.array([row.n for row in rows], np.int64)),
    ]
    with run.commit(), connection.cursor() as cursor:
        cursor.execute(f"SELECT DISTINCT series_id FROM metrics_observation WHERE {where}", given)
        touched = {row[0] for row in cursor.fetchall()}
        cursor.execute(f"DELETE FROM metrics_observation WHERE {where}", given)
        bulk.insert(Observation._meta.db_table, len(rows), columns)
    return touched | {row.series for row in rows}
