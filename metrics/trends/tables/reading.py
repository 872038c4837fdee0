"""Reading and writing comma-separated tables, with a plain answer when a cell cannot be read."""

import csv
import io
import math
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date
from pathlib import Path


class TableError(ValueError):
    """A table that cannot be read: file, line (0 = the file as a whole), column ("" = the row or file), the
    text found there, and a reason code: no_file, nothing, not_utf8, no_column, short_row, twice, unknown_series,
    not_number, not_whole, not_date, bad_direction, bad_screen, bad_fix_after, bad_chart, bad_part, bad_funnel,
    not_json, bad_ratings."""

    def __init__(self, file: Path, line: int, column: str, found: str, reason: str) -> None:
        self.file, self.line, self.column, self.found, self.reason = file, line, column, found, reason
        super().__init__(f"{file.name}:{line}:{column}: {reason} {found!r}")


@dataclass(frozen=True)
class Row:
    """One line of a table, whose cells are read with a clear answer if they cannot be."""

    file: Path
    line: int
    cells: dict[str, str]

    def error(self, column: str, reason: str) -> TableError:
        return TableError(self.file, self.line, column, self.cells[column], reason)

    def number(self, column: str) -> float:
        """An empty cell, NA or NaN is nan; Inf and -Inf are infinite."""
        text = self.cells[column].strip()
        if text in ("", "NA"):
            return math.nan
        try:
            return float(text)
        except ValueError:
            raise self.error(column, "not_number") from None

    def whole(self, column: str) -> int:
        text = self.cells[column].strip()
        if not text.isdecimal() and text:
            raise self.error(column, "not_whole")
        return int(text or 0)

    def day(self, column: str) -> int:
        return self.days(column)[0]

    def days(self, column: str) -> tuple[int, ...]:
        """One or more dates as year-month-day, separated by semicolons."""
        try:
            return tuple(date.fromisoformat(text.strip()).toordinal() for text in self.cells[column].split(";"))
        except ValueError:
            raise self.error(column, "not_date") from None


def read_rows(file: Path, columns: tuple[str, ...]) -> Iterator[Row]:
    try:
        text = file.read_text(encoding="utf-8-sig")
    except FileNotFoundError:
        raise TableError(file, 0, "", "", "no_file") from None
    except UnicodeDecodeError:
        raise TableError(file, 0, "", "", "not_utf8") from None
    reader = csv.DictReader(text.splitlines())
    absent = [name for name in columns if name not in (reader.fieldnames or ())]
    if absent:
        raise TableError(file, 1, absent[0], "", "no_column")
    for cells in reader:
        if any(cells[name] is None for name in columns):
            raise TableError(file, reader.line_num, "", "", "short_row")
        yield Row(file, reader.line_num, cells)


def number(value: float) -> str:
    """15 significant digits; NaN and Inf spelled out."""
    if math.isfinite(value):
        return f"{value:.15g}"
    return "NaN" if math.isnan(value) else "Inf" if value > 0 else "-Inf"


@dataclass(frozen=True)
class Table:
    """One file to write: its name and its text."""

    name: str
    text: str


def table_of(name: str, columns: tuple[str, ...], rows: Iterable[tuple[str, ...]]) -> Table:
    """A comma-separated table with its header."""
    text = io.StringIO()
    writer = csv.writer(text, lineterminator="\n")
    writer.writerow(columns)
    writer.writerows(rows)
    return Table(name, text.getvalue())


def in_order(rows: Iterable[Row], key: str) -> dict[str, list[Row]]:
    """The rows of each series by their number ``seq``. Raises TableError where a number comes twice."""
    groups: dict[str, dict[int, Row]] = {}
    for row in rows:
        group = groups.setdefault(row.cells[key], {})
        place = row.whole("seq")
        if place in group:
            raise row.error("seq", "twice")
        group[place] = row
    return {name: [group[place] for place in sorted(group)] for name, group in groups.items()}
