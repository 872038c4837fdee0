"""Questions about actions: the baseline, the five letters, who may verify, under which authority."""

from __future__ import annotations

import datetime as dt
from collections.abc import Collection
from dataclasses import dataclass
from typing import Any

import numpy as np
from django.db.models import Exists, OuterRef, Subquery

from improvements import smart, states
from improvements.models import Action, Recommendation, Submission
from improvements.queries.beneath import SETTLED
from improvements.queries.options import beyond_of
from metrics.models import Series
from metrics.queries.analyses import analysis_of, points_of
from metrics.trends import periods
from reviews import states as review_states
from reviews.models import Criterion, Finding, Review
from teams import access, clock, roles
from teams.models import Person, Role, Unit

# Roles that make somebody a member of a unit; the others watch over it.
MEMBERS = (roles.TEAM_LEAD, roles.COLLEAGUE)


def baseline_of(series: Series | None) -> dict[str, Any]:
    """The level before the action, from the stored analysis: mean, limits, best value, n, last day, hash. {} = none."""
    analysis = analysis_of(series) if series is not None else None
    if series is None or analysis is None or analysis.mean is None:
        return {}
    values = points_of(analysis).values
    present = values[np.isfinite(values)]
    direction = series.metric.direction
    best = None
    if direction and len(present):
        best = float(present.max() if direction > 0 else present.min())
    return {
        "mean": analysis.mean,
        "lower": analysis.lower,
        "upper": analysis.upper,
        "best": best,
        "n": analysis.n,
        "last_day": analysis.latest_day,
        "analysis_hash": analysis.inputs_hash,
        "settings_key": analysis.settings_key,
    }


def may_plan_under(person: Person, thing: Recommendation | Review | Action) -> bool:
    """Whether the person may plan actions there now; nothing new begins under a review that has ended."""
    above = thing.recommendation if isinstance(thing, Action) else thing
    review = above if isinstance(above, Review) else above.review
    open_still = review_states.REVIEW.allows(review.state, "recommend")
    if not open_still:
        return False
    # Held for the unit it is held for what lies under the review, without another question to the database.
    return access.may(person, "improvements.act", review.unit) or access.may(person, "improvements.act", thing)


def may_watch(person: Person, action: Action, verifies: bool | None = None) -> bool:
    """Whether the person may say now that the effect of the action lasts or has lapsed; ``verifies``: whether they may
    read its outcome, where the caller has asked."""
    if not states.ACTION.allows(action.state, "lapse") or person.pk == action.owner_id:
        return False
    return access.may(person, "improvements.verify", action) if verifies is None else verifies


def authority_of(recommendation: Recommendation) -> Submission | None:
    """The approved paper under which actions may be approved now."""
    rows = Submission.objects.filter(recommendation=recommendation, state__in=states.IN_FORCE)
    return rows.order_by("-number").first() if recommendation.state == states.AGREED else None


@dataclass(frozen=True)
class Standing:
    """Whether a paper is approved under which actions may be approved now, and when the next review of the service
    looks at the figures (None: none is planned); whether the person who asks sees the review."""

    approved: bool
    next_review: dt.date | None
    sees_review: bool = False


def standing_of(recommendation: Recommendation, person: Person | None = None) -> Standing:
    """How things stand around a recommendation; one query."""
    papers = Submission.objects.filter(recommendation=OuterRef("pk"), state__in=states.IN_FORCE)
    begun = (review_states.PLANNED, review_states.AGREED, review_states.FROZEN)
    reviews = (
        Review.objects.filter(service=OuterRef("review__service"), state__in=begun, first_day__gt=clock.today())
        .exclude(pk=OuterRef("review"))
        .order_by("first_day")
        .values("first_day")[:1]
    )
    seen = access.visible_to(person, Review) if person is not None else Review.objects.none()
    named = {
        "in_force": Exists(papers),
        "next_day": Subquery(reviews),
        "seen": Exists(seen.filter(pk=OuterRef("review"))),
    }
    rows = Recommendation.objects.filter(pk=recommendation.pk).annotate(**named)
    in_force, next_day, sees = rows.values_list(*named).first() or (False, None, False)
    return Standing(bool(in_force) and recommendation.state == states.AGREED, next_day, bool(sees))


def letters_of(
    action: Action,
    findings: Collection[Finding] | None = None,
    criteria: Collection[Criterion] | None = None,
    standing: Standing | None = None,
) -> tuple[smart.Letter, ...]:
    """The five letters as things are now; an action that is not saved yet brings its findings and criteria along.
    ``standing``: of its recommendation, where the caller has read it."""
    linked = list(action.findings.all()) if findings is None else findings
    judged = list(action.criteria.all()) if criteria is None else criteria
    return smart.read(_facts(action, linked, judged, standing or standing_of(action.recommendation)))


def _facts(
    action: Action, findings: Collection[Finding], criteria: Collection[Criterion], standing: Standing
) -> smart.Facts:
    metric = action.series.metric if action.series else None
    period = metric.period if metric else periods.MONTH
    return smart.Facts(
        what=action.what,
        changes_step=action.kind == Action.Kind.STEP,
        holds=action.kind == Action.Kind.HOLD,
        has_step=action.step_id is not None,
        has_team=action.unit_id is not None and action.unit.kind == Unit.Kind.TEAM,
        has_series=metric is not None,
        direction=metric.direction if metric else 0,
        kind=metric.kind if metric else "",
        scale=metric.scale if metric else 1.0,
        baseline=smart.Baseline(action.baseline_mean, action.baseline.get("best"), action.baseline.get("n", 0)),
        target=action.target,
        beyond_best_reason=action.beyond_best_reason,
        has_owner=action.owner_id is not None,
        authority=standing.approved,
        outside_parameters=beyond_of(action.recommendation).needs_approval,
        agreed_findings=sum(one.state in SETTLED for one in findings),
        criteria=len(criteria),
        due_on=action.due_on,
        today=clock.today(),
        check_on=action.check_on,
        points_after=_points_after(action, period),
        needed_points=action.needed_points,
        next_review=standing.next_review,
    )


def _points_after(action: Action, period: str) -> int:
    if action.due_on is None or action.check_on is None:
        return 0
    return periods.whole_between(action.due_on, action.check_on, period)


def check_day(due_on: dt.date, needed_points: int, period: str) -> dt.date:
    """The first day on which the needed points after the due date can be known."""
    start = periods.first_day(due_on, period)
    begun = start if start == due_on else periods.later(due_on, period, 1)
    return periods.later(begun, period, needed_points)


def own_team(person: Person, owner: Person, unit: Unit) -> bool:
    """Whether ``person`` belongs to the team that owns: the action's unit, or a team that the owner works in."""
    owning = {unit.pk, *Role.objects.filter(person=owner, name__in=MEMBERS).values_list("unit", flat=True)}
    mine = Role.objects.filter(person=person, unit__in=owning).select_related("unit")
    return any(role.name in MEMBERS or role.unit.kind == Unit.Kind.TEAM for role in mine)
