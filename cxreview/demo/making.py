"""Make the demonstration, whole or not at all."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from contextlib import contextmanager

from django.db import transaction
from django.test.utils import override_settings
from django.utils import timezone, translation
from django.utils.translation import gettext_lazy as _

from cxreview.demo.cast import ZONE
from cxreview.demo.stage import Stage, play
from cxreview.demo.stories import STORIES
from teams.models import Person
from teams.refusals import Refused

SEED = 20_260


def make(now: dt.datetime, seed: int = SEED) -> int:
    """Play all stories up to ``now``, whole or not at all; how many scenes there were. Raises Refused (``started``)."""
    if Person.objects.exists():
        raise Refused("started", _("Somebody is here already: the demonstration needs an empty workspace."))
    stage = Stage(now, seed)
    with _quiet(), timezone.override(ZONE), translation.override("en-gb"), transaction.atomic():
        return play(stage, STORIES)


@contextmanager
def _quiet() -> Iterator[None]:
    """Invented people have no letterbox: no mail is written to them while their past is played."""
    with override_settings(MAIL=False, EMAIL_BACKEND="django.core.mail.backends.dummy.EmailBackend"):
        yield
