"""People: the list, one person, and what an administrator does with an account."""

from __future__ import annotations

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import redirect, render
from django.utils.formats import date_format
from django.utils.timezone import localtime
from django.utils.translation import gettext as gettext_now
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from teams import access, answers, mails, queries
from teams.access import door, person_of
from teams.forms.people import InviteForm, MoveRoleForm, PersonForm, RoleForm, StandInForm
from teams.lists import CHOICE, Column, Filter, Listing
from teams.models import Person, Role
from teams.refusals import Refused
from teams.workflow import people as workflow
from teams.workflow import stand_ins

get_or_post = require_http_methods(["GET", "HEAD", "POST"])

COLUMNS = [
    Column("name", _("Name"), "name", sort=("name",), link=lambda person: person.get_absolute_url()),
    Column("email", _("E-mail address"), "email", sort=("email",)),
    Column("roles", _("Roles"), lambda person: "; ".join(str(role) for role in person.roles.all())),
    Column("state", _("Account"), lambda person: _account(person), sort=("is_active",)),
]
# When somebody last worked here concerns whoever keeps the accounts, not the colleagues.
LAST_SIGN_IN = Column(
    "last",
    _("Last sign-in"),
    "last_login",
    sort=("last_login",),
    shown=lambda person: (
        date_format(localtime(person.last_login), "SHORT_DATETIME_FORMAT") if person.last_login else ""
    ),
)


def _account(person: Person) -> str:
    if not person.is_active:
        return gettext_now("disabled")
    return gettext_now("open") if person.has_usable_password() else gettext_now("invited")


# Pages that an administrator needs; those of other rooms are named by their address alone.
ADMINISTRATION = (
    ("people", _("People"), _("Invite, move and disable people; hand over what they leave behind.")),
    ("units", _("Units"), _("Organisation, departments and teams.")),
    ("sources", _("Sources of data"), _("Where files come from and how they are read.")),
    ("services", _("Services"), _("What is offered, and through which channels.")),
    ("jobs", _("Jobs"), _("What the workers are doing.")),
    ("mails", _("Mails"), _("Mails that did not leave, and why.")),
    ("health", _("Health"), _("Web, database, queue and worker.")),
    ("trail", _("Trail"), _("Who did what, when, before and after; checked against tampering.")),
)


@require_safe
@door("teams.administer", role_only=True)
def admin(request: HttpRequest) -> HttpResponse:
    pages = [(answers.address(name), title, words) for name, title, words in ADMINISTRATION if answers.address(name)]
    return render(request, "teams/admin.html", {"pages": pages})


@require_safe
@door("teams.view")
def people(request: HttpRequest) -> HttpResponseBase:
    filters = [
        Filter("q", _("Name or address"), ("name", "email")),
        Filter("role", _("Role"), "roles__name", CHOICE, Role.Name.choices),
        Filter("account", _("Account"), "is_active", CHOICE, [("True", _("open")), ("False", _("disabled"))]),
    ]
    administers = access.may(request.user, "teams.administer")
    columns = [*COLUMNS, LAST_SIGN_IN] if administers else COLUMNS
    listing = Listing(request, queries.people(person_of(request)), columns, filters, "name", caption=_("People"))
    return listing.export("people") or render(
        request, "teams/people.html", {"listing": listing, "administers": administers}
    )


@get_or_post
@door("teams.administer", role_only=True)
def invite(request: HttpRequest) -> HttpResponse:
    form = InviteForm(queries.administered_units(person_of(request)), request.POST or None)
    if form.is_valid():
        try:
            given = form.cleaned_data
            invited = workflow.invite(
                person_of(request),
                given["email"],
                given["name"],
                given["unit"],
                given["role"],
                given["limit"],
            )
            messages.success(request, _("%(name)s is invited.") % {"name": invited.name})
            messages.info(request, link_goes())
            return redirect(invited)
        except Refused as refused:
            answers.refuse(form, refused)
    return answers.page(request, "teams/invite.html", {"form": form})


def link_goes() -> str:
    """Where the link to choose a password is to be found."""
    if mails.leave_the_house():
        return gettext_now("The link to choose a password is on its way by mail. It works for seven days.")
    return gettext_now(
        "No mail server is set up here: the link to choose a password was printed in the console of CX Review. "
        "Whoever runs it can pass it on; it works for seven days."
    )


@get_or_post
@door("teams.view")
def person(request: HttpRequest, pk: int) -> HttpResponse:
    """Who somebody is; for their administrator also the account, to correct it."""
    whom = access.fetch(request.user, Person, pk)
    form = None
    if access.administers(request.user, whom):
        form = PersonForm(request.POST or None, instance=whom)
    if request.method == "POST":
        access.require_administered(request.user, whom)
        if form is not None and form.is_valid():
            try:
                name, email = form.cleaned_data["name"], form.cleaned_data["email"]
                whom = workflow.edit_person(person_of(request), whom, name, email)
                messages.success(request, _("The account is saved."))
                return redirect(whom)
            except Refused as refused:
                answers.refuse(form, refused)
    return answers.page(request, "teams/person.html", {"form": form, **_about(request, Person.objects.get(pk=pk))})


