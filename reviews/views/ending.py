"""The end of a review: conclude, open again, close, cancel, archive."""

from __future__ import annotations

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_http_methods, require_POST

from reviews import workflow, xray
from reviews.ends import open_ends
from reviews.forms.judging import OverallForm
from reviews.forms.planning import ReasonForm
from reviews.queries import conclusions
from reviews.views.agreement import page
from reviews.views.frame import attempt, frame, get_review, posted
from teams.access import door, person_of


@require_http_methods(["GET", "HEAD", "POST"])
@door("reviews.judge")
def conclude_review(request: HttpRequest, pk: int) -> HttpResponse:
    review = get_review(request, pk, "reviews.judge")
    form = OverallForm(posted(request), initial={"overall": review.overall})
    if request.method == "POST" and form.is_valid():
        overall = form.cleaned_data["overall"]
        if attempt(form, lambda: workflow.conclude(person_of(request), review, overall)):
            messages.success(request, _("The review is concluded. What do you recommend?"))
            return redirect("review-measure", review.pk)
    lines = conclusions.lines(review)
    context = frame(request, review, "measure", form=form, lines=lines, xray=xray.of_work(review, lines))
    return render(request, "reviews/conclude_review.html", context, status=422 if form.errors else 200)


@require_http_methods(["GET", "HEAD", "POST"])
@door("reviews.judge")
def reopen_review(request: HttpRequest, pk: int) -> HttpResponse:
    review = get_review(request, pk, "reviews.judge")
    form = ReasonForm(posted(request), label=_("Why it is opened again"))
    if request.method == "POST" and form.is_valid():
        reason = form.cleaned_data["reason"]
        if attempt(form, lambda: workflow.reopen(person_of(request), review, reason)):
            messages.success(request, _("The review is under way again."))
            return redirect("review-measure", review.pk)
    return page(request, review, form, _("Open the review again"), _("Open it again"))


@require_http_methods(["GET", "HEAD", "POST"])
@door("reviews.edit")
def cancel_review(request: HttpRequest, pk: int) -> HttpResponse:
    review = get_review(request, pk, "reviews.edit")
    form = ReasonForm(
        posted(request),
        label=_("Why it is given up"),
        help_text=_("What was collected stays readable; nothing more can be added."),
    )
    if request.method == "POST" and form.is_valid():
        reason = form.cleaned_data["reason"]
        if attempt(form, lambda: workflow.cancel(person_of(request), review, reason)):
            messages.success(request, _("The review is cancelled."))
            return redirect(review)
    words = _("Cancel the review")
    return page(request, review, form, words, words, button="btn-danger", still_open=open_ends(review))


@require_http_methods(["GET", "HEAD", "POST"])
@door("reviews.edit")
def close_review(request: HttpRequest, pk: int) -> HttpResponse:
    review = get_review(request, pk, "reviews.edit")
    form = ReasonForm(posted(request), label=_("A closing word"), help_text=_("What came of it."))
    if request.method == "POST" and form.is_valid():
        word = form.cleaned_data["reason"]
        if attempt(form, lambda: workflow.close(person_of(request), review, word)):
            messages.success(request, _("The review is closed."))
            return redirect(review)
    return page(request, review, form, _("Close the review"), _("Close the review"), still_open=open_ends(review))


@require_POST
@door("reviews.edit")
def archive_review(request: HttpRequest, pk: int) -> HttpResponse:
    review = workflow.archive(person_of(request), get_review(request, pk, "reviews.edit"))
    messages.success(request, _("The review is in the archive."))
    return redirect(review)


@require_POST
@door("reviews.edit")
def unarchive_review(request: HttpRequest, pk: int) -> HttpResponse:
    review = workflow.unarchive(person_of(request), get_review(request, pk, "reviews.edit"))
    messages.success(request, _("The review is back from the archive."))
    return redirect(review)
