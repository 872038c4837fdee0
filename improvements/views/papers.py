"""The decision paper as a page, what is decided on it, and the register of decisions."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import redirect, render
from django.utils.formats import date_format
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_http_methods, require_safe

from improvements import states
from improvements.charts import paper_figures
from improvements.forms.decisions import DecideForm
from improvements.forms.recommendations import ReasonForm
from improvements.models import Decision, Submission
from improvements.paper import lay_out
from improvements.paper.figures import money
from improvements.queries import lists
from improvements.queries.actions import may_plan_under
from improvements.queries.changes import Changes, changes
from improvements.workflow import decisions as workflow
from improvements.workflow import submissions
from reviews.queries.stages import stages
from teams import access, answers
from teams.access import door, person_of
from teams.lists import CHOICE, DAY, Column, Filter, Listing
from teams.models import Person
from teams.refusals import Refused

# What the page of a paper asks about: whose review, which unit, the signal it began with, who is named.
BESIDE = ("recommendation__review__unit", "recommendation__review__signal", "decision_maker", "author")
get_or_post = require_http_methods(["GET", "HEAD", "POST"])


@require_safe
@door("improvements.view")
def submission(request: HttpRequest, pk: int) -> HttpResponse:
    """The paper, rendered from its frozen content alone; what changed beneath it since; what was decided."""
    person = person_of(request)
    paper = access.fetch(person, Submission, pk, related=BESIDE)
    changed = changes(paper)
    context = _context(person, paper, changed)
    if context["may_decide"]:
        context["form"] = DecideForm(paper, changed.state_hash)
    return render(request, "improvements/submission.html", context)


def _context(person: Person, paper: Submission, changed: Changes) -> dict[str, Any]:
    review = paper.recommendation.review
    held = access.held(person, paper, "improvements.decide", "reports.view")
    decided = "improvements.decide" in held
    # Held for the unit it is held for the review, without another question to the database.
    sees_review = access.may(person, "reviews.view", review.unit) or access.may(person, "reviews.view", review)
    wrote = person.pk in (paper.author_id, paper.recommendation.author_id)
    return {
        "paper": paper,
        "laid": _linked(_drawn(lay_out(paper.content), paper.content), sees_review),
        "review": review,
        "sees_review": sees_review,
        "stages": stages(person, review, "decide") if sees_review else [],
        "may_read_editions": "reports.view" in held,
        "changes": changed,
        "decisions": lists.decisions_of(paper),
        "may_decide": paper.waits and decided and not wrote,
        "may_revoke": paper.is_in_force and decided and not wrote,
        "may_withdraw": paper.waits and person.pk == paper.author_id,
        "wrote": decided and wrote,
        "may_act": paper.is_in_force and may_plan_under(person, paper.recommendation),
        "limit": _limit(paper) if paper.waits and decided else "",
    }


def _linked(laid: Any, sees_review: bool) -> Any:
    """Who may read the paper but not the review gets its words without the links into it."""
    if sees_review:
        return laid
    if isinstance(laid, dict):
        return {key: "" if key == "url" else _linked(value, False) for key, value in laid.items()}
    return [_linked(value, False) for value in laid] if isinstance(laid, list) else laid


def _limit(paper: Submission) -> str:
    limit = workflow.limit_of(paper)
    return "" if limit is None else money(float(limit))


def _drawn(laid: dict[str, Any], content: dict[str, Any]) -> dict[str, Any]:
    """The blocks of charts get the figure that the page's script draws."""
    figures = paper_figures(content)
    for section in laid["sections"]:
        for block in section["blocks"]:
            if block["kind"] == "chart":
                block["figure"] = figures[block["id"]]
    return laid


@get_or_post
@door("improvements.decide")
def decide(request: HttpRequest, pk: int) -> HttpResponse:
    person = person_of(request)
    paper = access.fetch(person, Submission, pk, "improvements.decide")
    changed = changes(paper)
    form = DecideForm(paper, changed.state_hash, request.POST or None)
    if form.is_valid():
        given = form.cleaned_data
        try:
            workflow.decide(
                person,
                paper,
                given["outcome"],
                given["reason"],
                given["conditions"],
                given["until_day"],
                given["seen"],
            )
            messages.success(request, _("Your decision is kept, and those whom it concerns are told."))
            return redirect(paper)
        except Refused as refused:
            answers.refuse(form, refused)
            if refused.code == "changed_meanwhile":
                # What is shown now is what they have seen when they decide again.
                form.data = {**request.POST.dict(), "seen": changed.state_hash}
    return answers.page(request, "improvements/decide.html", {"form": form, "paper": paper, "changes": changed})


