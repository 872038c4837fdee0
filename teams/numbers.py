"""Whole numbers as addresses and forms carry them."""

from __future__ import annotations

# As many digits as every database keeps.
DIGITS = 18


def whole(text: str) -> int | None:
    """The number that plain digits spell; None for anything else, and for more than any id can be."""
    return int(text) if text.isascii() and text.isdigit() and len(text) <= DIGITS else None
