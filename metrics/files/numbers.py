"""Written numbers and durations to floats, or the code of what is wrong with them."""

from __future__ import annotations

import re

GROUP_SPACES = str.maketrans({"\u00a0": " ", "\u202f": " ", "\u2009": " ", "\u2007": " ", "’": "'", "\u2212": "-"})
_CENSORED = re.compile(r"(?:[<>≤≥]=?\s*[\d.,]+\s*%?|[\d.,]+\s*\+)\Z")
_PLAIN = re.compile(r"[+-]?(?:\d+(?:\.\d*)?|\.\d+)(?:[eE][+-]?\d{1,4})?\Z", re.ASCII)
_GROUPED = re.compile(r"[+-]?[1-9]\d{0,2}(?:([,' ])\d{3})(?:\1\d{3})*(?:\.\d*)?\Z", re.ASCII)
_DIGITS = re.compile(r"[+-]?[\d.,' ]+\Z", re.ASCII)
_INFINITE = re.compile(r"[+-]?(?:inf|infinity|∞)\Z", re.IGNORECASE)
_MONEY = "£$€₩₸"
_CLOCK = re.compile(r"([+-]?)(\d{1,6}):(\d{1,2})(?::(\d{1,2})(?:[.,](\d{1,9}))?)?\Z", re.ASCII)
_SHEET_CLOCK = re.compile(r"(?:1900-01-(\d\d)|1899-12-3[01])[ T](\d\d):(\d\d):(\d\d)\Z", re.ASCII)
_WORDS = re.compile(
    r"(\d+(?:[.,]\d+)?)\s*(weeks?|w|days?|d|hours?|hrs?|h|minutes?|mins?|m|seconds?|secs?|s)(?![a-z])[\s,]*(?:and\s+)?"
)
_SECONDS = {"w": 604_800, "d": 86_400, "h": 3_600, "m": 60, "s": 1}
# Nothing is measured beyond it, and what lies far below the end of a float can still be summed and squared.
LARGEST = 1e100
SECONDS = {"seconds": 1.0, "minutes": 60.0, "hours": 3_600.0, "days": 86_400.0}


def is_censored(text: str) -> bool:
    """True of "52+", "<5" and ">60": a bound, not a value."""
    return bool(_CENSORED.match(text))


def tidy(text: str) -> str:
    """A number's text with ordinary blanks and minus, without currency sign."""
    clean = text.translate(GROUP_SPACES).strip()
    if clean and (clean[0] in _MONEY or clean[-1] in _MONEY):
        clean = clean.strip(_MONEY).strip()
    if clean.startswith("(") and clean.endswith(")"):
        clean = "-" + clean[1:-1].strip()
    return clean


def parse_number(text: str, decimal: str) -> float | str:
    """The value of a written number, or a problem's code. A percent sign divides by 100."""
    clean = tidy(text)
    share = clean.endswith("%")
    if share:
        clean = clean[:-1].rstrip()
    if is_censored(clean):
        return "number_censored"
    if _INFINITE.match(clean):
        return "number_infinite"
    pointed = _with_point(clean, decimal)
    if pointed is None:
        return "number_grouping" if _DIGITS.match(clean) else "number_unreadable"
    value = float(pointed)
    if abs(value) > LARGEST:
        return "number_infinite"
    return value / 100.0 if share else value


def _with_point(clean: str, decimal: str) -> str | None:
    """The number as Python writes it, None where its grouping makes no number."""
    if decimal == ",":
        # Swap the two marks, so that one rule serves both.
        clean = clean.translate({44: ".", 46: ","})
    if _PLAIN.match(clean):
        return clean
    found = _GROUPED.match(clean)
    return clean.replace(found[1], "") if found else None


def readings(text: str) -> str:
    """Which decimal mark can read a number: "plain" (either), "point", "comma", "both" with different values, ""."""
    clean = tidy(text).removesuffix("%").rstrip()
    if _PLAIN.match(clean) and "." not in clean:
        return "plain"
    point, comma = _with_point(clean, "."), _with_point(clean, ",")
    if point is not None and comma is not None:
        return "plain" if float(point) == float(comma) else "both"
    if point is not None:
        return "point"
    return "comma" if comma is not None else ""


def parse_clock(text: str) -> float | str:
    """Seconds of [-]H:MM[:SS]; hours may pass 24, and a workbook's 1900-01-01 03:45:00 is 27:45:00."""
    clean = text.translate(GROUP_SPACES).strip()
    found = _CLOCK.match(clean)
    if found:
        minutes, seconds = int(found[3]), int(found[4] or 0)
        if minutes > 59 or seconds > 59:
            return "duration_unreadable"
        total = int(found[2]) * 3600 + minutes * 60 + seconds + float(f"0.{found[5] or 0}")
        return -total if found[1] == "-" else total
    sheet = _SHEET_CLOCK.match(clean)
    if sheet:
        return float(int(sheet[1] or 0) * 86_400 + int(sheet[2]) * 3600 + int(sheet[3]) * 60 + int(sheet[4]))
    return "duration_unreadable"


def parse_words(text: str) -> float | str:
    """Seconds of "1 day 3 hours", "12 minutes 5 seconds" or "1d 3h"."""
    low = text.strip().casefold()
    sign, low = (-1, low[1:].lstrip()) if low.startswith("-") else (1, low)
    position, total = 0, 0.0
    while position < len(low):
        found = _WORDS.match(low, position)
        if not found:
            return "duration_unreadable"
        total += float(found[1].replace(",", ".")) * _SECONDS[found[2][0]]
        position = found.end()
    return sign * total if low else "duration_unreadable"


def parse_amount(text: str, measure: str, decimal: str) -> float | str:
    """A cell in the unit the mapping states: shares come as 0..1, durations as seconds; else a problem's code."""
    if measure == "clock":
        return parse_clock(text)
    if measure == "words":
        return parse_words(text)
    value = parse_number(text, decimal)
    if isinstance(value, str):
        return value
    if measure == "percent":
        return value if "%" in text else value / 100.0
    return value * SECONDS.get(measure, 1.0)
