"""Rebases: a date from which the limits are computed anew, set by a person with a reason, never by itself."""

from __future__ import annotations

import datetime as dt

from django.db import transaction
from django.utils.translation import gettext as _

from metrics.models import Rebase, Series
from metrics.workflow import analyses
from teams import access, clock, trail
from teams.models import Person
from teams.refusals import Refused


def rebase(person: Person, series: Series, day: dt.date, reason: str) -> Rebase:
    """Compute the limits anew from ``day`` on. Raises Refused (``no_reason``, ``already``, ``outside_data``)."""
    _check(series, day, reason)
    access.require(person, "metrics.rebase", series)
    with transaction.atomic():
        made = Rebase.objects.create(series=series, day=day, reason=reason.strip(), person=person, at=clock.now())
        trail.record(person, "rebase", made, {}, trail.values(made, "series", "day", "reason"))
        analyses.enqueue([series.pk], person=person, unit=series.unit)
    return made


def withdraw(person: Person, rebase: Rebase) -> Rebase:
    """Take a rebase back: the limits run through again. Raises Refused (``not_now``)."""
    if rebase.withdrawn_at is not None:
        raise Refused("not_now", _("This rebase has been withdrawn already."))
    access.require(person, "metrics.rebase", rebase)
    with transaction.atomic():
        current = Rebase.objects.select_for_update().get(pk=rebase.pk)
        before = trail.values(current, "withdrawn_at")
        current.withdrawn_at = clock.now()
        current.save(update_fields=["withdrawn_at"])
        trail.record(person, "withdraw_rebase", current, before, trail.values(current, "withdrawn_at"))
        analyses.enqueue([current.series_id], person=person, unit=current.series.unit)
    return current


def _check(series: Series, day: dt.date, reason: str) -> None:
    if not reason.strip():
        words = _("Say why: limits that move without a reason hide what they should show.")
        raise Refused("no_reason", words, {"reason": words})
    if series.rebases.filter(day=day, withdrawn_at=None).exists():
        words = _("The limits begin anew on this day already.")
        raise Refused("already", words, {"day": words})
    if series.last_day is not None and day.toordinal() > series.last_day:
        words = _("There is no value on or after this day yet.")
        raise Refused("outside_data", words, {"day": words})
