"""The process behaviour chart of one series: points with mean, limits, target, marks."""

from __future__ import annotations

import datetime as dt
import math
import sys
from collections.abc import Callable, Mapping, Sequence
from typing import Any

from django.utils.translation import gettext as _

from metrics.charts import planned
from metrics.charts.around import ends, flags, shapes
from metrics.charts.beside import beside, levels
from metrics.charts.looks import (
    BOTTOM,
    COMMON,
    CONFIG,
    HEIGHT,
    INK,
    LOOKS,
    MUTED,
    TIME_AXIS,
    TOP,
    WHISKER,
    hover,
    iso,
    suffix,
    told_of,
    value_axis,
    words_of,
)  # fmt: skip
from metrics.models import Analysis, Mark, Metric, Rebase
from metrics.queries.analyses import Behind, PointRow, rows_of
from metrics.trajectories import Path, paths_of
from metrics.wording import decimals_of, spread_of

SHOWN, LATEST = 2_000, 260  # points that a chart can draw, and that a page draws unless all are asked for
LARGEST = sys.float_info.max  # an axis cannot reach beyond it
Url = Callable[[int], str]


def figure(
    analysis: Analysis,
    marks: Sequence[Mark] = (),
    rebases: Sequence[Rebase] = (),
    behind: Mapping[int, Behind] | None = None,
    url_of: Url | None = None,
) -> dict[str, Any]:
    """The chart of a stored analysis; its series must come with the metric. See ``figure_of``."""
    rows = rows_of(analysis, behind, SHOWN)
    return figure_of(analysis.series.metric, rows, marks, rebases, url_of, paths=paths_of(analysis.settings))


def figure_of(
    metric: Metric,
    rows: Sequence[PointRow],
    marks: Sequence[Mark] = (),
    rebases: Sequence[Rebase] = (),
    url_of: Url | None = None,
    find_of: Url | None = None,
    second: bool = False,
    paths: Sequence[Path] = (),
) -> dict[str, Any]:
    """The chart of one series as plotly's ``data``, ``layout`` and ``config``, with ``words`` for the script.

    ``rows``: of ``queries.analyses.rows_of``; the last 2,000 are drawn. ``url_of(day)``: where a click
    leads; ``find_of(day)``: where the key F leads; ``second``: with the faint line of the second opinion; ``paths``:
    the trajectories of the targets (``trajectories.paths_of``), which may go on beyond the latest point.
    """
    rows = list(rows)[-SHOWN:]
    decimals = decimals_of(_spread(rows), metric.kind)
    low, high = _range(rows, paths)
    labels = ends(rows, metric, decimals, low, high)
    made = told_of(rows, metric, decimals)
    told = words_of(made)
    return {
        "data": [
            _joined(rows, metric),
            *_lines(rows),
            *(_second(rows) if second else []),
            _target(rows),
            *beside(rows),
            *(planned.lines(paths, rows[0].day) if rows else []),
            _points(rows, told, url_of),
        ],
        "layout": {
            "height": HEIGHT,
            "margin": {"t": TOP, "b": BOTTOM, "l": 56, "r": _room(labels)},
            "paper_bgcolor": "rgba(0,0,0,0)",
            "plot_bgcolor": "rgba(0,0,0,0)",
            "showlegend": False,
            "hovermode": "closest",
            "dragmode": "zoom",
            "font": {"family": "system-ui, sans-serif", "size": 13, "color": INK},
            "hoverlabel": {"align": "left", "bgcolor": "var(--bs-body-bg)", "font": {"color": INK}},
            "xaxis": TIME_AXIS | _few(rows),
            "yaxis": {**value_axis(decimals), "range": [low, high], "ticksuffix": suffix(metric)},
            "shapes": shapes(rows, marks, rebases),
            "annotations": labels + _goals(rows, paths, metric) + flags(rows, marks, rebases),
        },
        "config": CONFIG,
        "words": {
            "help": _help(url_of, find_of),
            "finds": [find_of(row.day) for row in rows] if find_of else [],
            "points": told,
            # How they are made, so that a page need not send them one by one.
            "made": made,
            "decimals": decimals,
        },
    }


def _help(url_of: Url | None, find_of: Url | None) -> str:
    """How to use the keyboard, as far as this reader may."""
    parts = [_("Chart. Use the left and right arrow keys to go from point to point.")]
    if url_of:
        parts.append(_("Enter opens the rows behind a point."))
    if find_of:
        parts.append(_("F begins a finding from it."))
    return " ".join(parts)


def _second(rows: Sequence[PointRow]) -> list[dict[str, Any]]:
    """The smoothed values of the second opinion, broken between phases as the other lines are."""
    if all(row.second is None for row in rows):
        return []
    x, y = _broken(rows, "second")
    return [_trace("second", x, y, {"color": COMMON, "width": 1.5, "dash": "dashdot"}, mode="lines", connectgaps=False)]


def _room(labels: Sequence[dict[str, Any]]) -> int:
    """Pixels beside the chart for the longest label at its right end."""
    return max([104, *(18 + 7 * len(label["text"]) for label in labels)])


def _spread(rows: Sequence[PointRow]) -> float | None:
    """The ordinary change from point to point in the latest phase with limits."""
    found = (spread_of(row.mean, row.lower, row.upper) for row in reversed(rows))
    return next((one for one in found if one is not None), None)


