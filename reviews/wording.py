"""The words of what reviews tell people: kinds of notices, and sentences made from codes and facts."""

from __future__ import annotations

from typing import Any

from django.utils.functional import Promise
from django.utils.translation import gettext as _now
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext

from metrics import wording as words
from metrics.models import Metric
from notices import kinds
from reviews import concluding

kinds.register(
    "reviews.agree_plan",
    sentence=_("%(person)s asks you to agree the plan of the review “%(title)s”."),
    button=_("Read the plan"),
)
kinds.register(
    "reviews.plan_agreed",
    sentence=_("%(person)s agreed the plan of “%(title)s”. It can be frozen now."),
    button=_("Freeze the plan"),
)
kinds.register(
    "reviews.plan_sent_back",
    sentence=_("%(person)s sent the plan of “%(title)s” back: %(reason)s"),
    button=_("Mend the plan"),
)
kinds.register(
    "reviews.plan_changed",
    sentence=_("The plan of “%(title)s”, which you had agreed, was changed; you will be asked again."),
    button=_("Read the plan"),
)
kinds.register(
    "reviews.plan_amended",
    sentence=_("Amendment %(number)s to the frozen plan of “%(title)s”: %(reason)s"),
    button=_("Read the amendment"),
)
kinds.register(
    "reviews.answer",
    sentence=_("%(person)s asks what you think of the steps of “%(title)s”."),
    button=_("Answer"),
    personal=True,
)
kinds.register(
    "reviews.answer_reminder",
    sentence=_("A reminder: %(person)s still asks what you think of the steps of “%(title)s”."),
    button=_("Answer"),
    personal=True,
)
kinds.register(
    "reviews.round_closed",
    sentence=_("The round “%(title)s” is closed and its answers are revealed. Thank you for answering."),
    button=_("See the answers"),
)
kinds.register(
    "reviews.concluded",
    sentence=_("The review “%(title)s” is concluded: every criterion has its conclusion."),
    button=_("Read the conclusions"),
)
kinds.register(
    "reviews.cancelled",
    sentence=_("The review “%(title)s” was cancelled: %(reason)s"),
    button=_("See the review"),
)
kinds.register(
    "reviews.closed",
    sentence=_("The review “%(title)s” is closed."),
    button=_("See the review"),
)
kinds.register(
    "reviews.handed_over",
    sentence=_("%(person)s handed the review “%(title)s” over to you."),
    button=_("See the review"),
)

REASONS: dict[str, str | Promise] = {
    concluding.JUDGED: _("This criterion is judged by the reviewer, from evidence."),
    concluding.NO_ANALYSIS: _("No analysis of this measure is stored yet."),
    concluding.NO_DIRECTION: _("The measure has no better direction or no threshold, so no rule can decide."),
    concluding.NO_LIMITS: _("The points give no limits, so nothing can be relied on yet."),
}


def amount(facts: dict[str, Any], value: float | None) -> str:
    """A value as the metric of these frozen facts ("measure", "kind", "decimals") writes it: "82.5 %", "3 h 12 min"."""
    metric = Metric(measure=facts.get("measure", ""), kind=facts.get("kind", ""))
    return words.amount(value, metric, facts.get("decimals", 2))


def day(facts: dict[str, Any], ordinal: int | None) -> str:
    """The period that begins on an ordinal day, as the metric of these facts counts: "March 2026"."""
    return words.day_of(ordinal, facts.get("period", "day"))


def metric_facts(metric: Metric, amr: float | None) -> dict[str, Any]:
    """What has to be frozen of a metric so that its values can be written later."""
    return {
        "measure": metric.measure,
        "kind": metric.kind,
        "period": metric.period,
        "decimals": words.decimals_of(amr, metric.kind),
    }


def rule_sentence(facts: dict[str, Any]) -> str:
    """Why a rule concluded as it did ("reason"), in one or two sentences with its figures."""
    reason = facts.get("reason", "")
    if reason in REASONS:
        return str(REASONS[reason])
    told = {
        **{key: amount(facts, facts.get(key)) for key in ("threshold", "mean", "latest", "lower", "upper")},
        "day": day(facts, facts.get("latest_day")),
        "n": facts.get("n") or 0,
        "concerns": facts.get("concerns") or 0,
    }
    return _sentence(reason, facts.get("rule", ""), told)


def _sentence(reason: str, rule: str, told: dict[str, Any]) -> str:
    n = told["n"]
    if reason == concluding.TOO_FEW:
        return (
            ngettext(
                "Only %(n)s point lies in the period: too few for this rule.",
                "Only %(n)s points lie in the period: too few for this rule.",
                n,
            )
            % told
            if n
            else _now("No point lies in the period.")
        )
    if reason == concluding.SIGNALS:
        return (
            ngettext(
                "%(concerns)s point of the period belongs to a signal of concern.",
                "%(concerns)s points of the period belong to a signal of concern.",
                told["concerns"],
            )
            % told
        )
    if reason == concluding.NO_SIGNAL:
        return ngettext("No signal of concern in %(n)s point.", "No signal of concern in %(n)s points.", n) % told
    if reason in (concluding.RELIABLY, concluding.SOMETIMES, concluding.NEVER):
        return _assurance(reason) % told
    right = reason == concluding.RIGHT_SIDE
    if rule == concluding.LATEST:
        return (
            _now("The latest value of %(latest)s (%(day)s) is on the right side of %(threshold)s.")
            if right
            else _now("The latest value of %(latest)s (%(day)s) is on the wrong side of %(threshold)s.")
        ) % told
    return (
        ngettext(
            "The mean of %(n)s point is %(mean)s, on the right side of %(threshold)s.",
            "The mean of %(n)s points is %(mean)s, on the right side of %(threshold)s.",
            n,
        )
        if right
        else ngettext(
            "The mean of %(n)s point is %(mean)s, on the wrong side of %(threshold)s.",
            "The mean of %(n)s points is %(mean)s, on the wrong side of %(threshold)s.",
            n,
        )
    ) % told


def _assurance(reason: str) -> str:
    return {
        concluding.RELIABLY: _now(
            "The limits run from %(lower)s to %(upper)s, all on the right side of %(threshold)s: "
            "it can be relied on as things are."
        ),
        concluding.SOMETIMES: _now(
            "The limits run from %(lower)s to %(upper)s with %(threshold)s between them: "
            "as things are it will be met at times and missed at times."
        ),
        concluding.NEVER: _now(
            "The limits run from %(lower)s to %(upper)s, all on the wrong side of %(threshold)s: "
            "as things are it cannot be met."
        ),
    }[reason]
