"""Comparisons before and after, and the series that may show what would have happened anyway."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Sequence

from django.db import models
from django.db.models import Exists, OuterRef

from metrics.models import Comparison, Mark, Series
from metrics.trends.periods import later
from teams import access
from teams.models import Person

DIMENSIONS = ("service", "product", "channel")
WITH_SERIES = ("series__metric__survey", "series__unit", *(f"series__{name}" for name in DIMENSIONS))
AGAINST = ("against__metric", "against__unit", *(f"against__{name}" for name in DIMENSIONS))
OFFERED = 20


def of_series(series: Series) -> list[Comparison]:
    """The comparisons of a series, the newest change first."""
    return list(Comparison.objects.filter(series=series).select_related("person", *AGAINST))


def of_thing(thing: models.Model) -> Comparison | None:
    """The comparison that follows a thing (an action), None where there is none."""
    place = {"thing_kind": thing._meta.label_lower, "thing_id": str(thing.pk)}
    return Comparison.objects.filter(**place).select_related(*WITH_SERIES, *AGAINST).first()


def own_mark(one: Comparison, marks: Sequence[Mark]) -> Mark | None:
    """The mark of what is compared: of the same thing, or of the same name at the same time; None where it has none."""
    return next((mark for mark in marks if _same(one, mark)), None)


def at_once(one: Comparison, marks: Iterable[Mark], comparisons: Iterable[Comparison]) -> tuple[str, ...]:
    """The names of what else began with a change: marks and other comparisons of the series, each once, that fall
    between the points before and after, or between the day and another beginning that the data show."""
    first, last = _between(one)
    found: dict[tuple[str, str], str] = {}
    # Things first: a date that a person named like one of them is the same change.
    events: list[Mark | Comparison] = sorted([*marks, *comparisons], key=lambda event: not event.thing_id)
    for event in events:
        if event == one or _same(one, event) or not first <= event.day < last:
            continue
        if event.thing_id:
            found.setdefault((event.thing_kind, event.thing_id), event.label)
        elif event.label not in found.values():
            found["", event.label] = event.label
    return tuple(found.values())


def _same(one: Comparison, event: Mark | Comparison) -> bool:
    if one.thing_id and event.thing_id:
        return (one.thing_kind, one.thing_id) == (event.thing_kind, event.thing_id)
    first, last = _between(one)
    return one.label == event.label and first <= event.day < last


def _between(one: Comparison) -> tuple[dt.date, dt.date]:
    """The days in which what begins cannot be told from the change: the first, and the first after the last."""
    first, last = one.until + dt.timedelta(days=1), one.day
    if one.facts.get("onset"):
        began = dt.date.fromordinal(one.facts["onset"])
        first, last = min(first, began), max(last, began)
    return first, later(last, one.series.metric.period, 1)


def candidates(person: Person, comparison: Comparison) -> list[Series]:
    """Series of the same metric that the person may see and in which nothing was done from the change on.

    What is likest comes first: the same dimensions, the same parent unit, then the longest history. A series that holds
    the other, or is held by it, is no comparison: it contains the change.
    """
    one = comparison.series
    done = Mark.objects.filter(series=OuterRef("pk"), kind=Mark.Kind.ACTION, day__gte=comparison.until)
    rows = (
        access.visible_to(person, Series)
        .filter(
            metric=one.metric_id, first_day__lt=comparison.day.toordinal(), last_day__gte=comparison.day.toordinal()
        )
        .exclude(pk=one.pk)
        .exclude(Exists(done))
        .select_related("metric", "unit", *DIMENSIONS)
    )
    found = [series for series in rows if not _holds(series, one)]
    return sorted(found, key=lambda series: (_unlike(series, one), series.first_day or 0, series.pk))[:OFFERED]


def _holds(series: Series, one: Series) -> bool:
    """Whether a series counts the other's contacts too (or they count the same)."""
    line = one.unit.path.startswith(series.unit.path) or series.unit.path.startswith(one.unit.path)
    pairs = [(getattr(series, f"{name}_id"), getattr(one, f"{name}_id")) for name in DIMENSIONS]
    return line and all(mine == theirs or mine is None or theirs is None for mine, theirs in pairs)


def _unlike(series: Series, one: Series) -> tuple[bool, bool]:
    """(other dimensions and another unit at once, another parent unit)."""
    other = any(getattr(series, f"{name}_id") != getattr(one, f"{name}_id") for name in DIMENSIONS)
    return other and series.unit_id != one.unit_id, _parent(series.unit.path) != _parent(one.unit.path)


def _parent(path: str) -> str:
    return path.rstrip("/").rpartition("/")[0]


def with_series(pk: int) -> Comparison:
    """One comparison with everything that its page names; the caller has asked the door."""
    return Comparison.objects.select_related("person", *WITH_SERIES, *AGAINST).get(pk=pk)
