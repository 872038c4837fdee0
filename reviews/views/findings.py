"""The findings stage: the board, one finding, and raising one in one click."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from metrics.models import Signal
from reviews import evidence, states, workflow, xray
from reviews.ends import is_answered
from reviews.forms.judging import FindingForm, LinkForm, MergeForm
from reviews.forms.planning import ReasonForm
from reviews.models import Criterion, Finding, Review
from reviews.queries import findings as queries
from reviews.queries import judgements
from reviews.queries.reviews import open_reviews
from reviews.views.frame import attempt, frame, get_review, posted
from teams import access
from teams.access import door, person_of
from teams.models import Person
from teams.numbers import whole


@require_safe
@door("reviews.view")
def review_findings(request: HttpRequest, pk: int) -> HttpResponse:
    review = get_review(request, pk)
    context = frame(request, review, "findings", board=queries.board(review), xray=xray.of_work(review))
    return render(request, "reviews/review_findings.html", context)


def _form(request: HttpRequest, review: Review, row: Finding | None = None) -> FindingForm:
    criteria = Criterion.objects.filter(review=review)
    return FindingForm(criteria, judgements.under_review(review), posted(request), instance=row or Finding())


@require_http_methods(["GET", "HEAD", "POST"])
@door("reviews.find")
def new_finding(request: HttpRequest, pk: int) -> HttpResponse:
    review = get_review(request, pk, "reviews.find")
    form = _form(request, review)
    if request.method == "POST" and form.is_valid():
        made = attempt(form, lambda: workflow.write_finding(person_of(request), review, form.mine))
        if made is not None:
            messages.success(request, _("The finding is a draft. Link its evidence, then agree it."))
            return redirect(made)
    context = frame(request, review, "findings", form=form, heading=_("New finding"), verb=_("Keep as a draft"))
    return render(request, "reviews/form.html", {**context, "guard": True}, status=422 if form.errors else 200)


@require_http_methods(["GET", "HEAD", "POST"])
@door("reviews.view")
def finding(request: HttpRequest, pk: int) -> HttpResponse:
    permission = "reviews.find" if request.method == "POST" else None
    shown = access.fetch(person_of(request), Finding, pk, permission)
    review = get_review(request, shown.review_id)
    form = _form(request, review, shown)
    if request.method == "POST" and form.is_valid():
        done = attempt(
            form,
            lambda: workflow.edit_finding(
                person_of(request),
                shown,
                form.base_version,
                form.base_values,
                form.mine,
            ),
        )
        if done is not None:
            messages.success(request, _("The finding is saved."))
            return redirect(done)
    return _finding_page(request, review, shown, form)


def _finding_page(request: HttpRequest, review: Review, shown: Finding, form: Any, **forms: Any) -> HttpResponse:
    context = frame(request, review, "findings", finding=shown, form=form, evidence=queries.evidence_of(shown))
    can = context["can"]
    context |= {
        # What was typed and refused is shown even where the finding can no longer be edited.
        "editable": form.is_bound or (can["find"] and states.FINDING.allows(shown.state, "edit")),
        "may_agree": can["judge"] and states.FINDING.allows(shown.state, "agree"),
        "may_address": can.holds("reviews.judge") and shown.state == states.FINDING_AGREED,
        "may_open_again": can.holds("reviews.judge") and bool(shown.reason_for_none) and not is_answered(shown),
        "others": queries.others(shown) if can["judge"] and states.FINDING.allows(shown.state, "merge") else [],
        "note_form": LinkForm(),
        "reason_form": ReasonForm(label=_("Why neither a recommendation nor an action")),
        **forms,
    }
    wrong = any(getattr(each, "errors", None) for each in (form, *forms.values()))
    return render(request, "reviews/finding.html", context, status=422 if wrong else 200)


@require_http_methods(["GET", "HEAD", "POST"])
@door("reviews.find")
def raise_finding(request: HttpRequest, kind: str, thing: str) -> HttpResponse:
    """One click where the review is known; else the person's open reviews, one button each."""
    of_kind = evidence.of(kind)
    if request.method == "POST":
        review = get_review(request, _number(request.POST.get("review", "")), "reviews.find")
        made = workflow.raise_finding(person_of(request), review, kind, thing)
        messages.success(request, _("The finding is a draft with its evidence. Say what it means, then agree it."))
        return redirect(made)
    facts = of_kind.collect(person_of(request), None, thing)
    context = {
        "kind": kind,
        "thing": thing,
        "name": of_kind.name,
        "words": of_kind.words(facts),
        "reviews": open_reviews(person_of(request), "reviews.find"),
    }
    if not context["reviews"]:
        context["begin_url"] = _begin_url(person_of(request), kind, thing)
    part = request.headers.get("HX-Request") is not None
    return render(request, "reviews/raise_part.html" if part else "reviews/raise_finding.html", context)


