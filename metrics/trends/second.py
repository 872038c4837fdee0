"""A second opinion on every series at once: the EWMA chart, which is quicker with small lasting changes (1.5).

Source: Roberts 1959; Lucas and Saccucci 1990. Weight 0.2 and limits of 2.86 sigma give one false alarm in about 365
points where mean and sigma are known.
"""

from dataclasses import dataclass
from itertools import pairwise

import numpy as np

from .arrays import Codes, Floats, Ints
from .limits import Limits

WEIGHT = 0.2
SIGMAS = 2.86
D2 = 1.128
CHUNK = 32
# What is left after each value of a chunk of what stood before the chunk.
FADED = (1 - WEIGHT) ** np.arange(1.0, CHUNK + 1)


@dataclass(frozen=True, eq=False)
class Second:
    """smooth float64[n], on the scale of x (nan where the phase has no limits); side int8[n]: +1 above its limits, -1
    below them, else 0."""

    smooth: Floats
    side: Codes


def second_opinion(x: Floats, limits: Limits, starts: Ints, skip: np.ndarray) -> Second:
    """z_t = 0.2 x_t + 0.8 z_(t-1), beginning at each phase's mean; a missing value leaves z where it was.

    x float64[n] on the scale of the chart, limits of its phases (sigma = average moving range / 1.128), starts
    int64[p + 1], skip bool[p]: phases whose chart is no chart of sigmas.
    """
    if not len(x):
        return Second(np.zeros(0), np.zeros(0, np.int8))
    sigma = np.where(skip | ~(limits.amr > 0), np.nan, limits.amr / D2)
    return (_with_gaps if np.isnan(x).any() else _whole)(x, limits.mean, sigma, starts)


def _whole(x: Floats, mean: Floats, sigma: Floats, starts: Ints) -> Second:
    """Where nothing is missing, as is the rule: all in chunks, so that a phase's lines are looked up once for 32 points."""
    cut = _cut(starts)
    rows = np.zeros((len(cut.number), CHUNK))
    rows.ravel()[cut.place] = x
    middle, unit = mean[cut.of][:, None], sigma[cut.of][:, None]
    rows -= middle
    rows /= np.where(np.isnan(unit), np.inf, unit)
    smooth = _smooth_chunks(rows, cut.number)
    width = _widths((int(cut.number.max()) + 1) * CHUNK)[1:].reshape(-1, CHUNK)[cut.number]
    side = (smooth > width).view(np.int8) - (smooth < -width).view(np.int8)
    smooth *= unit
    smooth += middle
    return Second(smooth.ravel()[cut.place], side.ravel()[cut.place])


def _with_gaps(x: Floats, mean: Floats, sigma: Floats, starts: Ints) -> Second:
    length = np.diff(starts)
    away = (x - np.repeat(mean, length)) / np.repeat(sigma, length)
    present = np.flatnonzero(~np.isnan(away))
    seen = np.concatenate([[0], np.cumsum(~np.isnan(away))])
    level = _smooth(away[present], seen[starts])
    # The value stands until the next: index of the last present point at or before each, 0 before the first.
    moved = np.concatenate([[0.0], level])
    before = np.repeat(seen[starts[:-1]], length)
    smooth = np.where(seen[1:] > before, moved[seen[1:]], 0.0)
    step = np.arange(len(x)) - np.repeat(starts[:-1], length) + 1
    width = _widths(int(length.max()))[step]
    known = np.repeat(np.isfinite(sigma), length)
    side = np.where(known, (smooth > width).astype(np.int8) - (smooth < -width), 0).astype(np.int8)
    drawn = np.where(known, np.repeat(mean, length) + smooth * np.repeat(sigma, length), np.nan)
    return Second(drawn, side)


def _widths(points: int) -> Floats:
    """The distance of the limits from the mean, in sigma, by the number of values so far."""
    return SIGMAS * np.sqrt(WEIGHT / (2 - WEIGHT) * (1 - (1 - WEIGHT) ** (2.0 * np.arange(points + 1))))


@dataclass(frozen=True, eq=False)
class _Cut:
    """Stretches cut into rows of 32: of each row the stretch (of) and its number in it; of each value its place."""

    of: Ints
    number: Ints
    place: Ints


def _cut(starts: Ints) -> _Cut:
    length = np.diff(starts)
    chunks = -(-length // CHUNK)
    first = np.cumsum(chunks) - chunks
    of = np.repeat(np.arange(len(length)), chunks)
    number = np.arange(len(of)) - first[of]
    return _Cut(of, number, np.arange(starts[-1]) + np.repeat(first * CHUNK - starts[:-1], length))


def _smooth(values: Floats, starts: Ints) -> Floats:
    """The recursion from 0 over each stretch starts[p]:starts[p + 1], without a loop over points or stretches."""
    cut = _cut(starts)
    rows = np.zeros((len(cut.number), CHUNK))
    rows.ravel()[cut.place] = values
    return _smooth_chunks(rows, cut.number).ravel()[cut.place]


def _smooth_chunks(rows: Floats, number: Ints) -> Floats:
    """rows float64[r, 32], number int64[r]: which of its stretch each row is. All rows are smoothed at once, value after
    value, and what the rows before one leave behind fades so fast (0.8^32 a row) that the sixteen nearest give it to
    the last digit. Not by a product with the weights: the threads of the algebra library wait for each other longer
    than all of this takes."""
    columns = WEIGHT * np.ascontiguousarray(rows.T)
    for before, column in pairwise(columns):
        column += (1 - WEIGHT) * before
    left = columns[-1].copy()
    for back in (1, 2, 4, 8):
        if back < len(left):
            earlier = np.concatenate([np.zeros(back), left[:-back]])
            left = left + np.where(number >= back, (1 - WEIGHT) ** (CHUNK * back) * earlier, 0.0)
    carry = np.where(number > 0, np.concatenate([[0.0], left[:-1]])[: len(left)], 0.0)
    columns += FADED[:, None] * carry
    return np.ascontiguousarray(columns.T)


def since_of(side: Codes, latest: Ints, starts: Ints) -> Ints:
    """Index of the first point of the run outside its limits on one side that reaches each series' latest point.

    starts: of the phases; -1 where the latest point is inside (or there is none)."""
    found = np.full(len(latest), -1, np.int64)
    if not len(side):
        return found
    fresh = np.union1d(np.flatnonzero(side[1:] != side[:-1]) + 1, starts[:-1])
    outside = (latest >= 0) & (side[latest] != 0)
    found[outside] = fresh[np.searchsorted(fresh, latest[outside], side="right") - 1]
    return found
