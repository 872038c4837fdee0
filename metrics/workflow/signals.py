"""Signals: looked at, acknowledged with a word, opened again."""

from __future__ import annotations

from collections.abc import Iterable

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
    return acknowledge_all(person, signal, word, ())[0]


def acknowledge_all(person: Person, signal: Signal, word: str, others: Iterable[Signal]) -> list[Signal]:
    """The same of a signal and of others of the same change; those acknowledged, the signal itself first.

    One of the others of which somebody else has spoken in the meantime keeps those words.
    """
    if not word.strip():
        words = _("Say what is known about it, or that nothing is known.")
        raise Refused("no_words", words, {"word": words})
    moves.check(signal, states.SIGNAL, "acknowledge")
    also = [one for one in others if one.pk != signal.pk]
    for one in (signal, *also):
        access.require(person, "metrics.acknowledge", one)
    with transaction.atomic():
        ids = [signal.pk, *(one.pk for one in also)]
        held = {one.pk: one for one in Signal.objects.select_for_update().filter(pk__in=ids).order_by("pk")}
        current = _acknowledge(person, held.pop(signal.pk), word)
        open_still = [one for one in held.values() if one.state == Signal.State.OPEN and not one.gone]
        for one in open_still:
            _acknowledge(person, one, word)
    return [current, *open_still]


def _acknowledge(person: Person, signal: Signal, word: str) -> Signal:
    before = trail.values(signal, *FIELDS)
    moves.move(signal, states.SIGNAL, "acknowledge")
    signal.acknowledged_by, signal.acknowledged_at, signal.word = person, clock.now(), word.strip()
    signal.save(update_fields=FIELDS)
    trail.record(person, "acknowledge", signal, before, trail.values(signal, *FIELDS))
    return signal


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
