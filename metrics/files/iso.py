"""Whole columns of plain ISO dates at once: the common case, thirty times as fast as one by one."""

from __future__ import annotations

import datetime as dt

import numpy as np
from numpy.typing import NDArray

from metrics.files.dates import PLACEHOLDERS
from metrics.files.zones import EPOCH

_LENGTHS = {0, 10, 16, 19}
_LETTERS = b"0123456789-: T"
_FIRST, _LAST = dt.date(1901, 1, 1).toordinal(), dt.date(2199, 12, 31).toordinal()
_NO_DAYS = np.array([dt.date(*day).toordinal() for day in PLACEHOLDERS if day[2]], np.int64)


def iso_moments(cells: list[str]) -> NDArray[np.datetime64] | None:
    """Seconds of every cell, NaT for "", where all are YYYY-MM-DD with or without HH:MM[:SS]; else None.

    None too where a day lies outside of 1901 to 2199 or stands for "none": those are looked at one by one.
    """
    if not {len(cell) for cell in cells} <= _LENGTHS:
        return None
    text = "".join(cells)
    if not text.isascii() or text.encode("ascii").translate(None, _LETTERS):
        return None
    try:
        moments: NDArray[np.datetime64] = np.array(cells, "datetime64[s]")
    except ValueError:
        return None
    days = moments[~np.isnat(moments)].astype(np.int64) // 86_400 + EPOCH
    if len(days) and (days.min() < _FIRST or days.max() > _LAST or np.isin(days, _NO_DAYS).any()):
        return None
    return moments
