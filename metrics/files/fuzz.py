"""Break files at random and see that nothing is read wrongly: R15, for tests and for a long run by command.

Each file is good first, then mutated. What is read must agree row by row with a second parser that shares no code
with the first one; what is cut off must be asked about or be refused; nothing may raise but ``Refused``.
"""

from __future__ import annotations

import io
import random
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path

import openpyxl

from metrics.files.chunks import CaseChunk, Chunk
from metrics.files.columns import TEXT_LENGTH
from metrics.files.found import Sniffed
from metrics.files.layouts import suggest
from metrics.files.mapping import Mapping
from metrics.files.plan import Refused
from metrics.files.reading import read
from metrics.files.records import STRIP
from metrics.files.sniffing import sniff

SLOW = 10.0
Mutation = Callable[[random.Random, bytes], bytes]


@dataclass(slots=True)
class FuzzResult:
    """Counts of a run. ``wrong``, ``raised``, ``slow`` and ``unnoticed`` must be empty; each names its file."""

    files: int = 0
    read: int = 0
    refused: int = 0
    cut: int = 0
    wrong: list[str] = field(default_factory=list)
    raised: list[str] = field(default_factory=list)
    slow: list[str] = field(default_factory=list)
    unnoticed: list[str] = field(default_factory=list)

    @property
    def good(self) -> bool:
        return not (self.wrong or self.raised or self.slow or self.unnoticed)


def fuzz(count: int, seed: int, folder: Path, *, workbooks: bool = True) -> FuzzResult:
    """Make, break and read ``count`` files; every tenth is a workbook. The same seed makes the same files."""
    result = FuzzResult()
    for number in range(count):
        rng = random.Random(f"{seed}-{number}")
        is_book = workbooks and number % 10 == 9
        good = _workbook(rng) if is_book else _text(rng)
        name, broken = _break(rng, good, is_book)
        label = f"{seed}-{number} {name}"
        path = folder / ("fuzz.xlsx" if is_book else "fuzz.csv")
        path.write_bytes(broken)
        _try(path, label, result, cut=name == "cut" and not is_book, rows=_rows(good) if is_book else None)
        path.unlink(missing_ok=True)
    return result


def _try(path: Path, label: str, result: FuzzResult, *, cut: bool, rows: int | None) -> None:
    result.files += 1
    result.cut += cut
    start = time.monotonic()
    try:
        sniffed = sniff(path)
        outcome = _read(path, sniffed)
    except Refused:
        result.refused += 1
        return
    except Exception as error:
        result.raised.append(f"{label}: {type(error).__name__} {error}")
        return
    if time.monotonic() - start > SLOW:
        result.slow.append(label)
    if outcome is None:
        result.refused += 1
        return
    result.read += 1
    whole = _decoded(path, sniffed).endswith(("\n", "\r"))
    if cut and not whole and not any(question.code == "truncated" for question in sniffed.questions):
        result.unnoticed.append(label)
    fault = _workbook_fault(outcome, rows) if rows is not None else _text_fault(path, sniffed, outcome)
    if fault:
        result.wrong.append(f"{label}: {fault}")


def _read(path: Path, sniffed: Sniffed) -> tuple[list[Chunk], Mapping, int] | None:
    """Every chunk, the mapping and the rows booked; None where the file says too little to be read."""
    mapping, _ = suggest(sniffed)
    if mapping is None:
        return None
    reader = read(path, sniffed, mapping)
    chunks = list(reader)
    if not reader.reading.balanced:
        raise AssertionError("the account does not balance")
    return chunks, mapping, reader.reading.rows


def _workbook_fault(outcome: tuple[list[Chunk], Mapping, int], rows: int) -> str:
    return "" if outcome[2] == rows else f"{outcome[2]} rows of {rows}"


