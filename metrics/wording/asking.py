"""The words of questions on signals: what people are told, and what an answer leads to."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from notices import kinds

kinds.register(
    "metrics.asked",
    sentence=_("%(person)s asks about a signal: %(question)s"),
    button=_("Look into it"),
)
kinds.register(
    "metrics.answered",
    sentence=_("%(person)s has answered your question on a signal: %(question)s"),
    button=_("Read the answer"),
)
