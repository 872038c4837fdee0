"""Pages composed from all apps."""

from __future__ import annotations

from typing import Any, cast

from django.apps import apps
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from cxreview import home as composition
from cxreview import parts
from teams.access import PUBLIC, SIGNED_IN, door, fetch
from teams.models import Person, TrailEntry


@require_safe
@door(SIGNED_IN)
def home(request: HttpRequest) -> HttpResponse:
    return render(request, "cxreview/home.html", {"home": composition.compose(_me(request))})


@require_safe
@door(SIGNED_IN)
def search(request: HttpRequest) -> HttpResponse:
    words = request.GET.get("q", "").strip()[:100]
    hits = parts.search(_me(request), words)
    return render(request, "cxreview/search.html", {"search_words": words, "hits": hits, "count": len(hits)})


# What names a series, and a signal on it.
PLACE = ("metric", "unit", "service", "product", "channel")
PLACED = {"series": PLACE, "signal": ("series", *(f"series__{part}" for part in PLACE))}


@require_safe
@door(SIGNED_IN)
def thread(request: HttpRequest, kind: str, pk: str) -> HttpResponse:
    thing = _thing(request.user, kind, pk)
    context = {"thing": thing, "links": parts.thread_of(_me(request), thing), "history": _history(kind, pk)}
    whole = not request.headers.get("HX-Request")
    return render(request, "cxreview/thread_page.html" if whole else "cxreview/thread.html", context)


@require_safe
@door(PUBLIC)
def about(request: HttpRequest) -> HttpResponse:
    return render(request, "cxreview/about.html")


def _me(request: HttpRequest) -> Person:
    """The person behind a request that has passed LoginRequiredMiddleware."""
    return cast(Person, request.user)


def _thing(person: Any, kind: str, pk: str) -> Any:
    try:
        model = apps.get_model(kind)
    except (LookupError, ValueError):
        raise Http404 from None
    # A model without a door of its own has no thread either.
    if not getattr(model, "view", ""):
        raise Http404
    # Where it came from is what a thread tells first.
    above = [field.name for field in model._meta.fields if field.many_to_one and field.related_model is not None]
    named = [f"{name}__{part}" for name in above if name in PLACED for part in PLACED[name]]
    return fetch(person, model, pk, related=(*above, *named))


def _history(kind: str, pk: str) -> list[TrailEntry]:
    """Who did what to an object the person may see; the values stay with the administrator's trail page."""
    entries = TrailEntry.objects.filter(kind=kind, object_id=pk).select_related("person")
    return list(entries.order_by("-number")[:20])
