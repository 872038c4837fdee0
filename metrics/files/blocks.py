"""Batches of records to blocks of table rows: right width, no notes, each with its number; and what was wrong."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

import numpy as np
from numpy.typing import NDArray

from metrics.files.chunks import Reading, Rejected
from metrics.files.columns import Picker
from metrics.files.found import Column, Sniffed
from metrics.files.plan import Problem, Where
from metrics.files.records import Batch, Row, is_even

SAID = 50
"""Warnings of one code that are listed one by one; the others are only counted."""


@dataclass(slots=True)
class Block:
    """Rows of the table's width. ``number`` and ``line`` are parallel to ``rows``."""

    sheet: str
    rows: list[Row]
    number: NDArray[np.int64]
    lines: list[int]
    rejected: list[Rejected]
    picker: Picker = field(init=False)
    wrong: dict[int, list[Problem]] = field(default_factory=dict)
    warnings: list[Problem] = field(default_factory=list)
    excluded: dict[int, str] = field(default_factory=dict)
    # Of a wide table: the rows as they stand in the file, and the column each cell comes from.
    origin: list[Row] | None = None
    above: list[Column] | None = None

    def __post_init__(self) -> None:
        self.picker = Picker(self.rows)

    def cells(self, column: Column) -> list[str]:
        return self.picker.cells(column.position)

    def where(self, place: int, column: Column | None) -> Where:
        if self.above and column is not None and not column.letter:
            column = self.above[place]
        header, letter = (column.header, column.letter) if column else ("", "")
        return Where(self.sheet, int(self.number[place]), header, letter, self.lines[place])

    def reject(self, place: int, code: str, column: Column | None, value: str = "", **params: Any) -> None:
        """Leave one row out, and say why."""
        problem = Problem(code, self.where(place, column), value[:200], params, "row")
        self.wrong.setdefault(place, []).append(problem)

    def exclude(self, places: NDArray[np.bool_], kind: str) -> None:
        """Leave rows out that are not data (totals, filtered rows); nothing is wrong with them."""
        for place in np.flatnonzero(places).tolist():
            self.excluded.setdefault(place, kind)

    def warn(self, reading: Reading, place: int, code: str, column: Column | None, value: str, **params: Any) -> None:
        """Say something about a row that is kept."""
        reading.warned[code] = reading.warned.get(code, 0) + 1
        if reading.warned[code] <= SAID:
            self.warnings.append(Problem(code, self.where(place, column), value[:200], params, "warn"))

    def kept(self, without: NDArray[np.bool_] | None = None) -> NDArray[np.bool_]:
        """Which rows are accepted: neither excluded nor rejected nor ``without`` any value."""
        keep = np.ones(len(self.rows), bool) if without is None else ~without
        keep[list(self.excluded)] = False
        keep[list(self.wrong)] = False
        return keep

    def account(self, reading: Reading, without: NDArray[np.bool_] | None = None) -> list[Rejected]:
        """Book every row of the block once, and return the rejected ones in order."""
        for place, kind in self.excluded.items():
            self.wrong.pop(place, None)
            reading.excluded[kind] = reading.excluded.get(kind, 0) + 1
        for place in sorted(self.wrong):
            cells = tuple((self.origin or self.rows)[place])
            row = Rejected(int(self.number[place]), self.lines[place], cells, tuple(self.wrong[place]))
            self.rejected.append(row)
        reading.rejected += len(self.rejected)
        for code, times in Counter(row.problems[0].code for row in self.rejected).items():
            reading.reasons[code] = reading.reasons.get(code, 0) + times
        kept = int(self.kept(without).sum())
        reading.accepted += kept
        reading.without_values += len(self.rows) - kept - len(self.excluded) - len(self.wrong)
        return sorted(self.rejected, key=lambda row: row.row)


def blocks(batches: Iterator[Batch], sniffed: Sniffed, reading: Reading) -> Iterator[Block]:
    """The data rows of all batches. Blank rows vanish; short, long and footer rows are booked here."""
    width = len(sniffed.columns)
    for batch in batches:
        skip = max(sniffed.first_row - batch.first, 0)
        rows = batch.rows[skip:]
        if not rows:
            continue
        first = batch.first + skip
        if is_even(rows, width) and first + len(rows) - 1 <= sniffed.last_row:
            reading.rows += len(rows)
            number = np.arange(first, first + len(rows), dtype=np.int64)
            lines = number.tolist()
            if sniffed.kind == "csv" and (batch.lines or batch.shift):
                lines = batch.lines[skip:] if batch.lines else (number + batch.shift).tolist()
            yield Block(sniffed.sheet, rows, number, lines, [])
        else:
            yield _uneven(batch, skip, sniffed, reading)


def _uneven(batch: Batch, skip: int, sniffed: Sniffed, reading: Reading) -> Block:
    width = len(sniffed.columns)
    good: list[Row] = []
    numbers: list[int] = []
    lines: list[int] = []
    rejected: list[Rejected] = []
    for place in range(skip, len(batch.rows)):
        row, number = batch.rows[place], batch.first + place
        line = batch.line(place) if sniffed.kind == "csv" else number
        if not any(cell.strip() for cell in row):
            continue
        reading.rows += 1
        if number > sniffed.last_row:
            reading.excluded["note"] = reading.excluded.get("note", 0) + 1
        elif len(row) != width:
            where = Where(sniffed.sheet, number, "", "", line)
            problem = Problem("ragged_row", where, ",".join(row)[:200], {"found": len(row), "expected": width}, "row")
            rejected.append(Rejected(number, line, tuple(row), (problem,)))
        else:
            good.append(row)
            numbers.append(number)
            lines.append(line)
    return Block(sniffed.sheet, good, np.array(numbers, np.int64), lines, rejected)
