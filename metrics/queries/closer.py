"""The stored closer look at a series."""

from __future__ import annotations

from metrics.models import Analysis, CloserLook, Series
from metrics.queries.analyses import with_points


def look_of(series: Series) -> CloserLook | None:
    """The closer look at a series that the caller has fetched by its door; None before the first."""
    try:
        return series.closer_look
    except CloserLook.DoesNotExist:
        return None


def adjusted_of(look: CloserLook, analysis: Analysis) -> Analysis | None:
    """The stored chart without the season, in the shape of an analysis (never saved); None without a season."""
    if look.adjusted is None:
        return None
    adjusted = Analysis(series=analysis.series, settings=analysis.settings, n=analysis.n)
    return with_points(adjusted, bytes(look.adjusted))
