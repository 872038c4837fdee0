"""Find the header of a table among its first records, join its rows, name its columns."""

from __future__ import annotations

import re
import unicodedata
from collections import Counter
from dataclasses import dataclass

from metrics.files.dates import UNREADABLE, parse_day, split_moment
from metrics.files.mapping import MISSING
from metrics.files.numbers import parse_clock, readings
from teams.cells import unguarded

_BETWEEN = re.compile(r"[^\w%<>#+/&]+|_+")
_ZONE_IN_HEADER = re.compile(r"\s*\(([A-Za-z]+(?:/[A-Za-z_+\-0-9]+){1,2}|UTC|GMT)\)\s*$")
_MARKS = {mark.casefold() for mark in MISSING}
HEADER_SEARCH = 60
Row = list[str]


def is_mark(text: str) -> bool:
    """True of a cell that says there is nothing: blank, "?", "-", "NA" and the like."""
    return text.strip().casefold() in _MARKS


def is_typed(text: str) -> bool:
    """True of a cell that is a number, a date, a time or a percentage, whatever the order or the decimal mark."""
    clean = text.strip()
    if not clean or not any(letter.isdigit() for letter in clean):
        return False
    if readings(clean) or not isinstance(parse_clock(clean), str):
        return True
    day = split_moment(clean)[0]
    return any(parse_day(day, order) != UNREADABLE for order in ("dmy", "mdy"))


def normalised(header: str) -> str:
    """A header as a mapping names it: case, blanks, line breaks and punctuation do not matter."""
    text = unicodedata.normalize("NFKC", _ZONE_IN_HEADER.sub("", header))
    return _BETWEEN.sub(" ", text).strip().casefold()


def zone_in(header: str) -> str:
    """The zone a header carries, as in "Updated at (America/Lima)", or ""."""
    found = _ZONE_IN_HEADER.search(header)
    return found[1] if found else ""


@dataclass(frozen=True, slots=True)
class Header:
    """``start`` and ``count`` are positions among the records looked at; ``names`` one per column."""

    start: int
    count: int
    names: tuple[str, ...]


def find_header(rows: list[Row]) -> Header | None:
    """The header among the first records, None where there is no row that could be one."""
    start = _main_row(rows[:HEADER_SEARCH])
    if start is None:
        return None
    top, bottom = start, start
    width = len(rows[start])
    while top > 0 and _is_group_row(rows[top - 1], width):
        top -= 1
    typed = _typed_columns(rows[start + 1 :], width)
    while bottom + 1 < len(rows) - 1 and bottom - start < 2 and _continues(rows[bottom + 1], width, typed):
        bottom += 1
    return Header(top, bottom - top + 1, join_names(rows[top : bottom + 1], width))


def given_header(rows: list[Row], start: int, count: int) -> Header | None:
    """The header a person pointed at."""
    if start + count > len(rows) or not rows[start : start + count]:
        return None
    width = max(len(row) for row in rows[start : start + count])
    return Header(start, count, join_names(rows[start : start + count], width))


def _filled(row: Row) -> int:
    return sum(1 for cell in row if cell.strip())


def _main_row(rows: list[Row]) -> int | None:
    """The first row at least half as full as the table is wide, whose cells are words."""
    fullness = [_filled(row) for row in rows]
    if not any(fullness):
        return None
    common = Counter(full for full in fullness if full)
    wide = max((full for full, times in common.items() if times > 1 or len(common) == 1), default=max(fullness))
    candidates = []
    for position, row in enumerate(rows):
        if fullness[position] < max(1, 0.5 * wide):
            continue
        words = sum(1 for cell in row if cell.strip() and not is_typed(cell))
        if words >= 0.6 * fullness[position] or (words and not is_typed(row[0])):
            candidates.append(position)
        if words < fullness[position] or len(candidates) == HEADER_SEARCH // 2:
            break
    if candidates and fullness[candidates[0]] < 0.7 * wide:
        # "Owner, Ann" above a table of three columns is as full as half a header: the fullest row is the header.
        return max(candidates, key=lambda position: fullness[position])
    return candidates[0] if candidates else None


def _is_group_row(row: Row, width: int) -> bool:
    """Group headings above the header: several cells of a full-width record, all words, not label: value."""
    filled = _filled(row)
    if len(row) != width or filled < 2 or filled > 0.7 * width or width < 4:
        return False
    return not any(is_typed(cell) for cell in row) and not row[0].strip().endswith(":")


def _typed_columns(rows: list[Row], width: int) -> list[int]:
    """Columns whose cells are mostly numbers or dates, in the rows that have the header's width."""
    body = [row for row in rows[:200] if len(row) == width]
    columns = []
    for column in range(width):
        cells = [row[column] for row in body if not is_mark(row[column])]
        if len(cells) >= 2 and sum(1 for cell in cells if is_typed(cell)) >= 0.6 * len(cells):
            columns.append(column)
    return columns


def _continues(row: Row, width: int, typed: list[int]) -> bool:
    """A second or third header row: words or nothing wherever the data have numbers and dates."""
    if len(row) != width or not typed or _filled(row) < 2:
        return False
    if any(is_typed(row[column]) for column in typed):
        return False
    # A lone column of numbers that starts with a missing mark is data, not a header.
    return len(typed) > 1 or not any(is_mark(row[column]) for column in typed)


def join_names(rows: list[Row], width: int) -> tuple[str, ...]:
    """One name per column: "group - column", a group's name standing over the blanks to its right."""
    padded = [[unguarded(cell.strip()) for cell in row] + [""] * (width - len(row)) for row in rows]
    for row in padded[:-1]:
        for column in range(1, width):
            if not row[column] and any(below[column] for below in padded[1:]):
                row[column] = row[column - 1]
    names = []
    for column in range(width):
        parts = dict.fromkeys(row[column] for row in padded if row[column])
        names.append(" - ".join(parts))
    return tuple(names)


def keys_of(names: tuple[str, ...]) -> tuple[str, ...]:
    """A unique key per column: the normalised name, "column 7" for a blank one, " (2)" for the second of a name."""
    seen: Counter[str] = Counter()
    keys = []
    for position, name in enumerate(names):
        key = normalised(name) or f"column {position + 1}"
        seen[key] += 1
        keys.append(key if seen[key] == 1 else f"{key} ({seen[key]})")
    return tuple(keys)
