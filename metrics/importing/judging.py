"""Values of a file against each other and against what stands: which are new, changed, the same, or too late."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from metrics import blocks
from metrics.importing import standing
from metrics.models import Upload


@dataclass(frozen=True)
class Judged:
    """``kept``: places of the records that are planned, with their ``status``. ``repeated``: how many say again what
    another row of the file says. ``torn``: pairs of places (row, the row it contradicts), one for each rejected record.
    """

    kept: NDArray[np.intp]
    repeated: int
    torn: list[tuple[int, int]]


def once_each(records: NDArray[np.void], series: NDArray[np.int64]) -> Judged:
    """One record per series and day. Rows that repeat a value count once; rows that contradict each other are torn.

    ``records`` in order of series and day; ``series`` their references.
    """
    rows = len(records)
    again = np.zeros(rows, bool)
    again[1:] = (series[1:] == series[:-1]) & (records["day"][1:] == records["day"][:-1])
    if not again.any():
        return Judged(np.arange(rows), 0, [])
    start = np.flatnonzero(~again)
    group = np.cumsum(~again) - 1
    first = start[group]
    alike = standing.same(records["numerator"], records["numerator"][first]) & standing.same(
        records["denominator"], records["denominator"][first]
    )
    bad_group = np.zeros(len(start), bool)
    bad_group[group[~alike]] = True
    bad = bad_group[group]
    torn = [
        (place, int(first[place]) if place != first[place] else _partner(place, group, alike))
        for place in np.flatnonzero(bad).tolist()
    ]
    return Judged(np.flatnonzero(~again & ~bad), int((again & ~bad).sum()), torn)


def _partner(place: int, group: NDArray[np.intp], alike: NDArray[np.bool_]) -> int:
    """The first row after this one, in its group, that says something else."""
    after = place + 1
    while alike[after]:
        after += 1
    return after


def status_of(
    upload: Upload,
    series: NDArray[np.int64],
    day: NDArray[np.int32],
    numerator: NDArray[np.float64],
    denominator: NDArray[np.float64],
) -> NDArray[np.int8]:
    """What each value does to what stands; ``series`` and ``day`` sorted, references below 0 are series to be made."""
    status = np.full(len(series), blocks.NEW, np.int8)
    known = np.flatnonzero(series > 0)
    if not len(known):
        return status
    keys = standing.keys_of(series[known], day[known])
    ids = np.unique(series[known])
    now = standing.stands(keys, ids.tolist())
    told = np.where(
        now.there, np.where(now.equal(numerator[known], denominator[known]), blocks.SAME, blocks.CHANGED), 0
    )
    newer = standing.others_of(upload, int(ids[0]), int(ids[-1]), newer=True)
    if newer:
        # Whoever says the newest has the last word, whether or not it is the one whose row stands.
        beaten = standing.newest(keys, newer).there
        told = np.where(beaten & (told == blocks.CHANGED), blocks.OLDER, told)
    status[known] = told
    return status
