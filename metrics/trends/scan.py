"""One number per series: has its level moved lately? (design section 3.2, 1).

The values give way to the normal scores of their ranks. The scan statistic T is the largest, over the last w = 1 .. 12
scores, of the distance between the mean of the last w and the mean of the rest, in standard errors made from the standard
deviation of the scores, which no change of level widens. It knows neither location nor scale nor shape: what chance does to
it depends on the number of values and their autocorrelation alone (``nulls``), for times and shares that are skewed as for
anything else.

Sources: Blom 1958 (normal scores); Glaz, Naus and Wallenstein 2001 (scan statistics).
"""

from dataclasses import dataclass

import numpy as np
from scipy.special import ndtri

from .arrays import Bools, Codes, Floats, Ints
from .codes import WIDEST
from .likeness import corrected

WINDOW = WIDEST
LEAST = 13  # values, below which chance makes of T what it likes
TIED = 0.5  # share of neighbours that are equal, above which ranks say little


@dataclass(frozen=True, eq=False)
class Scan:
    """One entry per series: n int64[s], the values used; statistic float64[s], T (nan where there are fewer than 13
    values, no variation or too many ties); window int64[s], the w of the largest (0 = none); direction int8[s], of the
    last w against the rest; first int64[s], the index of the first value of the window in the flat array (-1 = none);
    own_phi float64[s], the lag-1 autocorrelation (r + 1/n) / (1 - 3/n) of the series alone, and rest_phi that of its
    values before the window, into which a change of level does not come (nan = not known)."""

    n: Ints
    statistic: Floats
    window: Ints
    direction: Codes
    first: Ints
    own_phi: Floats
    rest_phi: Floats


def scan(values: Floats, starts: Ints, begins: Ints | None = None) -> Scan:
    """T of every series at once. values float64[n], nan = missing; series s owns starts[s]:starts[s + 1], of which
    those before begins[s] belong to an earlier phase and are left out."""
    size = len(starts) - 1
    kept = np.isfinite(values)
    if begins is not None:
        kept &= np.arange(len(values)) >= np.repeat(begins, np.diff(starts))
    place = np.flatnonzero(kept)
    edges = np.searchsorted(place, starts)
    n = np.diff(edges)
    owner = np.repeat(np.arange(size), n)
    with np.errstate(all="ignore"):
        away = _scored(_centred(values[place], owner, n), edges, n)
        spread, tied = _spread(away, place, owner, n)
        sums = _last_sums(away, edges, n)
        statistic, window, sign = _largest(sums, n, spread)
        statistic[(n < LEAST) | (tied > TIED) | ~(spread > 0)] = np.nan
        known = np.isfinite(statistic)
        window = np.where(known, window, 0)
        own = _autocorrelation(away, owner, n)
        before = np.arange(len(away)) < np.repeat(edges[1:] - window, n)
        rest = _autocorrelation(away[before], owner[before], n - window)
    first = place[np.maximum(edges[1:] - window, 0).clip(max=max(len(place) - 1, 0))] if len(place) else window
    return Scan(
        n=n,
        statistic=statistic,
        window=window,
        direction=np.where(known, sign, 0).astype(np.int8),
        first=np.where(known, first, -1),
        own_phi=np.where(known, own, np.nan),
        rest_phi=np.where(known, rest, np.nan),
    )


def _centred(values: Floats, owner: Ints, n: Ints) -> Floats:
    """The values less the mean of their series, in two passes and in units of its furthest value: neither huge values
    nor tiny differences get lost."""
    mean = np.bincount(owner, values, len(n)) / n
    away = values - mean[owner]
    away -= (np.bincount(owner, away, len(n)) / n)[owner]
    furthest = np.zeros(len(n))
    np.maximum.at(furthest, owner, np.abs(away))
    noise = 1e-12 * np.abs(mean)
    unit = np.where(furthest > noise, furthest, np.inf)
    return away / unit[owner]


def normal_scores(n: int) -> Floats:
    """float64[n]: the scores of the ranks 1 .. n, by Blom."""
    return np.asarray(ndtri((np.arange(1, n + 1) - 0.375) / (n + 0.25)), np.float64)


