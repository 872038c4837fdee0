"""The stored closer look at a series."""

from __future__ import annotations

from typing import Any

from django.db.models import OuterRef, QuerySet

from metrics.models import Analysis, CloserLook, Series
from metrics.queries.analyses import with_points

# Of the looks that ``metrics.analysing.closer`` makes: raised when what they keep changes.
VERSION = 10
Facts = dict[str, Any]


def look_of(series: Series) -> CloserLook | None:
    """The closer look at a series that the caller has fetched by its door; None before the first."""
    try:
        return series.closer_look
    except CloserLook.DoesNotExist:
        return None


def season_of(series: Series, analysis: Analysis | None) -> Facts | None:
    """The season that the closer look found, where it was made of this very analysis; None where nothing can be said."""
    look = look_of(series)
    if look is None or analysis is None or (look.inputs_hash, look.version) != (analysis.inputs_hash, VERSION):
        return None
    season: Facts | None = look.facts.get("season")
    return season if season and season["found"] else None


def with_season() -> QuerySet[CloserLook]:
    """The closer looks that found a season, beside the rows of a query of analyses: only of that very analysis."""
    fresh = CloserLook.objects.filter(
        series=OuterRef("series"), inputs_hash=OuterRef("inputs_hash"), version=VERSION, facts__season__found=True
    )
    return fresh.order_by("pk")


def adjusted_of(look: CloserLook, analysis: Analysis) -> Analysis | None:
    """The stored chart without the season, in the shape of an analysis (never saved); None without a season."""
    if look.adjusted is None:
        return None
    adjusted = Analysis(series=analysis.series, settings=analysis.settings, n=analysis.n)
    return with_points(adjusted, bytes(look.adjusted))
