"""Text in a cell of an exported table, made harmless for spreadsheet programs, and back again. Pure.

A spreadsheet takes a text such as ``=HYPERLINK(…)`` in a CSV file for a formula. So every text that a program
could take for one (after spaces and quotes it begins with = + - @ | or %, also in full width, or it begins with a
tab or a line break) gets one apostrophe in front; so does a text that begins with an apostrophe already. Whoever
reads such a file back takes exactly one leading apostrophe away, and no character is lost. Plain numbers, negative
ones too, stay as they are.
"""

from __future__ import annotations

import re

_RISKY = re.compile(r"""[\t\r\n]|'|[\s"'\ufeff\u200b]*[=+\-@|%＝＋－＠｜％]""")
_NUMBER = re.compile(r"[+-]?[0-9]+(\.[0-9]+)?([eE][+-]?[0-9]+)?\Z", re.ASCII)


def defuse(text: str) -> str:
    """The text as it may stand in an exported cell."""
    if _RISKY.match(text) and not _NUMBER.match(text):
        return "'" + text
    return text


def restore(text: str) -> str:
    """The text that was exported: the inverse of ``defuse``."""
    return text[1:] if text.startswith("'") else text


def unguarded(text: str) -> str:
    """The text of a cell that may or may not come from an export: an apostrophe goes only where ``defuse`` puts one.

    So "'=1+1" is "=1+1" and "''s" is "'s", and a text of somebody else's such as "'s" stays whole.
    """
    plain = restore(text)
    return plain if plain != text and defuse(plain) == text else text
