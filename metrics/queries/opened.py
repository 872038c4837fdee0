"""What the page of a series starts from: the series with its stored analysis and what was judged, in one question."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from django.db.models import CharField, Exists, ExpressionWrapper, F, JSONField, OuterRef, QuerySet, Subquery

from metrics.models import Analysis, Cycle, Definition, Series, Study
from metrics.queries import analyses
from metrics.queries import metrics as questions
from metrics.queries.standings import Judged, judged_in
from teams import access
from teams.models import Person

DIMENSIONS = ("unit", "service", "product", "channel")
SURVEY = tuple(f"metric__survey__{name}" for name in ("asked", "promoters", "spread"))
BESIDE = ("metric__unit", "closer_look", *DIMENSIONS, *SURVEY)


@dataclass(frozen=True)
class Opened:
    """A series as a person may see it, its analysis and standing (None before the first), whether anything is being
    computed now, and whether a split of its total is stored."""

    series: Series
    analysis: Analysis | None
    judged: Judged | None
    running: bool
    has_mix: bool


def opened(person: Person, pk: int) -> Opened:
    """The series through its door. Raises Series.DoesNotExist, and OverflowError for an id that no column holds."""
    analysis = _analyses(person, pk).first()
    if analysis is None:
        one = questions.series(person).select_related(*SURVEY).get(pk=pk)
        return Opened(one, None, None, analyses.running(), False)
    found: Any = analysis
    one = analysis.series
    one.definition = found.definition  # type: ignore[attr-defined]
    told = judged_in(analysis, found.periods or {}, one.metric.period)
    return Opened(one, analysis, told, found.running, found.has_mix)


def _analyses(person: Person, pk: int) -> QuerySet[Analysis]:
    latest = Definition.objects.filter(metric=OuterRef("series__metric")).order_by("-number").values("text")[:1]
    # The organisation is the unit whose path the path of every unit in it begins with.
    cycles = (
        Cycle.objects.filter(settings_key=analyses.DEFAULT_KEY)
        .annotate(below=ExpressionWrapper(OuterRef("series__unit__path"), output_field=CharField()))
        .filter(below__startswith=F("organisation__path"))
        .order_by("-pk")
    )
    mixes = Study.objects.filter(total=OuterRef("series"), kind=Study.Kind.MIX, facts__isnull=False)
    return (
        Analysis.objects.filter(series__in=access.visible_to(person, Series).filter(pk=pk))
        .filter(settings_key=analyses.DEFAULT_KEY)
        .select_related("drawn", *(f"series__{name}" for name in BESIDE))
        .annotate(
            definition=Subquery(latest),
            periods=Subquery(cycles.values("periods")[:1], output_field=JSONField()),
            running=Exists(analyses.under_way()),
            has_mix=Exists(mixes),
        )
    )
