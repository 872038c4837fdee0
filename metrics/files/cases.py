"""From arrays of cases to figures per unit, dimensions and period.

A case counts in the period in which the thing happened: volume and flags when it was opened, the first response
when it was given, resolution and reopening when it was resolved. Figures of a period so stop changing once it is
over, except for what is reported late.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from metrics.files.chunks import NEVER, CaseChunk, Floats, Moments
from metrics.files.zones import Clock, period_starts

Mask = NDArray[np.bool_]


@dataclass(frozen=True, slots=True)
class CaseArrays:
    """Cases of any number of uploads, one entry each; the fields mean what they mean in ``CaseChunk``.

    ``group`` is any integer key of the caller's own (unit and dimensions together); groups are never mixed.
    """

    group: NDArray[np.int64]
    opened: Moments
    first_response: Moments
    resolved: Moments
    closed: Moments
    first_response_seconds: Floats
    resolution_seconds: Floats
    reopens: NDArray[np.int32]
    within_limit: NDArray[np.int8]
    satisfied: NDArray[np.int8]
    score: Floats
    flags: dict[str, NDArray[np.int8]]

    @classmethod
    def of(cls, chunk: CaseChunk, group: NDArray[np.int64] | None = None) -> CaseArrays:
        """The cases of one chunk; without ``group`` each unit is a group."""
        return cls(
            group=chunk.unit.codes.astype(np.int64) if group is None else group,
            opened=chunk.opened,
            first_response=chunk.first_response,
            resolved=chunk.resolved,
            closed=chunk.closed,
            first_response_seconds=chunk.first_response_seconds,
            resolution_seconds=chunk.resolution_seconds,
            reopens=chunk.reopens,
            within_limit=chunk.within_limit,
            satisfied=chunk.satisfied,
            score=chunk.score,
            flags=chunk.flags,
        )


@dataclass(frozen=True, slots=True)
class Derived:
    """One measure for all groups and periods that have any: parallel arrays, sorted by group, then day.

    Shares: ``numerator`` of ``denominator``. Times: ``numerator`` is the sum of seconds, ``denominator`` the
    number of cases, ``median`` the median in seconds. Volume: ``numerator`` is the count, ``denominator`` nan.
    ``median`` is nan except for times. ``left_out`` counts cases whose time is negative (a reply before the
    question): they are in no figure of this measure.
    """

    measure: str
    group: NDArray[np.int64]
    day: NDArray[np.int32]
    numerator: Floats
    denominator: Floats
    median: Floats
    left_out: int = 0


def first_response_times(cases: CaseArrays) -> Floats:
    """Seconds to the first response: the duration column where it is filled, else response less opening."""
    return _times(cases.first_response_seconds, cases.first_response, cases.opened)


def resolution_times(cases: CaseArrays) -> Floats:
    """Seconds to resolution (never to closing): the duration column where it is filled, else the difference."""
    return _times(cases.resolution_seconds, cases.resolved, cases.opened)


def _times(given: Floats, end: Moments, start: Moments) -> Floats:
    known = (end != NEVER) & (start != NEVER)
    between = np.full(len(given), np.nan)
    between[known] = (end[known] - start[known]).astype(np.float64)
    return np.where(np.isnan(given), between, given)


def derive(
    cases: CaseArrays, *, period: str, zone: str, limit_seconds: float | None = None, limit_of: str = "resolution"
) -> list[Derived]:
    """Volume, times and shares per group and period; measures without a single case are left out.

    Measures: "volume", "first_response_time", "resolution_time", "reopen_rate" (reopened at least once of the
    resolved or closed whose count is known), "within_limit" (the helpdesk's flag; where it is not known and
    ``limit_seconds`` is given, the time of ``limit_of`` against it), "satisfaction" (good of good and bad) and
    "flag:<name>" (yes of yes and no). ``period`` is day, week (from Monday) or month, bounded in ``zone``.
    """
    clock = Clock(zone)
    solved = np.where(cases.resolved != NEVER, cases.resolved, cases.closed)
    ended = np.where(solved != NEVER, solved, cases.opened)
    answered = np.where(cases.first_response != NEVER, cases.first_response, cases.opened)
    first, resolution = first_response_times(cases), resolution_times(cases)
    within = _within(cases, first if limit_of == "first_response" else resolution, limit_seconds)
    reopened = np.where((cases.reopens >= 0) & (solved != NEVER), cases.reopens > 0, -1).astype(np.int8)
    place = _Places(cases.group, clock, period)
    found = [
        place.volume(cases.opened),
        place.times("first_response_time", answered, first),
        place.times("resolution_time", ended, resolution),
        place.share("reopen_rate", ended, reopened),
        place.share("within_limit", ended, within),
        place.share("satisfaction", ended, cases.satisfied),
        *(place.share(f"flag:{name}", cases.opened, verdicts) for name, verdicts in cases.flags.items()),
    ]
    return [item for item in found if len(item.group) or item.left_out]


def _within(cases: CaseArrays, times: Floats, limit_seconds: float | None) -> NDArray[np.int8]:
    if limit_seconds is None:
        return cases.within_limit
    computed = np.where(np.isnan(times) | (times < 0), -1, times <= limit_seconds).astype(np.int8)
    return np.where(cases.within_limit >= 0, cases.within_limit, computed).astype(np.int8)


@dataclass(slots=True)
class _Places:
    """Groups cases by (group, period)."""

    group: NDArray[np.int64]
    clock: Clock
    period: str

    def _cells(self, moments: Moments, chosen: Mask) -> tuple[NDArray[np.int64], NDArray[np.int32], NDArray[np.intp]]:
        """The distinct (group, first day) in order, and which of them each chosen case belongs to."""
        days = period_starts(self.clock.local_days(moments[chosen]), self.period)
        pairs = np.stack([self.group[chosen], days], axis=1)
        cells, which = np.unique(pairs, axis=0, return_inverse=True)
        return cells[:, 0], cells[:, 1].astype(np.int32), which.reshape(-1)

    def volume(self, opened: Moments) -> Derived:
        groups, days, which = self._cells(opened, opened != NEVER)
        counts = _counts(which, len(groups))
        none = np.full(len(groups), np.nan)
        return Derived("volume", groups, days, counts, none, none)

    def share(self, measure: str, moments: Moments, verdicts: NDArray[np.int8]) -> Derived:
        chosen = (verdicts >= 0) & (moments != NEVER)
        groups, days, which = self._cells(moments, chosen)
        whole = _counts(which, len(groups))
        part = _sums(which, verdicts[chosen], len(groups))
        return Derived(measure, groups, days, part, whole, np.full(len(groups), np.nan))

    def times(self, measure: str, moments: Moments, seconds: Floats) -> Derived:
        known = ~np.isnan(seconds) & (moments != NEVER)
        chosen = known & (seconds >= 0)
        groups, days, which = self._cells(moments, chosen)
        kept = seconds[chosen]
        count = _counts(which, len(groups))
        total = _sums(which, kept, len(groups))
        left_out = int((known & (seconds < 0)).sum())
        return Derived(measure, groups, days, total, count, medians(which, kept, len(groups)), left_out)


def _counts(which: NDArray[np.intp], count: int) -> Floats:
    return np.asarray(np.bincount(which, minlength=count), np.float64)


def _sums(which: NDArray[np.intp], values: NDArray[np.generic], count: int) -> Floats:
    return np.asarray(np.bincount(which, weights=values.astype(np.float64), minlength=count), np.float64)


def medians(which: NDArray[np.intp], values: Floats, count: int) -> Floats:
    """The median of the values of each of ``count`` cells; every cell has at least one value."""
    order = np.lexsort((values, which))
    ordered = values[order]
    sizes = np.bincount(which, minlength=count)
    starts = np.concatenate([[0], np.cumsum(sizes)[:-1]]) if count else np.zeros(0, np.int64)
    low, high = starts + (sizes - 1) // 2, starts + sizes // 2
    return (ordered[low] + ordered[high]) / 2