def _text_fault(path: Path, sniffed: Sniffed, outcome: tuple[list[Chunk], Mapping, int]) -> str:
    """What differs from the second parser: the count of rows, or one cell of one accepted row."""
    chunks, mapping, booked = outcome
    lines = io.StringIO(_decoded(path, sniffed), newline="")
    # Every ending becomes one: with what stood between them gone, "\r" and "\n" of two lines would be one ending.
    text = "".join(line.translate(STRIP).rstrip("\r\n") + "\n" * (line[-1] in "\r\n") for line in lines)
    records = second_parser(text, sniffed.delimiter)
    data = {number: row for number, row in enumerate(records, 1) if number >= sniffed.first_row and any(_stripped(row))}
    if len(data) != booked:
        return f"{booked} rows booked, {len(data)} counted"
    width = len(sniffed.columns)
    for chunk in chunks:
        shown = chunk.external_id if isinstance(chunk, CaseChunk) else [chunk.unit.names[c] for c in chunk.unit.codes]
        key = mapping.cases.id if mapping.cases else mapping.unit_column
        column = sniffed.column(key)
        for number, word in zip(chunk.row_number.tolist(), shown, strict=True):
            row = data.get(number)
            if row is None or len(row) != width:
                return f"row {number} accepted, which has not {width} cells"
            meant = " ".join(row[column.position].split())[:TEXT_LENGTH] if column else word
            if meant != " ".join(word.split()):
                return f"row {number} is {word[:40]!r}, not {meant[:40]!r}"
    return ""


def _decoded(path: Path, sniffed: Sniffed) -> str:
    return path.read_bytes().decode(sniffed.encoding or "utf-8", "replace")


def _stripped(row: list[str]) -> list[str]:
    return [cell.strip() for cell in row]


def second_parser(text: str, delimiter: str) -> list[list[str]]:
    """Records of a delimited text, letter by letter; blank lines are empty records."""
    records: list[list[str]] = []
    cells: list[str] = []
    cell: list[str] = []
    quoted, was_quoted, place = False, False, 0
    while place < len(text):
        letter = text[place]
        place += 1
        if quoted:
            if letter == '"' and text[place : place + 1] == '"':
                cell.append('"')
                place += 1
            elif letter == '"':
                quoted = False
            else:
                cell.append(letter)
        elif letter == '"' and not cell and not was_quoted:
            quoted = was_quoted = True
        elif letter == delimiter:
            cells.append("".join(cell))
            cell, was_quoted = [], False
        elif letter in "\r\n":
            if letter == "\r" and text[place : place + 1] == "\n":
                place += 1
            records.append([*cells, "".join(cell)] if cells or cell or was_quoted else [])
            cells, cell, was_quoted = [], [], False
        else:
            cell.append(letter)
    if cells or cell or was_quoted:
        records.append([*cells, "".join(cell)])
    return records


def _text(rng: random.Random) -> bytes:
    """A good text file, small, in one of several dresses."""
    delimiter, ending = rng.choice(",;\t|"), rng.choice(["\n", "\r\n", "\r"])
    units = ["North", "Süd", "Team, A", 'The "B"', "two\nlines", "x" * 30]
    if rng.random() < 0.5:
        lines = [["date", "unit", "metric", "value", "note"]]
        for day in range(rng.randint(3, 60)):
            date = f"2024-{1 + day // 28:02d}-{1 + day % 28:02d}"
            lines.append([date, rng.choice(units), rng.choice(["Calls", "Mails"]), f"{rng.random() * 9:.2f}", "ok"])
    else:
        lines = [["id", "opened", "resolved", "unit", "reopens"]]
        for number in range(rng.randint(3, 60)):
            opened = f"{1 + number % 28:02d}/02/2024 10:{number % 60:02d}"
            lines.append([f"T{number:05d}", opened, rng.choice([opened, ""]), rng.choice(units), str(number % 3)])
    text = ending.join(delimiter.join(_quoted(cell, delimiter) for cell in line) for line in lines) + ending
    return text.encode(rng.choice(["utf-8", "utf-8-sig", "cp1252", "utf-16"]))


