"""Figures read straight from the cases of a source: how many, since when, and how long they took."""

from __future__ import annotations

import datetime as dt
from collections import Counter
from dataclasses import dataclass

import numpy as np
from django.db.models import F, Max, Min, Q, QuerySet

from metrics.models import Case, Source
from metrics.queries.vanished import counted
from teams import access
from teams.models import Person, Unit

HOUR = 3600


@dataclass(frozen=True)
class Times:
    """Lengths of time in hours. ``at_once``: how many took no time; ``odd``: ended before they began (left out)."""

    count: int
    median: float | None
    mean: float | None
    at_once: int
    odd: int


@dataclass(frozen=True)
class CaseFigures:
    """Cases of a source by what is known of them; ``flags``, ``within_limit`` …: {yes: n, no: n} of those known."""

    count: int
    first_opened: dt.datetime | None
    last_opened: dt.datetime | None
    last_closed: dt.datetime | None
    still_open: int
    without_resolution: int
    resolution: Times
    first_response: Times
    reopened: int
    within_limit: dict[str, int]
    satisfied: dict[str, int]
    flags: dict[str, dict[str, int]]


def figures(
    person: Person,
    source: Source,
    *,
    unit: Unit | None = None,
    first: dt.date | None = None,
    last: dt.date | None = None,
) -> CaseFigures:
    """Figures of the cases opened from ``first`` to ``last`` (all of them without) in a unit and below.

    Only cases that the person may see as rows are counted.
    """
    rows = counted(access.visible_to(person, Case)).filter(source=source)
    if unit is not None:
        rows = rows.filter(unit__path__startswith=unit.path)
    if first is not None:
        rows = rows.filter(day__gte=first.toordinal())
    if last is not None:
        rows = rows.filter(day__lte=last.toordinal())
    ends = rows.aggregate(first=Min("opened"), last=Max("opened"), closed=Max("closed"))
    return CaseFigures(
        count=rows.count(),
        first_opened=_moment(ends["first"]),
        last_opened=_moment(ends["last"]),
        last_closed=_moment(ends["closed"]),
        still_open=rows.filter(resolved=None, closed=None).count(),
        without_resolution=rows.filter(resolved=None, resolution_seconds=None).count(),
        resolution=_times(rows, "resolution_seconds", "resolved"),
        first_response=_times(rows, "first_response_seconds", "first_response"),
        reopened=rows.filter(reopened__gt=0).count(),
        within_limit=_yes_no(rows, "within_limit"),
        satisfied=_yes_no(rows, "satisfied"),
        flags=_flags(rows),
    )


def opened_per_day(person: Person, source: Source) -> dict[dt.date, int]:
    """How many cases were opened on each day (in the workspace's zone), of those the person may see."""
    days = Counter(counted(access.visible_to(person, Case)).filter(source=source).values_list("day", flat=True))
    return {dt.date.fromordinal(day): days[day] for day in sorted(days)}


def _moment(seconds: int | None) -> dt.datetime | None:
    return None if seconds is None else dt.datetime.fromtimestamp(seconds, dt.UTC)


def _times(rows: QuerySet[Case], given: str, end: str) -> Times:
    """The duration column where it is filled, else the end less the opening."""
    told = rows.filter(~Q(**{given: None})).values_list(given, flat=True)
    between = rows.filter(Q(**{given: None}), ~Q(**{end: None}), ~Q(opened=None))
    found = np.array([*told, *between.values_list(F(end) - F("opened"), flat=True)], np.float64) / HOUR
    good = found[found >= 0]
    return Times(
        count=len(good),
        median=float(np.median(good)) if len(good) else None,
        mean=float(np.mean(good)) if len(good) else None,
        at_once=int((good == 0).sum()),
        odd=len(found) - len(good),
    )


def _yes_no(rows: QuerySet[Case], field: str) -> dict[str, int]:
    return {word: rows.filter(**{field: value}).count() for word, value in (("yes", True), ("no", False))}


def _flags(rows: QuerySet[Case]) -> dict[str, dict[str, int]]:
    counts: dict[str, dict[str, int]] = {}
    for flags in rows.exclude(flags={}).values_list("flags", flat=True).iterator():
        for name, value in flags.items():
            counts.setdefault(name, {"yes": 0, "no": 0})["yes" if value else "no"] += 1
    return counts
