"""What every page needs: the rail, the workspace, the demo sign, whether something waits."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from django.http import HttpRequest
from django.urls import NoReverseMatch, reverse
from django.utils.functional import SimpleLazyObject
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

from notices.models import Notice
from teams import access, typed
from teams.models import Workspace


@dataclass
class RailItem:
    name: Any
    url: str
    icon: str
    here: bool = False
    dot: bool = False


# name of the address, words, icon, permission, further addresses that light it up
RAIL = (
    ("home", _("Home"), "house", "", ("search",)),
    ("reviews", _("Reviews"), "clipboard-check", "reviews.view", ("/reviews", "/rounds", "/findings", "/steps")),
    (
        "signals",
        _("Signals"),
        "activity",
        "metrics.view",
        (
            "/signals",
            "/series",
            "/metrics",
            "/targets",
            "/inquiries",
            "/compar",
            "/gap",
            "/correlate",
            "/imports",
            "/sources",
        ),
    ),
    (
        "improvements",
        _("Improvements"),
        "arrow-up-right-circle",
        "improvements.view",
        ("/actions", "/recommendations", "/submissions", "/decisions", "/options", "/editions"),
    ),
    ("admin", _("Administration"), "gear", "teams.administer", ("/people", "/units", "/trail", "/jobs")),
)


def page(request: HttpRequest) -> dict[str, Any]:
    return {
        "workspace": SimpleLazyObject(lambda: _workspace(request)),
        "page_language": (get_language() or "en-gb").split("-")[0] if get_language() else "en",
        "rail": SimpleLazyObject(lambda: _rail(request)),
        # What a refused form held: asked for by the pages that say no.
        "just_sent": SimpleLazyObject(lambda: typed.just_sent(request)),
        "me_menu": SimpleLazyObject(lambda: _me_menu(request)),
        # Asked for by base.html in a demonstration only.
        "demo_removal_url": SimpleLazyObject(lambda: _removal(request)),
    }


def _workspace(request: HttpRequest) -> Workspace:
    """The one that the middleware read; a public page reads it where it shows it."""
    if hasattr(request, "workspace"):
        return request.workspace or Workspace()
    return Workspace.objects.filter(pk=1).first() or Workspace()


def _rail(request: HttpRequest) -> list[RailItem]:
    waits = getattr(_workspace(request), "waits", None)
    if waits is None:
        waits = Notice.objects.filter(person=request.user, waits=True, settled_at__isnull=True).exists()  # type: ignore[misc]
    items = []
    for name, words, icon, permission, prefixes in RAIL:
        if permission and not access.may(request.user, permission):
            continue
        url = _address(name)
        if url:
            here = request.path == url or any(request.path.startswith(prefix) for prefix in prefixes)
            items.append(RailItem(words, url, icon, here, dot=name == "home" and waits))
    return items


def _removal(request: HttpRequest) -> str:
    """Where the demonstration is removed, for who may; empty for everybody else."""
    return _address("remove-demo") if access.may(request.user, "teams.administer") else ""


def _me_menu(request: HttpRequest) -> list[RailItem]:
    entries = (
        ("me", _("My account")),
        ("stand-ins", _("While I am away")),
        ("password-change", _("Change my password")),
    )
    return [RailItem(words, _address(name), "") for name, words in entries if _address(name)]


def _address(name: str) -> str:
    try:
        return reverse(name)
    except NoReverseMatch:
        return ""
