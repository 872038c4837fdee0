"""The stage "decide" of a review, and drafts of recommendations with their options."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from improvements import stages as _stages  # noqa: F401 - its dots register themselves
from improvements.forms.recommendations import NewOptionForm, NewRecommendationForm, OptionForm, RecommendationForm
from improvements.models import Option, Recommendation, Submission
from improvements.paper.figures import money
from improvements.queries import lists
from improvements.queries.actions import may_plan_under
from improvements.queries.beneath import findings_of
from improvements.queries.options import outside
from improvements.workflow import recommendations as workflow
from improvements.workflow import submissions
from reviews import states as review_states
from reviews.models import Review
from reviews.queries.stages import stages
from teams import access, answers
from teams.access import door, person_of
from teams.refusals import Refused

get_or_post = require_http_methods(["GET", "HEAD", "POST"])


@require_safe
@door("improvements.view")
def review_decide(request: HttpRequest, pk: int) -> HttpResponse:
    person = person_of(request)
    review = access.fetch(person, Review, pk)
    context = {
        "review": review,
        "stages": stages(person, review, "decide"),
        "lines": lists.recommendations_of(person, review),
        "open": can_draft(review),
        "may_recommend": access.may(person, "improvements.recommend", review) and person.pk != review.decision_maker_id,
    }
    return render(request, "improvements/review_decide.html", context)


def can_draft(review: Review) -> bool:
    """Whether recommendations may be written now."""
    table = review_states.REVIEW
    return table.allows(review.state, "work") or table.allows(review.state, "recommend")


@get_or_post
@door("improvements.recommend")
def new_recommendation(request: HttpRequest, pk: int) -> HttpResponse:
    person = person_of(request)
    review = access.fetch(person, Review, pk)
    access.require(person, "improvements.recommend", review)
    form = NewRecommendationForm(review, request.POST or None, initial={"findings": findings_of(review)})
    if form.is_valid():
        given = dict(form.cleaned_data)
        try:
            made = workflow.create(person, review, given.pop("findings"), **given)
            messages.success(request, _("The draft is made. Now weigh its options."))
            return redirect(made)
        except Refused as refused:
            answers.refuse(form, refused)
    return answers.page(request, "improvements/new_recommendation.html", {"form": form, "review": review})


@require_safe
@door("improvements.view")
def recommendation(request: HttpRequest, pk: int) -> HttpResponse:
    person = person_of(request)
    thing = access.fetch(person, Recommendation, pk, related=("review__unit", "review__decision_maker", "author"))
    review = thing.review
    sees_review = access.may(person, "reviews.view", review.unit) or access.may(person, "reviews.view", review)
    options = [_option_line(option, review) for option in thing.options.prefetch_related("touches")]
    may_write = thing.is_draft and access.may(person, "improvements.recommend", thing)
    context = {
        "recommendation": thing,
        "review": review,
        "stages": stages(person, review, "decide") if sees_review else [],
        "options": options,
        "findings": list(thing.findings.order_by("pk")),
        "papers": list(Submission.objects.filter(recommendation=thing).select_related("decision_maker")),
        "may_write": may_write and person.pk != review.decision_maker_id,
        "ready": review_states.REVIEW.allows(review.state, "recommend"),
        "may_act": thing.state == "agreed" and may_plan_under(person, thing),
        "actions": list(lists.actions(person).filter(recommendation=thing)),
        "sees_review": sees_review,
    }
    return render(request, "improvements/recommendation.html", context)


def _option_line(option: Option, review: Review) -> dict[str, Any]:
    return {
        "option": option,
        "outside": outside(option, review),
        "one_off": money(float(option.one_off)),
        "yearly": money(float(option.yearly)),
    }


@get_or_post
@door("improvements.recommend")
def edit_recommendation(request: HttpRequest, pk: int) -> HttpResponse:
    person = person_of(request)
    thing = access.fetch(person, Recommendation, pk, "improvements.recommend")
    form = RecommendationForm(request.POST or None, instance=thing)
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
    context = {"form": form, "recommendation": thing, "review": thing.review}
    return answers.page(request, "improvements/edit_recommendation.html", context)


@get_or_post
@door("improvements.recommend")
def new_option(request: HttpRequest, pk: int) -> HttpResponse:
    person = person_of(request)
    thing = access.fetch(person, Recommendation, pk, "improvements.recommend")
    form = NewOptionForm(thing, request.POST or None)
    if form.is_valid():
        given = dict(form.cleaned_data)
        try:
            made = workflow.add_option(person, thing, given.pop("touches"), **given)
            messages.success(request, _("The option is added."))
            return redirect(made)
        except Refused as refused:
            answers.refuse(form, refused)
    context = {"form": form, "recommendation": thing, "review": thing.review}
    return answers.page(request, "improvements/new_option.html", context)


@get_or_post
@door("improvements.recommend")
def option(request: HttpRequest, pk: int) -> HttpResponse:
    """Change one option."""
    person = person_of(request)
    thing = access.fetch(person, Option, pk, "improvements.recommend")
    form = OptionForm(request.POST or None, instance=thing)
    if form.is_valid():
        given = form.cleaned_data
        try:
            workflow.edit_option(person, thing, given["version"], given["base"], form.mine)
            messages.success(request, _("Saved."))
            return redirect(thing)
        except Refused as refused:
            if refused.code == "conflict":
                raise
            answers.refuse(form, refused)
    context = {"form": form, "option": thing, "recommendation": thing.recommendation}
    return answers.page(request, "improvements/option.html", context)


@require_POST
@door("improvements.recommend")
def drop_option(request: HttpRequest, pk: int) -> HttpResponse:
    thing = access.fetch(person_of(request), Option, pk, "improvements.recommend")
    workflow.drop_option(person_of(request), thing)
    messages.success(request, _("The option is taken out."))
    return redirect(thing.recommendation)


@require_POST
@door("improvements.recommend")
def prefer(request: HttpRequest, pk: int) -> HttpResponse:
    thing = access.fetch(person_of(request), Option, pk, "improvements.recommend")
    workflow.prefer(person_of(request), thing)
    messages.success(request, _("This is now the option that is recommended."))
    return redirect(thing)


@require_POST
@door("improvements.recommend")
def put_forward(request: HttpRequest, pk: int) -> HttpResponse:
    thing = access.fetch(person_of(request), Recommendation, pk, "improvements.recommend")
    paper = submissions.put_forward(person_of(request), thing)
    messages.success(
        request,
        _("The paper is frozen and lies before %(name)s.") % {"name": paper.decision_maker.name},
    )
    return redirect(paper)
