"""The only place where a state changes: ask the table, assign, or refuse with words."""

from __future__ import annotations

from typing import Any

from django.utils.translation import gettext_lazy as _

from teams.refusals import Refused
from teams.states import MoveRefused, Table


def check(thing: Any, table: Table, move: str) -> str:
    """The state after ``move``. Raises Refused (code ``not_now``) where the table does not know the move."""
    try:
        return table.after(thing.state, move)
    except MoveRefused as refused:
        raise Refused(
            "not_now",
            _("This cannot be done now: it is “%(state)s”. Look at the page again, somebody may have moved it on.")
            % {"state": thing.get_state_display()},
        ) from refused


def move(thing: Any, table: Table, name: str) -> None:
    """Assign the state after ``name``; the caller saves."""
    thing.state = check(thing, table, name)
