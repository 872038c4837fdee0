"""Signals: looked at, acknowledged with a word, opened again."""

from __future__ import annotations

from django.db import transaction
from django.utils.translation import gettext as _

from metrics import states
from metrics.models import Signal
from teams import access, clock, moves, trail
from teams.models import Person
from teams.refusals import Refused

FIELDS = ("state", "acknowledged_by", "acknowledged_at", "word")


def acknowledge(person: Person, signal: Signal, word: str) -> Signal:
    """Say what is known about a signal; it is not announced again. Raises Refused (``no_words``, ``not_now``)."""
    if not word.strip():
        words = _("Say what is known about it, or that nothing is known.")
        raise Refused("no_words", words, {"word": words})
    moves.check(signal, states.SIGNAL, "acknowledge")
    access.require(person, "metrics.acknowledge", signal)
    with transaction.atomic():
        current = Signal.objects.select_for_update().get(pk=signal.pk)
        before = trail.values(current, *FIELDS)
        moves.move(current, states.SIGNAL, "acknowledge")
        current.acknowledged_by, current.acknowledged_at, current.word = person, clock.now(), word.strip()
        current.save(update_fields=FIELDS)
        trail.record(person, "acknowledge", current, before, trail.values(current, *FIELDS))
    return current


def reopen(person: Person, signal: Signal) -> Signal:
    """Take the acknowledgement back; the word said stays in the trail. Raises Refused (``not_now``)."""
    moves.check(signal, states.SIGNAL, "reopen")
    access.require(person, "metrics.acknowledge", signal)
    with transaction.atomic():
        current = Signal.objects.select_for_update().get(pk=signal.pk)
        before = trail.values(current, *FIELDS)
        moves.move(current, states.SIGNAL, "reopen")
        current.acknowledged_by, current.acknowledged_at, current.word = None, None, ""
        current.save(update_fields=FIELDS)
        trail.record(person, "reopen", current, before, trail.values(current, *FIELDS))
    return current


def seen(person: Person) -> None:
    """Remember that the person has looked at the signals on home: only later ones are told again."""
    access.require(person, "metrics.view")
    with transaction.atomic():
        current = Person.objects.select_for_update().get(pk=person.pk)
        before = trail.values(current, "signals_seen_at")
        current.signals_seen_at = clock.now()
        current.save(update_fields=["signals_seen_at"])
        trail.record(person, "see_signals", current, before, trail.values(current, "signals_seen_at"))
    person.signals_seen_at = current.signals_seen_at