def _quoted(cell: str, delimiter: str) -> str:
    if any(mark in cell for mark in (delimiter, '"', "\n", "\r")):
        return '"' + cell.replace('"', '""') + '"'
    return cell


def _workbook(rng: random.Random) -> bytes:
    book = openpyxl.Workbook()
    book.active.append(["date", "unit", "value"])
    for day in range(rng.randint(2, 40)):
        book.active.append([f"2024-01-{1 + day % 28:02d}", rng.choice(["North", "South"]), day])
    out = io.BytesIO()
    book.save(out)
    return out.getvalue()


def _rows(data: bytes) -> int:
    book = openpyxl.load_workbook(io.BytesIO(data), read_only=True)
    return int(book.active.max_row) - 1


def _break(rng: random.Random, data: bytes, is_book: bool) -> tuple[str, bytes]:
    names = ["cut", "flip", "insert", "remove", "swap"] if is_book else list(MUTATIONS)
    name = rng.choice(names)
    data = MUTATIONS[name](rng, data)
    if rng.random() < 0.3 and name != "cut":
        data = MUTATIONS[rng.choice([other for other in names if other != "cut"])](rng, data)
    return name, data


def _place(rng: random.Random, data: bytes) -> int:
    return rng.randrange(len(data)) if data else 0


def _insert(rng: random.Random, data: bytes, piece: bytes) -> bytes:
    place = _place(rng, data)
    return data[:place] + piece + data[place:]


def _lines(rng: random.Random, data: bytes, change: Callable[[list[bytes], int], list[bytes]]) -> bytes:
    lines = data.splitlines(keepends=True)
    return b"".join(change(lines, rng.randrange(len(lines)))) if lines else data


def _swap(rng: random.Random, data: bytes) -> bytes:
    first, second = sorted((_place(rng, data), _place(rng, data)))
    return data[second:] + data[first:second] + data[:first]


MUTATIONS: dict[str, Mutation] = {
    "cut": lambda rng, data: data[: rng.randrange(1, len(data))],
    "flip": lambda rng, data: _flip(rng, data),
    "insert": lambda rng, data: _insert(rng, data, rng.randbytes(rng.randint(1, 8))),
    "remove": lambda rng, data: _remove(rng, data, rng.randint(1, 30)),
    "swap": _swap,
    "quote": lambda rng, data: _insert(rng, data, b'"'),
    "delimiter": lambda rng, data: _insert(rng, data, rng.choice([b",", b";", b"\t"])),
    "newline": lambda rng, data: _insert(rng, data, rng.choice([b"\n", b"\r", b"\r\n", b"\n\n"])),
    "nul": lambda rng, data: _insert(rng, data, b"\0"),
    "control": lambda rng, data: _insert(rng, data, b"\x1a\x0c"),
    "line gone": lambda rng, data: _lines(rng, data, lambda lines, at: lines[:at] + lines[at + 1 :]),
    "line twice": lambda rng, data: _lines(rng, data, lambda lines, at: [*lines[:at], lines[at], *lines[at:]]),
    "footer": lambda rng, data: data + rng.choice([b"\nTotal,3\n", b"\nTimezone: Europe/Berlin\n", b"# end\n"]),
    "preamble": lambda rng, data: rng.choice([b"Report\n\n", b"sep=;\n", b"\n\n", b"a,b\n"]) + data,
    "comma gone": lambda rng, data: data.replace(b",", b"", rng.randint(1, 4)),
}


def _flip(rng: random.Random, data: bytes) -> bytes:
    changed = bytearray(data)
    for _ in range(rng.randint(1, 4)):
        changed[_place(rng, data)] ^= 1 << rng.randrange(8)
    return bytes(changed)


def _remove(rng: random.Random, data: bytes, size: int) -> bytes:
    place = _place(rng, data)
    return data[:place] + data[place + size :]
