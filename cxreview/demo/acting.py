"""What every story does again and again, in one line each; all of it by the verbs of reviews and improvements."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from decimal import Decimal
from typing import Any

from cxreview.demo.stage import Stage
from improvements.models import Action, Option, Recommendation
from improvements.queries.outcomes import reading_of
from improvements.workflow import actions, outcomes, recommendations
from metrics.models import Signal
from reviews import workflow as reviews
from reviews.models import (
    Answer,
    CollectionMethod,
    Conclusion,
    Criterion,
    Finding,
    Judgement,
    Parameter,
    Question,
    Review,
    Round,
    Subject,
)
from reviews.queries import conclusions
from teams.models import Person

MET, PARTLY, NOT_MET = Judgement.Rating.MET, Judgement.Rating.PARTLY, Judgement.Rating.NOT_MET
LOW, MEDIUM, HIGH = Judgement.Confidence.LOW, Judgement.Confidence.MEDIUM, Judgement.Confidence.HIGH
# (name, done by, minutes, cost per case)
StepWords = tuple[str, str, float | None, float | None]
# respect: (rating, why, confidence)
Said = tuple[str, str, str]


def signal_on(stage: Stage, metric: str, unit: str, channel: str) -> Signal | None:
    """The newest signal on a series, as a supervisor would pick it from the board; None for figures without one."""
    found = Signal.objects.filter(series=stage.series(metric, unit, channel), gone=False)
    return found.order_by("-last_day", "-points").first()


def measured(
    stage: Stage, name: str, metric: str, unit: str, channel: str, threshold: float | None, **more: Any
) -> dict[str, Any]:
    """Fields of a criterion that is concluded by a rule from a series; by default by the mean of the period."""
    series = stage.series(metric, unit, channel)
    values = {
        "name": name,
        "metric": series.metric,
        "series": series,
        "measure": f"{metric}, {unit}, {channel.lower()}",
        "threshold": threshold,
        "rule": Criterion.Rule.MEAN,
        "source": "Customer promise, 2023",
    }
    return values | more


def by_hand(name: str, measure: str, source: str, why: str = "") -> dict[str, Any]:
    """Fields of a criterion that the reviewer concludes from what was read and heard."""
    return {"name": name, "measure": measure, "source": source, "why": why, "rule": Criterion.Rule.BY_HAND}


def begin(
    person: Person,
    stage: Stage,
    unit: str,
    service: str,
    criteria: Iterable[dict[str, Any]],
    steps: Iterable[StepWords] = (),
    features: Iterable[tuple[str, str]] = (),
    signal: Signal | None = None,
    **values: Any,
) -> Review:
    """A new review with its criteria, steps and features."""
    values.setdefault("service", None)
    made = reviews.create(person, stage.unit(unit), values, new_service=service, signal=signal, criteria=list(criteria))
    for name, who, minutes, cost in steps:
        reviews.add_step(person, made, name, who=who, minutes=_number(minutes), cost=_number(cost))
    for name, drives in features:
        reviews.add_feature(person, made, name, drives)
    return fresh_review(made)


def _number(value: float | None) -> Decimal | None:
    return None if value is None else Decimal(str(value))


def fresh_review(review: Review) -> Review:
    """The review as it stands now."""
    return Review.objects.get(pk=review.pk)


def subject(review: Review, name: str) -> Subject:
    """A step or feature under review, by its name."""
    found = Subject.objects.filter(review=review).select_related("step", "feature", "review")
    return next(one for one in found if str(one) == name)


def judge(person: Person, review: Review, about: str, **said: Said) -> list[Judgement]:
    """Judge a step or feature in the respects given (satisfaction, cost, compliance)."""
    thing = subject(review, about)
    return [
        reviews.judge(person, thing, respect, 0, {}, {"rating": rating, "why": why, "confidence": confidence})
        for respect, (rating, why, confidence) in said.items()
    ]


def outcome(person: Person, review: Review, about: str, what: str, reason: str) -> None:
    """What becomes of a step."""
    reviews.choose_outcome(person, subject(review, about), 0, {}, {"outcome": what, "reason": reason})


def answer(person: Person, round: Round, *given: tuple[str, str]) -> None:
    """Answer the questions of a round in their order; fewer answers than questions leave the rest open."""
    questions = Question.objects.filter(round=round).order_by("subject__position", "pk")
    pairs = zip(questions, given, strict=False)
    reviews.answer(person, round, {question.pk: said for question, said in pairs})


def answer_of(round: Round, about: str, person: Person) -> str:
    """The id of somebody's answer in a revealed round, as evidence names it."""
    return str(Answer.objects.get(question__round=round, question__about=about, person=person).pk)


