"""The difference between two groups in time: paired period by period, with limits of its own."""

from __future__ import annotations

import base64
import math
from typing import Any

import numpy as np

from metrics.comparing import frames, shapes
from metrics.models import Metric
from metrics.trends import Batch, Settings, analyse, codes, differences, pack, runs

Facts = dict[str, Any]
NONE, TOO_FEW = "no_values", "too_few_pairs"
FEWEST = 3
RULES = {
    codes.OUTSIDE: "outside",
    codes.SHIFT: "shift",
    codes.TREND: "trend",
    codes.TWO_OF_THREE: "two_of_three",
}


def compare(metric: Metric, question: dict[str, Any], series: list[int]) -> Facts:
    """The facts of a gap (one - other) in the metric's unit; periods in which either has no value are left out."""
    group_of = {int(pk): int(group) for pk, group in question["groups"].items()}
    table = frames.by_group(frames.observations(series, question.get("from"), question.get("to")), group_of)
    if table.empty:
        return {"problem": NONE}
    if shapes.cannot_add(metric, table):
        return {"problem": shapes.CANNOT_ADD}
    table = table.assign(value=shapes.values(table) * metric.scale)
    wide = frames.pivot(table, "value").reindex(columns=[question["one"], question["other"]])
    paired = wide.dropna()
    if len(paired) < FEWEST:
        return {"problem": TOO_FEW}
    gap = (paired[question["one"]] - paired[question["other"]]).to_numpy()
    days = paired.index.to_numpy(np.int64)
    result = analyse(Batch.build(gap, [0, len(gap)], days), Settings())
    found = [_run(*row, days=days, gap=gap) for row in _rows(result)]
    error = float(gap.std(ddof=1)) / math.sqrt(len(gap)) * math.sqrt(shapes.alike([gap]))
    amr = float(result.phase_amr[-1])
    low, high = differences.mean_limits([gap.mean()], [error], [len(gap)], differences.critical(2))
    return {
        "first": int(days[0]),
        "last": int(days[-1]),
        "pairs": len(gap),
        "left_out": len(wide) - len(paired),
        "mean": float(gap.mean()),
        "low": float(low[0]),
        "high": float(high[0]),
        "amr": amr if math.isfinite(amr) else None,
        "runs": found,
        "days": days.tolist(),
        "one": paired[question["one"]].tolist(),
        "other": paired[question["other"]].tolist(),
        "points": base64.b64encode(pack(result, 0)).decode(),
    }


def _rows(result: Any) -> Any:
    seen = runs(result)
    return zip(
        seen.rule.tolist(), seen.direction.tolist(), seen.first.tolist(), seen.last.tolist(), seen.since_end.tolist(),
        strict=True,
    )  # fmt: skip


def _run(
    rule: int, direction: int, first: int, last: int, since_end: int, *, days: np.ndarray, gap: np.ndarray
) -> Facts:
    """One run of a rule, with the mean gap before it and in it."""
    return {
        "rule": RULES[rule],
        "direction": direction,
        "first": int(days[first]),
        "last": int(days[last]),
        "points": last - first + 1,
        "current": since_end == 0,
        "before": float(gap[:first].mean()) if first else None,
        "since": float(gap[first : last + 1].mean()),
    }
