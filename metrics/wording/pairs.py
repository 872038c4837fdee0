"""Gaps, correlations and splits of a total in words, from their stored facts; names are the reader's own."""

from __future__ import annotations

from typing import Any

from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from metrics.models import Metric
from metrics.wording import turning
from metrics.wording.figures import amount, day_of, decimals_of, difference, end_of_interval, figure, in_period, stretch
from metrics.wording.narration import Narration

Facts = dict[str, Any]
PROBLEMS: dict[str, str | Promise] = {
    "too_few_pairs": gettext_lazy("Too few periods in which both have a value: nothing can be told yet."),
    "too_few_periods": gettext_lazy(
        "Too few periods in which both have a value: it takes about 20 to tell whether they move together."
    ),
    "no_variation": gettext_lazy("One of the two hardly changes, so nothing can move together with it."),
    "not_counted": gettext_lazy(
        "The numbers came ready-made, without counts: a change cannot be split into its parts."
    ),
    "no_before": gettext_lazy("There is no value before the change, or none after it."),
}
# Below this share of the movement, what chance does with small samples drowns the rest.
SMALL = 0.5
# With fewer pairs limits are on trial, and that nothing was seen says nothing.
FULL = 13
# Fewer scored contacts than this tell nothing of a unit, however far it lies from the others.
FEW = 10


# A gap in time


def gap_decimals(metric: Metric, facts: Facts) -> int:
    return decimals_of(facts["amr"], metric.kind)


def leading_run(facts: Facts) -> Facts | None:
    """The run that the sentence tells of: one that still holds before others, then the longest."""
    runs = [run for run in facts["runs"] if run["rule"] != "two_of_three"]
    return max(runs, key=lambda run: (run["current"], run["points"], run["last"]), default=None)


def narrate_gap(metric: Metric, facts: Facts, one: str, other: str) -> Narration:
    """What the difference of two groups in time says."""
    decimals = gap_decimals(metric, facts)
    run = leading_run(facts)
    told: dict[str, Any] = {
        "metric": metric.name,
        "one": one,
        "other": other,
        "mean": difference(facts["mean"], metric, decimals),
        "low": end_of_interval(facts["low"], metric, decimals),
        "high": end_of_interval(facts["high"], metric, decimals),
        "pairs": stretch(facts["pairs"], metric.period),
    }
    if run is None:
        words = _("%(metric)s: nothing points to a change of the gap between %(one)s and %(other)s over %(pairs)s.")
        if facts["pairs"] < FULL:
            words = _(
                "%(metric)s: over %(pairs)s it is too early to say whether the gap between %(one)s and %(other)s has changed."
            )
        fact = words % told
    else:
        told |= {
            "in_first": in_period(run["first"], metric.period),
            "first": day_of(run["first"], metric.period),
            "last": day_of(run["last"], metric.period),
            "before": difference(run["before"], metric, decimals),
            "since": difference(run["since"], metric, decimals),
        }
        if run["before"] is None:
            words = _(
                "%(metric)s: the gap between %(one)s and %(other)s was unusual from the first period on (%(since)s)."
            )
        elif run["current"]:
            words = _(
                "%(metric)s: the gap between %(one)s and %(other)s changed %(in_first)s: it was %(before)s before "
                "and has been %(since)s since."
            )
        else:
            words = _(
                "%(metric)s: the gap between %(one)s and %(other)s was unusual from %(first)s to %(last)s: "
                "%(since)s, against %(before)s before."
            )
        fact = words % told
    if facts["low"] > 0:
        meaning = _("Over all of it %(one)s lies higher by %(mean)s on average (95 %% interval %(low)s to %(high)s).")
    elif facts["high"] < 0:
        meaning = _("Over all of it %(one)s lies lower: %(mean)s on average (95 %% interval %(low)s to %(high)s).")
    else:
        meaning = _("Over all of it the two cannot be told apart: %(mean)s (95 %% interval %(low)s to %(high)s).")
    after = _gap_next(run, facts["pairs"], told)
    return Narration(fact, meaning % told, _gap_caveat(metric, facts), after, turning.of_gap(run))


