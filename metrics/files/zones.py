"""Clock times of a zone to instants, for whole arrays.

One rule where the clocks change: a time that happened twice is taken as the first of the two, a time that never
happened is read as if the clocks had not yet been changed (PEP 495, fold=0). Both are counted and said.
"""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass, field
from zoneinfo import ZoneInfo

import numpy as np
from numpy.typing import NDArray

EPOCH = dt.date(1970, 1, 1).toordinal()
DAY = 86_400
_UTC = dt.UTC


@dataclass(slots=True)
class Clock:
    """A zone with its offsets remembered per day."""

    name: str
    zone: ZoneInfo = field(init=False)
    _of_local_day: dict[int, int | None] = field(default_factory=dict)
    _of_utc_day: dict[int, int | None] = field(default_factory=dict)

    def __post_init__(self) -> None:
        self.zone = ZoneInfo(self.name)

    def instants(self, local: NDArray[np.int64]) -> tuple[NDArray[np.int64], list[int], list[int]]:
        """Seconds since 1970 UTC of clock times given as seconds since 1970 by that clock, with the positions
        of the times that never happened and of those that happened twice."""
        days, where = np.unique(local // DAY, return_inverse=True)
        offsets = [self._local_offset(int(day)) for day in days]
        steady = np.array([offset or 0 for offset in offsets], np.int64)[where]
        skipped: list[int] = []
        repeated: list[int] = []
        if None in offsets:
            changing = np.array([offset is None for offset in offsets])[where]
            for position in np.flatnonzero(changing).tolist():
                steady[position], kind = self._exact(int(local[position]))
                if kind:
                    (skipped if kind < 0 else repeated).append(position)
        return local - steady, skipped, repeated

    def local_days(self, instants: NDArray[np.int64]) -> NDArray[np.int64]:
        """The ordinal of the day each instant falls on by this clock."""
        days, where = np.unique(instants // DAY, return_inverse=True)
        offsets = [self._utc_offset(int(day)) for day in days]
        steady = np.array([offset or 0 for offset in offsets], np.int64)[where]
        if None in offsets:
            changing = np.array([offset is None for offset in offsets])[where]
            for position in np.flatnonzero(changing).tolist():
                steady[position] = self._offset_at(int(instants[position]))
        return (instants + steady) // DAY + EPOCH

    def _offset_at(self, instant: int) -> int:
        offset = dt.datetime.fromtimestamp(instant, self.zone).utcoffset()
        return int(offset.total_seconds()) if offset else 0

    def _utc_offset(self, day: int) -> int | None:
        if day not in self._of_utc_day:
            start, end = self._offset_at(day * DAY), self._offset_at((day + 1) * DAY)
            self._of_utc_day[day] = start if start == end else None
        return self._of_utc_day[day]

    def _local_offset(self, day: int) -> int | None:
        """The offset of a whole local day, None where it changes within it or at its edges."""
        if day not in self._of_local_day:
            seen = {self._naive_offset((day * DAY) + hour * 3600, fold) for hour in (0, 12, 24) for fold in (0, 1)}
            self._of_local_day[day] = seen.pop() if len(seen) == 1 else None
        return self._of_local_day[day]

    def _naive_offset(self, local: int, fold: int) -> int:
        naive = dt.datetime.fromtimestamp(local, _UTC).replace(tzinfo=self.zone, fold=fold)
        offset = naive.utcoffset()
        return int(offset.total_seconds()) if offset else 0

    def _exact(self, local: int) -> tuple[int, int]:
        """The offset to use, and -1 for a time that never happened, 1 for one that happened twice, else 0."""
        first, second = self._naive_offset(local, 0), self._naive_offset(local, 1)
        if first == second:
            return first, 0
        return first, 1 if self._offset_at(local - first) == first else -1


def period_starts(days: NDArray[np.int64], period: str) -> NDArray[np.int64]:
    """The ordinal of the first day of the day, week (from Monday) or month that each ordinal lies in."""
    if period == "week":
        return days - (days - 1) % 7
    if period == "month":
        months = (days - EPOCH).astype("datetime64[D]").astype("datetime64[M]")
        return months.astype("datetime64[D]").astype(np.int64) + EPOCH
    return days
