"""When was what a file says known? Read from a line or a column that says so; a date in its name is only a hint.

A day that could be read two ways is none: nothing is guessed here.
"""

from __future__ import annotations

import datetime as dt
import re
from dataclasses import asdict, dataclass
from typing import Any, Literal

from metrics.files.dates import GRAIN, NAIVE, parse_day, parse_moment, split_moment
from metrics.files.found import Column, Sniffed

_SAID = re.compile(
    r"\b(?:data )?(?:as of|as at|extracted|exported|generated|report(?:ed)? (?:run|created|date)|run date|"
    r"export date|extract date|snapshot(?: date)?|downloaded|printed|known at)\b(?:\s+(?:on|at))?\s*[:=]?\s*(.+)",
    re.IGNORECASE,
)
COLUMNS = re.compile(
    r"(?:data )?(?:as of|as at|known at)(?: date)?|(?:snapshot|extract|extraction|export|run)(?: date| time|ed at)?|"
    r"(?:extracted|exported|generated|downloaded)(?: at| on)?|report (?:date|run|created)"
)
_IN_NAME = re.compile(r"(?<!\d)(20\d\d)[-_.]?([01]\d)[-_.]?([0-3]\d)(?!\d)")
_MONTH_IN_NAME = re.compile(r"(?<!\d)([0-3]?\d)[-_ .]?([A-Za-z]{3,9})[-_ .]?(20\d\d)(?!\d)")
_DATE_LENGTHS = (5, 4, 3, 2, 1)


@dataclass(frozen=True, slots=True)
class AsOf:
    """A moment that the file names: ``place`` line, column or name, ``text`` as it stands there. ``moment`` in
    ISO 8601 with its offset, noon UTC where only a day is named."""

    place: Literal["line", "column", "name"]
    moment: str
    text: str

    def to_json(self) -> dict[str, Any]:
        return asdict(self)


def said_in(sniffed: Sniffed) -> AsOf | None:
    """What a line above or below the table says, else a column with one day in all its rows; None for neither."""
    for item in sniffed.asides:
        found = _SAID.search(item.text)
        moment = _leading(found[1]) if found else None
        if moment:
            return AsOf("line", moment.isoformat(), item.text[:200])
    for column in sniffed.columns:
        moment = _of_column(column)
        if moment:
            return AsOf("column", moment.isoformat(), f"{column.header}: {column.samples[0]}"[:200])
    return None


def hinted_by(name: str) -> AsOf | None:
    """The day in a file's name, written with the year first or with the month in letters."""
    stem = name.rsplit(".", 1)[0]
    found = list(_IN_NAME.finditer(stem))
    if found:
        day = _day(f"{found[-1][1]}-{found[-1][2]}-{found[-1][3]}")
    else:
        worded = _MONTH_IN_NAME.search(stem)
        day = _day(f"{worded[1]} {worded[2]} {worded[3]}") if worded else None
    return AsOf("name", day.isoformat(), name[:200]) if day else None


def _of_column(column: Column) -> dt.datetime | None:
    """One moment for the whole file; a column with several says when each row was known, which is another thing."""
    if column.distinct != 1 or not column.samples or not COLUMNS.fullmatch(column.key):
        return None
    return _moment(column.samples[0])


def _leading(text: str) -> dt.datetime | None:
    """The moment at the beginning of a text: the longest run of words that can be read as one."""
    words = text.replace(",", " ").split()
    for length in _DATE_LENGTHS:
        moment = _moment(" ".join(words[:length]).rstrip(".;)")) if len(words) >= length else None
        if moment:
            return moment
    return None


def _moment(text: str) -> dt.datetime | None:
    head, tail = split_moment(text)
    if parse_day(head, "dmy") != parse_day(head, "mdy"):
        first, second = parse_day(head, "dmy"), parse_day(head, "mdy")
        if first > 0 and second > 0:
            return None
    order = "dmy" if parse_day(head, "dmy") > 0 else "mdy"
    day, seconds, offset = parse_moment(text, order)
    if not 0 < day < GRAIN:
        return None
    start = dt.datetime.combine(dt.date.fromordinal(day), dt.time(), tzinfo=dt.UTC)
    if not tail:
        return start.replace(hour=12)
    return start + dt.timedelta(seconds=seconds, minutes=0 if offset == NAIVE else -offset)


def _day(text: str) -> dt.datetime | None:
    moment = _moment(text)
    return moment.replace(hour=12, minute=0, second=0) if moment else None
