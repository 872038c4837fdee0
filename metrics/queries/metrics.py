"""Questions about metrics, their series, targets and what lies behind a point."""

from __future__ import annotations

from dataclasses import dataclass

from django.db.models import Count, OuterRef, Q, QuerySet, Subquery

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
from teams.models import Person

DIMENSIONS = ("unit", "service", "product", "channel")


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


def targets(person: Person, of_series: Series) -> list[Target]:
    """The targets of a series' unit and of those above it, the nearest unit first, the newest first."""
    line = of_series.unit.line_ids
    rows = access.visible_to(person, Target).filter(metric=of_series.metric_id, unit__in=line)
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
    """The observations below that a summed value was made from, as far as the person may see them."""
    below = (
        access.visible_to(person, Series)
        .filter(
            metric=of_series.metric_id,
            unit__path__startswith=of_series.unit.path,
            service=of_series.service_id,
            product=of_series.product_id,
            channel=of_series.channel_id,
            rolled_up=False,
        )
        .select_related("metric", *DIMENSIONS)
    )
    known = {one.pk: one for one in below.exclude(pk=of_series.pk)}
    rows = Observation.objects.filter(series__in=list(known), day=day)
    return sorted(((known[row.series_id], row) for row in rows), key=lambda pair: pair[0].place)


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
