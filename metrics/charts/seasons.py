"""The picture of a season: the slow movement of a metric, and under it what the season adds or takes."""

from __future__ import annotations

from typing import Any

from django.utils.translation import gettext as _

from metrics.charts.groups import layout
from metrics.charts.looks import COMMON, CONFIG, INK, LINE, MUTED, TIME_AXIS, hovered, iso, plain, suffix
from metrics.models import Metric
from metrics.wording import amount, day_of, decimals_of, figure
from metrics.wording.figures import difference

Facts = dict[str, Any]


def picture(metric: Metric, facts: Facts) -> dict[str, Any]:
    """``facts``: the ``picture`` of ``metrics.analysing.closer.season_facts``; the season of times is in per cent."""
    days = [iso(day) for day in facts["days"]]
    slow, season = (_told(facts[name], facts, metric, name == "season") for name in ("slow", "season"))
    measured = suffix(metric)
    panels = (
        ("slow", "y", slow, _("%(metric)s, slow movement") % {"metric": metric.name}, 1.0),
        ("season", "y2", season, _("what the season adds"), 0.44),
    )
    traces = [
        {
            "type": "scatter", "mode": "lines+markers", "name": "points" if name == "season" else name, "x": days,
            "y": facts[name], "yaxis": axis, "line": {"color": COMMON, "width": 1},
            "marker": {"size": 4, "color": COMMON}, "text": [plain(words) for words in told],
            "hovertemplate": hovered(metric.period),
        }
        for name, axis, told, _title, _top in panels
    ]  # fmt: skip
    titles = [
        {"x": 0, "xref": "paper", "xanchor": "left", "y": top, "yref": "paper", "yanchor": "bottom", "showarrow": False,
         "text": plain(title), "font": {"size": 12, "color": INK}}
        for _name, _axis, _told, title, top in panels
    ]  # fmt: skip
    grid = {"gridcolor": LINE, "zeroline": False}
    return {
        "data": traces,
        "layout": layout(
            360,
            margin={"t": 28, "b": 40, "l": 56, "r": 24},
            xaxis=TIME_AXIS | {"anchor": "y2"},
            yaxis={**grid, "domain": [0.56, 1], "ticksuffix": measured},
            yaxis2={
                **grid, "domain": [0, 0.44], "zeroline": True, "zerolinecolor": MUTED,
                "ticksuffix": "%" if facts["percent"] else measured,
            },
            annotations=titles,
        ),
        "config": CONFIG,
        "words": {
            "help": _("Chart. Use the left and right arrow keys to go from point to point."),
            "points": [
                "; ".join([day_of(day, metric.period), *both])
                for day, *both in zip(facts["days"], slow, season, strict=True)
            ],
        },
    }  # fmt: skip


def _told(values: list[float | None], facts: Facts, metric: Metric, season: bool) -> list[str]:
    known = [value for value in values if value is not None]
    decimals = decimals_of((max(known) - min(known)) / 10 if known else None, metric.kind)
    if season and facts["percent"]:
        return [_("%(share)s %%") % {"share": figure(value, 0)} for value in values]
    if season:
        return [difference(value, metric, decimals) for value in values]
    return [amount(value, metric, decimals) for value in values]
