"""One's own page, and who acts for one while one is away."""

from __future__ import annotations

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from teams import access, answers, edits, queries
from teams.access import SIGNED_IN, door, person_of
from teams.forms.people import MeForm, StandInForm
from teams.models import Draft, Person, StandIn
from teams.refusals import Refused
from teams.workflow import people as workflow
from teams.workflow import stand_ins as away

get_or_post = require_http_methods(["GET", "HEAD", "POST"])


@get_or_post
@door(SIGNED_IN)
def me(request: HttpRequest) -> HttpResponse:
    person = Person.objects.get(pk=person_of(request).pk)
    form = MeForm(request.POST or None, instance=person)
    if form.is_valid():
        workflow.edit_me(person, form.cleaned_data["name"], form.cleaned_data["wants_mail"])
        messages.success(request, _("Your account is saved."))
        return redirect("me")
    return answers.page(request, "teams/me.html", {"form": form, "roles": queries.roles_of(person)})


@get_or_post
@door(SIGNED_IN)
def stand_ins(request: HttpRequest) -> HttpResponse:
    person = person_of(request)
    form = StandInForm(queries.possible_stand_ins(person), request.POST or None)
    if form.is_valid():
        try:
            given = form.cleaned_data
            away.set_stand_in(person, person, given["stand_in"], given["first_day"], given["last_day"])
            messages.success(request, _("%(name)s acts for you in these days.") % {"name": given["stand_in"].name})
            return redirect("stand-ins")
        except Refused as refused:
            answers.refuse(form, refused)
    context = {"form": form, "rows": queries.stand_ins_of(person)}
    return answers.page(request, "teams/stand_ins.html", context)


@require_POST
@door(SIGNED_IN)
def end_stand_in(request: HttpRequest, pk: int) -> HttpResponse:
    row = access.fetch(request.user, StandIn, pk)
    away.end_stand_in(person_of(request), row)
    messages.success(request, _("%(name)s no longer acts for %(away)s.") % {"name": row.stand_in, "away": row.person})
    return redirect("stand-ins" if row.person_id == request.user.pk else row.person)


@require_safe
@door(SIGNED_IN)
def drafts(request: HttpRequest) -> HttpResponse:
    """Words that could not be saved over somebody else's."""
    return render(request, "teams/drafts.html", {"drafts": queries.drafts(person_of(request))})


@require_POST
@door(SIGNED_IN)
def drop_draft(request: HttpRequest, pk: int) -> HttpResponse:
    edits.drop_draft(person_of(request), access.fetch(request.user, Draft, pk))
    messages.success(request, _("The draft is thrown away."))
    return redirect("drafts")
