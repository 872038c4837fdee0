"""The two sides of a date: which points count before it and after it, and on which scale."""

import math
from collections.abc import Collection
from dataclasses import dataclass, replace
from typing import Self

import numpy as np
from numpy.typing import ArrayLike

from .arrays import Bools, Floats, Ints
from .steps import steps_of

LEAST_BEFORE = 8
PACE_BEFORE, PACE_AFTER = 18, 12  # from how many points on a step and a slope are told together (``pace``)
MOST_BEFORE = 400
LOOK_BACK = 8  # how many points before the date may have been the reason to act
FAR = 2.0  # how many sigma to the worse make a point a reason to act
MOST_BAD = 3  # more of them are a level that had been reached, no chance event


@dataclass(frozen=True, eq=False)
class Sides:
    """Points in order of time, none missing. values: logarithms, or the values divided by ``scale`` (so that numbers
    of any size can be squared). steps: as whole periods. after: which of them lie after the change."""

    values: Floats
    days: Ints
    steps: Ints
    after: Bools
    scale: float
    logarithmic: bool

    def only(self, keep: Bools) -> Self:
        """The same with the chosen points alone."""
        arrays = {name: getattr(self, name)[keep] for name in ("values", "days", "steps", "after")}
        return replace(self, **arrays)

    def level(self, value: float) -> float:
        """A value of the model in the units of the series."""
        return math.exp(min(value, 700.0)) if self.logarithmic else float(value) * self.scale

    @property
    def spread(self) -> float:
        """The ordinary variation before the change, on the model's scale; nan without any."""
        return ordinary(self.values[~self.after], self.steps[~self.after])


def sides_of(
    values: ArrayLike, days: ArrayLike, until_day: int, change_day: int, period: str, logarithmic: bool
) -> Sides:
    """The finite values on either side, at most 400 before; logarithms where that was asked and all lie above 0."""
    given, on = np.asarray(values, np.float64), np.asarray(days, np.int64)
    used = np.isfinite(given) & ((on <= until_day) | (on >= change_day))
    used[np.flatnonzero(used & (on <= until_day))[:-MOST_BEFORE]] = False
    taken, on = given[used], on[used]
    logged = logarithmic and bool((taken > 0).all())
    scale = 1.0 if logged else scale_of(taken)
    return Sides(np.log(taken) if logged else taken / scale, on, steps_of(on, period), on >= change_day, scale, logged)


def scale_of(values: Floats) -> float:
    """A power of two that brings values of any size near 1 (and leaves their digits as they are)."""
    largest = float(np.abs(values).max(initial=0.0))
    return 2.0 ** min(1000, max(-1000, math.frexp(largest)[1])) if largest > 0 else 1.0


def ordinary(values: Floats, steps: Ints) -> float:
    """The ordinary variation as on the chart: the average moving range of neighbours over 1.128; nan without any."""
    beside = np.diff(steps) == 1
    return float(np.abs(np.diff(values))[beside].mean()) / 1.128 if beside.any() else math.nan


def bad_start(sides: Sides, direction: int, reason_days: Collection[int]) -> Bools:
    """Points before the change that were the reason to act: those named, and those far to the worse just before.

    What is picked for being bad is followed by something better without anybody's doing (regression to the mean)."""
    bad = np.isin(sides.days, np.array(sorted(reason_days), np.int64)) & ~sides.after
    early = np.flatnonzero(~sides.after)
    if direction == 0 or len(early) < LEAST_BEFORE:
        return bad
    away = sides.values[early] - float(np.median(sides.values[early]))
    # Ranges from point to point understate the spread where neighbours are alike; the median distance does not.
    spread = max(float(np.nan_to_num(sides.spread)), 1.4826 * float(np.median(np.abs(away))))
    if spread > 0:
        far = early[-LOOK_BACK:][away[-LOOK_BACK:] * direction < -FAR * spread]
        bad[far] = len(far) <= MOST_BAD
    return bad
