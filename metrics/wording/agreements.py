"""How far the people who score agree, in sentences: what it is, what it means, how sure, and what to do."""

from __future__ import annotations

from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from metrics.models import Metric
from metrics.wording import turning
from metrics.wording.figures import figure, in_period
from metrics.wording.narration import Narration

Facts = dict[str, Any]
# Krippendorff 2004: rely on a score from 0.8 on, draw tentative conclusions from 0.667 on.
RELY, TENTATIVE = 0.8, 0.667
# Fewer contacts than this leave an interval that holds nearly everything; above this share one score stands for all.
FEW, NEARLY_ALWAYS = 10, 0.9
STATISTICS = {
    "cohen": gettext_lazy(
        "Cohen's kappa: the same two people put every contact into a category, and it tells apart how each of them uses "
        "the categories."
    ),
    "fleiss": gettext_lazy(
        "Fleiss' kappa: every contact was put into a category by equally many people, three or more."
    ),
    "alpha": gettext_lazy(
        "Krippendorff's alpha for categories: not every contact was scored by the same people or by equally many, and "
        "alpha takes that as it is."
    ),
    "alpha_interval": gettext_lazy(
        "Krippendorff's alpha for numbers: two scores that lie far apart count for more than two that are close."
    ),
}
REASONS = {
    "no_pairs": gettext_lazy("no contact was scored by two people"),
    "few_items": gettext_lazy("fewer than three contacts were scored by two people"),
    "no_variation": gettext_lazy("every score was the same, so nothing tells agreement from chance"),
}
NONE_YET = gettext_lazy(
    "Not enough to tell how far the people who score agree: no contact was scored by two people. Have a few "
    "contacts scored by two people or more, each without seeing the other's score, and import these scorings, too."
)


def planned(scored: dict[str, Any] | None) -> str:
    """What a file of scores holds, before it is taken over; "" for another file."""
    if not scored:
        return ""
    return " ".join(part for part in (_planned_contacts(scored), _planned_scale(scored), _unread(scored)) if part)


def _planned_contacts(scored: dict[str, Any]) -> str:
    if not scored["contacts"]:
        return _("It holds no score.")
    if not scored["twice"]:
        return _(
            "In this file no contact was scored by two people, so it says nothing about how far the people who score "
            "agree."
        )
    words = ngettext(
        "It holds scores of %(contacts)s contact, %(twice)s of them by two people or more.",
        "It holds scores of %(contacts)s contacts, %(twice)s of them by two people or more.",
        scored["contacts"],
    )
    return words % {"contacts": figure(scored["contacts"], 0), "twice": figure(scored["twice"], 0)}


def _planned_scale(scored: dict[str, Any]) -> str:
    """How the scores are read, so that a slip outside the scale, or a 4 beside words, is seen before the commit."""
    if scored.get("words"):
        return _("Scores are read as words: %(words)s.") % {"words": ", ".join(f"“{one}”" for one in scored["words"])}
    if not scored.get("numbers"):
        return ""
    low, high = (figure(one, 0 if one == round(one) else 2) for one in scored["numbers"])
    told = _("Scores are read as numbers, from %(low)s to %(high)s.") % {"low": low, "high": high}
    if scored.get("bounded"):
        return told
    hint = _("If one of these is off your scale, name the lowest and the highest possible score in the mapping.")
    return f"{told} {hint}"


def _unread(scored: dict[str, Any]) -> str:
    """What is not read, where each person has a column: one of them may be new."""
    if not scored.get("unread"):
        return ""
    words = _("Not read: %(columns)s. If one of these columns holds a person's scores, name it in the mapping.")
    return words % {"columns": ", ".join(f"“{one}”" for one in scored["unread"])}


def latest_of(facts: Facts) -> Facts | None:
    """The last period that has a value."""
    return next((one for one in reversed(facts["periods"]) if one["value"] is not None), None)


