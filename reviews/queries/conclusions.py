"""The criteria held against the stored analyses: what each rule says now, and what was concluded."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import Any

from metrics.models import Analysis
from metrics.queries import analyses
from metrics.trends import codes
from reviews import concluding, states, wording
from reviews.models import Conclusion, Criterion, Finding, Judgement, Review

PLACE = ("metric", "unit", "service", "product", "channel")


@dataclass(frozen=True)
class RuleResult:
    """What the rule of a criterion says, ready to be stored: ``facts`` holds the figures, the rule and the analysis."""

    rating: str
    reason: str
    facts: dict[str, Any]
    sentence: str

    @property
    def rating_words(self) -> str:
        return str(dict(Judgement.Rating.choices)[self.rating])


def rule_result(criterion: Criterion, analysis: Analysis | None = None) -> RuleResult:
    """The rule applied to the stored analysis of the criterion's series, for the period of the review."""
    review = criterion.review
    if analysis is None and criterion.series_id:
        analysis = analyses.analysis_of(criterion.series_id)
    reading = _reading(analysis, criterion) if analysis else None
    first, last = review.first_day.toordinal(), review.last_day.toordinal()
    found = concluding.conclude(
        criterion.rule,
        criterion.threshold,
        concluding.within(reading, first, last) if reading else None,
    )
    facts = {
        **found.facts,
        "rule": criterion.rule,
        "reason": found.reason,
        "first_day": first,
        "last_day": last,
        "analysis": analysis.inputs_hash if analysis else "",
        **(wording.metric_facts(analysis.series.metric, analysis.amr) if analysis else {}),
    }
    return RuleResult(found.rating, found.reason, facts, sentence_of(facts))


def sentence_of(facts: dict[str, Any]) -> str:
    """The words of a stored or fresh result."""
    return wording.rule_sentence(facts)


def _reading(analysis: Analysis, criterion: Criterion) -> concluding.Reading:
    points = analyses.points_of(analysis)
    last_day = criterion.review.last_day.toordinal()
    inside = [place for place, day in enumerate(points.days) if int(day) <= last_day]
    lower, upper = points.lpl, points.upl
    return concluding.Reading(
        days=[int(day) for day in points.days],
        values=[float(value) for value in points.values],
        concern=[int(kind) == codes.CONCERN for kind in points.point_type],
        lower=float(lower[inside[-1]]) if inside else math.nan,
        upper=float(upper[inside[-1]]) if inside else math.nan,
        direction=int(points.direction),
    )


@dataclass(frozen=True)
class CriterionLine:
    """One criterion on the measure page: its rule's result now, its conclusion, and whether the data moved since."""

    criterion: Criterion
    analysis: Analysis | None
    now: RuleResult
    conclusion: Conclusion | None
    concluded_sentence: str
    moved: bool
    findings: int
    points: int


def lines(review: Review) -> list[CriterionLine]:
    """All criteria of a review in order; a fixed number of queries, however many criteria."""
    criteria = list(
        Criterion.objects.filter(review=review)
        .select_related("review", "metric", "series__unit", "series__metric")
        .order_by("position", "pk")
    )
    stored = analyses_of([criterion.series_id for criterion in criteria if criterion.series_id])
    concluded = {
        conclusion.criterion_id: conclusion
        for conclusion in Conclusion.objects.filter(criterion__review=review).select_related("person")
    }
    found: dict[int, int] = {}
    for pk in Finding.objects.filter(review=review, criterion__isnull=False).values_list("criterion_id", flat=True):
        found[pk] = found.get(pk, 0) + 1
    return [_line(criterion, stored, concluded.get(criterion.pk), found) for criterion in criteria]


def analyses_of(series: list[int]) -> dict[int, Analysis]:
    """{series id: its stored analysis} by the product's settings."""
    rows = Analysis.objects.filter(series__in=series, settings_key=analyses.DEFAULT_KEY)
    return {row.series_id: row for row in rows.select_related("drawn", *(f"series__{name}" for name in PLACE))}


def _line(
    criterion: Criterion, stored: dict[int, Analysis], conclusion: Conclusion | None, found: dict[int, int]
) -> CriterionLine:
    analysis = stored.get(criterion.series_id or 0)
    now = _now(criterion, analysis)
    return CriterionLine(
        criterion=criterion,
        analysis=analysis,
        now=now,
        conclusion=conclusion,
        concluded_sentence=sentence_of(conclusion.rule_facts) if conclusion else "",
        moved=bool(conclusion and conclusion.rule_facts.get("analysis", "") != now.facts["analysis"]),
        findings=found.get(criterion.pk, 0),
        points=now.facts.get("n") or 0,
    )


def _now(criterion: Criterion, analysis: Analysis | None) -> RuleResult:
    if analysis is None and criterion.series_id:
        # Asked for already and not there: spare the second question.
        reason = concluding.JUDGED if criterion.rule == Criterion.Rule.BY_HAND else concluding.NO_ANALYSIS
        facts = {"rule": criterion.rule, "reason": reason, "analysis": ""}
        return RuleResult(states.NOT_ENOUGH, reason, facts, sentence_of(facts))
    return rule_result(criterion, analysis)
