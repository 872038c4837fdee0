"""By which rules the small charts of a comparison were made: one line where all are alike, else one for each kind."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence

from metrics.models import Analysis, Metric
from metrics.trends import Points, Settings, choice, codes
from metrics.wording.charts import INSTEAD
from metrics.wording.notes import settings_line


def summed_line(metric: Metric, points: Points, definition: int | None) -> str:
    """The settings line of a chart that was made for several series added up, which has no stored analysis of its own.
    ``definition``: the version of the metric's definition by which they were counted."""
    settings = {
        **Settings().as_dict(),
        "chart": choice.NAMES[points.chart],
        "chart_asked": metric.chart,
        "kind": metric.kind,
        "definition": definition,
    }
    notes = [name for name in INSTEAD if points.notes & getattr(codes, name.upper())]
    return settings_line(Analysis(settings=settings, notes=notes))


def by_line(lines: Sequence[tuple[str, str]]) -> list[tuple[str, str]]:
    """(settings line, names of the charts that it is of) from (name, settings line); no names where all have the same."""
    found: dict[str, list[str]] = defaultdict(list)
    for name, line in lines:
        found[line].append(name)
    if len(found) == 1:
        return [(line, "") for line in found]
    return [(line, ", ".join(names)) for line, names in found.items()]
