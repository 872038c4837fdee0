"""From the plan to the start: tell, ask, agree, send back, freeze, start."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _now
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_http_methods, require_POST

from reviews import workflow
from reviews.forms.planning import BriefForm, ReasonForm
from reviews.models import Review
from reviews.queries import reviews as queries
from reviews.views.frame import attempt, frame, get_review, posted
from teams.access import door, person_of


@require_POST
@door("reviews.edit")
def ask_agreement(request: HttpRequest, pk: int) -> HttpResponse:
    review = workflow.ask_agreement(person_of(request), get_review(request, pk, "reviews.edit"))
    messages.success(request, _("%(name)s is asked to agree the plan.") % {"name": review.decision_maker.name})
    return redirect(review)


@require_POST
@door("reviews.edit")
def withdraw_request(request: HttpRequest, pk: int) -> HttpResponse:
    review = workflow.withdraw_request(person_of(request), get_review(request, pk, "reviews.edit"))
    messages.success(request, _("The request is withdrawn; the plan can be changed again."))
    return redirect(review)


@require_POST
@door("reviews.agree")
def agree_plan(request: HttpRequest, pk: int) -> HttpResponse:
    review = workflow.agree(person_of(request), get_review(request, pk, "reviews.agree"))
    messages.success(request, _("You agreed the plan. %(name)s is told.") % {"name": review.supervisor.name})
    return redirect(review)


@require_http_methods(["GET", "HEAD", "POST"])
@door("reviews.agree")
def send_plan_back(request: HttpRequest, pk: int) -> HttpResponse:
    review = get_review(request, pk, "reviews.agree")
    form = ReasonForm(
        posted(request),
        label=_("What has to change"),
        help_text=_("The supervisor reads this and mends the plan."),
    )
    if request.method == "POST" and form.is_valid():
        reason = form.cleaned_data["reason"]
        if attempt(form, lambda: workflow.send_back(person_of(request), review, reason)):
            messages.success(request, _("The plan went back to %(name)s.") % {"name": review.supervisor.name})
            return redirect(review)
    return page(request, review, form, _("Send the plan back"), _("Send the plan back"))


@require_POST
@door("reviews.edit")
def freeze(request: HttpRequest, pk: int) -> HttpResponse:
    start = request.POST.get("start") == "1"
    review = workflow.freeze(person_of(request), get_review(request, pk, "reviews.edit"), start)
    if start:
        messages.success(request, _("The plan is frozen and the review is under way."))
        return redirect("review-process", review.pk)
    messages.success(request, _("The plan is frozen. Start the review when you are ready."))
    return redirect(review)


@require_POST
@door("reviews.edit")
def start_review(request: HttpRequest, pk: int) -> HttpResponse:
    review = workflow.start(person_of(request), get_review(request, pk, "reviews.edit"))
    messages.success(request, _("The review is under way."))
    return redirect("review-process", review.pk)


@require_http_methods(["GET", "HEAD", "POST"])
@door("reviews.edit")
def brief_review(request: HttpRequest, pk: int) -> HttpResponse:
    review = get_review(request, pk, "reviews.edit")
    # Who tells it knows it already.
    people = queries.affected(person_of(request), review.unit).exclude(pk=person_of(request).pk)
    initial = {"title": _now("What the review “%(title)s” is for") % {"title": review.title}, "text": _draft(review)}
    form = BriefForm(people, posted(request), initial={**initial, "people": list(people)})
    if request.method == "POST" and form.is_valid():
        told, title, text = form.cleaned_data["people"], form.cleaned_data["title"], form.cleaned_data["text"]
        if attempt(form, lambda: workflow.brief(person_of(request), review, told, title[:160], text)):
            messages.success(request, _("They are told; the plan shows who has read it."))
            return redirect(f"{review.get_absolute_url()}#briefing")
    return page(request, review, form, _("Tell the colleagues affected"), _("Tell them"))


def _draft(review: Review) -> str:
    """A first text to be rewritten."""
    return _now(
        "We look at how “%(service)s” works, from “%(start)s” to “%(end)s”. The question is: %(question)s\n\n"
        "It is about the process, not about anybody's work. You will be asked what you think of the steps; "
        "what is found and decided will be told to you."
    ) % {
        "service": review.service.name,
        "start": review.start_point,
        "end": review.end_point,
        "question": review.question,
    }


def page(request: HttpRequest, review: Review, form: Any, heading: Any, verb: Any, **more: Any) -> HttpResponse:
    """A page with one form, inside the plan stage."""
    context = frame(request, review, "plan", form=form, heading=heading, verb=verb, back=review.get_absolute_url())
    return render(request, "reviews/form.html", {**context, **more}, status=422 if form.errors else 200)
