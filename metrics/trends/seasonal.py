"""What the next period of a series with a season may bring: its value of one cycle before, give or take what that missed.

The seasonal naive forecast (Hyndman and Athanasopoulos 2021) with the order statistics of its own misses, so that no
distribution is assumed (Vovk, Gammerman and Shafer 2005): nothing fancier has to be believed.
"""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike

from .arrays import Ints

BEYOND = 0.1  # share of values on either side of the range
LEAST = 9  # misses, below which no range holds so often


@dataclass(frozen=True)
class Expected:
    """low, high: between them the next value lies 4 times in 5 (nan: not enough); n: earlier values foretold so."""

    n: int
    low: float
    high: float


def seasonal_naive(
    values: ArrayLike, days: ArrayLike, next_day: int, cycle: float, phases: ArrayLike | None = None
) -> Expected:
    """One series in order of day (nan = missing; days and next_day: proleptic ordinals; cycle in days; phases: a number
    for each point, across whose borders nothing is foretold, because the level may differ)."""
    y, day = np.asarray(values, np.float64), np.asarray(days, np.int64)
    phase = np.zeros(len(y), np.int64) if phases is None else np.asarray(phases, np.int64)
    known = np.isfinite(y)
    y, day, phase = y[known], day[known], phase[known]
    nothing = Expected(0, math.nan, math.nan)
    if len(y) < 2:
        return nothing
    before = _before(np.append(day, next_day), day, cycle)
    base, before = int(before[-1]), before[:-1]
    told = (before >= 0) & (phase[before] == phase)
    misses = np.sort(y[told] - y[before[told]])
    n = len(misses)
    if n < LEAST or base < 0 or phase[base] != phase[-1]:
        return Expected(n, math.nan, math.nan)
    place = math.floor((n + 1) * BEYOND) - 1
    return Expected(n, float(y[base] + misses[place]), float(y[base] + misses[n - 1 - place]))


def _before(days: Ints, known: Ints, cycle: float) -> Ints:
    """For each day the place of the known one nearest to one cycle before it, -1 where none lies within half a step."""
    wanted = days.astype(np.float64) - cycle
    right = np.searchsorted(known, wanted).clip(1, len(known) - 1)
    near = np.where(wanted - known[right - 1] <= known[right] - wanted, right - 1, right)
    step = float(np.median(np.diff(known)))
    return np.where(np.abs(known[near] - wanted) <= step / 2, near, -1)
