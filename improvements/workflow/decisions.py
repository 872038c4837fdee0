"""Verbs of the decision-maker: decide, revoke; and what happens when a decision's day has passed."""

from __future__ import annotations

import datetime as dt
from decimal import Decimal

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from improvements import states, wording  # noqa: F401 - the kinds of notices register themselves
from improvements.models import Decision, Submission
from improvements.queries.beneath import hash_of
from improvements.workflow.submissions import hold_paper, move_recommendation
from notices import workflow as notices
from reviews import states as review_states
from reviews.workflow import ending
from teams import access, clock, moves, roles, trail
from teams.models import Person, Role
from teams.refusals import Refused

Outcome = Decision.Outcome
APPROVALS = (Outcome.APPROVE, Outcome.APPROVE_TRIAL, Outcome.APPROVE_CONDITIONS)
DATED = (Outcome.APPROVE_TRIAL, Outcome.DEFER)
# What becomes of the recommendation when its paper is decided.
FOLLOWS = {
    Outcome.APPROVE: "agree",
    Outcome.APPROVE_TRIAL: "agree",
    Outcome.APPROVE_CONDITIONS: "agree",
    Outcome.DEFER: "wait",
    Outcome.SEND_BACK: "take_back",
    Outcome.REJECT: "turn_down",
    Outcome.REVOKE: "take_back",
}
CHANGED = _(
    "Something beneath this paper changed while you were reading it. Nothing was decided yet; "
    "look at what changed and decide again."
)


def decide(
    person: Person,
    submission: Submission,
    outcome: str,
    reason: str,
    conditions: str = "",
    until_day: dt.date | None = None,
    seen: str | None = None,
) -> Decision:
    """The named decision-maker, or their stand-in, decides; never the author.

    ``seen``: the hash of what lay beneath when the page was shown. Raises Refused: ``not_now``, ``author_decides``,
    ``no_reason``, ``no_conditions``, ``no_day``, ``changed_meanwhile``, ``over_limit``.
    """
    move = Outcome(outcome)
    with transaction.atomic():
        current = hold_paper(submission)
        moves.check(current, states.SUBMISSION, move.value)
        _may_decide(person, current)
        _words(move, reason, conditions, until_day)
        if move in APPROVALS:
            _within_limit(current)
        now = hash_of(current.recommendation)
        if seen is not None and now not in (seen, current.state_hash):
            raise Refused("changed_meanwhile", CHANGED)
        before = trail.values(current, "state", "until_day")
        made = _decision(person, current, move, reason, now, conditions, until_day)
        _apply(current, move, until_day if move in DATED else None)
        if move not in (Outcome.DEFER, Outcome.SEND_BACK):
            _review_is_decided(current)
        after = trail.values(current, "state", "until_day")
        after |= trail.values(made, "outcome", "reason", "conditions", "decided_for", "state_hash_now")
        trail.record(person, "decide", current, before, after)
        _tell(person, current, made)
    return made


def revoke(person: Person, submission: Submission, reason: str) -> Decision:
    """Take an approval back; the recommendation is a draft again, and no further action can be approved under it."""
    with transaction.atomic():
        current = hold_paper(submission)
        moves.check(current, states.SUBMISSION, "revoke")
        _may_decide(person, current)
        _words(Outcome.REVOKE, reason, "", None)
        before = trail.values(current, "state")
        now = hash_of(current.recommendation)
        made = _decision(person, current, Outcome.REVOKE, reason, now, "", None)
        _apply(current, Outcome.REVOKE, None)
        trail.record(person, "revoke", current, before, trail.values(current, "state") | {"reason": reason})
        _tell(person, current, made)
    return made


def expire() -> int:
    """Trials and deferrals whose day has passed wait for a decision again; how many. Safe to run twice."""
    today = clock.today()
    due = Submission.objects.filter(state__in=[states.TRIAL, states.DEFERRED], until_day__lt=today)
    count = 0
    for pk in list(due.values_list("pk", flat=True)):
        with transaction.atomic():
            current = hold_paper(Submission.objects.select_related("recommendation").get(pk=pk))
            if not states.SUBMISSION.allows(current.state, "expire"):
                continue
            before = trail.values(current, "state", "until_day")
            moves.move(current, states.SUBMISSION, "expire")
            current.save(update_fields=["state"])
            move_recommendation(current, "wait")
            trail.record(None, "expire", current, before, trail.values(current, "state", "until_day"))
            _tell_expired(current)
            count += 1
    return count


