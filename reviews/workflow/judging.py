"""Verbs of judging steps and features: three judgements each, with evidence, and what becomes of a step."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from django.utils.translation import gettext_lazy as _

from reviews import evidence as kinds
from reviews.models import Evidence, Judgement, Review, StepOutcome, Subject
from reviews.workflow.working import said, working
from teams import clock, edits, trail
from teams.models import Person
from teams.refusals import Refused

FIELDS = ("rating", "why", "confidence")
RECORDED = ("person", "at")
# (kind, thing id, note) as a form sends them.
Link = tuple[str, str, str]


def judge(
    person: Person,
    subject: Subject,
    respect: str,
    base_version: int,
    base: dict[str, Any],
    mine: dict[str, Any],
    links: Sequence[Link] = (),
) -> Judgement:
    """Judge one subject in one respect, with the evidence it rests on; who and when are kept.

    ``base_version`` 0 and an empty ``base`` mean that the form was opened before anybody had judged.
    Raises Refused (``no_such_respect``, ``not_now``), Conflict where somebody else judged otherwise meanwhile.
    """
    if respect not in Judgement.Respect.values:
        raise Refused("no_such_respect", _("Judge satisfaction, cost or compliance."))
    with working(person, subject.review, "work", "reviews.judge", subject) as review:
        known = Judgement.objects.filter(subject=subject, respect=respect).first()
        before = trail.values(known, *FIELDS, *RECORDED) if known else {}
        if known is None:
            known = Judgement.objects.create(subject=subject, respect=respect, person=person, at=clock.now(), **mine)
        else:
            known = edits.save(
                person, known, base_version, base, mine, "judge", also=_by(person), recorded=RECORDED, quiet=True
            )
        linked = [_link(person, review, known, link) for link in links]
        after = trail.values(known, *FIELDS, *RECORDED)
        if after != before or linked:
            trail.record(person, "judge", known, before, {**after, "evidence": linked} if linked else after)
    return known


def _by(person: Person) -> Any:
    def set_who_and_when(judgement: Judgement) -> None:
        judgement.person, judgement.at = person, clock.now()

    return set_who_and_when


def _link(person: Person, review: Review, judgement: Judgement, link: Link) -> str:
    kind, thing_id, note = link
    facts = kinds.of(kind).collect(person, review, thing_id)
    Evidence.objects.create(
        review=review,
        kind=kind,
        thing_id=thing_id,
        facts=facts,
        note=note.strip(),
        judgement=judgement,
        person=person,
        at=clock.now(),
    )
    return f"{kind} {thing_id}".strip()


def remove_evidence(person: Person, evidence: Evidence) -> None:
    """Take a link to evidence away; its facts stay in the trail."""
    thing = evidence.finding or evidence.judgement
    permission = "reviews.find" if evidence.finding_id else "reviews.judge"
    with working(person, evidence.review, "work", permission, thing):
        trail.record(person, "remove_evidence", evidence, trail.values(evidence, "kind", "thing_id", "facts", "note"))
        evidence.delete()


def choose_outcome(
    person: Person, subject: Subject, base_version: int, base: dict[str, Any], mine: dict[str, Any]
) -> StepOutcome:
    """Say what becomes of a step or feature (keep, eliminate, combine, rearrange, simplify), with the reason."""
    words = _("Say why: the reason is read long after the talk.")
    said(str(mine.get("reason", "")), "no_reason", words, "reason")
    with working(person, subject.review, "work", "reviews.judge", subject):
        known = StepOutcome.objects.filter(subject=subject).first()
        if known is None:
            made = StepOutcome.objects.create(subject=subject, person=person, at=clock.now(), **mine)
            trail.record(person, "choose_outcome", made, {}, trail.values(made, "outcome", "reason"))
            return made
        return edits.save(
            person, known, base_version, base, mine, "choose_outcome", also=_by(person), recorded=RECORDED
        )
