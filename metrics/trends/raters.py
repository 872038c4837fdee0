"""Which statistic of agreement fits some scorings, its value with an interval, and what makes it shaky.

Several people score the same contacts. Cohen's kappa where the same two people put every contact into a category;
Fleiss' kappa where every contact has equally many scorings; Krippendorff's alpha else, on intervals for numbers.
The interval is over contacts, with Student's t. For numbers a delete-one jackknife (Efron and Tibshirani 1993, chapter
11). For categories Wilson's interval of the share of disagreeing pairs, its size set by how contacts differ, over what
chance alone would disagree: defined, too, where nobody disagrees (`manage.py simulate agreement` measures what each covers).
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import Literal

import numpy as np
from numpy.typing import ArrayLike, NDArray
from scipy.stats import t

from .agreement import cohen, fleiss, krippendorff
from .arrays import Floats
from .sides import scale_of

Statistic = Literal["cohen", "fleiss", "alpha", "alpha_interval"]
Reason = Literal["", "no_pairs", "few_items", "no_variation"]
Ints = NDArray[np.int64]

FEWEST = 3
"""With fewer contacts that two people scored there is no value."""


@dataclass(frozen=True, slots=True)
class Agreement:
    """How far people agree. ``reason`` says why ``value`` is nan. ``items`` and ``ratings`` count contacts scored by two
    people or more and their scorings, ``raters`` the people, ``top`` is the share of the score given most often."""

    value: float
    low: float
    high: float
    items: int
    ratings: int
    raters: int
    top: float
    reason: Reason


def pairs_only(item: ArrayLike, rater: ArrayLike) -> NDArray[np.bool_]:
    """Which scorings are of a contact that more than one person scored; each person scores a contact once at most."""
    items, _people = _codes(item), _codes(rater)
    return np.bincount(items, minlength=1)[items] > 1 if len(items) else np.zeros(0, bool)


def choose(item: ArrayLike, rater: ArrayLike, *, numbers: bool) -> Statistic:
    """The statistic that fits all of these scorings; one for a whole series, for two of them do not compare."""
    if numbers:
        return "alpha_interval"
    shared = pairs_only(item, rater)
    items, people = _codes(np.asarray(item)[shared]), _codes(np.asarray(rater)[shared])
    sizes = np.bincount(items) if len(items) else np.zeros(0, np.int64)
    if len(np.unique(people)) == 2 and (sizes == 2).all():
        return "cohen"
    return "fleiss" if len(sizes) and (sizes == sizes[0]).all() and sizes[0] > 2 else "alpha"


def agreement(item: ArrayLike, rater: ArrayLike, value: ArrayLike, statistic: Statistic) -> Agreement:
    """The agreement of these scorings: parallel arrays of contact, person and score (a number or a category's code).

    Raises ValueError where the scorings do not fit the statistic (``choose`` tells which one does)."""
    given = np.asarray(value, np.float64)
    known = np.isfinite(given)
    items, people, given = np.asarray(item)[known], np.asarray(rater)[known], given[known]
    shared = pairs_only(items, people)
    items, people, given = _codes(items[shared]), _codes(people[shared]), given[shared]
    count = int(items.max()) + 1 if len(items) else 0
    top = float(np.unique(given, return_counts=True)[1].max()) / len(given) if len(given) else math.nan
    told = (count, len(items), len(np.unique(people)), top)
    reason: Reason = "no_pairs" if not count else "few_items" if count < FEWEST else ""
    if reason:
        return Agreement(math.nan, math.nan, math.nan, *told, reason)
    number = statistic == "alpha_interval"
    found, low, high = _of_numbers(items, people, given) if number else _of_words(items, people, given, statistic)
    return Agreement(found, low, high, *told, "" if math.isfinite(found) else "no_variation")


def _codes(names: ArrayLike) -> Ints:
    return np.unique(np.asarray(names), return_inverse=True)[1].reshape(-1).astype(np.int64)


def _table(rows: Ints, items: Ints, value: Floats) -> Floats:
    """One row per person (or slot), one column per contact, nan where there is no scoring."""
    table = np.full((int(rows.max()) + 1, int(items.max()) + 1), np.nan)
    table[rows, items] = value
    return table


def _slots(items: Ints) -> Ints:
    """The how-many-eth scoring of its contact each one is: neither kappa of many nor alpha tells people apart."""
    order = np.argsort(items, kind="stable")
    sizes = np.bincount(items)
    place = np.empty(len(items), np.int64)
    place[order] = np.arange(len(items)) - np.repeat(np.cumsum(sizes) - sizes, sizes)
    return place


def _of_numbers(items: Ints, people: Ints, value: Floats) -> tuple[float, float, float]:
    """Alpha of numbers with its interval, from sums of squares: every pair of different scores would be a cell of the
    table of ``krippendorff``, and there may be as many as scorings."""
    if value.min() == value.max():
        return math.nan, math.nan, math.nan
    scaled = value / scale_of(value)
    scaled = scaled - scaled.mean()
    scaled = scaled / scale_of(scaled)
    rated, first = np.bincount(items).astype(np.float64), np.bincount(items, scaled)
    second = np.bincount(items, scaled**2)
    apart = np.maximum(0.0, 2 * (rated * second - first**2) / (rated - 1))
    sums = np.column_stack([rated, apart, first, second])
    found = float(_alpha(sums.sum(0, keepdims=True))[0])
    if not math.isfinite(found):
        return math.nan, math.nan, math.nan
    without = _alpha(sums.sum(0) - sums)
    if not np.isfinite(without).all():
        # All but one contact were given the same score: the value hangs on that one.
        return found, math.nan, math.nan
    count = len(without)
    half = _quantile(count) * math.sqrt((count - 1) / count * float(((without - without.mean()) ** 2).sum()))
    return found, max(-1.0, found - half), min(1.0, found + half)


def _alpha(sums: Floats) -> Floats:
    """Of rows of sums over contacts: scorings, squared distances within contacts, scores, squared scores."""
    rated, apart, first, second = sums.T
    every = 2 * (rated * second - first**2)
    with np.errstate(all="ignore"):
        return np.where(every > 1e-12 * rated * second, 1 - (rated - 1) * apart / every, math.nan)


def _of_words(items: Ints, people: Ints, value: Floats, statistic: Statistic) -> tuple[float, float, float]:
    """Kappa or alpha of categories with its interval."""
    kinds = _codes(value)
    counts = np.zeros((int(items.max()) + 1, int(kinds.max()) + 1))
    np.add.at(counts, (items, kinds), 1.0)
    rated, share = counts.sum(1), counts.sum(0) / counts.sum()
    if statistic == "cohen":
        table = _table(people, items, kinds.astype(np.float64))
        if len(table) != 2 or not np.isfinite(table).all():
            raise ValueError("Cohen's kappa needs the same two people for every contact")
        found = cohen(table[0], table[1])
        one, other = (np.bincount(row.astype(np.int64), minlength=len(share)) / len(rated) for row in table)
        chance = 1 - float((one * other).sum())
    elif statistic == "fleiss":
        if (rated != rated[0]).any():
            raise ValueError("Fleiss' kappa needs equally many scorings of every contact")
        found = fleiss(_table(_slots(items), items, kinds.astype(np.float64)))
        chance = 1 - float((share**2).sum())
    else:
        found = krippendorff(_table(_slots(items), items, kinds.astype(np.float64)))
        chance = (1 - float((share**2).sum())) * len(items) / (len(items) - 1)
    if not math.isfinite(found):
        return math.nan, math.nan, math.nan
    apart = (rated**2 - (counts**2).sum(1)) / (rated * (rated - 1))
    low, high = _apart(max(0.0, (1 - found) * chance), apart)
    return found, max(-1.0, 1 - high / chance), 1 - low / chance


def _apart(share: float, apart: Floats) -> tuple[float, float]:
    """Wilson's interval of the share of disagreeing pairs; a contact with several pairs counts for more than one trial
    as far as its pairs do not all disagree at once."""
    count, spread, most = len(apart), float(apart.var(ddof=1)), min(1.0, share) * (1 - min(1.0, share))
    size = max(1.0 * count, count * most / spread) if spread > 0 and most > 0 else 1.0 * count
    square = _quantile(count) ** 2
    middle = (share + square / (2 * size)) / (1 + square / size)
    half = math.sqrt(square) / (1 + square / size) * math.sqrt(most / size + square / (4 * size**2))
    return max(0.0, middle - half) if share > 0 else 0.0, middle + half


def _quantile(count: int) -> float:
    return float(t.ppf(0.975, count - 1))
