"""Marks: thin vertical lines on every chart of a series."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable
from typing import Any

from django.db import models, transaction
from django.utils.text import Truncator
from django.utils.translation import gettext as _

from metrics.models import Mark, Series
from teams import access, clock, trail
from teams.models import Person
from teams.refusals import Refused

LABEL = 80


def mark(
    person: Person | None, series: Series, kind: str, day: dt.date, label: str, thing: models.Model | None = None
) -> Mark:
    """Put a mark, inside the caller's transaction; the caller has asked its own door and writes the trail.

    One per series and thing: the same thing marked again moves its mark.
    """
    values = {"kind": kind, "day": day, "label": Truncator(label).chars(LABEL), "person": person, "at": clock.now()}
    if thing is None:
        return Mark.objects.create(series=series, **values)
    place: dict[str, Any] = {"series": series, "thing_kind": thing._meta.label_lower, "thing_id": str(thing.pk)}
    made, _new = Mark.objects.update_or_create(**place, defaults=values)
    return made


def mark_all(
    person: Person | None, series: Iterable[Series], kind: str, day: dt.date, label: str, thing: models.Model
) -> int:
    """Put the same new mark on many series at once (a changed definition); how many."""
    now = clock.now()
    made = [
        Mark(
            series=one,
            kind=kind,
            day=day,
            label=Truncator(label).chars(LABEL),
            thing_kind=thing._meta.label_lower,
            thing_id=str(thing.pk),
            person=person,
            at=now,
        )
        for one in series
    ]
    Mark.objects.bulk_create(made, batch_size=500)
    return len(made)


def unmark(thing: models.Model) -> int:
    """Take a thing's marks away, inside the caller's transaction; how many there were."""
    rows = Mark.objects.filter(thing_kind=thing._meta.label_lower, thing_id=str(thing.pk))
    return rows.delete()[0]


def note(person: Person, series: Series, day: dt.date, label: str) -> Mark:
    """Note by hand what happened on a day. Raises Refused (``no_words``)."""
    if not label.strip():
        words = _("Say in a few words what happened.")
        raise Refused("no_words", words, {"label": words})
    access.require(person, "metrics.mark", series)
    with transaction.atomic():
        made = mark(person, series, Mark.Kind.NOTE, day, label.strip())
        trail.record(person, "note", made, {}, trail.values(made, "series", "day", "label"))
    return made


def remove_note(person: Person, mark: Mark) -> None:
    """Take a note away; marks that belong to something else go with that. Raises Refused (``not_a_note``)."""
    if mark.kind != Mark.Kind.NOTE:
        raise Refused("not_a_note", _("This mark belongs to something else and goes with that."))
    access.require(person, "metrics.mark", mark)
    with transaction.atomic():
        trail.record(person, "remove_note", mark, trail.values(mark, "series", "day", "label"), {})
        mark.delete()
