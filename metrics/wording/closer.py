"""The closer look told in sentences, from its stored facts alone."""

from __future__ import annotations

import datetime as dt
from typing import Any

from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from metrics.models import Analysis, Metric, Series
from metrics.wording import turning
from metrics.wording.figures import amount, day_of, decimals_of, difference, end_of_interval, figure
from metrics.wording.narration import Narration

Facts = dict[str, Any]


def season_told(series: Series, analysis: Analysis, facts: Facts) -> Narration:
    """Whether the metric has a season, and what was taken out for the chart without it."""
    place = {"metric": series.metric.name, "place": series.place}
    weekly = facts["cycle"] == "week"
    if not facts["enough"]:
        return _too_short(place, facts, weekly)
    if not facts["found"]:
        fact = (
            _("%(metric)s, %(place)s: no pattern of weekdays can be told from chance in %(n)s values.")
            if weekly
            else _("%(metric)s, %(place)s: no season can be told from chance in %(n)s values.")
        )
        meaning = _("The plain chart needs no adjustment.")
        caveat = _("A weak season may still be there: about 1 series in 20 without one would show one by chance.")
        place |= {"n": figure(facts["n"], 0)}
        return Narration(fact % place, meaning, caveat, "", turning.of_test(False))
    decimals = decimals_of(analysis.amr, series.metric.kind)
    told = place | {
        "swing": difference(facts["swing"], series.metric, decimals),
        "share": figure(facts["percent"], 0),
        "high": day_of_cycle(facts["high"], weekly),
        "low": day_of_cycle(facts["low"], weekly),
        "lower": amount(facts["lower"], series.metric, decimals),
        "upper": amount(facts["upper"], series.metric, decimals),
    }
    fact = (
        _(
            "%(metric)s, %(place)s, follows a season: its highest lies about %(swing)s above its lowest "
            "(highest around %(high)s, lowest around %(low)s)."
        )
        if facts["percent"] is None
        else _(
            "%(metric)s, %(place)s, follows a season: its highest lies about %(share)s %% above its lowest "
            "(highest around %(high)s, lowest around %(low)s)."
        )
    )
    meaning = _("With the season taken out, values from %(lower)s to %(upper)s are usual.")
    return Narration(fact % told, meaning % told, _adjusted_by(facts, weekly), _next(weekly), turning.of_test(True))


def _too_short(place: dict[str, str], facts: Facts, weekly: bool) -> Narration:
    words = ngettext(
        "%(metric)s, %(place)s: too short to look for a season (%(n)s value).",
        "%(metric)s, %(place)s: too short to look for a season (%(n)s values).",
        facts["n"],
    )
    needed = (
        _("It takes at least two whole weeks, and values to spare.")
        if weekly
        else _("It takes at least two whole years, and values to spare.")
    )
    return Narration(words % {**place, "n": facts["n"]}, needed, "", "")


def _adjusted_by(facts: Facts, weekly: bool) -> str:
    """What was adjusted, and what it changed."""
    told = {
        "cycles": figure(facts["cycles"], 1),
        "n": facts["n"],
        "before": facts["marked"],
        "after": facts["marked_adjusted"],
    }
    words = (
        _(
            "Adjusted: two waves over the week, from %(n)s values in %(cycles)s weeks. Points marked: %(before)s on "
            "the plain chart, %(after)s on the adjusted one. The plain chart stays the one that decides."
        )
        if weekly
        else _(
            "Adjusted: two waves over the year, from %(n)s values in %(cycles)s years. Points marked: %(before)s on "
            "the plain chart, %(after)s on the adjusted one. The plain chart stays the one that decides."
        )
    )
    return words % told


def _next(weekly: bool) -> str:
    if weekly:
        return _("Compare a day with the same weekday, not with the day before.")
    return _("Compare with the same time of last year, not with last month.")


def day_of_cycle(day: int, weekly: bool) -> str:
    """A day of the cycle: "Monday", "early March"."""
    if weekly:
        return date_format(dt.date.fromordinal(1 + day), "l")
    date = dt.date(2001, 1, 1) + dt.timedelta(days=min(day, 364))
    part = (
        _("early %(month)s")
        if date.day <= 10
        else _("the middle of %(month)s")
        if date.day <= 20
        else _("late %(month)s")
    )
    return part % {"month": date_format(date, "F")}


def drift_told(series: Series, analysis: Analysis, facts: Facts) -> Narration:
    """Whether the metric drifts slowly, by how much a period, and since when."""
    place = {"metric": series.metric.name, "place": series.place}
    if not facts["enough"]:
        fact = ngettext(
            "%(metric)s, %(place)s: too few different values to tell a slow drift (%(n)s value).",
            "%(metric)s, %(place)s: too few different values to tell a slow drift (%(n)s values).",
            facts["n"],
        )
        return Narration(fact % {**place, "n": facts["n"]}, "", "", "")
    if not facts["found"] or facts["slope"] is None:
        fact = _("%(metric)s, %(place)s: no slow drift can be told from chance since %(first_day)s.")
        place |= {"first_day": day_of(facts["first_day"], series.metric.period)}
        return Narration(fact % place, _("Nothing points to a change that creeps in."), "", "", turning.of_test(False))
    return _drifts(series, analysis, facts, place)


def _drifts(series: Series, analysis: Analysis, facts: Facts, place: dict[str, str]) -> Narration:
    metric, up = series.metric, facts["slope"] > 0
    ends = [facts[name] for name in ("low", "high")]
    # One decimal more than the points have: a slope is smaller than a step.
    decimals = decimals_of(abs(facts["slope"]), Metric.Kind.SCORE)
    # An end that no number of this machine can hold is not stored, and told by a dash.
    low, high = sorted(abs(end) for end in ends) if None not in ends else (None, None)
    told = place | {
        "slope": difference(abs(facts["slope"]), metric, decimals),
        "low": end_of_interval(low, metric, decimals),
        "high": end_of_interval(high, metric, decimals),
        "whole": difference(abs(facts["slope"]) * facts["periods"], metric, decimals_of(analysis.amr, metric.kind)),
        "first_day": day_of(facts["first_day"], metric.period),
        "period": metric.get_period_display(),
    }
    words = (
        _(
            "%(metric)s, %(place)s, has crept up by about %(slope)s a %(period)s since %(first_day)s, "
            "%(whole)s in all (95 %% interval %(low)s to %(high)s a %(period)s)."
        )
        if up
        else _(
            "%(metric)s, %(place)s, has crept down by about %(slope)s a %(period)s since %(first_day)s, "
            "%(whole)s in all (95 %% interval %(low)s to %(high)s a %(period)s)."
        )
    )
    better = metric.direction * (1 if up else -1)
    meaning = (
        _("This is the direction that is better.")
        if better > 0
        else _("This is the direction that is worse.")
        if better < 0
        else _("Neither direction is better.")
    )
    caveat = _("About 1 series in 20 without a drift would look like this, and one step can look like a drift.")
    if facts.get("adjusted"):
        caveat = _("Measured on the values with their season taken out. %(caveat)s") % {"caveat": caveat}
    next_step = _("Ask what has been changing little by little: work, staff, customers, or how it is counted.")
    return Narration(words % told, meaning, caveat, next_step, turning.of_test(True))
