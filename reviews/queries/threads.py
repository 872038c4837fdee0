"""Neighbours of an object in the thread: what it came from and what depends on it, through the doors."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from django.db.models import Model, QuerySet
from django.http import Http404
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from metrics.models import Metric, Series, Signal
from processes.models import Feature, Process, Service, Step
from reviews import evidence, states
from reviews.models import Conclusion, Criterion, Evidence, Finding, Judgement, Review, Round, StepOutcome, Subject
from teams import access
from teams.links import DEPENDS, FROM, ThreadLink
from teams.models import Person

SHOWN = 20
NOUNS: dict[type[Model], str | Promise] = {
    Review: _("review"),
    Criterion: _("criterion"),
    Subject: _("step or feature under review"),
    Judgement: _("judgement"),
    Round: _("challenge round"),
    Finding: _("finding"),
    Conclusion: _("conclusion"),
    StepOutcome: _("outcome of a step"),
}


def thread_of(person: Person, thing: object) -> list[ThreadLink]:
    """Links from ``thing`` (of this app, or of the apps below it) to objects of this app and below."""
    for kind, neighbours in NEIGHBOURS:
        if isinstance(thing, kind):
            return neighbours(person, thing)
    return []


def _links(relation: str, rows: QuerySet[Any]) -> list[ThreadLink]:
    return [_link(relation, row) for row in rows[:SHOWN]]


def _link(relation: str, row: Any) -> ThreadLink:
    state = row.get_state_display() if hasattr(row, "get_state_display") else ""
    if hasattr(row, "get_rating_display"):
        state = row.get_rating_display()
    at = getattr(row, "created_at", None) or getattr(row, "at", None) or getattr(row, "opened_at", None)
    return ThreadLink(relation, NOUNS[type(row)], _title(row), _url(row), state, at)


def _title(row: Any) -> str:
    if isinstance(row, Judgement):
        return f"{row.subject}: {row.get_respect_display()}"
    if isinstance(row, StepOutcome):
        return f"{row.subject}: {row.get_outcome_display()}"
    return str(row.criterion) if isinstance(row, Conclusion) else str(row)


def _url(row: Any) -> str:
    if isinstance(row, Criterion):
        return f"{row.review.get_absolute_url()}#criterion-{row.pk}"
    if isinstance(row, StepOutcome):
        return row.subject.get_absolute_url()
    return row.get_absolute_url()


def _seen(person: Person, model: type[Any], **conditions: Any) -> QuerySet[Any]:
    related = {
        Criterion: ("review",),
        Judgement: ("subject__step", "subject__feature"),
        Subject: ("step", "feature"),
        Conclusion: ("criterion",),
        StepOutcome: ("subject__step", "subject__feature"),
    }.get(model, ())
    return access.visible_to(person, model).filter(**conditions).select_related(*related)


def _of_review(person: Person, review: Review) -> list[ThreadLink]:
    links = []
    if review.copied_from_id:
        links += _links(FROM, _seen(person, Review, pk=review.copied_from_id))
    if review.signal_id:
        links += _signal_links(person, review.signal_id)
    links += _links(DEPENDS, _seen(person, Review, copied_from=review))
    links += _links(DEPENDS, _seen(person, Criterion, review=review))
    links += _links(DEPENDS, _seen(person, Round, review=review))
    links += _links(DEPENDS, _seen(person, Finding, review=review).exclude(state=states.MERGED))
    return links


def _signal_links(person: Person, pk: int) -> list[ThreadLink]:
    """A link to the signal that a review began with, where the person may see it."""
    kind = evidence.of(evidence.SIGNAL)
    try:
        facts = kind.collect(person, None, str(pk))
    except Http404:
        return []
    return [ThreadLink(FROM, _("signal"), kind.title(facts), kind.url(facts))]


def _of_criterion(person: Person, criterion: Criterion) -> list[ThreadLink]:
    return [
        *_links(FROM, _seen(person, Review, pk=criterion.review_id)),
        *_links(DEPENDS, _seen(person, Conclusion, criterion=criterion)),
        *_links(DEPENDS, _seen(person, Finding, criterion=criterion)),
    ]


def _of_subject(person: Person, subject: Subject) -> list[ThreadLink]:
    return [
        *_links(FROM, _seen(person, Review, pk=subject.review_id)),
        *_links(DEPENDS, _seen(person, Judgement, subject=subject)),
        *_links(DEPENDS, _seen(person, Finding, subject=subject)),
        *_links(DEPENDS, _seen(person, StepOutcome, subject=subject)),
    ]


def _of_judgement(person: Person, judgement: Judgement) -> list[ThreadLink]:
    return [
        *_links(FROM, _seen(person, Subject, pk=judgement.subject_id)),
        *_evidence_links(person, Evidence.objects.filter(judgement=judgement)),
        *_findings_from(person, evidence.JUDGEMENT, judgement.pk),
    ]


def _of_finding(person: Person, finding: Finding) -> list[ThreadLink]:
    links = _links(FROM, _seen(person, Review, pk=finding.review_id))
    links += _evidence_links(person, Evidence.objects.filter(finding=finding))
    if finding.criterion_id:
        links += _links(FROM, _seen(person, Criterion, pk=finding.criterion_id))
    if finding.subject_id:
        links += _links(FROM, _seen(person, Subject, pk=finding.subject_id))
    links += _links(FROM, _seen(person, Finding, merged_into=finding))
    if finding.merged_into_id:
        links += _links(DEPENDS, _seen(person, Finding, pk=finding.merged_into_id))
    return links


def _evidence_links(person: Person, rows: QuerySet[Evidence]) -> list[ThreadLink]:
    """Evidence lies inside what is open already; its own address asks its own door."""
    lines = [evidence.line(row) for row in rows[:SHOWN]]
    return [ThreadLink(FROM, line.name, line.words or line.note, line.url) for line in lines if line.url]


def _findings_from(person: Person, kind: str, pk: Any) -> list[ThreadLink]:
    told = Evidence.objects.filter(kind=kind, thing_id=str(pk), finding__isnull=False).values("finding")
    return _links(DEPENDS, _seen(person, Finding, pk__in=told))


def _of_round(person: Person, round: Round) -> list[ThreadLink]:
    links = _links(FROM, _seen(person, Review, pk=round.review_id))
    if round.is_revealed:
        facts = Evidence.objects.filter(kind=evidence.ANSWER, facts__round=round.pk, finding__isnull=False)
        links += _links(DEPENDS, _seen(person, Finding, pk__in=facts.values("finding")))
    return links


def _of_conclusion(person: Person, conclusion: Conclusion) -> list[ThreadLink]:
    return _links(FROM, _seen(person, Criterion, pk=conclusion.criterion_id))


def _of_signal(person: Person, signal: Signal) -> list[ThreadLink]:
    return [
        *_links(DEPENDS, _seen(person, Review, signal=signal)),
        *_findings_from(person, evidence.SIGNAL, signal.pk),
    ]


def _of_series(person: Person, series: Series) -> list[ThreadLink]:
    points = Evidence.objects.filter(kind=evidence.POINT, thing_id__startswith=f"{series.pk}:", finding__isnull=False)
    return [
        *_links(DEPENDS, _seen(person, Criterion, series=series)),
        *_links(DEPENDS, _seen(person, Review, signal__series=series)),
        *_links(DEPENDS, _seen(person, Finding, pk__in=points.values("finding"))),
    ]


def _of_metric(person: Person, metric: Metric) -> list[ThreadLink]:
    return _links(DEPENDS, _seen(person, Criterion, metric=metric))


def _of_service(person: Person, service: Service) -> list[ThreadLink]:
    return _links(DEPENDS, _seen(person, Review, service=service))


def _of_process(person: Person, process: Process) -> list[ThreadLink]:
    return _links(DEPENDS, _seen(person, Review, process_version__process=process))


def _of_step(person: Person, step: Step) -> list[ThreadLink]:
    return _links(DEPENDS, _seen(person, Subject, step=step))


def _of_feature(person: Person, feature: Feature) -> list[ThreadLink]:
    return _links(DEPENDS, _seen(person, Subject, feature=feature))


NEIGHBOURS: tuple[tuple[type[Model], Callable[[Person, Any], list[ThreadLink]]], ...] = (
    (Review, _of_review),
    (Criterion, _of_criterion),
    (Subject, _of_subject),
    (Judgement, _of_judgement),
    (Finding, _of_finding),
    (Round, _of_round),
    (Conclusion, _of_conclusion),
    (Signal, _of_signal),
    (Series, _of_series),
    (Metric, _of_metric),
    (Service, _of_service),
    (Process, _of_process),
    (Step, _of_step),
    (Feature, _of_feature),
)
