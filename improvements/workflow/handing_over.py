"""A leaver's open actions, verifications and papers go to somebody else."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _now

from improvements import states, wording  # noqa: F401 - the kinds of notices register themselves
from improvements.models import Action, Submission
from improvements.workflow.actions import check_people, hold_action
from improvements.workflow.submissions import hold_paper
from notices import workflow as notices
from notices.models import Notice
from teams import access, trail
from teams.models import Person, TrailEntry
from teams.refusals import Refused


@dataclass
class HandedOver:
    """What went over, and what could not and why."""

    moved: list[Any] = field(default_factory=list)
    kept: list[tuple[Any, str]] = field(default_factory=list)


def hand_over(person: Person, leaver: Person, heir: Person) -> HandedOver:
    """Give what the leaver has open to the heir: actions to carry out or to verify, papers to decide.

    The administrator calls it (``teams.administer`` over the leaver); one trail entry for each object. Nobody becomes
    owner and verifier, or author and decision-maker: such an object stays and is named.
    """
    access.require(person, "teams.administer", leaver)
    done = HandedOver()
    with transaction.atomic():
        for role in ("owner", "verifier"):
            for action in Action.objects.filter(**{role: leaver}).exclude(state__in=states.ENDED):
                _pass_on(person, action, role, leaver, heir, done)
        for paper in Submission.objects.filter(decision_maker=leaver, state__in=states.WAITING):
            _pass_paper(person, paper, leaver, heir, done)
    return done


def _pass_on(person: Person, action: Action, role: str, leaver: Person, heir: Person, done: HandedOver) -> None:
    current = hold_action(action)
    before = trail.values(current, role)
    setattr(current, role, heir)
    try:
        check_people(current)
    except Refused as refused:
        done.kept.append((action, str(refused.message)))
        return
    current.save(update_fields=[role])
    entry = trail.record(person, "hand_over", current, before, trail.values(current, role))
    _tell(entry, current, current.what, leaver, heir)
    done.moved.append(current)


def _pass_paper(person: Person, paper: Submission, leaver: Person, heir: Person, done: HandedOver) -> None:
    current = hold_paper(paper)
    thing = current.recommendation
    if heir.pk in (current.author_id, thing.author_id):
        done.kept.append((paper, _now("%(name)s wrote it.") % {"name": heir.name}))
        return
    if not access.holders("reviews.back", thing.review.unit).filter(pk=heir.pk).exists():
        done.kept.append((paper, _now("%(name)s is not a decision-maker for its unit.") % {"name": heir.name}))
        return
    before = trail.values(current, "decision_maker")
    current.decision_maker = heir
    current.save(update_fields=["decision_maker"])
    entry = trail.record(person, "hand_over", current, before, trail.values(current, "decision_maker"))
    _tell(entry, current, thing.title, leaver, heir)
    done.moved.append(current)


def _tell(entry: TrailEntry, thing: Any, title: str, leaver: Person, heir: Person) -> None:
    """What waited for the leaver waits for the heir; without anything waiting the heir is told once."""
    rows = Notice.objects.filter(
        person=leaver, thing_kind=thing._meta.label_lower, thing_id=str(thing.pk), waits=True, settled_at=None
    )
    waiting = list(rows)
    for notice in waiting:
        notices.settle(thing, notice.kind, leaver)
        event = f"{notice.kind}:{thing.pk}:{entry.number}"
        notices.tell(
            [heir], notice.kind, thing, notice.url, notice.facts, waits=True, due_on=notice.due_on, event=event
        )
    if not waiting:
        facts = {"person": entry.person.name if entry.person else "", "title": title}
        kind = "improvements.handed_over"
        event = f"{kind}:{thing._meta.label_lower}:{thing.pk}:{entry.number}"
        notices.tell([heir], kind, thing, thing.get_absolute_url(), facts, event=event)
