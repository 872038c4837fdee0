"""The board of findings, and one finding with its evidence."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from django.db.models import Count
from django.utils.functional import Promise

from reviews import evidence
from reviews.models import Evidence, Finding, Review


@dataclass(frozen=True)
class Column:
    """One state of the board."""

    state: str
    name: str | Promise
    findings: Sequence[Finding]
    size: int


def board(review: Review) -> list[Column]:
    """Draft, agreed and addressed findings; merged ones are found in the one they went into. One query."""
    rows = (
        Finding.objects.filter(review=review)
        .select_related("criterion", "subject__step", "subject__feature", "person")
        .annotate(linked=Count("evidence"))
        .order_by("pk")
    )
    found = list(rows)
    columns = []
    for state in (Finding.State.DRAFT, Finding.State.AGREED, Finding.State.ADDRESSED):
        own = [finding for finding in found if finding.state == state]
        columns.append(Column(state.value, state.label, own, len(own)))
    return columns


def evidence_of(finding: Finding) -> list[evidence.Line]:
    """What a finding rests on, in the order it was linked."""
    return [evidence.line(row) for row in Evidence.objects.filter(finding=finding).order_by("pk")]


def others(finding: Finding) -> list[Finding]:
    """Findings of the same review into which this one could be merged."""
    rows = Finding.objects.filter(review=finding.review_id).exclude(pk=finding.pk)
    return list(rows.exclude(state=Finding.State.MERGED).order_by("title"))
