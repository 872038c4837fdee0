"""Charts of two: a gap with its limits, two metrics on one axis of time, and the scatter of what is left of them."""

from __future__ import annotations

import base64
import math
from typing import Any

from django.utils.translation import gettext as _

from metrics.charts.groups import layout
from metrics.charts.looks import COMMON, CONFIG, INK, LINE, MUTED, TIME_AXIS, hovered, iso, plain, suffix, value_axis
from metrics.charts.xmr import figure_of
from metrics.models import Metric
from metrics.queries.analyses import PointRow
from metrics.trends import codes, unpack
from metrics.wording import amount, day_of, decimals_of
from metrics.wording.figures import of_differences

Facts = dict[str, Any]
TYPES = {codes.NEUTRAL_HIGH: "neutral_high", codes.NEUTRAL_LOW: "neutral_low"}


def gap_rows(facts: Facts) -> list[PointRow]:
    """The stored points of a gap, as the chart of a series has them."""
    points = unpack(base64.b64decode(facts["points"]))
    trial = points.per_point((points.phase_notes & codes.TRIAL_LIMITS) > 0).tolist()
    columns = zip(
        points.days.tolist(), points.values.tolist(), points.mean.tolist(), points.lpl.tolist(), points.upl.tolist(),
        points.phase.tolist(), trial, points.rules.tolist(), points.point_type.tolist(), strict=True,
    )  # fmt: skip
    return [
        PointRow(
            day=day, value=_number(value), mean=_number(mean), lower=_number(lower), upper=_number(upper), target=None,
            phase=phase, trial=short, rules=rules, kind=TYPES.get(kind, "common_cause"),
        )
        for day, value, mean, lower, upper, phase, short, rules, kind in columns
    ]  # fmt: skip


def gap(metric: Metric, facts: Facts) -> dict[str, Any]:
    """The difference in time."""
    return figure_of(of_differences(metric, short=True), gap_rows(facts))


def _number(value: float) -> float | None:
    return value if math.isfinite(value) else None


def side_by_side(metric: Metric, other: Metric, facts: Facts) -> dict[str, Any]:
    """Two metrics above one another on one axis of time, each with its own scale."""
    days = [iso(day) for day in facts["days"]]
    traces, told = [], []
    for name, one, axis in (("one", metric, "y"), ("other", other, "y2")):
        traces.append(
            {
                "type": "scatter", "mode": "lines+markers", "name": name, "x": days, "y": facts[name], "yaxis": axis,
                "connectgaps": False, "line": {"color": COMMON, "width": 1}, "marker": {"size": 5, "color": COMMON},
                "text": [plain(amount(value, one, _decimals(facts[name], one))) for value in facts[name]],
                "hovertemplate": hovered(facts["period"]),
            }
        )  # fmt: skip
    titles = [
        {"x": 0, "xref": "paper", "xanchor": "left", "y": top, "yref": "paper", "yanchor": "bottom", "showarrow": False,
         "text": plain(one.name), "font": {"size": 12, "color": INK}}
        for one, top in ((metric, 1.0), (other, 0.44))
    ]  # fmt: skip
    traces[-1]["name"] = "points"
    told = [
        "; ".join(
            [
                day_of(day, facts["period"]),
                f"{metric.name} {amount(a, metric, _decimals(facts['one'], metric))}",
                f"{other.name} {amount(b, other, _decimals(facts['other'], other))}",
            ]
        )
        for day, a, b in zip(facts["days"], facts["one"], facts["other"], strict=True)
    ]
    return {
        "data": traces,
        "layout": layout(
            420,
            margin={"t": 28, "b": 40, "l": 56, "r": 24},
            xaxis=TIME_AXIS | {"anchor": "y2"},
            yaxis={**value_axis(_decimals(facts["one"], metric)), "domain": [0.56, 1], "ticksuffix": suffix(metric)},
            yaxis2={**value_axis(_decimals(facts["other"], other)), "domain": [0, 0.44], "ticksuffix": suffix(other)},
            annotations=titles,
        ),
        "config": CONFIG,
        "words": {"help": _("Chart. Use the left and right arrow keys to go from point to point."), "points": told},
    }


def _decimals(values: list[float | None], metric: Metric) -> int:
    known = [value for value in values if value is not None]
    return decimals_of((max(known) - min(known)) / 4 if known else None, metric.kind)


def pairs_at(facts: Facts) -> list[tuple[int, float, float]]:
    """(day of the first, what is left of it, what is left of the second so many periods later) of the lag told."""
    lag = max(facts["lag"], 0)
    later = facts["right"][lag:]
    rows = zip(facts["days"], facts["left"], later, strict=False)
    return [(day, one, other) for day, one, other in rows if one is not None and other is not None]


def scatter(metric: Metric, other: Metric, facts: Facts) -> dict[str, Any]:
    """What is left of the one against what is left of the other, at the lag that the sentence tells."""
    rows = pairs_at(facts)
    told = [day_of(day, facts["period"]) for day, _one, _other in rows]
    axis = {"gridcolor": LINE, "zeroline": True, "zerolinecolor": MUTED}
    return {
        "data": [
            {
                "type": "scatter", "mode": "markers", "name": "points",
                "x": [one for _day, one, _other in rows], "y": [other for _day, _one, other in rows],
                "marker": {"size": 7, "color": COMMON, "opacity": 1}, "text": [plain(words) for words in told],
                "hovertemplate": "%{text}<extra></extra>", "customdata": ["" for _row in rows],
            }
        ],
        "layout": layout(
            360,
            margin={"t": 8, "b": 48, "l": 64, "r": 24},
            xaxis={**axis, "title": {"text": plain(_measured(metric))}},
            yaxis={**axis, "title": {"text": plain(_measured(other))}},
        ),
        "config": CONFIG,
        "words": {"help": _("Chart. Use the left and right arrow keys to go from point to point."), "points": told},
    }  # fmt: skip


def _measured(metric: Metric) -> str:
    """Its name and in what its differences are told: what is left of a share is so many percentage points."""
    measure = of_differences(metric).measure
    return f"{metric.name} ({measure})" if measure else metric.name
