"""Say how a metric is asked of customers, so that its points have intervals."""

from __future__ import annotations

from django.db import transaction

from metrics.models import Metric, Survey
from metrics.workflow import analyses
from teams import access, trail
from teams.models import Person

FIELDS = ("kind", "weighted", "asked", "promoters", "spread")


def declare(
    person: Person,
    metric: Metric,
    kind: str,
    weighted: str,
    asked: Metric | None = None,
    promoters: Metric | None = None,
    spread: Metric | None = None,
) -> Survey:
    """Keep how it is asked, and have the intervals computed."""
    access.require(person, "metrics.edit", metric)
    with transaction.atomic():
        # One at a time: where there is no survey yet, there is no row of it to hold.
        Metric.objects.select_for_update(no_key=True).get(pk=metric.pk)
        survey = Survey.objects.filter(metric=metric).first() or Survey(metric=metric)
        before = _told(survey) if survey.pk else {}
        survey.kind, survey.weighted = kind, weighted
        survey.asked, survey.promoters, survey.spread = asked, promoters, spread
        survey.save()
        trail.record(person, "declare", survey, before, _told(survey))
        analyses.enqueue_metric(metric, person=person)
    return survey


def _told(survey: Survey) -> dict[str, object]:
    return trail.values(survey, "kind", "weighted", "asked_id", "promoters_id", "spread_id")
