"""Actions: the board, the stage "act" of a review, one action and its moves."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.db.models import QuerySet, prefetch_related_objects
from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import redirect, render
from django.utils.formats import date_format
from django.utils.translation import gettext as _now
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from improvements import states
from improvements.forms.actions import ActionForm, NewActionForm, ProofForm, choices_for
from improvements.forms.recommendations import ReasonForm
from improvements.models import Action, Recommendation
from improvements.queries import lists, prefilling
from improvements.queries.actions import letters_of, may_plan_under, may_watch, standing_of
from improvements.queries.retargeting import proposals_of
from improvements.views.lights import level, lights
from improvements.workflow import actions as workflow
from metrics.models import Series
from metrics.wording import told_value
from reviews.models import Review
from reviews.queries.stages import stages
from teams import access, answers, clock
from teams.access import door, person_of
from teams.lists import CHOICE, Column, Filter, Listing
from teams.models import Person
from teams.refusals import Refused

get_or_post = require_http_methods(["GET", "HEAD", "POST"])

COLUMNS = [
    Column("what", _("Action"), "what", sort=("what",), link=lambda row: row.get_absolute_url()),
    Column("kind", _("Kind"), "get_kind_display", sort=("kind",)),
    Column("state", _("State"), "get_state_display", sort=("state",), code=lambda row: row.state),
    Column("owner", _("Owner"), "owner.name", sort=("owner__name",)),
    Column("team", _("Team"), "unit.name", sort=("unit__name",)),
    Column("due", _("Due"), "due_on", sort=("due_on",), shown=lambda row: _due(row)),
    Column("metric", _("Metric"), "series.metric.name", sort=("series__metric__name",)),
    Column("check", _("Outcome read on"), "check_on", sort=("check_on",)),
    Column("verifier", _("Verified by"), "verifier.name", sort=("verifier__name",)),
]


def _due(row: Action) -> str:
    day = date_format(row.due_on)
    return _now("%(day)s, overdue") % {"day": day} if row.is_overdue(clock.today()) else day


def _open(rows: QuerySet[Action], value: str) -> QuerySet[Action]:
    if value == "overdue":
        return lists.overdue(rows)
    ended = rows.filter(state__in=states.ENDED)
    return ended if value == "ended" else rows.exclude(state__in=states.ENDED)


@require_safe
@door("improvements.view")
def improvements(request: HttpRequest) -> HttpResponseBase:
    """The board: the actions that the person may see, overdue ones first among the open."""
    person = person_of(request)
    rows = lists.actions(person)
    filters = [
        Filter("q", _("Words"), ("what", "owner__name")),
        Filter(
            "show", _("Show"), _open, CHOICE, [("open", _("open")), ("overdue", _("overdue")), ("ended", _("ended"))]
        ),
        Filter("state", _("State"), "state", CHOICE, Action.State.choices),
        Filter("kind", _("Kind"), "kind", CHOICE, Action.Kind.choices),
        Filter("unit", _("Team"), "unit", CHOICE, lists.teams_of(person)),
        Filter("mine", _("Mine"), _mine(person), CHOICE, [("owner", _("I carry out")), ("verifier", _("I verify"))]),
    ]
    listing = Listing(request, rows, COLUMNS, filters, "due", caption=_("Actions"))
    context = {
        "listing": listing,
        "overdue": lists.overdue(rows).count(),
        "decisions_waiting": lists.papers_waiting(person).count(),
    }
    return listing.export("actions") or render(request, "improvements/improvements.html", context)


def _mine(person: Person) -> Any:
    def narrow(rows: QuerySet[Action], value: str) -> QuerySet[Action]:
        return rows.filter(**{value: person})

    return narrow


@require_safe
@door("improvements.view")
def review_act(request: HttpRequest, pk: int) -> HttpResponse:
    person = person_of(request)
    review = access.fetch(person, Review, pk)
    context = {
        "review": review,
        "stages": stages(person, review, "act"),
        "acts": lists.acts_of(person, review),
        "may_act": may_plan_under(person, review),
        "today": clock.today(),
    }
    return render(request, "improvements/review_act.html", context)


@get_or_post
@door("improvements.act")
def new_action(request: HttpRequest, pk: int) -> HttpResponse:
    person = person_of(request)
    # Whoever plans actions for a team may do so under any recommendation they may read; the verb asks for the team.
    access.require(person, "improvements.act")
    thing = access.fetch(person, Recommendation, pk, related=("review__unit",))
    follows = prefilling.followed(person, thing, request.GET.get("follows", ""))
    choices = choices_for(person, thing)
    first = prefilling.of(person, thing, follows, choices["criteria"])
    form = NewActionForm(choices, request.POST or None, initial=first)
    if form.is_valid():
        given = dict(form.cleaned_data)
        try:
            findings, criteria = given.pop("findings"), given.pop("criteria")
            made = workflow.propose(person, thing, findings, criteria, follows, **given)
            messages.success(request, _("The action is proposed."))
            return redirect(made)
        except Refused as refused:
            answers.refuse(form, refused)
    standing = standing_of(thing, person)
    context = {
        "form": form,
        "recommendation": thing,
        "review": thing.review,
        "sees_review": standing.sees_review,
        "authority": standing.approved,
        "lights": lights(prefilling.preview(form, thing, choices["findings"], standing)),
        "follows": follows,
    }
    return answers.page(request, "improvements/new_action.html", context)


@require_safe
@door("improvements.act")
def smart(request: HttpRequest, pk: int) -> HttpResponse:
    """The five letters of an action that is still being written; nothing is kept."""
    person = person_of(request)
    access.require(person, "improvements.act")
    thing = access.fetch(person, Recommendation, pk)
    choices = choices_for(person, thing)
    form = NewActionForm(choices, request.GET)
    form.is_valid()
    letters = prefilling.preview(form, thing, choices["findings"])
    return render(request, "improvements/smart.html", {"lights": lights(letters)})


@require_safe
@door("improvements.view")
def action(request: HttpRequest, pk: int) -> HttpResponse:
    person = person_of(request)
    thing = access.fetch(person, Action, pk, related=lists.BESIDE)
    findings, criteria = list(thing.findings.all()), list(thing.criteria.all())
    context = {
        "action": thing,
        "recommendation": thing.recommendation,
        "review": thing.recommendation.review,
        "lights": lights(letters_of(thing, findings, criteria)) if thing.state == states.PROPOSED else [],
        "lane": _lane(thing),
        "level": level(thing),
        "sees_series": _sees_series(person, thing),
        "findings": findings,
        "criteria": criteria,
        "checks": lists.checks_of(thing),
        "followers": lists.followers_of(thing),
        "overdue": thing.is_overdue(clock.today()),
        "can": _can(person, thing),
        "proposals": [{"target": one, "value": told_value(one)} for one in proposals_of(person, thing)],
    }
    return render(request, "improvements/action.html", context)


def _sees_series(person: Person, thing: Action) -> bool:
    """An action may be read by people who cannot open its chart: of another unit, for one."""
    return thing.series_id is not None and access.visible_to(person, Series).filter(pk=thing.series_id).exists()


def _can(person: Person, thing: Action) -> dict[str, bool]:
    """What this person can do with the action now: the moves of its state that their doors allow."""
    asked = {
        "edit": "improvements.act",
        "approve": "improvements.approve",
        "start": "improvements.carry_out",
        "finish": "improvements.carry_out",
        "reopen": "improvements.verify",
        "cancel": "improvements.act",
    }
    held = access.held(person, thing, *dict.fromkeys([*asked.values(), "improvements.verify"]))
    found = {move: states.ACTION.allows(thing.state, move) and permission in held for move, permission in asked.items()}
    found["approve"] = found["approve"] and person.pk != thing.owner_id
    verifies = "improvements.verify" in held and person.pk != thing.owner_id
    found["verify"] = thing.state == states.DONE and verifies
    found["outcome"] = thing.done_on is not None
    found["follow"] = thing.state in states.FAILED and may_plan_under(person, thing)
    found["watch"] = may_watch(person, thing)
    return found


def _lane(thing: Action) -> list[dict[str, Any]]:
    """The way of an action, with where it stands."""
    way = [states.PROPOSED, states.ACTION_APPROVED, states.IN_PROGRESS, states.DONE]
    if thing.state in (states.NOT_EFFECTIVE, states.CANCELLED):
        way.append(thing.state)
    else:
        way += [states.EFFECTIVE, states.LAPSED if thing.state == states.LAPSED else states.SUSTAINED]
    words = dict(Action.State.choices)
    return [{"words": words[state], "here": state == thing.state} for state in way]


@get_or_post
@door("improvements.act")
def edit_action(request: HttpRequest, pk: int) -> HttpResponse:
    person = person_of(request)
    thing = access.fetch(person, Action, pk, "improvements.act", related=lists.BESIDE)
    prefetch_related_objects([thing], "findings", "criteria")
    form = ActionForm(choices_for(person, thing.recommendation), request.POST or None, instance=thing)
    if form.is_valid():
        given = form.cleaned_data
        try:
            workflow.edit(person, thing, given["version"], given["base"], form.mine)
            messages.success(request, _("Saved."))
            return redirect(thing)
        except Refused as refused:
            if refused.code == "conflict":
                raise
            answers.refuse(form, refused)
    context = {
        "form": form,
        "action": thing,
        "lights": lights(letters_of(thing)),
        "recommendation": thing.recommendation,
    }
    return answers.page(request, "improvements/edit_action.html", context)


@require_POST
@door("improvements.approve")
def approve_action(request: HttpRequest, pk: int) -> HttpResponse:
    thing = access.fetch(person_of(request), Action, pk, "improvements.approve")
    workflow.approve(person_of(request), thing)
    messages.success(request, _("Approved: %(name)s is told.") % {"name": thing.owner.name})
    return redirect(thing)


@require_POST
@door("improvements.carry_out")
def start_action(request: HttpRequest, pk: int) -> HttpResponse:
    thing = access.fetch(person_of(request), Action, pk, "improvements.carry_out")
    workflow.start(person_of(request), thing)
    messages.success(request, _("Begun."))
    return redirect(thing)


@get_or_post
@door("improvements.carry_out")
def finish_action(request: HttpRequest, pk: int) -> HttpResponse:
    person = person_of(request)
    thing = access.fetch(person, Action, pk, "improvements.carry_out")
    form = ProofForm(request.POST or None, request.FILES or None)
    if form.is_valid():
        given = form.cleaned_data
        try:
            workflow.finish(person, thing, given["proof"], given["file"])
            messages.success(request, _("Done, with its proof. Somebody else reads whether it worked."))
            return redirect(thing)
        except Refused as refused:
            answers.refuse(form, refused)
    return answers.page(request, "improvements/finish_action.html", {"form": form, "action": thing})


@get_or_post
@door("improvements.verify")
def reopen_action(request: HttpRequest, pk: int) -> HttpResponse:
    person = person_of(request)
    thing = access.fetch(person, Action, pk, "improvements.verify")
    return _with_reason(request, thing, workflow.reopen, "improvements/reopen_action.html", _("It is open again."))


@get_or_post
@door("improvements.act")
def cancel_action(request: HttpRequest, pk: int) -> HttpResponse:
    person = person_of(request)
    thing = access.fetch(person, Action, pk, "improvements.act")
    return _with_reason(request, thing, workflow.cancel, "improvements/cancel_action.html", _("It is cancelled."))


def _with_reason(request: HttpRequest, thing: Action, verb: Any, template: str, words: Any) -> HttpResponse:
    form = ReasonForm(request.POST or None)
    if form.is_valid():
        try:
            verb(person_of(request), thing, form.cleaned_data["reason"])
            messages.success(request, words)
            return redirect(thing)
        except Refused as refused:
            answers.refuse(form, refused)
    return answers.page(request, template, {"form": form, "action": thing})
