"""Words of this app's own notices and work."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from jobs import registry
from notices import kinds

BRIEFING = "notices.briefing"

kinds.register(
    BRIEFING,
    sentence=_("%(author)s told you about “%(title)s”. Please read it and say that you have."),
    button=_("Read it"),
    personal=True,
)
registry.describe("notices.send", _("Sending of mails"))
