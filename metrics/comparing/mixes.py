"""Why a total moved: its parts, or the shares of its parts."""

from __future__ import annotations

import math
from typing import Any

import numpy as np
import pandas as pd

from metrics.comparing import frames, shapes
from metrics.models import Metric
from metrics.trends import mixing

Facts = dict[str, Any]
NONE, NOT_COUNTED, NO_BEFORE = "no_values", "not_counted", "no_before"


def compare(metric: Metric, question: dict[str, Any], series: list[int]) -> Facts:
    """The facts of a split: before is all until the day before ``split``, after from there to ``until``; rates in the
    metric's unit."""
    group_of = {int(pk): int(group) for pk, group in question["groups"].items()}
    table = frames.by_group(frames.observations(series, question.get("from"), question["until"]), group_of)
    if table.empty:
        return {"problem": NONE}
    shape = shapes.shape_of(metric, table)
    if shape == shapes.MEANS:
        return {"problem": NOT_COUNTED}
    side = pd.Series(np.where(table["day"] < question["split"], "before", "after"), index=table.index)
    sums = table.assign(side=side).pivot_table(
        index="group", columns="side", values=["numerator", "denominator"], aggfunc="sum", fill_value=0.0
    )
    sums = sums.reindex(columns=pd.MultiIndex.from_product([["numerator", "denominator"], ["before", "after"]]))
    sums = sums.fillna(0.0)
    if min(float(sums["denominator", name].sum()) for name in ("before", "after")) <= 0:
        return {"problem": NO_BEFORE}
    columns = [sums[name, side].to_numpy() for side in ("before", "after") for name in ("numerator", "denominator")]
    found = mixing.split(*columns, shares=shape == shapes.SHARES)
    scale = metric.scale
    return {
        "reading": found.reading,
        "split": question["split"],
        "until": question["until"],
        "first": int(table["day"].min()),
        "before": _number(found.before * scale),
        "after": _number(found.after * scale),
        "rates": _number(found.rates * scale),
        "mix": _number(found.mix * scale),
        "error": _number(found.error * scale),
        "parts": [
            {
                "id": int(group),
                "before": _number(float(found.rate_before[place]) * scale),
                "after": _number(float(found.rate_after[place]) * scale),
                "share_before": _number(float(found.share_before[place])),
                "share_after": _number(float(found.share_after[place])),
                "rates": _number(float(found.rate_effect[place]) * scale),
                "mix": _number(float(found.mix_effect[place]) * scale),
                "moved": int(found.moved[place]),
            }
            for place, group in enumerate(sums.index)
        ],
    }


def _number(value: float) -> float | None:
    return float(value) if math.isfinite(value) else None
