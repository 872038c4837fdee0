"""Two series side by side: do they move together once trend, and what each carries over from its own past, are gone?

Sources: Haugh 1976 (residuals of both series); Yue and Wang 2002 and Marriott and Pope 1954 (autocorrelation and its
bias); Kuensch 1989 and Politis and Romano 1992 (circular block bootstrap); Fisher 1921 (scale of the interval);
Spearman 1904 (disattenuation).
"""

import math
from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike
from scipy.stats import norm

from .arrays import Floats, Ints
from .sides import scale_of

LAGS = 5
# Below so many pairs nothing is told.
FEWEST = 16
DRAWS = 600


@dataclass(frozen=True, eq=False)
class Together:
    """Correlation of what is left of the two series, per lag 0..4 (the second follows the first by so many periods):
    r, low, high float64[5], the interval at 95 % for all lags at once; pairs int64[5]. nan where there are too few
    pairs or no variation. lag: the one whose interval is clear of zero and furthest from it, -1 without one. raw: the
    correlation of the values as they are, which trends alone can make large. one, other: what is left, nan = gap."""

    r: Floats
    low: Floats
    high: Floats
    pairs: Ints
    lag: int
    raw: float
    one: Floats
    other: Floats

    @property
    def told(self) -> bool:
        return bool(np.isfinite(self.r[0]))


def together(one: ArrayLike, other: ArrayLike, seed: int = 1, draws: int = DRAWS) -> Together:
    """Two series on the same periods in order of time, nan where a value is missing."""
    x, y = np.asarray(one, np.float64), np.asarray(other, np.float64)
    if x.shape != y.shape or x.ndim != 1:
        raise ValueError("the two series must be flat and of one length")
    x, y = np.where(np.isfinite(x), x, np.nan), np.where(np.isfinite(y), y, np.nan)
    left, right = whitened(x), whitened(y)
    r, low, high = (np.full(LAGS, np.nan) for _ in range(3))
    pairs = np.zeros(LAGS, np.int64)
    rng = np.random.default_rng(seed)
    sigmas = float(norm.isf((1 - 0.95 ** (1 / LAGS)) / 2))
    for lag in range(LAGS):
        a, b = left[: max(len(left) - lag, 0)], right[lag:]
        both = np.isfinite(a) & np.isfinite(b)
        pairs[lag] = both.sum()
        if pairs[lag] < FEWEST:
            continue
        r[lag], low[lag], high[lag] = _interval(a[both], b[both], sigmas, rng, draws)
    clear = np.where((low > 0) | (high < 0), np.abs(r), np.nan)
    best = int(np.nanargmax(clear)) if np.isfinite(clear).any() else -1
    return Together(r, low, high, pairs, best, _plain(x, y), left, right)


def whitened(values: ArrayLike) -> Floats:
    """What is left of a series after its straight line and an autoregression (order by AICc, at most 3) are taken out,
    in its own unit; a gap takes the value after it along. All nan for a series without variation or with fewer than 12 values."""
    y = np.asarray(values, np.float64)
    seen = np.isfinite(y)
    if seen.sum() < 12:
        return np.full(len(y), np.nan)
    time = np.arange(len(y), dtype=np.float64)
    scale = float(np.ptp(y[seen]))
    if not scale > 1e-12 * max(1e-300, float(np.abs(y[seen]).max())):
        return np.full(len(y), np.nan)
    unit = scale_of(y[seen])  # a power of two, so that numbers of any size can be squared
    y = y / unit
    scale = float(np.ptp(y[seen]))
    best, chosen = math.inf, np.full(len(y), np.nan)
    for order in range(4):
        rows = np.ones(len(y), np.bool_)
        columns = [np.ones(len(y)), time]
        for lag in range(1, order + 1):
            columns.append(np.concatenate([np.full(lag, np.nan), y[:-lag]]))
        design = np.column_stack(columns)
        rows = np.isfinite(y) & np.isfinite(design).all(1)
        rows[:3] = False  # the same periods for every order, so that they can be compared
        size, used = int(rows.sum()), order + 2
        if size < used + 8:
            break
        found, *_rest = np.linalg.lstsq(design[rows], y[rows], rcond=None)
        rest = np.where(rows, y - design @ np.where(np.isfinite(found), found, 0), np.nan)
        square = float(np.nansum(rest**2)) / size
        if not square > (1e-9 * scale) ** 2:  # a straight line: what is left is rounding
            break
        score = size * math.log(square) + 2 * (used + 1) * size / (size - used - 2)
        if score < best - 1e-9:
            best, chosen = score, rest
    return chosen * unit


