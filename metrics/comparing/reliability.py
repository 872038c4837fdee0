"""How much of a quality score is the score: the agreement of those who gave it, and how much single contacts differ."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np
import pandas as pd
from scipy.stats import t

from metrics import blocks
from metrics.models import Certainty
from metrics.queries.agreements import SCORINGS


def measured(question: dict[str, Any], table: pd.DataFrame) -> dict[str, Any] | None:
    """The agreement over the periods asked of, each period weighing as many contacts as it rests on; None where none
    was measured. ``wider``: of the units above, for the place itself has none."""
    asked = question.get("agreement")
    if not asked:
        return None
    rows = table[table["series"].isin(asked["series"]) & (table["n"] > 0)].dropna(subset=["numerator"])
    if rows.empty:
        return None
    value = float(np.average(rows["numerator"], weights=rows["n"]))
    return {"value": value, "items": int(rows["n"].sum()), "wider": asked["wider"]}


def spread_of(series: Sequence[int]) -> float | None:
    """The variance of single contacts within a period, in the metric's unit, pooled over these series: read back from
    the intervals of their means. None where nobody scored two contacts in a period."""
    squares = degrees = 0.0
    rows = Certainty.objects.filter(series__in=series, basis=SCORINGS).values_list("content", flat=True)
    for content in rows:
        columns = blocks.unpack(bytes(content))
        n = columns["n"]
        known = np.isfinite(columns["low"]) & (n > 1)
        n, half = n[known], (columns["high"][known] - columns["low"][known]) / 2
        squares += float(((n - 1) * n * (half / t.ppf(0.975, n - 1)) ** 2).sum())
        degrees += float((n - 1).sum())
    return squares / degrees if degrees and squares > 0 else None
