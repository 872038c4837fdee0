"""Pages of notices: a briefing, and the mails that did not leave."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_POST, require_safe

from notices import queries, workflow
from notices.models import Briefing, Outbox
from teams.access import door, fetch


@require_safe
@door("reviews.view")
def briefing(request: HttpRequest, pk: int) -> HttpResponse:
    """The text; a button for who was told; who has read it for the author and whoever supervises the unit."""
    person: Any = request.user
    found = fetch(person, Briefing, pk)
    context = {
        "briefing": found,
        "receipt": queries.receipt_of(person, found),
        "readers": queries.readers_of(found) if queries.may_see_readers(person, found) else None,
        "about": queries.about(person, found),
    }
    return render(request, "notices/briefing.html", context)


@require_POST
@door("briefings.read")
def read_briefing(request: HttpRequest, pk: int) -> HttpResponse:
    person: Any = request.user
    found = fetch(person, Briefing, pk, "briefings.read")
    workflow.read(person, found)
    messages.success(request, _("Thank you. It is kept that you have read it."))
    return redirect("briefing", pk=found.pk)


@require_safe
@door("notices.mend", role_only=True)
def mails(request: HttpRequest) -> HttpResponse:
    person: Any = request.user
    return render(request, "notices/mails.html", {"mails": queries.mails_to_mend(person)})


@require_POST
@door("notices.mend")
def again_mail(request: HttpRequest, pk: int) -> HttpResponse:
    person: Any = request.user
    workflow.send_again(person, fetch(person, Outbox, pk, "notices.mend"))
    messages.success(request, _("The mail will be sent once more."))
    return redirect("mails")
