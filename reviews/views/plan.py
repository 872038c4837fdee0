"""The plan of a review: read it, change it."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.db.models import QuerySet
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from metrics.models import Series
from notices.queries import briefings_about, readers_of_each
from processes.models import ProcessVersion, Service
from reviews import workflow, xray
from reviews.forms.planning import (
    CriterionForm,
    FeatureForm,
    MethodForm,
    ParameterForm,
    PlanForm,
    ProcessForm,
    RemoveForm,
    StepForm,
    YieldForm,
)
from reviews.models import CollectionMethod, Criterion, Parameter, Review, Subject
from reviews.queries import conclusions, judgements, plans
from reviews.queries import reviews as queries
from reviews.views.frame import attempt, frame, get_review, posted
from teams import access
from teams.access import door, person_of

NOUNS: dict[str, tuple[type[Any], type[Any], Any]] = {
    "criterion": (Criterion, CriterionForm, _("criterion")),
    "parameter": (Parameter, ParameterForm, _("parameter for change")),
    "method": (CollectionMethod, MethodForm, _("way of collecting or analysing")),
}


@require_safe
@door("reviews.view")
def review(request: HttpRequest, pk: int) -> HttpResponse:
    shown = get_review(request, pk)
    briefings = readers_of_each(briefings_about(person_of(request), shown)[:5])
    lines = conclusions.lines(shown)
    subjects = list(judgements.under_review(shown))
    parameters = list(Parameter.objects.filter(review=shown))
    context = frame(
        request,
        shown,
        "plan",
        criteria=plans.rows_of(line.criterion for line in lines),
        parameters=parameters,
        methods=list(CollectionMethod.objects.filter(review=shown)),
        subjects=subjects,
        briefings=briefings,
        amendments=plans.amendments(shown) if getattr(shown, "amended", 0) else [],
        xray=xray.of_plan(shown, lines, subjects=subjects, parameters=parameters),
        may_copy=access.may(person_of(request), "reviews.create", shown.unit),
    )
    return render(request, "reviews/review.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
@door("reviews.edit")
def edit_plan(request: HttpRequest, pk: int) -> HttpResponse:
    shown = get_review(request, pk, "reviews.edit")
    services = access.visible_to(person_of(request), Service).filter(archived_at=None)
    people = queries.decision_makers(shown.unit, besides=shown.supervisor)
    form = PlanForm(services, people, posted(request), instance=shown, frozen=shown.is_frozen)
    if request.method == "POST" and form.is_valid():
        done = attempt(
            form,
            lambda: workflow.edit_plan(
                person_of(request),
                shown,
                form.base_version,
                form.base_values,
                form.mine,
                form.reason,
            ),
        )
        if done is not None:
            messages.success(request, _("The plan is saved."))
            return redirect(done)
    return _form_page(request, shown, form, _("Question and boundaries"), _("Save the plan"))


def _form_page(request: HttpRequest, shown: Review, form: Any, heading: Any, verb: Any, **more: Any) -> HttpResponse:
    context = frame(request, shown, "plan", form=form, heading=heading, verb=verb, back=shown.get_absolute_url())
    return render(request, "reviews/form.html", {**context, **more}, status=422 if form.errors else 200)


def _noun(noun: str) -> tuple[type[Any], type[Any], Any]:
    try:
        return NOUNS[noun]
    except KeyError:
        raise Http404 from None


def _item_form(request: HttpRequest, shown: Review, noun: str, **options: Any) -> Any:
    _model, form, _words = _noun(noun)
    choices = [_series(request, shown)] if form is CriterionForm else []
    return form(*choices, posted(request), frozen=shown.is_frozen, **options)


def _series(request: HttpRequest, shown: Review) -> QuerySet[Series]:
    """Series of the review's unit, of those below it and of those above: what the person may see of them."""
    rows = access.visible_to(person_of(request), Series).filter(metric__archived_at=None)
    near = rows.filter(unit__path__startswith=shown.unit.path) | rows.filter(unit__in=shown.unit.line_ids)
    return near.select_related("metric", "unit", "service", "product", "channel").order_by(
        "unit__path", "metric__name", "pk"
    )


@require_http_methods(["GET", "HEAD", "POST"])
@door("reviews.edit")
def add_item(request: HttpRequest, pk: int, noun: str) -> HttpResponse:
    shown = get_review(request, pk, "reviews.edit")
    model, _form, words = _noun(noun)
    form = _item_form(request, shown, noun)
    if request.method == "POST" and form.is_valid():
        made = attempt(form, lambda: workflow.add_item(person_of(request), shown, model, form.mine, form.reason))
        if made is not None:
            messages.success(request, _("Added to the plan."))
            return redirect(f"{shown.get_absolute_url()}#{noun}")
    return _form_page(request, shown, form, _("New %(noun)s") % {"noun": words}, _("Add to the plan"))


@require_http_methods(["GET", "HEAD", "POST"])
@door("reviews.edit")
def edit_item(request: HttpRequest, noun: str, pk: int) -> HttpResponse:
    model, _form, words = _noun(noun)
    item = access.fetch(person_of(request), model, pk, "reviews.edit")
    shown = get_review(request, item.review_id)
    form = _item_form(request, shown, noun, instance=item)
    if request.method == "POST" and form.is_valid():
        done = attempt(
            form,
            lambda: workflow.edit_item(
                person_of(request),
                item,
                form.base_version,
                form.base_values,
                form.mine,
                form.reason,
            ),
        )
        if done is not None:
            messages.success(request, _("The plan is saved."))
            return redirect(f"{shown.get_absolute_url()}#{noun}")
    remove = reverse("remove-item", args=[noun, item.pk])
    return _form_page(request, shown, form, str(words).capitalize(), _("Save"), remove=remove)


