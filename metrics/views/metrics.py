"""Metrics: the list, one metric with its definition, and the verbs on it."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import redirect, render
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from metrics import wording
from metrics.forms.metrics import ChartForm, DefinitionForm, MetricForm, NewMetricForm
from metrics.models import Metric
from metrics.queries import analyses
from metrics.queries import metrics as questions
from metrics.wording import ready
from metrics.wording.totals import WHY
from metrics.workflow import metrics as workflow
from teams import access, answers, exports
from teams.access import door
from teams.lists import CHOICE, Column, Filter, Listing
from teams.models import Unit
from teams.refusals import Refused

get_or_post = require_http_methods(["GET", "HEAD", "POST"])
SERIES_SHOWN = 200
COLUMNS = [
    Column("name", _("metric"), "name", sort=("name",), link=Metric.get_absolute_url),
    Column("code", _("code"), "code", page=False),
    Column("unit", _("owned by"), "unit.name", sort=("unit__path",)),
    Column("kind", _("kind"), Metric.get_kind_display, sort=("kind",)),
    Column("direction", _("direction"), Metric.get_direction_display, sort=("direction",)),
    Column("period", _("period"), Metric.get_period_display, sort=("period",)),
    Column("measure", _("unit of measurement"), "measure"),
    Column("series", _("series with data"), "series_count", sort=("series_count",), number=True),
]


def _state(rows: QuerySet[Metric], value: str) -> QuerySet[Metric]:
    return rows.filter(archived_at__isnull=value == "in_use")


FILTERS = [
    Filter("words", _("Name or code"), ("name", "code")),
    Filter("kind", _("Kind"), "kind", CHOICE, Metric.Kind.choices),
    Filter("period", _("Period"), "period", CHOICE, Metric.Period.choices),
    Filter("state", _("State"), _state, CHOICE, (("in_use", _("in use")), ("archived", _("archived"))), "in_use"),
]


@require_safe
@door("metrics.view")
def metrics(request: HttpRequest) -> HttpResponseBase:
    rows = questions.metrics(request.user)  # type: ignore[arg-type]
    listing = Listing(request, rows, COLUMNS, FILTERS, default_sort="name", caption=_("Metrics"))
    file = listing.export("metrics")
    if file is not None:
        return file
    context = {"listing": listing, "may_edit": access.may(request.user, "metrics.edit")}
    return render(request, "metrics/metrics.html", context)


@require_safe
@door("metrics.view")
def metric(request: HttpRequest, pk: int) -> HttpResponse:
    person: Any = request.user
    access.fetch(person, Metric, pk)
    one = questions.metrics(person).get(pk=pk)
    below = questions.series(person).filter(metric=one).order_by("unit__path", "pk")
    context = {
        "metric": one,
        "series": [(each, wording.day_of(each.last_day, one.period)) for each in below[:SERIES_SHOWN]],
        "series_more": one.series_count > SERIES_SHOWN,  # type: ignore[attr-defined]
        "without_total": [(unit, WHY[why]) for unit, why in questions.without_total(person, one)],
        "definitions": questions.definitions(one),
        "may_edit": access.may(person, "metrics.edit", one.unit),
        "running": analyses.running(),
    }
    return render(request, "metrics/metric.html", context)


@get_or_post
@door("metrics.edit")
def new_metric(request: HttpRequest) -> HttpResponse:
    access.require(request.user, "metrics.edit")
    units = access.visible_to(request.user, Unit, "metrics.edit").filter(archived_at=None).order_by("path")
    chosen = ready.by_code(request.GET.get("ready", ""))
    form = NewMetricForm(units, request.POST or None, initial=chosen.initial if chosen else None)
    if form.is_valid():
        try:
            given = form.cleaned_data
            made = workflow.create(request.user, given["unit"], form.given, given["definition"])  # type: ignore[arg-type]
            messages.success(request, _("The metric is there. Import values for it, or type them in."))
            return redirect(made)
        except Refused as refused:
            answers.refuse(form, refused)
    context = {"form": form, "title": _("New metric"), "verb": _("Make the metric"), "metric": None}
    context |= {"ready": ready.groups(), "chosen": chosen}
    return answers.page(request, "metrics/metric_form.html", context)


@get_or_post
@door("metrics.edit")
def edit_metric(request: HttpRequest, pk: int) -> HttpResponse:
    one = access.fetch(request.user, Metric, pk, "metrics.edit")
    form = MetricForm(request.POST or None, instance=one)
    if form.is_valid():
        try:
            given = form.cleaned_data
            workflow.edit(request.user, one, given["version"], given["base"], form.mine)  # type: ignore[arg-type]
            messages.success(request, _("The metric is saved."))
            return redirect(one)
        except Refused as refused:
            if refused.code == "conflict":
                raise
            answers.refuse(form, refused)
    context = {"form": form, "title": _("Edit the metric"), "verb": _("Save the metric"), "metric": one}
    return answers.page(request, "metrics/metric_form.html", context)


@get_or_post
@door("metrics.edit")
def define(request: HttpRequest, pk: int) -> HttpResponse:
    one = access.fetch(request.user, Metric, pk, "metrics.edit")
    last = questions.definitions(one)[:1]
    initial = {"text": last[0].text, "number": last[0].number} if last else {"number": 0}
    form = DefinitionForm(request.POST or None, initial=initial)
    if form.is_valid():
        try:
            workflow.define(request.user, one, **form.cleaned_data)  # type: ignore[arg-type]
            messages.success(request, _("The definition has a new version."))
            return redirect(one)
        except Refused as refused:
            # What was typed stays; sent once more it is written over the version that is shown now.
            last = questions.definitions(one)[:1]
            again = request.POST.copy()
            again["number"] = str(last[0].number if last else 0)
            form = DefinitionForm(again)
            answers.refuse(form, refused)
    title = _("Write a new version of the definition")
    context = {"form": form, "title": title, "verb": _("Save the new version"), "metric": one, "theirs": last}
    return answers.page(request, "metrics/metric_form.html", context)


@get_or_post
@door("metrics.edit")
def choose_chart(request: HttpRequest, pk: int) -> HttpResponse:
    one = access.fetch(request.user, Metric, pk, "metrics.edit")
    form = ChartForm(request.POST or None, initial={"chart": one.chart})
    if form.is_valid():
        try:
            workflow.choose_chart(request.user, one, **form.cleaned_data)  # type: ignore[arg-type]
            messages.success(request, _("The chart is chosen. All series of the metric are being computed again."))
            return redirect(one)
        except Refused as refused:
            answers.refuse(form, refused)
    context = {"form": form, "title": _("Choose another chart"), "verb": _("Choose this chart"), "metric": one}
    return answers.page(request, "metrics/metric_form.html", context)


@require_POST
@door("metrics.edit")
def archive_metric(request: HttpRequest, pk: int) -> HttpResponse:
    one = workflow.archive(request.user, access.fetch(request.user, Metric, pk, "metrics.edit"))  # type: ignore[arg-type]
    messages.success(request, _("The metric is in the archive. Its data and its links stay."))
    return redirect(one)


@require_POST
@door("metrics.edit")
def restore_metric(request: HttpRequest, pk: int) -> HttpResponse:
    one = workflow.restore(request.user, access.fetch(request.user, Metric, pk, "metrics.edit"))  # type: ignore[arg-type]
    messages.success(request, _("The metric is in use again."))
    return redirect(one)


@require_safe
@door("metrics.view")
def template_file(request: HttpRequest, pk: int) -> HttpResponseBase:
    """An empty file with the columns that an import of this metric knows, and one line to show how."""
    one = access.fetch(request.user, Metric, pk)
    header = ["date", "unit", "service", "product", "channel", "metric"]
    example: list[Any] = ["2026-01-05", one.unit.name, "", "", "", one.code]
    if one.denominator:
        return exports.response(one.code, exports.CSV, [*header, "numerator", "denominator"], [[*example, 87, 100]])
    return exports.response(one.code, exports.CSV, [*header, "value"], [[*example, 87]])
