"""Ask for the closer look at a series: season, drift and whatever else is computed for few series only."""

from __future__ import annotations

from collections.abc import Iterable

from django.db import transaction

from jobs import workflow as jobs
from jobs.models import Job
from metrics.models import Series
from metrics.queries.analyses import LOOK_CLOSER as WORK
from teams import access, trail
from teams.models import Person


def look_closer(person: Person, series: Series) -> Job | None:
    """Somebody wants to know more about a series than its chart says."""
    access.require(person, "metrics.view", series)
    with transaction.atomic():
        job = enqueue([series.pk], person=person)
        trail.record(person, "look_closer", series, {}, {})
    return job


def enqueue(series_ids: Iterable[int], *, person: Person | None = None) -> Job | None:
    """Queue the closer look at these series inside the caller's transaction; None where there are none."""
    ids = sorted(set(series_ids))
    return jobs.enqueue(WORK, {"series": ids}, person=person) if ids else None
