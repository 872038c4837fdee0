"""Saying what a file means: its mapping, and names that are not known here."""

from __future__ import annotations

import datetime as dt
from typing import Any

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_http_methods

from metrics.forms.cases import CasesForm
from metrics.forms.mapping import (
    CASES,
    MEASURED,
    SCORINGS,
    WIDE,
    Letters,
    MeasuredForm,
    MetricsFrom,
    metrics_initial,
)
from metrics.forms.matching import AboutForm, MatchingForm
from metrics.forms.scorings import ScoringsForm
from metrics.forms.wide import WideForm
from metrics.models import Upload
from metrics.queries import sources as questions
from metrics.queries import uploads as found
from metrics.tables import imports as table
from metrics.views.one_import import fetch_upload
from metrics.workflow import uploads as workflow
from teams import answers
from teams.access import door
from teams.refusals import Refused

FORMS: dict[str, Any] = {MEASURED: MeasuredForm, WIDE: WideForm, CASES: CasesForm, SCORINGS: ScoringsForm}
get_or_post = require_http_methods(["GET", "HEAD", "POST"])


@get_or_post
@door("metrics.import")
def map_import(request: HttpRequest, pk: int) -> HttpResponse:
    """Which column is what; a POST queues the plan."""
    upload = fetch_upload(request, pk, "metrics.import")
    preview = found.preview(upload)
    if not preview.columns:
        raise Http404
    letters, shape = Letters(preview.columns), _shape(request, upload)
    lines, known = None, found.wide_mapping(upload) if shape == WIDE else upload.mapping
    if shape == MEASURED:
        initial = metrics_initial(upload.mapping, letters, upload.choices.get("about", {}))
        lines = MetricsFrom(request.POST or None, initial=initial, form_kwargs={"letters": letters}, prefix="metric")
    hinted = {"known_at": request.GET.get("known_at", "")}
    form = FORMS[shape](known, letters, preview.facts, request.POST or None, initial=hinted)
    form.ask(one["about"] for one in upload.questions if one["required"] and not one["of_file"])
    if form.is_valid() and (lines is None or lines.is_valid()):
        try:
            return _map(request, upload, form, lines)
        except Refused as refused:
            answers.refuse(form, refused)
    context = {
        "upload": upload,
        "form": form,
        "lines": lines,
        "shape": shape,
        "long": found.long_preview(upload, known)
        if shape == WIDE or (shape == SCORINGS and known.get("wide"))
        else None,
        "preview": preview,
        "rows": preview.rows[max(preview.facts.get("header_rows") or [0]) :],
        "asked": table.question_lines(upload.questions),
        "problems": table.problem_lines(upload.problems),
    }
    return answers.page(request, "metrics/map_import.html", context)


def _shape(request: HttpRequest, upload: Upload) -> str:
    known = WIDE if upload.mapping.get("wide") is not None else upload.mapping.get("shape")
    known = SCORINGS if (upload.mapping.get("cases") or {}).get("scoring") else known
    asked = request.POST.get("shape") or request.GET.get("shape") or known
    return asked if asked in FORMS else MEASURED


def _map(request: HttpRequest, upload: Upload, form: Any, lines: Any) -> HttpResponse:
    given = form.cleaned_data["known_at"]
    known_at = dt.datetime.combine(given, dt.time(12), tzinfo=dt.UTC) if given else None
    choices: dict[str, Any] | None = None
    if lines is None:
        mapping = form.mapping()
        if form.cleaned_data.get("name"):
            about = {form.cleaned_data["name"].strip(): {"direction": form.cleaned_data["direction"]}}
            choices = {"about": {**upload.choices.get("about", {}), **about}}
    else:
        told = [line for line in lines if line.cleaned_data.get("value")]
        mapping = form.mapping([line.metric for line in told])
        about = {line.cleaned_data["name"]: {"direction": line.cleaned_data["direction"]} for line in told}
        choices = {"about": {**upload.choices.get("about", {}), **about}}
    workflow.map(request.user, upload, mapping, known_at=known_at, choices=choices)  # type: ignore[arg-type]
    messages.success(request, _("The plan is being made."))
    return redirect(upload)


@get_or_post
@door("metrics.import")
def match_names(request: HttpRequest, pk: int) -> HttpResponse:
    """Names of units or metrics that are not known: which are they?"""
    upload = fetch_upload(request, pk, "metrics.import")
    asked = [one for one in upload.questions if one["code"] in table.NAMES]
    if not asked:
        raise Http404
    known = {"units": questions.units_below, "metrics": questions.metrics_near}
    forms = [MatchingForm(one, known[one["about"]](upload), request.POST or None, prefix=one["about"]) for one in asked]
    if all(form.is_valid() for form in forms):
        choices: dict[str, Any] = {}
        for form in forms:
            before = upload.choices.get(form.kind, {})
            choices |= {**form.choices, form.kind: {**before, **form.choices[form.kind]}}
        try:
            workflow.map(request.user, upload, upload.mapping, choices=choices)  # type: ignore[arg-type]
            messages.success(request, _("The plan is being made."))
            return redirect(upload)
        except Refused as refused:
            answers.refuse(forms[0], refused)
    told = list(zip(table.question_lines(asked), forms, strict=True))
    return answers.page(request, "metrics/match_names.html", {"upload": upload, "told": told})


@get_or_post
@door("metrics.import")
def describe_metrics(request: HttpRequest, pk: int) -> HttpResponse:
    """Of the metrics that the plan makes: is more better, or less?"""
    upload = fetch_upload(request, pk, "metrics.import")
    names = questions.new_metrics(upload)
    if not names:
        raise Http404
    form = AboutForm(names, request.POST or None)
    if form.is_valid():
        about = {**upload.choices.get("about", {})}
        for name, told in form.about.items():
            about[name] = {**about.get(name, {}), **told}
        try:
            workflow.map(request.user, upload, upload.mapping, choices={"about": about})  # type: ignore[arg-type]
            messages.success(request, _("The plan is being made again."))
            return redirect(upload)
        except Refused as refused:
            answers.refuse(form, refused)
    return answers.page(request, "metrics/describe_metrics.html", {"upload": upload, "form": form})
