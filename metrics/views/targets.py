"""The targets of a metric: history, proposals and what could be one; a proposal with its verbs."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from metrics import states
from metrics.forms.targets import DecideForm, EndForm, ProposeForm, TurnDownForm
from metrics.models import Analysis, Metric, Target
from metrics.queries import analyses
from metrics.queries import targets as questions
from metrics.views.series import fetch_series
from metrics.wording import outlooks
from metrics.wording.targets import peers_told, told_value
from metrics.wording.trajectories import planned_told
from metrics.workflow import targets as workflow
from teams import access, answers, clock
from teams.access import door, person_of
from teams.models import Person, Unit
from teams.refusals import Refused

get_or_post = require_http_methods(["GET", "HEAD", "POST"])
PLACES_SHOWN = 100


@require_safe
@door("metrics.view")
def targets(request: HttpRequest, pk: int) -> HttpResponse:
    person = person_of(request)
    metric = access.fetch(person, Metric, pk)
    found = questions.targets_of(person, metric)
    rows = questions.outlooks_of(person, metric)
    context = {
        "metric": metric,
        "proposals": [_shown(one) for one in found if one.state == states.PROPOSED],
        "versions": [_shown(one) for one in found if one.state != states.PROPOSED],
        "places": [_place(person, row) for row in rows[:PLACES_SHOWN]],
        "places_more": len(rows) > PLACES_SHOWN,
        "peers": peers_told(metric, questions.places_of(metric, rows)),
    }
    return render(request, "metrics/targets.html", context)


def _shown(one: Target) -> dict[str, Any]:
    return {"target": one, "value": told_value(one), "planned": planned_told(one)}


def _place(person: Person, row: Any) -> dict[str, Any]:
    """One series with its chance and what could be its target."""
    return {
        "series": row.series,
        "chance": outlooks.chance_told(row.series, row),
        "offers": outlooks.offers(row.series, row),
        "best": outlooks.best_told(row.series, row),
        "may_propose": access.may(person, "metrics.propose_target", row.series.unit),
    }


@require_safe
@door("metrics.view")
def target(request: HttpRequest, pk: int) -> HttpResponse:
    one = questions.target(person_of(request), pk)
    return _target_page(request, one, DecideForm(), TurnDownForm())


def _target_page(request: HttpRequest, one: Target, yes: DecideForm, no: TurnDownForm) -> HttpResponse:
    person = person_of(request)
    proposed = one.state == states.PROPOSED
    analysis = questions.analysis_behind(person, one)
    offered = analysis if proposed and not one.ends else None
    holds = one.state == states.IN_FORCE and not one.ends
    ending = questions.ending(one) if holds else None
    context = {
        "target": one,
        "value": told_value(one),
        "planned": planned_told(one),
        "analysis": analysis,
        "now": outlooks.band_told(analysis, one.value)
        if analysis and one.kind == Target.Kind.TARGET and not one.ends
        else "",
        "offers": outlooks.offers(offered.series, offered) if offered else [],
        "best": outlooks.best_told(offered.series, offered) if offered else "",
        "peers": _peers(person, offered),
        "ending": ending,
        "may_end": holds and ending is None and access.may(person, "metrics.propose_target", one.unit),
        "may_decide": proposed
        and one.person_id != person.pk
        and access.may(person, "metrics.approve_target", one.unit),
        "own": proposed and one.person_id == person.pk,
        "late": proposed and one.from_day < clock.today(),
        "yes": yes,
        "no": no,
    }
    return answers.page(request, "metrics/target.html", context)


@get_or_post
@door("metrics.propose_target")
def end_target(request: HttpRequest, pk: int) -> HttpResponse:
    """Propose that what was agreed no longer holds from a day on."""
    person = person_of(request)
    one = access.fetch(person, Target, pk, "metrics.propose_target")
    form = EndForm(request.POST or None)
    if form.is_valid():
        try:
            made = workflow.end(person, one, **form.cleaned_data)
            messages.success(request, _("The proposal to end it waits for whoever approves it."))
            return redirect(made)
        except Refused as refused:
            answers.refuse(form, refused)
    holds = one.state == states.IN_FORCE and not one.ends
    context = {
        "target": one,
        "value": told_value(one),
        "form": form,
        "holds": holds,
        **_ending(person, questions.ending(one) if holds else None),
    }
    return answers.page(request, "metrics/end_target.html", context)


def _ending(person: Person, one: Target | None) -> dict[str, Any]:
    """The end that waits for a decision, and what this person may do about it."""
    may_decide = one is not None and access.may(person, "metrics.approve_target", one.unit)
    own = one is not None and one.person_id == person.pk
    return {"ending": one, "own_ending": own, "may_decide_ending": may_decide and not own}


@get_or_post
@door("metrics.propose_target")
def propose_target(request: HttpRequest, pk: int) -> HttpResponse:
    person = person_of(request)
    one = fetch_series(request, pk, "metrics.propose_target")
    units = access.visible_to(person, Unit, "metrics.propose_target").filter(pk__in=one.unit.line_ids)
    initial = {"unit": one.unit_id, "value": _number(request.GET.get("value", ""))}
    form = ProposeForm(units, one.metric.measure, request.POST or None, initial=initial)
    if form.is_valid():
        try:
            made = workflow.propose(person, one, **form.cleaned_data)
            messages.success(request, _("The proposal waits for whoever approves it."))
            return redirect(made)
        except Refused as refused:
            answers.refuse(form, refused)
    analysis = analyses.analysis_of(one)
    context = {
        "series": one,
        "form": form,
        "chance": outlooks.chance_told(one, analysis) if analysis else None,
        "offers": outlooks.offers(one, analysis) if analysis else [],
        "best": outlooks.best_told(one, analysis) if analysis else "",
        "peers": _peers(person, analysis),
    }
    return answers.page(request, "metrics/propose_target.html", context)


def _peers(person: Person, analysis: Analysis | None) -> str:
    """What the peers of a series say of its targets; "" where nothing can be offered for it."""
    if analysis is None or not outlooks.offers(analysis.series, analysis):
        return ""
    metric = analysis.series.metric
    return peers_told(metric, questions.places_of(metric, questions.outlooks_of(person, metric)))


def _number(text: str) -> float | None:
    try:
        return float(text)
    except ValueError:
        return None


@require_POST
@door("metrics.approve_target")
def approve_target(request: HttpRequest, pk: int) -> HttpResponse:
    one = access.fetch(person_of(request), Target, pk, "metrics.approve_target")
    form = DecideForm(request.POST)
    if form.is_valid():
        try:
            workflow.approve(person_of(request), one, form.cleaned_data["word"])
            messages.success(request, _("The target is approved. The charts are being computed again."))
            return redirect(one)
        except Refused as refused:
            answers.refuse(form, refused)
    return _target_page(request, questions.target(person_of(request), pk), form, TurnDownForm())


@require_POST
@door("metrics.approve_target")
def turn_down_target(request: HttpRequest, pk: int) -> HttpResponse:
    one = access.fetch(person_of(request), Target, pk, "metrics.approve_target")
    form = TurnDownForm(request.POST)
    if form.is_valid():
        try:
            workflow.turn_down(person_of(request), one, form.cleaned_data["word"])
            messages.success(request, _("The proposal is turned down; whoever proposed it reads why."))
            return redirect(one)
        except Refused as refused:
            answers.refuse(form, refused)
    return _target_page(request, questions.target(person_of(request), pk), DecideForm(), form)


@require_POST
@door("metrics.propose_target")
def withdraw_target(request: HttpRequest, pk: int) -> HttpResponse:
    one = access.fetch(person_of(request), Target, pk, "metrics.propose_target")
    workflow.withdraw(person_of(request), one)
    messages.success(request, _("The proposal is withdrawn."))
    return redirect(one)
