"""The plan of a review as one plain structure: what is frozen, hashed and compared."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from metrics import wording
from reviews.models import Amendment, CollectionMethod, Criterion, Parameter, Review, Subject
from teams.models import Person
from teams.trail import plain

REVIEW_FIELDS = (
    "title",
    "question",
    "unit_id",
    "service_id",
    "start_point",
    "end_point",
    "customers",
    "first_day",
    "last_day",
    "inside",
    "outside",
    "spend_limit",
    "decision_maker_id",
)
CRITERION_FIELDS = (
    "position",
    "name",
    "why",
    "metric_id",
    "series_id",
    "measure",
    "threshold",
    "source",
    "rule",
    "weight",
)
PARAMETER_FIELDS = ("position", "aspect", "freedom", "detail")
METHOD_FIELDS = ("position", "name", "expected")

LABELS: dict[str, str | Promise] = {
    "criteria": _("criterion"),
    "parameters": _("parameter for change"),
    "methods": _("method"),
    "subjects": _("under review"),
    "unit_id": _("unit"),
    "service_id": _("service"),
    "decision_maker_id": _("decision-maker"),
    "metric_id": _("metric"),
    "series_id": _("series"),
    "position": _("order"),
    "step_id": _("step"),
    "feature_id": _("feature"),
}


def plan_of(review: Review) -> dict[str, Any]:
    """What the plan says now: five queries, JSON types only, lists keyed by id so that a change has a path.

    People stand in it by their id: names may change or be erased, the hash must not.
    """
    subjects = Subject.objects.filter(review=review).select_related("step", "feature")
    return {
        **_row(review, REVIEW_FIELDS),
        "criteria": _rows(Criterion, review, CRITERION_FIELDS),
        "parameters": _rows(Parameter, review, PARAMETER_FIELDS),
        "methods": _rows(CollectionMethod, review, METHOD_FIELDS),
        "subjects": {
            str(subject.pk): {
                **_row(subject, ("position", "step_id", "feature_id")),
                "name": str(subject),
            }
            for subject in subjects
        },
    }


def _rows(model: type[Any], review: Review, fields: tuple[str, ...]) -> dict[str, Any]:
    return {str(row.pk): _row(row, fields) for row in model.objects.filter(review=review).order_by("pk")}


def _row(thing: Any, fields: tuple[str, ...]) -> dict[str, Any]:
    return {field: plain(getattr(thing, field)) for field in fields}


@dataclass(frozen=True)
class CriterionRow:
    """A criterion as the plan shows it; ``threshold`` in the metric's own notation."""

    criterion: Criterion
    threshold: str


def rows_of(criteria: Iterable[Criterion]) -> list[CriterionRow]:
    """The criteria in their order, with the threshold in words; each comes with its metric."""
    return [CriterionRow(row, _threshold(row)) for row in criteria]


def _threshold(criterion: Criterion) -> str:
    if criterion.threshold is None:
        return "–"
    digits = len(f"{criterion.threshold:g}".partition(".")[2])
    if criterion.metric is None:
        return wording.figure(criterion.threshold, digits)
    return wording.amount(criterion.threshold, criterion.metric, digits)


@dataclass(frozen=True)
class Change:
    """One line of an amendment: what it is about, and its words before and after ("" = it was not there)."""

    about: str
    before: str
    after: str


@dataclass(frozen=True)
class AmendmentLine:
    amendment: Amendment
    changes: list[Change]


def amendments(review: Review) -> list[AmendmentLine]:
    """The amendments in order, each with its changes in words."""
    rows = Amendment.objects.filter(review=review).select_related("person").order_by("number")
    return [AmendmentLine(row, _changes(row, review.plan)) for row in rows]


def _changes(amendment: Amendment, plan: dict[str, Any]) -> list[Change]:
    """One line per field; of an item added or removed only the fields that say something."""
    lines = []
    for path in sorted(amendment.before.keys() | amendment.after.keys()):
        one, other = amendment.before.get(path), amendment.after.get(path)
        if one in (None, "") and other in (None, ""):
            continue
        lines.append(Change(_about(path, amendment, plan), _words(path, one), _words(path, other)))
    return lines


def _about(path: str, amendment: Amendment, plan: dict[str, Any]) -> str:
    parts = path.split("/")
    label = str(LABELS.get(parts[0], _field_words(Review, parts[0])))
    if len(parts) < 3:
        return label
    section, key, field = parts
    model = {"criteria": Criterion, "parameters": Parameter, "methods": CollectionMethod}.get(section, Subject)
    return f"{label} “{_item_name(section, key, amendment, plan)}”: {LABELS.get(field, _field_words(model, field))}"


def _item_name(section: str, key: str, amendment: Amendment, plan: dict[str, Any]) -> str:
    name_field = "aspect" if section == "parameters" else "name"
    path = f"{section}/{key}/{name_field}"
    known = plan.get(section, {}).get(key, {}).get(name_field)
    return str(amendment.after.get(path) or amendment.before.get(path) or known or key)


def _field_words(model: type[Any], field: str) -> Any:
    names = {one.name: one.verbose_name for one in model._meta.get_fields() if hasattr(one, "verbose_name")}
    return names.get(field, field)


def _words(path: str, value: Any) -> str:
    if value is None:
        return ""
    field = path.rsplit("/", 1)[-1]
    if field == "decision_maker_id":
        return str(Person.objects.filter(pk=value).values_list("name", flat=True).first() or value)
    choices: dict[str, dict[Any, Any]] = {
        "rule": dict(Criterion.Rule.choices),
        "freedom": dict(Parameter.Freedom.choices),
        "customers": dict(Review.Customers.choices),
    }
    return str(choices.get(field, {}).get(value, value))
