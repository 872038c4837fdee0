"""How many guesses are let through: counted exactly before the guess is looked at, however many come at once.

Each key (an account, a device known to an account, a source) has one row. Claiming locks it, forgets what is older
than the window, and either takes a place or says how long to wait. The lock is released before the password is
evaluated, so a slow hash holds nobody up. These limits keep the real time, not the clock of the story.
"""

from __future__ import annotations

import datetime as dt
import hashlib
import ipaddress
import math
import time
from collections.abc import Sequence
from dataclasses import dataclass

from django.conf import settings
from django.db import transaction
from django.http import HttpRequest
from django.utils.translation import ngettext

from teams.models import SignInAttempt
from teams.refusals import Refused


class Throttled(Refused):
    """Too many tries; ``seconds`` until the next one is looked at."""

    def __init__(self, seconds: int) -> None:
        minutes = max(1, math.ceil(seconds / 60))
        super().__init__(
            "throttled",
            ngettext(
                "Too many tries. Wait %(minutes)d minute and try again, or have a link sent to your e-mail address.",
                "Too many tries. Wait %(minutes)d minutes and try again, or have a link sent to your e-mail address.",
                minutes,
            )
            % {"minutes": minutes},
        )
        self.seconds = seconds


@dataclass(frozen=True)
class Limit:
    """At most ``most`` within ``window`` seconds for ``key``."""

    key: str
    most: int
    window: int


@dataclass(frozen=True)
class Claim:
    """A place taken under each key at one moment."""

    keys: tuple[str, ...]
    moment: float


def claim(limits: Sequence[Limit]) -> Claim:
    """Take one place under every limit, or none and raise Throttled. Not inside a transaction of the caller's."""
    moment = time.time()
    wait = 0.0
    with transaction.atomic():
        # Always accounts before sources: two claims can wait for each other but never in a circle.
        rows = [_locked(limit.key, moment) for limit in limits]
        for row, limit in zip(rows, limits, strict=True):
            row.times = [at for at in row.times if at > moment - limit.window][-limit.most :]
            if len(row.times) >= limit.most:
                wait = max(wait, row.times[0] + limit.window - moment)
        if not wait:
            for row in rows:
                row.times.append(moment)
                row.at = dt.datetime.fromtimestamp(moment, dt.UTC)
                row.save()
    if wait:
        raise Throttled(math.ceil(wait))
    return Claim(tuple(limit.key for limit in limits), moment)


def give_back(taken: Claim) -> None:
    """The guess was right: it does not count. Call inside a transaction."""
    for key in taken.keys:
        row = _locked(key, taken.moment)
        if taken.moment in row.times:
            row.times.remove(taken.moment)
            row.save()


def _locked(key: str, moment: float) -> SignInAttempt:
    row, _made = SignInAttempt.objects.select_for_update().get_or_create(
        key=key, defaults={"at": dt.datetime.fromtimestamp(moment, dt.UTC)}
    )
    return row


def key_of(kind: str, text: str) -> str:
    """``kind:`` and a hash: what was typed is not kept."""
    return f"{kind}:{hashlib.sha256(text.strip().lower().encode()).hexdigest()}"


def source_of(request: HttpRequest) -> str:
    """The address that the request came from; for IPv6 its /64, since one machine may own all of that.

    X-Forwarded-For is believed only as far as ``TRUSTED_PROXIES`` says, counted from its right end.
    """
    address = request.META.get("REMOTE_ADDR") or ""
    if settings.TRUSTED_PROXIES:
        passed = [part.strip() for part in request.headers.get("X-Forwarded-For", "").split(",") if part.strip()]
        if len(passed) >= settings.TRUSTED_PROXIES:
            address = passed[-settings.TRUSTED_PROXIES]
    try:
        found = ipaddress.ip_address(address)
    except ValueError:
        return "unknown"
    if found.version == 6:
        return str(ipaddress.ip_network(f"{found}/64", strict=False).network_address)
    return str(found)
