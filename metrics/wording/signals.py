"""A signal told in sentences, from its facts alone: what happened, what it means, what weakens it, what to do next."""

from __future__ import annotations

from collections.abc import Sequence

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from metrics.models import Analysis, Mark, Metric, Series, Signal
from metrics.queries.agreements import ends_of
from metrics.queries.standings import Judged
from metrics.trends import codes
from metrics.wording import turning
from metrics.wording.figures import amount, day_of, decimals_as_given, decimals_of, in_period, stretch
from metrics.wording.narration import Narration
from metrics.wording.notes import in_force, notes_of, too_early, too_few
from metrics.wording.seasons import Facts, season_left
from metrics.wording.standing import confirmed_before, meaning

RULES = {
    "outside": gettext_lazy("outside the limits"),
    "shift": gettext_lazy("a run on one side of the mean"),
    "trend": gettext_lazy("a run in one direction"),
    "two_of_three": gettext_lazy("two of three points near a limit"),
    "scan": gettext_lazy("a change of level, tested against all series"),
}
_BITS = {codes.OUTSIDE: "outside", codes.TREND: "trend", codes.TWO_OF_THREE: "two_of_three", codes.SHIFT: "shift"}


def rule_words(rules: int) -> str:
    """The rules of one point (a bit mask of ``metrics.trends``) in words, "" for none."""
    return ", ".join(str(RULES[name]) for bit, name in _BITS.items() if rules & bit)


def narrate(
    signal: Signal,
    marks: Sequence[Mark] = (),
    judged: Judged | None = None,
    season: Facts | None = None,
    below: bool = False,
) -> Narration:
    """The sentences of a signal; its series must come with metric, unit and dimensions (one query). ``judged``: how the
    series stands among all others (``metrics.queries.standings``), where that is known. ``season``: that of its series
    (``metrics.queries.closer.season_of``); ``below``: the page tells the season itself, too."""
    return Narration(
        _fact(signal),
        _meaning(signal, judged),
        _caveat(signal, season_left(signal, season, below)),
        _next_step(signal, marks),
        turning.of_signal(signal, judged),
    )


def headline(series: Series, analysis: Analysis | None, signal: Signal | None) -> str:
    """The title sentence of a chart: the signal's fact, else that nothing points to a change, else why not."""
    place = {"metric": series.metric.name, "place": series.place}
    if analysis is None:
        return _("%(metric)s, %(place)s: not analysed yet") % place
    if signal is not None:
        return _fact(signal)
    if too_few(analysis):
        same = _("All of them are the same: %(value)s.") % {"value": _the_value(series, analysis)}
        why = f"{too_early(analysis)} {same}" if _all_the_same(analysis) else too_early(analysis)
        return _("%(metric)s, %(place)s: %(why)s") % {**place, "why": why}
    if _all_the_same(analysis):
        words = _("%(metric)s, %(place)s: nothing points to a change. All values are the same: %(value)s.")
        if in_force(analysis) < analysis.n:
            words = _(
                "%(metric)s, %(place)s: nothing points to a change. The last %(n)s values are the same: %(value)s."
            )
        return words % {**place, "n": in_force(analysis), "value": _the_value(series, analysis)}
    if analysis.lower is None or analysis.upper is None:
        first = notes_of(analysis)
        return _("%(metric)s, %(place)s: %(why)s") % {**place, "why": first[0] if first else _("no limits yet")}
    decimals = decimals_of(analysis.amr, series.metric.kind)
    return _("%(metric)s, %(place)s: nothing points to a change. Values from %(lower)s to %(upper)s are usual.") % {
        **place,
        "lower": amount(analysis.lower, series.metric, decimals),
        "upper": amount(analysis.upper, series.metric, decimals),
    }


def _the_value(series: Series, analysis: Analysis) -> str:
    """The one that all have, with its own digits."""
    digits = min(decimals_as_given(analysis.latest), decimals_of((analysis.latest or 0.0) / 100))
    return amount(analysis.latest, series.metric, digits)


def _all_the_same(analysis: Analysis) -> bool:
    """Whether all values of the phase in force are, and there are several. On a chart of counts the limits are not one
    line then; of an analysis that does not know, its limits tell, unless they rest on the first values alone."""
    if "varies" in analysis.outlook:
        return bool(analysis.outlook["n"] > 1 and not analysis.outlook["varies"])
    same = "no_variation" in analysis.notes and not analysis.amr
    return same and not analysis.settings.get("fix_after_n") and analysis.lower == analysis.upper


def limits_are_cut(metric: Metric, analysis: Analysis) -> bool:
    """Whether a limit of the phase in force was cut where the scale ends, as one of an agreement at full agreement."""
    least, most = ends_of(metric.derived)
    return bool(analysis.amr) and (analysis.lower == least or analysis.upper == most)


