"""A series taken apart into its season, its slow movement and the rest: a picture, never a test.

STL by local straight lines (Cleveland, Cleveland, McRae and Terpenning 1990), without weights against outliers, so that
it is one matrix per length. Its strength of season (Wang, Smith and Hyndman 2006) is large for almost any short series,
which is why it decides nothing here, and why nothing is drawn below five cycles.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache

import numpy as np
from numpy.typing import ArrayLike

from .arrays import Floats
from .sides import scale_of

CYCLES = 5
MOST = 600  # points, above which the matrices would grow too large
SEASONAL = 7
TURNS = 5


@dataclass(frozen=True, eq=False)
class Parts:
    """values = season + trend + rest, float64[n] each; strength of the season 0..1 (nan without variation)."""

    season: Floats
    trend: Floats
    rest: Floats
    strength: float


def decompose(values: ArrayLike, period: int, cycles: int = CYCLES) -> Parts | None:
    """One series without gaps, ``period`` points a cycle. None with a gap, with fewer than so many cycles, or with more
    than 600 points."""
    y = np.asarray(values, np.float64)
    if period < 2 or len(y) < max(2, cycles) * period or len(y) > MOST or not np.isfinite(y).all():
        return None
    scale = scale_of(y)
    season, trend = (part @ (y / scale) for part in _operators(len(y), period))
    return Parts(season * scale, trend * scale, y - (season + trend) * scale, strength_of(y / scale, season, trend))


def strength_of(y: Floats, season: Floats, trend: Floats) -> float:
    """1 - var(rest) / var(season + rest), never below 0."""
    around = y - trend
    spread = float(around.var())
    nothing = (1e-12 * float(np.abs(y).max(initial=0.0))) ** 2  # what rounding leaves of a flat series
    return max(0.0, 1 - float((around - season).var()) / spread) if spread > nothing else float("nan")


@lru_cache(maxsize=4)
def _operators(size: int, period: int) -> tuple[Floats, Floats]:
    """float64[n, n] twice: what season and trend are of any values."""
    slow = _odd(1.5 * period / (1 - 1.5 / SEASONAL))
    to_trend, to_low = _lines(size, slow, np.arange(size)), _lines(size, _odd(period + 1), np.arange(size))
    averaged = to_low @ _averages(size + 2 * period, period)
    whole = np.eye(size)
    season, trend = np.zeros((size, size)), np.zeros((size, size))
    for _turn in range(TURNS):
        cycled = _cycled(whole - trend, period)
        season = cycled[period : period + size] - averaged @ cycled
        trend = to_trend @ (whole - season)
    return season, trend


def _odd(least: float) -> int:
    """The smallest odd number that is no less."""
    whole = int(np.ceil(least))
    return whole + 1 if whole % 2 == 0 else whole


def _cycled(table: Floats, period: int) -> Floats:
    """Each place of the cycle smoothed over the years, one cycle beyond both ends."""
    cycled = np.zeros((len(table) + 2 * period, table.shape[1]))
    for place in range(period):
        own = table[place::period]
        cycled[place::period][: len(own) + 2] = _lines(len(own), SEASONAL, np.arange(-1, len(own) + 1)) @ own
    return cycled


def _averages(size: int, period: int) -> Floats:
    """Moving averages over a cycle, over a cycle, and over three, as one matrix."""
    found = np.eye(size)
    for width in (period, period, 3):
        sums = np.cumsum(np.vstack([np.zeros(found.shape[1]), found]), axis=0)
        found = (sums[width:] - sums[:-width]) / width
    return found


def _lines(size: int, width: int, at: np.ndarray) -> Floats:
    """float64[len(at), size]: the local straight line through the nearest ``width`` of ``size`` values, at each place."""
    found = np.zeros((len(at), size))
    for row, place in enumerate(at.tolist()):
        left = min(max(0, place - (width + 1) // 2 + 1), max(0, size - width))
        near = np.arange(left, min(size, left + width))
        reach = max(place - near[0], near[-1] - place) + max(0, (width - size) // 2)
        away = np.abs(near - place) / max(reach, 1)
        weight = np.where(away <= 0.001, 1.0, np.where(away <= 0.999, (1 - np.minimum(away, 1) ** 3) ** 3, 0.0))
        weight /= weight.sum()
        middle = float(weight @ near)
        spread = float(weight @ (near - middle) ** 2)
        if np.sqrt(spread) > 0.001 * (size - 1):
            weight = weight * (1 + (place - middle) / spread * (near - middle))
        found[row, near] = weight
    return found
