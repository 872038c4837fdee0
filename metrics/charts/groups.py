"""Charts of a comparison: intervals by name in their groups, and the funnel."""

from __future__ import annotations

from typing import Any

from django.utils.translation import gettext as _

from metrics.charts.looks import COMMON, CONFIG, INK, LINE, LOOKS, MUTED, hover, plain, suffix, value_axis
from metrics.models import Metric
from metrics.wording import amount, comparing, figure
from metrics.wording.figures import lower_end

Facts = dict[str, Any]
ROW_HEIGHT, LABELLED = 30, 14


def layout(height: int, **more: Any) -> dict[str, Any]:
    return {
        "height": height,
        "paper_bgcolor": "rgba(0,0,0,0)",
        "plot_bgcolor": "rgba(0,0,0,0)",
        "showlegend": False,
        "hovermode": "closest",
        "font": {"family": "system-ui, sans-serif", "size": 13, "color": INK},
        "hoverlabel": {"align": "left", "bgcolor": "var(--bs-body-bg)", "font": {"color": INK}},
        **more,
    }


def _rows(facts: Facts, names: dict[int, str]) -> list[Facts]:
    """By group, the highest on top, and by name within: an order that the data carry."""
    seen = [row for row in facts["groups"] if row["id"] in names and row["value"] is not None]
    return sorted(seen, key=lambda row: (-row["band"], names[row["id"]].casefold(), row["id"]))


def _told(row: Facts, facts: Facts, metric: Metric, names: dict[int, str], decimals: int) -> str:
    parts = [names[row["id"]], amount(row["value"], metric, decimals)]
    if row["low"] is not None:
        parts.append(
            _("95 %% interval %(low)s to %(high)s")
            % {"low": lower_end(row["low"], metric, decimals), "high": amount(row["high"], metric, decimals)}
        )
    if row["size"] is not None:
        parts.append(_("n = %(n)s") % {"n": figure(row["size"], 0)})
    if row["outside"]:
        parts.append(str(comparing.OUTSIDE[row["outside"]]))
    return "; ".join(parts)


def _look(row: Facts, direction: int) -> tuple[str, str, int]:
    if not row["outside"]:
        return LOOKS["common_cause"][0], "circle", 9
    good = row["outside"] * direction
    return LOOKS["neutral_high" if not direction else "improvement" if good > 0 else "concern"]


def intervals(metric: Metric, facts: Facts, names: dict[int, str]) -> dict[str, Any]:
    """Each value with its 95 % interval, in the groups that cannot be told apart."""
    rows = _rows(facts, names)
    decimals = comparing.decimals_for(metric, facts)
    looks = [_look(row, metric.direction) for row in rows]
    keys = [str(row["id"]) for row in rows]
    # As tall as the frame that waits for it.
    height = max(320, 60 + ROW_HEIGHT * len(rows))
    points: dict[str, Any] = {
        "type": "scatter",
        "mode": "markers",
        "name": "points",
        "x": [row["value"] for row in rows],
        "y": keys,
        "error_x": {
            "type": "data",
            "symmetric": False,
            "array": [(row["high"] - row["value"]) if row["high"] is not None else 0 for row in rows],
            "arrayminus": [(row["value"] - row["low"]) if row["low"] is not None else 0 for row in rows],
            "color": MUTED,
            "thickness": 1.5,
            "width": 4,
        },
        "marker": {
            "opacity": 1,
            "color": [look[0] for look in looks],
            "symbol": [look[1] for look in looks],
            "size": [look[2] for look in looks],
        },
        "text": [hover(_told(row, facts, metric, names, decimals)) for row in rows],
        "hovertemplate": "%{text}<extra></extra>",
        "customdata": ["" for _row in rows],
    }
    return {
        "data": [points],
        "layout": layout(
            height,
            margin={"t": 8, "b": 40, "l": 8, "r": 72},
            xaxis={**value_axis(decimals), "ticksuffix": suffix(metric)},
            yaxis={
                "type": "category",
                "categoryarray": keys,
                "categoryorder": "array",
                **_reach(len(rows), height),
                "tickvals": keys,
                "ticktext": [plain(_short(names[row["id"]])) for row in rows],
                "automargin": True,
                "gridcolor": LINE,
            },
            shapes=_grounds(rows, facts),
            annotations=_letters(rows, facts),
        ),
        "config": CONFIG,
        "words": {
            "help": _("Chart. Use the left and right arrow keys to go from one to the next."),
            "points": [_told(row, facts, metric, names, decimals) for row in rows],
        },
    }