def _gap_caveat(metric: Metric, facts: Facts) -> str:
    parts = []
    if facts["pairs"] < FULL:
        parts.append(_("With fewer than 13 pairs the limits are trial limits."))
    if facts["left_out"]:
        words = ngettext(
            "%(count)s period in which only one of them has a value is left out.",
            "%(count)s periods in which only one of them has a value are left out.",
            facts["left_out"],
        )
        parts.append(words % {"count": facts["left_out"]})
    return " ".join(parts)


def _gap_next(run: Facts | None, pairs: int, told: dict[str, Any]) -> str:
    if run is None and pairs < FULL:
        return _("Wait for more periods in which both have a value.")
    if run is None:
        return _("Look for what moves both: what they share is not seen in the gap.")
    return _("Ask what changed at one of them and not at the other %(in_first)s.") % told


# Two metrics side by side


def narrate_correlation(metric: Metric, other: Metric, facts: Facts) -> Narration:
    """What two metrics side by side say; never that one brings the other about."""
    lag = facts["lag"]
    best = max(lag, 0)
    told: dict[str, Any] = {
        "one": metric.name,
        "other": other.name,
        "r": figure(facts["r"][best], 2),
        "low": figure(facts["low"][best], 2),
        "high": figure(facts["high"][best], 2),
        "later": stretch(lag, facts["period"]),
        "pairs": stretch(facts["pairs"][best], facts["period"]),
        "smallest": figure(facts["smallest"], 2),
        "raw": figure(facts["raw"], 2),
    }
    if lag < 0:
        fact = _(
            "Nothing shows that %(one)s and %(other)s move together: correlation %(r)s in the same period, 95 %% "
            "interval %(low)s to %(high)s, over %(pairs)s."
        )
        meaning = _("With so many periods, a correlation nearer to none than %(smallest)s could not be told from none.")
    else:
        fact = _together(facts["r"][best] > 0, lag == 0)
        meaning = _size(abs(facts["r"][best]))
    return Narration(
        fact % told,
        meaning % told,
        _correlation_caveat(metric, other, facts, told),
        _correlation_next(facts, told),
        turning.of_correlation(lag >= 0),
    )


def _together(same: bool, now: bool) -> str:
    if same and now:
        return _(
            "When %(one)s rises, %(other)s tends to rise in the same period: correlation %(r)s, 95 %% interval "
            "%(low)s to %(high)s, over %(pairs)s."
        )
    if now:
        return _(
            "When %(one)s rises, %(other)s tends to fall in the same period: correlation %(r)s, 95 %% interval "
            "%(low)s to %(high)s, over %(pairs)s."
        )
    if same:
        return _(
            "When %(one)s rises, %(other)s tends to rise %(later)s later: correlation %(r)s, 95 %% interval "
            "%(low)s to %(high)s, over %(pairs)s."
        )
    return _(
        "When %(one)s rises, %(other)s tends to fall %(later)s later: correlation %(r)s, 95 %% interval "
        "%(low)s to %(high)s, over %(pairs)s."
    )


def _size(r: float) -> str:
    if r < 0.3:
        return _("They share a small part of their ups and downs.")
    if r < 0.6:
        return _("They share a fair part of their ups and downs.")
    return _("They share most of their ups and downs.")


def _correlation_caveat(metric: Metric, other: Metric, facts: Facts, told: dict[str, Any]) -> str:
    parts = []
    if facts["raw"] is not None and abs(facts["raw"]) > abs(facts["r"][max(facts["lag"], 0)]) + 0.2:
        parts.append(
            _("The plain values correlate at %(raw)s, but trends alone do that; trend and past are taken out here.")
            % told
        )
    for one, noise, size in zip((metric, other), facts["noise"], facts["sizes"], strict=True):
        if noise is not None and noise >= SMALL:
            words = _(
                "The sample behind %(metric)s is too small to tell: %(share)s %% of its movement is what chance does "
                "with about %(n)s a period."
            )
            parts.append(words % {"metric": one.name, "share": figure(100 * noise, 0), "n": figure(size, 0)})
    parts.append(_without_error(facts))
    parts.append(_("Moving together does not say that one brings the other about."))
    return " ".join(parts)


