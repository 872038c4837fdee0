"""Look at a file without deciding what it means."""

from __future__ import annotations

import re
from collections.abc import Iterator
from contextlib import closing
from dataclasses import replace
from itertools import islice
from pathlib import Path

from metrics.files.asides import aside, declared_rows, footer
from metrics.files.dates import PIVOT
from metrics.files.delimiters import SAMPLE_LINES, declared, find_delimiter
from metrics.files.found import Aside, Column, Sheet, Sniffed
from metrics.files.headers import HEADER_SEARCH, Header, find_header, given_header, is_typed, keys_of, zone_in
from metrics.files.plan import LIMITS, Limits, Problem, Question, Refused, Where, refusal
from metrics.files.profile import start_profiles
from metrics.files.records import Batch, Records, Row, open_text, uncollected
from metrics.files.survey import Survey, survey, workbook_or_text
from metrics.files.table import Table
from metrics.files.workbook import open_workbook

HEAD_ROWS = 260
PREVIEW = 12
CELLS = 240_000
"""Cells held at a time: a wide file is read in shorter batches."""


def sniff(
    path: str | Path,
    *,
    limits: Limits = LIMITS,
    name: str = "",
    sheet: str = "",
    header_rows: tuple[int, ...] = (),
    encoding: str = "",
    delimiter: str = "",
) -> Sniffed:
    """Everything that can be known about a file; never raises for what is in it.

    ``name`` is the name it was uploaded under (only shown). The last four override what would be found, so that
    a person can correct it; pass a saved mapping's ``sheet``, ``header_rows``, ``encoding``, ``delimiter``.
    The whole file is passed over once, in bounded memory.
    """
    path = Path(path)
    start = Sniffed("refused", name or path.name)
    try:
        kind = workbook_or_text(path, limits)
        if kind == "xlsx":
            return _sniff_workbook(path, start, limits, sheet, header_rows)
        return _sniff_text(path, start, limits, header_rows, encoding, delimiter)
    except Refused as refused:
        size = path.stat().st_size if path.is_file() else 0
        return replace(start, size=size, problems=(refused.problem,))


def _sniff_text(
    path: Path, start: Sniffed, limits: Limits, header_rows: tuple[int, ...], encoding: str, delimiter: str
) -> Sniffed:
    found = survey(path, encoding)
    if found.lines > limits.lines:
        raise refusal("too_many_rows", rows=found.lines, limit=limits.lines)
    sample = _sample_lines(path, found, limits)
    if not any(line.strip() for line in sample):
        raise refusal("empty_file")
    delimiter = delimiter or declared(sample[0]) or find_delimiter(sample)
    start = replace(
        start,
        kind="csv",
        size=found.size,
        sha256=found.sha256,
        encoding=found.encoding,
        encoding_guessed=found.guessed,
        delimiter=delimiter,
        line_ending=found.line_ending,
        final_newline=found.final_newline,
        lines=found.lines,
        bad_bytes=found.bad_bytes,
        controls=found.controls,
        problems=tuple(_text_warnings(found)),
    )
    with open_text(path.open("rb"), found.encoding, limits) as text:
        records = Records(text, delimiter, limits, strip=found.controls > 0)
        return _look(records, start, limits, header_rows, 0)


def _sample_lines(path: Path, found: Survey, limits: Limits) -> list[str]:
    with open_text(path.open("rb"), found.encoding, limits) as text:
        return list(islice(text, SAMPLE_LINES))


def _text_warnings(found: Survey) -> Iterator[Problem]:
    if found.guessed:
        yield Problem("encoding_guessed", params={"encoding": found.encoding}, severity="warn")
    if found.bad_bytes:
        yield Problem("bad_bytes", params={"count": found.bad_bytes, "offset": found.first_bad}, severity="warn")
    if found.controls:
        yield Problem("controls_stripped", params={"count": found.controls}, severity="warn")