@require_http_methods(["GET", "HEAD", "POST"])
@door("reviews.edit")
def remove_item(request: HttpRequest, noun: str, pk: int) -> HttpResponse:
    model, _form, _words = _noun(noun)
    item = access.fetch(person_of(request), model, pk, "reviews.edit")
    shown = get_review(request, item.review_id)
    verb = workflow.remove_item
    return _remove(request, shown, str(item), lambda reason: verb(person_of(request), item, reason))


@require_http_methods(["GET", "HEAD", "POST"])
@door("reviews.edit")
def remove_subject(request: HttpRequest, pk: int) -> HttpResponse:
    subject = access.fetch(person_of(request), Subject, pk, "reviews.edit")
    shown = get_review(request, subject.review_id)
    verb = workflow.remove_subject
    return _remove(request, shown, str(subject), lambda reason: verb(person_of(request), subject, reason))


def _remove(request: HttpRequest, shown: Review, name: str, verb: Any) -> HttpResponse:
    """Ask once, and for the reason where the plan is frozen; then take it out."""
    form = RemoveForm(posted(request), frozen=shown.is_frozen)
    if request.method == "POST" and form.is_valid():
        attempt(form, lambda: verb(form.reason))
        if not form.errors:
            messages.success(request, _("Taken out of the plan."))
            return redirect(shown)
    heading = _("Take “%(name)s” out of the plan?") % {"name": name}
    return _form_page(request, shown, form, heading, _("Take it out"), button="btn-danger")


@require_http_methods(["GET", "HEAD", "POST"])
@door("reviews.edit")
def note_yield(request: HttpRequest, pk: int) -> HttpResponse:
    method = access.fetch(person_of(request), CollectionMethod, pk, "reviews.edit")
    shown = get_review(request, method.review_id)
    form = YieldForm(posted(request), instance=method)
    if request.method == "POST" and form.is_valid():
        words, short = form.cleaned_data["got"], form.cleaned_data["fell_short"]
        if attempt(form, lambda: workflow.note_yield(person_of(request), method, words, short)):
            messages.success(request, _("Noted."))
            return redirect(f"{shown.get_absolute_url()}#method")
    return _form_page(request, shown, form, method.name, _("Note what it yielded"))


# Steps and features


@require_http_methods(["GET", "HEAD", "POST"])
@door("reviews.edit")
def add_step(request: HttpRequest, pk: int) -> HttpResponse:
    shown = get_review(request, pk, "reviews.edit")
    form = StepForm(posted(request), frozen=shown.is_frozen)
    if request.method == "POST" and form.is_valid():
        values = {name: form.cleaned_data[name] for name in ("who", "description", "minutes", "cost")}
        made = attempt(
            form,
            lambda: workflow.add_step(
                person_of(request),
                shown,
                form.cleaned_data["name"],
                reason=form.reason,
                **values,
            ),
        )
        if made is not None:
            messages.success(request, _("The step “%(name)s” is under review.") % {"name": made})
            return redirect("add-step" if "again" in request.POST else "review-process", shown.pk)
    again = _("Add it and write the next one")
    return _form_page(request, shown, form, _("New step"), _("Add the step"), again=again)


@require_http_methods(["GET", "HEAD", "POST"])
@door("reviews.edit")
def add_feature(request: HttpRequest, pk: int) -> HttpResponse:
    shown = get_review(request, pk, "reviews.edit")
    form = FeatureForm(posted(request), frozen=shown.is_frozen)
    if request.method == "POST" and form.is_valid():
        name, drives = form.cleaned_data["name"], form.cleaned_data["drives"]
        made = attempt(form, lambda: workflow.add_feature(person_of(request), shown, name, drives, form.reason))
        if made is not None:
            messages.success(request, _("The feature “%(name)s” is under review.") % {"name": made})
            return redirect("review-process", shown.pk)
    return _form_page(request, shown, form, _("New feature of service delivery"), _("Add the feature"))


@require_http_methods(["GET", "HEAD", "POST"])
@door("reviews.edit")
def add_steps(request: HttpRequest, pk: int) -> HttpResponse:
    shown = get_review(request, pk, "reviews.edit")
    form = ProcessForm(_versions(request, shown), posted(request), frozen=shown.is_frozen)
    if request.method == "POST" and form.is_valid():
        version = form.cleaned_data["version"]
        made = attempt(form, lambda: workflow.add_steps(person_of(request), shown, version, form.reason))
        if made is not None:
            messages.success(request, _("The steps of the process are under review."))
            return redirect("review-process", shown.pk)
    return _form_page(request, shown, form, _("Steps of a known process"), _("Put its steps under review"))


def _versions(request: HttpRequest, shown: Review) -> QuerySet[ProcessVersion]:
    rows = access.visible_to(person_of(request), ProcessVersion).filter(
        process__service=shown.service, process__archived_at=None, kind=ProcessVersion.Kind.AS_IS
    )
    return rows.select_related("process")


@require_POST
@door("reviews.edit")
def move_subject(request: HttpRequest, pk: int) -> HttpResponse:
    subject = access.fetch(person_of(request), Subject, pk, "reviews.edit")
    reason = request.POST.get("reason", "")[:2000]
    workflow.move_subject(person_of(request), subject, request.POST.get("up") == "1", reason)
    return redirect("review-process", subject.review_id)
