"""Nelson's eight rules and the Western Electric four, marked at the point that completes the pattern.

Semantics of qcc 3.0 (design section 1.3): sigma is the average moving range over 1.128, unscreened; a point on a line
is not beyond it. Sources: Nelson 1984; Western Electric 1956.
"""

import numpy as np
from numpy.typing import ArrayLike

from .arrays import Bools, Floats

NELSON = range(1, 9)
WECO = range(1, 5)


def z_scores(values: ArrayLike) -> Floats:
    """(value - mean) / (average moving range / 1.128); all 0 without variation, nan where a value is missing."""
    y = np.array(values, np.float64)
    y[~np.isfinite(y)] = np.nan
    ranges = np.abs(np.diff(y))
    if np.isnan(y).all():
        return y
    away = y - np.nanmean(y)
    if np.isnan(ranges).all():
        return away * 0
    sigma = np.nanmean(ranges) / 1.128
    return away / sigma if sigma > 0 else away * 0


def nelson(values: ArrayLike) -> Bools:
    """bool[8, n]: row r - 1 marks where rule r completes. A missing value breaks every pattern."""
    z = z_scores(values)
    with np.errstate(invalid="ignore"):
        return np.array(
            [
                np.abs(z) > 3,
                _all_of(z > 0, 9) | _all_of(z < 0, 9),
                _steps(z, 5, 1) | _steps(z, 5, -1),
                _alternating(z, 14),
                _beyond(z, 2, 2, 3),
                _beyond(z, 1, 4, 5),
                _all_of(np.abs(z) <= 1, 15),
                _both_sides(z, 8),
            ]
        )


def weco(values: ArrayLike) -> Bools:
    """bool[4, n]: beyond 3 sigma; two of three beyond 2; four of five beyond 1; eight on one side."""
    z = z_scores(values)
    with np.errstate(invalid="ignore"):
        return np.array(
            [
                np.abs(z) > 3,
                _beyond(z, 2, 2, 3),
                _beyond(z, 1, 4, 5),
                _all_of(z > 0, 8) | _all_of(z < 0, 8),
            ]
        )


def _count(flags: Bools, size: int) -> np.ndarray:
    """How many of the last `size` points are flagged; 0 before there are so many points."""
    total = np.cumsum(np.concatenate([[0], flags.astype(np.int64)]))
    counted = np.zeros(len(flags), np.int64)
    if len(flags) >= size:
        counted[size - 1 :] = total[size:] - total[:-size]
    return counted


def _all_of(flags: Bools, size: int) -> Bools:
    return _count(flags, size) == size


def _beyond(z: Floats, line: float, needed: int, size: int) -> Bools:
    """At least `needed` of the last `size` beyond the line on one side, the current one among them."""
    found = np.zeros(len(z), np.bool_)
    for side in (z, -z):
        flags = side > line
        found |= flags & (_count(flags, size) >= needed)
    return found


def _steps(z: Floats, size: int, direction: int) -> Bools:
    """The last `size` steps all go in this direction."""
    return _all_of(np.sign(np.diff(z, prepend=np.nan)) == direction, size)


def _alternating(z: Floats, points: int) -> Bools:
    step = np.sign(np.diff(z, prepend=np.nan))
    turned = np.concatenate([[False], step[1:] * step[:-1] < 0]) if len(z) else np.zeros(0, np.bool_)
    return _all_of(turned, points - 2)


def _both_sides(z: Floats, size: int) -> Bools:
    far = _all_of(np.abs(z) > 1, size)
    return far & (_count(z > 1, size) > 0) & (_count(z < -1, size) > 0)
