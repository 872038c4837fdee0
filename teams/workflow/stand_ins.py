"""Who acts for whom while somebody is away."""

from __future__ import annotations

import datetime as dt

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from teams import access, clock, queries, trail
from teams.models import Person, StandIn
from teams.refusals import Refused


def set_stand_in(person: Person, away: Person, stand_in: Person, first_day: dt.date, last_day: dt.date) -> StandIn:
    """``stand_in`` acts for ``away`` from day to day; set by oneself or by one's administrator."""
    if last_day < first_day or last_day < clock.today():
        words = _("The last day must not lie before the first, nor in the past.")
        raise Refused("days", words, {"last_day": words})
    if away.pk == stand_in.pk or not stand_in.is_active:
        words = _("Choose somebody else who may sign in.")
        raise Refused("stand_in", words, {"stand_in": words})
    require_own(person, away)
    if not queries.possible_stand_ins(away).filter(pk=stand_in.pk).exists():
        words = _("Choose somebody who works with the person.")
        raise Refused("stand_in", words, {"stand_in": words})
    with transaction.atomic():
        Person.objects.select_for_update().get(pk=away.pk)
        overlaps = StandIn.objects.filter(person=away, first_day__lte=last_day, last_day__gte=first_day)
        if overlaps.exists():
            words = _("There is a stand-in for some of these days already. End that first.")
            raise Refused("overlap", words, {"first_day": words})
        row = StandIn.objects.create(person=away, stand_in=stand_in, first_day=first_day, last_day=last_day)
        trail.record(person, "set_stand_in", row, {}, _values(row))
    return row


def end_stand_in(person: Person, row: StandIn) -> None:
    """The person is back: the stand-in may act no longer, from now on."""
    require_own(person, row.person)
    with transaction.atomic():
        row = StandIn.objects.select_for_update().get(pk=row.pk)
        trail.record(person, "end_stand_in", row, _values(row), {}, trail.unit_of(row.person))
        row.delete()


def _values(row: StandIn) -> dict[str, object]:
    return trail.values(row, "person", "stand_in", "first_day", "last_day")


def require_own(person: Person, away: Person) -> None:
    """Raises PermissionDenied unless it is about oneself or one administers the person."""
    if person.pk != away.pk:
        access.require_administered(person, away)
