"""What an analysis found: limits per phase, marks per point, icons per series."""

from dataclasses import dataclass
from functools import cached_property

import numpy as np

from . import codes
from .arrays import Bools, Bytes, Codes, Floats, Ints, Notes
from .batch import Batch
from .settings import Settings


@dataclass(frozen=True, eq=False)
class OwnLines:
    """Limits of every point, float64[n]; counted float64[n]: what the counts were made from (nan = not known)."""

    lpl: Floats
    upl: Floats
    nlpl: Floats
    nupl: Floats
    counted: Floats


@dataclass(frozen=True, eq=False)
class Drawn:
    """Points with the lines around them, for one series or many.

    Stored per phase (phase_*[p], the lines in the units of the values, nan = none); read per point by the
    properties, each of length n. values: nan = missing. marks, label, point_type: see codes. Where limits vary from
    point to point (p', u'), phase_* are those of the last value of the phase, and own holds all of them. second
    float64[n]: the smoothed values of the second opinion (EWMA), in the units of the values, or None.
    """

    values: Floats
    days: Ints
    phase_starts: Ints  # int64[p + 1]
    phase_number: Ints
    phase_mean: Floats
    phase_amr: Floats
    phase_lpl: Floats
    phase_upl: Floats
    phase_nlpl: Floats
    phase_nupl: Floats
    phase_notes: Notes
    marks: Bytes
    label: Codes
    point_type: Codes
    own: "OwnLines | None"
    second: Floats | None

    def per_point(self, per_phase: np.ndarray) -> np.ndarray:
        return np.repeat(per_phase, np.diff(self.phase_starts))

    @property
    def phase(self) -> Ints:
        return self.per_point(self.phase_number)

    @property
    def mean(self) -> Floats:
        return self.per_point(self.phase_mean)

    @property
    def amr(self) -> Floats:
        return self.per_point(self.phase_amr)

    @property
    def lpl(self) -> Floats:
        return self.per_point(self.phase_lpl) if self.own is None else self.own.lpl

    @property
    def upl(self) -> Floats:
        return self.per_point(self.phase_upl) if self.own is None else self.own.upl

    @property
    def nlpl(self) -> Floats:
        return self.per_point(self.phase_nlpl) if self.own is None else self.own.nlpl

    @property
    def nupl(self) -> Floats:
        return self.per_point(self.phase_nupl) if self.own is None else self.own.nupl

    @property
    def missing(self) -> Bools:
        return np.isnan(self.values)

    @property
    def rules(self) -> Bytes:
        """Bit mask of OUTSIDE, TREND, TWO_OF_THREE, SHIFT."""
        return codes.RULES_OF_MARKS[self.marks]

    def direction_of(self, rule: int) -> Codes:
        """+1 high or up, -1 low or down, 0 where the rule did not fire.

        A turning point of two trends has the direction of the one that ended there.
        """
        high, low = codes.BITS[rule]
        up = (self.marks & high > 0).astype(np.int8)
        down = (self.marks & low > 0).astype(np.int8)
        turning = np.flatnonzero(up & down)
        result = up - down
        result[turning] = np.sign(self.values[turning] - self.values[turning - 1]).astype(np.int8)
        return result


@dataclass(frozen=True, eq=False)
class Result(Drawn):
    """The analysis of a batch.

    Per series: variation and assurance int8[s] (icon codes), n int64[s] (values that are not missing),
    latest int64[s] (index of the latest point with a value, in compat mode of the latest point; -1 without
    any), notes uint16[s] (the union over the phases, and what concerns the series), chart int8[s] (codes.XMR ..),
    second_side int8[s] (the second opinion at the latest point: +1 high, -1 low, 0 inside) and second_since int64[s]
    (index of the first point of that run, -1 = none).

    On the scale of the chart, where the rules ran (see ``charting``): x float64[n], scale_mean and scale_amr float64[p].
    usual float64[p]: the value that most points of the phase have, which then lie on no side of the mean (nan = none).
    """

    batch: Batch
    settings: Settings
    phase_series: Ints
    variation: Codes
    assurance: Codes
    n: Ints
    latest: Ints
    notes: Notes
    chart: Codes
    second_side: Codes
    second_since: Ints
    x: Floats
    scale_mean: Floats
    scale_amr: Floats
    usual: Floats

    @property
    def starts(self) -> Ints:
        return self.batch.starts

    @cached_property
    def first_phase(self) -> Ints:
        """int64[s + 1]: series s owns the phases first_phase[s]:first_phase[s + 1]."""
        return np.searchsorted(self.phase_series, np.arange(self.batch.size + 1))
