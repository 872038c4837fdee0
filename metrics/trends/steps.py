"""Days as whole steps of a period, so that neighbours lie one apart."""

import numpy as np

from .arrays import Ints

EPOCH = 719_163  # the ordinal of 1970-01-01


def steps_of(days: Ints, period: str) -> Ints:
    """Proleptic ordinals (first days of periods) as numbers of days, weeks ("week") or months ("month")."""
    if period == "month":
        return np.asarray((days - EPOCH).astype("datetime64[D]").astype("datetime64[M]").astype(np.int64))
    # 1 January of year 1 was a Monday, so ordinal 1 begins a week.
    return np.asarray((days - 1) // 7 if period == "week" else days, np.int64)