def _without_error(facts: Facts) -> str:
    """What the correlation would be, were the scores the same whoever gives them; and whose word that is."""
    if facts["reliability"] is None:
        return _(
            "If people score one of them: the correlation is not corrected for how far they agree, because that was not "
            "asked for, or neither measured nor typed in."
        )
    measured = facts.get("measured")
    told = {"reliability": figure(facts["reliability"], 2), "true": figure(facts["without_error"], 2)}
    if not measured:
        return (
            _(
                "Were the scores measured without error (agreement %(reliability)s, typed in), it would be about %(true)s."
            )
            % told
        )
    told["contacts"] = ngettext("%(n)s contact", "%(n)s contacts", measured["items"]) % {
        "n": figure(measured["items"], 0)
    }
    if facts["without_error"] is None:
        words = _(
            "People who scored the same contacts agreed hardly better than chance (%(reliability)s over %(contacts)s): "
            "such scores can hardly show a correlation, and to correct for them would make one up."
        )
        return words % told
    words = _(
        "Were the scores the same whoever gives them (measured agreement %(reliability)s over %(contacts)s), it could be "
        "as strong as about %(true)s, not stronger: a value that rests on many scores loses less than one score does."
    )
    if measured["wider"]:
        words += " " + _("That agreement was measured over a wider place than this one.")
    return words % told


def _correlation_next(facts: Facts, told: dict[str, Any]) -> str:
    if facts["lag"] < 0:
        return _("Do not steer %(other)s by %(one)s; look at what each of them answers to.") % told
    return _("Look at the periods in which both moved, and ask what was done then.")


def teams_sentence(metric: Metric, other: Metric, teams: Facts) -> str:
    """The same over the units, in one or two sentences."""
    count = len(teams["ids"])
    if count < 2:
        return ""
    if teams["r"] is None:
        return ngettext(
            "Only %(count)s unit has both: over so few, nothing can be told.",
            "Only %(count)s units have both, or they do not differ beyond chance: nothing can be told between them.",
            count,
        ) % {"count": count}
    told = {
        "count": count,
        "one": metric.name,
        "other": other.name,
        "r": figure(teams["r"], 2),
        "low": figure(teams["low"], 2),
        "high": figure(teams["high"], 2),
    }
    if teams["low"] > 0:
        words = _(
            "Over %(count)s units, those with a higher %(one)s tend to have a higher %(other)s: %(r)s, 95 %% interval "
            "%(low)s to %(high)s, from values drawn to the middle."
        )
    elif teams["high"] < 0:
        words = _(
            "Over %(count)s units, those with a higher %(one)s tend to have a lower %(other)s: %(r)s, 95 %% interval "
            "%(low)s to %(high)s, from values drawn to the middle."
        )
    else:
        words = _(
            "Over %(count)s units nothing shows that the two go together: %(r)s, 95 %% interval %(low)s to %(high)s."
        )
    return words % told


def teams_warning(metric: Metric, other: Metric, teams: Facts) -> str:
    """Which samples of each unit are too small to tell the units apart; "" for none."""
    if len(teams["ids"]) < 2:
        return ""
    # What was stored before both were looked at has the size of the second alone.
    sizes = teams.get("sizes") or [None, teams["size"]]
    told = zip((metric, other), teams["reliability"], sizes, teams.get("apart") or [None, None], strict=True)
    return " ".join(words for one in told if (words := _too_small(*one)))


