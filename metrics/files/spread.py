"""Tables whose headings are data: months, units or metrics as columns, read as one row per cell.

A mapping with a ``Wide`` names two columns that no file has: ``HEADING`` (what stands above a cell) as its date, unit,
metric or dimension, and ``CELL`` as what its metrics are made of. Everything after the reading sees a long table.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import fields, replace
from typing import Any

import numpy as np

from metrics.files.blocks import Block
from metrics.files.chunks import Reading
from metrics.files.dates import COARSE, GRAIN, parse_moment
from metrics.files.found import Column, NumberEvidence, Role, Sniffed
from metrics.files.keyed import located
from metrics.files.mapping import CELL, HEADING, Mapping, headed
from metrics.files.profile import Profile
from metrics.files.records import Row

FIGURES = ("number", "percent", "duration", "empty")
PREVIEWED = 12


def is_period(heading: str) -> bool:
    """True of a heading that names a day, a week or a month, in whatever order it is written."""
    found = (parse_moment(heading.strip(), order)[0] for order in ("dmy", "mdy"))
    return any(0 < day < GRAIN * COARSE for day in found)


def periods_in(sniffed: Sniffed) -> list[Column]:
    """The columns with figures below a heading that names a period."""
    return [column for column in sniffed.columns if column.role in FIGURES and is_period(column.header)]


def spread_columns(sniffed: Sniffed, mapping: Mapping) -> list[Column]:
    """The columns whose headings are data. Those that the mapping lists; else, with periods above them, all that
    have one, so that next month's file needs no new mapping; else all columns of figures that it does not name."""
    if mapping.wide is None:
        return []
    if mapping.wide.columns:
        return [located(sniffed, key) for key in mapping.wide.columns]
    if mapping.date == HEADING:
        # Whatever lies below: a month whose cells are words is a month to be listed, not to be passed over.
        return [one for one in sniffed.columns if is_period(one.header) and one.key not in mapping.columns()]
    named = set(mapping.columns())
    return [
        column
        for column in sniffed.columns
        if column.header and column.role in FIGURES and column.key not in named and not column.personal
    ]


def spread(sniffed: Sniffed, mapping: Mapping) -> Sniffed:
    """What was found, as it would be of the long table; the same where nothing is spread."""
    wide = spread_columns(sniffed, mapping)
    if not wide:
        return sniffed
    gone = {column.key for column in wide}
    kept = [column for column in sniffed.columns if column.key not in gone]
    columns = [replace(column, position=place) for place, column in enumerate(kept)]
    heading = _heading(wide, "date" if mapping.date == HEADING else "text", len(kept), sniffed)
    return replace(sniffed, columns=(*columns, heading, _cell(wide, len(kept) + 1)))


def _heading(wide: list[Column], role: Role, position: int, sniffed: Sniffed) -> Column:
    profile = Profile(position, "", HEADING, HEADING, role)
    profile.add([column.header for column in wide], sniffed.header_rows[-1] if sniffed.header_rows else 1)
    return profile.result()


def _cell(wide: list[Column], position: int) -> Column:
    """One column with the evidence of all."""
    roles = Counter(column.role for column in wide if column.role != "empty")
    role: Role = roles.most_common(1)[0][0] if roles else "empty"
    merged: dict[str, Any] = {}
    for item in fields(NumberEvidence):
        found = [getattr(column.numbers, item.name) for column in wide]
        merged[item.name] = next(filter(None, found), "") if isinstance(found[0], str) else sum(found)
    return Column(
        position=position,
        letter="",
        header=CELL,
        key=CELL,
        samples=tuple(cell for column in wide for cell in column.samples[:2])[:5],
        role=role,
        filled=sum(column.filled for column in wide),
        blank=sum(column.blank for column in wide),
        numbers=NumberEvidence(**merged),
    )


class Spreader:
    """Turns blocks of the table as it stands into blocks of the long one, and keeps the account even."""

    def __init__(self, sniffed: Sniffed, mapping: Mapping, reading: Reading) -> None:
        self.wide, self.reading = spread_columns(sniffed, mapping), reading
        gone = {column.key for column in self.wide}
        self.kept = [column.position for column in sniffed.columns if column.key not in gone]
        self.missing = frozenset(mark.casefold() for mark in mapping.missing)

    def block(self, block: Block) -> Block:
        """Cells that say nothing are no rows: a year's months are there before they have happened."""
        rows: list[Row] = []
        place_of: list[int] = []
        columns: list[Column] = []
        for place, row in enumerate(block.rows):
            base = [row[position] for position in self.kept]
            for column in self.wide:
                cell = row[column.position]
                if cell.strip().casefold() not in self.missing:
                    rows.append([*base, column.header, cell])
                    place_of.append(place)
                    columns.append(column)
        more = len(block.rows) * (len(self.wide) - 1)
        self.reading.rows += more
        self.reading.spread += more
        self.reading.without_values += len(block.rows) * len(self.wide) - len(rows)
        return Block(
            block.sheet,
            rows,
            block.number[np.array(place_of, np.intp)],
            [block.lines[place] for place in place_of],
            block.rejected,
            origin=[block.rows[place] for place in place_of],
            above=columns,
        )


def previewed(sniffed: Sniffed, mapping: Mapping, rows: Iterable[Row]) -> Iterator[tuple[list[str], str, str]]:
    """The first real cells as they will be read: (cells beside it, heading, cell)."""
    wide, kept = spread_columns(sniffed, mapping), beside(sniffed, mapping)
    shown = 0
    for row in rows:
        for column in wide:
            if column.position < len(row) and row[column.position].strip() and shown < PREVIEWED:
                shown += 1
                yield [row[one.position] for one in kept], column.header, row[column.position]


def beside(sniffed: Sniffed, mapping: Mapping) -> list[Column]:
    """The columns that stay columns and that the mapping names, as ``previewed`` shows them."""
    gone = {column.key for column in spread_columns(sniffed, mapping)}
    return [column for column in sniffed.columns if column.key not in gone and column.key in mapping.columns()]


def heads(mapping: Mapping) -> str:
    """What the headings are: "date", "unit_column", "metric_column", or a dimension's name; "" where it is not said."""
    found = headed(mapping)
    return found[0] if len(found) == 1 else ""
