"""Where a series may have moved to another level: proposals for new limits, never applied by themselves.

For every place the running sum of distances from the mean is held against the ordinary variation (CUSUM); the largest
is compared with stable series of the same length whose neighbours are as alike (Monte Carlo with a fixed seed). Then
each side is scanned again. Rules that begin new limits at every run of eight would do so in 12 % of stable series of
52 points and in 29 % of those of 104; this keeps to 5 %.
"""

from dataclasses import dataclass
from functools import lru_cache
from itertools import pairwise

import numpy as np
from numpy.typing import ArrayLike

from .arrays import Floats, Ints
from .nulls import stable

LEAST = 16  # points in a stretch that is scanned
EDGE = 5  # points on either side of a step
ALPHA = 0.05
DRAWS = 4_000
SEED = 20
MOST_POINTS = 600
MOST_BREAKS = 6
# Places whose squared statistic lies within this of the best belong to the interval; measured to hold the true place
# about 19 times in 20 for steps of 1.5 sigma.
DROP = 6.0
PHI_STEP = 0.05


@dataclass(frozen=True)
class Break:
    """A step between two levels. place: index (of the values given) of the first point of the new level; first, last:
    where that point may lie. before, after: means of the stretches beside it; sigma: the step over the ordinary
    variation. chance: share of stable series that would show as much, never below 1 / (DRAWS + 1)."""

    place: int
    first: int
    last: int
    before: float
    after: float
    sigma: float
    chance: float


def find_breaks(values: ArrayLike, phi: float = 0.0) -> list[Break]:
    """The steps of one phase in order of time. values: nan = missing; phi: lag-1 autocorrelation of such series, 0 to
    .95 (of the metric, not of this one series: a step alone makes neighbours look alike). Of long series the last 600
    points are scanned. Empty where there are fewer than 16 points or nothing varies."""
    given = np.asarray(values, np.float64)
    present = np.flatnonzero(np.isfinite(given))[-MOST_POINTS:]
    if len(present) < LEAST:
        return []
    y = given[present]
    largest = float(np.abs(y).max())
    if not largest > 0:
        return []
    y = y / largest
    found: list[tuple[int, int, int, float]] = []
    _scan(y, 0, phi, ALPHA, found)
    found.sort()
    ends = [0, *(place for place, *_ in found), len(y)]
    means = [float(y[start:end].mean()) for start, end in pairwise(ends)]
    spread = _spread(y)
    return [
        Break(
            place=int(present[place]),
            first=int(present[first]),
            last=int(present[last]),
            before=means[number] * largest,
            after=means[number + 1] * largest,
            sigma=(means[number + 1] - means[number]) / spread,
            chance=chance,
        )
        for number, (place, first, last, chance) in enumerate(found)
    ]


def _scan(y: Floats, offset: int, phi: float, alpha: float, found: list[tuple[int, int, int, float]]) -> None:
    if len(y) < LEAST or len(found) >= MOST_BREAKS or not _spread(y) > 0:
        return
    places, distance = _distances(y[None, :])
    distance = distance[0]
    best = int(distance.argmax())
    chance = chance_of(float(distance[best]), len(y), phi)
    if chance > alpha:
        return
    place = int(places[best])
    # Where nearly all values are the same, a single other one moves a mean and no level.
    apart = float(np.median(y[place:]) - np.median(y[:place]))
    if not apart * float(y[place:].mean() - y[:place].mean()) > 0:
        return
    drop = DROP * (1 + _step(phi)) / (1 - _step(phi))
    near = places[distance**2 >= distance[best] ** 2 - drop]
    found.append((offset + place, offset + int(near[0]), offset + int(near[-1]), chance))
    # Two more looks share the chance that one had.
    _scan(y[:place], offset, phi, alpha / 2, found)
    _scan(y[place:], offset + place, phi, alpha / 2, found)


def _spread(y: Floats) -> float:
    return float(np.abs(np.diff(y)).mean()) / 1.128


def _distances(table: Floats) -> tuple[Ints, Floats]:
    """(places, |sum of distances from the mean| in ordinary variations, one row per series)."""
    size = table.shape[1]
    places = np.arange(EDGE, size - EDGE + 1)
    sums = np.cumsum(table - table.mean(axis=1, keepdims=True), axis=1)[:, places - 1]
    spread = np.abs(np.diff(table, axis=1)).mean(axis=1) / 1.128
    return places, np.abs(sums) / np.sqrt(places * (size - places) / size) / spread[:, None]


def chance_of(distance: float, size: int, phi: float) -> float:
    """Share of stable series of about this length and autocorrelation whose largest distance is no smaller."""
    null = _null(_length(size), _step(phi))
    return (1 + len(null) - int(np.searchsorted(null, distance, side="left"))) / (len(null) + 1)


def _step(phi: float) -> float:
    return min(0.95, round(max(phi, 0.0) / PHI_STEP) * PHI_STEP)


def _length(size: int) -> int:
    """Lengths share a table where it hardly differs: every second one up to 60, then every tenth part."""
    if size <= 60:
        return max(LEAST, size - size % 2)
    return round(60 * 1.1 ** round(np.log(size / 60) / np.log(1.1)))


@lru_cache(maxsize=256)
def _null(size: int, phi: float) -> Floats:
    """The largest distances of stable series, sorted; the same seed gives the same table on every machine."""
    rng = np.random.default_rng([SEED, size, round(100 * phi)])
    largest = [_distances(stable(DRAWS // 8, size, phi, rng))[1].max(axis=1) for _ in range(8)]
    return np.sort(np.concatenate(largest))