def _fact(signal: Signal) -> str:
    series, metric = signal.series, signal.series.metric
    facts = signal.facts
    decimals = decimals_of(facts.get("amr"), metric.kind)
    told = {
        "metric": metric.name,
        "place": series.place,
        "first_day": day_of(signal.first_day, metric.period),
        "last_day": day_of(signal.last_day, metric.period),
        "in_first": in_period(signal.first_day, metric.period),
        "in_last": in_period(signal.last_day, metric.period),
        "stretch": stretch(facts.get("span") or signal.points, metric.period),
        "points": signal.points,
        "limit": amount(facts.get("upper" if signal.direction > 0 else "lower"), metric, decimals),
        **{
            name: amount(facts.get(name), metric, decimals)
            for name in ("first", "last", "mean", "lower", "upper", "extreme", "average", "level", "before")
        },
        "window": stretch(facts.get("window") or signal.points, metric.period),
        "window_day": day_of(facts.get("window_day") or signal.first_day, metric.period),
    }
    return _template(signal) % told


def _template(signal: Signal) -> str:
    makers = {"outside": _outside, "shift": _shift, "trend": _trend, "two_of_three": _two_of_three, "scan": _scan}
    return makers[signal.rule](signal)


def _outside(signal: Signal) -> str:
    up, one = signal.direction > 0, signal.points == 1
    if one and up:
        return _("%(metric)s, %(place)s, was %(last)s %(in_last)s: above the usual range, which ends at %(limit)s.")
    if one:
        return _("%(metric)s, %(place)s, was %(last)s %(in_last)s: below the usual range, which begins at %(limit)s.")
    if signal.current and up:
        return _(
            "%(metric)s, %(place)s, has been above the usual range (%(lower)s to %(upper)s) for %(stretch)s, "
            "since %(first_day)s (now %(last)s)."
        )
    if signal.current:
        return _(
            "%(metric)s, %(place)s, has been below the usual range (%(lower)s to %(upper)s) for %(stretch)s, "
            "since %(first_day)s (now %(last)s)."
        )
    if up:
        return _(
            "%(metric)s, %(place)s, was above the usual range (%(lower)s to %(upper)s) for %(stretch)s, "
            "from %(first_day)s to %(last_day)s; the furthest was %(extreme)s."
        )
    return _(
        "%(metric)s, %(place)s, was below the usual range (%(lower)s to %(upper)s) for %(stretch)s, "
        "from %(first_day)s to %(last_day)s; the furthest was %(extreme)s."
    )


def _shift(signal: Signal) -> str:
    up = signal.direction > 0
    if signal.current and up:
        return _(
            "%(metric)s, %(place)s, has been above its average of %(mean)s for %(stretch)s, "
            "since %(first_day)s (now %(last)s)."
        )
    if signal.current:
        return _(
            "%(metric)s, %(place)s, has been below its average of %(mean)s for %(stretch)s, "
            "since %(first_day)s (now %(last)s)."
        )
    if up:
        return _(
            "%(metric)s, %(place)s, was above its average of %(mean)s for %(stretch)s, "
            "from %(first_day)s to %(last_day)s (%(average)s on average)."
        )
    return _(
        "%(metric)s, %(place)s, was below its average of %(mean)s for %(stretch)s, "
        "from %(first_day)s to %(last_day)s (%(average)s on average)."
    )


def _trend(signal: Signal) -> str:
    up = signal.direction > 0
    if signal.current and up:
        return _(
            "%(metric)s, %(place)s, has risen at every step for %(stretch)s, since %(first_day)s: "
            "from %(first)s to %(last)s."
        )
    if signal.current:
        return _(
            "%(metric)s, %(place)s, has fallen at every step for %(stretch)s, since %(first_day)s: "
            "from %(first)s to %(last)s."
        )
    if up:
        return _(
            "%(metric)s, %(place)s, rose at every step for %(stretch)s, from %(first)s %(in_first)s "
            "to %(last)s %(in_last)s."
        )
    return _(
        "%(metric)s, %(place)s, fell at every step for %(stretch)s, from %(first)s %(in_first)s "
        "to %(last)s %(in_last)s."
    )


def _two_of_three(signal: Signal) -> str:
    """Beyond the near line, which lies two thirds of the way to the limit; some of the points may lie beyond both."""
    if _limits_vary(signal):
        return _near_varying(signal)
    if signal.direction > 0:
        return ngettext(
            "%(metric)s, %(place)s, came close to the upper limit of %(upper)s or beyond it at %(points)s point "
            "between %(first_day)s and %(last_day)s.",
            "%(metric)s, %(place)s, came close to the upper limit of %(upper)s or beyond it at %(points)s points "
            "between %(first_day)s and %(last_day)s.",
            signal.points,
        )
    return ngettext(
        "%(metric)s, %(place)s, came close to the lower limit of %(lower)s or beyond it at %(points)s point "
        "between %(first_day)s and %(last_day)s.",
        "%(metric)s, %(place)s, came close to the lower limit of %(lower)s or beyond it at %(points)s points "
        "between %(first_day)s and %(last_day)s.",
        signal.points,
    )


