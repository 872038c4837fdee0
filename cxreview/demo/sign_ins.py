"""Who can sign in to the demonstration, and what each of them sees first."""

from __future__ import annotations

from cxreview.demo import cast
from notices.models import Notice
from teams.models import Role


def table() -> str:
    """The people, the one password and what waits for each, as lines for a terminal."""
    words = dict(Role.Name.choices)
    waiting = dict.fromkeys((part.email for part in cast.CAST), 0)
    for email in Notice.objects.filter(waits=True, settled_at=None).values_list("person__email", flat=True):
        waiting[email] = waiting.get(email, 0) + 1
    rows = [("e-mail", "name", "role", "first of all")]
    for part in cast.CAST:
        role = f"{words[part.role]}, {part.unit}"
        rows.append((part.email, part.name, role, _first(waiting[part.email])))
    widths = [max(len(row[place]) for row in rows) for place in range(4)]
    lines = ["  ".join(cell.ljust(width) for cell, width in zip(row, widths, strict=True)).rstrip() for row in rows]
    rule = "  ".join("-" * width for width in widths)
    return "\n".join(["", lines[0], rule, *lines[1:], "", f"Password of all: {cast.PASSWORD}", ""])


def _first(count: int) -> str:
    if not count:
        return "nothing waits: signals and reviews"
    return "one thing waits" if count == 1 else f"{count} things wait"
