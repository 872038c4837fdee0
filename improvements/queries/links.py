"""What the thread and the search know of improvements: only what the person may see."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from django.db.models import Model, Q
from django.urls import reverse
from django.utils.text import Truncator
from django.utils.translation import gettext_lazy as _

from improvements.models import Action, Decision, OutcomeCheck, Recommendation, Submission
from metrics.models import Metric, Series, Signal
from processes.models import Step
from reviews.models import Criterion, Finding, Review
from teams import access
from teams.links import DEPENDS, FROM, Hit, ThreadLink
from teams.models import Person

MOST_HITS = 20


def thread_of(person: Person, thing: Model) -> list[ThreadLink]:
    """Neighbours of an object: those of this app, and those of lower apps that an object of this app came from."""
    makers = {
        Review: _of_review,
        Finding: _of_finding,
        Criterion: _of_criterion,
        Signal: _of_signal,
        Series: _of_series,
        Metric: _of_metric,
        Step: _of_step,
        Recommendation: _of_recommendation,
        Submission: _of_submission,
        Decision: _of_decision,
        Action: _of_action,
        OutcomeCheck: _of_check,
    }
    maker = makers.get(type(thing))
    return maker(person, thing) if maker else []  # type: ignore[operator]


# What the name of a thing is made of besides its own row.
NAMED_BY: dict[type[Model], tuple[str, ...]] = {
    Submission: ("recommendation",),
    Decision: ("submission__recommendation",),
    OutcomeCheck: ("action",),
    Series: ("metric", "unit", "service", "product", "channel"),
}


def _links(person: Person, relation: str, noun: Any, model: type[Model], rows: Any) -> list[ThreadLink]:
    """Links to the rows of ``model`` (a queryset or a condition) that the person may see."""
    seen = access.visible_to(person, model).select_related(*NAMED_BY.get(model, ()))
    found = seen.filter(rows) if isinstance(rows, Q) else seen.filter(pk__in=rows)
    return [_link(relation, noun, one) for one in found.order_by("pk")]


def _link(relation: str, noun: Any, one: Any) -> ThreadLink:
    state = one.get_state_display() if hasattr(one, "get_state_display") else ""
    at = getattr(one, "at", None) or getattr(one, "created_at", None)
    return ThreadLink(relation, noun, str(one), _address(one), state, at)


def _address(one: Any) -> str:
    if isinstance(one, Criterion):
        return f"{reverse('review', args=[one.review_id])}#criterion-{one.pk}"
    return str(one.get_absolute_url())


def _up(person: Person, noun: Any, model: type[Model], pk: int | None) -> list[ThreadLink]:
    """A link to what it came from, where the person may see it."""
    return _links(person, FROM, noun, model, Q(pk=pk)) if pk is not None else []


def _ids(rows: Iterable[Model]) -> list[Any]:
    return [one.pk for one in rows]


def _of_review(person: Person, review: Review) -> list[ThreadLink]:
    return _links(person, DEPENDS, _("recommendation"), Recommendation, Q(review=review))


def _of_finding(person: Person, finding: Finding) -> list[ThreadLink]:
    return [
        *_links(person, DEPENDS, _("recommendation"), Recommendation, Q(findings=finding)),
        *_links(person, DEPENDS, _("action"), Action, Q(findings=finding)),
    ]


def _of_criterion(person: Person, criterion: Criterion) -> list[ThreadLink]:
    return _links(person, DEPENDS, _("action"), Action, Q(criteria=criterion))


def _of_signal(person: Person, signal: Signal) -> list[ThreadLink]:
    return _links(person, DEPENDS, _("action"), Action, Q(recommendation__review__signal=signal))


def _of_series(person: Person, series: Series) -> list[ThreadLink]:
    return _links(person, DEPENDS, _("action"), Action, Q(series=series))


def _of_metric(person: Person, metric: Metric) -> list[ThreadLink]:
    return _links(person, DEPENDS, _("action"), Action, Q(series__metric=metric))


def _of_step(person: Person, step: Step) -> list[ThreadLink]:
    return _links(person, DEPENDS, _("action"), Action, Q(step=step))


def _of_recommendation(person: Person, one: Recommendation) -> list[ThreadLink]:
    return [
        *_up(person, _("review"), Review, one.review_id),
        *_links(person, FROM, _("finding"), Finding, Q(recommendations=one)),
        *_links(person, DEPENDS, _("paper"), Submission, Q(recommendation=one)),
        *_links(person, DEPENDS, _("action"), Action, Q(recommendation=one)),
    ]


def _of_submission(person: Person, paper: Submission) -> list[ThreadLink]:
    return [
        *_up(person, _("recommendation"), Recommendation, paper.recommendation_id),
        *_up(person, _("review"), Review, paper.recommendation.review_id),
        *_links(person, DEPENDS, _("decision"), Decision, Q(submission=paper)),
        *_links(person, DEPENDS, _("action"), Action, Q(submission=paper)),
    ]


def _of_decision(person: Person, decision: Decision) -> list[ThreadLink]:
    paper = decision.submission
    return [
        *_up(person, _("paper"), Submission, paper.pk),
        *_up(person, _("recommendation"), Recommendation, paper.recommendation_id),
        *_links(person, DEPENDS, _("action"), Action, Q(submission=paper)),
    ]


def _of_action(person: Person, action: Action) -> list[ThreadLink]:
    return [
        *_up(person, _("recommendation"), Recommendation, action.recommendation_id),
        *_up(person, _("paper"), Submission, action.submission_id),
        *_links(person, FROM, _("finding"), Finding, Q(actions=action)),
        *_links(person, FROM, _("criterion"), Criterion, Q(actions=action)),
        *_up(person, _("series"), Series, action.series_id),
        *_up(person, _("action it follows"), Action, action.follows_id),
        *_links(person, DEPENDS, _("outcome"), OutcomeCheck, Q(action=action)),
        *_links(person, DEPENDS, _("follow-up action"), Action, Q(follows=action)),
    ]


def _of_check(person: Person, check: OutcomeCheck) -> list[ThreadLink]:
    return _up(person, _("action"), Action, check.action_id)


def search(person: Person, words: str) -> list[Hit]:
    """Recommendations, decisions and actions in which all the words occur."""
    found: list[Hit] = []
    for noun, model, fields in (
        (_("recommendation"), Recommendation, ("title", "ask", "benefit", "waiting")),
        (_("decision"), Decision, ("submission__recommendation__title", "reason", "conditions")),
        (_("action"), Action, ("what", "proof")),
    ):
        rows: Any = access.visible_to(person, model)  # type: ignore[type-var]
        for word in words.split():
            condition = Q()
            for name in fields:
                condition |= Q(**{f"{name}__icontains": word})
            rows = rows.filter(condition)
        if model is Decision:
            rows = rows.select_related("submission__recommendation")
        found += [_hit(noun, one, fields) for one in rows.order_by("-pk")[:MOST_HITS]]
    return found[:MOST_HITS]


def _hit(noun: Any, one: Any, fields: tuple[str, ...]) -> Hit:
    own = [name for name in fields[1:] if getattr(one, name, "")]
    excerpt = Truncator(getattr(one, own[0])).chars(160) if own else ""
    state = one.get_state_display() if hasattr(one, "state") else one.get_outcome_display()
    return Hit(noun, str(one), one.get_absolute_url(), excerpt, state)
