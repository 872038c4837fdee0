"""Verbs of what a plan consists of: criteria, parameters for change, ways of collecting, steps and features."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

from django.db.models import Max
from django.utils.translation import gettext_lazy as _

from processes import workflow as processes
from processes.models import Feature, ProcessVersion, Step
from reviews.models import CollectionMethod, Conclusion, Criterion, Finding, Judgement, Parameter, Question, Subject
from reviews.models.plan import Review
from reviews.workflow.amending import Change, changing
from reviews.workflow.working import said, working
from teams import edits, trail
from teams.models import Person, Versioned
from teams.refusals import Refused

Item = Criterion | Parameter | CollectionMethod
NOUNS: dict[type[Versioned], str] = {Criterion: "criterion", Parameter: "parameter", CollectionMethod: "method"}
BY_THRESHOLD = (Criterion.Rule.MEAN, Criterion.Rule.LATEST, Criterion.Rule.ASSURANCE)


def add_item(person: Person, review: Review, model: type[Any], values: dict[str, Any], reason: str = "") -> Any:
    """Add a criterion, a parameter or a method at the end of its list. Once frozen: an amendment."""
    with changing(person, review, f"add_{NOUNS[model]}", reason) as change:
        _check_item(change.review, model, values)
        if model is Criterion and values.get("series"):
            values = {**values, "metric": values["series"].metric}
        made = model.objects.create(review=change.review, position=_next(model, change.review), **values)
    return made


def edit_item(
    person: Person,
    item: Item,
    base_version: int,
    base: dict[str, Any],
    mine: dict[str, Any],
    reason: str = "",
) -> Any:
    """Change a criterion, a parameter or a method. Once frozen: an amendment."""
    noun = NOUNS[type(item)]
    with changing(person, item.review, f"edit_{noun}", reason) as change:
        _check_item(change.review, type(item), {**_rule_of(item), **mine})
        also = _metric_of_series if isinstance(item, Criterion) else None
        edits.save(person, item, base_version, base, mine, f"edit_{noun}", also=also, quiet=True)
    return type(item)._base_manager.get(pk=item.pk)


def _metric_of_series(criterion: Any) -> None:
    criterion.metric = criterion.series.metric if criterion.series else None


def remove_item(person: Person, item: Item, reason: str = "") -> None:
    """Take a criterion, a parameter or a method out of the plan; one that was used stays."""
    with changing(person, item.review, f"remove_{NOUNS[type(item)]}", reason):
        if isinstance(item, Criterion) and _criterion_is_used(item):
            raise Refused("in_use", _("A finding or a conclusion stands on this criterion, so it stays."))
        item.delete()


def _criterion_is_used(criterion: Criterion) -> bool:
    findings = Finding.objects.filter(criterion=criterion)
    return findings.exists() or Conclusion.objects.filter(criterion=criterion).exists()


def _check_item(review: Review, model: type[Any], values: dict[str, Any]) -> None:
    if model is not Criterion:
        return
    rule = values.get("rule")
    if rule in BY_THRESHOLD and values.get("threshold") is None:
        words = _("This rule needs a threshold to compare with.")
        raise Refused("no_threshold", words, {"threshold": words})
    if rule != Criterion.Rule.BY_HAND and values.get("series") is None:
        words = _("This rule reads a stored analysis: choose the series, or conclude by hand.")
        raise Refused("no_series", words, {"series": words})


def _rule_of(item: Item) -> dict[str, Any]:
    """What a criterion is concluded by as it stands, for edits that leave it alone."""
    if not isinstance(item, Criterion):
        return {}
    return {"rule": item.rule, "threshold": item.threshold, "series": item.series}


def _next(model: type[Any], review: Review) -> int:
    return (model.objects.filter(review=review).aggregate(last=Max("position"))["last"] or 0) + 1


def note_yield(person: Person, method: CollectionMethod, got: str, fell_short: bool) -> CollectionMethod:
    """Note what a way of collecting or analysing has yielded; no part of the plan, so no amendment."""
    with working(person, method.review, "work", "reviews.edit", method):
        current = CollectionMethod.objects.select_for_update().get(pk=method.pk)
        before = trail.values(current, "got", "fell_short")
        current.got, current.fell_short = got.strip(), fell_short
        current.save(update_fields=["got", "fell_short"])
        trail.record(person, "note_yield", current, before, trail.values(current, "got", "fell_short"))
    return current


# Steps and features under review


def add_steps(person: Person, review: Review, version: ProcessVersion, reason: str = "") -> list[Subject]:
    """Put all steps of a process, as it is, under review, in order; those that are there already stay."""
    if version.process.service_id != review.service_id:
        raise Refused("other_service", _("This process belongs to another service than the review."))
    with changing(person, review, "add_steps", reason) as change:
        _keep_version(change, version)
        known = Subject.objects.filter(review=review, step__isnull=False).values("step")
        steps = Step.objects.filter(process_version=version, archived_at=None).exclude(pk__in=known)
        place = _next(Subject, change.review)
        return [
            Subject.objects.create(review=change.review, step=step, position=place + offset)
            for offset, step in enumerate(steps.order_by("position"))
        ]


def add_step(
    person: Person,
    review: Review,
    name: str,
    *,
    who: str = "",
    description: str = "",
    minutes: Decimal | None = None,
    cost: Decimal | None = None,
    reason: str = "",
) -> Subject:
    """A new step of the process under review, after the last one; the process is begun with its first step."""
    name = said(name, "no_name", _("Give the step a name."), "name")
    with changing(person, review, "add_step", reason) as change:
        version = change.review.process_version or processes.new_process(change.review.service, _process_name(review))
        _keep_version(change, version)
        step = processes.new_step(version, name, who=who, description=description, minutes=minutes, cost=cost)
        return Subject.objects.create(review=change.review, step=step, position=_next(Subject, change.review))


def add_feature(person: Person, review: Review, name: str, drives: str = "", reason: str = "") -> Subject:
    """Put a feature of the service under review; one the service has under this name already is taken."""
    name = said(name, "no_name", _("Give the feature a name."), "name")
    with changing(person, review, "add_feature", reason) as change:
        feature: Feature = processes.new_feature(change.review.service, name, drives)
        if Subject.objects.filter(review=change.review, feature=feature).exists():
            words = _("This feature is under review already.")
            raise Refused("twice", words, {"name": words})
        return Subject.objects.create(review=change.review, feature=feature, position=_next(Subject, change.review))


def remove_subject(person: Person, subject: Subject, reason: str = "") -> None:
    """Take a step or a feature out of the review; one that was judged, asked about or found about stays."""
    with changing(person, subject.review, "remove_subject", reason):
        used = (Judgement, Question, Finding)
        if any(model.objects.filter(subject=subject).exists() for model in used):
            raise Refused("in_use", _("It was judged or asked about already, so it stays under review."))
        subject.delete()


def move_subject(person: Person, subject: Subject, up: bool, reason: str = "") -> None:
    """Change places with the neighbour above or below among the steps (or among the features)."""
    with changing(person, subject.review, "move_subject", reason):
        kind = {"step__isnull": subject.step_id is None}
        rows = list(Subject.objects.filter(review=subject.review_id, **kind).order_by("position", "pk"))
        places = sorted(row.position for row in rows)
        here = next(place for place, row in enumerate(rows) if row.pk == subject.pk)
        there = here - 1 if up else here + 1
        if 0 <= there < len(rows):
            rows[here], rows[there] = rows[there], rows[here]
            for position, row in zip(places, rows, strict=True):
                row.position = position
            Subject.objects.bulk_update(rows, ["position"])


def _keep_version(change: Change, version: ProcessVersion) -> None:
    if change.review.process_version_id is None:
        change.review.process_version = version
        change.review.save(update_fields=["process_version"])


def _process_name(review: Review) -> str:
    return f"{review.start_point} → {review.end_point}"[:120]
