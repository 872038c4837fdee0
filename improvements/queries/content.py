"""The frozen content of a paper: everything it shows, with the place where each number came from.

The content is plain JSON and holds codes, not words, so that page and PDF are rendered from it alone, in any
language, years later. A number is ``{"n": value, "unit": "%", "as": "value", "from": {"kind", "id", …}}``.
"""

from __future__ import annotations

from typing import Any

from improvements.models import Option, Recommendation
from improvements.queries import heard
from improvements.queries.beneath import PLACE, analyses_of, findings_of, series_ids_of
from improvements.queries.measured import COUNT, HOURS, MONEY, in_order, measured, number, source
from improvements.queries.options import outside
from metrics.models import Analysis, Series
from reviews.models import Amendment, Conclusion, Criterion, Evidence, Finding, Judgement, Parameter, Review
from teams import clock
from teams.models import Person
from teams.trail import plain

Content = dict[str, Any]
VERSION = 1


def compose(recommendation: Recommendation, author: Person) -> Content:
    """All that the paper of this recommendation shows, as things are now."""
    review = recommendation.review
    analyses = analyses_of(series_ids_of(review))
    return {
        "version": VERSION,
        "day": clock.today().isoformat(),
        "review": _review(review),
        "amendments": _amendments(review),
        "recommendation": _recommendation(recommendation, author),
        "criteria": _criteria(review),
        "metrics": [measured(analysis) for analysis in in_order(analyses)],
        "without_analysis": _without(review, analyses),
        "judgements": _judgements(review),
        "findings": _findings(recommendation),
        "parameters": _parameters(review),
        "options": [_option(option, review) for option in _options(recommendation)],
        "heard": heard.of(review, author),
    }


def _person(person: Person) -> Content:
    return {"id": person.pk, "name": person.name}


def _review(review: Review) -> Content:
    return {
        "id": review.pk,
        "title": review.title,
        "question": review.question,
        "unit": review.unit.name,
        "service": review.service.name,
        "start_point": review.start_point,
        "end_point": review.end_point,
        "customers": review.customers,
        "first_day": review.first_day.isoformat(),
        "last_day": review.last_day.isoformat(),
        "inside": review.inside,
        "outside": review.outside,
        "overall": review.overall,
        "spend_limit": number(review.spend_limit, source(review, field="spend_limit"), kind=MONEY),
        "supervisor": _person(review.supervisor),
        "decision_maker": _person(review.decision_maker),
        "agreed_by": _person(review.agreed_by) if review.agreed_by else None,
        "agreed_at": plain(review.agreed_at),
        "frozen_at": plain(review.frozen_at),
        "plan_hash": review.plan_hash,
    }


def _amendments(review: Review) -> list[Content]:
    rows = Amendment.objects.filter(review=review).select_related("person").order_by("number")
    return [
        {
            "number": row.number,
            "reason": row.reason,
            "before": plain(row.before),
            "after": plain(row.after),
            "person": _person(row.person),
            "at": plain(row.at),
        }
        for row in rows
    ]


def _recommendation(recommendation: Recommendation, author: Person) -> Content:
    return {
        "id": recommendation.pk,
        "title": recommendation.title,
        "ask": recommendation.ask,
        "benefit": recommendation.benefit,
        "waiting": recommendation.waiting,
        "by_day": plain(recommendation.by_day),
        "author": _person(author),
        "findings": sorted(recommendation.findings.values_list("pk", flat=True)),
    }


def _criteria(review: Review) -> list[Content]:
    conclusions = {row.criterion_id: row for row in Conclusion.objects.filter(criterion__review=review)}
    rows = Criterion.objects.filter(review=review).select_related("series__metric", "metric")
    return [_criterion(row, conclusions.get(row.pk)) for row in rows.order_by("position", "id")]


