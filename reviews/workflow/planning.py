"""Verbs of a new review: begin it from a signal or from nothing, change its plan, copy it."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _now
from django.utils.translation import gettext_lazy as _

from metrics.models import Signal
from processes import workflow as processes
from reviews import states
from reviews.models import CollectionMethod, Criterion, Parameter, Review, Subject
from reviews.workflow.amending import changing
from teams import access, clock, edits, trail
from teams.models import Person, Unit
from teams.refusals import Refused

FIELDS = (
    "title",
    "question",
    "service",
    "start_point",
    "end_point",
    "customers",
    "first_day",
    "last_day",
    "inside",
    "outside",
    "spend_limit",
    "decision_maker",
)
COPIED = ("title", "question", "service", "start_point", "end_point", "customers", "inside", "outside", "spend_limit")


def create(
    person: Person,
    unit: Unit,
    values: dict[str, Any],
    *,
    new_service: str = "",
    signal: Signal | None = None,
    criteria: Sequence[dict[str, Any]] = (),
) -> Review:
    """Begin a review; the person becomes its supervisor. ``values``: fields of the review; ``criteria``: of criteria.

    ``new_service`` names a service that the unit does not have yet. Usual parameters for change and ways of
    collecting are put in to be changed. Raises Refused (``own_decision``, ``cannot_decide``, ``days``, ``no_service``).
    """
    access.require(person, "reviews.create", unit)
    check_plan(person, unit, values)
    with transaction.atomic():
        if new_service.strip():
            values = {**values, "service": processes.new_service(unit, new_service)}
        if values.get("service") is None:
            words = _("Choose the service under review, or name a new one.")
            raise Refused("no_service", words, {"service": words})
        review = Review(unit=unit, supervisor=person, signal=signal, created_at=clock.now(), **values)
        review.title = review.title or review.question.strip()[:160]
        review.save()
        _fill(review, criteria)
        after = trail.values(review, *FIELDS, "unit", "supervisor", "signal", "state")
        trail.record(person, "create", review, {}, after)
    return review


def _fill(review: Review, criteria: Sequence[dict[str, Any]]) -> None:
    Criterion.objects.bulk_create(
        Criterion(review=review, position=place, **fields) for place, fields in enumerate(criteria, start=1)
    )
    Parameter.objects.bulk_create(
        Parameter(review=review, position=place, aspect=aspect, freedom=freedom)
        for place, (aspect, freedom) in enumerate(_usual_parameters(), start=1)
    )
    CollectionMethod.objects.bulk_create(
        CollectionMethod(review=review, position=place, name=name, expected=expected)
        for place, (name, expected) in enumerate(_usual_methods(), start=1)
    )


def _usual_parameters() -> list[tuple[str, str]]:
    freedom = Parameter.Freedom
    return [
        (_now("Staffing"), freedom.APPROVAL),
        (_now("Spending"), freedom.APPROVAL),
        (_now("Systems"), freedom.APPROVAL),
        (_now("Order and content of the steps"), freedom.FREE),
        (_now("Policy and regulation"), freedom.FIXED),
    ]


def _usual_methods() -> list[tuple[str, str]]:
    return [
        (_now("Control charts of the measures"), _now("at least 13 points for each measure")),
        (_now("Challenge round with colleagues and managers"), _now("answers from at least half of those invited")),
    ]


def check_plan(supervisor: Person, unit: Unit, values: dict[str, Any]) -> None:
    """The rules about the fields of a plan. Raises Refused with the field to mend."""
    first, last = values.get("first_day"), values.get("last_day")
    if first and last and last < first:
        words = _("The period ends before it begins.")
        raise Refused("days", words, {"last_day": words})
    decider = values.get("decision_maker")
    if decider is None:
        return
    if decider.pk == supervisor.pk:
        words = _("The supervisor of a review does not decide on it. Choose somebody else.")
        raise Refused("own_decision", words, {"decision_maker": words})
    if not access.holders("reviews.back", unit).filter(pk=decider.pk).exists():
        told = _("%(name)s is not a decision-maker for %(unit)s.") % {"name": decider.name, "unit": unit.name}
        raise Refused("cannot_decide", told, {"decision_maker": told})


def edit_plan(
    person: Person,
    review: Review,
    base_version: int,
    base: dict[str, Any],
    mine: dict[str, Any],
    reason: str = "",
) -> Review:
    """Change fields of the plan (``FIELDS``); once it is frozen this is a numbered amendment with its reason."""
    with changing(person, review, "edit_plan", reason) as change:
        touched = {field: value for field, value in mine.items() if field in FIELDS}
        check_plan(change.review.supervisor, change.review.unit, touched)
        edits.save(person, change.review, base_version, base, touched, "edit_plan", quiet=True)
    return Review._base_manager.get(pk=review.pk)


def copy(person: Person, review: Review) -> Review:
    """A new review planned like this one, for the same period; its judgements and findings stay behind."""
    access.require(person, "reviews.view", review)
    access.require(person, "reviews.create", review.unit)
    if person.pk == review.decision_maker_id:
        raise Refused("own_decision", _("You decide on this review, so you cannot be the supervisor of its copy."))
    with transaction.atomic():
        made = Review(
            **{field: getattr(review, field) for field in COPIED},
            unit=review.unit,
            first_day=review.first_day,
            last_day=review.last_day,
            supervisor=person,
            decision_maker=review.decision_maker,
            copied_from=review,
            process_version=review.process_version,
            created_at=clock.now(),
            state=states.PLANNED,
        )
        made.title = (_now("Copy of %(title)s") % {"title": review.title})[:160]
        made.save()
        for model in (Criterion, Parameter, CollectionMethod, Subject):
            _copy_rows(model, review, made)
        trail.record(person, "copy", made, {}, {**trail.values(made, *FIELDS, "unit"), "copied_from": review.pk})
    return made


def _copy_rows(model: type[Any], review: Review, made: Review) -> None:
    rows = list(model.objects.filter(review=review).order_by("position", "pk"))
    for row in rows:
        row.pk, row.review = None, made
        row._state.adding = True
        if model is not Subject:
            row.version = 1
        if model is CollectionMethod:
            row.got, row.fell_short = "", False
    model.objects.bulk_create(rows)
