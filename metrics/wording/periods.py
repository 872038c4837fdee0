"""Periods that are not over and periods that are missing, in words."""

from __future__ import annotations

import datetime as dt
from typing import Any

from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from metrics.models import Metric, Series
from metrics.queries.gaps import Gaps
from metrics.wording.figures import day_of, figure


def _day(ordinal: int) -> str:
    return date_format(dt.date.fromordinal(ordinal), "DATE_FORMAT")


def partial_words(plan: dict[str, Any]) -> str:
    """What the plan says of the last period, "" where it is over."""
    partial = plan.get("partial")
    if not partial:
        return ""
    told = {"day": _day(partial["day"]), "until": _day(partial["until"])}
    if plan.get("whole"):
        return _("The last period begins on %(day)s; it was confirmed as complete.") % told
    return (
        _("The last period begins on %(day)s and the file reaches to %(until)s: it is not over, and no rule uses it.")
        % told
    )


def gap_words(plan: dict[str, Any]) -> str:
    """How many periods are missing inside the series of the file, "" for none."""
    gaps = plan.get("gaps") or {}
    if not gaps.get("periods"):
        return ""
    periods = ngettext("%(n)s period is missing", "%(n)s periods are missing", gaps["periods"])
    series = ngettext("inside %(n)s series", "inside %(n)s series", gaps["series"])
    told = f"{periods % {'n': figure(gaps['periods'], 0)}} {series % {'n': figure(gaps['series'], 0)}}"
    return _("%(what)s; a gap stays a gap on the chart.") % {"what": told}


def gaps_told(found: Gaps | None, period: str) -> str:
    """How many periods inside a series have no value and when the first of them was, "" for none."""
    if found is None:
        return ""
    told = {"n": figure(found.missing, 0), "of": figure(found.of, 0), "first": day_of(found.first, period)}
    if period == Metric.Period.MONTH:
        words = ngettext(
            "%(n)s of %(of)s months has no value: %(first)s.",
            "%(n)s of %(of)s months have no value, the first %(first)s.",
            found.missing,
        )
    elif period == Metric.Period.WEEK:
        words = ngettext(
            "%(n)s of %(of)s weeks has no value: %(first)s.",
            "%(n)s of %(of)s weeks have no value, the first %(first)s.",
            found.missing,
        )
    else:
        words = ngettext(
            "%(n)s of %(of)s days has no value: %(first)s.",
            "%(n)s of %(of)s days have no value, the first %(first)s.",
            found.missing,
        )
    closed = _("Days of the week that never have one are not counted.") if found.closed else ""
    return f"{words % told} {closed}".strip()


def not_over(series: Series) -> str:
    """What the page of a series says of its last period, "" where it is over."""
    if series.partial_day is None or series.partial_until is None:
        return ""
    told = {"day": _day(series.partial_day), "until": _day(series.partial_until)}
    return _("The period from %(day)s is known to %(until)s only: no rule uses it until it is complete.") % told
