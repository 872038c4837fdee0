"""The tree of units, and one unit."""

from __future__ import annotations

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_http_methods, require_POST

from teams import access, answers, queries
from teams.access import door, person_of
from teams.forms.people import MoveUnitForm, NewUnitForm, UnitForm
from teams.models import Unit
from teams.refusals import Refused
from teams.workflow import units as workflow

get_or_post = require_http_methods(["GET", "HEAD", "POST"])


@get_or_post
@door("teams.view")
def units(request: HttpRequest) -> HttpResponse:
    """The tree; an administrator adds a unit below another."""
    person = person_of(request)
    form = None
    if access.may(person, "teams.administer"):
        form = NewUnitForm(queries.administered_units(person), request.POST or None)
    if request.method == "POST":
        access.require(person, "teams.administer")
        if form is not None and form.is_valid():
            try:
                given = form.cleaned_data
                unit = workflow.add_unit(person, given["parent"], given["name"], given["kind"], given["code"])
                messages.success(request, _("“%(name)s” is added.") % {"name": unit.name})
                return redirect("units")
            except Refused as refused:
                answers.refuse(form, refused)
    return answers.page(request, "teams/units.html", {"form": form, "branches": queries.tree(person)})


@get_or_post
@door("teams.view")
def unit(request: HttpRequest, pk: int) -> HttpResponse:
    """One unit with its people; an administrator renames it."""
    found = access.fetch(request.user, Unit, pk)
    form = None
    if access.may(request.user, "teams.administer", found):
        form = UnitForm(request.POST or None, instance=found)
    if request.method == "POST":
        access.require(request.user, "teams.administer", found)
        if form is not None and form.is_valid():
            try:
                given = form.cleaned_data
                found = workflow.rename_unit(person_of(request), found, given["name"], given["code"])
                messages.success(request, _("The unit is saved."))
                return redirect(found)
            except Refused as refused:
                answers.refuse(form, refused)
    return answers.page(request, "teams/unit.html", _about(request, Unit.objects.get(pk=pk), form))


def _about(request: HttpRequest, found: Unit, form: UnitForm | None) -> dict[str, object]:
    person = person_of(request)
    others = queries.administered_units(person).exclude(path__startswith=found.path).exclude(kind=Unit.Kind.TEAM)
    return {
        "unit": found,
        "form": form,
        "line": queries.line_of(found),
        "roles": queries.roles_in(person, found),
        "move_form": MoveUnitForm(others) if form and found.parent_id else None,
    }


@require_POST
@door("teams.administer", role_only=True)
def move_unit(request: HttpRequest, pk: int) -> HttpResponse:
    found = access.fetch(request.user, Unit, pk)
    access.require(request.user, "teams.administer", found)
    form = MoveUnitForm(queries.administered_units(person_of(request)), request.POST)
    if not form.is_valid():
        raise Refused("parent", _("Choose the unit to move below from the list."))
    workflow.move_unit(person_of(request), found, form.cleaned_data["parent"])
    messages.success(request, _("The unit is moved, with all below it."))
    return redirect(found)


@require_POST
@door("teams.administer", role_only=True)
def archive_unit(request: HttpRequest, pk: int) -> HttpResponse:
    found = workflow.archive_unit(person_of(request), access.fetch(request.user, Unit, pk))
    messages.success(request, _("“%(name)s” is archived. What it did stays.") % {"name": found.name})
    return redirect(found)


@require_POST
@door("teams.administer", role_only=True)
def restore_unit(request: HttpRequest, pk: int) -> HttpResponse:
    found = workflow.restore_unit(person_of(request), access.fetch(request.user, Unit, pk))
    messages.success(request, _("“%(name)s” is in use again.") % {"name": found.name})
    return redirect(found)
