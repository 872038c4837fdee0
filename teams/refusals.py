"""What a verb raises when a rule of the product says no; views answer it with 422 and these words."""

from __future__ import annotations

from django.utils.functional import Promise


class Refused(Exception):
    """A rule said no. ``code`` for programs and tests, ``message`` (translatable) for people.

    ``fields`` maps a form field to its message where the refusal belongs to one.
    """

    def __init__(self, code: str, message: str | Promise, fields: dict[str, str | Promise] | None = None) -> None:
        super().__init__(code)
        self.code, self.message, self.fields = code, message, fields or {}


class Conflict(Refused):
    """Somebody else changed the same words meanwhile. Both texts are kept; nobody's is lost."""

    def __init__(self, message: str | Promise, theirs: dict[str, str], mine: dict[str, str], draft_id: int) -> None:
        super().__init__("conflict", message)
        self.theirs, self.mine, self.draft_id = theirs, mine, draft_id

    @property
    def both(self) -> list[tuple[str, str, str]]:
        """(field as words, their text, my text) for each field that both changed."""
        return [(field.replace("_", " "), theirs, self.mine.get(field, "")) for field, theirs in self.theirs.items()]
