"""Headers on every answer, and the doors: no page without its question."""

from __future__ import annotations

import logging
from collections.abc import Callable
from typing import Any
from urllib.parse import urlencode, urlsplit, urlunsplit

from django.contrib.auth.middleware import LoginRequiredMiddleware
from django.db import DataError
from django.db.models import Exists, QuerySet
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.translation import gettext_lazy as _

from notices.models import Notice
from teams import access, typed, zone
from teams.models import Workspace
from teams.refusals import Conflict, Refused

log = logging.getLogger(__name__)

Respond = Callable[[HttpRequest], HttpResponse]

# Two exceptions for plotly alone (style attributes and the one style element it adds at load); scripts stay strict.
PLOTLY_STYLE = "'sha256-ji27qzEtxXZW+7dun6UwjHXJ18e6WAin1VvNtkzIE/o='"
POLICY = "; ".join(
    [
        "default-src 'none'",
        "script-src 'self'",
        "style-src 'self'",
        f"style-src-elem 'self' {PLOTLY_STYLE}",
        "style-src-attr 'unsafe-inline'",
        "img-src 'self' data: blob:",
        "font-src 'self'",
        "connect-src 'self'",
        "form-action 'self'",
        "base-uri 'none'",
        "frame-ancestors 'none'",
        "object-src 'none'",
        "manifest-src 'self'",
    ]
)


def headers(get_response: Respond) -> Respond:
    """Strict headers on every answer, errors, redirects and downloads included: the outermost middleware."""

    def middleware(request: HttpRequest) -> HttpResponse:
        response = get_response(request)
        response["Content-Security-Policy"] = POLICY
        response["X-Content-Type-Options"] = "nosniff"
        response["X-Frame-Options"] = "DENY"
        response.setdefault("Referrer-Policy", "same-origin")
        response.setdefault("Cross-Origin-Opener-Policy", "same-origin")
        response.setdefault("Cross-Origin-Resource-Policy", "same-origin")
        response.setdefault("Permissions-Policy", "camera=(), microphone=(), geolocation=()")
        # Static files have said already how long they keep; no other answer may lie about in a cache.
        response.setdefault("Cache-Control", "private, no-store")
        return response

    return middleware


class SignedIn(LoginRequiredMiddleware):
    """Everything but PUBLIC pages asks for a session; words sent without one are kept until their author is back."""

    def handle_no_permission(self, request: HttpRequest, view_func: Any) -> HttpResponse:  # type: ignore[override]
        fragment = request.headers.get("HX-Request") == "true"
        typed.keep(request)
        there = request.get_full_path() if request.method in ("GET", "HEAD") and not fragment else _page_of(request)
        address = f"{reverse('sign-in')}?{urlencode({'next': there})}" if there else reverse("sign-in")
        if fragment:
            # A fragment swapped into a page must not become a sign-in form inside it: the whole page goes there.
            return HttpResponse(status=401, headers={"HX-Redirect": address})
        return HttpResponseRedirect(address)


def _page_of(request: HttpRequest) -> str:
    """The path of the page of this site that the request came from, empty where that is not known."""
    came_from = request.headers.get("HX-Current-URL") or request.headers.get("Referer") or ""
    if not url_has_allowed_host_and_scheme(came_from, {request.get_host()}, require_https=request.is_secure()):
        return ""
    parts = urlsplit(came_from)
    return urlunsplit(("", "", parts.path, parts.query, ""))


class DoorNotAsked(RuntimeError):
    """A view without a door: a fault of ours, found by the first test that opens it, and shut until it is mended."""


def _workspaces(request: HttpRequest) -> QuerySet[Workspace]:
    """The workspace; for a page that is only looked at, with what its rail asks: does anything wait for the person?"""
    rows = Workspace.objects.all()
    if request.method not in ("GET", "HEAD") or not request.user.is_authenticated:
        return rows
    waiting = Notice.objects.filter(person=request.user, waits=True, settled_at__isnull=True)
    return rows.annotate(waits=Exists(waiting))


class Doors:
    """Shut by default: a view without a door is never run, an answer that never asked one is never given.

    A refused verb becomes words (422, a conflict 409), and the zone of the workspace holds for the whole request.
    """

    def __init__(self, get_response: Respond) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        token = access.asked.set(False)
        try:
            response = self.get_response(request)
            match = request.resolver_match
            if match is not None and not access.asked.get() and response.status_code < 300:
                raise DoorNotAsked(match.view_name)
            return response
        finally:
            access.asked.reset(token)
            timezone.deactivate()

    def process_view(self, request: HttpRequest, view_func: Any, args: Any, kwargs: Any) -> None:
        if not getattr(view_func, "door", ""):
            raise DoorNotAsked(getattr(view_func, "__name__", str(view_func)))
        if view_func.door != access.PUBLIC:
            # A public page tells no times, and the page of health has to answer without a database.
            workspace = _workspaces(request).filter(pk=1).first()
            request.workspace = workspace  # type: ignore[attr-defined]
            timezone.activate(zone.of(workspace))

    def process_exception(self, request: HttpRequest, exception: Exception) -> HttpResponse | None:
        context = {"refusal": exception, "back": _page_of(request)}
        if isinstance(exception, Conflict):
            return render(request, "conflict.html", context, status=409)
        if isinstance(exception, (OverflowError, DataError)):
            # A number larger than a column holds, in an id or a list of ids: no form knows every one of them.
            log.warning("too large a value for %s", request.path, exc_info=exception)
            context["refusal"] = Refused("too_large", _("What was sent holds a number or a text that cannot be kept."))
            return render(request, "refused.html", context, status=422)
        if isinstance(exception, Refused):
            return render(request, "refused.html", context, status=422)
        return None
