"""The text of a mail: plain, one sentence, one link, and how to switch it off."""

from __future__ import annotations

from dataclasses import dataclass

from django.conf import settings
from django.urls import reverse
from django.utils import translation
from django.utils.formats import date_format
from django.utils.translation import gettext as _

from notices import kinds
from notices.models import Notice


@dataclass(frozen=True)
class Mail:
    subject: str
    body: str


def compose(notice: Notice) -> Mail:
    """Subject and body. The subject holds no facts: names and titles do not belong on a lock screen."""
    with translation.override(settings.LANGUAGE_CODE):
        kind = kinds.of(notice.kind)
        parts = [_("Hello %(name)s,") % {"name": notice.person.name}, kind.words(notice.facts)]
        if notice.due_on:
            parts.append(_("Please do it by %(day)s.") % {"day": date_format(notice.due_on, "DATE_FORMAT")})
        parts += [
            f"{kind.button}: {settings.BASE_URL}{notice.url}",
            _("To switch these mails off, open your own page: %(link)s") % {"link": settings.BASE_URL + reverse("me")},
        ]
        return Mail(_("CX Review: %(button)s") % {"button": kind.button}, "\n\n".join(parts) + "\n")
