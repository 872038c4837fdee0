"""Days, weeks and months as a metric counts them. Pure."""

from __future__ import annotations

import datetime as dt

DAY, WEEK, MONTH = "day", "week", "month"


def first_day(day: dt.date, period: str) -> dt.date:
    """The first day of the period that ``day`` lies in (a week begins on Monday)."""
    if period == MONTH:
        return day.replace(day=1)
    return day - dt.timedelta(days=day.weekday()) if period == WEEK else day


def later(day: dt.date, period: str, count: int) -> dt.date:
    """The first day of the period ``count`` periods after that of ``day``."""
    start = first_day(day, period)
    if period == MONTH:
        months = start.year * 12 + start.month - 1 + count
        return dt.date(months // 12, months % 12 + 1, 1)
    return start + dt.timedelta(days=count * (7 if period == WEEK else 1))


def whole_between(first: dt.date, last: dt.date, period: str) -> int:
    """How many whole periods begin on or after ``first`` and have ended by ``last``."""
    start = first_day(first, period)
    if start < first:
        start = later(start, period, 1)
    end = first_day(last, period)
    if end <= start:
        return 0
    if period == MONTH:
        return (end.year - start.year) * 12 + end.month - start.month
    return (end - start).days // (7 if period == WEEK else 1)
