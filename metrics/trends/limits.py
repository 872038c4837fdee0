"""Mean, average moving range and limits of every phase (design section 1.1)."""

from dataclasses import dataclass

import numpy as np

from . import codes
from .arrays import Bools, Floats, Ints, Notes
from .settings import Settings

TOLERANCE = 1e-12  # of the larger of value and mean: what rounding may add to a point that lies on a line


@dataclass(frozen=True, eq=False)
class Limits:
    """Per phase, in the units of the values; nan where there is none. notes uint16[p]."""

    mean: Floats
    amr: Floats
    lpl: Floats
    upl: Floats
    nlpl: Floats
    nupl: Floats
    notes: Notes


@dataclass(frozen=True, eq=False)
class Block:
    """A stretch of whole phases.

    x float64[m], starts int64[p] within x, length, base (number of baseline points) int64[p], screen bool[p];
    step float64[m] is the change from the point before, 0 at phase starts.
    """

    x: Floats
    starts: Ints
    length: Ints
    base: Ints
    screen: Bools
    step: Floats

    def total(self, array: Floats) -> Floats:
        return self.fold(np.add, array)

    def fold(self, ufunc: np.ufunc, array: Floats) -> Floats:
        """The ufunc reduced over the baseline of every phase."""
        if np.array_equal(self.base, self.length):
            return ufunc.reduceat(array, self.starts)
        bounds = np.column_stack([self.starts, self.starts + self.base]).ravel()
        if bounds[-1] == len(array):
            bounds = bounds[:-1]
        return ufunc.reduceat(array, bounds)[::2]

    def spread(self, per_phase: Floats) -> Floats:
        return np.repeat(per_phase, self.length)


def take_block(x: Floats, starts: Ints, base: Ints, screen: Bools) -> Block:
    """starts int64[p + 1] within x; base 0 means every point of the phase."""
    length = np.diff(starts)
    step = np.empty_like(x)
    np.subtract(x[1:], x[:-1], out=step[1:])
    step[starts[:-1]] = 0
    return Block(x, starts[:-1], length, np.where(base > 0, np.minimum(base, length), length), screen, step)


def find_limits(block: Block, settings: Settings) -> Limits:
    """Two passes for the mean (a naive sum of twenty 0.1s puts every point on one side of it), one pass of
    screening; ranges touching a missing value are left out. Formulas: design section 1.1, points 3-7."""
    count, mean = _means(block)
    raw, amr = _moving_ranges(block, settings)
    notes = np.zeros(len(mean), np.uint16)
    level = _level(block, raw)
    mean = np.where(np.isnan(level), mean, level)
    if settings.product:
        fallback = (raw > 0) & ~(amr > 0)
        same = ~np.isnan(level) & (count >= 2)
        amr = np.where(fallback, raw, np.where(same, 0.0, amr))
        amr = np.where((count < 2) | ~((amr > 0) | same) | ~np.isfinite(amr), np.nan, amr)
        notes[fallback] |= codes.UNSCREENED_USED
        notes[same] |= codes.NO_VARIATION
        notes[count < 2] |= codes.TOO_FEW_POINTS
        notes[np.isnan(amr) & (count >= 2)] |= codes.NO_LIMITS
    return limits_around(mean, amr, settings, notes)


def limits_around(mean: Floats, amr: Floats, settings: Settings, notes: Notes) -> Limits:
    """mean +/- limit * amr, and the near lines at two thirds of that (none around an infinite mean)."""
    far = settings.limit * amr
    near = np.where(np.isfinite(mean), 2 * (settings.limit / 3) * amr, np.nan)
    return Limits(mean, amr, mean - far, mean + far, mean - near, mean + near, notes)


def _means(block: Block) -> tuple[Floats, Floats]:
    """Number of baseline values and their mean (nan without any)."""
    x, total = block.x, block.total(block.x)
    count = block.base.astype(np.float64)
    holes = None if np.isfinite(total).all() else np.isnan(x)
    if holes is not None:
        count = block.total(np.where(holes, 0.0, 1.0))
        total = block.total(np.where(holes, 0.0, x))
    first = total / count
    rest = x - block.spread(first)
    if holes is not None:
        rest[holes] = 0
    correction = block.total(rest) / count
    return count, np.where(np.isfinite(correction), first + correction, first)


def _moving_ranges(block: Block, settings: Settings) -> tuple[Floats, Floats]:
    """Average moving range of the baseline before and after screening, nan without any."""
    ranges = np.abs(block.step)
    total = block.total(ranges)
    count = block.base - 1.0
    gone = None if np.isfinite(total).all() else np.isnan(ranges)
    if gone is not None:
        ranges[gone] = 0
        total = block.total(ranges)
        gone[block.starts] = True  # the first point has no range
        count = block.total(np.where(gone, 0.0, 1.0))
    raw = total / count
    bar = np.where(block.screen, settings.cut * raw, np.nan)
    beyond = ranges >= block.spread(bar)
    beyond[block.starts] = False
    if gone is not None:
        beyond &= ~gone
    out = np.flatnonzero(beyond)
    if not len(out):
        return raw, raw
    phase = np.searchsorted(block.starts, out, side="right") - 1
    phase = phase[out - block.starts[phase] < block.base[phase]]
    ranges[out] = 0
    kept = count - np.bincount(phase, minlength=len(count))
    screened = block.total(ranges) / kept
    return raw, np.where(block.screen, screened, raw)


def _level(block: Block, raw: Floats) -> Floats:
    """The one value that all baseline values of a phase have, nan where they differ.

    Only a phase without a range above 0 can be level, so as a rule nothing is computed."""
    suspects = ~(raw > 0)
    if not suspects.any():
        return np.full(len(raw), np.nan)
    lowest, highest = block.fold(np.fmin, block.x), block.fold(np.fmax, block.x)
    return np.where(suspects & (lowest == highest), lowest, np.nan)
