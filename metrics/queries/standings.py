"""How far changes can be trusted: what the last judgement over all series of an organisation says."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from django.db.models import Max

from metrics.models import Analysis, Cycle
from metrics.queries.analyses import DEFAULT_KEY


@dataclass(frozen=True)
class Judged:
    """What is known of one series: its standing ("" before the first judgement), how often a stable series would look
    like this (``p``, None where that cannot be told), its usual range, and of the organisation's ``series`` measured by
    the same period that have had new values lately how many marks ``chance`` alone would show."""

    standing: str
    p: float | None
    amr: float | None
    lower: float | None
    upper: float | None
    period: str
    series: int
    chance: float


def latest_cycles(organisations: Iterable[int]) -> dict[int, Cycle]:
    """{organisation: its last judgement}; one query."""
    rows = Cycle.objects.filter(settings_key=DEFAULT_KEY, organisation__in=set(organisations))
    last = rows.order_by().values("organisation").annotate(last=Max("pk")).values("last")
    return {cycle.organisation_id: cycle for cycle in Cycle.objects.filter(pk__in=last)}


def organisation_of(path: str) -> int:
    """The id of the organisation from the path of a unit."""
    return int(path.strip("/").split("/")[0])


def judged(analysis: Analysis, path: str, period: str, cycles: dict[int, Cycle]) -> Judged:
    """What is known of a series with this analysis, by the path of its unit and the period of its metric."""
    cycle = cycles.get(organisation_of(path))
    return judged_in(analysis, cycle.periods if cycle else {}, period)


def judged_in(analysis: Analysis, periods: dict[str, Any], period: str) -> Judged:
    """The same by the ``periods`` of the last judgement over the organisation."""
    told = periods.get(period, {})
    return Judged(
        analysis.standing,
        analysis.p,
        analysis.amr,
        analysis.lower,
        analysis.upper,
        period,
        told.get("series", 0),
        told.get("chance", 0.0),
    )


def standings(series_ids: Iterable[int]) -> dict[int, Judged]:
    """{series: what is known of it}; two queries for any number. The caller has fetched the series by its door."""
    rows = list(
        Analysis.objects.filter(series__in=list(series_ids), settings_key=DEFAULT_KEY)
        .select_related("series__unit", "series__metric")
        .only(
            "standing",
            "p",
            "amr",
            "lower",
            "upper",
            "series__unit__path",
            "series__metric__period",
            "series__metric__id",
        )
    )
    cycles = latest_cycles(organisation_of(row.series.unit.path) for row in rows)
    return {row.series_id: judged(row, row.series.unit.path, row.series.metric.period, cycles) for row in rows}
