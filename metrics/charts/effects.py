"""The chart of a comparison: the levels before and after on the process behaviour chart, and the strip of placebos."""

from __future__ import annotations

import datetime as dt
from typing import Any

from django.utils.translation import gettext as _

from metrics.charts.looks import COMMON, CONFIG, INK, MUTED, TIME_AXIS, iso, plain, value_axis
from metrics.wording import day_of
from metrics.wording.changes import Facts, Told, change_words, decimals_for
from metrics.wording.paces import pace_changed

STRIP_HEIGHT = 220


def with_levels(figure: dict[str, Any], facts: Facts, until: int, day: int) -> dict[str, Any]:
    """The same figure with the level before the change and the level after it, where each was measured; with the slopes
    where the pace has changed too."""
    change = facts.get("change")
    days = list(figure["data"][-1]["x"])
    before, after = [one for one in days if one <= iso(until)], [one for one in days if one >= iso(day)]
    ends = _ends(facts, change, (before[0], before[-1], after[0], after[-1])) if change and before and after else None
    if ends is None:
        return figure
    lines = [
        {
            "type": "scatter", "name": "level", "mode": "lines", "hoverinfo": "skip",
            "x": [part[0], part[-1]], "y": list(levels), "line": {"color": INK, "width": 3},
        }
        for part, levels in zip((before, after), ends, strict=True)
    ]  # fmt: skip
    return {**figure, "data": [*figure["data"][:-1], *lines, figure["data"][-1]]}


def _ends(facts: Facts, change: Facts, days: tuple[str, ...]) -> tuple[tuple[float, float], tuple[float, float]] | None:
    """The values on the first and last of these days before and after; None where they are not known. Net of a
    comparison series the lines of the series itself say nothing of a pace."""
    pace = facts.get("pace")
    if pace and not facts.get("net") and pace_changed(facts) and None not in pace["lines"]:
        asked = [dt.date.fromisoformat(day[:10]).toordinal() for day in days]
        sides = [_line(pace["days"][side], pace["lines"][side], asked[side]) for side in (slice(0, 2), slice(2, 4))]
        return sides[0], sides[1]
    # Net of a drift there are no two levels to draw.
    if None in (facts["level"], change["difference"]) or "drift_before" in facts["cautions"]:
        return None
    after = facts["level"] + change["difference"]
    return (facts["level"], facts["level"]), (after, after)


def _line(days: list[int], values: list[float], asked: list[int]) -> tuple[float, float]:
    """The values on two days of the straight line through two others."""
    slope = (values[1] - values[0]) / max(1, days[1] - days[0])
    return values[0] + slope * (asked[0] - days[0]), values[0] + slope * (asked[1] - days[0])


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
    return {
        "data": [points],
        "layout": _layout(decimals_for(change, told.metric)),
        "config": CONFIG,
        "words": _spoken(words),
    }


def _words(row: list[float], told: Told) -> str:
    given = dict(zip(("difference", "low", "high"), row[1:], strict=True)) | {"percent": None}
    return change_words(given, told)


def _layout(decimals: int) -> dict[str, Any]:
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
        "yaxis": {**value_axis(decimals), "zeroline": True, "zerolinecolor": MUTED},
    }


def _spoken(words: list[str]) -> dict[str, Any]:
    help_words = _("Chart. Use the left and right arrow keys to go from point to point.")
    return {"help": help_words, "points": words}
