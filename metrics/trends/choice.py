"""Which chart fits a series: from what it measures and whether the counts behind its values are known (1.4)."""

from typing import Final

import numpy as np

from . import codes
from .arrays import Bools, Codes, Floats, Ints, Notes
from .batch import Batch

AUTOMATIC: Final = 0
NAMES: Final = {
    AUTOMATIC: "automatic", codes.XMR: "xmr", codes.P: "p", codes.U: "u", codes.C: "c", codes.LOG: "log",
    codes.T: "t", codes.G: "g",
}  # fmt: skip
CODES: Final = {name: code for code, name in NAMES.items()}
# What a metric measures -> what the data should be drawn as, if they can carry it.
WANTED: Final = {"proportion": codes.P, "rate": codes.U, "count": codes.C, "duration": codes.LOG}

# Sigma z of Laney at which chance in counting makes up 1 / 5^2 = 4 % of the variance from point to point.
LARGE: Final = 5.0
D2: Final = 1.128
WHOLE = 1e-9  # a count written as a decimal number may be off by so much of itself


def wanted(kind: str, asked: str = "automatic") -> int:
    """The chart to try: the one asked for, else the one that fits what is measured. Raises KeyError for one unknown."""
    code = CODES[asked]
    return WANTED.get(kind, codes.XMR) if code == AUTOMATIC else code


def choose(batch: Batch, values: Floats, product: bool = True) -> tuple[Codes, Notes]:
    """The chart of every series, and the note that says why it is not the one wanted.

    A share or a rate needs its counts for every value (else COUNTS_UNKNOWN), as whole numbers that are not negative
    and, for a share, not above what they are counted from (else NOT_COUNTS); times need to be above 0 (NOT_POSITIVE).
    Where the counts are so large that chance in counting is a small part of what varies (sigma z of LARGE or more), the
    width of the limits must not follow them: the values are drawn, unless a person chose the chart (LARGE_COUNTS).
    Otherwise the values themselves are drawn on an XmR chart; so is every series in compat mode.
    """
    chart, notes = batch.chart.copy(), np.zeros(batch.size, np.uint16)
    if not product:
        return np.full_like(chart, codes.XMR), notes
    if (chart == codes.XMR).all() or not len(values):
        return chart, notes
    of_point = np.repeat(chart, np.diff(batch.starts))
    present = ~np.isnan(values)
    unknown, unfit = _uncounted(batch, of_point, present)
    timed = (of_point == codes.LOG) | (of_point == codes.T)
    not_positive = timed & present & ~(values > 0)
    if (chart == codes.G).any():
        unfit |= (of_point == codes.G) & present & ~_whole(values)
    for flags, note in (
        (unknown, codes.COUNTS_UNKNOWN),
        (unfit, codes.NOT_COUNTS),
        (not_positive, codes.NOT_POSITIVE),
    ):
        notes[_series_with(batch.starts, flags)] |= note
    # Two events on one day leave a time of 0 between them: that one point is left out, the chart stays.
    fallen = (notes & (codes.COUNTS_UNKNOWN | codes.NOT_COUNTS) > 0) | (
        (notes & codes.NOT_POSITIVE > 0) & (chart != codes.T)
    )
    chart[fallen] = codes.XMR
    large = _large(batch, chart) & ~batch.fixed
    notes[large] |= codes.LARGE_COUNTS
    chart[large] = codes.XMR
    return chart, notes


def _uncounted(batch: Batch, of_point: Codes, present: Bools) -> tuple[Bools, Bools]:
    """Points whose counts are not known, and those whose counts cannot be counts."""
    nothing = np.zeros(len(of_point), np.bool_)
    counted = np.isin(of_point, codes.COUNTED) & present
    if not counted.any():
        return nothing, nothing.copy()
    if batch.numerators is None or batch.denominators is None:
        return counted, nothing
    above, below = batch.numerators, batch.denominators
    with np.errstate(invalid="ignore"):
        unknown = counted & (np.isnan(above) | ((of_point != codes.C) & np.isnan(below)))
        share, rate = of_point == codes.P, of_point == codes.U
        unfit = ~_whole(above) | (share & (~_whole(below) | (above > below))) | (rate & ~(below > 0))
        unfit |= (of_point == codes.C) & ~np.isnan(below)
    return unknown, counted & ~unknown & unfit


def _large(batch: Batch, chart: Codes) -> Bools:
    """Series whose values move by LARGE or more times what chance in counting explains (Laney's sigma z)."""
    large = np.zeros(batch.size, np.bool_)
    shares = np.isin(chart, (codes.P, codes.U))
    if not shares.any() or batch.numerators is None or batch.denominators is None:
        return large
    owner = np.repeat(np.arange(batch.size), np.diff(batch.starts))
    counted = shares[owner] & (batch.denominators > 0) & ~np.isnan(batch.numerators)
    of, above, below = owner[counted], batch.numerators[counted], batch.denominators[counted]
    centre = _sums(of, above, batch.size) / np.fmax(_sums(of, below, batch.size), 1.0)
    spread = np.where(chart == codes.P, centre * (1 - centre), centre)[of]
    near = of[1:] == of[:-1]
    with np.errstate(invalid="ignore", divide="ignore"):
        step = np.abs(np.diff((above / below - centre[of]) / np.sqrt(spread / below)))[near]
        step = np.where(np.isfinite(step), step, 0.0)
        return _sums(of[1:][near], step, batch.size) >= LARGE * D2 * np.fmax(_sums(of[1:][near], None, batch.size), 1.0)


def _sums(of: Ints, what: Floats | None, size: int) -> Floats:
    return np.bincount(of, what, minlength=size).astype(np.float64)


def _whole(numbers: Floats) -> Bools:
    """Whether each is a whole number that is not negative, as counts are."""
    with np.errstate(invalid="ignore"):
        nearest = np.rint(numbers)
        whole = (numbers == nearest) & np.isfinite(numbers)
        rest = np.flatnonzero(~whole & ~np.isnan(numbers))  # hardly ever any
        few = numbers[rest]
        whole[rest] = np.abs(few - nearest[rest]) <= WHOLE * np.fmax(np.abs(few), 1.0)
        return whole & (numbers >= 0)


def _series_with(starts: Ints, flags: Bools) -> Ints:
    return np.unique(np.searchsorted(starts, np.flatnonzero(flags), side="right") - 1)
