"""Ask for a comparison; the worker answers and keeps the answer."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from django.db import transaction

from jobs import workflow as jobs
from metrics.models import Series, Study
from metrics.queries.studies import WORK, Asked
from teams import access, clock, trail
from teams.models import Person


def ask(person: Person, asked: Asked, total: Series | None = None) -> Study:
    """Queue the question over the series that the person sees; asking again for what is fresh changes nothing."""
    access.require(person, "metrics.view")
    with transaction.atomic():
        study, made = Study.objects.select_for_update().get_or_create(
            key=asked.key,
            defaults={
                "kind": asked.kind,
                "question": asked.question,
                "series": asked.series,
                "unit": asked.metric.unit,
                "total": total,
                "asked_by": person,
                "asked_at": clock.now(),
            },
        )
        if not made and study.facts is not None and study.stamp == asked.stamp:
            return study
        if not made:
            study.asked_by, study.asked_at = person, clock.now()
            study.save(update_fields=["asked_by", "asked_at"])
        jobs.enqueue(WORK, {"study": study.pk}, person=person, unit=study.unit, key=f"{WORK}:{study.pk}")
        trail.record(person, "ask", study, {}, trail.values(study, "kind", "question"))
    return study


def keep_splits(answers: Sequence[tuple[Asked, Series, dict[str, Any]]]) -> None:
    """The answers to questions that the worker asks by itself when totals show a special cause, each with its total and
    from the data of its stamp. One statement, inside the caller's transaction; no trail, as with ``keep``."""
    now = clock.now()
    rows = [
        Study(
            key=asked.key,
            kind=asked.kind,
            question=asked.question,
            series=asked.series,
            unit=asked.metric.unit,
            total=total,
            asked_at=now,
            stamp=asked.stamp,
            facts=facts,
            computed_at=now,
        )
        for asked, total, facts in answers
    ]
    kept = ("stamp", "facts", "computed_at")
    Study.objects.bulk_create(rows, update_conflicts=True, unique_fields=["key"], update_fields=kept)


def keep(study: Study, stamp: str, facts: dict[str, Any]) -> None:
    """The worker's answer, and the stamp of the data it read. Inside the caller's transaction; no trail: it can be
    computed again at any time."""
    study.stamp, study.facts, study.computed_at = stamp, facts, clock.now()
    study.save(update_fields=["stamp", "facts", "computed_at"])
