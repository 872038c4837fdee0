"""Kinds of notices: the sentence a person reads, and the words of the button that leads on.

Registered by each app's ``wording.py``. Facts are kept with the notice, words are made when it is read or sent.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from django.utils.functional import Promise

Words = str | Promise


@dataclass(frozen=True)
class Kind:
    """``sentence`` holds %(fact)s places; ``button`` is a verb ("Read the plan").

    ``personal``: nobody can do it for somebody else, so a stand-in is not shown the line.
    """

    code: str
    sentence: Words
    button: Words
    personal: bool = False

    def words(self, facts: dict[str, Any]) -> str:
        """The sentence with its facts, in the current language. A missing fact leaves its place empty."""
        return str(self.sentence) % _Facts(facts)


class _Facts(dict[str, Any]):
    def __missing__(self, key: str) -> str:
        return ""


KINDS: dict[str, Kind] = {}


def register(code: str, *, sentence: Words, button: Words, personal: bool = False) -> Kind:
    """Make ``code`` ("reviews.agree_plan") known. Registering it anew with other words is a fault of ours."""
    kind = Kind(code, sentence, button, personal)
    if code in KINDS and (str(KINDS[code].sentence), str(KINDS[code].button)) != (str(sentence), str(button)):
        raise LookupError(f"{code} is registered twice")
    KINDS[code] = kind
    return kind


def personal() -> list[str]:
    """The codes of what only the person told can do."""
    return sorted(code for code, kind in KINDS.items() if kind.personal)


def of(code: str) -> Kind:
    """The kind, or LookupError."""
    return KINDS[code]
