"""Where one value is the rule: points that have it say nothing of a change, whichever side of the mean they lie on.

Of 25 zeros, a seven and 14 zeros nearly every point lies "below the mean" in a run that nothing made: the mean was
pulled away from them by the one that differs. The value has to be the rule from beginning to end, in both halves, so
that a step from many zeros to another level stays a step.
"""

import numpy as np

from .arrays import Bools, Floats
from .limits import Block


def usual_of(values: Floats, block: Block) -> Floats:
    """float64[p]: of every phase the value that more than half of its values have in its first half and in its second
    (of an odd number the middle one belongs to the second), and in the baseline that its limits come from; nan where
    there is none, or where all are the same.

    values float64[m]: as they are drawn, and the block's steps are those between them.
    """
    found = np.full(len(block.length), np.nan)
    # Such a phase holds neighbours that are equal, or gaps between; most have neither, so that nothing is sorted.
    torn = np.isnan(np.add.reduceat(block.step, block.starts))
    tied = np.add.reduceat(block.step == 0, block.starts, dtype=np.int64) > 1  # the first step of each is 0
    suspects = np.flatnonzero((torn | tied) & (block.length > 1))
    if not len(suspects):
        return found
    length = block.length[suspects]
    of = np.repeat(np.arange(len(suspects)), length)
    within = np.arange(len(of)) - np.repeat(np.cumsum(length) - length, length)
    y = values[block.starts[suspects][of] + within]
    present = ~np.isnan(y)
    of, within, y = of[present], within[present], y[present]
    n = np.bincount(of, minlength=len(suspects))
    first = np.cumsum(n) - n
    # What more than half of them have lies in the middle of them. Phase by phase: to sort by two keys costs more.
    middle = np.full(len(suspects), np.nan)
    for place in np.flatnonzero(n > 1).tolist():
        middle[place] = np.sort(y[first[place] : first[place] + n[place]])[n[place] // 2]
    have = y == middle[of]
    early = np.arange(len(y)) - first[of] < n[of] // 2
    holds = (n > 1) & (np.bincount(of, have, len(n)) < n)
    for part in (early, ~early, within < block.base[suspects][of]):
        holds &= 2 * np.bincount(of[part & have], minlength=len(n)) > np.bincount(of[part], minlength=len(n))
    found[suspects] = np.where(holds, middle, np.nan)
    return found


def usual_on(sides: tuple[Floats, Floats]) -> float:
    """The value that more than half have on either side of a date, nan where there is none or where all have it."""
    kept = [side[~np.isnan(side)] for side in sides]
    if not all(len(side) for side in kept):
        return float("nan")
    value = float(np.sort(kept[0])[len(kept[0]) // 2])
    same = [int((side == value).sum()) for side in kept]
    if any(2 * here <= len(side) for here, side in zip(same, kept, strict=True)):
        return float("nan")
    return float("nan") if sum(same) == len(kept[0]) + len(kept[1]) else value


def at_usual(values: Floats, block: Block, usual: Floats) -> Bools | None:
    """bool[m]: the points that have the usual value of their phase; None where no phase has one."""
    return None if np.isnan(usual).all() else values == block.spread(usual)
