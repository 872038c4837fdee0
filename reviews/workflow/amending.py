"""Every change of a plan goes through ``changing``: free while it is planned, a numbered amendment once frozen.

No verb writes a criterion, a parameter, a method, a subject or a field of the plan outside it; a test looks.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any

from django.db import transaction
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from notices import workflow as notices
from reviews import freezing, states, wording  # noqa: F401 - the kinds of notices register themselves
from reviews.models import Amendment, Review
from reviews.queries import plans
from teams import access, clock, moves, trail
from teams.models import Person, TrailEntry
from teams.refusals import Conflict, Refused


@dataclass
class Change:
    """One change of a plan while it is made. ``conflict`` is raised once the draft of it is safely stored."""

    review: Review
    verb: str
    reason: str
    conflict: Conflict | None = None


def locked(review: Review) -> Review:
    """The review as it stands now, held for this transaction."""
    return Review._base_manager.select_for_update().get(pk=review.pk)


@contextmanager
def changing(person: Person, review: Review, verb: str, reason: str = "") -> Iterator[Change]:
    """Inside the block the plan of ``change.review`` may be written; one trail entry tells what differs afterwards.

    While agreement is asked for the plan stands still: what the decision-maker reads is what they agree to.
    Raises Refused (``asked``, ``no_reason``, ``not_now``), PermissionDenied, Conflict.
    """
    with transaction.atomic():
        change = Change(locked(review), verb, reason.strip())
        frozen = change.review.is_frozen
        moves.check(change.review, states.REVIEW, "amend" if frozen else "edit_plan")
        access.require(person, "reviews.edit", change.review)
        if change.review.agreement_is_asked:
            raise Refused("asked", _("The decision-maker is reading this plan. Withdraw the request first."))
        if frozen and not change.reason:
            why = _("The plan is frozen: say why it has to change. The reason is printed with the amendment.")
            raise Refused("no_reason", why, {"reason": why})
        before = plans.plan_of(change.review)
        try:
            yield change
        except Conflict as conflict:
            change.conflict = conflict
        if change.conflict is None:
            _settle(person, change, before)
    if change.conflict is not None:
        raise change.conflict


def _settle(person: Person, change: Change, before: freezing.Plan) -> None:
    review = Review._base_manager.get(pk=change.review.pk)
    settle_change(person, review, change.verb, change.reason, before)


def settle_change(person: Person, review: Review, verb: str, reason: str, before: freezing.Plan) -> TrailEntry | None:
    """Tell the trail what differs from the plan ``before``; number and hash the amendment of a frozen plan.

    A plan that was agreed and is not frozen has to be agreed anew. Without a difference nothing is written.
    """
    after = plans.plan_of(review)
    old, new = freezing.differences(before, after)
    if old == new:
        return None
    kept = {"state": review.state, "plan_hash": review.plan_hash}
    if review.is_frozen:
        amendment = _amend(person, review, reason, old, new, after)
        told = {"state": review.state, "plan_hash": review.plan_hash, "amendment": amendment.number, "reason": reason}
        return trail.record(person, verb, review, {**old, **kept}, {**new, **told})
    lost = _lose_agreement(review)
    entry = trail.record(person, verb, review, {**old, **kept}, {**new, "state": review.state})
    if lost:
        _tell_lost(review, entry)
    return entry


def _amend(
    person: Person, review: Review, reason: str, before: dict[str, Any], after: dict[str, Any], plan: freezing.Plan
) -> Amendment:
    number = Amendment.objects.filter(review=review).count() + 1
    review.plan, review.plan_hash = plan, freezing.fingerprint(plan)
    review.save(update_fields=["plan", "plan_hash"])
    made = Amendment.objects.create(
        review=review,
        number=number,
        before=before,
        after=after,
        reason=reason,
        plan_hash=review.plan_hash,
        person=person,
        at=clock.now(),
    )
    notices.tell(
        [review.decision_maker],
        "reviews.plan_amended",
        review,
        reverse("review", args=[review.pk]) + f"#amendment-{number}",
        {"title": review.title, "number": number, "reason": reason},
        event=f"reviews.plan_amended:{review.pk}:{number}",
    )
    return made


def _lose_agreement(review: Review) -> bool:
    """An agreed plan that changes is planned again. Whether it was."""
    if review.state != states.AGREED:
        return False
    moves.move(review, states.REVIEW, "edit_plan")
    review.agreed_at, review.agreed_by, review.asked_agreement_at = None, None, None
    review.save(update_fields=["state", "agreed_at", "agreed_by", "asked_agreement_at"])
    notices.settle(review, "reviews.plan_agreed")
    return True


def _tell_lost(review: Review, entry: TrailEntry) -> None:
    notices.tell(
        [review.decision_maker],
        "reviews.plan_changed",
        review,
        reverse("review", args=[review.pk]),
        {"title": review.title},
        event=f"reviews.plan_changed:{entry.number}",
    )
