"""Verbs of findings: raise from evidence in one click, write, agree, merge, address."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _now
from django.utils.translation import gettext_lazy as _

from reviews import evidence as kinds
from reviews import states
from reviews.ends import is_answered
from reviews.models import Criterion, Evidence, Finding, Review, Subject
from reviews.workflow.amending import locked
from reviews.workflow.working import reason as given
from reviews.workflow.working import said, working
from teams import access, clock, edits, moves, trail
from teams.models import Person
from teams.refusals import Refused

FIELDS = ("title", "sort", "condition", "effect", "cause", "confidence", "criterion", "subject")
WORK = "work"


def raise_finding(person: Person, review: Review, kind: str, thing_id: str) -> Finding:
    """A draft finding made of one piece of evidence: its facts frozen, title, step and criterion filled in."""
    with working(person, review, WORK, "reviews.find") as current:
        of_kind = kinds.of(kind)
        facts = of_kind.collect(person, current, thing_id)
        made = Finding.objects.create(
            review=current,
            title=(of_kind.title(facts) or _now("New finding"))[:200],
            condition=of_kind.words(facts),
            subject=Subject.objects.filter(review=current, pk=facts.get("subject") or 0).first(),
            criterion=Criterion.objects.filter(review=current, series=facts.get("series") or 0).first(),
            person=person,
            at=clock.now(),
        )
        _attach(person, made, kind, thing_id, facts, "")
        after = {**trail.values(made, *FIELDS), "evidence": f"{kind} {thing_id}".strip()}
        trail.record(person, "raise_finding", made, {}, after)
    return made


def write_finding(person: Person, review: Review, values: dict[str, Any]) -> Finding:
    """A draft finding written by hand; evidence can be linked to it afterwards."""
    with working(person, review, WORK, "reviews.find") as current:
        said(str(values.get("title", "")), "no_title", _("Say in a few words what was found."), "title")
        made = Finding.objects.create(review=current, person=person, at=clock.now(), **values)
        trail.record(person, "write_finding", made, {}, trail.values(made, *FIELDS))
    return made


def edit_finding(
    person: Person, finding: Finding, base_version: int, base: dict[str, Any], mine: dict[str, Any]
) -> Finding:
    """Change a finding; an agreed one becomes a draft again. Two people's texts are both kept (``teams.edits``)."""
    with working(person, finding.review, WORK, "reviews.find", finding):
        current = Finding._base_manager.select_for_update().get(pk=finding.pk)
        moves.check(current, states.FINDING, "edit")
        said(str(mine.get("title", current.title)), "no_title", _("Say in a few words what was found."), "title")
        return edits.save(person, current, base_version, base, mine, "edit_finding", also=_edited, recorded=("state",))


def _edited(finding: Finding) -> None:
    moves.move(finding, states.FINDING, "edit")


def link_evidence(person: Person, finding: Finding, kind: str, thing_id: str, note: str = "") -> Evidence:
    """Link one more piece of evidence to a finding, or a note in one's own words."""
    with working(person, finding.review, WORK, "reviews.find", finding) as review:
        current = Finding._base_manager.select_for_update().get(pk=finding.pk)
        if current.state == states.MERGED:
            raise Refused("merged", _("This finding was merged into another one: link the evidence there."))
        facts = kinds.of(kind).collect(person, review, thing_id)
        if kind == kinds.NOTE:
            note = said(note, "no_note", _("Write the note."), "note")
        made = _attach(person, current, kind, thing_id, facts, note)
        after = trail.values(made, "kind", "thing_id", "facts", "note", "finding")
        trail.record(person, "link_evidence", made, {}, after)
    return made


def _attach(person: Person, finding: Finding, kind: str, thing_id: str, facts: dict[str, Any], note: str) -> Evidence:
    return Evidence.objects.create(
        review=finding.review,
        kind=kind,
        thing_id=thing_id,
        facts=trail.plain(facts),
        note=note.strip(),
        finding=finding,
        person=person,
        at=clock.now(),
    )


