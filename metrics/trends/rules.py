"""The four rules, as bits in one byte per point (design section 1.2).

Bit 0 of a byte means high, above or up; bit 1 low, below or down. A run of k points is k - 1 links in a
row, where a link joins two neighbours of one phase; so runs are found by anding bytes, without a loop over
points or series.
"""

import numpy as np

from .arrays import Bools, Bytes, Floats, Ints
from .limits import TOLERANCE, Block, Limits
from .settings import Settings

SIDES = np.uint8(3)  # the two bits of a side
STEPS = np.uint8(12)  # the two bits of a step, shifted by two


def find_marks(
    block: Block,
    limits: Limits,
    ends: Ints,
    settings: Settings,
    slack: Floats | None = None,
    sideless: Bools | None = None,
) -> Bytes:
    """Marks (see codes) of every point of the block; ends int64[e] = the last point of each series in it.

    slack float64[p]: what rounding may add to a point on a line (else found from mean and moving range). sideless
    bool[m]: points that lie on no side of the mean, nor beyond a line, wherever they lie (``usual``).
    """
    side, near, outside = _positions(block, limits, slack)
    if sideless is not None:
        for place in (side, near, outside):
            place[sideless] = 0
    step = (block.step > 0).view(np.uint8) | (block.step < 0).view(np.uint8) << np.uint8(1)
    if len(side) < 2:
        return outside
    links = side[:-1] & side[1:] | step[1:] << np.uint8(2)
    links[block.starts[1:] - 1] = 0
    counted = near if settings.product else near & ~outside
    pairs = _two_of_three(links & SIDES, counted)
    if settings.product:
        _mark_last_pair(pairs, links, counted, ends)
    marks = outside | pairs << np.uint8(4)
    if settings.ties == "skip":
        marks |= _trends_over_ties(step, block, settings.trend)
        return marks | (_runs(links, settings.shift) & SIDES) << np.uint8(6)
    if settings.shift == settings.trend:
        runs = _runs(links, settings.shift)
        return marks | runs & STEPS | (runs & SIDES) << np.uint8(6)
    marks |= _runs(links, settings.trend) & STEPS
    return marks | (_runs(links, settings.shift) & SIDES) << np.uint8(6)


def _positions(block: Block, limits: Limits, slack: Floats | None) -> tuple[Bytes, Bytes, Bytes]:
    """Side of the mean, beyond the near line, outside the limits: a point on a line is never beyond it."""
    if slack is None:
        size = np.fmax(np.abs(limits.mean), np.fmax(limits.amr, 0))  # nan, without limits, counts as 0
        slack = TOLERANCE * np.where(np.isfinite(size), size, 0)

    def beyond(low: Floats, high: Floats) -> Bytes:
        above: Bools = block.x > block.spread(high + slack)
        below: Bools = block.x < block.spread(low - slack)
        return above.view(np.uint8) | below.view(np.uint8) << np.uint8(1)

    return (
        beyond(limits.mean, limits.mean),
        beyond(limits.nlpl, limits.nupl),
        beyond(limits.lpl, limits.upl),
    )


def _runs(links: Bytes, points: int) -> Bytes:
    """Bits of the points that belong to a run of at least so many points; one longer than links."""
    marks = np.zeros(len(links) + 1, np.uint8)
    window, size = links, 1
    while size < points - 1:
        shift = min(size, points - 1 - size)
        if len(window) <= shift:
            return marks
        window = window[:-shift] & window[shift:]
        size += shift
    return _cover(window, points, marks)


def _trends_over_ties(step: Bytes, block: Block, points: int) -> Bytes:
    """Trends in which a value equal to the one before it is passed over: it neither counts nor breaks, and lies in the
    run where the values on both sides of it do. A missing value breaks the run as ever."""
    kept = step > 0
    kept[block.starts] = True
    kept |= np.isnan(block.step)
    place = np.flatnonzero(kept)
    links = step[place[1:]] << np.uint8(2)
    links[np.searchsorted(place, block.starts[1:]) - 1] = 0
    found = _runs(links, points) & STEPS if len(place) > 1 else np.zeros(len(place), np.uint8)
    marks = np.zeros(len(step), np.uint8)
    marks[place] = found
    tied = np.flatnonzero(~kept)
    before = np.searchsorted(place, tied) - 1
    after = np.minimum(before + 1, len(place) - 1)
    # The value after it is reached by a step of the same run; the last values of a series have none after them.
    marks[tied] = np.where(after > before, found[before] & found[after] & step[place[after]] << np.uint8(2), 0)
    return marks


def _cover(window: Bytes, points: int, marks: Bytes) -> Bytes:
    """Set the bits of window[i] on the points i .. i + points - 1."""
    padded = np.zeros(len(marks) + points - 1, np.uint8)
    padded[points - 1 : len(marks)] = window
    size = 1
    while size < points:
        shift = min(size, points - size)
        padded = padded[:-shift] | padded[shift:]
        size += shift
    return padded


def _two_of_three(links: Bytes, near: Bytes) -> Bytes:
    """The near points of every three in a row on one side of which at least two are near."""
    marks = np.zeros(len(near), np.uint8)
    if len(near) < 3:
        return marks
    first, second, third = near[:-2], near[1:-1], near[2:]
    window = links[:-1] & links[1:] & (first & second | first & third | second & third)
    return _cover(window, 3, marks) & near


def _mark_last_pair(pairs: Bytes, links: Bytes, near: Bytes, ends: Ints) -> None:
    """A pair of near points at the very end of a series counts without waiting for a third."""
    last = ends[ends > 0]
    both = links[last - 1] & near[last - 1] & near[last]
    pairs[last - 1] |= both
    pairs[last] |= both