def narrate_agreement(metric: Metric, facts: Facts) -> Narration:
    """The latest agreement; where no period has one, that of all of them or why there is none."""
    latest = latest_of(facts)
    if latest is None:
        return _none(metric, facts)
    told = _counted(latest) | {"in_day": in_period(latest["day"], metric.period)}
    if latest["low"] is None:
        fact = _(
            "People who scored the same contacts %(in_day)s agreed at %(value)s, over %(contacts)s scored by %(raters)s."
        )
    else:
        fact = _(
            "People who scored the same contacts %(in_day)s agreed at %(value)s (95 %% interval %(low)s to %(high)s), "
            "over %(contacts)s scored by %(raters)s."
        )
    return Narration(
        fact % told, _meaning(latest), _caveat(latest, facts), _next(latest), turning.of_agreement(RELY, TENTATIVE)
    )


def _counted(one: Facts) -> dict[str, str]:
    contacts = ngettext("%(n)s contact", "%(n)s contacts", one["items"]) % {"n": figure(one["items"], 0)}
    raters = ngettext("%(n)s person", "%(n)s people", one["raters"]) % {"n": figure(one["raters"], 0)}
    told = {name: figure(one[name], 2) for name in ("value", "low", "high")}
    return {**told, "contacts": contacts, "raters": raters}


def _none(metric: Metric, facts: Facts) -> Narration:
    last, whole = facts["periods"][-1], facts["whole"]
    told = {"in_day": in_period(last["day"], metric.period), "why": REASONS[last["reason"]]}
    fact = _("There is no agreement to tell %(in_day)s: %(why)s.") % told
    if whole["value"] is None:
        return Narration(fact, "", "", str(_("Score more contacts together, and different ones.")))
    meaning = _("Over all periods together it is %(value)s, over %(contacts)s scored by %(raters)s.") % _counted(whole)
    return Narration(fact, meaning, "", _("Score more contacts together, or chart it per longer period."))


def _meaning(one: Facts) -> str:
    low, high = (one["value"] if one[name] is None else one[name] for name in ("low", "high"))
    if low >= RELY:
        return _("Whoever scores, the score comes out much the same: it can be relied on.")
    if high < TENTATIVE:
        return _(
            "Much of a score depends on who gave it: it cannot yet be used to judge a contact, a team or a change."
        )
    if one["value"] >= RELY:
        return _("That is enough to rely on the scores, but so few contacts leave open whether it is.")
    if one["value"] >= TENTATIVE:
        return _("That is enough for tentative conclusions about many contacts, not for judging single ones.")
    return _("That is too little to rely on the scores, but so few contacts leave open how much they agree.")


def _caveat(one: Facts, facts: Facts) -> str:
    parts = []
    if one["items"] < FEW:
        parts.append(_("With fewer than %(few)s contacts it can be quite another next time.") % {"few": figure(FEW, 0)})
    if one["low"] is None:
        parts.append(_("It hangs on a single contact, so it has no interval."))
    if one["top"] > NEARLY_ALWAYS and facts["statistic"] != "alpha_interval":
        parts.append(
            _(
                "One category makes up %(top)s %% of all scores: then chance alone would agree nearly always, and a "
                "disagreement or two move kappa and alpha far, although people rarely differ."
            )
            % {"top": figure(100 * one["top"], 0)}
        )
    single = one["contacts"] - one["items"]
    if single:
        words = ngettext(
            "%(n)s contact that only one person scored says nothing about it.",
            "%(n)s contacts that only one person scored say nothing about it.",
            single,
        )
        parts.append(words % {"n": figure(single, 0)})
    return " ".join(parts)


def _next(one: Facts) -> str:
    if one["low"] is not None and one["low"] >= RELY:
        return _("Go on scoring a few contacts together, so that a drift is seen.")
    if one["value"] >= RELY or one["items"] < FEW:
        return _("Score more contacts together before anything is concluded from the scores.")
    return _(
        "Calibrate: score two or three contacts together, talk about where you differ, and word that part of the guide "
        "more clearly."
    )


def chosen_line(facts: Facts) -> str:
    """Which statistic, and why."""
    return " ".join(
        [
            str(STATISTICS[facts["statistic"]]),
            _("One statistic for all periods, for two do not compare."),
            _("1 is full agreement, 0 what chance gives."),
        ]
    )
