"""What all parts of a chart share: colours, sizes, days and words."""

from __future__ import annotations

import datetime as dt
import html
import re
from collections.abc import Sequence
from typing import Any

from django.utils.translation import gettext as _

from metrics.models import Metric
from metrics.queries.analyses import PointRow
from metrics.wording import amount, day_of, figure, rule_words
from metrics.wording.figures import MOST, PLAIN, SECONDS

LENGTHS = {1.0: " s", 60.0: " min", 3600.0: " h", 86400.0: " d"}
NAMED = re.compile(r"\{(\w+)\}")
HEIGHT, TOP, BOTTOM = 400, 64, 40
LABEL_GAP = 15
INK, MUTED, LINE = "var(--bs-body-color)", "var(--cx-muted)", "var(--cx-line)"
COMMON, WHISKER = "var(--cx-common)", "var(--cx-whisker)"
# Days as they are written here ("6 Sep"); the library's own are American.
TIME_AXIS = {
    "type": "date",
    "showgrid": False,
    "zeroline": False,
    "linecolor": LINE,
    "tickcolor": LINE,
    "tickformatstops": [
        {"dtickrange": [None, "M1"], "value": "%-d %b\n%Y"},
        {"dtickrange": ["M1", "M12"], "value": "%b %Y"},
        {"dtickrange": ["M12", None], "value": "%Y"},
    ],
}
# Colour and shape together, so that neither print nor eyes need the colour.
LOOKS = {
    "common_cause": (COMMON, "circle", 6),
    "improvement": ("var(--cx-improvement)", "circle", 10),
    "concern": ("var(--cx-concern)", "diamond", 11),
    "neutral_high": ("var(--cx-neutral)", "square", 9),
    "neutral_low": ("var(--cx-neutral)", "square", 9),
}
# Numbers written out, as everywhere else: "60µ" and "1B" are the library's own words for them.
VALUE_AXIS = {
    "gridcolor": LINE,
    "zeroline": False,
    "exponentformat": "none",
    "separatethousands": True,
    "automargin": True,
}
CONFIG = {
    # "Share chart" would send the figure to an outside page; it must never be there.
    "showSendToCloud": False,
    "plotlyServerURL": "",
    "displaylogo": False,
    "responsive": True,
    "modeBarButtonsToRemove": ["select2d", "lasso2d", "autoScale2d"],
    "toImageButtonOptions": {"format": "svg", "filename": "chart"},
}


def value_axis(decimals: int) -> dict[str, Any]:
    """The axis of values that are told with so many decimals: the library itself writes no number below a millionth out."""
    if decimals <= PLAIN:
        return VALUE_AXIS
    if decimals <= MOST:
        return {**VALUE_AXIS, "tickformat": f",.{decimals}~f"}
    return {**VALUE_AXIS, "exponentformat": "power"}


def iso(day: int) -> str:
    return dt.date.fromordinal(day).isoformat()


def plain(text: str) -> str:
    return html.escape(text, quote=False)


def hover(told: str) -> str:
    """The words of one point as plotly shows them beside it."""
    return plain(told).replace("; ", "<br>")


def hovered(period: str) -> str:
    """The same where the words are the value alone: before them the day, as the axis writes it."""
    day = "%b %Y" if period == Metric.Period.MONTH else "%-d %b %Y"
    return f"%{{x|{day}}}: %{{text}}<extra></extra>"


def told_of(rows: Sequence[PointRow], metric: Metric, decimals: int) -> dict[str, Any]:
    """What is told of each point: date, value, n, of a survey its interval and response rate, what was planned, rule.

    ``parts``: the forms, each left out where one of its ``columns`` has nothing to say of a point (``words_of``).
    """
    paths = [None if row.planned is None else amount(row.planned, metric, decimals) for row in rows]
    planned = {"planned": paths} if any(paths) else {}
    return {
        "parts": [
            "{day}",
            "{value}",
            _("n = %(n)s") % {"n": "{n}"},
            _("95 %% interval %(low)s to %(high)s") % {"low": "{low}", "high": "{high}"},
            _("%(rate)s %% answered") % {"rate": "{rate}"},
            *([_("trajectory %(value)s") % {"value": "{planned}"}] if planned else []),
            "{rule}",
        ],
        "columns": {
            "day": [day_of(row.day, metric.period) for row in rows],
            "value": [amount(row.value, metric, decimals) for row in rows],
            "n": [None if row.n is None else figure(row.n, 0) for row in rows],
            "low": [None if row.low is None else amount(row.low, metric, decimals) for row in rows],
            "high": [None if row.high is None else amount(row.high, metric, decimals) for row in rows],
            "rate": [None if row.response is None else figure(row.response, 0) for row in rows],
            **planned,
            "rule": [rule_words(row.rules) or None for row in rows],
        },
    }


def words_of(told: dict[str, Any]) -> list[str]:
    """The words of each point, from what ``told_of`` says of all."""
    named = [(part, NAMED.findall(part)) for part in told["parts"]]
    columns = told["columns"]
    points = (dict(zip(columns, each, strict=True)) for each in zip(*columns.values(), strict=True))
    return ["; ".join(_filled(part, point) for part, names in named if _has(point, names)) for point in points]


def _has(point: dict[str, str | None], names: Sequence[str]) -> bool:
    return all(point[name] is not None for name in names)


def _filled(part: str, point: dict[str, str | None]) -> str:
    return NAMED.sub(lambda name: str(point[name[1]]), part)


def suffix(metric: Metric) -> str:
    """What stands behind each number of an axis, on the page and in print."""
    measure = metric.measure.strip().casefold()
    return "%" if measure == "%" else LENGTHS.get(SECONDS.get(measure, 0.0), "")