def _goals(rows: Sequence[PointRow], paths: Sequence[Path], metric: Metric) -> list[dict[str, Any]]:
    return planned.labels(paths, rows[0].day, metric) if rows else []


def _range(rows: Sequence[PointRow], paths: Sequence[Path]) -> tuple[float, float]:
    """Where the data speak: all values, limits, targets and what is planned, with a little air."""
    seen = [
        number
        for row in rows
        for number in (row.value, row.low, row.high, row.lower, row.upper, row.target)
        if number is not None and math.isfinite(number)
    ]
    seen += levels(rows) + (planned.reached(paths, rows[0].day) if rows else [])
    if not seen:
        return 0.0, 1.0
    low, high = min(seen), max(seen)
    if low == high == 0:
        # Nothing but zeros: there is no room below that the data could ever use.
        return -0.06, 1.0
    air = (high - low) * 0.06 or abs(high) * 0.1
    return max(low - air, -LARGEST), min(high + air, LARGEST)


def _few(rows: Sequence[PointRow]) -> dict[str, Any]:
    """With one or two points the axis would name the hours between them: it names their days."""
    return {"tickvals": [iso(row.day) for row in rows], "tickformat": "%-d %b %Y"} if 0 < len(rows) < 3 else {}


def _follows(before: PointRow, after: PointRow, period: str) -> bool:
    """Whether one period comes right after another. A closed weekend is no gap in daily data."""
    gap = after.day - before.day
    if period == Metric.Period.MONTH:
        one, other = dt.date.fromordinal(before.day), dt.date.fromordinal(after.day)
        return (other.year - one.year) * 12 + other.month - one.month <= 1
    if period == Metric.Period.WEEK:
        return gap <= 7
    weekend = all(dt.date.fromordinal(day).weekday() >= 5 for day in range(before.day + 1, after.day))
    return gap <= 1 or (gap <= 3 and weekend)


def _joined(rows: Sequence[PointRow], metric: Metric) -> dict[str, Any]:
    """The thin line through the points; it is broken where a period is missing, for a gap is not zero."""
    x: list[str | None] = []
    y: list[float | None] = []
    for place, row in enumerate(rows):
        if place and not _follows(rows[place - 1], row, metric.period):
            x.append(iso(row.day))
            y.append(None)
        x.append(iso(row.day))
        y.append(row.value)
    line = {"color": COMMON, "width": 1}
    return _trace("line", x, y, line, mode="lines", connectgaps=False)


def _trace(name: str, x: list[Any], y: list[Any], line: dict[str, Any], **more: Any) -> dict[str, Any]:
    return {"type": "scatter", "name": name, "x": x, "y": y, "line": line, "hoverinfo": "skip", **more}


def _lines(rows: Sequence[PointRow]) -> list[dict[str, Any]]:
    looks = {
        "mean": {"color": MUTED, "width": 1.5},
        "lower": {"color": MUTED, "width": 1, "dash": "dash"},
        "upper": {"color": MUTED, "width": 1, "dash": "dash"},
    }
    traces = []
    for name, look in looks.items():
        x, y = _broken(rows, name)
        traces.append(_trace(name, x, y, look, mode="lines", connectgaps=False))
    return traces


def _broken(rows: Sequence[PointRow], name: str) -> tuple[list[str], list[float | None]]:
    """One line's days and heights, broken where a phase ends."""
    x: list[str] = []
    y: list[float | None] = []
    for place, row in enumerate(rows):
        if place and row.phase != rows[place - 1].phase:
            x.append(iso(row.day))
            y.append(None)
        x.append(iso(row.day))
        y.append(getattr(row, name))
    return x, y


def _target(rows: Sequence[PointRow]) -> dict[str, Any]:
    line = {"color": INK, "width": 1.5, "dash": "dot", "shape": "hv"}
    return _trace("target", [iso(row.day) for row in rows], [row.target for row in rows], line, mode="lines")


def _points(rows: Sequence[PointRow], told: Sequence[str], url_of: Url | None) -> dict[str, Any]:
    looks = [LOOKS[row.kind] for row in rows]
    return {
        "type": "scatter",
        "mode": "markers",
        "name": "points",
        "x": [iso(row.day) for row in rows],
        "y": [row.value for row in rows],
        "marker": {
            "opacity": 1,
            "color": [look[0] for look in looks],
            "symbol": [look[1] for look in looks],
            "size": [look[2] for look in looks],
        },
        "text": [hover(words) for words in told],
        "hovertemplate": "%{text}<extra></extra>",
        "customdata": [url_of(row.day) if url_of else "" for row in rows],
        **_whiskers(rows),
    }


def _whiskers(rows: Sequence[PointRow]) -> dict[str, Any]:
    """How sure each point of a survey is, as a thin whisker; nothing where no point has an interval."""
    if not any(row.low is not None for row in rows):
        return {}

    def reach(end: float | None, value: float | None) -> float:
        return 0.0 if end is None or value is None else abs(end - value)

    return {
        "error_y": {
            "type": "data",
            "symmetric": False,
            "array": [reach(row.high, row.value) for row in rows],
            "arrayminus": [reach(row.low, row.value) for row in rows],
            "color": WHISKER,
            "thickness": 1,
            "width": 0,
        }
    }
