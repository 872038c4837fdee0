"""What would change a verdict: one sentence for each statement about data, from the rule by which it was reached.

The thresholds stand where the rules are: 1 in 20 and 1 in 100 (``metrics.analysing.announcing``, ``metrics.trends.fleet``),
19 in 20 for every interval. Texts alone are made here, so that no statistics are asked for in a request.
"""

from __future__ import annotations

from typing import Any

from django.utils.translation import gettext as _

from metrics.models import Metric, Signal, Standing
from metrics.queries.standings import Judged
from metrics.wording.figures import amount, figure

Facts = dict[str, Any]


def of_signal(signal: Signal, judged: Judged | None) -> str:
    """What ends a pattern that holds, or confirms it; of one that is over only the values themselves could."""
    if signal.gone:
        return ""
    if not signal.current:
        return past()
    if judged and judged.standing == Standing.CONFIRMED:
        return _("It stays confirmed until more than 1 stable series in 20 would look like this.")
    if judged and judged.standing == Standing.WATCH:
        return _(
            "It is confirmed when it goes on so far that fewer than 1 stable series in 100 would look like this, and that "
            "holds among all your series."
        )
    words = {
        "outside": _("The first value within the usual range ends it."),
        "shift": _("The first value on the other side of the average ends it."),
        "trend": _("The first step the other way ends it."),
        "two_of_three": _("Values nearer to the average end it."),
    }
    return words.get(signal.rule, _("It ends when more than 1 stable series in 20 would look like this."))


def past() -> str:
    return _("Only corrected values would change this.")


def of_chance(metric: Metric, facts: Facts, decimals: int) -> str:
    """What would make a target that is likely met even odds; "" where it is not, for that is said with its chance."""
    gap = facts["p50"] - facts["target"] if facts.get("p50") is not None else 0.0
    if gap * metric.direction <= 0:
        return ""
    if amount(abs(gap), metric, decimals) == amount(0.0, metric, decimals):
        return (
            _("A level a trifle lower would make it even odds.")
            if gap > 0
            else _("A level a trifle higher would make it even odds.")
        )
    told = {"gap": figure(abs(gap), decimals) if metric.measure == "%" else amount(abs(gap), metric, decimals)}
    if metric.measure == "%":
        words = (
            _("A level %(gap)s points lower would make it even odds.")
            if gap > 0
            else _("A level %(gap)s points higher would make it even odds.")
        )
    else:
        words = (
            _("A level %(gap)s lower would make it even odds.")
            if gap > 0
            else _("A level %(gap)s higher would make it even odds.")
        )
    return words % told


def of_test(found: bool) -> str:
    """Season, drift, step: looked for anew with every value."""
    if found:
        return _(
            "It is looked for anew with every value, and goes once more than 1 stable series in 20 would show as much."
        )
    return _(
        "It is looked for anew with every value, and told once fewer than 1 stable series in 20 would show as much."
    )


def of_groups(bands: int, parted: bool) -> str:
    if bands > 1 or parted:
        return _(
            "With every further value it is looked for anew; two are together again once their interval holds no difference."
        )
    return _("The more is counted, the narrower the intervals: a real difference would then show.")


def of_gap(run: Facts | None) -> str:
    if run is None:
        return _("A gap outside its limits, or a run of them on one side of the mean, would point to one.")
    return _("It ends with the first gap that does not belong to the pattern.") if run["current"] else past()


def of_correlation(told: bool) -> str:
    if told:
        return _("It is told only while the interval leaves 0 out.")
    return _("More periods would show a weaker one.")


def of_mix(reading: str) -> str:
    words = {
        "mix_explains": _("It is called the mix while the shares of the parts make at least half of the move."),
        "parts_oppose": _(
            "It is said while the parts move against the total by more than chance would make 19 times in 20, or each larger "
            "part does."
        ),
        "parts_explain": _(
            "It is said of the parts while they move by more than chance would make 19 times in 20, and the mix makes less "
            "than half of the move."
        ),
        "not_clear": _("More contacts on both sides would show a smaller move."),
    }
    return words.get(reading, "")


def of_interval(leaves_out: bool) -> str:
    """Of any difference with its 95 % interval."""
    if leaves_out:
        return _("It is told as a change while the 95 %% interval leaves “no change” out.") % {}
    return _("It is told as a change once the 95 %% interval leaves “no change” out.") % {}


def of_agreement(rely: float, tentative: float) -> str:
    return _(
        "It can be relied on once the whole interval lies at %(rely)s or above, and for nothing once it lies below "
        "%(tentative)s."
    ) % {"rely": figure(rely, 1), "tentative": figure(tentative, 3)}
