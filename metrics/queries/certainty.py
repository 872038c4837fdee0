"""The intervals of a survey's points, as the worker kept them, beside the points of its analysis."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import replace

from metrics import blocks
from metrics.models import Certainty, Metric, Series, Survey
from metrics.queries.analyses import PointRow

KINDS = (Metric.Kind.PROPORTION, Metric.Kind.SCORE)


def survey_of(metric: Metric) -> Survey | None:
    """What was said of how a metric is asked; None where it is no survey."""
    if metric.kind not in KINDS:
        return None
    if Metric.survey.is_cached(metric):  # type: ignore[attr-defined]
        return getattr(metric, "survey", None)
    return Survey.objects.select_related("asked", "promoters", "spread").filter(metric=metric).first()


def beside(series: Series, rows: Sequence[PointRow]) -> tuple[list[PointRow], str | None]:
    """The points with interval, n and how many were asked; and what the intervals rest on (None: no survey)."""
    found = Certainty.objects.filter(series=series).first() if series.metric.kind in KINDS else None
    if found is None:
        return list(rows), None
    columns = blocks.unpack(bytes(found.content))
    known = {
        int(day): tuple(float(value) if math.isfinite(value) else None for value in told)
        for day, *told in zip(*(columns[name] for name in ("day", "low", "high", "n", "asked")), strict=True)
    }
    joined = []
    for row in rows:
        low, high, n, asked = known.get(row.day, (None, None, None, None))
        joined.append(replace(row, low=low, high=high, n=n if n is not None else row.n, asked=asked))
    return joined, found.basis
