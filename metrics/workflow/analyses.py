"""Ask for analyses: after an import, after a change by hand, and nightly."""

from __future__ import annotations

from collections.abc import Iterable

from jobs import workflow as jobs
from jobs.models import Job
from metrics.models import Metric, Series
from teams.models import Person, Unit

WORK = "metrics.analyse"
ALL = "metrics.analyse_all"


def enqueue(series_ids: Iterable[int], *, person: Person | None = None, unit: Unit | None = None) -> Job | None:
    """Queue the analysis of these series inside the caller's transaction; None where there are none.

    Never joined to a job that already runs: that one may have read the data before the change.
    """
    ids = sorted(set(series_ids))
    if not ids:
        return None
    return jobs.enqueue(WORK, {"series": ids}, person=person, unit=unit)


def enqueue_metric(metric: Metric, *, below: Unit | None = None, person: Person | None = None) -> Job | None:
    """Queue the analysis of all series of a metric, or of those of a unit and the units below it."""
    series = Series.objects.filter(metric=metric)
    if below is not None:
        series = series.filter(unit__path__startswith=below.path)
    return enqueue(series.values_list("pk", flat=True), person=person, unit=below or metric.unit)
