"""Imports: the history, a new file, and one import on its way."""

from __future__ import annotations

import datetime as dt
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import redirect, render
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_http_methods, require_safe

from metrics.forms.imports import ImportForm
from metrics.models import Upload
from metrics.queries import sources as questions
from metrics.views.sources import units_of
from metrics.workflow import sources, uploads
from teams import access, answers
from teams.access import door
from teams.lists import CHOICE, Column, Filter, Listing
from teams.refusals import Refused

get_or_post = require_http_methods(["GET", "HEAD", "POST"])


def _count(name: str) -> Any:
    return lambda upload: upload.plan.get("counts", {}).get(name)


COLUMNS = [
    Column("name", _("file"), "name", sort=("name",), link=Upload.get_absolute_url),
    Column("state", _("state"), Upload.get_state_display, sort=("state",), code=lambda upload: upload.state),
    Column("source", _("source"), "source.name", sort=("source__name",)),
    Column("unit", _("unit"), "unit.name", sort=("unit__path",)),
    Column("person", _("by"), "person.name", sort=("person__name",)),
    Column("at", _("at"), "at", sort=("at",)),
    Column("new", _("new"), _count("new"), number=True),
    Column("changed", _("changed"), _count("changed"), number=True),
    Column("rejected", _("rejected"), _count("rejected"), number=True),
    Column("mapping", _("version of the mapping"), "mapping_version", number=True),
    Column("hash", _("hash of the file"), "sha256", shown=lambda upload: upload.sha256[:12]),
]
FILTERS = [
    Filter("words", _("File or source"), ("name", "source__name")),
    Filter("state", _("State"), "state", CHOICE, Upload.State.choices),
]


@require_safe
@door("metrics.rows", role_only=True)
def imports(request: HttpRequest) -> HttpResponseBase:
    rows = questions.uploads(request.user)  # type: ignore[arg-type]
    listing = Listing(request, rows, COLUMNS, FILTERS, default_sort="-at", caption=_("Imports, newest first"))
    file = listing.export("imports")
    if file is not None:
        return file
    context = {"listing": listing, "may_import": access.may(request.user, "metrics.import")}
    return render(request, "metrics/imports.html", context)


@get_or_post
@door("metrics.import")
def new_import(request: HttpRequest) -> HttpResponse:
    access.require(request.user, "metrics.import")
    person: Any = request.user
    choices = questions.open_sources(person)
    units = units_of(request)
    first = units.first()
    initial = {"unit": first.pk if first else None, "source": request.GET.get("source")}
    form = ImportForm(choices, units, request.POST or None, request.FILES or None, initial=initial)
    if form.is_valid():
        try:
            return redirect(_receive(person, form.cleaned_data))
        except Refused as refused:
            answers.refuse(form, refused)
    return answers.page(request, "metrics/new_import.html", {"form": form})


def _receive(person: Any, given: dict[str, Any]) -> Upload:
    source = given["source"] or sources.on_the_way(given["unit"], given["new_source"])
    known_at = None
    if given["known_at"]:
        known_at = dt.datetime.combine(given["known_at"], dt.time(12), tzinfo=dt.UTC)
    return uploads.receive(person, source, given["unit"], given["file"], known_at=known_at)