def _scored(away: Floats, edges: Ints, n: Ints) -> Floats:
    """The normal scores of the values within their series, less their mean, ties sharing a rank; 0 where there are fewer
    than 13 values."""
    scores = np.zeros(len(away))
    # What the last digits of a computer make different is not.
    rounded = np.round(away, 9)
    for length in np.unique(n[n >= LEAST]).tolist():
        rows = np.flatnonzero(n == length)
        place = edges[rows][:, None] + np.arange(length)
        block = rounded[place]
        order = np.argsort(block, axis=1)
        ranked = np.take_along_axis(block, order, axis=1)
        found = np.broadcast_to(normal_scores(length), block.shape).copy()
        lumpy = np.flatnonzero((ranked[:, 1:] == ranked[:, :-1]).any(axis=1))
        if len(lumpy):
            found[lumpy] = _shared(ranked[lumpy])
            found[lumpy] -= found[lumpy].mean(axis=1, keepdims=True)
        np.put_along_axis(block, order, found, axis=1)
        scores[place] = block
    return scores


def _shared(ranked: Floats) -> Floats:
    """The scores of sorted rows in which values that are equal have the mean of their ranks."""
    length = ranked.shape[1]
    fresh = np.ones(ranked.shape, np.bool_)
    fresh[:, 1:] = ranked[:, 1:] != ranked[:, :-1]
    at = np.arange(length)
    first = np.maximum.accumulate(np.where(fresh, at, 0), axis=1)
    ends = np.ones(ranked.shape, np.bool_)
    ends[:, :-1] = fresh[:, 1:]
    last = np.minimum.accumulate(np.where(ends, at, length)[:, ::-1], axis=1)[:, ::-1]
    return np.asarray(ndtri(((first + last) / 2 + 0.625) / (length + 0.25)), np.float64)


def _spread(scores: Floats, place: Ints, owner: Ints, n: Ints) -> tuple[Floats, Floats]:
    """The standard deviation of the scores of each series, and the share of neighbours that tie (gaps not bridged)."""
    near = (owner[1:] == owner[:-1]) & (np.diff(place) == 1)
    of = owner[1:][near]
    tied = np.diff(scores)[near] == 0
    square = np.bincount(owner, scores * scores, len(n)) / n
    return np.sqrt(square), np.bincount(of[tied], minlength=len(n)) / np.bincount(of, minlength=len(n))


def _last_sums(away: Floats, edges: Ints, n: Ints) -> Floats:
    """float64[s, 12]: the sums of the last 1 .. 12 values."""
    if not len(away):
        return np.zeros((len(n), WINDOW))
    back = np.arange(1, WINDOW + 1)
    taken = away[(edges[1:, None] - back).clip(0, len(away) - 1)]
    return np.cumsum(np.where(back <= n[:, None], taken, 0.0), axis=1)


def _largest(sums: Floats, n: Ints, spread: Floats) -> tuple[Floats, Ints, Ints]:
    w = np.arange(1, WINDOW + 1)
    rest = n[:, None] - w
    # The values are centred, so that the rest sums to the opposite.
    distance = sums / w + sums / rest
    ratio = np.where(rest > 0, distance / np.sqrt(1 / w + 1 / rest), 0.0)
    best = np.argmax(np.abs(ratio), axis=1)
    found = ratio[np.arange(len(n)), best]
    return np.abs(found) / spread, best + 1, np.sign(found).astype(np.int64)


def _autocorrelation(values: Floats, owner: Ints, n: Ints) -> Floats:
    away = values - (np.bincount(owner, values, len(n)) / n)[owner]
    pairs = away[1:] * away[:-1]
    pairs[np.flatnonzero(owner[1:] != owner[:-1])] = 0.0
    products = np.bincount(owner[1:], pairs, len(n))
    r = products / np.bincount(owner, away * away, len(n))
    return corrected(r, n)


def usable(result: Scan) -> Bools:
    """Which series have a statistic."""
    return np.isfinite(result.statistic)