def _about(request: HttpRequest, whom: Person) -> dict[str, object]:
    administers = access.administers(request.user, whom)
    units = queries.administered_units(person_of(request)) if administers else None
    return {
        "whom": whom,
        "account": _account(whom),
        "account_open": whom.is_active,
        "invited": whom.is_active and not whom.has_usable_password(),
        "hand_over_url": answers.address("hand-over", whom.pk),
        "trail_url": answers.address("trail") + f"?who={whom.pk}",
        "roles": queries.roles_of(whom),
        "rows": queries.stand_ins_of(whom),
        "administers": administers,
        "is_me": whom.pk == request.user.pk,
        "role_form": RoleForm(units, auto_id="role_%s") if units is not None else None,
        "move_form": MoveRoleForm(units, auto_id=False) if units is not None else None,
        "stand_in_form": StandInForm(queries.possible_stand_ins(whom), auto_id="away_%s") if administers else None,
    }


@require_POST
@door("teams.administer", role_only=True)
def give_role(request: HttpRequest, pk: int) -> HttpResponse:
    whom = access.fetch(request.user, Person, pk)
    access.require_administered(request.user, whom)
    form = RoleForm(queries.administered_units(person_of(request)), request.POST, auto_id="role_%s")
    if form.is_valid():
        try:
            given = form.cleaned_data
            workflow.give_role(person_of(request), whom, given["unit"], given["role"], given["limit"])
            messages.success(request, _("%(name)s has the role; open sessions have ended.") % {"name": whom.name})
            return redirect(whom)
        except Refused as refused:
            answers.refuse(form, refused)
    context = {"form": PersonForm(instance=whom), **_about(request, whom), "role_form": form}
    return answers.page(request, "teams/person.html", context)


@require_POST
@door("teams.administer", role_only=True)
def take_role(request: HttpRequest, pk: int) -> HttpResponse:
    row = access.fetch(request.user, Role, pk)
    workflow.take_role(person_of(request), row)
    messages.success(request, _("The role is taken away; open sessions have ended."))
    return redirect(row.person)


@require_POST
@door("teams.administer", role_only=True)
def move_role(request: HttpRequest, pk: int) -> HttpResponse:
    row = access.fetch(request.user, Role, pk)
    access.require_administered(request.user, row.person)
    form = MoveRoleForm(queries.administered_units(person_of(request)), request.POST)
    if not form.is_valid():
        raise Refused("unit", _("Choose the unit to move to from the list."))
    workflow.move(person_of(request), row, form.cleaned_data["unit"])
    messages.success(request, _("%(name)s is moved; open sessions have ended.") % {"name": row.person.name})
    return redirect(row.person)


@require_POST
@door("teams.administer", role_only=True)
def disable(request: HttpRequest, pk: int) -> HttpResponse:
    whom = workflow.disable(person_of(request), access.fetch(request.user, Person, pk))
    messages.success(request, _("The account is disabled; open sessions have ended."))
    return redirect(whom)


@require_POST
@door("teams.administer", role_only=True)
def enable(request: HttpRequest, pk: int) -> HttpResponse:
    whom = workflow.enable(person_of(request), access.fetch(request.user, Person, pk))
    messages.success(request, _("The account is open again."))
    return redirect(whom)


@require_POST
@door("teams.administer", role_only=True)
def invite_again(request: HttpRequest, pk: int) -> HttpResponse:
    whom = workflow.invite_again(person_of(request), access.fetch(request.user, Person, pk))
    messages.success(request, _("There is a new link; older ones no longer work."))
    messages.info(request, link_goes())
    return redirect(whom)


@require_POST
@door("teams.administer", role_only=True)
def stand_in_for(request: HttpRequest, pk: int) -> HttpResponse:
    """An administrator names the stand-in of somebody who could not do it themselves."""
    whom = access.fetch(request.user, Person, pk)
    access.require_administered(request.user, whom)
    form = StandInForm(queries.possible_stand_ins(whom), request.POST, auto_id="away_%s")
    if form.is_valid():
        try:
            given = form.cleaned_data
            stand_ins.set_stand_in(person_of(request), whom, given["stand_in"], given["first_day"], given["last_day"])
            messages.success(request, _("%(name)s acts in these days.") % {"name": given["stand_in"].name})
            return redirect(whom)
        except Refused as refused:
            answers.refuse(form, refused)
    context = {"form": PersonForm(instance=whom), **_about(request, whom), "stand_in_form": form}
    return answers.page(request, "teams/person.html", context)
