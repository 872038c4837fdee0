"""The chart by its name, why it is this one, and what the second opinion says: from the stored facts alone."""

from __future__ import annotations

from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext

from metrics.models import Analysis, Metric
from metrics.trends import Points, codes
from metrics.wording.figures import day_of

NAMES: dict[str, str | Promise] = {
    "xmr": gettext_lazy("XmR chart"),
    "p": gettext_lazy("p′ chart"),
    "u": gettext_lazy("u′ chart"),
    "c": gettext_lazy("c′ chart"),
    "log": gettext_lazy("log-XmR chart"),
    "t": gettext_lazy("t chart"),
    "g": gettext_lazy("g chart"),
}
# Why this chart, when it follows from what is measured.
FITS: dict[str, str | Promise] = {
    "xmr": gettext_lazy("for single values: limits from the changes between neighbours"),
    "p": gettext_lazy("for a share of counted things: limits widen where few were counted"),
    "u": gettext_lazy("for events per counted thing: limits widen where little was counted"),
    "c": gettext_lazy("for counts: limits never narrower than chance alone makes them"),
    "log": gettext_lazy("for times: limits from their logarithms, as a few long ones are ordinary"),
    "t": gettext_lazy("for the time between rare events"),
    "g": gettext_lazy("for the number of cases between rare events"),
}
# Why the values are drawn on an XmR chart although another was wanted.
INSTEAD: dict[str, str | Promise] = {
    "counts_unknown": gettext_lazy("because not every value comes with the counts behind it"),
    "large_counts": gettext_lazy("because so many are counted that counting adds next to nothing to what varies"),
    "not_counts": gettext_lazy("because the numbers behind the values are no whole counts"),
    "not_positive": gettext_lazy("because not every time is above 0"),
}
WANTED = {Metric.Kind.PROPORTION: "p", Metric.Kind.RATE: "u", Metric.Kind.COUNT: "c", Metric.Kind.DURATION: "log"}


def chart_name(analysis: Analysis) -> str:
    """The chart of a stored analysis: "p′ chart"; one made before there was a choice is an XmR chart."""
    return str(NAMES.get(analysis.settings.get("chart", "xmr"), NAMES["xmr"]))


def chart_line(analysis: Analysis) -> str:
    """The chart and why it is this one: "p′ chart for a share of counted things: limits widen where few …"."""
    facts = analysis.settings
    chart, asked = facts.get("chart", "xmr"), facts.get("chart_asked", "automatic")
    if "chart" not in facts:
        return chart_name(analysis)
    if asked != "automatic" and asked == chart:
        return _("%(chart)s, chosen by a person: %(why)s") % {"chart": chart_name(analysis), "why": FITS[chart]}
    wanted = asked if asked != "automatic" else WANTED.get(facts.get("kind", ""), "xmr")
    instead = next((words for code, words in INSTEAD.items() if code in analysis.notes), None)
    if chart == "xmr" and wanted != "xmr" and instead is not None:
        return _("XmR chart %(why)s") % {"why": instead}
    return _("%(chart)s %(why)s") % {"chart": chart_name(analysis), "why": FITS.get(chart, FITS["xmr"])}


def second_opinion(points: Points, metric: Metric) -> str:
    """What the EWMA chart says of the latest value, beside the rules: one sentence, "" where there is no opinion."""
    if points.second is None or points.latest < 0 or points.second[points.latest] != points.second[points.latest]:
        return ""
    said = _side(points)
    side = points.second_side
    since = day_of(int(points.days[points.second_since]), metric.period) if side else ""
    above = pgettext("second opinion", "above") if side > 0 else pgettext("second opinion", "below")
    told = {"side": above, "since": since}
    if not side and not said:
        return _("A second chart, which is quicker with small lasting changes (EWMA), finds none either.")
    if not side:
        return _(
            "A second chart, which looks for small lasting changes (EWMA), does not see this one (yet): "
            "look whether the next values stay."
        )
    if side == said:
        return (
            _(
                "A second chart, which looks for small lasting changes (EWMA), agrees: it has been %(side)s its limits "
                "since %(since)s."
            )
            % told
        )
    if not said:
        return (
            _(
                "A second chart, which is quicker with small lasting changes (EWMA), has been %(side)s its limits since "
                "%(since)s, although no rule fires at the latest value: keep an eye on it."
            )
            % told
        )
    return (
        _(
            "A second chart, which looks for small lasting changes (EWMA), still lies %(side)s its limits since %(since)s: "
            "the latest values point the other way."
        )
        % told
    )


def _side(points: Points) -> int:
    """Which way the rules point at the latest value: +1 high or rising, -1 low or falling, 0 nowhere."""
    label = int(points.label[points.latest])
    return 0 if label == codes.COMMON else (1 if label > 0 else -1)
