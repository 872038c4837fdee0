"""A second opinion on every series at once: the EWMA chart, which is quicker with small lasting changes (1.5).

Source: Roberts 1959; Lucas and Saccucci 1990. Weight 0.2 and limits of 2.86 sigma give one false alarm in about 365
points where mean and sigma are known.
"""

from dataclasses import dataclass

import numpy as np

from .arrays import Codes, Floats, Ints
from .limits import Limits

WEIGHT = 0.2
SIGMAS = 2.86
D2 = 1.128
CHUNK = 32


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
    length = np.diff(starts)
    sigma = np.where(skip | ~(limits.amr > 0), np.nan, limits.amr / D2)
    away = (x - np.repeat(limits.mean, length)) / np.repeat(sigma, length)
    present = np.flatnonzero(~np.isnan(away))
    seen = np.concatenate([[0], np.cumsum(~np.isnan(away))])
    level = _smooth(away[present], seen[starts])
    # The value stands until the next: index of the last present point at or before each, 0 before the first.
    moved = np.concatenate([[0.0], level])
    before = np.repeat(seen[starts[:-1]], length)
    smooth = np.where(seen[1:] > before, moved[seen[1:]], 0.0)
    step = np.arange(len(x)) - np.repeat(starts[:-1], length) + 1
    widths = SIGMAS * np.sqrt(WEIGHT / (2 - WEIGHT) * (1 - (1 - WEIGHT) ** (2.0 * np.arange(length.max() + 1))))
    width = widths[step]
    known = np.repeat(np.isfinite(sigma), length)
    side = np.where(known, (smooth > width).astype(np.int8) - (smooth < -width), 0).astype(np.int8)
    drawn = np.where(known, np.repeat(limits.mean, length) + smooth * np.repeat(sigma, length), np.nan)
    return Second(drawn, side)


def _smooth(values: Floats, starts: Ints) -> Floats:
    """The recursion from 0 over each stretch starts[p]:starts[p + 1], without a loop over points or stretches.

    Each stretch is cut into chunks; a chunk is smoothed by one product with the weights, and what the chunks before it
    leave behind fades so fast (0.8^32 a chunk) that the sixteen nearest give it to the last digit.
    """
    length = np.diff(starts)
    chunks = -(-length // CHUNK)
    first = np.concatenate([[0], np.cumsum(chunks)])
    place = np.arange(len(values)) - np.repeat(starts[:-1], length) + np.repeat(first[:-1], length) * CHUNK
    padded = np.zeros(int(first[-1]) * CHUNK)
    padded[place] = values
    step = np.arange(CHUNK)
    gap = step[:, None] - step[None, :]
    kernel = np.where(gap >= 0, WEIGHT * (1 - WEIGHT) ** np.maximum(gap, 0), 0.0).T
    own = padded.reshape(-1, CHUNK) @ kernel
    left = own[:, -1].copy()
    number = np.arange(len(left)) - np.repeat(first[:-1], chunks)
    for back in (1, 2, 4, 8):
        earlier = np.concatenate([np.zeros(back), left[:-back]])[: len(left)]
        left = left + np.where(number >= back, (1 - WEIGHT) ** (CHUNK * back) * earlier, 0.0)
    carry = np.where(number > 0, np.concatenate([[0.0], left[:-1]])[: len(left)], 0.0)
    own += carry[:, None] * (1 - WEIGHT) ** (step + 1)
    return own.ravel()[place]


def since_of(side: Codes, latest: Ints, starts: Ints) -> Ints:
    """Index of the first point of the run outside its limits on one side that reaches each series' latest point.

    starts: of the phases; -1 where the latest point is inside (or there is none)."""
    fresh = np.concatenate([[True], side[1:] != side[:-1]]) if len(side) else np.zeros(0, np.bool_)
    fresh[starts[:-1]] = True
    begun = np.maximum.accumulate(np.where(fresh, np.arange(len(side)), 0))
    found = np.full(len(latest), -1, np.int64)
    outside = (latest >= 0) & (side[np.maximum(latest, 0)] != 0) if len(side) else np.zeros(len(latest), np.bool_)
    found[outside] = begun[latest[outside]]
    return found
