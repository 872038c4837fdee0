"""A question on a signal: asked, looked into, answered. Many signals end here, some in a review."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass, field
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from metrics import states, wording  # noqa: F401 - the kinds of notices register themselves
from metrics.models import Inquiry, Signal
from notices import workflow as notices
from notices.models import Notice
from teams import access, clock, moves, trail
from teams.models import Person
from teams.refusals import Refused

ASKED, ANSWERED = "metrics.asked", "metrics.answered"


def ask(person: Person, signal: Signal, question: str, asked_of: Person, due_on: dt.date | None = None) -> Inquiry:
    """Ask somebody who may see the signal; it waits for them. Raises Refused (``no_question``, ``who``, ``past``)."""
    question = _said(question, "no_question", _("Write the question."), "question")
    access.require(person, "metrics.ask", signal)
    if not access.holders("metrics.view", signal.series.unit).filter(pk=asked_of.pk).exists():
        words = _("Choose somebody who can see this metric.")
        raise Refused("who", words, {"asked_of": words})
    if due_on is not None and due_on < clock.today():
        words = _("This day is past.")
        raise Refused("past", words, {"due_on": words})
    with transaction.atomic():
        made = Inquiry.objects.create(
            signal=signal, question=question, asked_by=person, asked_at=clock.now(), asked_of=asked_of, due_on=due_on
        )
        trail.record(person, "ask", made, {}, trail.values(made, "question", "asked_of", "due_on", "state"))
        _wait(made)
    return made


def look_into(person: Person, inquiry: Inquiry, notes: str, seen: str | None = None) -> Inquiry:
    """Write down what was looked at; may be said again until there is an answer.

    ``seen``: the notes that the person had before them; others that came meanwhile are not written over.
    Raises Refused (``no_notes``, ``changed``).
    """
    notes = _said(notes, "no_notes", _("Say what you looked at."), "notes")
    with transaction.atomic():
        current, before = _held(person, inquiry, "look_into")
        if seen is not None and _plain(seen) != _plain(current.notes):
            words = _("%(name)s wrote meanwhile: “%(notes)s”. Put both together and keep the notes again.")
            told = {"name": current.looked_by.name if current.looked_by else "", "notes": current.notes}
            raise Refused("changed", words % told, {"notes": words % told})
        moves.move(current, states.INQUIRY, "look_into")
        current.notes, current.looked_by, current.looked_at = notes, person, clock.now()
        current.save(update_fields=["state", "notes", "looked_by", "looked_at"])
        trail.record(person, "look_into", current, before, trail.values(current, *FIELDS))
    return current


def answer(person: Person, inquiry: Inquiry, words: str, leads_to: str) -> Inquiry:
    """Answer it and say what it leads to; who asked is told. Raises Refused (``no_answer``, ``leads_to``)."""
    words = _said(words, "no_answer", _("Write the answer."), "answer")
    if leads_to not in Inquiry.LeadsTo.values:
        choose = _("Say what it leads to.")
        raise Refused("leads_to", choose, {"leads_to": choose})
    with transaction.atomic():
        current, before = _held(person, inquiry, "answer")
        moves.move(current, states.INQUIRY, "answer")
        current.answer, current.leads_to = words, leads_to
        current.answered_by, current.answered_at = person, clock.now()
        current.save(update_fields=["state", "answer", "leads_to", "answered_by", "answered_at"])
        trail.record(person, "answer", current, before, trail.values(current, *FIELDS))
        notices.settle(current, ASKED)
        if current.asked_by_id != person.pk:
            facts = {"person": person.name, "question": str(current)}
            event = f"{ANSWERED}:{current.pk}"
            notices.tell([current.asked_by], ANSWERED, current, current.get_absolute_url(), facts, event=event)
    return current


FIELDS = ("state", "notes", "looked_by", "looked_at", "answer", "leads_to", "answered_by", "answered_at")


def _held(person: Person, inquiry: Inquiry, move: str) -> tuple[Inquiry, dict[str, Any]]:
    """The inquiry as it stands now, for a person who may answer it and a move that is possible."""
    moves.check(inquiry, states.INQUIRY, move)
    access.require(person, "metrics.answer", inquiry)
    rows = Inquiry.objects.select_for_update(of=("self",)).select_related("asked_by", "looked_by")
    current = rows.get(pk=inquiry.pk)
    moves.check(current, states.INQUIRY, move)
    return current, trail.values(current, *FIELDS)


def _plain(words: str) -> str:
    """As a browser sends it back: line ends and blanks around do not matter."""
    return "\n".join(words.strip().splitlines())


def _said(words: str, code: str, message: str, name: str) -> str:
    if not words.strip():
        raise Refused(code, message, {name: message})
    return words.strip()


def _wait(inquiry: Inquiry) -> list[Notice]:
    facts = {"person": inquiry.asked_by.name, "question": str(inquiry)}
    address = inquiry.get_absolute_url()
    event = f"{ASKED}:{inquiry.pk}:{inquiry.asked_of_id}"
    return notices.tell(
        [inquiry.asked_of], ASKED, inquiry, address, facts, waits=True, due_on=inquiry.due_on, event=event
    )


@dataclass
class HandedOver:
    """What went over, and what could not and why."""

    moved: list[Any] = field(default_factory=list)
    kept: list[tuple[Any, str]] = field(default_factory=list)


def hand_over(person: Person, leaver: Person, heir: Person) -> HandedOver:
    """Give the questions that wait for the leaver to the heir, if they can see the metric; one trail entry for each."""
    access.require(person, "teams.administer", leaver)
    done = HandedOver()
    rows = Inquiry.objects.select_for_update(of=("self",)).filter(asked_of=leaver).exclude(state=states.ANSWERED)
    with transaction.atomic():
        for inquiry in rows.select_related("asked_by", "asked_of", "signal__series__unit"):
            if not access.holders("metrics.view", inquiry.signal.series.unit).filter(pk=heir.pk).exists():
                done.kept.append((inquiry, _("%(name)s cannot see this metric.") % {"name": heir.name}))
                continue
            before = trail.values(inquiry, "asked_of")
            inquiry.asked_of = heir
            inquiry.save(update_fields=["asked_of"])
            trail.record(person, "hand_over", inquiry, before, trail.values(inquiry, "asked_of"))
            notices.settle(inquiry, ASKED)
            _wait(inquiry)
            done.moved.append(inquiry)
    return done
