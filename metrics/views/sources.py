"""Sources: where files come from."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import redirect, render
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from metrics.forms.imports import NewSourceForm, SourceForm
from metrics.models import Source
from metrics.queries import sources as questions
from metrics.workflow import sources as workflow
from teams import access, answers
from teams.access import door
from teams.lists import CHOICE, Column, Filter, Listing
from teams.models import Unit
from teams.refusals import Refused

get_or_post = require_http_methods(["GET", "HEAD", "POST"])
UPLOADS_SHOWN = 20
COLUMNS = [
    Column("name", _("source"), "name", sort=("name",), link=Source.get_absolute_url),
    Column("unit", _("unit"), "unit.name", sort=("unit__path",)),
    Column("shape", _("shape"), Source.get_shape_display, sort=("shape",)),
    Column("zone", _("time zone"), "zone", sort=("zone",)),
    Column("mapping", _("version of the mapping"), "mapping_version", number=True),
    Column("imports", _("imports"), "upload_count", sort=("upload_count",), number=True),
    Column("last", _("last import"), "last_at", sort=("last_at",)),
]


def _state(rows: QuerySet[Source], value: str) -> QuerySet[Source]:
    return rows.filter(archived_at__isnull=value == "in_use")


FILTERS = [
    Filter("words", _("Name"), ("name",)),
    Filter("state", _("State"), _state, CHOICE, (("in_use", _("in use")), ("archived", _("archived"))), "in_use"),
]


@require_safe
@door("metrics.rows", role_only=True)
def sources(request: HttpRequest) -> HttpResponseBase:
    rows = questions.sources(request.user)  # type: ignore[arg-type]
    listing = Listing(request, rows, COLUMNS, FILTERS, default_sort="name", caption=_("Sources"))
    file = listing.export("sources")
    if file is not None:
        return file
    context = {"listing": listing, "may_import": access.may(request.user, "metrics.import")}
    return render(request, "metrics/sources.html", context)


@require_safe
@door("metrics.rows")
def source(request: HttpRequest, pk: int) -> HttpResponse:
    person: Any = request.user
    access.fetch(person, Source, pk)
    one = questions.sources(person).get(pk=pk)
    context = {
        "source": one,
        "uploads": list(questions.uploads(person).filter(source=one)[:UPLOADS_SHOWN]),
        "may_import": access.may(person, "metrics.import", one.unit),
    }
    return render(request, "metrics/source.html", context)


@get_or_post
@door("metrics.import")
def new_source(request: HttpRequest) -> HttpResponse:
    access.require(request.user, "metrics.import")
    form = NewSourceForm(units_of(request), request.POST or None)
    if form.is_valid():
        try:
            given = form.cleaned_data
            made = workflow.create(request.user, given["unit"], given["name"], zone=given["zone"])  # type: ignore[arg-type]
            messages.success(request, _("The source is there. Bring its first file."))
            return redirect(made)
        except Refused as refused:
            answers.refuse(form, refused)
    context = {"form": form, "title": _("New source"), "verb": _("Make the source"), "source": None}
    return answers.page(request, "metrics/source_form.html", context)


@get_or_post
@door("metrics.import")
def edit_source(request: HttpRequest, pk: int) -> HttpResponse:
    one = access.fetch(request.user, Source, pk, "metrics.import")
    form = SourceForm(request.POST or None, initial={"name": one.name, "zone": one.zone})
    if form.is_valid():
        try:
            workflow.edit(request.user, one, **form.cleaned_data)  # type: ignore[arg-type]
            messages.success(request, _("The source is saved."))
            return redirect(one)
        except Refused as refused:
            answers.refuse(form, refused)
    context = {"form": form, "title": _("Edit the source"), "verb": _("Save the source"), "source": one}
    return answers.page(request, "metrics/source_form.html", context)


@require_POST
@door("metrics.import")
def forget_mapping(request: HttpRequest, pk: int) -> HttpResponse:
    one = workflow.forget(request.user, access.fetch(request.user, Source, pk, "metrics.import"))  # type: ignore[arg-type]
    messages.success(request, _("The mapping is forgotten: the next file is asked about anew."))
    return redirect(one)


@require_POST
@door("metrics.import")
def archive_source(request: HttpRequest, pk: int) -> HttpResponse:
    one = workflow.archive(request.user, access.fetch(request.user, Source, pk, "metrics.import"))  # type: ignore[arg-type]
    messages.success(request, _("The source is in the archive. Its data stay."))
    return redirect(one)


@require_POST
@door("metrics.import")
def restore_source(request: HttpRequest, pk: int) -> HttpResponse:
    one = workflow.restore(request.user, access.fetch(request.user, Source, pk, "metrics.import"))  # type: ignore[arg-type]
    messages.success(request, _("The source takes files again."))
    return redirect(one)


def units_of(request: HttpRequest) -> QuerySet[Unit]:
    """The units into which the person may import."""
    rows = access.visible_to(request.user, Unit, "metrics.import").filter(archived_at=None)
    return rows.order_by("path")
