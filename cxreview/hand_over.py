"""A leaver's open items go to somebody else: each app hands over its own, one place puts them together."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any, Protocol

from django import forms
from django.contrib import messages
from django.db import models, transaction
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_http_methods

import improvements.workflow.handing_over
import metrics.workflow.inquiries
import reviews.workflow.handing_over
from teams import access, answers, trail
from teams.access import door, person_of
from teams.models import Person
from teams.refusals import Refused


class HandedOver(Protocol):
    """What one app says: what went over, and what could not and why."""

    moved: list[Any]
    kept: list[tuple[Any, str]]


# Each app's verb: (who does it, leaver, heir); one trail entry for each object that went over.
HANDS: tuple[Callable[[Person, Person, Person], HandedOver], ...] = (
    metrics.workflow.inquiries.hand_over,
    reviews.workflow.handing_over.hand_over,
    improvements.workflow.handing_over.hand_over,
)


@dataclass
class Result:
    """All apps together: what went over, and what stayed with its reason."""

    moved: list[models.Model] = field(default_factory=list)
    kept: list[tuple[models.Model, str]] = field(default_factory=list)


def give_all(person: Person, leaver: Person, heir: Person) -> Result:
    """Hand everything open over in one transaction; the trail says so once for the whole and once for each object."""
    access.require_administered(person, leaver)
    access.require_administered(person, heir)
    if heir.pk == leaver.pk or not heir.is_active:
        words = _("Choose somebody else who may sign in.")
        raise Refused("heir", words, {"heir": words})
    result = Result()
    with transaction.atomic():
        for hand in HANDS:
            done = hand(person, leaver, heir)
            result.moved += done.moved
            result.kept += done.kept
        after = {"heir": heir.pk, "moved": len(result.moved), "kept": len(result.kept)}
        trail.record(person, "hand_over_all", leaver, {}, after)
    return result


class HeirForm(forms.Form):
    heir = forms.ModelChoiceField(
        label=_("Hand over to"), queryset=Person.objects.none(), empty_label=_("choose somebody")
    )

    def __init__(self, people: models.QuerySet[Person], *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["heir"].queryset = people  # type: ignore[attr-defined]


@require_http_methods(["GET", "HEAD", "POST"])
@door("teams.administer", role_only=True)
def hand_over(request: HttpRequest, pk: int) -> HttpResponse:
    leaver = access.fetch(request.user, Person, pk)
    access.require_administered(request.user, leaver)
    form = HeirForm(_heirs(person_of(request), leaver), request.POST or None)
    if form.is_valid():
        try:
            result = give_all(person_of(request), leaver, form.cleaned_data["heir"])
            _say(request, result, form.cleaned_data["heir"])
            return redirect(leaver)
        except Refused as refused:
            answers.refuse(form, refused)
    return answers.page(request, "cxreview/hand_over.html", {"form": form, "leaver": leaver})


def _heirs(person: Person, leaver: Person) -> models.QuerySet[Person]:
    people = access.visible_to(person, Person, "teams.administer")
    return people.filter(is_active=True).exclude(pk=leaver.pk)


def _say(request: HttpRequest, result: Result, heir: Person) -> None:
    if not result.moved and not result.kept:
        messages.info(request, _("Nothing was open: there was nothing to hand over."))
    elif result.moved:
        many = len(result.moved)
        words = ngettext(
            "%(many)d item was handed over to %(heir)s: %(things)s.",
            "%(many)d items were handed over to %(heir)s: %(things)s.",
            many,
        )
        things = "; ".join(dict.fromkeys(f"“{thing}”" for thing in result.moved))
        messages.success(request, words % {"many": many, "heir": heir.name, "things": things})
    for thing, why in result.kept:
        messages.warning(request, _("“%(thing)s” stayed: %(why)s") % {"thing": thing, "why": why})
