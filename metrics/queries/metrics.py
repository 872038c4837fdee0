"""Questions about metrics, their series, targets and what lies behind a point."""

from __future__ import annotations

import datetime as dt
import itertools
from collections import defaultdict
from dataclasses import dataclass

from django.db.models import Count, Exists, OuterRef, Q, QuerySet, Subquery

from metrics.models import (
    Case,
    Definition,
    Mark,
    Metric,
    Observation,
    ObservationReplaced,
    Rebase,
    Series,
    Target,
    Upload,
)
from metrics.queries.vanished import counted
from teams import access
from teams.models import Person, Unit

DIMENSIONS = ("unit", "service", "product", "channel")
Place = tuple[int, int | None, int | None, int | None]


def metrics(person: Person) -> QuerySet[Metric]:
    """Metrics the person may see, with the number of series that have data."""
    with_data = Count("series", filter=Q(series__last_day__isnull=False), distinct=True)
    return access.visible_to(person, Metric).select_related("unit").annotate(series_count=with_data)


def series(person: Person) -> QuerySet[Series]:
    """Series the person may see, with metric and dimensions; ``definition`` is the text that holds."""
    latest = Definition.objects.filter(metric=OuterRef("metric")).order_by("-number").values("text")[:1]
    rows = access.visible_to(person, Series).select_related("metric__unit", "closer_look", *DIMENSIONS)
    return rows.annotate(definition=Subquery(latest))


def definitions(metric: Metric) -> list[Definition]:
    """The change log of a metric, newest first."""
    return list(Definition.objects.filter(metric=metric).select_related("person").order_by("-number"))


def definition_on(metric: Metric, moment: dt.datetime | None) -> int | None:
    """The number of the definition that was the latest at that moment; None before the first."""
    rows = Definition.objects.filter(metric=metric, at__lte=moment) if moment else Definition.objects.none()
    return rows.order_by("-number").values_list("number", flat=True).first()


def targets(person: Person, of_series: Series) -> list[Target]:
    """The targets of a series' unit and of those above it, the nearest unit first, the newest first; ``seen`` says
    whether the person may see it: one that they may not see can hold all the same."""
    line = of_series.unit.line_ids
    seen = Exists(access.visible_to(person, Target).filter(pk=OuterRef("pk")))
    rows = Target.objects.filter(metric=of_series.metric_id, unit__in=line).annotate(seen=seen)
    found = list(rows.select_related("metric", "unit", "person", "decided_by"))
    return sorted(found, key=lambda one: (line.index(one.unit_id), one.from_day, one.pk), reverse=True)


def rebases(of_series: Series) -> list[Rebase]:
    """All rebases of a series, withdrawn ones too, by day."""
    return list(Rebase.objects.filter(series=of_series).select_related("person").order_by("day", "pk"))


def marks(of_series: Series) -> list[Mark]:
    """The marks of a series, by day."""
    return list(Mark.objects.filter(series=of_series).select_related("person").order_by("day", "pk"))


@dataclass(frozen=True)
class Brought:
    """What one upload said of one value, and whether that stands now. Upload None: typed or summed, not uploaded."""

    numerator: float
    denominator: float | None
    n: int | None
    upload: Upload | None
    stands: bool


def history_of(of_series: Series, day: int) -> list[Brought]:
    """Every value that uploads brought for one period of a series: the one that stands first, then the newest."""
    place = {"series": of_series, "day": day}
    now = Observation.objects.filter(**place).select_related("upload__person", "upload__source").first()
    old = ObservationReplaced.objects.filter(**place).select_related("upload__person", "upload__source")
    rows = [] if now is None else [Brought(now.numerator, now.denominator, now.n, now.upload, True)]
    return rows + [
        Brought(one.numerator, one.denominator, one.n, one.upload, False) for one in old.order_by("-upload__at", "-pk")
    ]


def parts_of(person: Person, of_series: Series, day: int) -> list[tuple[Series, Observation]]:
    """The observations that a summed value was made from, as far as the person may see them: of units below, or by
    service, product and channel; what is within another of them is counted there."""
    asked = {name: getattr(of_series, f"{name}_id") for name in DIMENSIONS[1:]}
    place = {name: value for name, value in asked.items() if value is not None or of_series.metric.source_id}
    below = (
        access.visible_to(person, Series)
        .filter(metric=of_series.metric_id, unit__path__startswith=of_series.unit.path, rolled_up=False, **place)
        .select_related("metric", *DIMENSIONS)
    )
    known = {one.pk: one for one in below.exclude(pk=of_series.pk)}
    rows = {row.series_id: row for row in Observation.objects.filter(series__in=list(known), day=day)}
    places = {(known[pk].unit_id, *_dimensions(known[pk])) for pk in rows}
    found = [(known[pk], row) for pk, row in rows.items() if not _within_another(known[pk], places)]
    return sorted(found, key=lambda pair: pair[0].place)


def _dimensions(one: Series) -> tuple[int | None, int | None, int | None]:
    return one.service_id, one.product_id, one.channel_id


def _within_another(one: Series, places: set[Place]) -> bool:
    """Is there a series of the same unit or of one above, and of the same or fewer dimensions?"""
    coarser = itertools.product(one.unit.line_ids, *({part, None} for part in _dimensions(one)))
    return any(place in places for place in coarser if place != (one.unit_id, *_dimensions(one)))


def without_total(person: Person, metric: Metric) -> list[tuple[Unit, str]]:
    """Units, of those the person may see, whose figures by service, product or channel are not added up, and why
    (a key of ``wording.totals.WHY``)."""
    rows = access.visible_to(person, Series).filter(metric=metric, last_day__isnull=False)
    dimensions: dict[int, set[tuple[int | None, int | None, int | None]]] = defaultdict(set)
    for unit, *place in rows.values_list("unit", "service", "product", "channel"):
        dimensions[unit].add((place[0], place[1], place[2]))
    whole = (None, None, None)
    found = {}
    for unit, places in dimensions.items():
        if whole not in places and len(places) > 1:
            ways = {tuple(part is not None for part in place) for place in places}
            finest = [way for way in ways if not any(_finer(other, way) for other in ways)]
            found[unit] = "not_summed" if not metric.sums else "two_ways" if len(finest) > 1 else "not_alike"
    units = Unit.objects.filter(pk__in=found).order_by("path")
    return [(unit, found[unit.pk]) for unit in units]


def _finer(one: tuple[bool, ...], other: tuple[bool, ...]) -> bool:
    return one != other and all(fine or not coarse for fine, coarse in zip(one, other, strict=True))


def cases_behind(person: Person, of_series: Series, first_day: int, last_day: int) -> QuerySet[Case]:
    """The cases of one period that a series computed from cases counts, as far as the person may see them."""
    rows = counted(access.visible_to(person, Case)).filter(
        source=of_series.metric.source_id,
        unit__path__startswith=of_series.unit.path,
        day__gte=first_day,
        day__lte=last_day,
    )
    for name in ("service", "product", "channel"):
        if getattr(of_series, f"{name}_id") is not None:
            rows = rows.filter(**{name: getattr(of_series, f"{name}_id")})
    return rows.select_related("unit", "upload").order_by("day", "external_id")
