"""The pass over a table's rows: how many, how wide, what each column holds, where a second table begins."""

from __future__ import annotations

from collections import deque
from dataclasses import dataclass, field
from operator import itemgetter

from metrics.files.asides import TAIL
from metrics.files.headers import is_typed
from metrics.files.profile import Profile
from metrics.files.records import Batch, Row, is_even


@dataclass(slots=True)
class Table:
    """The pass over the data rows: counts, the last rows, and one profile per column."""

    width: int
    first: int
    profiles: list[Profile]
    names: tuple[str, ...]
    rows: int = 0
    ragged: int = 0
    last_width: int = 0
    repeated: int = 0
    after_gap: int = 0
    tail: deque[tuple[int, Row]] = field(default_factory=lambda: deque(maxlen=TAIL))
    _gap: bool = False

    def add(self, batch: Batch, skip: int) -> None:
        rows = batch.rows[skip:] if skip else batch.rows
        first = batch.first + skip
        self.tail.extend(zip(range(first + max(len(rows) - TAIL, 0), first + len(rows)), rows[-TAIL:], strict=True))
        good, numbers = rows, range(first, first + len(rows))
        if not is_even(rows, self.width):
            good, numbers = self._uneven(rows, first)
        self.rows += len(good)
        for profile in self.profiles:
            if good:
                profile.add(list(map(itemgetter(profile.position), good)), numbers[0])

    def _uneven(self, rows: list[Row], first: int) -> tuple[list[Row], range]:
        """The rows of the right width; the others are counted, and a second table is noticed."""
        good: list[Row] = []
        for number, row in enumerate(rows, first):
            if not any(cell.strip() for cell in row):
                self._gap = bool(self.rows or good)
                continue
            if len(row) != self.width:
                self.ragged += 1
                self.rows += 1
                continue
            if self._gap and self._is_header_like(row):
                self.after_gap = self.after_gap or number
            self._gap = False
            good.append(row)
        return good, range(first, first + len(rows))

    def _is_header_like(self, row: Row) -> bool:
        typed = [item.position for item in self.profiles if item.role in ("date", "number", "percent", "duration")]
        filled = sum(1 for cell in row if cell.strip())
        return filled > 1 and bool(typed) and all(row[place].strip() and not is_typed(row[place]) for place in typed)
