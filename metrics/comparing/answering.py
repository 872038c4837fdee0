"""From a study's question to its stored answer."""

from __future__ import annotations

from typing import Any

from metrics.comparing import correlations, gaps, groups, mixes
from metrics.models import Metric, Study

GONE = {"problem": "gone"}


def answer(study: Study) -> dict[str, Any]:
    """The facts that answer the question of a study; ``problem`` where the data cannot."""
    question: dict[str, Any] = study.question
    metric = Metric.objects.filter(pk=question["metric"]).first()
    if metric is None:
        return GONE
    if study.kind == Study.Kind.CORRELATION:
        other = Metric.objects.filter(pk=question["other"]).first()
        return GONE if other is None else correlations.compare(metric, other, question, study.series)
    answers = {Study.Kind.GROUPS: groups.compare, Study.Kind.GAP: gaps.compare, Study.Kind.MIX: mixes.compare}
    return answers[Study.Kind(study.kind)](metric, question, study.series)
