"""Periods that are not over in a file, and periods that are missing inside it."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass, field
from typing import Any
from zoneinfo import ZoneInfo

import numpy as np
from django.db.models import Q
from numpy.typing import NDArray

from metrics import states
from metrics.files import Mapping
from metrics.files.zones import period_starts
from metrics.models import Series, Upload
from teams.queries import workspace

Ints = NDArray[np.int64]
WEEKEND = 3
LONGEST = 31


def end_of(start: int, period: str) -> int:
    """The last day of the period that begins on this day."""
    if period == "month":
        return int(period_starts(np.array([start + 31]), "month")[0]) - 1
    return start + (6 if period == "week" else 0)


@dataclass
class Seen:
    """The days on which the cases of a file were opened."""

    days: set[int] = field(default_factory=set)

    def add(self, days: NDArray[np.int32]) -> None:
        self.days |= set(np.unique(days).tolist())

    @property
    def quiet(self) -> int:
        """The most days in a row without a case between the first and the last."""
        ordered = np.array(sorted(self.days), np.int64)
        return int(np.diff(ordered).max()) - 1 if len(ordered) > 1 else 31


def partial_of(upload: Upload, mapping: Mapping, last_day: int, seen: Seen | None) -> dict[str, int] | None:
    """{day, until}: the last period of the file, if it ends after the last day that the file can know of.

    A file of cases knows as far as its last case, give or take as many quiet days as it has elsewhere.
    """
    if mapping.period == "day" or not last_day or upload.known_at is None:
        return None
    start = int(period_starts(np.array([last_day]), mapping.period)[0])
    end = end_of(start, mapping.period)
    until = upload.known_at.astimezone(ZoneInfo(workspace().zone)).date().toordinal()
    if seen is not None and end - last_day > seen.quiet:
        until = min(until, last_day)
    return {"day": start, "until": until} if start <= until < end else None


@dataclass
class Gaps:
    """How many series of a file have periods missing between their first and last, and how many periods."""

    period: str
    series: int = 0
    periods: int = 0

    def add(self, series: Ints, day: NDArray[np.int32]) -> None:
        """Values in order of series and day."""
        if len(day) < 2:
            return
        step = np.diff(_numbered(day, self.period))
        same = np.diff(series) == 0
        missing = np.where(same & (step > 1), step - 1, 0)
        if self.period == "day" and len(np.unique(day % 7)) < 7:
            # A desk that is shut at week-ends has no gap there.
            missing[step <= WEEKEND] = 0
        self.periods += int(missing.sum())
        self.series += len(np.unique(series[1:][missing > 0]))

    def told(self) -> dict[str, int]:
        return {"series": self.series, "periods": self.periods}


def _numbered(day: NDArray[np.int32], period: str) -> Ints:
    if period != "month":
        return day.astype(np.int64) // (7 if period == "week" else 1)
    epoch = dt.date(1970, 1, 1).toordinal()
    return (day.astype(np.int64) - epoch).astype("datetime64[D]").astype("datetime64[M]").astype(np.int64)


def mark(upload: Upload, series: set[int], *, undone: bool = False) -> None:
    """Say of the series what this upload says of its last period: not over, or whole; inside the caller's transaction.

    An undo asks the newest of the other uploads of the source.
    """
    plan = upload.plan if not undone else _other(upload)
    partial, rows = plan.get("partial"), Series.objects.filter(pk__in=series)
    rows = rows | Series.objects.filter(rolled_up=True, metric__in=rows.values("metric"))
    first, last = upload.plan["days"]
    rows.filter(partial_day__range=(first - LONGEST, last)).update(partial_day=None, partial_until=None)
    if partial and not plan.get("whole"):
        # The sum of a period is not over while that of any of its parts is not.
        rows.filter(last_day=partial["day"]).update(partial_day=partial["day"], partial_until=partial["until"])


def _other(upload: Upload) -> dict[str, Any]:
    others = Upload.objects.filter(~Q(pk=upload.pk), source=upload.source_id, state=states.DONE)
    found = others.order_by("-known_at", "-pk").first()
    return found.plan if found else {}
