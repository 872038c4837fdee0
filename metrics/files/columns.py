"""Columns of text cells to arrays. Every distinct cell is judged once and remembered within a bound."""

from __future__ import annotations

import re
from dataclasses import dataclass, field

import numpy as np
from numpy.typing import NDArray

from metrics.files.chunks import Floats
from metrics.files.dates import NAIVE, UNREADABLE, parse_day, parse_moment, parse_time
from metrics.files.found import Column
from metrics.files.iso import iso_moments
from metrics.files.mapping import Mapping
from metrics.files.numbers import parse_amount
from metrics.files.plan import Limits, Where, refusal
from metrics.files.zones import EPOCH
from teams.cells import unguarded

REMEMBERED = 100_000
MISSING_DAY, SLOW = -10, -11
TEXT_LENGTH = 200
TOTALS = frozenset(
    {"total", "totals", "grand total", "sub-total", "subtotal", "sub total", "overall total", "sum"}
    | {"summe", "gesamt", "gesamtsumme", "gesamtergebnis", "total general", "total général", "totaal", "totale"}
    | {"합계", "총계", "cyfanswm", "жиыны", "барлығы", "итого"}
)
TOTAL, BLANK = -2, -1
_BARE = b"0123456789.-"
_DIGITS = b"0123456789-"
_ERRORS = {
    "#ref!",
    "#div/0!",
    "#value!",
    "#name?",
    "#num!",
    "#null!",
    "#n/a",
    "#multivalue",
    "#error!",
    "#getting_data",
}
_ISO_T = re.compile(r"\d{4}-\d\d-\d\dT\d")
_OFFSETS = 2_000
_SECONDS = 86_401


@dataclass(slots=True)
class MomentCells:
    """A date column's cells: packed day (see ``dates``), seconds since midnight, offset in minutes or ``NAIVE``."""

    day: NDArray[np.int64]
    seconds: NDArray[np.int64]
    offset: NDArray[np.int64]

    @property
    def missing(self) -> NDArray[np.bool_]:
        return self.day == MISSING_DAY

    @property
    def bad(self) -> NDArray[np.bool_]:
        return (self.day < 0) & (self.day != MISSING_DAY)


class _Days(dict[str, int]):
    def __init__(self, order: str, missing: frozenset[str]) -> None:
        super().__init__()
        self.order, self.missing = order, missing

    def __missing__(self, head: str) -> int:
        if len(self) > REMEMBERED:
            self.clear()
        text = head.strip()
        if text.casefold() in self.missing:
            day = MISSING_DAY
        else:
            day = SLOW if "%" in self.order else parse_day(text, self.order)
            day = SLOW if day == UNREADABLE else day
        self[head] = day
        return day


class _Times(dict[str, int]):
    def __missing__(self, tail: str) -> int:
        if len(self) > 4 * REMEMBERED:
            self.clear()
        time = parse_time(tail) if tail.strip() else (0, NAIVE)
        packed = -1 if time is None else time[0] + _SECONDS * (0 if time[1] == NAIVE else time[1] + _OFFSETS)
        self[tail] = packed
        return packed


class MomentColumn:
    """Parses one date column in the mapping's order."""

    def __init__(self, column: Column, order: str, missing: frozenset[str]) -> None:
        self.column, self.order = column, order
        self._days, self._times = _Days(order, missing), _Times()
        self._separator = "T" if any(_ISO_T.match(cell) for cell in column.samples) else " "

    def parse(self, cells: list[str]) -> MomentCells:
        """One entry per cell; nothing is left out and nothing raises."""
        count, separator = len(cells), self._separator
        plain = self._iso(cells)
        if plain is not None:
            return plain
        if separator not in "".join(cells):
            day = np.fromiter(map(self._days.__getitem__, cells), np.int64, count)
            packed = np.zeros(count, np.int64)
        else:
            parts = [cell.partition(separator) for cell in cells]
            day = np.fromiter([self._days[part[0]] for part in parts], np.int64, count)
            packed = np.fromiter([self._times[part[2]] for part in parts], np.int64, count)
        offset, seconds = np.divmod(packed, _SECONDS)
        offset = np.where(offset > 0, offset - _OFFSETS, NAIVE)
        odd = (day == SLOW) | (packed < 0) | ((day == MISSING_DAY) & (packed != 0))
        for place in np.flatnonzero(odd).tolist():
            day[place], seconds[place], offset[place] = parse_moment(cells[place], self.order)
        return MomentCells(day, seconds, offset)

    def _iso(self, cells: list[str]) -> MomentCells | None:
        """The whole column at once where every cell is a plain ISO date or date and time, else None."""
        moments = None if "%" in self.order else iso_moments(cells)
        if moments is None:
            return None
        missing = np.isnat(moments)
        if missing.any() and "" not in self._days.missing:
            return None
        days, seconds = np.divmod(moments.astype(np.int64), 86_400)
        day = np.where(missing, MISSING_DAY, days + EPOCH)
        return MomentCells(day, np.where(missing, 0, seconds), np.full(len(cells), NAIVE, np.int64))


