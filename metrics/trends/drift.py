"""Slow drift: Mann-Kendall, its pre-whitened form, and Sen's slope.

Sources: Mann 1945, Kendall 1975; Yue and Wang 2002 (pre-whitening); Theil 1950, Sen 1968 (slope and
interval).
"""

import math
import sys
from dataclasses import dataclass
from functools import lru_cache

import numpy as np
from numpy.typing import ArrayLike
from scipy.special import ndtr, ndtri

from .arrays import Floats, Ints
from .sides import scale_of

HUGE, LARGEST = 1e300, sys.float_info.max
SMALL = 512  # values, up to which the pairs of a length are kept (2 MB)


@dataclass(frozen=True)
class MannKendall:
    """score: rises less falls over all pairs; variance: of the score without a trend, corrected for ties; z
    and the two-sided p; tau: score over the number of pairs. nan where there are too few values."""

    score: float
    variance: float
    z: float
    p: float
    tau: float


@dataclass(frozen=True)
class Slope:
    """Median slope of all pairs, in units per step of time; its interval; the value at time 0 (nan = too
    few)."""

    slope: float
    low: float
    high: float
    intercept: float


def mann_kendall(values: ArrayLike) -> MannKendall:
    """The test on the values in order of time; missing ones are left out. Too sure of itself if neighbours
    are alike (autocorrelation): prefer `mann_kendall_whitened`."""
    y = _near_one(_finite(values))
    size = len(y)
    if size < 2:
        return MannKendall(0.0, math.nan, math.nan, math.nan, math.nan)
    score = _score(y)
    variance = _variance(y)
    z = (score - np.sign(score)) / math.sqrt(variance) if variance > 0 else 0.0
    return MannKendall(score, variance, float(z), float(2 * ndtr(-abs(z))), score / (size * (size - 1) / 2))


def mann_kendall_whitened(values: ArrayLike) -> MannKendall:
    """The test after taking lag-1 autocorrelation r out: y_t - r * y_(t-1). Holds its promise (4-7 %
    false)."""
    y = _near_one(_finite(values))
    if len(y) < 3:
        return MannKendall(0.0, math.nan, math.nan, math.nan, math.nan)
    return mann_kendall(y[1:] - y[:-1] * autocorrelation(y))


def autocorrelation(values: ArrayLike) -> float:
    """Lag-1 autocorrelation of values without gaps; 0 without variation."""
    y = np.asarray(values, np.float64)
    y = y / scale_of(y)  # the mean of huge values would be no number of this machine
    away = y - y.mean() if len(y) else y
    size = float(np.abs(away).max()) if len(y) else 0.0
    if not 1e-150 < size < 1e150:  # its square would be no number of this machine
        away = away / size if size > 0 else away
    square = float(away @ away)
    return float(away[1:] @ away[:-1]) / square if square > 0 else 0.0


def sen_slope(values: ArrayLike, times: ArrayLike | None = None, confidence: float = 0.95) -> Slope:
    """times: when each value was measured (default 0, 1, 2, ..); missing values are left out, their times
    too.

    Memory grows with the square of the number of values (8 MB at 1,000)."""
    y = np.asarray(values, np.float64)
    x = np.arange(len(y), dtype=np.float64) if times is None else np.asarray(times, np.float64)
    x, y = x[np.isfinite(y)], y[np.isfinite(y)]
    scale = _scale(y)
    y = y / scale
    first, second = _pairs(len(y)) if len(y) <= SMALL else np.triu_indices(len(y), 1)
    run = x[second] - x[first]
    rise = y[second] - y[first]
    if not run.all():
        rise, run = rise[run != 0], run[run != 0]
    slopes = np.sort(rise / run)
    if not len(slopes):
        return Slope(math.nan, math.nan, math.nan, math.nan)
    slope = _middle(slopes)
    sigma = math.sqrt(max(0.0, _variance(y) - _taken_by_ties(x)))
    half = float(ndtri(0.5 + confidence / 2)) * sigma
    upper = min(round((len(slopes) + half) / 2), len(slopes) - 1)
    lower = max(round((len(slopes) - half) / 2) - 1, 0)
    intercept = _middle(np.sort(y)) - slope * _middle(np.sort(x))
    ends = (slope, float(slopes[lower]), float(slopes[upper]), intercept)
    # In the units of the values again; what is beyond all numbers of this machine is not known.
    return Slope(*(one * scale if abs(one) <= LARGEST / scale else math.nan for one in ends))


def _middle(ordered: Floats) -> float:
    """The median of numbers in order: that of numpy orders them once more, which takes longer than all of the rest."""
    half = len(ordered) // 2
    return float(ordered[half] if len(ordered) % 2 else (ordered[half - 1] + ordered[half]) / 2)


def _scale(y: Floats) -> float:
    """A power of two, so that no digit changes: divided by it, differences of the largest values are numbers still.
    1 for values of ordinary size, whose smallest differences must not be lost."""
    return 2.0**1000 if np.abs(y).max(initial=0.0) > HUGE else 1.0


def _near_one(y: Floats) -> Floats:
    return y / _scale(y)


def _score(y: Floats) -> float:
    """Rises less falls over all pairs: at once while the table of pairs is small, else row by row."""
    if len(y) > SMALL:
        return float(sum(np.sign(y[place + 1 :] - y[place]).sum() for place in range(len(y) - 1)))
    first, second = _pairs(len(y))
    return float(np.sign(y[second] - y[first]).sum())


@lru_cache(maxsize=64)
def _pairs(size: int) -> tuple[Ints, Ints]:
    """Indices of the first and second of every pair."""
    return np.triu_indices(size, 1)


def _finite(values: ArrayLike) -> Floats:
    y = np.asarray(values, np.float64)
    return y[np.isfinite(y)]


def _variance(y: Floats) -> float:
    """Of the Mann-Kendall score, less what tied values take away."""
    size = len(y)
    return size * (size - 1) * (2 * size + 5) / 18 - _taken_by_ties(y)


def _taken_by_ties(y: Floats) -> float:
    ties = np.unique(y, return_counts=True)[1].astype(np.float64)
    return float((ties * (ties - 1) * (2 * ties + 5)).sum()) / 18
