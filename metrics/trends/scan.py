"""One number per series: has its level moved lately? (design section 3.2, 1).

The values give way to the normal scores of their ranks. The scan statistic T is the largest, over the last w = 1 .. 12
scores, of the distance between the mean of the last w and the mean of the rest, in standard errors made from the standard
deviation of the scores, which no change of level widens. It knows neither location nor scale nor shape: what chance does to
it depends on the number of values and their autocorrelation alone (``nulls``), for times and shares that are skewed as for
anything else.

Sources: Blom 1958 (normal scores); Glaz, Naus and Wallenstein 2001 (scan statistics).
"""

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
from scipy.special import ndtri

from .arrays import Bools, Codes, Floats, Ints
from .blocks import POINTS
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
    used = values[place]
    statistic, own, rest = (np.full(size, np.nan) for _each in range(3))
    window, sign = np.zeros(size, np.int64), np.zeros(size, np.int8)
    # Series of one length at once: most have the same, and a rectangle is worked through without asking whose a value is.
    for length in np.unique(n[n >= LEAST]).tolist():
        alike = np.flatnonzero(n == length)
        part = max(1, POINTS // length)
        for rows in (alike[first : first + part] for first in range(0, len(alike), part)):
            at = edges[rows][:, None] + np.arange(length)
            with np.errstate(all="ignore"):
                found = _judged(used[at], lambda lumpy, at=at: np.diff(place[at[lumpy]], axis=1) == 1)  # type: ignore[misc]
            statistic[rows], window[rows], sign[rows], own[rows], rest[rows] = found
    known = np.isfinite(statistic)
    window[~known] = 0
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


def normal_scores(n: int) -> Floats:
    """float64[n]: the scores of the ranks 1 .. n, by Blom."""
    return np.asarray(ndtri((np.arange(1, n + 1) - 0.375) / (n + 0.25)), np.float64)


def _judged(block: Floats, near: Callable[[Ints], Bools]) -> tuple[Floats, Ints, Codes, Floats, Floats]:
    """T, its window and direction, and the autocorrelations of all and of what lies before the window, of series of one
    length. block float64[s, n]; near: for some of them whether what stands beside each other, bool[s, n - 1], was measured one
    after the other."""
    n = block.shape[1]
    scores, tied = _scored(block, near)
    square = np.einsum("ij,ij->i", scores, scores)
    w = np.arange(1, WINDOW + 1)
    # Each backwards from the latest value: sums of the last w scores, of their squares, of their products with the one before.
    tail = scores[:, : -WINDOW - 1 : -1]
    sums, squares = np.cumsum(tail, axis=1), np.cumsum(tail * tail, axis=1)
    pairs = np.cumsum(tail * scores[:, -2 : -WINDOW - 2 : -1], axis=1)
    # The scores sum to nothing, so that the rest sums to the opposite.
    ratio = sums * (1 / w + 1 / (n - w)) / np.sqrt(1 / w + 1 / (n - w))
    best = np.argmax(np.abs(ratio), axis=1)
    row = np.arange(len(block))
    found = ratio[row, best]
    statistic = np.where((tied <= TIED) & (square > 0), np.abs(found) / np.sqrt(square / n), np.nan)
    products = np.einsum("ij,ij->i", scores[:, 1:], scores[:, :-1])
    own = corrected(products / square, np.full(len(block), n))
    left = n - 1 - best
    middle = -sums[row, best] / left
    ends = scores[:, 0] + scores[row, left - 1]
    above = products - pairs[row, best] - middle * (2 * left * middle - ends) + (left - 1) * middle**2
    below = square - squares[row, best] - left * middle**2
    rest = corrected(np.where(below > 1e-9 * square, above / below, np.nan), left)
    return statistic, best + 1, np.sign(found).astype(np.int8), own, rest


def _scored(block: Floats, near: Callable[[Ints], Bools]) -> tuple[Floats, Floats]:
    """The normal scores of the values within their row, less their mean, ties sharing a rank; and the share of neighbours
    that tie."""
    order = np.argsort(block, axis=1)
    ranked = np.take_along_axis(block, order, axis=1)
    # What the last digits of a computer make different is not. Halves, for the span of huge values is beyond any number.
    span, furthest = ranked[:, -1] / 2 - ranked[:, 0] / 2, np.maximum(np.abs(ranked[:, 0]), np.abs(ranked[:, -1]))
    equal = np.diff(ranked, axis=1) <= np.maximum(2e-9 * span, 1e-12 * furthest)[:, None]
    found = np.broadcast_to(normal_scores(block.shape[1]), block.shape).copy()
    lumpy = np.flatnonzero(equal.any(axis=1))
    found[lumpy] = _shared(equal[lumpy])
    found[lumpy] -= found[lumpy].mean(axis=1, keepdims=True)
    scores = np.empty_like(block)
    np.put_along_axis(scores, order, found, axis=1)
    tied = np.zeros(len(block))
    beside = near(lumpy)
    tied[lumpy] = ((np.diff(scores[lumpy], axis=1) == 0) & beside).sum(axis=1) / beside.sum(axis=1)
    return scores, tied


def _shared(equal: Bools) -> Floats:
    """The scores of sorted rows in which values that are equal have the mean of their ranks. equal bool[s, n - 1]: a value
    is that before it."""
    length = equal.shape[1] + 1
    fresh = np.ones((len(equal), length), np.bool_)
    fresh[:, 1:] = ~equal
    begin = np.flatnonzero(fresh)
    count = np.diff(begin, append=fresh.size)
    # Ranks in halves: of each group of equal values the first and the last together.
    ranks = 2 * (begin % length) + count - 1
    scores = np.asarray(ndtri((np.arange(2 * length - 1) / 2 + 0.625) / (length + 0.25)), np.float64)
    return np.repeat(scores[ranks], count).reshape(fresh.shape)


def usable(result: Scan) -> Bools:
    """Which series have a statistic."""
    return np.isfinite(result.statistic)