def _interval(a: Floats, b: Floats, sigmas: float, rng: np.random.Generator, draws: int) -> tuple[float, float, float]:
    r = _plain(a, b)
    if not math.isfinite(r):
        return math.nan, math.nan, math.nan
    a, b, size = a / scale_of(a), b / scale_of(b), len(a)
    block = max(2, round(size ** (1 / 3)))
    starts = rng.integers(0, size, (draws, -(-size // block)))
    index = ((starts[:, :, None] + np.arange(block)) % size).reshape(draws, -1)[:, :size]
    u, v = a[index], b[index]
    u, v = u - u.mean(1, keepdims=True), v - v.mean(1, keepdims=True)
    with np.errstate(all="ignore"):
        drawn = (u * v).sum(1) / np.sqrt((u**2).sum(1) * (v**2).sum(1))
    drawn = np.arctanh(np.clip(drawn[np.isfinite(drawn)], -0.999999, 0.999999))
    # Never narrower than chance alone would have it (the error of Fisher's z).
    error = max(float(drawn.std()) if len(drawn) > 1 else 0.0, 1 / math.sqrt(size - 3))
    middle = math.atanh(max(-0.999999, min(0.999999, r)))
    return r, math.tanh(middle - sigmas * error), math.tanh(middle + sigmas * error)


def _plain(a: Floats, b: Floats) -> float:
    """Pearson's correlation of the pairs without gaps, nan without variation."""
    both = np.isfinite(a) & np.isfinite(b)
    u, v = a[both], b[both]
    if len(u) < 3:
        return math.nan
    u, v = u / scale_of(u), v / scale_of(v)  # so that numbers of any size can be squared
    u, v = u - u.mean(), v - v.mean()
    square = float(u @ u) * float(v @ v)
    return float(u @ v) / math.sqrt(square) if square > 0 else math.nan


def disattenuated(r: float, reliability: float) -> float:
    """What the correlation would be, could the less reliable of the two be measured without error; within -1..1."""
    if not 0 < reliability <= 1 or not math.isfinite(r):
        return math.nan
    return max(-1.0, min(1.0, r / math.sqrt(reliability)))


def smallest_seen(pairs: int) -> float:
    """The correlation below which so many pairs cannot be told from none, at the level used for all lags."""
    sigmas = float(norm.isf((1 - 0.95 ** (1 / LAGS)) / 2))
    return math.tanh(sigmas / math.sqrt(pairs - 3)) if pairs > 3 else 1.0


def between(one: ArrayLike, other: ArrayLike) -> tuple[float, float, float]:
    """Correlation over units of two (shrunken) values with its 95 % interval (Fisher); nan below eight units."""
    a, b = np.asarray(one, np.float64), np.asarray(other, np.float64)
    size = int((np.isfinite(a) & np.isfinite(b)).sum())
    r = _plain(a, b)
    if size < 8 or not math.isfinite(r):
        return r if size >= 8 else math.nan, math.nan, math.nan
    middle, half = math.atanh(max(-0.999999, min(0.999999, r))), float(norm.ppf(0.975)) / math.sqrt(size - 3)
    return r, math.tanh(middle - half), math.tanh(middle + half)
