"""Charts of papers and outcomes: the chart of metrics, fed with frozen facts instead of the stored analysis."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from typing import Any

from django.utils.translation import gettext as _

from improvements.paper.measures import Measure, read
from improvements.paper.measures import marks as frozen_marks
from improvements.paper.measures import rebases as frozen_rebases
from metrics.charts import figure_of
from metrics.models import Mark, Metric, Rebase
from metrics.queries.analyses import PointRow
from metrics.trajectories import paths_of
from metrics.trends import codes

Figure = dict[str, Any]


def paper_figures(content: dict[str, Any]) -> dict[str, Figure]:
    """{id of the chart's block: its figure} for every measure of a frozen content."""
    return {f"chart-{one['series']}": figure(read(one)) for one in content["metrics"]}


def figure(measure: Measure) -> Figure:
    """The chart of one measure as it stood when the paper was frozen."""
    paths = paths_of(measure.content["settings"])
    return figure_of(measure.metric, measure.rows, frozen_marks(measure), frozen_rebases(measure), paths=paths)


def outcome_figure(
    facts: dict[str, Any],
    metric: Metric,
    target: float | None,
    label: str,
    others: Sequence[Mark] = (),
    rebases: Sequence[Rebase] = (),
) -> Figure:
    """Before and after on one chart: the limits of the points before reach across those after; the change is marked, and
    so is all else that stands on the charts of the series."""
    change = Mark(day=dt.date.fromisoformat(facts["change_on"]), label=label, kind=Mark.Kind.ACTION)
    return figure_of(metric, outcome_rows(facts, metric, target), [*others, change], rebases)


def outcome_rows(facts: dict[str, Any], metric: Metric, target: float | None) -> list[PointRow]:
    """The points of a reading with the baseline's lines; those after carry the rules by which they were read."""
    before = [
        _row(facts, day, value, None, 0, "common_cause")
        for day, value in zip(facts["before_days"], facts["before_values"], strict=True)
    ]
    after = [
        _row(facts, day, value, target, *_special(outside, shifted, metric.direction))
        for day, value, outside, shifted in zip(
            facts["after_days"], facts["after_values"], facts["outside"], facts["shifted"], strict=True
        )
    ]
    return before + after


def _row(facts: dict[str, Any], day: int, value: float | None, target: float | None, rules: int, kind: str) -> PointRow:
    return PointRow(
        day=day,
        value=value,
        mean=facts["mean"],
        lower=facts["lower"],
        upper=facts["upper"],
        target=target,
        phase=0,
        trial=False,
        rules=rules,
        kind=kind,
    )


def _special(outside: int, shifted: int, direction: int) -> tuple[int, str]:
    """The rules and the kind of a point after the change, from the sides on which it lies."""
    rules = (codes.OUTSIDE if outside else 0) | (codes.SHIFT if shifted else 0)
    side = outside or shifted
    if not side:
        return rules, "common_cause"
    if not direction:
        return rules, "neutral_high" if side > 0 else "neutral_low"
    return rules, "improvement" if side == direction else "concern"


def change_label() -> str:
    return _("done")
