"""What kind of figures lie in a table added up by group, and what may be done with them."""

from __future__ import annotations

from collections.abc import Iterable

import numpy as np
import pandas as pd

from metrics.models import Metric
from metrics.trends.drift import autocorrelation
from metrics.trends.likeness import corrected, widened

SHARES, RATES, MEANS = "shares", "rates", "means"
CANNOT_ADD = "cannot_add"
# Autocorrelation of a shorter series says nothing.
LONG = 20


def shape_of(metric: Metric, table: pd.DataFrame) -> str:
    """Shares and rates are counted; everything else is a ready-made number with nothing but its own series."""
    return shape_of_sums(metric, table["numerator"].to_numpy(np.float64), table["denominator"].to_numpy(np.float64))


def shape_of_sums(metric: Metric, count: np.ndarray, size: np.ndarray) -> str:
    """The same from numerators and denominators (nan where there is none)."""
    counted = not np.isnan(size).any() and (size >= 0).all() and (count >= 0).all()
    if counted and metric.kind == Metric.Kind.PROPORTION and (count <= size).all():
        return SHARES
    return RATES if counted and metric.kind in (Metric.Kind.RATE, Metric.Kind.COUNT) else MEANS


def cannot_add(metric: Metric, table: pd.DataFrame) -> bool:
    """Whether ready-made numbers (medians, means without counts) of several series would have been added up."""
    plain = bool(table["denominator"].isna().any())
    return plain and metric.kind != Metric.Kind.COUNT and bool((table["rows"] > 1).any())


def values(table: pd.DataFrame) -> pd.Series:
    """Numerator / denominator, the numerator alone where there is none; nan for what is no number."""
    with np.errstate(all="ignore"):
        value = table["numerator"].where(table["denominator"].isna(), table["numerator"] / table["denominator"])
    return value.where(np.isfinite(value))


def alike(series: Iterable[np.ndarray]) -> float:
    """(1 + phi) / (1 - phi): how much likeness of neighbouring periods adds to the variance of a mean; phi is the
    median lag-1 autocorrelation of the series, corrected for their length, between 0 and 0.9."""
    phis = []
    for one in series:
        known = one[np.isfinite(one)]
        if len(known) >= LONG:
            phis.append(corrected(autocorrelation(known), len(known)))
    return widened(float(np.median(phis)) if phis else 0.0)
