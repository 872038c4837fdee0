"""One number of a fitted model as a change in the units of the series, with its interval."""

import math
from dataclasses import dataclass

import numpy as np

from . import prais
from .arrays import Floats
from .sides import Sides


@dataclass(frozen=True)
class Change:
    """A difference after less before with its 95 % interval, in the units of the values. percent..: on the log scale
    only, else nan. error: in the model's scale. rho, df: autocorrelation and effective degrees of freedom."""

    difference: float
    low: float
    high: float
    percent: float
    percent_low: float
    percent_high: float
    error: float
    rho: float
    df: float

    @property
    def shown(self) -> bool:
        return self.low > 0 or self.high < 0


def change_of(fitted: prais.Fit, data: Sides, level: float, weights: Floats | None = None) -> Change:
    """weights @ coefficients with its interval; without weights the second coefficient."""
    if weights is None:
        weights = np.zeros(len(fitted.coefficients))
        weights[1] = 1.0
    ends = fitted.interval(weights)
    if not data.logarithmic:
        difference, low, high, error = (one * data.scale for one in ends)
        return Change(difference, low, high, math.nan, math.nan, math.nan, error, fitted.rho, fitted.df)
    share, least, most = (math.expm1(min(one, 700.0)) for one in ends[:3])
    return Change(
        level * share, level * least, level * most, 100 * share, 100 * least, 100 * most, ends[3], fitted.rho, fitted.df
    )
