"""Services, products and channels: lists, one service, and the verbs on them."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from django.contrib import messages
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import redirect, render
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from processes import queries
from processes.forms import NewOfferedForm, OfferedForm
from processes.models import Channel, Offered, Product, Service
from processes.workflow import offered as workflow
from teams import access, answers
from teams.access import door
from teams.lists import CHOICE, Column, Filter, Listing
from teams.models import Unit
from teams.refusals import Refused

get_or_post = require_http_methods(["GET", "HEAD", "POST"])
Words = str | Promise


@dataclass(frozen=True)
class Kind:
    """One kind of offer, its addresses and its words."""

    model: type[Offered]
    many: str
    title: Words
    lede: Words
    new: Words
    edit: Words
    empty: Words


KINDS = {
    "service": Kind(
        Service,
        "services",
        _("Services"),
        _("What is offered to customers; a review looks at one."),
        _("New service"),
        _("Edit the service"),
        _("No service yet"),
    ),
    "product": Kind(
        Product,
        "products",
        _("Products"),
        _("What services are about; metrics can be kept apart by it."),
        _("New product"),
        _("Edit the product"),
        _("No product yet"),
    ),
    "channel": Kind(
        Channel,
        "channels",
        _("Channels"),
        _("The ways by which customers reach us; metrics can be kept apart by them."),
        _("New channel"),
        _("Edit the channel"),
        _("No channel yet"),
    ),
}
COLUMNS = [
    Column("name", _("name"), "name", sort=("name",), link=Offered.get_absolute_url),
    Column("unit", _("belongs to"), "unit.name", sort=("unit__path", "name")),
    Column("code", _("code used in files"), "code", sort=("code", "name")),
]
COUNTS = [
    Column("processes", _("processes"), "process_count", sort=("process_count", "name"), number=True),
    Column("features", _("features"), "feature_count", sort=("feature_count", "name"), number=True),
]


def _state(rows: QuerySet[Any], value: str) -> QuerySet[Any]:
    return rows.filter(archived_at__isnull=value == "in_use")


FILTERS = [
    Filter("words", _("Name or code"), ("name", "code")),
    Filter("state", _("State"), _state, CHOICE, (("in_use", _("in use")), ("archived", _("archived"))), "in_use"),
]


def _list(request: HttpRequest, name: str, rows: QuerySet[Any], columns: list[Column]) -> HttpResponseBase:
    kind = KINDS[name]
    listing = Listing(request, rows, columns, FILTERS, default_sort="name", caption=kind.title)
    file = listing.export(kind.many)
    if file is not None:
        return file
    context = {"listing": listing, "kind": kind, "name": name, "may_edit": access.may(request.user, "processes.edit")}
    return render(request, "processes/offered.html", context | {"new_url": f"new-{name}"})


@require_safe
@door("processes.view")
def services(request: HttpRequest) -> HttpResponseBase:
    return _list(request, "service", queries.services(request.user), COLUMNS + COUNTS)  # type: ignore[arg-type]


@require_safe
@door("processes.view")
def products(request: HttpRequest) -> HttpResponseBase:
    return _list(request, "product", queries.offered(request.user, Product), COLUMNS)  # type: ignore[arg-type]


@require_safe
@door("processes.view")
def channels(request: HttpRequest) -> HttpResponseBase:
    return _list(request, "channel", queries.offered(request.user, Channel), COLUMNS)  # type: ignore[arg-type]


@require_safe
@door("processes.view")
def service(request: HttpRequest, pk: int) -> HttpResponse:
    person: Any = request.user
    access.fetch(person, Service, pk)
    one = queries.offered(person, Service).get(pk=pk)
    context = {
        "service": one,
        "processes": queries.processes_of(person, one),
        "features": queries.features_of(person, one),
        "may_edit": access.may(person, "processes.edit", one.unit),
    }
    return render(request, "processes/service.html", context)


@get_or_post
@door("processes.edit")
def new_offered(request: HttpRequest, kind: str) -> HttpResponse:
    access.require(request.user, "processes.edit")
    units = access.visible_to(request.user, Unit, "processes.edit").filter(archived_at=None).order_by("path")
    form = NewOfferedForm(units, request.POST or None, initial={"unit": units.first()})
    if form.is_valid():
        try:
            given = form.cleaned_data
            workflow.create(request.user, KINDS[kind].model, given["unit"], given["name"], given["code"])  # type: ignore[arg-type]
            messages.success(request, _("“%(name)s” is there.") % {"name": given["name"]})
            return redirect(KINDS[kind].many)
        except Refused as refused:
            answers.refuse(form, refused)
    return _form_page(request, form, KINDS[kind], KINDS[kind].new, None)


@get_or_post
@door("processes.edit")
def edit_offered(request: HttpRequest, kind: str, pk: int) -> HttpResponse:
    one = access.fetch(request.user, KINDS[kind].model, pk, "processes.edit")
    form = OfferedForm(request.POST or None, initial={"name": one.name, "code": one.code})
    if form.is_valid():
        try:
            workflow.edit(request.user, one, form.cleaned_data["name"], form.cleaned_data["code"])  # type: ignore[arg-type]
            messages.success(request, _("It is saved."))
            return redirect(KINDS[kind].many)
        except Refused as refused:
            answers.refuse(form, refused)
    return _form_page(request, form, KINDS[kind], KINDS[kind].edit, one)


@require_POST
@door("processes.edit")
def archive_offered(request: HttpRequest, kind: str, pk: int) -> HttpResponse:
    workflow.archive(request.user, access.fetch(request.user, KINDS[kind].model, pk, "processes.edit"))  # type: ignore[arg-type]
    messages.success(request, _("It is in the archive. What points to it stays."))
    return redirect(KINDS[kind].many)


@require_POST
@door("processes.edit")
def restore_offered(request: HttpRequest, kind: str, pk: int) -> HttpResponse:
    workflow.restore(request.user, access.fetch(request.user, KINDS[kind].model, pk, "processes.edit"))  # type: ignore[arg-type]
    messages.success(request, _("It is in use again."))
    return redirect(KINDS[kind].many)


def _form_page(request: HttpRequest, form: Any, kind: Kind, title: Words, thing: Offered | None) -> HttpResponse:
    verb = _("Save it") if thing else _("Make it")
    name = kind.model._meta.model_name
    context = {
        "form": form,
        "kind": kind,
        "title": title,
        "verb": verb,
        "thing": thing,
        "archive_url": f"archive-{name}",
        "restore_url": f"restore-{name}",
    }
    return answers.page(request, "processes/offered_form.html", context)
