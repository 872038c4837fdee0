"""Read a mapped file chunk by chunk."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Generator, Iterator
from pathlib import Path

from metrics.files.blocks import blocks
from metrics.files.casefile import CaseReader
from metrics.files.checks import check
from metrics.files.chunks import Chunk, Reading
from metrics.files.found import Sniffed
from metrics.files.keyed import located
from metrics.files.mapping import HEADING, Mapping, MappingError, problems_of
from metrics.files.measured import MeasuredReader
from metrics.files.plan import LIMITS, Limits, Refused, refusal
from metrics.files.records import Batch, Records, open_text, uncollected
from metrics.files.spread import Spreader, spread
from metrics.files.workbook import open_workbook
from metrics.files.zones import Clock

CELLS = 240_000
# A cell of a wide table becomes a short row.
SPREAD = 4
BATCH_BYTES = 8 * 1024 * 1024


class Reader(Iterator[Chunk]):
    """An iterator of chunks; ``reading`` is the running account, complete once the iterator is exhausted.

    Use it as a context manager, or call ``close`` when stopping early.
    """

    def __init__(self, chunks: Generator[Chunk, None, None], reading: Reading, close: Callable[[], None]) -> None:
        self.reading, self._chunks, self._close = reading, chunks, close

    def __next__(self) -> Chunk:
        try:
            with uncollected():
                return next(self._chunks)
        except BaseException:
            self._close()
            raise

    def __enter__(self) -> Reader:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def close(self) -> None:
        """Stop early: closes the file and ends a workbook's child process; ``reading`` stays incomplete."""
        self._chunks.close()
        self._close()


def read(
    path: str | Path,
    sniffed: Sniffed,
    mapping: Mapping,
    *,
    chunk_rows: int = 20_000,
    limits: Limits = LIMITS,
    workspace_zone: str = "UTC",
    latest: dt.date | None = None,
) -> Reader:
    """Stream a file through its mapping; raises ``Refused`` here (whatever ``check`` refuses) or at any ``next``.

    ``workspace_zone`` is where days begin for moments that carry an offset in a measured file. ``latest``
    rejects rows dated after that day (None: no such check). Memory does not depend on the size of the file.
    """
    path = Path(path)
    _check(path, sniffed, mapping)
    reading = Reading(bad_bytes=sniffed.bad_bytes, controls=sniffed.controls)
    reading.truncated = any(question.code == "truncated" for question in sniffed.questions)
    workspace, last = Clock(workspace_zone), latest.toordinal() if latest else 0
    kind = MeasuredReader if mapping.shape == "measured" else CaseReader
    parser = kind(spread(sniffed, mapping), mapping, limits, workspace, last, reading)
    spreader = Spreader(sniffed, mapping, reading) if mapping.wide else None
    records, finish, close = _open(path, sniffed, mapping, limits)
    size = _batch_rows(sniffed, chunk_rows)
    size = max(1, size // SPREAD) if spreader else size
    return Reader(_chunks(records.batches(size), sniffed, parser, spreader, finish, reading), reading, close)


def _check(path: Path, sniffed: Sniffed, mapping: Mapping) -> None:
    wrong = problems_of(mapping)
    if wrong:
        raise MappingError(wrong)
    if sniffed.refused:
        raise Refused(sniffed.problems[0])
    if not path.is_file() or path.stat().st_size != sniffed.size:
        raise refusal("changed_file")
    for problem in check(sniffed, mapping):
        if problem.severity == "refuse":
            raise Refused(problem)
    if mapping.header_rows and mapping.header_rows != sniffed.header_rows:
        raise refusal("header_moved", expected=list(mapping.header_rows), found=list(sniffed.header_rows))
    if mapping.sheet and sniffed.kind == "xlsx" and mapping.sheet != sniffed.sheet:
        sheets = [sheet.name for sheet in sniffed.sheets]
        raise refusal("sheet_missing", value=mapping.sheet, sheet=mapping.sheet, sheets=sheets)


def cells_of(
    path: str | Path, sniffed: Sniffed, mapping: Mapping, rows: set[int], *, limits: Limits = LIMITS
) -> Iterator[tuple[int, tuple[str, ...]]]:
    """The cells of some rows, as read, in order; for rows that were read well and are listed for another reason."""
    records, _finish, close = _open(Path(path), sniffed, mapping, limits)
    try:
        for batch in records.batches(_batch_rows(sniffed, 20_000)):
            for position, cells in enumerate(batch.rows):
                if batch.first + position in rows:
                    yield batch.first + position, tuple(cells)
    finally:
        close()


def _open(
    path: Path, sniffed: Sniffed, mapping: Mapping, limits: Limits
) -> tuple[Records, Callable[[], None], Callable[[], None]]:
    if sniffed.kind == "csv":
        text = open_text(path.open("rb"), sniffed.encoding, limits)
        return Records(text, sniffed.delimiter, limits, strip=sniffed.controls > 0), text.close, text.close
    cases = mapping.cases
    keys = [mapping.date, *([cases.opened, cases.first_response, cases.resolved] if cases else [])]
    keys += [cases.closed, cases.updated] if cases else []
    serials = tuple(located(sniffed, key).position for key in dict.fromkeys(keys) if key and key != HEADING)
    book = open_workbook(path, limits, sheet=sniffed.sheet, decimal=mapping.decimal, serials=serials)
    text = open_text(book.stream, "utf-8", limits)
    return Records(text, ",", limits, strip=True, sheet=sniffed.sheet), book.finish, book.close


def _batch_rows(sniffed: Sniffed, chunk_rows: int) -> int:
    """Fewer rows at a time for wide tables and long rows, so that memory has one bound."""
    by_cells = CELLS // max(len(sniffed.columns), 1)
    by_bytes = BATCH_BYTES * max(sniffed.records, 1) // max(sniffed.size, 1)
    return max(1, min(chunk_rows, by_cells, max(by_bytes, 100)))


def _chunks(
    batches: Iterator[Batch],
    sniffed: Sniffed,
    parser: MeasuredReader | CaseReader,
    spreader: Spreader | None,
    finish: Callable[[], None],
    reading: Reading,
) -> Generator[Chunk, None, None]:
    for block in blocks(batches, sniffed, reading):
        yield parser.chunk(spreader.block(block) if spreader else block)
    finish()
    # Both passes count the rows, each in its own way: a file that changed in between is noticed here.
    if reading.rows - reading.spread - reading.excluded.get("note", 0) != sniffed.rows:
        raise refusal("changed_file")
    cut = sum(column.cut for column in (parser.keys.unit, *parser.keys.dimensions.values()))
    if cut:
        reading.warned["cells_cut"] = cut
    reading.complete = True
