"""Where the phases of every series begin: at its first point and at every rebase date."""

from dataclasses import dataclass

import numpy as np

from . import codes
from .arrays import Ints, Notes
from .batch import Batch
from .settings import Settings


@dataclass(frozen=True, eq=False)
class Phases:
    """Phase p owns the points starts[p]:starts[p + 1]; none is empty.

    starts int64[p + 1], series int64[p], number int64[p] (0, 1, .. within its series: how many rebase
    dates have passed, so a rebase on the first date makes the first phase number 1), notes uint16[s].
    """

    starts: Ints
    series: Ints
    number: Ints
    notes: Notes


def find_phases(batch: Batch, settings: Settings) -> Phases:
    """Product mode moves a rebase date that is no data date to the next point and says so in the notes;
    compat mode ignores it silently, as the reference does."""
    notes = np.zeros(batch.size, np.uint16)
    filled = np.flatnonzero(np.diff(batch.starts) > 0)
    starts = batch.starts[filled]
    cuts: list[int] = []
    for series, day in batch.rebase.tolist():
        first, end = int(batch.starts[series]), int(batch.starts[series + 1])
        place = first + int(np.searchsorted(batch.days[first:end], day))
        exact = place < end and batch.days[place] == day
        if exact or (settings.product and place < end):
            cuts.append(place)
        if settings.product and not exact:
            notes[series] |= codes.REBASE_SNAPPED if place < end else codes.REBASE_UNUSED
    if not cuts:
        return Phases(np.append(starts, len(batch.values)), filled, np.zeros(len(filled), np.int64), notes)
    rebased = np.unique(np.array(cuts, np.int64))
    all_starts = np.union1d(starts, rebased)
    owner = filled[np.searchsorted(starts, all_starts, side="right") - 1]
    passed = np.searchsorted(rebased, all_starts, side="right")
    before = np.searchsorted(rebased, batch.starts[owner], side="left")
    return Phases(np.append(all_starts, len(batch.values)), owner, passed - before, notes)
