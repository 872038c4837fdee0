"""Mails that an account needs: an invitation, a link to choose a password. Sent once the transaction holds."""

from __future__ import annotations

import logging
import threading

from django.conf import settings
from django.core.mail import EmailMessage
from django.db import transaction
from django.template.loader import render_to_string
from django.urls import reverse

from teams import tokens
from teams.models import Person, Workspace

log = logging.getLogger(__name__)


def send_link(person: Person, purpose: str, by: Person | None = None) -> None:
    """Mail ``person`` the link for ``purpose`` (tokens.RESET or INVITATION) when the transaction commits."""
    workspace = Workspace.objects.filter(pk=1).first() or Workspace()
    context = {
        "person": person,
        "by": by,
        "workspace": workspace,
        "url": settings.BASE_URL.rstrip("/") + reverse("choose-password", args=[tokens.make(person, purpose)]),
        "days": tokens.SECONDS[purpose] // 86_400,
    }
    # A name may hold a line break if it came from a file; a subject never may.
    subject = " ".join(render_to_string(f"teams/mail/{purpose}_subject.txt", context).split())
    message = EmailMessage(subject, render_to_string(f"teams/mail/{purpose}.txt", context), to=[person.email])
    transaction.on_commit(lambda: _post(message))


def leave_the_house() -> bool:
    """Whether a mail server is set up. Without one mails are printed in the console of the server."""
    return not settings.EMAIL_BACKEND.endswith("console.EmailBackend")


def _post(message: EmailMessage) -> None:
    """Over the net in a thread of its own: how long it takes must not tell whether an account exists."""
    if settings.EMAIL_BACKEND.endswith("smtp.EmailBackend"):
        threading.Thread(target=_send, args=[message], daemon=True).start()
    else:
        _send(message)


def _send(message: EmailMessage) -> None:
    try:
        message.send()
    except OSError as error:
        # smtplib's errors are OSErrors too. The link can be asked for again; the address stays out of the log.
        log.error("a mail could not be sent: %s", type(error).__name__)
