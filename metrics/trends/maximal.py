"""Maximal runs of each rule: from points that are marked to the signals that people talk about."""

from dataclasses import dataclass

import numpy as np

from . import codes
from .arrays import Bools, Codes, Floats, Ints
from .charting import D2
from .result import Result


@dataclass(frozen=True, eq=False)
class Runs:
    """One entry per run, ordered by series, first point and rule.

    series int64[r]; rule int64[r] (OUTSIDE, TREND, TWO_OF_THREE, SHIFT); direction int8[r] (+1 high or up,
    -1 low or down); first and last int64[r], indices of points of the batch; count int64[r], the marked
    points; extreme float64[r], the distance from the mean of the point furthest from it (signed, in units);
    sigma float64[r], the same over a third of the distance from mean to limit, as it was before it was cut at the end
    of a scale (nan without variation), on the scale of the chart;
    since_end int64[r], the number of values of the series after the run (0 = it touches the latest point).
    """

    series: Ints
    rule: Ints
    direction: Codes
    first: Ints
    last: Ints
    count: Ints
    extreme: Floats
    sigma: Floats
    since_end: Ints

    def __len__(self) -> int:
        return len(self.series)

    @property
    def touches_end(self) -> Bools:
        return self.since_end == 0


def runs(result: Result) -> Runs:
    """Every maximal run of every rule in the result.

    A trend ends where its direction does, even if the next begins there; a two-of-three run joins marked
    points that follow each other or have one point of the same side between them. No run crosses a phase.
    """
    with np.errstate(all="ignore"):
        seen = np.concatenate([[0], np.cumsum(~result.missing)])
        found = [
            _runs_of(result, rule, direction, bit, seen)
            for rule in codes.RULES
            for direction, bit in zip((1, -1), codes.BITS[rule], strict=True)
        ]
    columns = [np.concatenate(parts) for parts in zip(*found, strict=True)]
    order = np.lexsort((columns[1], columns[3], columns[0]))
    return Runs(*(column[order] for column in columns))


def _runs_of(result: Result, rule: int, direction: int, bit: int, seen: Ints) -> tuple[np.ndarray, ...]:
    """seen int64[n + 1]: how many values that are not missing lie before each point."""
    index = np.flatnonzero(result.marks & np.uint8(bit))
    if not len(index):
        none, nothing = np.zeros(0, np.int64), np.zeros(0)
        return none, none, np.zeros(0, np.int8), none, none, none, nothing, nothing, none
    phase = np.searchsorted(result.phase_starts, index, side="right") - 1
    head = np.flatnonzero(np.concatenate([[True], _breaks(result, rule, direction, index, phase)]))
    tail = np.append(head[1:], len(index)) - 1
    first, last, where = index[head], index[tail], phase[head]
    away = result.values[index] - result.phase_mean[phase]
    highest, lowest = np.maximum.reduceat(away, head), np.minimum.reduceat(away, head)
    extreme = np.where(highest >= -lowest, highest, lowest)
    # Not from the limits as they are drawn: those end where the scale ends.
    unit = result.settings.limit * result.phase_amr[where] / 3
    sigma = np.where(unit > 0, extreme / unit, np.nan)
    scaled = result.chart[result.phase_series[where]] != codes.XMR
    if scaled.any():
        sigma = np.where(scaled, _furthest(result, index, phase, head), sigma)
    series = result.phase_series[where]
    return (
        series,
        np.full(len(head), rule),
        np.full(len(head), direction, np.int8),
        first,
        last,
        tail - head + 1,
        extreme,
        sigma,
        seen[result.batch.starts[series + 1]] - seen[last + 1],
    )


def _furthest(result: Result, index: Ints, phase: Ints, head: Ints) -> Floats:
    """The point of each run furthest from the mean, in sigma on the scale of its chart (nan without variation)."""
    unit = result.scale_amr[phase] / D2
    z = np.where(unit > 0, (result.x[index] - result.scale_mean[phase]) / unit, np.nan)
    highest, lowest = np.fmax.reduceat(z, head), np.fmin.reduceat(z, head)
    return np.where(highest >= -lowest, highest, lowest)


def _breaks(result: Result, rule: int, direction: int, index: Ints, phase: Ints) -> Bools:
    """Whether a new run begins between one marked point and the next."""
    values = result.values
    gap = np.diff(index)
    parted = np.diff(phase) > 0
    if rule == codes.TREND:
        return parted | (gap > 1) | (np.sign(np.diff(values[index])) != direction)
    if rule != codes.TWO_OF_THREE:
        return parted | (gap > 1)
    skipped = values[index[:-1] + 1]
    between = direction * (skipped - result.phase_mean[phase[:-1]])
    return parted | (gap > 2) | ~(between > 0) | ((gap == 2) & (skipped == result.usual[phase[:-1]]))
