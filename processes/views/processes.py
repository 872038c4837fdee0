"""Processes with their steps in order, and the features of a service."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from processes import queries
from processes.forms import FeatureForm, NewFeatureForm, NewStepForm, ProcessForm, StepForm
from processes.models import Feature, Process, ProcessVersion, Service, Step
from processes.workflow import offered as workflow
from processes.workflow import steps
from teams import access, answers
from teams.access import door
from teams.refusals import Conflict, Refused

get_or_post = require_http_methods(["GET", "HEAD", "POST"])


@require_safe
@door("processes.view")
def process(request: HttpRequest, pk: int) -> HttpResponse:
    person: Any = request.user
    one = access.fetch(person, Process, pk)
    version = queries.version_of(one)
    in_use, put_away = queries.steps_of(version)
    last = len(in_use) - 1
    context = {
        "process": one,
        "service": one.service,
        "version": version,
        "steps": [(step, place > 0, place < last) for place, step in enumerate(in_use)],
        "put_away": put_away,
        "may_edit": access.may(person, "processes.edit", one.service.unit),
    }
    return render(request, "processes/process.html", context)


@get_or_post
@door("processes.edit")
def new_process(request: HttpRequest, pk: int) -> HttpResponse:
    service = access.fetch(request.user, Service, pk, "processes.edit")
    form = ProcessForm(request.POST or None)
    if form.is_valid():
        try:
            made = workflow.create_process(request.user, service, form.cleaned_data["name"])  # type: ignore[arg-type]
            messages.success(request, _("The process is there. Add its steps in order."))
            return redirect(made)
        except Refused as refused:
            answers.refuse(form, refused)
    return _form_page(request, form, _("New process"), _("Make the process"), service)


@get_or_post
@door("processes.edit")
def rename_process(request: HttpRequest, pk: int) -> HttpResponse:
    one = access.fetch(request.user, Process, pk, "processes.edit")
    form = ProcessForm(request.POST or None, initial={"name": one.name})
    if form.is_valid():
        try:
            workflow.rename_process(request.user, one, form.cleaned_data["name"])  # type: ignore[arg-type]
            messages.success(request, _("The process has its new name."))
            return redirect(one)
        except Refused as refused:
            answers.refuse(form, refused)
    return _form_page(request, form, _("Rename the process"), _("Rename it"), one)


@get_or_post
@door("processes.edit")
def new_step(request: HttpRequest, pk: int) -> HttpResponse:
    """``pk`` is the version of the process."""
    version = access.fetch(request.user, ProcessVersion, pk, "processes.edit")
    form = NewStepForm(request.POST or None)
    if form.is_valid():
        try:
            steps.add_step(request.user, version, form.cleaned_data)  # type: ignore[arg-type]
            messages.success(request, _("The step is added."))
            return redirect(version.process)
        except Refused as refused:
            answers.refuse(form, refused)
    return _form_page(request, form, _("New step"), _("Add the step"), version.process)


@get_or_post
@door("processes.edit")
def edit_step(request: HttpRequest, pk: int) -> HttpResponse:
    one = access.fetch(request.user, Step, pk, "processes.edit")
    form = StepForm(request.POST or None, instance=one)
    if form.is_valid():
        try:
            given = form.cleaned_data
            steps.edit_step(request.user, one, given["version"], given["base"], form.mine)  # type: ignore[arg-type]
            messages.success(request, _("The step is saved."))
            return redirect(one.process_version.process)
        except Conflict:
            raise
        except Refused as refused:
            answers.refuse(form, refused)
    return _form_page(request, form, _("Edit the step"), _("Save the step"), one.process_version.process)


@require_POST
@door("processes.edit")
def move_step(request: HttpRequest, pk: int, way: str) -> HttpResponse:
    one = access.fetch(request.user, Step, pk, "processes.edit")
    steps.move_step(request.user, one, earlier=way == "earlier")  # type: ignore[arg-type]
    return redirect(one.process_version.process)


@get_or_post
@door("processes.edit")
def new_feature(request: HttpRequest, pk: int) -> HttpResponse:
    service = access.fetch(request.user, Service, pk, "processes.edit")
    form = NewFeatureForm(request.POST or None)
    if form.is_valid():
        try:
            steps.add_feature(request.user, service, **form.cleaned_data)  # type: ignore[arg-type]
            messages.success(request, _("The feature is added."))
            return redirect(service)
        except Refused as refused:
            answers.refuse(form, refused)
    return _form_page(request, form, _("New feature of service delivery"), _("Add the feature"), service)


@get_or_post
@door("processes.edit")
def edit_feature(request: HttpRequest, pk: int) -> HttpResponse:
    one = access.fetch(request.user, Feature, pk, "processes.edit")
    form = FeatureForm(request.POST or None, instance=one)
    if form.is_valid():
        try:
            given = form.cleaned_data
            steps.edit_feature(request.user, one, given["version"], given["base"], form.mine)  # type: ignore[arg-type]
            messages.success(request, _("The feature is saved."))
            return redirect(one.service)
        except Conflict:
            raise
        except Refused as refused:
            answers.refuse(form, refused)
    return _form_page(request, form, _("Edit the feature"), _("Save the feature"), one.service)


PARTS: dict[str, type[Process] | type[Step] | type[Feature]] = {"process": Process, "step": Step, "feature": Feature}


@require_POST
@door("processes.edit")
def archive_part(request: HttpRequest, part: str, pk: int) -> HttpResponse:
    one: Any = access.fetch(request.user, PARTS[part], pk, "processes.edit")
    workflow.archive(request.user, one)  # type: ignore[arg-type]
    messages.success(request, _("It is put away. What points to it stays."))
    return redirect(_home_of(one))


@require_POST
@door("processes.edit")
def restore_part(request: HttpRequest, part: str, pk: int) -> HttpResponse:
    one: Any = access.fetch(request.user, PARTS[part], pk, "processes.edit")
    workflow.restore(request.user, one)  # type: ignore[arg-type]
    messages.success(request, _("It is in use again."))
    return redirect(_home_of(one))


def _home_of(part: Process | Step | Feature) -> Process | Service:
    return part.process_version.process if isinstance(part, Step) else part.service


def _form_page(request: HttpRequest, form: Any, title: Any, verb: Any, home: Process | Service) -> HttpResponse:
    context = {"form": form, "title": title, "verb": verb, "home": home}
    return answers.page(request, "processes/part_form.html", context)
