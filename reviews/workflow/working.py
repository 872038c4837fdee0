"""The frame of every verb inside a review: hold the review, ask the table, ask the door, keep drafts on a conflict."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from django.db import transaction
from django.db.models import Model
from django.utils.translation import gettext_lazy as _

from reviews import states
from reviews.models import Review
from reviews.workflow.amending import locked
from teams import access, moves
from teams.models import Person
from teams.refusals import Conflict, Refused


@contextmanager
def working(person: Person, review: Review, move: str, permission: str, thing: Model | None = None) -> Iterator[Review]:
    """One transaction around a verb; yields the review as it stands now, held.

    A Conflict raised inside leaves only after the commit, so that the draft it keeps is stored.
    Raises Refused (``not_now``), PermissionDenied, Conflict.
    """
    conflict: Conflict | None = None
    with transaction.atomic():
        current = locked(review)
        moves.check(current, states.REVIEW, move)
        access.require(person, permission, thing or current)
        try:
            yield current
        except Conflict as raised:
            conflict = raised
    if conflict is not None:
        raise conflict


def said(text: str, code: str, message: Any, field: str) -> str:
    """The text without surrounding space. Raises Refused with ``message`` at ``field`` where there is none."""
    if not text.strip():
        raise Refused(code, message, {field: message})
    return text.strip()


def reason(text: str) -> str:
    """A reason that somebody else will read. Raises Refused (``no_reason``)."""
    return said(text, "no_reason", _("Give the reason: somebody else has to understand it later."), "reason")
