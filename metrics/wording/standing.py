"""Confirmed, Watch, Quiet in words, from stored facts alone."""

from __future__ import annotations

import math
from collections.abc import Sequence

from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from metrics.models import Metric, Rebase, Signal, Standing
from metrics.queries.standings import Judged
from metrics.trends.codes import DRAWN, WIDEST
from metrics.wording.figures import amount, decimals_of, figure

WORDS = {
    Standing.CONFIRMED.value: gettext_lazy("Confirmed"),
    Standing.WATCH.value: gettext_lazy("Watch"),
    Standing.QUIET.value: gettext_lazy("Quiet"),
    Standing.TOO_FEW.value: gettext_lazy("Too few values"),
}
MEANINGS = {
    Standing.CONFIRMED.value: gettext_lazy(
        "Chance does not explain this change, even among all your series. It stays open until somebody acknowledges it "
        "with a word, also when the latest values are quiet again."
    ),
    Standing.WATCH.value: gettext_lazy("A rule has marked the latest value, but chance alone does so now and then."),
    Standing.QUIET.value: gettext_lazy("Nothing points to a change."),
    Standing.TOO_FEW.value: gettext_lazy("With fewer than 13 values nobody can tell a change from chance."),
}

DAYS = {"day": 1, "week": 7, "month": 31}
# What the latest values of a series are, beside a confirmed change that is over.
NOW = {
    Standing.CONFIRMED.value: gettext_lazy("over by now"),
    Standing.WATCH.value: gettext_lazy("marked by a rule now"),
    Standing.QUIET.value: gettext_lazy("quiet now"),
    Standing.TOO_FEW.value: gettext_lazy("too few values now"),
}


def held_since(signal: Signal, standing: str) -> str:
    """Of a confirmed change that is over: since when it is open, and what its series is now."""
    return _("open since %(day)s (%(now)s), not acknowledged yet") % {
        "day": date_format(timezone.localtime(signal.first_seen_at), "DATE_FORMAT"),
        "now": NOW.get(standing, NOW[Standing.CONFIRMED.value]),
    }


def new_limits(rebases: Sequence[Rebase], signal: Signal, whole: bool = False) -> str:
    """What somebody has said by beginning new limits when the level changed, "" where nobody did; as a note, or as a whole
    sentence. Of a confirmed change the day itself is not known: it may have begun as long before as the scan looks back.
    """
    length = DAYS[signal.series.metric.period]
    since = signal.first_day - WIDEST * length
    found = [one for one in rebases if since <= one.day.toordinal() <= signal.last_day + length]
    held = [one for one in found if one.withdrawn_at is None]
    if not held:
        return ""
    last = max(held, key=lambda one: one.day)
    words = _("New limits begin on %(day)s: “%(reason)s”.") if whole else _("new limits from %(day)s: “%(reason)s”")
    return words % {"day": date_format(last.day, "DATE_FORMAT"), "reason": last.reason}


def of_signal(signal: Signal, judged: Judged | None) -> tuple[str, str]:
    """(the standing that the page of a signal shows, "" for none; what its series is now, where the signal is over). A
    confirmed change stays confirmed when it is over; of another pattern only what is seen now is judged."""
    now = judged.standing if judged else ""
    if signal.gone:
        return "", ""
    if signal.rule == Signal.Rule.SCAN:
        return Standing.CONFIRMED.value, "" if signal.current else str(NOW.get(now, ""))
    return now if signal.current else "", ""


def confirmed_before(signal: Signal) -> str:
    """What a confirmed change means that is over."""
    words = [_confirmed(signal.point_type), _("chance did not explain it, even among all your series.")]
    if signal.state == Signal.State.OPEN:
        words.append(_("It is over by now, and stays open until somebody acknowledges it with a word."))
    return " ".join(words)


def acknowledged(also: int, left: int) -> str:
    """What was done: with how many others of the same change, and how many of them stay open."""
    words = [_("The signal is acknowledged.")]
    if also:
        told = ngettext(
            "The signal and %(n)s other of the same change are acknowledged.",
            "The signal and %(n)s others of the same change are acknowledged.",
            also,
        )
        words = [told % {"n": figure(also, 0)}]
    if left:
        told = ngettext(
            "%(n)s other signal of the same change stays open.",
            "%(n)s other signals of the same change stay open.",
            left,
        )
        words.append(told % {"n": figure(left, 0)})
    return " ".join(words)


def besides(sentence: str, current: bool) -> str:
    """The sentence of a signal that stands behind the one that leads."""
    if current:
        return _("Now: %(sentence)s") % {"sentence": sentence}
    return _("An earlier change is still open: %(sentence)s") % {"sentence": sentence}


