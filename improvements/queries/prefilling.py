"""What is known of an action before anybody writes it: metric, target, dates and links come from the findings."""

from __future__ import annotations

import datetime as dt
from collections.abc import Collection, Iterable
from typing import Any

from django import forms
from django.utils.translation import gettext as _

from improvements import smart, states
from improvements.models import Action, Recommendation
from improvements.queries.actions import Standing, baseline_of, check_day, letters_of
from metrics.trends import periods
from reviews.models import Criterion, Finding
from teams import access, clock, roles
from teams.models import Person, Role
from teams.numbers import whole

NEEDED = 7
DAYS_TO_ACT = 30


def followed(person: Person, recommendation: Recommendation, pk: str) -> Action | None:
    """The action that did not work and that a new one is to follow, where the person may see it."""
    rows = access.visible_to(person, Action).filter(recommendation=recommendation, state__in=states.FAILED)
    number = whole(pk)
    return rows.filter(pk=number).first() if number else None


def of(
    person: Person, recommendation: Recommendation, follows: Action | None, criteria: Iterable[Criterion]
) -> dict[str, Any]:
    """First values of the form of a new action; ``criteria``: those of its review, with series, metric and unit."""
    if follows is not None:
        return _after(follows)
    findings = list(
        recommendation.findings.select_related("criterion__series__metric", "criterion__series__unit", "subject__step")
    )
    criterion = _criterion(findings, criteria)
    series = criterion.series if criterion else None
    due = recommendation.by_day if recommendation.by_day and recommendation.by_day > clock.today() else _soon()
    period = series.metric.period if series else periods.MONTH
    unit = series.unit if series else recommendation.review.unit
    step = next((one.subject.step for one in findings if one.subject and one.subject.step), None)
    return {
        "findings": findings,
        "criteria": [criterion] if criterion else [],
        "series": series,
        "target": criterion.threshold if criterion else None,
        "unit": unit,
        "owner": _lead_of(unit.pk),
        "step": step,
        "due_on": due,
        "check_on": check_day(due, NEEDED, period),
        "needed_points": NEEDED,
    }


def _soon() -> dt.date:
    return clock.today() + dt.timedelta(days=DAYS_TO_ACT)


def _criterion(findings: list[Finding], criteria: Iterable[Criterion]) -> Criterion | None:
    """The criterion with a metric that the findings name, else the first of the review."""
    named = [one.criterion for one in findings if one.criterion and one.criterion.series_id]
    if named:
        return named[0]
    return next((one for one in sorted(criteria, key=lambda one: (one.position, one.pk)) if one.series_id), None)


def _lead_of(unit_id: int) -> Person | None:
    row = (
        Role.objects.filter(unit=unit_id, name=roles.TEAM_LEAD, person__is_active=True)
        .order_by("pk")
        .select_related("person")
        .first()
    )
    return row.person if row else None


def _after(follows: Action) -> dict[str, Any]:
    """A new try after one that did not work: the same metric, target, team and links, new dates, new words."""
    due = _soon()
    period = follows.series.metric.period if follows.series else periods.MONTH
    return {
        "kind": follows.kind,
        "what": _("After “%(what)s” did not work: ") % {"what": follows.what},
        "findings": list(follows.findings.all()),
        "criteria": list(follows.criteria.all()),
        "series": follows.series,
        "target": follows.target,
        "unit": follows.unit,
        "owner": follows.owner,
        "verifier": follows.verifier,
        "step": follows.step,
        "rule": follows.rule,
        "due_on": due,
        "check_on": check_day(due, follows.needed_points, period),
        "needed_points": follows.needed_points,
    }


def preview(
    form: forms.BaseForm, recommendation: Recommendation, allowed: Collection[Finding], standing: Standing | None = None
) -> tuple[smart.Letter, ...]:
    """The letters of what stands in the form now: what was sent and holds, else what it was opened with.

    ``allowed``: the findings that may be chosen; ``standing``: of the recommendation, where the caller has read it.
    """

    def value(name: str) -> Any:
        if form.is_bound:
            return getattr(form, "cleaned_data", {}).get(name)
        return form.initial.get(name)

    given = {
        name: value(name)
        for name in ("what", "kind", "step", "unit", "owner", "series", "target", "due_on", "check_on")
        if value(name) not in (None, "")
    }
    draft = Action(
        recommendation=recommendation,
        needed_points=value("needed_points") or NEEDED,
        beyond_best_reason=value("beyond_best_reason") or "",
        **given,
    )
    draft.baseline = baseline_of(draft.series)
    draft.baseline_mean = draft.baseline.get("mean")
    findings = [one for one in value("findings") or [] if one in allowed]
    return letters_of(draft, findings, list(value("criteria") or []), standing)