def _reach(rows: int, height: int) -> dict[str, Any]:
    """The first on top. Where few stand in a frame for many they stay together in its middle."""
    spare = (height - 60) / ROW_HEIGHT - rows
    return {"range": [rows - 0.5 + spare / 2, -0.5 - spare / 2]} if spare > 0 else {"autorange": "reversed"}


def _short(name: str) -> str:
    return name if len(name) <= 26 else name[:25] + "…"


def _spans(rows: list[Facts]) -> list[tuple[int, int, int]]:
    """(band, first row, last row) of each band, from the top."""
    spans: list[tuple[int, int, int]] = []
    for place, row in enumerate(rows):
        if spans and spans[-1][0] == row["band"]:
            spans[-1] = (row["band"], spans[-1][1], place)
        else:
            spans.append((row["band"], place, place))
    return [span for span in spans if span[0] >= 0]


def _grounds(rows: list[Facts], facts: Facts) -> list[dict[str, Any]]:
    if facts["bands"] < 2:
        return []
    return [
        {
            "type": "rect", "xref": "paper", "x0": 0, "x1": 1, "y0": first - 0.45, "y1": last + 0.45,
            "layer": "below", "line": {"width": 0}, "fillcolor": "var(--cx-soft)",
        }
        for _band, first, last in _spans(rows)
    ]  # fmt: skip


def _letters(rows: list[Facts], facts: Facts) -> list[dict[str, Any]]:
    if facts["bands"] < 2:
        return []
    return [
        {
            "x": 1, "xref": "paper", "xanchor": "left", "xshift": 6, "y": (first + last) / 2, "yanchor": "middle",
            "text": plain(_("group %(letter)s") % {"letter": comparing.letter(band, facts["bands"])}),
            "showarrow": False, "font": {"size": 12, "color": INK},
        }
        for band, first, last in _spans(rows)
    ]  # fmt: skip


def funnel(metric: Metric, facts: Facts, names: dict[int, str]) -> dict[str, Any] | None:
    """Values against what they were counted from, within 95 and 99.8 % limits; None for ready-made numbers."""
    curves = facts["curves"]
    if not curves:
        return None
    rows = _rows(facts, names)
    decimals = comparing.decimals_for(metric, facts)
    looks = [_look(row, metric.direction) for row in rows]
    lines = [
        {"type": "scatter", "mode": "lines", "name": name, "x": curves["size"], "y": curves[name], "hoverinfo": "skip",
         "line": {"color": MUTED, "width": 1, "dash": "dash" if "998" in name else "dot"}}
        for name in ("lower95", "upper95", "lower998", "upper998")
    ]  # fmt: skip
    middle = {
        "type": "scatter", "mode": "lines", "name": "middle", "hoverinfo": "skip", "line": {"color": MUTED, "width": 1.5},
        "x": [curves["size"][0], curves["size"][-1]], "y": [facts["middle"]] * 2,
    }  # fmt: skip
    labelled = len(rows) <= LABELLED
    points: dict[str, Any] = {
        "type": "scatter",
        "mode": "markers+text" if labelled else "markers",
        "name": "points",
        "x": [row["size"] for row in rows],
        "y": [row["value"] for row in rows],
        "marker": {
            "opacity": 1,
            "color": [look[0] for look in looks],
            "symbol": [look[1] for look in looks],
            "size": [look[2] for look in looks],
        },
        "hovertext": [hover(_told(row, facts, metric, names, decimals)) for row in rows],
        "hovertemplate": "%{hovertext}<extra></extra>",
        "customdata": ["" for _row in rows],
    }
    if labelled:
        points |= {
            "text": [plain(_short(names[row["id"]])) for row in rows],
            "textposition": "top center",
            "textfont": {"size": 11, "color": INK},
            "cliponaxis": False,
        }
    ends = [
        {"x": 1, "xref": "paper", "xanchor": "left", "xshift": 4, "y": curves[name][-1], "yanchor": "middle",
         "text": words, "showarrow": False, "font": {"size": 11, "color": MUTED}}
        for name, words in (("upper998", "99.8 %"), ("lower998", "99.8 %"))
        if curves[name][-1] is not None
    ]  # fmt: skip
    return {
        "data": [*lines, middle, points],
        "layout": layout(
            380,
            margin={"t": 24, "b": 48, "l": 56, "r": 72},
            xaxis={"gridcolor": LINE, "zeroline": False, "linecolor": COMMON, "title": {"text": _("counted from (n)")}},
            yaxis={**value_axis(decimals), "ticksuffix": suffix(metric)},
            annotations=ends,
        ),
        "config": CONFIG,
        "words": {
            "help": _("Chart. Use the left and right arrow keys to go from one to the next."),
            "points": [_told(row, facts, metric, names, decimals) for row in rows],
        },
    }
