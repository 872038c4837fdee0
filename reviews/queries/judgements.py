"""The steps and features under review with their judgements: the heat strip, and one step's page."""

from __future__ import annotations

from dataclasses import dataclass

from django.db.models import Count, Q, QuerySet
from django.utils.functional import Promise

from reviews import evidence, states
from reviews.models import Evidence, Finding, Judgement, Review, StepOutcome, Subject


@dataclass(frozen=True)
class Tile:
    """One judgement in the heat strip; without one ``rating`` is empty."""

    respect: str
    name: str | Promise
    rating: str
    words: str
    confidence: str
    evidence: int
    judgement: Judgement | None


@dataclass(frozen=True)
class Row:
    """A step or a feature with its three tiles."""

    subject: Subject
    number: int
    tiles: list[Tile]
    outcome: StepOutcome | None
    findings: int


@dataclass(frozen=True)
class Strip:
    steps: list[Row]
    features: list[Row]
    judged: int
    to_judge: int


def strip(review: Review) -> Strip:
    """The heat strip of a review: four queries, however many steps."""
    subjects = list(under_review(review))
    tiles: dict[int, dict[str, Judgement]] = {}
    for row in _with_evidence(Judgement.objects.filter(subject__review=review)):
        tiles.setdefault(row.subject_id, {})[row.respect] = row
    outcomes = {row.subject_id: row for row in StepOutcome.objects.filter(subject__review=review)}
    found: dict[int, int] = {}
    for pk in Finding.objects.filter(review=review, subject__isnull=False).values_list("subject_id", flat=True):
        found[pk] = found.get(pk, 0) + 1
    rows: dict[bool, list[Row]] = {True: [], False: []}
    for subject in subjects:
        kind = rows[subject.step_id is not None]
        own = tiles.get(subject.pk, {})
        kind.append(Row(subject, len(kind) + 1, _tiles(own), outcomes.get(subject.pk), found.get(subject.pk, 0)))
    judged = sum(len(own) for own in tiles.values())
    return Strip(rows[True], rows[False], judged, len(subjects) * len(states.DIMENSIONS))


def under_review(review: Review) -> QuerySet[Subject]:
    """Steps in order, then features."""
    rows = Subject.objects.filter(review=review).select_related("step", "feature")
    return rows.alias(is_feature=Q(feature__isnull=False)).order_by("is_feature", "position", "pk")


def _with_evidence(rows: QuerySet[Judgement]) -> QuerySet[Judgement]:
    return rows.select_related("person").annotate(linked=Count("evidence"))


def _tiles(own: dict[str, Judgement]) -> list[Tile]:
    tiles = []
    for respect, name in Judgement.Respect.choices:
        judgement = own.get(respect)
        tiles.append(
            Tile(
                respect,
                name,
                judgement.rating if judgement else "",
                judgement.get_rating_display() if judgement else "",
                judgement.get_confidence_display() if judgement else "",
                getattr(judgement, "linked", 0) if judgement else 0,
                judgement,
            )
        )
    return tiles


@dataclass(frozen=True)
class Card:
    """One respect on the page of a step: the judgement, its evidence, and what the last review said."""

    respect: str
    name: str | Promise
    judgement: Judgement | None
    evidence: list[evidence.Line]
    earlier: Judgement | None


def cards(subject: Subject) -> list[Card]:
    """The three cards of one step or feature; four queries."""
    own = {row.respect: row for row in Judgement.objects.filter(subject=subject).select_related("person")}
    lines: dict[int, list[evidence.Line]] = {}
    for row in Evidence.objects.filter(judgement__subject=subject):
        lines.setdefault(row.judgement_id or 0, []).append(evidence.line(row))
    before = _earlier(subject)
    return [
        Card(
            respect,
            name,
            own.get(respect),
            lines.get(own[respect].pk, []) if respect in own else [],
            before.get(respect),
        )
        for respect, name in Judgement.Respect.choices
    ]


def _earlier(subject: Subject) -> dict[str, Judgement]:
    """The judgements of the same step or feature in the review before this one, of the same unit."""
    same = {"subject__step": subject.step_id} if subject.step_id else {"subject__feature": subject.feature_id}
    rows = Judgement.objects.filter(
        **same,
        subject__review__unit=subject.review.unit_id,
        subject__review__created_at__lt=subject.review.created_at,
    )
    found: dict[str, Judgement] = {}
    for row in rows.select_related("subject__review").order_by("subject__review__created_at", "pk"):
        found[row.respect] = row
    return found
