"""Values drawn towards the middle of all units as far as chance explains their distance (empirical Bayes).

Sources: Efron and Morris 1975; DerSimonian and Laird 1986 (variance between units); Spiegelhalter et al. 2012
(winsorised, so that the unusual units do not define what is usual).
"""

from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike

from .arrays import Floats
from .dispersion import TRIM, overdispersion


@dataclass(frozen=True, eq=False)
class Shrunk:
    """value float64[k] in the units given (nan stays nan); weight float64[k]: how much of its own distance from the
    middle a unit keeps, which is the reliability of its figure (0 all chance .. 1 none); tau2: the variance between
    units beyond chance, and middle: what all are drawn to, both on the scale on which they were reckoned."""

    value: Floats
    weight: Floats
    tau2: float
    middle: float


def shrink_shares(hits: ArrayLike, n: ArrayLike, inflation: float = 1.0) -> Shrunk:
    """Shares hits / n, on the arcsine scale with standard error inflation / (2 sqrt(n))."""
    hits, n = _counts(hits, n)
    with np.errstate(all="ignore"):
        y, error = np.arcsin(np.sqrt(np.minimum(hits / n, 1))), inflation / (2 * np.sqrt(n))
    found = shrink(y, error)
    return Shrunk(np.sin(np.clip(found.value, 0, np.pi / 2)) ** 2, found.weight, found.tau2, found.middle)


def shrink_rates(events: ArrayLike, exposure: ArrayLike, inflation: float = 1.0) -> Shrunk:
    """Rates events / exposure, on the square root scale with standard error inflation / (2 sqrt(exposure))."""
    events, exposure = _counts(events, exposure)
    with np.errstate(all="ignore"):
        y, error = np.sqrt(events / exposure), inflation / (2 * np.sqrt(exposure))
    found = shrink(y, error)
    return Shrunk(np.maximum(found.value, 0) ** 2, found.weight, found.tau2, found.middle)


def shrink(value: ArrayLike, error: ArrayLike) -> Shrunk:
    """Values with their standard errors. Fewer than three units with an error: all is taken as chance (tau2 0)."""
    y, se = np.asarray(value, np.float64), np.asarray(error, np.float64)
    known = np.isfinite(y) & np.isfinite(se)
    weight, result = np.full(len(y), np.nan), np.full(len(y), np.nan)
    if not known.any():
        return Shrunk(result, weight, 0.0, float("nan"))
    y, se = y[known], se[known]
    exact = se <= 0  # a unit without any variation of its own keeps its value
    tau2 = 0.0
    usable = ~exact
    if usable.sum() >= 3:
        middle = _middle(y[usable], se[usable])
        tau2 = overdispersion((y[usable] - middle) / se[usable], se[usable], "winsorise")[1]
    kept = np.where(exact, 1.0, tau2 / (tau2 + np.where(exact, 1.0, se) ** 2))
    spread = np.where(exact, np.nanmin(np.where(exact, np.nan, se)) if usable.any() else 1.0, se)
    middle = _middle(y, np.sqrt(tau2 + spread**2))
    weight[known], result[known] = kept, middle + kept * (y - middle)
    return Shrunk(result, weight, tau2, middle)


def _middle(y: Floats, spread: Floats) -> float:
    """The mean, by precision, of values whose extreme tenths are pulled in: one unit far off would move the middle of all
    away from the others, which then seem to differ."""
    around = float(np.median(y))
    z = (y - around) / spread
    z = np.clip(z, *np.quantile(z, [TRIM, 1 - TRIM]))
    return around + float(np.average(z * spread, weights=1 / spread**2))


def _counts(count: ArrayLike, size: ArrayLike) -> tuple[Floats, Floats]:
    count, size = np.asarray(count, np.float64), np.asarray(size, np.float64)
    possible = (size > 0) & (count >= 0)
    return np.where(possible, count, np.nan), np.where(possible, size, np.nan)