def _may_decide(person: Person, submission: Submission) -> None:
    access.require(person, "improvements.decide", submission)
    if person.pk in (submission.author_id, submission.recommendation.author_id):
        raise Refused("author_decides", _("You wrote this recommendation. Somebody else has to decide on it."))


def _words(move: Decision.Outcome, reason: str, conditions: str, until_day: dt.date | None) -> None:
    if not reason.strip():
        words = _("Give the reason; it stands beside the decision.")
        raise Refused("no_reason", words, {"reason": words})
    if move == Outcome.APPROVE_CONDITIONS and not conditions.strip():
        words = _("Say the conditions.")
        raise Refused("no_conditions", words, {"conditions": words})
    if move in DATED and (until_day is None or until_day <= clock.today()):
        words = _("Give a day in the future until which this holds.")
        raise Refused("no_day", words, {"until_day": words})


def limit_of(submission: Submission) -> Decimal | None:
    """The decision-maker's limit of authority over the review's unit; None where no limit is set."""
    rows = Role.objects.filter(
        person=submission.decision_maker_id,
        name=roles.DECISION_MAKER,
        unit__in=submission.recommendation.review.unit.line_ids,
    )
    limits = list(rows.values_list("limit", flat=True))
    known = [limit for limit in limits if limit is not None]
    return max(known) if known and len(known) == len(limits) else None


def _within_limit(submission: Submission) -> None:
    limit = limit_of(submission)
    preferred = submission.recommendation.options.filter(preferred=True).first()
    if limit is not None and preferred is not None and preferred.first_year > limit:
        raise Refused(
            "over_limit",
            _(
                "The first year costs more than the decision-maker's limit of authority. "
                "Send it back, so that it is put before somebody who may spend as much."
            ),
        )


def _decision(
    person: Person,
    submission: Submission,
    move: Decision.Outcome,
    reason: str,
    now: str,
    conditions: str,
    until_day: dt.date | None,
) -> Decision:
    instead = submission.decision_maker if person.pk != submission.decision_maker_id else None
    return Decision.objects.create(
        submission=submission,
        outcome=move,
        reason=reason.strip(),
        conditions=conditions.strip() if move == Outcome.APPROVE_CONDITIONS else "",
        until_day=until_day if move in DATED else None,
        author=submission.author,
        decider=person,
        decided_for=instead,
        state_hash_now=now,
        at=clock.now(),
    )


def _apply(submission: Submission, move: Decision.Outcome, until_day: dt.date | None) -> None:
    moves.move(submission, states.SUBMISSION, move.value)
    submission.until_day = until_day
    submission.save(update_fields=["state", "until_day"])
    move_recommendation(submission, FOLLOWS[move])


def _review_is_decided(submission: Submission) -> None:
    review = submission.recommendation.review
    if review.state == review_states.CLOSED:
        # A trial may run out after its review was closed; deciding anew does not open that again.
        return
    ending.decided(review)


def _tell(person: Person, submission: Submission, made: Decision) -> None:
    review = submission.recommendation.review
    notices.settle(submission)
    facts = {
        "person": person.name,
        "title": submission.recommendation.title,
        "reason": made.reason,
    }
    if made.outcome == Outcome.SEND_BACK:
        thing = submission.recommendation
        notices.tell(
            [submission.author],
            "improvements.sent_back",
            thing,
            thing.get_absolute_url(),
            facts,
            waits=True,
            event=f"improvements.sent_back:{made.pk}",
        )
        return
    kind = f"improvements.decided.{made.outcome}"
    told = {one.pk: one for one in (submission.author, review.supervisor, submission.decision_maker)}
    told.pop(person.pk, None)
    url = made.get_absolute_url()
    notices.tell(told.values(), kind, submission, url, facts, event=f"{kind}:{made.pk}")


def _tell_expired(submission: Submission) -> None:
    facts = {"title": submission.recommendation.title}
    event = f"improvements.expired:{submission.pk}:{submission.until_day}"
    url = submission.get_absolute_url()
    people = [submission.decision_maker]
    notices.tell(people, "improvements.expired", submission, url, facts, waits=True, event=event)
