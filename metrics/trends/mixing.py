"""A total that moved: how much because its parts moved, how much because their shares moved (Simpson's warning).

Sources: Kitagawa 1955 (exact split of a change of a rate); Simpson 1951 (the parts may all move the other way).
"""

import math
from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike

from .arrays import Bools, Floats

MIX_EXPLAINS, PARTS_OPPOSE, PARTS_EXPLAIN, NOT_CLEAR, NO_PARTS = (
    "mix_explains",
    "parts_oppose",
    "parts_explain",
    "not_clear",
    "no_parts",
)
SIGMAS = 1.96


@dataclass(frozen=True, eq=False)
class Mix:
    """before and after: the total as a rate; rates + mix = after - before exactly. error: the standard error of the
    part that the rates explain, from the counts alone. Per part float64[k] (nan where a side has no contacts):
    rate_before, rate_after, share_before, share_after (of the contacts), rate_effect, mix_effect, moved int8 (+1, -1
    where the part's own rate moved by more than chance, else 0). reading: which of the codes above holds."""

    before: float
    after: float
    rates: float
    mix: float
    error: float
    rate_before: Floats
    rate_after: Floats
    share_before: Floats
    share_after: Floats
    rate_effect: Floats
    mix_effect: Floats
    moved: Floats
    reading: str


def split(
    count_before: ArrayLike, size_before: ArrayLike, count_after: ArrayLike, size_after: ArrayLike, *, shares: bool
) -> Mix:
    """Counts and contacts of each part before and after. shares: binomial, else Poisson (for the errors).

    A part that was there on one side alone has no change of its own: all it does is mix."""
    counts = [np.nan_to_num(np.asarray(each, np.float64)) for each in (count_before, count_after)]
    sizes = [np.nan_to_num(np.asarray(each, np.float64)) for each in (size_before, size_after)]
    with np.errstate(all="ignore"):
        rates = [np.where(size > 0, count / size, np.nan) for count, size in zip(counts, sizes, strict=True)]
        totals = [float(count.sum() / size.sum()) for count, size in zip(counts, sizes, strict=True)]
        weights = [size / size.sum() for size in sizes]
    both = np.isfinite(rates[0]) & np.isfinite(rates[1])
    # Where one side has none, the other side's rate stands for it, so that the split stays exact.
    filled = [np.where(np.isfinite(rate), rate, other) for rate, other in zip(rates, rates[::-1], strict=True)]
    middle = (totals[0] + totals[1]) / 2
    share = (weights[0] + weights[1]) / 2
    used = np.isfinite(filled[0])
    with np.errstate(invalid="ignore"):  # of parts that are not used
        rate_effect = np.where(used, (filled[1] - filled[0]) * share, 0.0)
        mix_effect = np.where(used, (weights[1] - weights[0]) * ((filled[0] + filled[1]) / 2 - middle), 0.0)
        moved = np.where(both, rates[1] - rates[0], 0.0)
    errors = _errors(counts, sizes, both, shares)
    moved = np.where(np.abs(moved) > SIGMAS * errors, np.sign(moved), 0.0)
    error = math.sqrt(float(np.where(both, (share * errors) ** 2, 0.0).sum()))
    by_rates, by_mix = float(rate_effect.sum()), float(mix_effect.sum())
    return Mix(
        before=totals[0], after=totals[1], rates=by_rates, mix=by_mix, error=error,
        rate_before=rates[0], rate_after=rates[1], share_before=weights[0], share_after=weights[1],
        rate_effect=rate_effect, mix_effect=mix_effect, moved=moved,
        reading=_reading(totals, by_rates, by_mix, error, both, weights, rates),
    )  # fmt: skip


def _errors(counts: list[Floats], sizes: list[Floats], both: Bools, shares: bool) -> Floats:
    """Standard error of the change of each part's rate; half an event is added, so that none is never certain."""
    square = np.zeros(len(both))
    for count, size in zip(counts, sizes, strict=True):
        n = np.where(size > 0, size, 1.0)
        rate = (count + 0.5) / (n + 1)
        square += np.where(size > 0, np.maximum(rate * (1 - rate) if shares else rate, 0) / n, 0.0)
    return np.where(both, np.sqrt(square), np.nan)


def _reading(
    totals: list[float], rates: float, mix: float, error: float, both: Bools, weights: list[Floats], each: list[Floats]
) -> str:
    change = totals[1] - totals[0]
    if int(both.sum()) < 2 or not math.isfinite(change):
        return NO_PARTS
    if change == 0 or abs(change) <= 1e-12 * max(abs(totals[0]), abs(totals[1])):
        return NOT_CLEAR
    sign = math.copysign(1, change)
    large = both & ((weights[0] + weights[1]) / 2 >= 0.02)
    if sign * rates < 0 and (abs(rates) > SIGMAS * error or bool((sign * (each[1] - each[0]) < 0)[large].all())):
        return PARTS_OPPOSE
    if sign * mix > 0 and abs(mix) >= abs(change) / 2:
        return MIX_EXPLAINS
    return PARTS_EXPLAIN if abs(rates) > SIGMAS * error else NOT_CLEAR