def reword(person: Person, finding: Finding, **mine: Any) -> Finding:
    """Give a finding its words: what was found, its effect, its cause."""
    current = Finding.objects.get(pk=finding.pk)
    base = {field: getattr(current, field) for field in mine}
    return reviews.edit_finding(person, current, current.version, base, mine)


def raise_from_signal(person: Person, review: Review) -> Finding:
    """A finding from the signal that the review was begun with; in words alone where it had none."""
    if review.signal_id:
        return reviews.raise_finding(person, review, "signal", str(review.signal_id))
    made = reviews.write_finding(person, review, {"title": review.title, "condition": review.question})
    reviews.link_evidence(person, made, "note", "", review.question)
    return made


def agree_findings(person: Person, *findings: Finding) -> None:
    for finding in findings:
        reviews.agree_finding(person, Finding.objects.get(pk=finding.pk))


def conclude(person: Person, review: Review, whys: Mapping[str, tuple[str, str]], overall: str) -> Review:
    """Conclude every criterion, as its rule says where there is one; ``whys``: {name: (why, rating by hand)}."""
    for criterion in Criterion.objects.filter(review=review).select_related("review").order_by("position"):
        why, rating = whys[criterion.name]
        found = conclusions.rule_result(criterion).rating
        by_rule = criterion.rule != Criterion.Rule.BY_HAND and found != Judgement.Rating.NOT_ENOUGH
        mine = {"rating": found if by_rule else rating, "why": why, "why_different": ""}
        made: Conclusion = reviews.conclude_criterion(person, criterion, 0, {}, mine)
        made.refresh_from_db()
    return reviews.conclude(person, review, overall)


def note_yields(person: Person, review: Review, *said: tuple[str, bool]) -> None:
    """What the ways of collecting yielded, in the order of the plan."""
    methods = CollectionMethod.objects.filter(review=review).order_by("position")
    for method, (got, fell_short) in zip(methods, said, strict=False):
        reviews.note_yield(person, method, got, fell_short)


def recommend(
    person: Person, review: Review, findings: Iterable[Finding], options: Iterable[dict[str, Any]], **words: Any
) -> Recommendation:
    """A draft with its options; the first is the preferred one. ``touches`` of an option names parameters."""
    settled = Finding.objects.filter(pk__in=[one.pk for one in findings])
    made = recommendations.create(person, fresh_review(review), settled, **words)
    for fields in options:
        values = dict(fields)
        touches = Parameter.objects.filter(review=review, aspect__in=values.pop("touches", []))
        recommendations.add_option(person, made, touches, **values)
    return made


def nothing_costs(person: Person, recommendation: Recommendation, **mine: Any) -> None:
    """Say what doing nothing brings: that is an option too."""
    option = Option.objects.get(recommendation=recommendation, kind=Option.Kind.DO_NOTHING)
    base = {field: getattr(option, field) for field in mine}
    recommendations.edit_option(person, option, option.version, base, mine)


def propose(person: Person, recommendation: Recommendation, findings: Iterable[Finding], **fields: Any) -> Action:
    """An action under an agreed recommendation, held against the measured criteria of its review."""
    current = Recommendation.objects.select_related("review").get(pk=recommendation.pk)
    criteria = Criterion.objects.filter(review=current.review, series__isnull=False)
    found = Finding.objects.filter(pk__in=[one.pk for one in findings])
    return actions.propose(person, current, found, criteria, **fields)


def fresh_action(action: Action) -> Action:
    """The action as it stands now."""
    return Action.objects.get(pk=action.pk)


def verify(stage: Stage, who: str, action: Action, why: str) -> None:
    """The verdict that the chart offers, read by somebody who is not the owner."""
    current = fresh_action(action)
    reading = reading_of(current)
    if reading is None:
        raise LookupError(f"{action} has no metric to read")
    outcomes.verify(stage.person(who), current, reading.offered, why)
