"""Links in mails that let somebody choose a password: signed, with an end, good for one use.

The token holds nothing secret: the person's id and a fingerprint of the account as it is. Choosing a password (or
any change that ends the sessions) changes the fingerprint, so the link is spent.
"""

from __future__ import annotations

from django.core import signing
from django.utils.crypto import constant_time_compare, salted_hmac

from teams.models import Person

RESET, INVITATION = "reset", "invitation"
SECONDS = {RESET: 24 * 3600, INVITATION: 7 * 24 * 3600}


def make(person: Person, purpose: str) -> str:
    """The token for a link; ``purpose`` is RESET or INVITATION."""
    return signing.dumps([person.pk, purpose, _fingerprint(person)], salt="teams.token")


def read(token: str) -> Person | None:
    """The person whose link this is, None where it is forged, spent, too old or of somebody who may not sign in."""
    try:
        pk, purpose, fingerprint = signing.loads(token, salt="teams.token", max_age=max(SECONDS.values()))
        signing.loads(token, salt="teams.token", max_age=SECONDS[purpose])
    except (signing.BadSignature, ValueError, TypeError, KeyError):
        return None
    person = Person.objects.filter(pk=pk, is_active=True).first()
    if person is None or not constant_time_compare(fingerprint, _fingerprint(person)):
        return None
    return person


def _fingerprint(person: Person) -> str:
    account = f"{person.pk}|{person.password}|{person.session_key_version}|{person.email}"
    return salted_hmac("teams.token.fingerprint", account, algorithm="sha256").hexdigest()[:32]