def _criterion(row: Criterion, conclusion: Conclusion | None) -> Content:
    metric = row.series.metric if row.series else row.metric
    unit = metric.measure if metric else ""
    found: Content = {
        "id": row.pk,
        "name": row.name,
        "why": row.why,
        "measure": row.measure,
        "threshold": number(row.threshold, source(row, field="threshold", review=row.review_id), unit),
        "source": row.source,
        "rule": row.rule,
        "unit": unit,
        "weight": number(row.weight, source(row, field="weight", review=row.review_id), kind=COUNT),
        "series": row.series_id,
        "conclusion": None,
    }
    if conclusion is not None:
        place = source(conclusion, criterion=row.pk, review=row.review_id)
        facts = plain(conclusion.rule_facts)
        found["conclusion"] = {
            "id": conclusion.pk,
            "rule_result": conclusion.rule_result,
            "rating": conclusion.rating,
            "why": conclusion.why,
            "why_different": conclusion.why_different,
            "rule_facts": facts,
            "mean": number(facts.get("mean"), {**place, "field": "mean"}, unit),
            "n": number(facts.get("n"), {**place, "field": "n"}, kind=COUNT),
        }
    return found


def _without(review: Review, analyses: dict[int, Analysis]) -> list[Content]:
    """Series that the paper leans on although nothing is computed for them yet: said, not hidden."""
    missing = [pk for pk in series_ids_of(review) if pk not in analyses]
    rows = Series.objects.filter(pk__in=missing).select_related(*PLACE)
    return [{"series": row.pk, "metric": row.metric.name, "place": row.place} for row in rows]


def _judgements(review: Review) -> list[Content]:
    rows = Judgement.objects.filter(subject__review=review).select_related("subject__step", "subject__feature")
    return [
        {
            "id": row.pk,
            "subject": str(row.subject),
            "subject_id": row.subject_id,
            "respect": row.respect,
            "rating": row.rating,
            "confidence": row.confidence,
            "why": row.why,
        }
        for row in rows.order_by("subject__position", "subject", "respect")
    ]


def _findings(recommendation: Recommendation) -> list[Content]:
    """The review's settled findings, those that the recommendation answers first."""
    evidence: dict[int, list[Content]] = {}
    rows = findings_of(recommendation.review).select_related("criterion", "subject__step", "subject__feature")
    for row in Evidence.objects.filter(finding__in=findings_of(recommendation.review)).order_by("id"):
        evidence.setdefault(row.finding_id or 0, []).append(
            {"id": row.pk, "kind": row.kind, "thing": row.thing_id, "facts": plain(row.facts), "note": row.note}
        )
    answered = set(recommendation.findings.values_list("pk", flat=True))
    found = [_finding(row, row.pk in answered, evidence.get(row.pk, [])) for row in rows]
    return sorted(found, key=lambda one: (not one["answered"], one["sort"] == Finding.Sort.STRENGTH, one["id"]))


def _finding(row: Finding, answered: bool, evidence: list[Content]) -> Content:
    return {
        "id": row.pk,
        "title": row.title,
        "sort": row.sort,
        "condition": row.condition,
        "effect": row.effect,
        "cause": row.cause,
        "confidence": row.confidence,
        "criterion": row.criterion.name if row.criterion else "",
        "subject": str(row.subject) if row.subject else "",
        "answered": answered,
        "evidence": evidence,
    }


def _parameters(review: Review) -> list[Content]:
    rows = Parameter.objects.filter(review=review).order_by("position", "id")
    return [{"id": row.pk, "aspect": row.aspect, "freedom": row.freedom, "detail": row.detail} for row in rows]


def _options(recommendation: Recommendation) -> list[Option]:
    return list(recommendation.options.prefetch_related("touches").order_by("-preferred", "position", "id"))


def _option(option: Option, review: Review) -> Content:
    def figure(field: str, value: Any, kind: str) -> Content | None:
        return number(value, source(option, field=field, of=option.recommendation_id), kind=kind)

    return {
        "id": option.pk,
        "kind": option.kind,
        "name": option.name,
        "description": option.description,
        "satisfaction": option.satisfaction,
        "cost_effect": option.cost_effect,
        "compliance": option.compliance,
        "one_off": figure("one_off", option.one_off, MONEY),
        "yearly": figure("yearly", option.yearly, MONEY),
        "hours": figure("hours", option.hours, HOURS),
        "weeks": figure("weeks", option.weeks, COUNT),
        "risk": option.risk,
        "preferred": option.preferred,
        "outside": outside(option, review).as_dict(),
        "outside_reason": option.outside_reason,
    }
