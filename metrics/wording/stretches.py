"""Two stretches side by side, and how fresh a series is, in words made from facts."""

from __future__ import annotations

import math
from dataclasses import dataclass

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from metrics.models import Analysis, Metric
from metrics.trends.stretches import FEWEST, Compared
from metrics.wording import turning
from metrics.wording.figures import amount, day_of, decimals_of, difference, end_of, end_of_interval, figure
from metrics.wording.narration import Narration

# Days after the end of the latest period from which on a series is stale: the next value is half a period late and more.
LATE = {Metric.Period.DAY: 4, Metric.Period.WEEK: 11, Metric.Period.MONTH: 46}

# Of times whose interval reaches further, from a tenth to ten times, its ends say nothing that anybody could use.
WIDEST = 100
Spans = tuple[tuple[int, int], tuple[int, int]]


def compared_told(metric: Metric, analysis: Analysis, found: Compared, spans: Spans) -> Narration:
    """By how much the second stretch lies above or below the first, or that they cannot be told apart. ``spans``: the
    first and last day of each (ordinals)."""
    return Narration(
        _fact(metric, analysis, found, spans),
        _meaning(found),
        _caveat(found),
        _next_step(found),
        "" if math.isnan(found.low) else turning.of_interval(found.apart),
    )


def _fact(metric: Metric, analysis: Analysis, found: Compared, spans: Spans) -> str:
    decimals = decimals_of(analysis.amr, metric.kind)
    days = [day_of(day, Metric.Period.DAY) for span in spans for day in span]
    told = dict(zip(("first_from", "first_to", "second_from", "second_to"), days, strict=True)) | {
        "first": amount(found.first.level, metric, decimals),
        "second": amount(found.second.level, metric, decimals),
    }
    if math.isnan(found.low):
        return (
            _(
                "From %(first_from)s to %(first_to)s it lay at %(first)s, from %(second_from)s to %(second_to)s at %(second)s."
            )
            % told
        )
    if analysis.settings.get("chart") == "log" and found.high > WIDEST * found.low:
        return (
            _(
                "From %(first_from)s to %(first_to)s it lay at %(first)s, from %(second_from)s to %(second_to)s at "
                "%(second)s; values so few and so far apart leave open by how much it changed."
            )
            % told
        )
    if analysis.settings.get("chart") == "log":
        told |= {name: figure(100 * (number - 1), 1) for name, number in _numbers(found)}
        return (
            _(
                "From %(first_from)s to %(first_to)s it lay at %(first)s, from %(second_from)s to %(second_to)s at "
                "%(second)s: %(difference)s %% "
                "(95 %% interval %(low)s to %(high)s %%)."
            )
            % told
        )
    told |= {
        "difference": difference(found.difference, metric, decimals),
        "low": end_of_interval(found.low, metric, decimals),
        "high": end_of_interval(found.high, metric, decimals),
    }
    return (
        _(
            "From %(first_from)s to %(first_to)s it lay at %(first)s, from %(second_from)s to %(second_to)s at "
            "%(second)s: a difference of %(difference)s "
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
    return Freshness(words, late(days, metric.period))


def late(days: int, period: str) -> bool:
    """Whether data are stale so many days after the end of their latest period: one rule for lists and pages."""
    return days >= LATE[Metric.Period(period)]
