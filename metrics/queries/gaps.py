"""Periods inside a series that have no value: between its first value and its latest."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from metrics.models import Metric
from metrics.trends import Points
from metrics.trends.steps import EPOCH, steps_of

SATURDAY = 5


@dataclass(frozen=True)
class Gaps:
    """missing of ``of`` periods have no value, the first of them begins on the day ``first`` (an ordinal). closed: whether
    there are days of the week that never have one, which count for neither."""

    missing: int
    of: int
    first: int
    closed: bool


def gaps_of(points: Points, period: str) -> Gaps | None:
    """None where every period has a value; one that was brought without a value counts as much as one that was not."""
    days = points.days[~points.missing]
    if len(days) < 2:
        return None
    steps = steps_of(days, period)
    asked = np.arange(int(steps[0]), int(steps[-1]) + 1)
    open_days = _open(asked, steps) if period == Metric.Period.DAY else np.ones(len(asked), np.bool_)
    missing = asked[open_days & ~np.isin(asked, steps)]
    if not len(missing):
        return None
    return Gaps(len(missing), int(open_days.sum()), _first_day(int(missing[0]), period), bool(~open_days.all()))


def _open(asked: np.ndarray, steps: np.ndarray) -> np.ndarray:
    """A desk that is shut at week-ends has no gap there, nor one that reports on Mondays alone from Tuesday to Sunday. A
    working day that came only once may just be missing."""
    weekday = (asked - 1) % 7  # ordinal 1 was a Monday
    seen = np.isin(np.arange(7), (steps - 1) % 7)
    came = np.bincount(weekday, minlength=7)
    closed = ~seen & ((came > 1) | (np.arange(7) >= SATURDAY))
    return np.asarray(~closed[weekday])


def _first_day(step: int, period: str) -> int:
    if period == Metric.Period.MONTH:
        return int(np.datetime64(step, "M").astype("datetime64[D]").astype(np.int64)) + EPOCH
    return 7 * step + 1 if period == Metric.Period.WEEK else step
