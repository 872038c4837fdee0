"""A target that is challenging yet achievable, and its evidence (design section 3.3, row 6).

Commit: met with a chance of 90 % at today's level; stretch: with 30 %; ceiling: the limit of the process on the better
side. Beside it the best that was sustained, and the better quarter of the peers after shrinkage, because raw bests
flatter: the best mean of 8 of a stable series lies half a sigma above its level by chance alone. Source for the
shrinkage: DerSimonian and Laird 1986; Efron and Morris 1975.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

import numpy as np
from numpy.typing import ArrayLike

from . import shrinking
from .arrays import Floats, Ints
from .blocks import blocks
from .dispersion import Z998

COMMIT, STRETCH = 0.9, 0.3
LOWER, RAISE = 0.02, 0.98
TWO_QUARTERS = 182  # days
SUSTAINED = 8
PEERS = 4
Advice = Literal["", "lower", "raise"]


def best_sustained(values: ArrayLike, direction: int) -> tuple[float, int]:
    """The best mean of ``SUSTAINED`` values in a row (missing ones skipped), and the place of its first value among
    those that are there; (nan, -1) with fewer, or where neither side is better."""
    y = np.asarray(values, np.float64)
    y = y[np.isfinite(y)]
    best, first = best_of_all(y, np.zeros(1, np.int64), np.array([len(y)]), np.array([direction]))
    return float(best[0]), int(first[0])


def best_of_all(values: Floats, begins: Ints, ends: Ints, direction: Ints) -> tuple[Floats, Ints]:
    """The same of many series at once: series s owns values[begins[s]:ends[s]], which lie in order and do not overlap.
    (best float64[s], first int64[s]: the place of its first value in ``values``, -1 = none.)"""
    best, first = np.full(len(begins), np.nan), np.full(len(begins), -1, np.int64)
    for one, last in blocks(np.append(begins, ends[-1:])):
        own, at = slice(one, last), begins[one]
        best[own], place = _best(values[at : ends[last - 1]], begins[own] - at, ends[own] - at, direction[own])
        first[own] = np.where(place >= 0, place + at, -1)
    return best, first


def _best(values: Floats, begins: Ints, ends: Ints, direction: Ints) -> tuple[Floats, Ints]:
    best, first = np.full(len(begins), np.nan), np.full(len(begins), -1, np.int64)
    inside = np.zeros(len(values) + 1, np.int64)
    long = ends > begins
    np.add.at(inside, begins[long], 1)
    np.add.at(inside, ends[long], -1)
    kept = np.flatnonzero((np.cumsum(inside[:-1]) > 0) & np.isfinite(values))
    start, end = np.searchsorted(kept, begins), np.searchsorted(kept, ends)
    asked = np.flatnonzero((end - start >= SUSTAINED) & (direction != 0))
    if not len(asked):
        return best, first
    y = values[kept]
    # Each series in units of a power of two: sums of the largest values are numbers still, and no digit changes.
    bounds = np.stack([start[asked], end[asked]], axis=1).ravel()
    power = np.frexp(np.maximum.reduceat(np.append(np.abs(y), 0.0), bounds)[::2])[1]
    power = np.clip(power, -1000, 1000)
    size = end[asked] - start[asked]
    owner = np.repeat(np.arange(len(asked)), size)
    if len(owner) < len(y):
        of_asked = np.repeat(start[asked] - (np.cumsum(size) - size), size) + np.arange(len(owner))
        kept, y = kept[of_asked], y[of_asked]
    y = y * np.ldexp(1.0, -power)[owner]
    for step in (1, 2, 4):  # pairs, fours, eights
        y = y[:-step] + y[step:]
    means = y / SUSTAINED
    whole = owner[: len(means)] == owner[SUSTAINED - 1 :]
    better = np.where(whole, means * direction[asked][owner[: len(means)]], -np.inf)
    begin = np.cumsum(size) - size
    top = np.maximum.reduceat(better, begin)
    at = np.flatnonzero(whole & (better == top[owner[: len(means)]]))
    one, place = np.unique(owner[at], return_index=True)
    chosen = at[place]
    best[asked[one]] = np.ldexp(means[chosen], power[one])
    first[asked[one]] = kept[chosen]
    return best, first


@dataclass(frozen=True, eq=False)
class Peers:
    """level: of all peers together; tau2: variance between them beyond chance; shrunken float64[k]: each pulled towards
    the level as far as its own uncertainty goes; quartile: where the better quarter of them begins; raw: the same
    of the values as they are; best: the best raw one; far: how many lie where 1 in 500 would by chance and what the
    peers differ besides."""

    level: float
    tau2: float
    shrunken: Floats
    quartile: float
    raw: float
    best: float
    far: int


def shrink(means: ArrayLike, errors: ArrayLike, direction: int) -> Peers | None:
    """Peers from their means and standard errors float64[k], drawn together as the units of a comparison are
    (``shrinking``); None with fewer than four, without a better side, or with numbers whose squares are beyond those
    of this machine."""
    y, error = np.asarray(means, np.float64), np.asarray(errors, np.float64)
    usable = np.isfinite(y) & np.isfinite(error) & (error > 0)
    y, error = y[usable], error[usable]
    if len(y) < PEERS or direction == 0 or max(np.abs(y).max(), error.max()) > 1e150 or error.min() < 1e-150:
        return None
    drawn = shrinking.shrink(y, error)
    far = np.abs(y - drawn.middle) > Z998 * np.sqrt(error**2 + drawn.tau2)
    at = 75 if direction > 0 else 25
    quartile, raw = float(np.percentile(drawn.value, at)), float(np.percentile(y, at))
    best = float(y.max() if direction > 0 else y.min())
    return Peers(drawn.middle, drawn.tau2, drawn.value, quartile, raw, best, int(far.sum()))


def advise(days: Ints, chances: ArrayLike) -> Advice:
    """Whether a target is out of reach, or reached without effort: the chance at the time, by the values known then,
    was below 2 % (above 98 %) for every period of two quarters. days: of the phase in force, ascending; chances:
    float64[n], nan where there was no target or too little to go by."""
    found = np.asarray(chances, np.float64)
    if not len(days) or days[-1] - days[0] < TWO_QUARTERS:
        return ""
    late = found[days > days[-1] - TWO_QUARTERS]
    if np.isnan(late).any():
        return ""
    return "lower" if (late < LOWER).all() else "raise" if (late > RAISE).all() else ""
