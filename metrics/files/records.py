"""Records of a text file: guarded bytes, exact row and line numbers, never a shifted value."""

from __future__ import annotations

import csv
import gc
import io
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from itertools import islice
from typing import Any, BinaryIO

from metrics.files.plan import Limits, Refused, Where, refusal

CONTROLS = bytes(set(range(32)) - {9, 10, 13} | {127})
STRIP = dict.fromkeys([*CONTROLS, 0x2028, 0x2029, 0xFEFF])
BLOCK = 1 << 18
Row = list[str]


@contextmanager
def uncollected() -> Iterator[None]:
    """Pause the garbage collector: a batch is thousands of lists and not one cycle, which it would look through
    again and again."""
    collecting = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if collecting:
            gc.enable()


def is_even(rows: list[Row], width: int) -> bool:
    """True where every row has that width and something in its first cell: no blank, short or long one among them."""
    return set(map(len, rows)) == {width} and all(map(str.strip, [row[0] for row in rows]))


class Guarded(io.RawIOBase):
    """Bytes that refuse a NUL (unless the encoding has them) and a line without end, while they are read."""

    def __init__(self, raw: BinaryIO, limits: Limits, wide: bool) -> None:
        self._raw, self._limit, self._wide = raw, limits.line_bytes, wide
        self._since_newline = 0
        self._offset = 0

    def readable(self) -> bool:
        return True

    def readinto(self, buffer: Any) -> int:
        block = self._raw.read(min(len(buffer), BLOCK))
        self._check(block)
        buffer[: len(block)] = block
        return len(block)

    def _check(self, block: bytes) -> None:
        if not self._wide and b"\0" in block:
            raise refusal("binary", offset=self._offset + block.index(b"\0"))
        last = max(block.rfind(b"\n"), block.rfind(b"\r"))
        self._since_newline = len(block) - last - 1 if last >= 0 else self._since_newline + len(block)
        self._offset += len(block)
        if self._since_newline > self._limit:
            raise refusal("line_too_long", limit=self._limit, offset=self._offset - self._since_newline)

    def close(self) -> None:
        self._raw.close()
        super().close()


def open_text(raw: BinaryIO, encoding: str, limits: Limits) -> io.TextIOWrapper:
    """Text with its line endings kept; bytes that are no text in that encoding become U+FFFD."""
    guarded = Guarded(raw, limits, encoding.startswith("utf-16"))
    return io.TextIOWrapper(io.BufferedReader(guarded, BLOCK), encoding, errors="replace", newline="")


@dataclass(slots=True)
class Batch:
    """Consecutive records. ``first`` is the row number of the first one; ``lines`` gives the line on which each
    begins, None where every record is one line (its line is then ``row + shift``)."""

    rows: list[Row]
    first: int
    shift: int = 0
    lines: list[int] | None = None

    def line(self, position: int) -> int:
        return self.lines[position] if self.lines else self.first + position + self.shift


@dataclass(slots=True)
class Records:
    """Batches of records of an open text. ``rows`` and ``lines`` count what has passed."""

    text: Iterator[str]
    delimiter: str
    limits: Limits
    strip: bool = False
    sheet: str = ""
    rows: int = 0
    lines: int = 0

    def batches(self, size: int) -> Iterator[Batch]:
        """All records in order, about ``size`` to a batch. Raises ``Refused`` for a quote that is never closed."""
        csv.field_size_limit(self.limits.cell_characters)
        while True:
            lines = list(islice(self.text, size))
            if not lines:
                return
            if self.strip:
                lines = [line.translate(STRIP) for line in lines]
            yield self._plain(lines) or self._careful(lines)

    def _plain(self, lines: list[str]) -> Batch | None:
        """A batch in which every record is one line; None where that is not so."""
        try:
            rows = list(csv.reader(lines, delimiter=self.delimiter, strict=True))
        except csv.Error:
            return None
        if len(rows) != len(lines):
            return None
        batch = Batch(rows, self.rows + 1, self.lines - self.rows)
        self.rows += len(rows)
        self.lines += len(lines)
        return batch

    def _careful(self, lines: list[str]) -> Batch:
        """Record by record: each quote that spans lines must be closed properly."""
        taken: list[str] = []
        source = self._feed(lines, taken)
        reader = csv.reader(source, delimiter=self.delimiter)
        batch = Batch([], self.rows + 1, 0, [])
        starts: list[int] = batch.lines if batch.lines is not None else []
        used = 0
        while used < len(lines):
            try:
                row = next(reader)
            except StopIteration:
                break
            except csv.Error:
                raise self._too_long(taken, batch) from None
            self._closed(taken, batch)
            starts.append(self.lines + 1)
            batch.rows.append(row)
            used += len(taken)
            self.lines += len(taken)
            taken.clear()
        self.rows += len(batch.rows)
        return batch

    def _feed(self, lines: list[str], taken: list[str]) -> Iterator[str]:
        for line in lines:
            taken.append(line)
            yield line
        for line in self.text:
            clean = line.translate(STRIP) if self.strip else line
            taken.append(clean)
            yield clean

    def _closed(self, taken: list[str], batch: Batch) -> None:
        """Refuse a record whose quotes do not close, unless it is one line that only quotes oddly."""
        try:
            list(csv.reader(taken, delimiter=self.delimiter, strict=True))
        except csv.Error as error:
            if len(taken) > 1 or "unexpected end" in str(error):
                raise self._unclosed(taken, batch) from None

    def _too_long(self, taken: list[str], batch: Batch) -> Refused:
        if len(taken) > 1:
            return self._unclosed(taken, batch)
        where = self._where(batch)
        return refusal("cell_too_long", where, taken[0][:80] if taken else "", limit=self.limits.cell_characters)

    def _unclosed(self, taken: list[str], batch: Batch) -> Refused:
        return refusal("unclosed_quote", self._where(batch), taken[0], line=self.lines + 1)

    def _where(self, batch: Batch) -> Where:
        return Where(self.sheet, self.rows + len(batch.rows) + 1, line=self.lines + 1)
