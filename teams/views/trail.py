"""The trail: who did what, when, before and after; and whether it can be trusted."""

from __future__ import annotations

import datetime as dt
from typing import Any

from django.apps import apps
from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import render
from django.urls import reverse
from django.utils.formats import date_format
from django.utils.timezone import localtime, make_aware
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext, pgettext_lazy
from django.views.decorators.http import require_POST, require_safe

from teams import access, queries, verbs
from teams.access import door, person_of
from teams.lists import CHOICE, DAY, Column, Filter, Listing
from teams.models import Person, TrailEntry
from teams.trail import verify

# So many changed fields of an entry stand in the list.
SHOWN = 3
COLUMNS = [
    Column("number", _("Entry"), "number", sort=("number",), link=lambda entry: _address(entry), width="narrow"),
    Column(
        "at",
        pgettext_lazy("time", "When"),
        "at",
        sort=("at", "number"),
        shown=lambda entry: date_format(localtime(entry.at), "SHORT_DATETIME_FORMAT"),
        width="day",
    ),
    Column(
        "who", _("Who"), lambda entry: entry.person.name if entry.person else _("the system"), sort=("person__name",)
    ),
    Column("verb", _("Did what"), "words", sort=("verb", "number")),
    Column("kind", _("To what"), lambda entry: f"{queries.kind_words(entry.kind)} {entry.object_id}"),
    Column("unit", _("Unit"), lambda entry: entry.unit.name if entry.unit else "", sort=("unit__name", "number")),
    Column(
        "changes",
        _("Before and after"),
        lambda entry: _summary(entry),
        shown=lambda entry: _summary(entry, SHOWN),
        width="long",
    ),
]


WHY = {
    "missing": _("An entry is missing here."),
    "inserted": _("An entry was put in here that does not belong."),
    "changed": _("This entry is not as it was written."),
    "rewritten": _("This entry differs from the seal that was kept beside the database."),
    "cut": _("The end of the trail is missing, from this entry on."),
    "head": _("The note of the last entry does not fit the last entry."),
}


def _address(entry: TrailEntry) -> str:
    return reverse("trail-entry", args=[entry.number])


def _summary(entry: TrailEntry, most: int | None = None) -> str:
    """The fields that changed, ``most`` of them; the entry's own page has them all."""
    found = queries.changes(entry)
    told = "; ".join(f"{one.field}: {_short(one.before)} → {_short(one.after)}" for one in found[:most])
    more = len(found) - most if most else 0
    return told if more <= 0 else f"{told}; " + ngettext("%(n)s more field", "%(n)s more fields", more) % {"n": more}


def _short(value: Any) -> str:
    text = queries.value_words(value)
    return text if len(text) <= 60 else f"{text[:57]}…"


def _after(rows: Any, day: dt.date) -> Any:
    return rows.filter(at__gte=make_aware(dt.datetime.combine(day, dt.time())))


def _before(rows: Any, day: dt.date) -> Any:
    return rows.filter(at__lt=make_aware(dt.datetime.combine(day + dt.timedelta(days=1), dt.time())))


def _filters(request: HttpRequest) -> list[Filter]:
    kinds = [
        (model._meta.label_lower, queries.kind_words(model._meta.label_lower))
        for model in apps.get_models()
        if getattr(model, "view", "")
    ]
    who = [(str(pk), name) for pk, name in access.visible_to(request.user, Person).values_list("pk", "name")]
    return [
        Filter("who", _("Who"), "person", CHOICE, who),
        Filter("kind", _("To what"), "kind", CHOICE, sorted(kinds, key=lambda kind: str(kind[1]))),
        Filter("object", _("Its number"), "object_id"),
        Filter("verb", _("Did what"), lambda rows, words: rows.filter(verb__in=verbs.codes_of(words))),
        Filter("from", _("From"), _after, DAY),
        Filter("until", _("Until"), _before, DAY),
    ]


@require_safe
@door("trail.view", role_only=True)
def trail(request: HttpRequest) -> HttpResponseBase:
    listing = Listing(
        request, queries.entries(person_of(request)), COLUMNS, _filters(request), "-number", caption=_("The trail")
    )
    return listing.export("trail") or render(request, "teams/trail.html", {"listing": listing})


@require_safe
@door("trail.view", role_only=True)
def trail_entry(request: HttpRequest, number: int) -> HttpResponse:
    entry = queries.entry(person_of(request), number)
    same = f"{reverse('trail')}?kind={entry.kind}&object={entry.object_id}"
    title, address = queries.thing_of(person_of(request), entry)
    context = {
        "entry": entry,
        "verb": entry.words,
        "noun": queries.kind_words(entry.kind),
        "changes": [
            queries.Change(one.field, queries.value_words(one.before), queries.value_words(one.after))
            for one in queries.named(entry, queries.changes(entry))
        ],
        "title": title,
        "address": address,
        "same_url": same,
    }
    return render(request, "teams/trail_entry.html", context)


@require_POST
@door("trail.view", role_only=True)
def verify_trail(request: HttpRequest) -> HttpResponse:
    """Walk the whole chain now. A POST, because it costs time; it writes nothing."""
    verdict = verify()
    return render(request, "teams/verify_trail.html", {"verdict": verdict, "words": WHY.get(verdict.why, "")})