def _sniff_workbook(path: Path, start: Sniffed, limits: Limits, sheet: str, header_rows: tuple[int, ...]) -> Sniffed:
    book = open_workbook(path, limits, sheet=sheet)
    with closing(book):
        found = survey(path, "utf-8")
        start = replace(
            start,
            kind="xlsx",
            size=found.size,
            sha256=found.sha256,
            encoding="utf-8",
            delimiter=",",
            sheets=book.sheets,
            sheet=book.sheet,
            problems=tuple(book.problems),
            questions=tuple(_sheet_question(book.sheets, book.sheet, sheet)),
        )
        text = open_text(book.stream, "utf-8", limits)
        records = Records(text, ",", limits, strip=True, sheet=book.sheet)
        looked = _look(records, start, limits, header_rows, book.first_column)
        book.finish()
        return looked


def _sheet_question(sheets: tuple[Sheet, ...], chosen: str, asked: str) -> Iterator[Question]:
    visible = tuple(item.name for item in sheets if item.visible)
    if len(visible) > 1 and not asked:
        yield Question("sheet", "sheet", visible, {"chosen": chosen})


def _look(records: Records, start: Sniffed, limits: Limits, header_rows: tuple[int, ...], first_column: int) -> Sniffed:
    batches = records.batches(HEAD_ROWS)
    head = next(batches, None)
    if head is None:
        raise refusal("empty_file")
    widest = max(map(len, head.rows[:HEADER_SEARCH]))
    if widest > limits.columns:
        raise refusal("too_many_columns", columns=widest, limit=limits.columns)
    header = _header_of(head, header_rows)
    names, width = _widen(header, head.rows)
    body_at = header.start + header.count
    body = _first_block(head.rows[body_at:], width)
    table = Table(width, head.first + body_at, start_profiles(names, keys_of(names), body, first_column), names)
    size = max(200, min(5_000, CELLS // width))
    table.add(head, body_at)
    for batch in records.batches(size):
        with uncollected():
            table.add(batch, 0)
    if table.rows == 0:
        raise refusal("header_only", header_row=head.first + header.start)
    return _finish(records, start, head, header, table)


def _first_block(rows: list[Row], width: int) -> list[Row]:
    """The rows that a column's kind is judged by: those before the first gap, if there are any."""
    body = []
    for row in rows[:HEAD_ROWS]:
        if any(row) and len(row) == width:
            body.append(row)
        elif not any(row) and len(body) > 1:
            break
    return body


def _header_of(head: Batch, header_rows: tuple[int, ...]) -> Header:
    if header_rows:
        header = given_header(head.rows, header_rows[0] - head.first, len(header_rows))
    else:
        header = find_header(head.rows)
    if header is None:
        raise refusal("no_table")
    return header


def _widen(header: Header, rows: list[Row]) -> tuple[tuple[str, ...], int]:
    """A delimiter left after the last column of every data row makes one more, nameless column."""
    body = [len(row) for row in rows[header.start + header.count :] if any(row)]
    width = len(header.names)
    if body and all(length == width + 1 for length in body):
        return (*header.names, ""), width + 1
    return header.names, width


def _finish(records: Records, start: Sniffed, head: Batch, header: Header, table: Table) -> Sniffed:
    above = [
        aside(head.first + place, row, "preamble")
        for place, row in enumerate(head.rows[: header.start])
        if any(cell.strip() for cell in row)
    ]
    below = footer([item for item in table.tail if item[0] >= table.first], table.width)
    last_row = (below[0].row - 1) if below else records.rows
    notes_ragged = sum(
        1 for number, row in table.tail if below and number >= below[0].row and len(row) != table.width and any(row)
    )
    columns = tuple(profile.result() for profile in table.profiles)
    first = head.first + header.start
    looked = replace(
        start,
        header_rows=tuple(range(first, first + header.count)),
        columns=columns,
        asides=(*above, *below),
        first_row=table.first,
        last_row=last_row,
        rows=table.rows - len(below),
        ragged=table.ragged - notes_ragged,
        records=records.rows,
        zone=_zone([*above, *below], columns),
        reporting_period=next((item.value for item in (*above, *below) if item.kind == "period"), ""),
        preview=tuple(tuple(cell[:120] for cell in row) for row in head.rows[:PREVIEW]),
    )
    if looked.rows <= 0:
        raise refusal("header_only", header_row=first)
    problems = (*start.problems, *_table_warnings(looked, header))
    questions = (*start.questions, *_table_questions(looked, table, header))
    return replace(looked, problems=problems, questions=questions)


def _zone(asides: list[Aside], columns: tuple[Column, ...]) -> str:
    said = [item.value for item in asides if item.kind == "zone"]
    headed = [zone for column in columns if (zone := zone_in(column.header))]
    found = list(dict.fromkeys([*said, *headed]))
    return found[0] if len(found) == 1 else ""


def _table_warnings(looked: Sniffed, header: Header) -> Iterator[Problem]:
    where = Where(looked.sheet, looked.header_rows[0])
    if header.count > 1:
        yield Problem("header_joined", where, params={"rows": header.count}, severity="warn")
    for column in looked.columns:
        place = Where(looked.sheet, looked.header_rows[-1], column.header, column.letter)
        if not column.header and column.role != "empty":
            yield Problem("column_without_header", place, severity="warn")
        if re.search(r" \(2\)$", column.key) and column.header:
            params = {"column": column.header, "times": 2}
            yield Problem("column_repeated", place, column.header[:200], params, "warn")
    for column in looked.columns:
        yield from _date_warnings(looked, column)
    personal = [column.header for column in looked.columns if column.personal]
    if personal:
        yield Problem("personal_column", where, params={"columns": personal}, severity="warn")


def _date_warnings(looked: Sniffed, column: Column) -> Iterator[Problem]:
    dates, where = column.dates, Where(looked.sheet, 0, column.header, column.letter)
    other = dates.dmy_only + dates.mdy_only + dates.both + dates.same
    if dates.ymd and other:
        # A spreadsheet turns what it can read into true dates, wrongly at times, and leaves the rest as text.
        yield Problem("dates_mixed", where, dates.example_both, {"iso": dates.ymd, "other": other}, "warn")
    if dates.two_digit_years:
        span = {"from": 1900 + PIVOT, "to": 1999 + PIVOT}
        yield Problem("two_digit_years", where, column.samples[0] if column.samples else "", span, "warn")
    if len(dates.offsets) > 1:
        yield Problem("offsets_differ", where, "", {"offsets": list(dates.offsets)}, "warn")


def _table_questions(looked: Sniffed, table: Table, header: Header) -> Iterator[Question]:
    if looked.header_rows[0] != 1 or header.count > 1:
        rows = ",".join(str(row) for row in looked.header_rows)
        yield Question(
            "header",
            "header_rows",
            (rows,),
            {"above": looked.header_rows[0] - 1},
            tuple(name[:120] for name in header.names[:8]),
        )
    elif any(is_typed(name) for name in header.names) and is_typed(header.names[0]):
        yield Question(
            "header", "header_rows", ("1",), {"above": 0, "typed": True}, tuple(name[:120] for name in header.names[:8])
        )
    if table.after_gap:
        yield Question("two_tables", "two_tables", (), {"row": table.after_gap}, of_file=True)
    cut = len(table.tail[-1][1]) != table.width and looked.last_row == looked.records if table.tail else False
    declared = declared_rows(list(looked.asides))
    fewer = declared not in (0, looked.rows)
    if fewer or (looked.kind == "csv" and (not looked.final_newline or cut)):
        why = {"final_newline": looked.final_newline, "ragged_last_row": bool(cut), "rows": looked.rows}
        why |= {"declared": declared} if fewer else {}
        last = ",".join(table.tail[-1][1])[:120] if table.tail else ""
        yield Question("truncated", "truncated", ("whole",), why, (last,), of_file=True)
