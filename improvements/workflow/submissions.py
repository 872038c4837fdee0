"""Verbs of papers: put forward, withdraw. The content is frozen with the hash of what lies beneath it."""

from __future__ import annotations

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from improvements import states, wording  # noqa: F401 - the kinds of notices register themselves
from improvements.models import Option, Recommendation, Submission
from improvements.queries.beneath import SETTLED, beneath_of
from improvements.queries.content import compose
from improvements.queries.options import outside
from improvements.workflow.following import findings_follow
from improvements.workflow.recommendations import few_words, hold, not_the_decision_maker
from notices import workflow as notices
from reviews import states as review_states
from reviews.freezing import fingerprint
from reviews.workflow.amending import locked
from teams import access, clock, moves, trail
from teams.models import Person
from teams.refusals import Refused


def put_forward(person: Person, recommendation: Recommendation) -> Submission:
    """Freeze the paper and put it before the review's decision-maker.

    Raises Refused: ``not_now`` (not a draft, or the review is not concluded), ``author_decides``, ``no_finding``,
    ``finding_not_agreed``, ``no_preferred``, ``outside`` (beyond the parameters, and nobody is asked to allow it).
    """
    with transaction.atomic():
        current = hold(recommendation)
        moves.check(current, states.RECOMMENDATION, "put_forward")
        moves.check(locked(current.review), review_states.REVIEW, "recommend")
        access.require(person, "improvements.recommend", current)
        _is_ready(person, current)
        beneath = beneath_of(current)
        made = Submission.objects.create(
            recommendation=current,
            number=current.submissions.count() + 1,
            author=person,
            decision_maker=current.review.decision_maker,
            content=compose(current, person),
            beneath=beneath,
            state_hash=fingerprint(beneath),
            at=clock.now(),
        )
        moves.move(current, states.RECOMMENDATION, "put_forward")
        current.save(update_fields=["state"])
        findings_follow(current.findings.all())
        after = trail.values(made, "number", "recommendation_id", "decision_maker_id", "state", "state_hash")
        trail.record(person, "put_forward", made, {}, after)
        notices.settle(current)
        notices.tell(
            [made.decision_maker],
            "improvements.decide",
            made,
            made.get_absolute_url(),
            {"person": person.name, "title": current.title},
            waits=True,
            due_on=current.by_day,
            event=f"improvements.decide:{made.pk}",
        )
    return made


def _is_ready(person: Person, thing: Recommendation) -> None:
    not_the_decision_maker(person, thing.review)
    if thing.author_id == thing.review.decision_maker_id:
        raise Refused("author_decides", _("The author of a recommendation cannot be its decision-maker."))
    few_words(thing.title)
    if not thing.findings.exists():
        raise Refused("no_finding", _("A recommendation answers at least one agreed finding. Link it first."))
    if thing.findings.exclude(state__in=SETTLED).exists():
        words = _("A finding that it answers is not agreed any more. Agree it again, or take it out.")
        raise Refused("finding_not_agreed", words, {"findings": words})
    preferred = thing.options.filter(preferred=True).prefetch_related("touches").first()
    if preferred is None:
        raise Refused("no_preferred", _("Say which option is recommended before you put it forward."))
    _is_allowed(preferred, thing)


def _is_allowed(preferred: Option, thing: Recommendation) -> None:
    beyond = outside(preferred, thing.review)
    if beyond.is_outside and not preferred.outside_reason.strip():
        raise Refused(
            "outside",
            _(
                "The recommended option goes outside the parameters for change. Say in the option why the "
                "decision-maker should allow it, or recommend another one."
            ),
        )


def withdraw(person: Person, submission: Submission, reason: str) -> Submission:
    """The author takes the paper back before it is decided; the recommendation is a draft again."""
    if not reason.strip():
        words = _("Say why it is withdrawn.")
        raise Refused("no_reason", words, {"reason": words})
    with transaction.atomic():
        current = hold_paper(submission)
        moves.check(current, states.SUBMISSION, "withdraw")
        access.require(person, "improvements.recommend", current.recommendation)
        if person.pk != current.author_id:
            raise Refused("not_the_author", _("Only the author of the paper withdraws it."))
        before = trail.values(current, "state")
        moves.move(current, states.SUBMISSION, "withdraw")
        current.save(update_fields=["state"])
        move_recommendation(current, "take_back")
        trail.record(person, "withdraw", current, before, trail.values(current, "state") | {"reason": reason})
        notices.settle(current)
        notices.tell(
            [current.decision_maker],
            "improvements.withdrawn",
            current,
            current.get_absolute_url(),
            {"person": person.name, "title": current.recommendation.title, "reason": reason},
            event=f"improvements.withdrawn:{current.pk}",
        )
    return current


def hold_paper(submission: Submission) -> Submission:
    """The row as it stands now, held for this transaction together with its recommendation."""
    hold(submission.recommendation)
    rows = Submission.objects.select_for_update(of=("self",)).select_related("recommendation__review__unit")
    return rows.get(pk=submission.pk)


def move_recommendation(submission: Submission, move: str) -> None:
    """The recommendation follows its paper."""
    thing = submission.recommendation
    moves.move(thing, states.RECOMMENDATION, move)
    thing.save(update_fields=["state"])
    findings_follow(thing.findings.all())
