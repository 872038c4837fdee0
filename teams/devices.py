"""The devices that somebody has signed in from, known by a signed cookie.

Two uses. A device known to an account has guesses of its own, so a stranger who uses up the account's guesses cannot
shut its owner out. And words typed into a page whose session had ended are given back to that person alone.
"""

from __future__ import annotations

import secrets
from dataclasses import dataclass, field

from django.conf import settings
from django.core import signing
from django.http import HttpRequest, HttpResponse

from teams.models import Person
from teams.throttle import key_of

COOKIE = "device"
DAYS = 90
_SALT = "teams.device"
_PEOPLE = 5


@dataclass
class Device:
    """``people``: {id: account key} of those who signed in here, the latest last."""

    id: str = ""
    people: dict[int, str] = field(default_factory=dict)

    @property
    def latest(self) -> int | None:
        return list(self.people)[-1] if self.people else None

    def knows(self, account: str) -> bool:
        return bool(self.id) and account in self.people.values()


def read(request: HttpRequest) -> Device:
    """The device as its cookie says; an unknown one where there is none or it was tampered with."""
    try:
        found = signing.loads(request.COOKIES.get(COOKIE, ""), salt=_SALT, max_age=DAYS * 86_400)
        return Device(found["id"], {int(pk): account for pk, account in found["people"]})
    except (signing.BadSignature, KeyError, TypeError, ValueError):
        return Device()


def remember(request: HttpRequest, response: HttpResponse, person: Person) -> None:
    """Write the cookie: ``person`` has just signed in here."""
    device = read(request)
    people = {pk: account for pk, account in device.people.items() if pk != person.pk}
    people[person.pk] = key_of("account", person.email)
    value = {"id": device.id or secrets.token_urlsafe(16), "people": list(people.items())[-_PEOPLE:]}
    response.set_cookie(
        COOKIE,
        signing.dumps(value, salt=_SALT),
        max_age=DAYS * 86_400,
        secure=settings.SESSION_COOKIE_SECURE,
        httponly=True,
        samesite="Lax",
    )
