"""What weakens an analysis, and by which rules it was made."""

from __future__ import annotations

from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from metrics.models import Analysis
from metrics.trends import Settings
from metrics.wording.charts import chart_line

NOTES = {
    "no_values": gettext_lazy("There is no value yet."),
    "too_few_points": gettext_lazy("Too few points: limits need at least two values, and 13 to be trusted."),
    "trial_limits": gettext_lazy("Trial limits: a phase has fewer than 13 points, so its limits may still move."),
    "no_limits": gettext_lazy(
        "No limits: the values have gaps between them, so no change from point to point is known."
    ),
    "no_variation": gettext_lazy("No variation: all values of a phase are the same."),
    "unscreened_used": gettext_lazy(
        "Nearly all values are the same, so the limits rest on the few changes that there were."
    ),
    "mostly_one_value": gettext_lazy(
        "More than half of the values are one and the same, from beginning to end. They count as neither above nor below "
        "the average: only a value that differs can be a signal."
    ),
    "infinite_as_missing": gettext_lazy("A value that is no number (something divided by nothing) counts as missing."),
    "few_events": gettext_lazy(
        "Few events: fewer than three are expected in a period, so the limits are rough. The time between them may say "
        "more."
    ),
    "missing_values": gettext_lazy("Some periods have no value. A gap is not zero, and no rule reaches across it."),
    "zero_left_out": gettext_lazy("A time that is not above 0 has no place on this chart and is left out."),
    "rebase_snapped": gettext_lazy("A rebase date has no value of its own: the new limits begin at the next value."),
    "rebase_unused": gettext_lazy("A rebase date lies after the last value and waits for data."),
}
# Said first where several hold.
ORDER = tuple(NOTES)


def in_force(analysis: Analysis) -> int:
    """How many values the phase in force has; of an analysis that does not know, how many the series has."""
    return analysis.scan_n or analysis.n


def too_few(analysis: Analysis) -> bool:
    """Whether there are values, but fewer than limits need to be trusted: nobody can tell a change from chance yet."""
    return 0 < in_force(analysis) < _wanted(analysis)


def too_early(analysis: Analysis) -> str:
    """That there are too few, how many, and how many are needed."""
    count = in_force(analysis)
    told = {"n": count, "wanted": _wanted(analysis)}
    if count < analysis.n and analysis.settings.get("rebases"):
        words = ngettext(
            "too early to tell. There is %(n)s value since the limits began anew, and %(wanted)s are needed.",
            "too early to tell. There are %(n)s values since the limits began anew, and %(wanted)s are needed.",
            count,
        )
    else:
        words = ngettext(
            "too early to tell. There is %(n)s value so far, and %(wanted)s are needed.",
            "too early to tell. There are %(n)s values so far, and %(wanted)s are needed.",
            count,
        )
    return words % told


def _wanted(analysis: Analysis) -> int:
    return int(analysis.settings.get("min_points", 13))


def notes_of(analysis: Analysis) -> list[Any]:
    """The cautions of an analysis in words; with fewer than 13 points their number is said."""
    # What keeps the values from another chart is said in the settings line; on a t chart it leaves a point out.
    left_out = "not_positive" in analysis.notes and analysis.settings.get("chart") == "t"
    codes = [*analysis.notes, *(["zero_left_out"] if left_out else [])]
    words: list[Any] = [NOTES[code] for code in ORDER if code in codes]
    wanted = _wanted(analysis)
    if 0 < analysis.n < wanted:
        words.insert(
            0,
            ngettext(
                "Only %(n)s value so far: with %(wanted)s the limits can be trusted.",
                "Only %(n)s values so far: with %(wanted)s the limits can be trusted.",
                analysis.n,
            )
            % {"n": analysis.n, "wanted": wanted},
        )
    return words


def settings_line(analysis: Analysis) -> str:
    """By which rules the chart was made, in one line."""
    return " · ".join([chart_line(analysis), *_rules_of(analysis.settings)])


def adjusted_line(analysis: Analysis, logged: bool) -> str:
    """The same for the chart of an analysis with its season taken out."""
    chart = (
        _("XmR chart of the logarithms without the season")
        if logged
        else _("XmR chart of the values without the season")
    )
    return " · ".join([chart, *_rules_of(analysis.settings)])


def outcome_line(definition: int | None) -> str:
    """The same for the chart of an outcome, whose limits come from the points before the change and whose runs are
    counted among those after it; the points are named beside it. ``definition``: the version in force."""
    return " · ".join(
        [_("XmR chart"), *_rules_of(Settings().as_dict() | {"fix_after_n": None, "definition": definition})]
    )


def _rules_of(told: dict[str, Any]) -> list[str]:
    parts = [
        _("shift and trend of %(shift)s points") % {"shift": told.get("shift", 7)}
        if told.get("shift", 7) == told.get("trend", 7)
        else _("shift of %(shift)s, trend of %(trend)s points") % {"shift": told["shift"], "trend": told["trend"]},
        *_baseline_of(told),
        _("outlying ranges screened") if told.get("screen") else _("ranges not screened"),
    ]
    if told.get("rebases"):
        count = len(told["rebases"])
        parts.append(ngettext("%(n)s rebase", "%(n)s rebases", count) % {"n": count})
    if told.get("definition"):
        parts.append(_("version %(number)s of the definition") % {"number": told["definition"]})
    return parts


def _baseline_of(told: dict[str, Any]) -> list[str]:
    """From which points the limits come; nothing where that is said elsewhere (None)."""
    count = told.get("fix_after_n", 0)
    if count is None:
        return []
    if count:
        return [
            ngettext("limits from the first %(n)s point", "limits from the first %(n)s points", count) % {"n": count}
        ]
    return [_("limits from all points of a phase")]
