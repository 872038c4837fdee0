"""A form sent twice does its work once, with or without JavaScript: the second answer leads where the first one led.

The token that Django puts into every form is drawn anew for each page, so the same token with the same words to the same
address is the same form sent again: a button pressed twice, a slow page, an impatient thumb. What was refused may be sent
again, and so may words that were changed.
"""

from __future__ import annotations

import datetime as dt
import hashlib
import time
from collections.abc import Callable

from django.db import IntegrityError, transaction
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from teams.access import person_of
from teams.models import SentForm
from teams.refusals import Refused

TOKEN = "csrfmiddlewaretoken"
REMEMBERED = dt.timedelta(minutes=10)
WAIT, PAUSE = 10.0, 0.1


class Once:
    """After the person is known, before any view. Parts of a page (htmx) are left alone: their forms come back anew."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        key = _key(request)
        if not key:
            return self.get_response(request)
        # Real time, as for guesses at a password: a story's clock stands still.
        now = timezone.now()
        SentForm.objects.filter(person=request.user.pk, at__lt=now - REMEMBERED).delete()
        try:
            with transaction.atomic():
                sent = SentForm.objects.create(key=key, person=person_of(request), at=now)
        except IntegrityError:
            # Refused or failed meanwhile, the first one leaves no trace, and this one is looked at like any other.
            return _again(request, key) or self(request)
        done = False
        try:
            response = self.get_response(request)
            done = response.status_code == 302
        finally:
            if not done:
                SentForm.objects.filter(pk=sent.pk).delete()
        if done:
            SentForm.objects.filter(pk=sent.pk).update(location=response["Location"])
        return response


def _key(request: HttpRequest) -> str:
    if request.method != "POST" or not request.user.is_authenticated or request.headers.get("HX-Request"):
        return ""
    if not request.POST.get(TOKEN):
        return ""
    digest = hashlib.sha256(f"{request.user.pk}\0{request.get_full_path()}".encode())
    for name, values in sorted(request.POST.lists()):
        digest.update("\0".join(["", name, *values]).encode(errors="surrogatepass"))
    for name, files in sorted(request.FILES.lists()):
        digest.update("\0".join(["", name, *(f"{file.name}:{file.size}" for file in files)]).encode())
    return digest.hexdigest()


def _again(request: HttpRequest, key: str) -> HttpResponse | None:
    """The answer of the first one, once it is there; None where nothing came of it, words where it takes too long."""
    until = time.monotonic() + WAIT
    while time.monotonic() < until:
        first = SentForm.objects.filter(key=key).values_list("location", flat=True).first()
        if first:
            return HttpResponseRedirect(first)
        if first is None:
            return None
        time.sleep(PAUSE)
    words = _(
        "This was sent a moment ago and is still being worked on. Look at the page again before you send it anew."
    )
    return render(request, "refused.html", {"refusal": Refused("sent", words), "back": request.path}, status=409)