def _too_small(metric: Metric, reliability: float | None, size: float | None, apart: float | None) -> str:
    """Of one of the two. ``apart``: how far two units of that size lie apart by chance, known where contacts were scored."""
    few = apart is not None and size is not None and size < FEW
    if reliability is None or size is None or (reliability >= SMALL and not few):
        return ""
    told = {"n": figure(size, 0), "share": figure(100 * (1 - reliability), 0), "metric": metric.name}
    if reliability < SMALL:
        words = _(
            "With about %(n)s for each unit, %(share)s %% of the differences in %(metric)s are chance: the sample is too "
            "small to tell the units apart, or they hardly differ."
        )
    else:
        words = _("With about %(n)s for each unit, the sample of %(metric)s is too small to tell the units apart.")
    if apart is None:
        return words % told
    told["apart"] = difference(apart, metric, decimals_of(apart, metric.kind))
    beyond = _("Two units have to lie %(apart)s apart before it is more than what chance does.")
    return f"{words} {beyond}" % told


def correlation_line(facts: Facts) -> str:
    """By which rules it was made, in one line."""
    return " · ".join(
        [
            _("straight line and autoregression taken out of both"),
            _("lags 0 to 4, 95 %% for all at once") % {},
            _("circular block bootstrap, %(draws)s draws, seed stored") % {"draws": figure(facts["draws"], 0)},
        ]
    )


# A total and its parts

READINGS: dict[str, str | Promise] = {
    "mix_explains": gettext_lazy("the mix explains it"),
    "parts_oppose": gettext_lazy("the parts moved the other way"),
    "parts_explain": gettext_lazy("the parts explain it"),
    "not_clear": gettext_lazy("neither is clear of chance"),
    "no_parts": gettext_lazy("too few parts"),
}
WARNINGS = ("mix_explains", "parts_oppose")
BY = {
    "unit": gettext_lazy("by unit"),
    "service": gettext_lazy("by service"),
    "product": gettext_lazy("by product"),
    "channel": gettext_lazy("by channel"),
}


def mix_decimals(metric: Metric, facts: Facts) -> int:
    """As exact as the chart of the total. What was stored before its steps were has the doubt of the split alone."""
    return decimals_of(facts.get("amr") or facts["error"], metric.kind)


def narrate_mix(metric: Metric, facts: Facts, names: dict[int, str]) -> Narration:
    """Why a total moved."""
    parts = [part for part in facts["parts"] if part["id"] in names]
    decimals = mix_decimals(metric, facts)
    told: dict[str, Any] = {
        "metric": metric.name,
        "before": amount(facts["before"], metric, decimals),
        "after": amount(facts["after"], metric, decimals),
        "rates": difference(facts["rates"], metric, decimals),
        "mix": difference(facts["mix"], metric, decimals),
        "first": day_of(facts["first"], metric.period),
        "in_split": in_period(facts["split"], metric.period),
    }
    fact = (
        _(
            "%(metric)s went from %(before)s (from %(first)s on) to %(after)s %(in_split)s: %(rates)s from changes within "
            "the parts, %(mix)s "
            "from their shares of the contacts."
        )
        % told
    )
    largest = max(parts, key=lambda part: abs((part["share_after"] or 0) - (part["share_before"] or 0)), default=None)
    meanings = {
        "mix_explains": _(
            "Most of it is the mix: the total moved because its parts weigh differently, not because they work differently."
        ),
        "parts_oppose": _("The parts moved the other way: the total says the opposite of what happened in them."),
        "parts_explain": _("The parts themselves moved; the mix is not what explains it."),
        "not_clear": _(
            "The changes within the parts are no larger than chance makes them 19 times in 20, and the mix does not explain "
            "it."
        ),
        "no_parts": _("Too few parts have values on both sides."),
    }
    caveat = _("Counts of both sides are taken as a whole; what changed within a part is not looked at.")
    if largest is None or facts["reading"] not in WARNINGS:
        return Narration(
            fact,
            meanings[facts["reading"]],
            caveat,
            _("Look at the parts that moved."),
            turning.of_mix(facts["reading"]),
        )
    step = _(
        "Read the parts, not the total. The largest move in the mix is %(name)s: from %(before)s %% to %(after)s %%."
    ) % {
        "name": names[largest["id"]],
        "before": figure(100 * (largest["share_before"] or 0), 0),
        "after": figure(100 * (largest["share_after"] or 0), 0),
    }
    return Narration(fact, meanings[facts["reading"]], caveat, step, turning.of_mix(facts["reading"]))