def agree_finding(person: Person, finding: Finding) -> Finding:
    """The reviewer agrees a finding: it has words and at least one piece of evidence."""
    with working(person, finding.review, WORK, "reviews.judge", finding):
        current = Finding._base_manager.select_for_update().get(pk=finding.pk)
        moves.check(current, states.FINDING, "agree")
        if not current.condition.strip():
            words = _("Say what was found before it is agreed.")
            raise Refused("no_condition", words, {"condition": words})
        if not Evidence.objects.filter(finding=current).exists():
            raise Refused("no_evidence", _("Link at least one piece of evidence before it is agreed."))
        _move(person, current, "agree")
    return current


def merge_finding(person: Person, finding: Finding, into: Finding) -> Finding:
    """Merge a finding into another one of the same review; its evidence goes over, its words stay readable."""
    with working(person, finding.review, WORK, "reviews.judge", finding):
        current = Finding._base_manager.select_for_update().get(pk=finding.pk)
        other = Finding._base_manager.select_for_update().get(pk=into.pk)
        if other.pk == current.pk or other.review_id != current.review_id or other.state == states.MERGED:
            raise Refused("cannot_merge", _("Choose another finding of the same review."))
        before = trail.values(current, "state", "merged_into")
        moves.move(current, states.FINDING, "merge")
        current.merged_into = other
        current.save(update_fields=["state", "merged_into"])
        moved = Evidence.objects.filter(finding=current).update(finding=other)
        after = {**trail.values(current, "state", "merged_into"), "evidence_moved": moved}
        trail.record(person, "merge", current, before, after)
    return current


def give_reason(person: Person, finding: Finding, reason: str) -> Finding:
    """Say why an agreed finding gets neither a recommendation nor an action; so it is addressed, too."""
    with _addressing(person, finding) as current:
        before = trail.values(current, "state", "reason_for_none")
        moves.move(current, states.FINDING, "address")
        current.reason_for_none = given(reason)
        current.save(update_fields=["state", "reason_for_none"])
        trail.record(person, "give_reason", current, before, trail.values(current, "state", "reason_for_none"))
    return current


def open_finding_again(person: Person, finding: Finding) -> Finding:
    """The reason why nothing is done about a finding falls away. Raises Refused (``answered``: something is done)."""
    with _addressing(person, finding) as current:
        moves.check(current, states.FINDING, "open_again")
        if is_answered(current):
            raise Refused(
                "answered",
                _("A recommendation or an action answers this finding. It is open again once that is withdrawn."),
            )
        before = trail.values(current, "state", "reason_for_none")
        moves.move(current, states.FINDING, "open_again")
        current.reason_for_none = ""
        current.save(update_fields=["state", "reason_for_none"])
        trail.record(person, "open_again", current, before, trail.values(current, "state", "reason_for_none"))
    return current


def address(finding: Finding) -> Finding:
    """A recommendation or an action takes the finding up. Doors and trail are those of the calling verb."""
    with transaction.atomic():
        current = Finding._base_manager.select_for_update().get(pk=finding.pk)
        moves.move(current, states.FINDING, "address")
        current.save(update_fields=["state"])
    return current


def unaddress(finding: Finding) -> Finding:
    """What had taken the finding up fell away. Doors and trail are those of the calling verb."""
    with transaction.atomic():
        current = Finding._base_manager.select_for_update().get(pk=finding.pk)
        moves.move(current, states.FINDING, "open_again")
        current.save(update_fields=["state"])
    return current


def _move(person: Person, finding: Finding, verb: str) -> None:
    before = trail.values(finding, "state")
    moves.move(finding, states.FINDING, verb)
    finding.save(update_fields=["state"])
    trail.record(person, verb, finding, before, trail.values(finding, "state"))


@contextmanager
def _addressing(person: Person, finding: Finding) -> Iterator[Finding]:
    """Findings are addressed while the review is under way and afterwards, until it is closed."""
    with transaction.atomic():
        review = locked(finding.review)
        if review.state not in (states.UNDER_WAY, states.CONCLUDED, states.DECIDED):
            moves.check(review, states.REVIEW, WORK)
        current = Finding._base_manager.select_for_update().get(pk=finding.pk)
        access.require(person, "reviews.judge", current)
        yield current
