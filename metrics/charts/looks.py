"""What all parts of a chart share: colours, sizes, days and words."""

from __future__ import annotations

import datetime as dt
import html

from django.utils.translation import gettext as _

from metrics.models import Metric
from metrics.queries.analyses import PointRow
from metrics.wording import amount, day_of, figure, rule_words

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
CONFIG = {
    # "Share chart" would send the figure to an outside page; it must never be there.
    "showSendToCloud": False,
    "plotlyServerURL": "",
    "displaylogo": False,
    "responsive": True,
    "modeBarButtonsToRemove": ["select2d", "lasso2d", "autoScale2d"],
    "toImageButtonOptions": {"format": "svg", "filename": "chart"},
}


def iso(day: int) -> str:
    return dt.date.fromordinal(day).isoformat()


def plain(text: str) -> str:
    return html.escape(text, quote=False)


def told(row: PointRow, metric: Metric, decimals: int) -> str:
    """One point in words: date, value, n, rule."""
    parts = [day_of(row.day, metric.period), amount(row.value, metric, decimals)]
    if row.n is not None:
        parts.append(_("n = %(n)s") % {"n": figure(row.n, 0)})
    if row.low is not None and row.high is not None:
        span = {"low": amount(row.low, metric, decimals), "high": amount(row.high, metric, decimals)}
        parts.append(_("95 %% interval %(low)s to %(high)s") % span)
    rule = rule_words(row.rules)
    if rule:
        parts.append(rule)
    return "; ".join(parts)
