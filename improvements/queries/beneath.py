"""What lies beneath a paper, and its hash: comments and names are left out, so that only a change of substance shows.

Imported values and analysis settings stand in it as the hash of each stored analysis' inputs.
"""

from __future__ import annotations

from typing import Any

from django.db.models import FilteredRelation, Q, QuerySet

from improvements.models import Recommendation
from metrics.models import Analysis, Series
from metrics.trends import Settings
from reviews import states as review_states
from reviews.freezing import fingerprint
from reviews.models import Criterion, Evidence, Finding, Judgement, Parameter, Review
from teams.trail import plain

Beneath = dict[str, Any]
SETTLED = (review_states.FINDING_AGREED, review_states.ADDRESSED)
DEFAULT_KEY = Settings().key
PLACE = ("metric", "unit", "service", "product", "channel")


def findings_of(review: Review) -> QuerySet[Finding]:
    """The findings that a paper shows: agreed ones, whether addressed already or not."""
    return Finding.objects.filter(review=review, state__in=SETTLED).order_by("id")


def series_ids_of(review: Review) -> list[int]:
    """Ids of the series that a paper on this review stands on: criteria, the signal it began with, and evidence."""
    found = set(Criterion.objects.filter(review=review, series__isnull=False).values_list("series", flat=True))
    if review.signal is not None:
        found.add(review.signal.series_id)
    for facts in Evidence.objects.filter(finding__in=findings_of(review)).values_list("facts", flat=True):
        named = facts.get("series")
        if isinstance(named, int):
            found.add(named)
    return sorted(Series.objects.filter(pk__in=found).values_list("pk", flat=True))


def analyses_of(series_ids: list[int]) -> dict[int, Analysis]:
    """The stored analysis of each series by the product's settings, where there is one."""
    rows = Analysis.objects.filter(series__in=series_ids, settings_key=DEFAULT_KEY)
    return {row.series_id: row for row in rows.select_related("drawn", *(f"series__{name}" for name in PLACE))}


def beneath_of(recommendation: Recommendation) -> Beneath:
    """Everything that the paper of this recommendation stands on, as plain JSON; keys are ids as text. Six queries."""
    review = recommendation.review
    criteria, conclusions = _criteria(review)
    findings = _findings(review)
    named = {one["series_id"] for one in criteria.values()}
    named |= {link["facts"].get("series") for one in findings.values() for link in one["evidence"].values()}
    named.add(review.signal.series_id if review.signal is not None else None)
    stored = _inputs_of({pk for pk in named if isinstance(pk, int)})
    judgement = ("subject_id", "respect", "rating", "confidence")
    return {
        "series": {str(pk): {"inputs": inputs, "settings": DEFAULT_KEY} for pk, inputs in stored.items()},
        "plan": review.plan_hash,
        "criteria": criteria,
        "conclusions": conclusions,
        "judgements": _rows(Judgement.objects.filter(subject__review=review), judgement),
        "parameters": _rows(Parameter.objects.filter(review=review), ("aspect", "freedom", "detail")),
        "findings": findings,
        "options": _options(recommendation),
    }


def _inputs_of(series: set[int]) -> dict[int, str]:
    """{series: hash of the inputs of its stored analysis, "" without one}, of those that exist, in order of their ids."""
    own = FilteredRelation("analyses", condition=Q(analyses__settings_key=DEFAULT_KEY))
    rows = Series.objects.filter(pk__in=series).annotate(own=own).order_by("pk")
    return {pk: inputs or "" for pk, inputs in rows.values_list("pk", "own__inputs_hash")}


def hash_of(recommendation: Recommendation) -> str:
    """The state hash of a recommendation's paper as things are now."""
    return fingerprint(beneath_of(recommendation))


def _rows(rows: QuerySet[Any], fields: tuple[str, ...]) -> Beneath:
    return {str(row["pk"]): plain({field: row[field] for field in fields}) for row in rows.values("pk", *fields)}


CRITERION = ("name", "measure", "threshold", "source", "rule", "weight", "series_id")
CONCLUSION = ("rule_result", "rating", "why_different")


def _criteria(review: Review) -> tuple[Beneath, Beneath]:
    """The criteria and their conclusions."""
    rows = Criterion.objects.filter(review=review).order_by("pk")
    criteria, conclusions = {}, {}
    for row in rows.values("pk", "conclusion__pk", *CRITERION, *(f"conclusion__{field}" for field in CONCLUSION)):
        criteria[str(row["pk"])] = plain({field: row[field] for field in CRITERION})
        if row["conclusion__pk"] is not None:
            own = {field: row[f"conclusion__{field}"] for field in CONCLUSION}
            conclusions[str(row["conclusion__pk"])] = plain({"criterion_id": row["pk"], **own})
    return criteria, conclusions


FINDING = ("title", "sort", "condition", "effect", "cause", "confidence", "criterion_id", "subject_id")


def _findings(review: Review) -> Beneath:
    found: Beneath = {}
    rows = findings_of(review).order_by("pk", "evidence__pk")
    for row in rows.values("pk", *FINDING, *(f"evidence__{name}" for name in ("pk", "kind", "thing_id", "facts"))):
        one = found.setdefault(str(row["pk"]), {**plain({field: row[field] for field in FINDING}), "evidence": {}})
        if row["evidence__pk"] is not None:
            link = {"kind": row["evidence__kind"], "thing": row["evidence__thing_id"]}
            one["evidence"][str(row["evidence__pk"])] = {**link, "facts": plain(row["evidence__facts"])}
    return found


OPTION_FIELDS = (
    "kind", "name", "description", "satisfaction", "cost_effect", "compliance",
    "one_off", "yearly", "hours", "risk", "weeks", "outside_reason", "preferred",
)  # fmt: skip


def _options(recommendation: Recommendation) -> Beneath:
    found: Beneath = {}
    for row in recommendation.options.order_by("pk", "touches").values("pk", "touches", *OPTION_FIELDS):
        own = plain({field: row[field] for field in OPTION_FIELDS})
        one = found.setdefault(str(row["pk"]), {**own, "touches": []})
        if row["touches"] is not None:
            one["touches"].append(row["touches"])
    return found
