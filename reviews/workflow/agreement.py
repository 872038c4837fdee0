"""Verbs from the plan to the start: tell, ask, agree, send back, freeze, start."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from django.utils.translation import gettext_lazy as _

from notices import workflow as notices
from notices.models import Briefing
from reviews import freezing, states
from reviews.models import Criterion, Review
from reviews.queries import plans
from reviews.workflow.working import reason as given
from reviews.workflow.working import said, working
from teams import clock, moves, trail
from teams.models import Person, TrailEntry
from teams.refusals import Refused

ASKED = ("state", "asked_agreement_at", "sent_back")
AGREED = ("state", "agreed_at", "agreed_by", "asked_agreement_at")
FROZEN = ("state", "frozen_at", "plan_hash")


def brief(person: Person, review: Review, people: Iterable[Person], title: str, text: str) -> Briefing:
    """Tell the colleagues affected what the review is for; who has read it is kept. Writes one trail entry."""
    with working(person, review, "brief", "reviews.edit") as current:
        said(title, "no_title", _("Give the briefing a title."), "title")
        said(text, "no_text", _("Write what the review is for, in plain words."), "text")
        return notices.brief(person, current.unit, people, title.strip(), text.strip(), current)


def ask_agreement(person: Person, review: Review) -> Review:
    """Ask the named decision-maker to agree the plan, which then stands still until they answer."""
    with working(person, review, "ask_agreement", "reviews.edit") as current:
        if current.agreement_is_asked:
            raise Refused("asked", _("The decision-maker has been asked already."))
        if not Criterion.objects.filter(review=current).exists():
            raise Refused("no_criterion", _("A plan needs at least one criterion before anybody can agree it."))
        before = trail.values(current, *ASKED)
        moves.move(current, states.REVIEW, "ask_agreement")
        current.asked_agreement_at, current.sent_back = clock.now(), ""
        current.save(update_fields=ASKED)
        entry = trail.record(person, "ask_agreement", current, before, trail.values(current, *ASKED))
        notices.settle(current, "reviews.plan_sent_back")
        facts = {"person": person.name, "title": current.title}
        _tell(current.decision_maker, "reviews.agree_plan", current, facts, entry)
    return current


def withdraw_request(person: Person, review: Review) -> Review:
    """Take the request for agreement back, so that the plan can be changed."""
    with working(person, review, "withdraw_request", "reviews.edit") as current:
        _require_asked(current)
        before = trail.values(current, *ASKED)
        moves.move(current, states.REVIEW, "withdraw_request")
        current.asked_agreement_at = None
        current.save(update_fields=ASKED)
        trail.record(person, "withdraw_request", current, before, trail.values(current, *ASKED))
        notices.settle(current, "reviews.agree_plan")
    return current


def agree(person: Person, review: Review) -> Review:
    """The named decision-maker (or who stands in for them, but never the supervisor) agrees the plan."""
    with working(person, review, "agree", "reviews.agree") as current:
        _require_asked(current)
        _require_somebody_else(person, current)
        before = trail.values(current, *AGREED)
        moves.move(current, states.REVIEW, "agree")
        current.agreed_at, current.agreed_by = clock.now(), person
        current.save(update_fields=AGREED)
        after = {**trail.values(current, *AGREED), "for": current.decision_maker_id}
        entry = trail.record(person, "agree", current, before, after)
        notices.settle(current, "reviews.agree_plan")
        facts = {"person": person.name, "title": current.title}
        _tell(current.supervisor, "reviews.plan_agreed", current, facts, entry)
    return current


def send_back(person: Person, review: Review, reason: str) -> Review:
    """The named decision-maker sends the plan back with a reason."""
    with working(person, review, "send_back", "reviews.agree") as current:
        _require_asked(current)
        _require_somebody_else(person, current)
        before = trail.values(current, *ASKED)
        moves.move(current, states.REVIEW, "send_back")
        current.asked_agreement_at, current.sent_back = None, given(reason)
        current.save(update_fields=ASKED)
        entry = trail.record(person, "send_back", current, before, trail.values(current, *ASKED))
        notices.settle(current, "reviews.agree_plan")
        facts = {"person": person.name, "title": current.title, "reason": current.sent_back}
        _tell(current.supervisor, "reviews.plan_sent_back", current, facts, entry)
    return current


def freeze(person: Person, review: Review, start: bool = False) -> Review:
    """Freeze the agreed plan with its hash; with ``start`` the review is under way at once. One trail entry."""
    with working(person, review, "freeze", "reviews.edit") as current:
        before = trail.values(current, *FROZEN)
        moves.move(current, states.REVIEW, "freeze")
        current.plan = plans.plan_of(current)
        current.plan_hash = freezing.fingerprint(current.plan)
        current.frozen_at = clock.now()
        if start:
            moves.move(current, states.REVIEW, "start")
        current.save(update_fields=[*FROZEN, "plan"])
        trail.record(person, "freeze", current, before, trail.values(current, *FROZEN))
        notices.settle(current, "reviews.plan_agreed")
        notices.settle(current, "reviews.plan_sent_back")
    return current


def start(person: Person, review: Review) -> Review:
    """Put the frozen plan into practice."""
    with working(person, review, "start", "reviews.edit") as current:
        before = trail.values(current, "state")
        moves.move(current, states.REVIEW, "start")
        current.save(update_fields=["state"])
        trail.record(person, "start", current, before, trail.values(current, "state"))
    return current


def _tell(person: Person, kind: str, review: Review, facts: dict[str, Any], entry: TrailEntry) -> None:
    """Something waits for ``person``; each entry of the trail is an event of its own."""
    event = f"{kind}:{entry.number}"
    notices.tell([person], kind, review, review.get_absolute_url(), facts, waits=True, event=event)


def _require_asked(review: Review) -> None:
    if not review.agreement_is_asked:
        raise Refused("not_asked", _("Nobody is asked to agree this plan now."))


def _require_somebody_else(person: Person, review: Review) -> None:
    """A stand-in has the decision-maker's authority, but not over a review that is their own."""
    if person.pk == review.supervisor_id:
        raise Refused("own_plan", _("You plan this review, so somebody else has to agree it."))
