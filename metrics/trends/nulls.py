"""What chance alone makes of the scan statistic: tables by Monte Carlo, one for each length and autocorrelation.

A table depends on (n, phi, draws, seed) alone, so it is computed once and kept (``metrics.analysing.nulls``). Lengths
between those of the grid are interpolated in 1/n, on the logarithm of p.
"""

from collections.abc import Mapping
from functools import lru_cache

import numpy as np
from numpy.typing import ArrayLike

from .arrays import Floats, Ints
from .codes import DRAWN
from .scan import WINDOW, normal_scores

DRAWS, SEED = DRAWN, 20261121
LENGTHS = (13, 16, 20, 26, 36, 52, 78, 104, 156, 260)
STEP, HIGHEST = 0.05, 0.9
GRID = 257  # quantiles kept of each table
_BLOCK = 1 << 20  # values drawn at once
_PART = 4096  # series judged at once, so that they stay in the processor's cache

Key = tuple[int, int]  # length of the grid, phi in hundredths
Tables = Mapping[Key, Floats]


def shares(draws: int = DRAWS) -> Floats:
    """The chances to which the quantiles of a table belong, from 1 down to 1 in ``draws``."""
    return np.geomspace(1.0, 1 / draws, GRID)


def rounded(phi: ArrayLike) -> Ints:
    """phi to the nearest 0.05 within 0 .. 0.9, in hundredths."""
    steps = np.rint(np.nan_to_num(np.asarray(phi, np.float64)) / STEP)
    return (steps.clip(0, round(HIGHEST / STEP)) * round(STEP * 100)).astype(np.int64)


def keys(n: ArrayLike, phi: ArrayLike) -> set[Key]:
    """The tables that series of these lengths and autocorrelations need: the two lengths of the grid around each."""
    pairs = {(int(length), int(share)) for length, share in zip(np.asarray(n), rounded(phi), strict=True)}
    return {(node, share) for length, share in pairs for node in _around(length)}


def stable(draws: int, n: int, phi: float, rng: np.random.Generator) -> Floats:
    """float64[draws, n]: stable normal series with lag-1 autocorrelation phi (AR(1), begun at its own variance)."""
    values = rng.standard_normal((n, draws))
    if phi:
        fresh = np.sqrt(1 - phi * phi)
        for at in range(1, n):
            values[at] *= fresh
            values[at] += phi * values[at - 1]
    return values.T


@lru_cache(maxsize=256)
def table(n: int, hundredths: int, draws: int = DRAWS, seed: int = SEED) -> Floats:
    """float64[257]: the values of T that stable series reach with the chances of ``shares``, ascending."""
    rng = np.random.default_rng([seed, n, hundredths])
    found = []
    size = max(1, _BLOCK // n)
    for first in range(0, draws, size):
        count = min(size, draws - first)
        values = stable(count, n, hundredths / 100, rng)
        found += [statistic(values[at : at + _PART]) for at in range(0, count, _PART)]
    return np.quantile(np.concatenate(found), 1 - shares(draws))


def statistic(values: Floats) -> Floats:
    """T of every row of float64[draws, n], n > 12 and nothing missing: that of ``scan`` in a sixth of its time, which
    goes into gaps, phases, ties, huge numbers and autocorrelations that drawn values do not need."""
    n = values.shape[1]
    across = normal_scores(n)[np.argsort(np.argsort(values, axis=1), axis=1)].T
    w = np.arange(1, WINDOW + 1)
    # Every series has the same scores, in another order; their mean is 0.
    last = np.cumsum(across[: -WINDOW - 1 : -1], axis=0).T
    distance = last * (1 / w + 1 / (n - w)) / np.sqrt(1 / w + 1 / (n - w))
    return np.asarray(np.abs(distance).max(axis=1) / normal_scores(n).std(), np.float64)


def chances(statistic: Floats, n: Ints, phi: Floats, tables: Tables, draws: int = DRAWS) -> Floats:
    """p of each series: how often a stable one of its length and autocorrelation reaches its T (nan for nan).

    Never below 1 in ``draws``: what is rarer was not drawn and is not known.
    """
    p = np.full(len(statistic), np.nan)
    known = np.flatnonzero(np.isfinite(statistic))
    groups = np.stack([n[known], rounded(phi[known])])
    pairs, place = np.unique(groups, axis=1, return_inverse=True)
    place = place.reshape(-1)
    logs = np.log(shares(draws))
    for group, (length, hundredths) in enumerate(pairs.T.tolist()):
        chosen = known[place == group]
        low, high = _around(length)
        at_low, at_high = (np.interp(statistic[chosen], tables[node, hundredths], logs) for node in (low, high))
        weight = 0.0 if low == high else (1 / length - 1 / low) / (1 / high - 1 / low)
        p[chosen] = np.exp(at_low + weight * (at_high - at_low))
    return np.clip(p, 1 / draws, 1.0)


def _around(n: int) -> tuple[int, int]:
    """The lengths of the grid on both sides; beyond the last one its own table holds (little changes there)."""
    place = int(np.searchsorted(LENGTHS, n))
    if place == len(LENGTHS) or LENGTHS[place] == n or place == 0:
        node = LENGTHS[min(place, len(LENGTHS) - 1)]
        return node, node
    return LENGTHS[place - 1], LENGTHS[place]
