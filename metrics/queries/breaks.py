"""Change points that are proposed for a series, and those that somebody dismissed."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from typing import Any

import numpy as np

from metrics.models import Analysis, Dismissal, Series
from metrics.queries.analyses import analysis_of, points_of
from metrics.queries.closer import look_of
from metrics.trends import Points


@dataclass(frozen=True)
class Proposal:
    """A step as the closer look found it (``facts``); ``dismissed`` by whom and why, None where it is open."""

    facts: dict[str, Any]
    dismissed: Dismissal | None


def proposals(series: Series, analysis: Analysis | None) -> list[Proposal]:
    """The steps found in the phase in force, in order of time; none while the look is older than the values."""
    look = look_of(series)
    if look is None or analysis is None or look.inputs_hash != analysis.inputs_hash:
        return []
    found = look.facts.get("breaks", {}).get("found", [])
    if not found:
        return []
    points = points_of(analysis)
    kept = [
        one
        for one in Dismissal.objects.filter(series=series).select_related("person")
        if values_hash(points, one.since, one.until) == one.values_hash
    ]
    return [Proposal(facts, next((one for one in kept if _same(one, facts)), None)) for facts in found]


def proposal_on(series: Series, day: int) -> tuple[Proposal, Points] | None:
    """The proposal of a day (ordinal) with the points that it stands on, None where there is none (any more)."""
    analysis = analysis_of(series)
    found = [one for one in proposals(series, analysis) if one.facts["day"] == day]
    return (found[0], points_of(analysis)) if found and analysis else None


def values_hash(points: Points, since: int, until: int) -> str:
    """SHA-256 of days and values from one day to another."""
    chosen = (points.days >= since) & (points.days <= until)
    digest = hashlib.sha256(np.ascontiguousarray(points.days[chosen], "<i8").tobytes())
    digest.update(np.ascontiguousarray(points.values[chosen], "<f8").tobytes())
    return digest.hexdigest()


def _same(one: Dismissal, facts: dict[str, Any]) -> bool:
    """Whether the ranges in which the two lie meet."""
    return bool(one.first_day <= facts["last_day"] and facts["first_day"] <= one.last_day)
