"""The chart of a comparison: the levels before and after on the process behaviour chart, and the strip of placebos."""

from __future__ import annotations

from typing import Any

from django.utils.translation import gettext as _

from metrics.charts.looks import COMMON, CONFIG, INK, LINE, MUTED, TIME_AXIS, iso, plain
from metrics.models import Metric
from metrics.wording import day_of
from metrics.wording.effects import Told, change_words

STRIP_HEIGHT = 220
Facts = dict[str, Any]


def with_levels(figure: dict[str, Any], facts: Facts, until: int, day: int) -> dict[str, Any]:
    """The same figure with the level before the change and the level after it, where each was measured."""
    change = facts.get("change")
    days = list(figure["data"][-1]["x"])
    before, after = [one for one in days if one <= iso(until)], [one for one in days if one >= iso(day)]
    # Net of a drift there are no two levels to draw.
    unknown = change is None or None in (facts["level"], change["difference"])
    if change is None or unknown or "drift_before" in facts["cautions"] or not before or not after:
        return figure
    levels = ((before, facts["level"]), (after, facts["level"] + change["difference"]))
    lines = [
        {
            "type": "scatter", "name": "level", "mode": "lines", "hoverinfo": "skip",
            "x": [part[0], part[-1]], "y": [level, level], "line": {"color": INK, "width": 3},
        }
        for part, level in levels
    ]  # fmt: skip
    return {**figure, "data": [*figure["data"][:-1], *lines, figure["data"][-1]]}


def strip(facts: Facts, told: Told) -> dict[str, Any] | None:
    """Each earlier date tried with the difference it shows and its interval, then the change itself, on one scale."""
    change = facts.get("change")
    if change is None or not facts["placebos"]:
        return None
    rows = [*facts["placebos"], [told.day, change["difference"], change["low"], change["high"]]]
    rows = [row for row in rows if None not in row]
    if not rows:
        return None
    words = [f"{day_of(row[0], told.metric.period)}: {_words(row, told)}" for row in rows]
    points = {
        "type": "scatter", "mode": "markers", "name": "points",
        "x": [iso(row[0]) for row in rows],
        "y": [row[1] for row in rows],
        "error_y": {
            "type": "data", "symmetric": False, "color": MUTED, "thickness": 1, "width": 0,
            "array": [row[3] - row[1] for row in rows],
            "arrayminus": [row[1] - row[2] for row in rows],
        },
        "marker": {
            "opacity": 1,
            "color": [COMMON if row[0] != told.day else INK for row in rows],
            "symbol": ["circle" if row[0] != told.day else "diamond" for row in rows],
            "size": [6 if row[0] != told.day else 11 for row in rows],
        },
        "text": [plain(one) for one in words],
        "hovertemplate": "%{text}<extra></extra>",
    }  # fmt: skip
    return {"data": [points], "layout": _layout(told.metric), "config": CONFIG, "words": _spoken(words)}


def _words(row: list[float], told: Told) -> str:
    given = dict(zip(("difference", "low", "high"), row[1:], strict=True)) | {"percent": None}
    return change_words(given, told)


def _layout(metric: Metric) -> dict[str, Any]:
    return {
        "height": STRIP_HEIGHT,
        "margin": {"t": 16, "b": 40, "l": 56, "r": 24},
        "paper_bgcolor": "rgba(0,0,0,0)",
        "plot_bgcolor": "rgba(0,0,0,0)",
        "showlegend": False,
        "hovermode": "closest",
        "font": {"family": "system-ui, sans-serif", "size": 13, "color": INK},
        "hoverlabel": {"align": "left", "bgcolor": "var(--bs-body-bg)", "font": {"color": INK}},
        "xaxis": TIME_AXIS,
        "yaxis": {"gridcolor": LINE, "zeroline": True, "zerolinecolor": MUTED},
    }


def _spoken(words: list[str]) -> dict[str, Any]:
    help_words = _("Chart. Use the left and right arrow keys to go from point to point.")
    return {"help": help_words, "points": words}
