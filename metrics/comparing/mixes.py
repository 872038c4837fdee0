"""Why a total moved: its parts, or the shares of its parts."""

from __future__ import annotations

import math
from typing import Any

import numpy as np

from metrics.comparing import shapes
from metrics.models import Metric
from metrics.queries import observations
from metrics.trends import mixing

Facts = dict[str, Any]
NONE, NOT_COUNTED, NO_BEFORE = "no_values", "not_counted", "no_before"
SERIES, DAY, COUNT, SIZE = range(4)  # columns of ``observations.within``


def compare(metric: Metric, question: dict[str, Any], series: list[int]) -> Facts:
    """The facts of a split: before is all until the day before ``split``, after from there to ``until``; rates in the
    metric's unit."""
    return facts_of(metric, question, observations.within(dict.fromkeys(series, window_of(question))))


def window_of(question: dict[str, Any]) -> tuple[int, int]:
    """The first and last day of what is compared."""
    return question.get("from") or 0, question["until"]


def facts_of(metric: Metric, question: dict[str, Any], rows: np.ndarray) -> Facts:
    """The same from rows of ``observations.within``, which may hold more than the question asks for.

    Without pandas: a hundred totals may move with one import, and a table of each took longer than all their analyses.
    """
    group_of = {int(pk): int(group) for pk, group in question["groups"].items()}
    first, until = window_of(question)
    known = np.isin(rows[:, SERIES], list(group_of)) & (rows[:, DAY] >= first) & (rows[:, DAY] <= until)
    rows = rows[known]
    if not len(rows):
        return {"problem": NONE}
    days = rows[:, DAY].astype(np.int64)
    ids, place = np.unique([group_of[pk] for pk in rows[:, SERIES].astype(np.int64).tolist()], return_inverse=True)
    # A group may be several series: what is judged is their sum on a day. One without a denominator has none.
    _each, sum_of = np.unique(place * (days.max() + 1) + days, return_inverse=True)
    shape = shapes.shape_of_sums(metric, np.bincount(sum_of, rows[:, COUNT]), np.bincount(sum_of, rows[:, SIZE]))
    if shape == shapes.MEANS:
        return {"problem": NOT_COUNTED}
    after = days >= question["split"]
    columns = [
        np.bincount(place[side], rows[side, column], len(ids)) for side in (~after, after) for column in (COUNT, SIZE)
    ]
    if min(columns[1].sum(), columns[3].sum()) <= 0:
        return {"problem": NO_BEFORE}
    found = mixing.split(*columns, shares=shape == shapes.SHARES)
    scale = metric.scale
    return {
        "reading": found.reading,
        "split": question["split"],
        "until": question["until"],
        "first": int(days.min()),
        "before": _number(found.before * scale),
        "after": _number(found.after * scale),
        "rates": _number(found.rates * scale),
        "mix": _number(found.mix * scale),
        "error": _number(found.error * scale),
        "amr": _number(_step(days, rows) * scale),
        "parts": [
            {
                "id": group,
                "before": _number(float(found.rate_before[place]) * scale),
                "after": _number(float(found.rate_after[place]) * scale),
                "share_before": _number(float(found.share_before[place])),
                "share_after": _number(float(found.share_after[place])),
                "rates": _number(float(found.rate_effect[place]) * scale),
                "mix": _number(float(found.mix_effect[place]) * scale),
                "moved": int(found.moved[place]),
            }
            for place, group in enumerate(ids.tolist())
        ],
    }


def _step(days: np.ndarray, rows: np.ndarray) -> float:
    """The ordinary change of the total from period to period: as exact as the chart of the total is."""
    _days, day_of = np.unique(days, return_inverse=True)
    with np.errstate(all="ignore"):
        steps = np.abs(np.diff(np.bincount(day_of, rows[:, COUNT]) / np.bincount(day_of, rows[:, SIZE])))
    steps = steps[np.isfinite(steps)]
    return float(steps.mean()) if len(steps) else math.nan


def _number(value: float) -> float | None:
    return float(value) if math.isfinite(value) else None
