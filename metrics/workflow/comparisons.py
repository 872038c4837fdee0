"""Before and after: asked for by a person, or following an action; computed by a worker."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Sequence
from typing import Any

from django.db import IntegrityError, models, transaction
from django.utils.text import Truncator
from django.utils.translation import gettext as _

from jobs import workflow as jobs
from metrics.models import Comparison, Series
from metrics.queries import comparisons as questions
from metrics.trends.periods import first_day
from metrics.workflow.marks import LABEL
from teams import access, clock, trail
from teams.models import Person
from teams.refusals import Refused

WORK = "metrics.compare"


def compare(person: Person, series: Series, day: dt.date, label: str) -> Comparison:
    """Ask for the points before and after a day. Raises Refused (``no_words``, ``outside_data``, ``already``)."""
    access.require(person, "metrics.mark", series)
    start = first_day(day, series.metric.period)
    _check(series, start, label)
    try:
        with transaction.atomic():
            made = Comparison.objects.create(
                series=series,
                until=start - dt.timedelta(days=1),
                day=start,
                label=Truncator(label.strip()).chars(LABEL),
                person=person,
                at=clock.now(),
            )
            trail.record(person, "compare", made, {}, trail.values(made, "series", "day", "label"))
            enqueue([made], person)
    except IntegrityError:
        raise _already() from None
    return made


def follow(
    person: Person,
    series: Series,
    until: dt.date,
    day: dt.date,
    label: str,
    needed: int,
    thing: models.Model,
    reason_days: Sequence[int] = (),
) -> Comparison:
    """Compare before and after for a thing (an action), inside the caller's transaction, who writes the trail.

    ``reason_days``: first days of the points for whose sake it was done, left out of the baseline. One per thing: followed again, the days move and the comparison series stays.
    """
    place: dict[str, Any] = {"thing_kind": thing._meta.label_lower, "thing_id": str(thing.pk)}
    values: dict[str, Any] = {
        "series": series,
        "until": until,
        "day": day,
        "label": Truncator(label).chars(LABEL),
        "needed": needed,
        "reason_days": list(reason_days),
        "person": person,
        "at": clock.now(),
        "facts": {},
        "inputs_hash": "",
        "computed_at": None,
    }
    made, _new = Comparison.objects.update_or_create(**place, defaults=values)
    enqueue([made], person)
    return made


def unfollow(thing: models.Model) -> None:
    """Take a thing's comparison away, inside the caller's transaction."""
    Comparison.objects.filter(thing_kind=thing._meta.label_lower, thing_id=str(thing.pk)).delete()


def set_against(person: Person, comparison: Comparison, against: Series | None) -> Comparison:
    """Choose the series that shows what would have happened anyway, or none. Raises Refused (``not_comparable``)."""
    access.require(person, "metrics.mark", comparison)
    if against is not None and against not in questions.candidates(person, comparison):
        words = _("Choose a series of the same metric in which nothing was done at that time.")
        raise Refused("not_comparable", words, {"against": words})
    with transaction.atomic():
        current = Comparison.objects.select_for_update(of=("self",)).get(pk=comparison.pk)
        before = trail.values(current, "against")
        current.against = against
        current.facts, current.inputs_hash, current.computed_at = {}, "", None
        current.save(update_fields=["against", "facts", "inputs_hash", "computed_at"])
        trail.record(person, "set_against", current, before, trail.values(current, "against"))
        enqueue([current], person)
    return current


def remove(person: Person, comparison: Comparison) -> None:
    """Take a comparison away that a person asked for. Raises Refused (``follows_action``)."""
    if comparison.thing_id:
        raise Refused("follows_action", _("This comparison follows an action and goes with that."))
    access.require(person, "metrics.mark", comparison)
    with transaction.atomic():
        trail.record(person, "remove_comparison", comparison, trail.values(comparison, "series", "day", "label"), {})
        comparison.delete()


def enqueue(comparisons: Iterable[Comparison], person: Person | None = None) -> None:
    """Queue the computing of these inside the caller's transaction."""
    rows = list(comparisons)
    if rows:
        jobs.enqueue(WORK, {"comparisons": [one.pk for one in rows]}, person=person, unit=rows[0].series.unit)


def _check(series: Series, day: dt.date, label: str) -> None:
    if not label.strip():
        words = _("Say in a few words what changed.")
        raise Refused("no_words", words, {"label": words})
    first, last = series.first_day, series.last_day
    if first is None or last is None or not first < day.toordinal() <= last:
        words = _("There must be values before this day and from it on.")
        raise Refused("outside_data", words, {"day": words})
    if Comparison.objects.filter(series=series, day=day, thing_id="").exists():
        raise _already()


def _already() -> Refused:
    words = _("Before and after this day are compared already.")
    return Refused("already", words, {"day": words})
