"""Signing in and out, choosing a password. A guess takes its place in the count before anybody looks at it."""

from __future__ import annotations

import logging

from django.conf import settings
from django.contrib.auth import authenticate
from django.contrib.auth.password_validation import validate_password
from django.core.exceptions import ValidationError
from django.db import transaction
from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _

from teams import devices, mails, throttle, tokens, trail
from teams.models import Person
from teams.refusals import Refused
from teams.throttle import Limit, key_of

log = logging.getLogger(__name__)

# Many people share the address of an office.
GUESSES_PER_SOURCE = 60
MAILS_PER_ACCOUNT, MAILS_PER_SOURCE, MAIL_WINDOW = 3, 20, 900


def sign_in(request: HttpRequest, email: str, password: str) -> Person:
    """The person whose password this is. Raises Refused (``wrong``) or Throttled; the caller starts the session."""
    taken = throttle.claim(_guesses(request, email))
    person = authenticate(request, username=email, password=password)
    if not isinstance(person, Person):
        log.warning("a sign-in failed from %s", throttle.source_of(request))
        raise Refused("wrong", _("The e-mail address or the password is not right."))
    with transaction.atomic():
        throttle.give_back(taken)
        trail.record(person, "sign_in", person)
    return person


def _guesses(request: HttpRequest, email: str) -> list[Limit]:
    account = key_of("account", email)
    device = devices.read(request)
    # Strangers can use up the guesses of an account, never those of a device that its owner has signed in from.
    own = key_of("device", f"{device.id} {account}") if device.knows(account) else account
    return [
        Limit(own, settings.SIGN_IN_GUESSES, settings.SIGN_IN_WINDOW),
        Limit(key_of("source", throttle.source_of(request)), GUESSES_PER_SOURCE, settings.SIGN_IN_WINDOW),
    ]


def sign_out(person: Person) -> None:
    """Leave a line in the trail; the caller ends the session."""
    with transaction.atomic():
        trail.record(person, "sign_out", person)


def ask_for_link(request: HttpRequest, email: str) -> None:
    """Mail a link to choose a password, if there is such an account; the answer is the same either way."""
    throttle.claim(
        [
            Limit(key_of("mail", email), MAILS_PER_ACCOUNT, MAIL_WINDOW),
            Limit(key_of("mail-source", throttle.source_of(request)), MAILS_PER_SOURCE, MAIL_WINDOW),
        ]
    )
    person = Person.objects.filter(email=email.strip().lower(), is_active=True).first()
    if person is not None:
        with transaction.atomic():
            trail.record(person, "ask_for_link", person)
            mails.send_link(person, tokens.RESET)


def choose_password(token: str, password: str) -> Person:
    """Set the password of the person whose link this is; all their sessions end. Refused: ``spent``, ``weak``."""
    with transaction.atomic():
        person = tokens.read(token)
        if person is None:
            raise Refused("spent", _("This link was used already or is too old. Have a new one sent."))
        # Two clicks at once: the second finds the link spent.
        person = Person.objects.select_for_update().get(pk=person.pk)
        if tokens.read(token) is None:
            raise Refused("spent", _("This link was used already or is too old. Have a new one sent."))
        _set(person, password, "choose_password")
    return person


def change_password(request: HttpRequest, person: Person, old: str, new: str) -> Person:
    """Change one's own password; every other session ends. Raises Refused (``wrong``, ``weak``) or Throttled."""
    taken = throttle.claim(_guesses(request, person.email))
    if not person.check_password(old):
        raise Refused("wrong", _("This is not your password."), {"password_old": _("This is not your password.")})
    with transaction.atomic():
        throttle.give_back(taken)
        person = Person.objects.select_for_update().get(pk=person.pk)
        _set(person, new, "change_password")
    return person


def _set(person: Person, password: str, verb: str) -> None:
    check_strength(password, person)
    person.set_password(password)
    person.session_key_version += 1
    person.save(update_fields=["password", "session_key_version"])
    # The trail says that it happened, never what it is.
    trail.record(person, verb, person)


def check_strength(password: str, person: Person | None = None) -> None:
    """Raises Refused (``weak``) with the reasons at the field ``password``."""
    try:
        validate_password(password, person)
    except ValidationError as error:
        words = " ".join(str(message) for message in error.messages)
        raise Refused("weak", words, {"password": words}) from None