def once_in(p: float) -> int:
    """1 / p as people say it, in two digits: 297 → 300."""
    times = 1 / p
    unit = 10 ** max(0, math.floor(math.log10(times)) - 1)
    return round(times / unit) * unit


def meaning(judged: Judged, point_type: str, metric: Metric) -> str:
    """What a signal means, given how its series stands; "" where that has not been judged."""
    if judged.standing == Standing.CONFIRMED and judged.p is not None:
        return _confirmed(point_type) + " " + how_often(judged.p)
    if judged.standing == Standing.WATCH:
        return _("Watch: %(usual)s %(chance)s") % {"usual": _usual(judged, metric), "chance": by_chance(judged)}
    return ""


def _confirmed(point_type: str) -> str:
    words = {"improvement": _("Confirmed change to the better:"), "concern": _("Confirmed change to the worse:")}
    return words.get(point_type, _("Confirmed change:"))


def how_often(p: float) -> str:
    """How often a stable team would look like this, in words."""
    if p * DRAWN <= 1.5:
        return _("a stable team would look like this less than 1 time in %(times)s.") % {"times": figure(once_in(p), 0)}
    return _("a stable team would look like this about 1 time in %(times)s.") % {"times": figure(once_in(p), 0)}


def _usual(judged: Judged, metric: Metric) -> str:
    decimals = decimals_of(judged.amr, metric.kind)
    return _("the usual range is %(lower)s to %(upper)s;") % {
        "lower": amount(judged.lower, metric, decimals),
        "upper": amount(judged.upper, metric, decimals),
    }


def by_chance(judged: Judged) -> str:
    """How many marks appear by chance among the series that are measured by the same period; those without a new value
    for long are left out, as on the board (``ages.silent``)."""
    told = {"series": figure(judged.series, 0), "marks": figure(round(judged.chance), 0)}
    marks = round(judged.chance)
    if not judged.series:
        return _("none of the organisation's series that are measured as often has had a new value lately.")
    if marks < 1:
        return _few(judged.period) % told
    if judged.period == Metric.Period.WEEK:
        words = ngettext(
            "among the organisation's %(series)s weekly series with new values about %(marks)s "
            "such mark appears by chance each week.",
            "among the organisation's %(series)s weekly series with new values about %(marks)s "
            "such marks appear by chance each week.",
            marks,
        )
    elif judged.period == Metric.Period.MONTH:
        words = ngettext(
            "among the organisation's %(series)s monthly series with new values about %(marks)s "
            "such mark appears by chance each month.",
            "among the organisation's %(series)s monthly series with new values about %(marks)s "
            "such marks appear by chance each month.",
            marks,
        )
    else:
        words = ngettext(
            "among the organisation's %(series)s daily series with new values about %(marks)s "
            "such mark appears by chance each day.",
            "among the organisation's %(series)s daily series with new values about %(marks)s "
            "such marks appear by chance each day.",
            marks,
        )
    return words % told


def _few(period: str) -> str:
    if period == Metric.Period.WEEK:
        return _(
            "among the organisation's weekly series with new values (%(series)s) less than one "
            "such mark appears by chance each week."
        )
    if period == Metric.Period.MONTH:
        return _(
            "among the organisation's monthly series with new values (%(series)s) less than one "
            "such mark appears by chance each month."
        )
    return _(
        "among the organisation's daily series with new values (%(series)s) less than one "
        "such mark appears by chance each day."
    )


def board_line(watch: int, chance: float) -> str:
    """What the board prints of all rows shown: how many are on watch, and how many would be by chance."""
    if not watch:
        return _("None on watch; about %(chance)s would appear even if nothing had changed") % {"chance": about(chance)}
    words = ngettext(
        "%(watch)s on watch; about %(chance)s would appear even if nothing had changed",
        "%(watch)s on watch; about %(chance)s would appear even if nothing had changed",
        watch,
    )
    return words % {"watch": figure(watch, 0), "chance": about(chance)}


def silent_line(silent: int, asked: int) -> str:
    """Which series the line of the board leaves out, "" where it counts all of them."""
    if not silent:
        return ""
    if not asked:
        return _("No series has had a new value lately, so none of them is counted")
    words = ngettext(
        "%(silent)s series without a new value for long is left out",
        "%(silent)s series without new values for long are left out",
        silent,
    )
    return words % {"silent": figure(silent, 0)}


def about(chance: float) -> str:
    """A number of marks by chance: whole from 3 on, one decimal below; 1 and 2 without one."""
    return figure(chance, 0 if chance >= 2.95 or round(chance, 1).is_integer() else 1)
