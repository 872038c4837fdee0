"""Is every part alive? Asked by people, load balancers and ``manage.py health``; tells nothing but green or red."""

from __future__ import annotations

import http.client
import os
from datetime import timedelta
from urllib.parse import urlsplit

from celery import current_app
from django.conf import settings
from django.contrib.auth.models import AnonymousUser
from django.db import Error, connection
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import render
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_safe
from kombu.exceptions import KombuError

from jobs.models import Beat
from teams.access import PUBLIC, door

WORDS = {
    "web": _("web pages"),
    "database": _("database"),
    "broker": _("queue"),
    "worker": _("worker"),
    "beat": _("schedule"),
}


@require_safe
@door(PUBLIC)
def health(request: HttpRequest) -> HttpResponse:
    """Every part, green or red; 503 if any is red. JSON unless a browser asks."""
    # Nobody's session is looked up: the page must answer when the database does not.
    request.user = AnonymousUser()
    parts = {"web": True, **check()}
    status = 200 if all(parts.values()) else 503
    if "text/html" in request.headers.get("Accept", ""):
        lines = [(WORDS[name], alive) for name, alive in parts.items()]
        answer = render(request, "health.html", {"parts": lines, "well": status == 200}, status=status)
    else:
        answer = JsonResponse({name: "green" if alive else "red" for name, alive in parts.items()}, status=status)
    answer["Cache-Control"] = "no-store"
    return answer


def check() -> dict[str, bool]:
    """Database, broker, worker and beat: True where it works."""
    database = _database()
    return {
        "database": database,
        "broker": _broker(),
        "worker": database and _signed("worker:"),
        "beat": database and _signed("beat"),
    }


def _database() -> bool:
    # A kept connection would go on reading an SQLite file that is no longer there.
    if connection.vendor == "sqlite" and not os.path.isfile(connection.settings_dict["NAME"]):
        return False
    try:
        if not connection.in_atomic_block:
            connection.close_if_unusable_or_obsolete()
        Beat.objects.exists()
    except Error:
        return False
    return True


def _broker() -> bool:
    if not settings.REDIS_URL:
        return os.access(settings.QUEUE_DIR, os.R_OK | os.W_OK | os.X_OK)
    try:
        with current_app.connection_for_read(connect_timeout=2) as broker:
            broker.ensure_connection(max_retries=1, interval_start=0)
    except (KombuError, OSError):
        return False
    return True


def _signed(part: str) -> bool:
    """Whether a part of that name signed within the last three times that it should have."""
    since = timezone.now() - timedelta(seconds=3 * settings.SIGN_EVERY)
    try:
        return Beat.objects.filter(part__startswith=part, at__gte=since).exists()
    except Error:
        return False


def web_answers(url: str) -> bool:
    """Whether the web process at ``url`` answers its health page, green or red."""
    split = urlsplit(url)
    kind = http.client.HTTPSConnection if split.scheme == "https" else http.client.HTTPConnection
    asked = kind(split.hostname or "localhost", split.port, timeout=5)
    try:
        asked.request("GET", "/health")
        return asked.getresponse().status in (200, 503)
    except (OSError, http.client.HTTPException):
        return False
    finally:
        asked.close()
