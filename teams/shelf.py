"""Putting things away: what is archived is offered no more where something new is made; what points to it stays."""

from __future__ import annotations

from typing import Any, TypeVar

from django.db import models, transaction
from django.utils.translation import gettext as _

from teams import access, clock, trail
from teams.models import Person
from teams.refusals import Refused

Kept = TypeVar("Kept", bound=models.Model)


def put_away(person: Person, right: str, thing: Kept) -> Kept:
    """Archive a thing that has an ``archived_at``. Raises Refused (``not_now``)."""
    return _set(person, right, thing, away=True)


def take_out(person: Person, right: str, thing: Kept) -> Kept:
    """Take it out of the archive. Raises Refused (``not_now``)."""
    return _set(person, right, thing, away=False)


def _set(person: Person, right: str, thing: Kept, away: bool) -> Kept:
    access.require(person, right, thing)
    with transaction.atomic():
        # Asked under the lock: of two who put the same thing away at once, one is told so.
        current: Any = type(thing)._default_manager.select_for_update().get(pk=thing.pk)
        if (current.archived_at is not None) == away:
            raise Refused("not_now", _("Somebody was quicker: this has been done already."))
        before = trail.values(current, "archived_at")
        current.archived_at = clock.now() if away else None
        current.save(update_fields=["archived_at"])
        verb = f"{'archive' if away else 'restore'}_{current._meta.model_name}"
        trail.record(person, verb, current, before, trail.values(current, "archived_at"))
    return current
