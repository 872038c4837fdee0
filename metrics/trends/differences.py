"""Which units can be told apart, with honest multiplicity, and which places each could hold.

Sources: Tukey 1953 and Kramer 1956 (all pairs); Newcombe 1998 and Zou and Donner 2008 (interval of a difference from
the intervals of its two parts, MOVER); Klein, Wright and Wieczorek 2020 (joint interval of places); Garwood 1936
(exact Poisson); Laney 2002 (spread beyond chance within a unit).
"""

import math
from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike
from scipy.stats import chi2, norm, studentized_range, t

from .arrays import Codes, Floats, Ints
from .intervals import Interval, wilson

NO_BAND = -1


@dataclass(frozen=True, eq=False)
class Apart:
    """What can be told of k units from all pairs at once.

    low and high float64[k, k]: the simultaneous interval of value[row] - value[column]; apart int8[k, k]: +1 the row
    is surely above the column, -1 below, 0 the interval holds zero. band int64[k]: 0 for the lowest band that can be
    told apart as a whole (-1 without a value); first and last int64[k]: places the unit could hold when the highest
    value is first (0 without a value)."""

    low: Floats
    high: Floats
    apart: Codes
    band: Ints
    first: Ints
    last: Ints

    @property
    def bands(self) -> int:
        return int(self.band.max()) + 1 if len(self.band) else 0


def critical(units: int, confidence: float = 0.95) -> float:
    """How many standard errors of a difference part two of so many units, so that among equal units any pair is
    parted wrongly in at most 5 % of comparisons (Tukey; 1.96 for two)."""
    if units < 2:
        return float(norm.ppf(0.5 + confidence / 2))
    return float(studentized_range.ppf(confidence, units, math.inf)) / math.sqrt(2)


def share_limits(hits: ArrayLike, n: ArrayLike, sigmas: float, inflation: float = 1.0) -> Interval:
    """Wilson limits of hits / n so many standard errors wide; both counts are divided by inflation squared, so that
    a unit whose periods vary more than chance counts as less evidence."""
    less = inflation**2
    confidence = 2 * float(norm.cdf(sigmas)) - 1
    return wilson(np.asarray(hits, np.float64) / less, np.asarray(n, np.float64) / less, confidence)


def rate_limits(events: ArrayLike, exposure: ArrayLike, sigmas: float, inflation: float = 1.0) -> Interval:
    """Exact Poisson limits of events / exposure, with the same discount; nan where the counts cannot be."""
    less, tail = inflation**2, float(norm.sf(sigmas))
    count, size = np.asarray(events, np.float64) / less, np.asarray(exposure, np.float64) / less
    possible = (size > 0) & (count >= 0)
    count, size = np.where(possible, count, np.nan), np.where(possible, size, np.nan)
    low = np.where(count > 0, chi2.ppf(tail, 2 * np.where(count > 0, count, 1)) / 2, 0.0)
    return np.where(possible, low, np.nan) / size, chi2.isf(tail, 2 * (count + 1)) / 2 / size


def mean_limits(mean: ArrayLike, error: ArrayLike, count: ArrayLike, sigmas: float) -> Interval:
    """mean -/+ Student's t x standard error, count - 1 degrees of freedom; nan below two values."""
    middle, error = np.asarray(mean, np.float64), np.asarray(error, np.float64)
    freedom = np.asarray(count, np.float64) - 1
    half = np.where(freedom >= 1, t.isf(norm.sf(sigmas), np.maximum(freedom, 1)), np.nan) * error
    return middle - half, middle + half


def told_apart(value: ArrayLike, low: ArrayLike, high: ArrayLike) -> Apart:
    """All pairs of units from each one's own limits (at `critical` sigmas). The order of the units never matters."""
    y, below, above = (np.asarray(each, np.float64) for each in (value, low, high))
    seen = np.isfinite(y) & np.isfinite(below) & np.isfinite(above)
    y, down, up = np.where(seen, y, np.nan), y - below, above - y
    gap = y[:, None] - y[None, :]
    least = gap - np.sqrt(down[:, None] ** 2 + up[None, :] ** 2)
    most = gap + np.sqrt(up[:, None] ** 2 + down[None, :] ** 2)
    np.fill_diagonal(least, np.nan)
    np.fill_diagonal(most, np.nan)
    with np.errstate(invalid="ignore"):
        apart = (least > 0).astype(np.int8) - (most < 0)
    count = int(seen.sum())
    higher, lower = (apart < 0).sum(1), (apart > 0).sum(1)
    first = np.where(seen, 1 + higher, 0)
    last = np.where(seen, count - lower, 0)
    return Apart(least, most, apart.astype(np.int8), _bands(y, apart), first.astype(np.int64), last.astype(np.int64))


def _bands(value: Floats, apart: np.ndarray) -> Ints:
    """A line is drawn between neighbours by value only where every unit below it is parted from every unit above."""
    band = np.full(len(value), NO_BAND, np.int64)
    order = np.argsort(value, kind="stable")[: int(np.isfinite(value).sum())]
    if not len(order):
        return band
    together = np.zeros(len(order), np.int64)
    mixed = apart[np.ix_(order, order)] == 0
    for place in range(len(order) - 1):
        furthest = int(np.flatnonzero(mixed[place])[-1])
        if furthest > place:
            together[place] += 1
            together[furthest] -= 1
    cut = np.cumsum(together)[:-1] == 0
    band[order] = np.concatenate([[0], np.cumsum(cut)])
    return band


def inflation(count: ArrayLike, size: ArrayLike, owner: ArrayLike, *, shares: bool) -> float:
    """How much more the periods of a unit vary than chance: Laney's sigma of the standardised values, from their
    moving ranges, pooled over all units, never below 1. count, size, owner: one entry per period, in order of unit
    and time; shares: binomial, else Poisson."""
    hits, n = np.asarray(count, np.float64), np.asarray(size, np.float64)
    unit = np.asarray(owner, np.int64)
    known = (n > 0) & np.isfinite(hits) & np.isfinite(n)
    hits, n, unit = hits[known], n[known], unit[known]
    if len(hits) < 3:
        return 1.0
    _units, place = np.unique(unit, return_inverse=True)
    centre = (np.bincount(place, hits) / np.bincount(place, n))[place]
    with np.errstate(all="ignore"):
        z = (hits / n - centre) / np.sqrt(centre * (1 - centre) / n if shares else centre / n)
    ranges = np.abs(np.diff(z))[np.diff(unit) == 0]
    ranges = ranges[np.isfinite(ranges)]
    return max(1.0, float(ranges.mean()) / 1.128) if len(ranges) else 1.0