class AmountColumn:
    """Parses one number or duration column; nan is missing."""

    def __init__(self, column: Column, measure: str, mapping: Mapping) -> None:
        self.column, self.measure, self.decimal = column, measure, mapping.decimal
        self._missing = missing_marks(mapping)
        self._bare = _BARE if mapping.decimal == "." else _DIGITS
        self._scale = {"percent": 0.01, "minutes": 60.0, "hours": 3_600.0, "days": 86_400.0}.get(measure, 1.0)
        self._known: dict[str, float | None] = {}
        self.bad: dict[str, str] = {}
        self.errors = 0

    def parse(self, cells: list[str]) -> Floats:
        """One float per cell; cells that are no number are nan and have their reason in ``bad``."""
        self.bad.clear()
        fast = self._fast(cells)
        return fast if fast is not None else self._slow(cells)

    def _fast(self, cells: list[str]) -> Floats | None:
        if self.measure in ("clock", "words"):
            return None
        text = "".join(cells)
        if not text.isascii() or text.encode("ascii").translate(None, self._bare):
            return None
        try:
            values = np.array(list(map(float, cells)), np.float64)
        except ValueError:
            return None
        if not np.isfinite(values).all():
            return None
        return values / 100.0 if self.measure == "percent" else values * self._scale if self._scale != 1.0 else values

    def _slow(self, cells: list[str]) -> Floats:
        if len(self._known) > REMEMBERED:
            self._known.clear()
        known, values = self._known, []
        for cell in cells:
            value = known.get(cell, self)
            if value is self or value is None:
                value = self._judge(cell)
            values.append(value)
        return np.array(values, np.float64)

    def _judge(self, cell: str) -> float:
        text = unguarded(cell.strip())
        low = text.casefold()
        value: float | str
        if low in self._missing or low in _ERRORS:
            self.errors += low in _ERRORS
            value = np.nan
        else:
            value = parse_amount(text, self.measure, self.decimal)
        if isinstance(value, str):
            self.bad[cell] = value
            return np.nan
        if low not in _ERRORS:
            self._known[cell] = value
        return value


class KeyColumn:
    """Words to codes; the list of names only grows. Total rows and blanks have codes of their own."""

    def __init__(self, what: str, mapping: Mapping, limits: Limits, column: Column | None) -> None:
        self.what, self.limits, self.column = what, limits, column
        self.names: list[str] = []
        self._missing = frozenset(mark.casefold() for mark in mapping.missing_text)
        self._totals = TOTALS | {word.casefold() for word in mapping.total_words}
        self._known: dict[str, int] = {}
        self._codes: dict[str, int] = {}
        self.cut = 0

    def parse(self, cells: list[str]) -> NDArray[np.int32]:
        """A code per cell: ``BLANK`` for none, ``TOTAL`` for "Grand Total" and its like."""
        known = self._known
        try:
            return np.fromiter(map(known.__getitem__, cells), np.int32, len(cells))
        except KeyError:
            for cell in set(cells).difference(known):
                known[cell] = self._code(cell)
        codes = np.fromiter(map(known.__getitem__, cells), np.int32, len(cells))
        if len(known) > REMEMBERED:
            known.clear()
        return codes

    def fixed(self, name: str, count: int) -> NDArray[np.int32]:
        """The same word in every row; "" is a name too, for the caller to fill in."""
        if name not in self._codes:
            self._codes[name] = len(self.names)
            self.names.append(name)
        return np.full(count, self._codes[name], np.int32)

    def _code(self, cell: str) -> int:
        name = " ".join(unguarded(cell.strip()).split())
        low = name.casefold()
        if low in self._missing:
            return BLANK
        if low in self._totals:
            return TOTAL
        if len(name) > TEXT_LENGTH:
            name, self.cut = name[:TEXT_LENGTH], self.cut + 1
        if name not in self._codes:
            if len(self.names) >= self.limits.categories:
                where = Where("", 0, self.column.header, self.column.letter) if self.column else Where()
                code = "scores_are_words" if self.what == "score" else "too_many_categories"
                raise refusal(code, where, categories=len(self.names) + 1, limit=self.limits.categories)
            self._codes[name] = len(self.names)
            self.names.append(name)
        return self._codes[name]


def missing_marks(mapping: Mapping) -> frozenset[str]:
    """The mapping's marks for "no value", ready to be compared."""
    return frozenset(mark.casefold() for mark in mapping.missing)


@dataclass(slots=True)
class Picker:
    """Takes one column's cells out of a block, once."""

    rows: list[list[str]]
    _taken: dict[int, list[str]] = field(default_factory=dict)

    def cells(self, position: int) -> list[str]:
        if position not in self._taken:
            self._taken[position] = [row[position] for row in self.rows]
        return self._taken[position]