def _begin_url(person: Person, kind: str, thing: str) -> str:
    """Where a review of this begins, of the signal that it is or belongs to; "" for who may not begin one."""
    if not access.may(person, "reviews.create"):
        return ""
    seen = access.visible_to(person, Signal)
    if kind == evidence.SIGNAL:
        seen = seen.filter(pk=_number(thing))
    elif kind == evidence.POINT:
        series, day = (_number(part) for part in thing.split(":", 1))
        seen = seen.filter(series=series, gone=False, first_day__lte=day, last_day__gte=day).order_by("-points")
    else:
        seen = seen.none()
    signal = seen.first()
    return reverse("new-review") + (f"?signal={signal.pk}" if signal else "")


def _number(text: str) -> int:
    return whole(text) or 0


@require_POST
@door("reviews.find")
def link_evidence(request: HttpRequest, pk: int) -> HttpResponse:
    shown = access.fetch(person_of(request), Finding, pk, "reviews.find")
    form = LinkForm(request.POST)
    if form.is_valid():
        kind, thing, note = (form.cleaned_data[name] for name in ("kind", "thing", "note"))
        if attempt(form, lambda: workflow.link_evidence(person_of(request), shown, kind, thing, note)):
            messages.success(request, _("The evidence is linked."))
            return redirect(shown)
    review = get_review(request, shown.review_id)
    return _finding_page(request, review, shown, _unbound(review, shown), note_form=form)


def _unbound(review: Review, shown: Finding) -> FindingForm:
    return FindingForm(Criterion.objects.filter(review=review), judgements.under_review(review), instance=shown)


@require_POST
@door("reviews.judge")
def agree_finding(request: HttpRequest, pk: int) -> HttpResponse:
    shown = access.fetch(person_of(request), Finding, pk, "reviews.judge")
    workflow.agree_finding(person_of(request), shown)
    messages.success(request, _("The finding is agreed."))
    return redirect("review-findings", shown.review_id)


@require_POST
@door("reviews.judge")
def merge_finding(request: HttpRequest, pk: int) -> HttpResponse:
    shown = access.fetch(person_of(request), Finding, pk, "reviews.judge")
    others = access.visible_to(person_of(request), Finding).filter(review=shown.review_id)
    form = MergeForm(others, request.POST)
    if form.is_valid():
        into = form.cleaned_data["into"]
        if attempt(form, lambda: workflow.merge_finding(person_of(request), shown, into)):
            messages.success(request, _("Merged: the evidence is with “%(title)s” now.") % {"title": into.title})
            return redirect(into)
    review = get_review(request, shown.review_id)
    return _finding_page(request, review, shown, _unbound(review, shown), merge_form=form)


@require_POST
@door("reviews.judge")
def give_reason(request: HttpRequest, pk: int) -> HttpResponse:
    shown = access.fetch(person_of(request), Finding, pk, "reviews.judge")
    form = ReasonForm(request.POST, label=_("Why neither a recommendation nor an action"))
    if form.is_valid():
        reason = form.cleaned_data["reason"]
        if attempt(form, lambda: workflow.give_reason(person_of(request), shown, reason)):
            messages.success(request, _("The finding is addressed."))
            return redirect(shown)
    review = get_review(request, shown.review_id)
    return _finding_page(request, review, shown, _unbound(review, shown), reason_form=form)


@require_POST
@door("reviews.judge")
def open_finding_again(request: HttpRequest, pk: int) -> HttpResponse:
    shown = access.fetch(person_of(request), Finding, pk, "reviews.judge")
    workflow.open_finding_again(person_of(request), shown)
    messages.success(request, _("The finding is open again."))
    return redirect(shown)
