"""The words of what improvements tell people: kinds of notices, and sentences made from codes and figures."""

from __future__ import annotations

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from improvements import smart
from jobs import registry
from metrics.trends import outcome
from notices import kinds

Words = str | Promise

kinds.register(
    "improvements.decide",
    sentence=_("%(person)s asks you to decide on “%(title)s”."),
    button=_("Read the paper"),
)
_DECIDED: dict[str, Words] = {
    "approve": _("%(person)s approved “%(title)s”: %(reason)s"),
    "approve_trial": _("%(person)s approved “%(title)s” as a trial: %(reason)s"),
    "approve_conditions": _("%(person)s approved “%(title)s” with conditions: %(reason)s"),
    "defer": _("%(person)s deferred “%(title)s”: %(reason)s"),
    "reject": _("%(person)s rejected “%(title)s”: %(reason)s"),
    "revoke": _("%(person)s revoked the approval of “%(title)s”: %(reason)s"),
}
for _outcome, _sentence in _DECIDED.items():
    kinds.register(f"improvements.decided.{_outcome}", sentence=_sentence, button=_("Read the decision"))
kinds.register(
    "improvements.sent_back",
    sentence=_("%(person)s sent “%(title)s” back: %(reason)s"),
    button=_("Mend the recommendation"),
)
kinds.register(
    "improvements.withdrawn",
    sentence=_("%(person)s withdrew “%(title)s”: %(reason)s"),
    button=_("See the paper"),
)
kinds.register(
    "improvements.expired",
    sentence=_("The day until which “%(title)s” was decided has passed. It waits for a decision again."),
    button=_("Decide anew"),
)
kinds.register(
    "improvements.approve_action",
    sentence=_("%(person)s proposed the action “%(title)s”."),
    button=_("Read the action"),
)
kinds.register(
    "improvements.carry_out",
    sentence=_("You carry out: “%(title)s”."),
    button=_("Open the action"),
)
kinds.register(
    "improvements.verify",
    sentence=_("“%(title)s” is done. You read whether it worked."),
    button=_("Read the outcome"),
)
_VERIFIED: dict[str, Words] = {
    outcome.EFFECTIVE: _("%(person)s read the outcome of “%(title)s”: effective."),
    outcome.NOT_EFFECTIVE: _("%(person)s read the outcome of “%(title)s”: not effective."),
    outcome.TOO_EARLY: _("%(person)s read the outcome of “%(title)s”: too early to tell."),
}
for _verdict, _sentence in _VERIFIED.items():
    kinds.register(f"improvements.verified.{_verdict}", sentence=_sentence, button=_("See the outcome"))
_WATCHED: dict[str, Words] = {
    "sustained": _("%(person)s looked again at “%(title)s”: it lasts."),
    "lapsed": _("%(person)s looked again at “%(title)s”: it has lapsed."),
}
for _verdict, _sentence in _WATCHED.items():
    kinds.register(f"improvements.watched.{_verdict}", sentence=_sentence, button=_("See the outcome"))
kinds.register(
    "improvements.reopened",
    sentence=_("%(person)s opened “%(title)s” again: %(reason)s"),
    button=_("Open the action"),
)
kinds.register(
    "improvements.action_cancelled",
    sentence=_("The action “%(title)s” was cancelled: %(reason)s"),
    button=_("See the action"),
)
kinds.register(
    "improvements.handed_over",
    sentence=_("%(person)s handed “%(title)s” over to you."),
    button=_("Open it"),
)
kinds.register(
    "improvements.may_close",
    sentence=_("Every action of the review “%(title)s” has reached its end. It can be closed."),
    button=_("Close the review"),
)
registry.describe("improvements.expire", _("Decisions whose day has passed"))

LETTERS: dict[str, Words] = {
    "S": _("Specific"),
    "M": _("Measurable"),
    "A": _("Achievable"),
    "R": _("Realistic"),
    "T": _("Time-bound"),
}
STATUSES: dict[str, Words] = {
    smart.OK: _("ok"),
    smart.ATTENTION: _("attention"),
    smart.MISSING: _("missing"),
}
REASONS: dict[str, Words] = {
    "no_words": _("Say what will be done."),
    "no_team": _("Name one team; what everybody does nobody does."),
    "no_step": _("Name the step of the process that changes."),
    "vague": _("“%(detail)s” says nothing without a number: say what changes, and by how much."),
    "no_metric": _("Choose the metric that will show it."),
    "no_baseline": _("Nothing is analysed yet for this metric, so there is no baseline. Import its values first."),
    "no_target": _("Give the target."),
    "no_direction": _("For this metric neither higher nor lower is better, so no chart can say that it worked."),
    "not_the_unit": _("The target is not in the metric's unit: a proportion lies between 0 and its whole."),
    "wrong_side": _("The target lies on the wrong side of the baseline."),
    "no_owner": _("Name one owner."),
    "no_approval": _("No approval is in force for this recommendation."),
    "outside_parameters": _("The option goes outside the parameters for change, and no approval is in force."),
    "beyond_best": _("The target lies beyond the best ever reached. Say why that is right."),
    "no_finding": _("Link at least one agreed finding."),
    "no_criterion": _("Link at least one criterion."),
    "no_date": _("Give the due date."),
    "date_passed": _("The due date is not in the future."),
    "after_next_review": _("The due date lies after the next review has begun."),
    "no_check": _("Say when the outcome is read."),
    "check_before_due": _("The outcome is read before the action is due."),
    "too_few_points": _("Only %(detail)s whole periods lie between the due date and the reading: too few points."),
}
OPEN_CHECKS: dict[str, Words] = {
    smart.DETECTABILITY: _("Whether the chart would show it by then: not computed yet"),
    smart.CAPACITY: _("Whether the owner has the hours: not computed yet"),
}

OUTCOME_REASONS: dict[str, Words] = {
    outcome.TOO_FEW_AFTER: _("Too few points since the change."),
    outcome.NO_BASELINE: _("There are no limits before the change, so there is nothing to compare with."),
    outcome.NO_DIRECTION: _("For this metric neither higher nor lower is better."),
    outcome.NO_SPECIAL_CAUSE: _("No special cause to the better is among the points since the change."),
    outcome.CONTRADICTED: _("A later special cause points to the worse."),
    outcome.TARGET_MISSED: _("The mean since the change is not on the right side of the target."),
    outcome.TRIAL_BASELINE: _("The limits before the change rest on fewer than 13 points: trial limits only."),
    "worsened": _("A special cause points to the worse."),
}


def reason(one: smart.Reason) -> str:
    """A reason of a letter as a sentence."""
    return str(REASONS[one.code]) % {"detail": one.detail}
