"""The planned path of a target, period by period: from a value at a start straight to the target on the day by which it is
to be reached. It is read beside the values and decides nothing: icons and chances go by the target alone."""

from __future__ import annotations

import datetime as dt
import math
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any

# Charts whose limits lie as many times above and below the mean; those of all others lie as far above as below.
TIMES = ("log", "t", "g")


@dataclass(frozen=True)
class Planned:
    """What people agree on beside a target: where it starts, and by when the target is to be reached."""

    value: float
    day: dt.date
    by: dt.date


@dataclass(frozen=True)
class Path:
    """The path of one version of a target. ``start`` and ``end``: first days of the periods that have the starting value
    and the target's ``value``; ``by``: the day agreed. It counts from ``since``, and no longer from ``until`` on. Days are
    ordinals."""

    since: int
    until: float
    start: int
    start_value: float
    end: int
    value: float
    by: int

    @property
    def first(self) -> int:
        """The day from which on it is drawn."""
        return max(self.since, self.start)

    @property
    def last(self) -> int:
        """The last day that is drawn; before ``first`` where nothing is."""
        return int(min(self.end, self.until - 1))

    def at(self, day: int) -> float:
        """Its height on a day between start and end."""
        if day >= self.end:
            return self.value
        return self.start_value + (self.value - self.start_value) * (day - self.start) / (self.end - self.start)

    def on(self, day: int) -> float | None:
        """What was planned for the period that begins on this day; None where it does not count."""
        return self.at(day) if self.first <= day <= self.last else None


def paths_of(settings: dict[str, Any], last: float = math.inf) -> list[Path]:
    """The paths stored with an analysis (``queries.agreed``) up to a last day, oldest first; those that never counted are
    left out."""
    steps = settings.get("trajectories", [])
    ends = [*(day for day, _path in steps[1:]), *([math.inf] if steps else [])]
    found = [
        Path(day, min(until, last + 1), *path)
        for (day, path), until in zip(steps, ends, strict=True)
        if path is not None
    ]
    return [path for path in found if path.first <= path.last]


def on(paths: Iterable[Path], day: int) -> float | None:
    """What was planned for the period that begins on this day."""
    return next((planned for path in paths if (planned := path.on(day)) is not None), None)


def between(paths: Sequence[Path], first: int, last: float = math.inf) -> list[tuple[Path, int, int]]:
    """(path, from, to) of what is to be drawn of each between two days."""
    found = [(path, max(path.first, first), int(min(path.last, last))) for path in paths]
    return [one for one in found if one[1] <= one[2]]


def told_by(paths: Sequence[Path], day: int) -> Path | None:
    """The path that is to be read on this day: the one that counts, else the next one, else the last one that is over."""
    ahead = [path for path in paths if path.last >= day]
    return ahead[0] if ahead else paths[-1] if paths and paths[-1].until == math.inf else None


def usual_around(planned: float, mean: float, lower: float, upper: float, chart: str) -> tuple[float, float] | None:
    """Between which values chance alone puts single ones, were the plan the level: as far around it as the limits lie
    around the mean. None where that is no distance. A limit may be cut where a scale ends: the further one counts."""
    if chart not in TIMES:
        far = max(upper - mean, mean - lower)
        return (planned - far, planned + far) if far > 0 else None
    if min(mean, planned) <= 0 or upper <= mean:
        return None
    return planned * max(lower, 0.0) / mean, planned * upper / mean


def side_of(value: float, usual: tuple[float, float]) -> int:
    """1 above what is usual around the plan, -1 below it, 0 within."""
    low, high = usual
    return int(value > high) - int(value < low)


def run(values: Sequence[tuple[float | None, float | None]]) -> int:
    """How many of the latest values (value, planned) lie in a row above the plan, or below it (negative). A gap breaks no
    run, a value on the plan does, and so does one that nothing was planned for."""
    length = 0
    for value, planned in reversed(values):
        if value is None:
            continue
        if planned is None or value == planned or (length and (value > planned) != (length > 0)):
            break
        length += 1 if value > planned else -1
    return length