def _limits_vary(signal: Signal) -> bool:
    """Whether every point has limits of its own; of a signal that was stored before this was, as its metric has it."""
    counted = signal.series.metric.kind in (Metric.Kind.PROPORTION, Metric.Kind.RATE)
    return bool(signal.facts.get("varying", counted))


def _near_varying(signal: Signal) -> str:
    if signal.direction > 0:
        return ngettext(
            "%(metric)s, %(place)s, came close to its upper limit or beyond it at %(points)s point between %(first_day)s "
            "and %(last_day)s; the limit differs from point to point.",
            "%(metric)s, %(place)s, came close to its upper limit or beyond it at %(points)s points between %(first_day)s "
            "and %(last_day)s; the limit differs from point to point.",
            signal.points,
        )
    return ngettext(
        "%(metric)s, %(place)s, came close to its lower limit or beyond it at %(points)s point between %(first_day)s "
        "and %(last_day)s; the limit differs from point to point.",
        "%(metric)s, %(place)s, came close to its lower limit or beyond it at %(points)s points between %(first_day)s "
        "and %(last_day)s; the limit differs from point to point.",
        signal.points,
    )


def _scan(signal: Signal) -> str:
    """The last values against those before. Which of them is told never says when the change began: it is looked for
    among the last twelve alone."""
    up, window = signal.direction > 0, signal.facts.get("window")
    if window == 1 and up:
        return _("%(metric)s, %(place)s, rose to %(level)s %(in_last)s, from %(before)s on average before.")
    if window == 1:
        return _("%(metric)s, %(place)s, fell to %(level)s %(in_last)s, from %(before)s on average before.")
    return f"{_compared(signal.current, up)} {_begun(window)}"


def _compared(current: bool, up: bool) -> str:
    if current and up:
        return _(
            "%(metric)s, %(place)s, was %(level)s on average over the last %(window)s (from %(window_day)s on), higher than "
            "the %(before)s before."
        )
    if current:
        return _(
            "%(metric)s, %(place)s, was %(level)s on average over the last %(window)s (from %(window_day)s on), lower than "
            "the %(before)s before."
        )
    if up:
        return _(
            "%(metric)s, %(place)s, was %(level)s on average over the %(window)s from %(window_day)s on, higher than the "
            "%(before)s before."
        )
    return _(
        "%(metric)s, %(place)s, was %(level)s on average over the %(window)s from %(window_day)s on, lower than the "
        "%(before)s before."
    )


def _begun(window: int | None) -> str:
    if window is None or window >= codes.WIDEST:
        return _("The change itself may have begun earlier.")
    return _("The change itself may have begun a little earlier or later.")


def _meaning(signal: Signal, judged: Judged | None) -> str:
    if signal.gone:
        return _("This pattern is no longer seen in the data. The signal is kept because something points to it.")
    told = meaning(judged, signal.point_type, signal.series.metric) if judged and signal.current else ""
    if told:
        return told
    if signal.rule == Signal.Rule.SCAN and not signal.current:
        return confirmed_before(signal)
    words = {
        "improvement": _("This is a change to the better that chance alone would rarely make."),
        "concern": _("This is a change to the worse that chance alone would rarely make."),
    }
    return words.get(signal.point_type, _("This is a change that chance alone would rarely make."))


def _caveat(signal: Signal, season: str) -> str:
    if signal.facts.get("trial"):
        trial = _("The limits are trial limits: the phase has fewer than 13 points.")
        return f"{trial} {season}".strip()
    if not signal.current:
        return _("The latest value does not belong to this pattern any more.")
    return season


def _next_step(signal: Signal, marks: Sequence[Mark]) -> str:
    near = _nearest(signal, marks)
    if near is not None:
        return _("“%(label)s” was recorded for %(day)s: check whether it explains the change.") % {
            "label": near.label,
            "day": day_of(near.day.toordinal(), Metric.Period.DAY),
        }
    told = {"day": day_of(signal.first_day, signal.series.metric.period)}
    if signal.rule == Signal.Rule.SCAN and signal.facts.get("window") != 1:
        return (
            _("Nothing was recorded about %(day)s: see on the chart when it began, and ask what was different then.")
            % told
        )
    return _("Nothing was recorded for %(day)s: ask what was different then.") % told


def _nearest(signal: Signal, marks: Sequence[Mark]) -> Mark | None:
    """The last mark within two periods before, or one after, the signal began."""
    period = {"day": 1, "week": 7, "month": 31}[signal.series.metric.period]
    found = [mark for mark in marks if -2 * period <= mark.day.toordinal() - signal.first_day < 2 * period]
    return found[-1] if found else None
