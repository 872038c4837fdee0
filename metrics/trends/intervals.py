"""How sure a share or a net promoter score is, from the number of answers alone.

Sources: Wilson 1927; Brown, Cai and DasGupta 2001 (Jeffreys); Clopper and Pearson 1934; Rocks 2016
(adjusted Wald for net promoter scores).
"""

import numpy as np
from numpy.typing import ArrayLike
from scipy.special import betaincinv
from scipy.stats import norm

from .arrays import Floats

Interval = tuple[Floats, Floats]


def wilson(hits: ArrayLike, n: ArrayLike, confidence: float = 0.95) -> Interval:
    """Lower and upper end for a share hits / n (0..1), any shape; nan where n is 0 or the counts cannot
    be."""
    hits, n, z = *_counts(hits, n), norm.ppf(0.5 + confidence / 2)
    with np.errstate(all="ignore"):
        share, wider = hits / n, 1 + z * z / n
        middle = (share + z * z / (2 * n)) / wider
        half = z * np.sqrt(share * (1 - share) / n + z * z / (4 * n * n)) / wider
    return np.where(hits == 0, 0.0, middle - half), np.where(hits == n, 1.0, middle + half)


def jeffreys(hits: ArrayLike, n: ArrayLike, confidence: float = 0.95) -> Interval:
    """Quantiles of Beta(hits + 1/2, n - hits + 1/2)."""
    hits, n = _counts(hits, n)
    tail = (1 - confidence) / 2
    return tuple(betaincinv(hits + 0.5, n - hits + 0.5, level) for level in (tail, 1 - tail))


def clopper_pearson(hits: ArrayLike, n: ArrayLike, confidence: float = 0.95) -> Interval:
    """Exact, and so never too narrow."""
    hits, n = _counts(hits, n)
    tail = (1 - confidence) / 2
    with np.errstate(all="ignore"):
        low = np.where(hits == 0, 0.0, betaincinv(hits, n - hits + 1, tail))
        high = np.where(hits == n, 1.0, betaincinv(hits + 1, n - hits, 1 - tail))
    return low, high


def net_promoter(
    promoters: ArrayLike, passives: ArrayLike, detractors: ArrayLike, confidence: float = 0.95
) -> tuple[Floats, Floats, Floats]:
    """Score (-1..1) and its ends: adjusted Wald with 3/4 added to promoters and detractors, 3/2 to passives.

    The score is of the answers as they are (nan without any); the ends are around the adjusted one, within
    -1..1."""
    up, rest, down = (np.asarray(counts, np.float64) for counts in (promoters, passives, detractors))
    with np.errstate(invalid="ignore"):
        total = up + rest + down
    possible = (up >= 0) & (rest >= 0) & (down >= 0) & (total > 0) & np.isfinite(total)
    up, down, total = (np.where(possible, counts, np.nan) for counts in (up, down, total))
    high, low, n = (up + 0.75) / (total + 3), (down + 0.75) / (total + 3), total + 3
    half = norm.ppf(0.5 + confidence / 2) * np.sqrt((high + low - (high - low) ** 2) / n)
    middle = high - low
    return (up - down) / total, np.clip(middle - half, -1, 1), np.clip(middle + half, -1, 1)


def _counts(hits: ArrayLike, n: ArrayLike) -> Interval:
    hits, n = np.broadcast_arrays(np.asarray(hits, np.float64), np.asarray(n, np.float64))
    possible = (n > 0) & (hits >= 0) & (hits <= n)
    return np.where(possible, hits, np.nan), np.where(possible, n, np.nan)