@get_or_post
@door("improvements.recommend")
def withdraw(request: HttpRequest, pk: int) -> HttpResponse:
    person = person_of(request)
    paper = access.fetch(person, Submission, pk)
    access.require(person, "improvements.recommend", paper.recommendation)
    form = ReasonForm(request.POST or None)
    if form.is_valid():
        try:
            submissions.withdraw(person, paper, form.cleaned_data["reason"])
            messages.success(request, _("The paper is withdrawn; the recommendation is a draft again."))
            return redirect(paper.recommendation)
        except Refused as refused:
            answers.refuse(form, refused)
    return answers.page(request, "improvements/withdraw.html", {"form": form, "paper": paper})


@get_or_post
@door("improvements.decide")
def revoke(request: HttpRequest, pk: int) -> HttpResponse:
    person = person_of(request)
    paper = access.fetch(person, Submission, pk, "improvements.decide")
    form = ReasonForm(request.POST or None)
    if form.is_valid():
        try:
            workflow.revoke(person, paper, form.cleaned_data["reason"])
            messages.success(request, _("The approval is revoked; the recommendation can be changed again."))
            return redirect(paper)
        except Refused as refused:
            answers.refuse(form, refused)
    return answers.page(request, "improvements/revoke.html", {"form": form, "paper": paper})


COLUMNS = [
    Column(
        "recommendation",
        _("Recommendation"),
        "submission.recommendation.title",
        sort=("submission__recommendation__title",),
        link=lambda row: row.get_absolute_url(),
    ),
    Column("outcome", _("Decision"), "get_outcome_display", sort=("outcome",)),
    Column("decider", _("Decided by"), lambda row: _decider(row), sort=("decider__name",), width="narrow"),
    Column("at", _("On"), lambda row: row.at.date(), sort=("at",)),
    Column("until", _("Until"), "until_day", page=False),
    Column("state", _("Paper now"), "submission.get_state_display", shown=lambda row: _paper_now(row)),
    Column("reason", _("Reason"), "reason"),
    Column("conditions", _("Conditions"), "conditions"),
    Column("changed", _("Data had changed"), lambda row: _("yes") if row.data_had_changed else _("no"), page=False),
    Column("actions", _("Actions"), lambda row: row.actions_told),
    Column("hash", _("State hash"), lambda row: row.submission.state_hash[:12], page=False),
]


def _paper_now(row: Decision) -> str:
    """The paper's state, with the day on which a trial or a deferral ends."""
    state = row.submission.get_state_display()
    return f"{state} · {date_format(row.until_day, 'SHORT_DATE_FORMAT')}" if row.until_day else state


def _decider(row: Decision) -> str:
    if row.decided_for is None:
        return row.decider.name
    return _("%(name)s for %(other)s") % {"name": row.decider.name, "other": row.decided_for.name}


@require_safe
@door("improvements.view")
def decisions(request: HttpRequest) -> HttpResponseBase:
    """The register: who decided what, when, on which state of the data, and what came of it."""
    person = person_of(request)
    rows = lists.register(person)
    filters = [
        Filter("q", _("Words"), ("submission__recommendation__title", "reason", "conditions")),
        Filter("outcome", _("Decision"), "outcome", CHOICE, Decision.Outcome.choices),
        Filter("state", _("Paper now"), "submission__state", CHOICE, Submission.State.choices),
        Filter("from", _("From"), "at__date__gte", DAY),
    ]
    listing = Listing(request, rows, COLUMNS, filters, "-at", caption=_("Decisions"))
    context = {"listing": listing, "waiting": lists.papers_waiting(person), "in_force": states.IN_FORCE}
    return listing.export("decisions") or render(request, "improvements/decisions.html", context)
