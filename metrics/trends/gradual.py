"""EWMA and CUSUM: charts that notice small lasting changes sooner (design section 1.5).

Sources: Roberts 1959, Lucas and Saccucci 1990 (EWMA); Page 1954 (CUSUM).
"""

from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike
from scipy.signal import lfilter

from .arrays import Bools, Floats
from .counts import D2, mean_range


@dataclass(frozen=True, eq=False)
class Ewma:
    """centre and sigma of the baseline (nan = none); ewma, lcl, ucl float64[n]; signal bool[n] (beyond a
    limit)."""

    centre: float
    sigma: float
    ewma: Floats
    lcl: Floats
    ucl: Floats
    signal: Bools


@dataclass(frozen=True, eq=False)
class Cusum:
    """above and below float64[n] in sigma (below is 0 or negative); upper and lower bool[n]: beyond the
    decision interval."""

    centre: float
    sigma: float
    above: Floats
    below: Floats
    upper: Bools
    lower: Bools


def level_of(values: ArrayLike, baseline: int = 0) -> tuple[Floats, float, float]:
    """The values (infinite ones made missing), and mean and moving-range sigma of the first `baseline` (0 =
    all)."""
    y = np.array(values, np.float64)
    y[~np.isfinite(y)] = np.nan
    base = y[: baseline or None]
    centre = float(np.nanmean(base)) if not np.isnan(base).all() else float("nan")
    return y, centre, mean_range(base, screen=False) / D2


def ewma(values: ArrayLike, baseline: int = 0, weight: float = 0.2, sigmas: float = 3.0) -> Ewma:
    """z_0 = centre, z_t = weight * y_t + (1 - weight) * z_(t-1); a missing value leaves z where it was.

    Limits: centre +/- sigmas * sigma * sqrt(weight / (2 - weight) * (1 - (1 - weight)^(2t))).
    """
    y, centre, sigma = level_of(values, baseline)
    smooth = np.full(len(y), centre)
    present = ~np.isnan(y)
    if present.any() and centre == centre:
        away, _ = lfilter([weight], [1, weight - 1], y[present] - centre, zi=[0.0])
        moved = np.concatenate([[0.0], away])[np.cumsum(present)]
        smooth = centre + moved
    step = np.arange(1, len(y) + 1)
    width = sigmas * sigma * np.sqrt(weight / (2 - weight) * (1 - (1 - weight) ** (2 * step)))
    lcl, ucl = centre - width, centre + width
    return Ewma(centre, sigma, smooth, lcl, ucl, (smooth < lcl) | (smooth > ucl))


def cusum(values: ArrayLike, baseline: int = 0, slack: float = 0.5, interval: float = 5.0) -> Cusum:
    """Sums of what lies more than `slack` sigma from the centre, reset at 0; a missing value leaves them
    unchanged.

    Without variation in the baseline nothing is summed."""
    y, centre, sigma = level_of(values, baseline)
    z = (y - centre) / sigma if sigma > 0 else np.zeros(len(y))
    z = np.where(np.isnan(z), np.nan, z)
    above = _sum_above(z - slack)
    below = -_sum_above(-z - slack)
    return Cusum(centre, sigma, above, below, above > interval, below < -interval)


def _sum_above(steps: Floats) -> Floats:
    """max(0, sum so far + step): the distance of the running total from its lowest point yet (which 0
    precedes)."""
    total = np.cumsum(np.where(np.isnan(steps), 0.0, steps))
    return total - np.minimum(np.minimum.accumulate(total), 0.0)
