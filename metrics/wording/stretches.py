"""Two stretches side by side, and how fresh a series is, in words made from facts."""

from __future__ import annotations

import math
from dataclasses import dataclass

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from metrics.models import Analysis, Metric
from metrics.trends.stretches import FEWEST, Compared
from metrics.wording.figures import amount, decimals_of, end_of, figure
from metrics.wording.narration import Narration

# Periods without a value after which a series is called stale.
LATE = {Metric.Period.DAY: 4, Metric.Period.WEEK: 15, Metric.Period.MONTH: 63}


def compared_told(metric: Metric, analysis: Analysis, found: Compared) -> Narration:
    """By how much the second stretch lies above or below the first, or that they cannot be told apart."""
    return Narration(_fact(metric, analysis, found), _meaning(found), _caveat(found), _next_step(found))


def _fact(metric: Metric, analysis: Analysis, found: Compared) -> str:
    decimals = decimals_of(analysis.amr, metric.kind)
    told = {
        "first": amount(found.first.level, metric, decimals),
        "second": amount(found.second.level, metric, decimals),
    }
    if math.isnan(found.low):
        return _("The first stretch lies at %(first)s, the second at %(second)s.") % told
    if analysis.settings.get("chart") == "log":
        told |= {name: figure(100 * (number - 1), 1) for name, number in _numbers(found)}
        return (
            _(
                "The first stretch lies at %(first)s, the second at %(second)s: %(difference)s %% "
                "(95 %% interval %(low)s to %(high)s %%)."
            )
            % told
        )
    told |= {name: amount(number, metric, decimals) for name, number in _numbers(found)}
    return (
        _(
            "The first stretch lies at %(first)s, the second at %(second)s: a difference of %(difference)s "
            "(95 %% interval %(low)s to %(high)s)."
        )
        % told
    )


def _numbers(found: Compared) -> list[tuple[str, float]]:
    return [("difference", found.difference), ("low", found.low), ("high", found.high)]


def _meaning(found: Compared) -> str:
    if math.isnan(found.low):
        return ngettext(
            "Not enough to compare: each stretch needs at least %(n)s value, and some variation.",
            "Not enough to compare: each stretch needs at least %(n)s values, and some variation.",
            FEWEST,
        ) % {"n": FEWEST}
    if found.apart:
        return _("The two stretches differ by more than chance would make of equal ones.")
    return _("The two stretches cannot be told apart: no difference lies within the interval, too.")


def _caveat(found: Compared) -> str:
    if math.isnan(found.low):
        return ""
    return _(
        "The interval is honest for stretches chosen beforehand; of two that were picked because they look different it "
        "says too much."
    )


def _next_step(found: Compared) -> str:
    if found.apart:
        return _("Look what was different between them: the marks on the chart may say.")
    return _("Choose longer stretches, or wait for more values.")


@dataclass(frozen=True)
class Freshness:
    """``words``: how old the latest value is; ``stale``: a value that was due has not come."""

    words: str
    stale: bool


def freshness(analysis: Analysis, metric: Metric, today: int) -> Freshness | None:
    """How old the latest value is, counted from the end of its period; today as an ordinal. None without a value."""
    if analysis.latest_day is None:
        return None
    days = max(0, today - end_of(analysis.latest_day, metric.period))
    words = ngettext("%(days)s day", "%(days)s days", days) % {"days": figure(days, 0)}
    return Freshness(words, days >= LATE[Metric.Period(metric.period)])
