"""How far raters agree beyond chance.

Sources: Cohen 1960, 1968 (weighted); Fleiss 1971; Krippendorff 2011.
"""

import math
from typing import Literal

import numpy as np
from numpy.typing import ArrayLike

from .arrays import Floats

Weights = Literal["none", "linear", "quadratic"]
Scale = Literal["nominal", "ordinal", "interval"]


def cohen(first: ArrayLike, second: ArrayLike, weights: Weights = "none") -> float:
    """Kappa of two raters over the units both rated; weights go by the order of the ratings that occur.

    1 is perfect, 0 what chance gives; nan without a unit or where chance alone would agree fully."""
    one, two = np.asarray(first, np.float64), np.asarray(second, np.float64)
    both = np.isfinite(one) & np.isfinite(two)
    ratings, index = np.unique(np.concatenate([one[both], two[both]]), return_inverse=True)
    size, units = len(ratings), int(both.sum())
    seen = np.zeros((size, size))
    np.add.at(seen, (index[:units], index[units:]), 1.0)
    apart = np.abs(np.subtract.outer(np.arange(size), np.arange(size))).astype(np.float64)
    cost = {"none": (apart > 0).astype(np.float64), "linear": apart, "quadratic": apart**2}[weights]
    chance = float((cost * np.outer(seen.sum(1), seen.sum(0))).sum()) / units if units else 0.0
    return 1 - float((cost * seen).sum()) / chance if chance > 0 else math.nan


def fleiss(ratings: ArrayLike) -> float:
    """Kappa of several raters. ratings: raters x units, each unit rated by all (ValueError otherwise)."""
    table = np.asarray(ratings, np.float64)
    if not np.isfinite(table).all():
        raise ValueError("Fleiss' kappa needs a rating by every rater for every unit")
    raters, units = table.shape
    counts = np.array([(table == rating).sum(0) for rating in np.unique(table)], np.float64)
    if raters < 2 or not units:
        return math.nan
    agreed = float(((counts**2).sum(0) - raters).mean()) / (raters * (raters - 1))
    chance = float(((counts.sum(1) / (raters * units)) ** 2).sum())
    return (agreed - chance) / (1 - chance) if chance < 1 else math.nan


def krippendorff(ratings: ArrayLike, scale: Scale = "nominal") -> float:
    """Alpha of several raters; units may lack ratings (nan). ratings: raters x units.

    nan without two ratings of one unit, or if all ratings are the same."""
    table = np.asarray(ratings, np.float64)
    values = np.unique(table[np.isfinite(table)])
    if not len(values):
        return math.nan
    counts = np.array([(table == value).sum(0) for value in values], np.float64)
    rated = counts.sum(0)
    counts, rated = counts[:, rated >= 2], rated[rated >= 2]
    pairs = (counts / (rated - 1)) @ counts.T - np.diag((counts / (rated - 1)).sum(1))
    margin = pairs.sum(1)
    cost = _distances(values, margin, scale)
    chance = float((cost * np.outer(margin, margin)).sum())
    return 1 - (margin.sum() - 1) * float((cost * pairs).sum()) / chance if chance > 0 else math.nan


def _distances(values: Floats, margin: Floats, scale: Scale) -> Floats:
    if scale == "nominal":
        return 1 - np.eye(len(values))
    if scale == "interval":
        span = max(float(values[-1] - values[0]), float(np.finfo(np.float64).tiny))
        return (np.subtract.outer(values, values) / span) ** 2  # of any size: alpha is a ratio of costs
    middle = np.cumsum(margin) - margin / 2
    return np.subtract.outer(middle, middle) ** 2
