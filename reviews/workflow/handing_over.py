"""A leaver's reviews go to somebody else."""

from __future__ import annotations

from dataclasses import dataclass, field

from django.db import transaction
from django.utils.translation import gettext as _now

from notices import workflow as notices
from reviews import states
from reviews.models import Invitation, Review
from reviews.queries import plans
from reviews.workflow.amending import locked, settle_change
from teams import access, trail
from teams.models import Person, TrailEntry

ENDED = (states.CLOSED, states.CANCELLED)


@dataclass
class HandedOver:
    """What went over, and what could not and why."""

    moved: list[Review] = field(default_factory=list)
    kept: list[tuple[Review, str]] = field(default_factory=list)


def hand_over(person: Person, leaver: Person, heir: Person) -> HandedOver:
    """Give the leaver's open reviews to the heir: as their supervisor, or as the person who decides.

    The administrator calls it (``teams.administer`` over the leaver); one trail entry for each review. An invitation
    to answer is personal and stays. A review on which the heir would both plan and decide stays and is named.
    """
    access.require(person, "teams.administer", leaver)
    done = HandedOver()
    with transaction.atomic():
        for review in Review.objects.filter(supervisor=leaver).exclude(state__in=ENDED):
            _supervise(person, review, heir, done)
        for review in Review.objects.filter(decision_maker=leaver).exclude(state__in=ENDED):
            _decide(person, review, heir, done)
        for invitation in Invitation.objects.filter(person=leaver, finished_at=None).select_related("round"):
            notices.settle(invitation.round, "reviews.answer", leaver)
    return done


def _supervise(person: Person, review: Review, heir: Person, done: HandedOver) -> None:
    if heir.pk == review.decision_maker_id:
        done.kept.append((review, _now("%(name)s decides on this review.") % {"name": heir.name}))
        return
    if not access.may(heir, "reviews.edit", review):
        done.kept.append((review, _now("%(name)s is not a supervisor for its unit.") % {"name": heir.name}))
        return
    current = locked(review)
    before = trail.values(current, "supervisor")
    current.supervisor = heir
    current.save(update_fields=["supervisor"])
    entry = trail.record(person, "hand_over", current, before, trail.values(current, "supervisor"))
    _tell(person, current, heir, entry)
    done.moved.append(current)


def _decide(person: Person, review: Review, heir: Person, done: HandedOver) -> None:
    if heir.pk == review.supervisor_id:
        done.kept.append((review, _now("%(name)s is the supervisor of this review.") % {"name": heir.name}))
        return
    if not access.holders("reviews.back", review.unit).filter(pk=heir.pk).exists():
        done.kept.append((review, _now("%(name)s is not a decision-maker for its unit.") % {"name": heir.name}))
        return
    current = locked(review)
    before = plans.plan_of(current)
    current.decision_maker = heir
    current.save(update_fields=["decision_maker"])
    reason = _now("Handed over: the decision-maker named before has left.")
    entry = settle_change(person, current, "hand_over", reason, before)
    if notices.settle(current, "reviews.agree_plan") and current.agreement_is_asked:
        facts = {"person": current.supervisor.name, "title": current.title}
        _tell_heir(heir, "reviews.agree_plan", current, facts, entry, waits=True)
    else:
        _tell(person, current, heir, entry)
    done.moved.append(current)


def _tell(person: Person, review: Review, heir: Person, entry: TrailEntry | None) -> None:
    facts = {"person": person.name, "title": review.title}
    _tell_heir(heir, "reviews.handed_over", review, facts, entry)


def _tell_heir(
    heir: Person, kind: str, review: Review, facts: dict[str, str], entry: TrailEntry | None, waits: bool = False
) -> None:
    event = f"{kind}:{entry.number}" if entry else ""
    notices.tell([heir], kind, review, review.get_absolute_url(), facts, waits=waits, event=event)
