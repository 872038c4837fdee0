"""Rows that are not data: what stands above a table and below it."""

from __future__ import annotations

import re
from zoneinfo import ZoneInfo

from metrics.files.found import Aside

Row = list[str]
_ZONE = re.compile(
    r"\b(?:time ?zone|zeitzone|fuseau horaire)\s*[:=]?\s*\(?([A-Za-z]+(?:/[A-Za-z_+\-0-9]+)+|UTC|GMT)\b", re.I
)
_ZONE_SAID = re.compile(r"\bin ([A-Za-z]+(?:/[A-Za-z_]+)+|UTC|GMT) time ?zone\b", re.IGNORECASE)
_PERIOD = re.compile(r"\breporting period\b.*?(\d{4}-\d\d-\d\d).*?(\d{4}-\d\d-\d\d)", re.IGNORECASE)
_DECLARED = re.compile(
    r"\b(?:total|number of) (?:records|rows|cases|tickets|entries)\s*[:=]?\s*(\d[\d,. ]*)", re.IGNORECASE
)
_NOTE = re.compile(
    r"(?:notes?\b|"
    r"source\b|sources\b|footnotes?\b|confidential\b|copyright\b|©|generated\b|the report\b|"
    r"report generated\b|exported\b|printed\b|\*+\s|\d{1,2}[.)]\s+\w|reporting period\b|"
    r"time ?zone\b|(?:total|number of) (?:records|rows|cases|tickets|entries)|end of (?:report|file))",
    re.IGNORECASE,
)
TAIL = 60
"""Rows at the end in which a footer is looked for."""


def zone_of(text: str) -> str:
    """The zone that a line above or below a table names, "" where it names none we know."""
    found = _ZONE.search(text) or _ZONE_SAID.search(text)
    if not found:
        return ""
    try:
        ZoneInfo(found[1])
    except (KeyError, ValueError, OSError):
        return ""
    return found[1]


def period_of(text: str) -> str:
    """A reporting period as "first/last", or ""."""
    found = _PERIOD.search(text)
    return f"{found[1]}/{found[2]}" if found else ""


def declared_rows(asides: list[Aside]) -> int:
    """How many rows the file itself says it has ("Total records: 1,204"), 0 where it does not say."""
    found = next((found for item in asides if (found := _DECLARED.search(item.text))), None)
    return int(re.sub(r"\D", "", found[1])) if found else 0


def aside(row: int, cells: Row, kind: str) -> Aside:
    """A row that is not data, with the zone or the period that it names."""
    text = " ".join(cell.strip() for cell in cells if cell.strip())
    zone, period = zone_of(text), period_of(text)
    if zone:
        return Aside(row, "zone", text[:300], zone)
    if period:
        return Aside(row, "period", text[:300], period)
    return Aside(row, kind, text[:300])


def footer(tail: list[tuple[int, Row]], width: int) -> list[Aside]:
    """The notes below a table among its last (row number, cells); blank rows are left out.

    A row is a note if only its first cells hold words, and the block it stands in starts with a word such as
    "Notes", follows a blank row, or names a zone or a period. A short last row of data is not: it may be cut off.
    """
    if width < 2:
        return []
    block: list[tuple[int, Row]] = []
    for number, cells in reversed(tail):
        if _filled(cells) > 1 and not _is_said(cells, width):
            break
        block.append((number, cells))
    block.reverse()
    for start, (_, cells) in enumerate(block):
        text = " ".join(cells).strip()
        after_blank = start > 0 and not _filled(block[start - 1][1])
        if text and (after_blank or _NOTE.match(text) or zone_of(text) or period_of(text)):
            return [aside(number, row, "note") for number, row in block[start:] if _filled(row)]
    return []


def _is_said(cells: Row, width: int) -> bool:
    """A note that the delimiter cut in two, as in "Total records,1204"."""
    text = " ".join(cells).strip()
    return _filled(cells) == 2 and len(cells) != width and bool(_DECLARED.match(text) or zone_of(text))


def _filled(cells: Row) -> int:
    return sum(1 for cell in cells if cell.strip())
