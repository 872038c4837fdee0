"""Rows of the lists: actions of the board, the register of decisions, what belongs to one review."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass, field
from typing import Any

from django.db.models import OuterRef, Prefetch, Q, QuerySet, Subquery

from improvements import states
from improvements.models import Action, Decision, OutcomeCheck, Recommendation, Submission
from reviews.models import Review
from teams import access, clock
from teams.models import Person

LATE = Q(state__in=states.TO_DO)

# What the page of an action shows beside it.
BESIDE = (
    "recommendation__review__unit", "owner", "verifier", "step", "unit",
    "series__metric", "series__unit", "series__service", "series__product", "series__channel",
)  # fmt: skip


def actions(person: Person) -> QuerySet[Action]:
    """The actions that the person may see, with what a list shows of them."""
    rows = access.visible_to(person, Action)
    return rows.select_related("owner", "verifier", "unit", "series__metric", "recommendation__review")


def overdue(rows: QuerySet[Action], today: dt.date | None = None) -> QuerySet[Action]:
    """Those not done by their due date, and those done whose outcome should have been read."""
    day = today or clock.today()
    return rows.filter(Q(state__in=states.TO_DO, due_on__lt=day) | Q(state=states.DONE, check_on__lt=day))


def mine(person: Person) -> list[Action]:
    """Open actions that the person carries out or verifies, the earliest due first: for home."""
    rows = actions(person).filter(Q(owner=person) | Q(verifier=person)).exclude(state__in=states.ENDED)
    return list(rows.order_by("due_on", "pk"))


def decisions(person: Person) -> QuerySet[Decision]:
    """The register of decisions that the person may see, with the outcome of their actions so far."""
    rows = access.visible_to(person, Decision)
    return rows.select_related("submission__recommendation__review", "decider", "decided_for", "author")


def register(person: Person) -> QuerySet[Decision]:
    """``decisions`` with how their actions stand, in one further query for the page."""
    actions_by_paper = Prefetch("submission__actions", Action.objects.only("submission", "state", "what"))
    return decisions(person).prefetch_related(actions_by_paper)


def papers_waiting(person: Person) -> QuerySet[Submission]:
    """Papers that the person may see and that wait for a decision."""
    rows = access.visible_to(person, Submission).filter(state__in=states.WAITING)
    return rows.select_related("recommendation__review", "decision_maker")


@dataclass(frozen=True)
class RecommendationLine:
    """One recommendation of a review with its latest paper and its preferred option."""

    recommendation: Recommendation
    paper: Submission | None
    preferred: str


def recommendations_of(person: Person, review: Review) -> list[RecommendationLine]:
    """The recommendations of a review, in the order of their making."""
    rows = access.visible_to(person, Recommendation).filter(review=review).select_related("author").order_by("pk")
    papers: dict[int, Submission] = {}
    for paper in Submission.objects.filter(recommendation__in=rows).select_related("decision_maker").order_by("number"):
        papers[paper.recommendation_id] = paper
    names = dict(Recommendation.objects.filter(pk__in=rows, options__preferred=True).values_list("pk", "options__name"))
    return [RecommendationLine(row, papers.get(row.pk), names.get(row.pk, "")) for row in rows]


@dataclass(frozen=True)
class ActLine:
    """One recommendation that was approved, whether its approval is in force, and its actions."""

    recommendation: Recommendation
    in_force: Submission | None
    actions: list[Action] = field(default_factory=list)


def acts_of(person: Person, review: Review) -> list[ActLine]:
    """Recommendations of a review under which there is or may be an action."""
    rows = access.visible_to(person, Recommendation).filter(review=review)
    known = list(rows.filter(Q(state=states.AGREED) | Q(actions__isnull=False)).distinct().order_by("pk"))
    found: dict[int, list[Action]] = {}
    for action in actions(person).filter(recommendation__in=known).order_by("due_on", "pk"):
        found.setdefault(action.recommendation_id, []).append(action)
    papers = Submission.objects.filter(recommendation__in=known, state__in=states.IN_FORCE).order_by("number")
    in_force = {paper.recommendation_id: paper for paper in papers}
    return [
        ActLine(row, in_force.get(row.pk) if row.state == states.AGREED else None, found.get(row.pk, []))
        for row in known
    ]


def teams_of(person: Person) -> list[tuple[int, str]]:
    """The teams that carry out the actions a person may see, by name: choices of a filter."""
    rows = access.visible_to(person, Action).order_by("unit__name", "unit").values_list("unit", "unit__name")
    return list(rows.distinct())


def checks_of(action: Action) -> list[OutcomeCheck]:
    """The readings of an action, newest first."""
    return list(OutcomeCheck.objects.filter(action=action).select_related("verifier", "owner"))


def decisions_of(paper: Submission) -> list[Decision]:
    """What was decided on a paper, newest first."""
    found = list(Decision.objects.filter(submission=paper).select_related("decider", "decided_for"))
    for one in found:
        one.submission = paper
    return found


def followers_of(action: Action) -> list[Action]:
    """Actions made because this one did not work."""
    return list(Action.objects.filter(follows=action).select_related("owner"))


def with_verdict(rows: QuerySet[Action]) -> QuerySet[Any]:
    """The rows with the latest verdict beside them."""
    latest = OutcomeCheck.objects.filter(action=OuterRef("pk")).order_by("-at", "-pk").values("verdict")[:1]
    return rows.annotate(verdict=Subquery(latest))
