"""Run as a process of its own: check a workbook's members, read one sheet, print it as CSV.

Imports nothing of ours, so that it starts in a hundredth of a second and can be run by its path. The first line
of the output is JSON (what was found, or an error), every further one a record of the sheet.
"""

from __future__ import annotations

import csv
import datetime as dt
import json
import re
import sys
import zipfile
import zlib
from collections.abc import Iterator
from typing import Any, TextIO

import python_calamine

try:
    import resource
except ImportError:  # not on Windows: the parent's time limit is then the only one
    resource = None  # type: ignore[assignment]

BLOCK = 1 << 16
MERGES = 100_000
_EMPTY_FORMULA = re.compile(rb"</f>\s*(?:<v></v>|<v\s*/>|</c>)")
_CELL = re.compile(rb"""<c (?:[^>]{0,200}?\s)?r=["']([A-Z]{1,3}[0-9]{1,7})["']""")
_ERROR_CELL = re.compile(rb"""<c [^>]*t=["']e["']""")
_HIDDEN = re.compile(rb"""<row [^>]*hidden=["'](?:1|true)["']""")
_ENTITY = re.compile(rb"<!(?:DOCTYPE|ENTITY)")
_SHEET = re.compile(r"<(?:\w+:)?sheet\b([^>]*?)/?>")
_RELATION = re.compile(r"<(?:\w+:)?Relationship\b([^>]*?)/?>")
_ATTRIBUTE = re.compile(r"""([\w:]+)\s*=\s*(?:"([^"]*)"|'([^']*)')""")


NOTHING: dict[str, Any] = {"empty_formulas": 0, "error_cells": 0, "hidden_rows": 0, "empty_formula_at": ""}


class Bad(Exception):
    """Ends the process with a code the parent turns into a refusal."""

    def __init__(self, code: str, **params: Any) -> None:
        super().__init__(code)
        self.answer = {"error": code, "params": params}


def limit(order: dict[str, Any]) -> None:
    """Bound memory and processor time of this process, where the system can."""
    if resource is None:
        return
    resource.setrlimit(resource.RLIMIT_AS, (order["memory"], order["memory"]))
    resource.setrlimit(resource.RLIMIT_CPU, (order["seconds"], order["seconds"] + 5))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))


def inflate(raw: Any, info: zipfile.ZipInfo) -> Iterator[bytes]:
    """The true contents of a member, however long its header says it is."""
    raw.seek(info.header_offset)
    head = raw.read(30)
    if head[:4] != b"PK\3\4":
        raise Bad("workbook_damaged", detail="header")
    raw.seek(int.from_bytes(head[26:28], "little") + int.from_bytes(head[28:30], "little"), 1)
    left = info.compress_size
    if info.compress_type == zipfile.ZIP_STORED:
        while left > 0 and (block := raw.read(min(BLOCK, left))):
            left -= len(block)
            yield block
        return
    if info.compress_type != zipfile.ZIP_DEFLATED:
        raise Bad("workbook_damaged", detail="compression")
    engine = zlib.decompressobj(-15)
    while not engine.eof:
        feed = engine.unconsumed_tail
        if not feed:
            feed = raw.read(min(BLOCK, left))
            left -= len(feed)
        if not feed:
            raise Bad("workbook_damaged", detail="cut")
        yield engine.decompress(feed, BLOCK * 4)


def inspect(path: str, members: set[str]) -> dict[str, dict[str, Any]]:
    """Inflate every member once: refuse a lying size or a declared entity; count, sheet by sheet, what the reader cannot
    see, and keep the cell of each sheet's first formula without a value."""
    counts: dict[str, dict[str, Any]] = {member: dict(NOTHING) for member in members}
    with zipfile.ZipFile(path) as package, open(path, "rb") as raw:
        for info in package.infolist():
            if info.is_dir():
                continue
            check = _Tally(info, counts.get(info.filename))
            for block in inflate(raw, info):
                check.add(block)
            check.done()
    return counts


class _Tally:
    def __init__(self, info: zipfile.ZipInfo, counts: dict[str, Any] | None) -> None:
        """``counts``: those of the sheet that the member is; None for another part."""
        self.info, self.counts = info, counts
        self.size, self.sum, self.tail, self.cell = 0, 0, b"", ""
        self.is_text = info.filename.endswith((".xml", ".rels", ".vml"))

    def add(self, block: bytes) -> None:
        self.size += len(block)
        if self.size > self.info.file_size:
            raise Bad("workbook_lies", member=self.info.filename)
        self.sum = zlib.crc32(block, self.sum)
        if not self.is_text:
            return
        cut = len(self.tail)
        window = self.tail + block
        if _ENTITY.search(window):
            raise Bad("workbook_entities", member=self.info.filename)
        if self.counts is not None:
            if not self.counts["empty_formulas"]:
                self.counts["empty_formulas"] = _times(_EMPTY_FORMULA, window, cut)
                self._place(window, cut, self.counts)
            else:
                self.counts["empty_formulas"] += _times(_EMPTY_FORMULA, window, cut)
            self.counts["error_cells"] += _times(_ERROR_CELL, window, cut)
            self.counts["hidden_rows"] += _times(_HIDDEN, window, cut)
        self.tail = window[-256:]

    def _place(self, window: bytes, cut: int, counts: dict[str, Any]) -> None:
        """The cell of the sheet's first formula without a value. A long formula reaches over several blocks, so the
        cell that was begun last is remembered."""
        there = counts["empty_formulas"] > 0
        end = next(found.start() for found in _EMPTY_FORMULA.finditer(window) if found.end() > cut) if there else None
        at = window.rfind(b"<c ", 0, end)
        for _try in range(2):  # a tag that the end of the block cuts off is whole in the next one
            begun = _CELL.match(window, at) if at >= 0 else None
            if begun:
                self.cell = begun[1].decode()
                break
            at = window.rfind(b"<c ", 0, max(at, 0))
        if there:
            counts["empty_formula_at"] = self.cell

    def done(self) -> None:
        if self.size != self.info.file_size:
            raise Bad("workbook_lies", member=self.info.filename)
        if self.sum != self.info.CRC:
            raise Bad("workbook_damaged", detail="checksum")


def _times(pattern: re.Pattern[bytes], window: bytes, cut: int) -> int:
    """How often it is in what is new; what ends in the part that was seen before has been counted."""
    return sum(1 for found in pattern.finditer(window) if found.end() > cut)


def attributes(text: str) -> dict[str, str]:
    return {name.split(":")[-1]: one or other for name, one, other in _ATTRIBUTE.findall(text)}


def sheet_members(path: str) -> tuple[list[str], bool]:
    """The member of each sheet in order, and whether the workbook counts its days from 1904."""
    with zipfile.ZipFile(path) as package:
        book = package.read("xl/workbook.xml").decode("utf-8", "replace")
        try:
            links = package.read("xl/_rels/workbook.xml.rels").decode("utf-8", "replace")
        except KeyError:
            links = ""
    targets = {}
    for text in _RELATION.findall(links):
        link = attributes(text)
        target = link.get("Target", "")
        targets[link.get("Id", "")] = target.lstrip("/") if target.startswith("/") else f"xl/{target}"
    members = [targets.get(attributes(text).get("id", ""), "") for text in _SHEET.findall(book)]
    return members, bool(re.search(r"""date1904\s*=\s*["'](?:1|true)""", book))


def text_of(value: Any, mark: str) -> str:
    """A cell as text: days and times as ISO 8601, whole numbers without a point."""
    if isinstance(value, str):
        return value
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, float):
        if value.is_integer() and abs(value) < 1e15:
            return str(int(value))
        return repr(value).replace(".", mark)
    if isinstance(value, dt.timedelta):
        seconds = round(value.total_seconds())
        sign, seconds = ("-", -seconds) if seconds < 0 else ("", seconds)
        return f"{sign}{seconds // 3600}:{seconds // 60 % 60:02d}:{seconds % 60:02d}"
    if isinstance(value, dt.datetime):
        return value.strftime("%Y-%m-%d %H:%M:%S")
    if isinstance(value, dt.date):
        return value.isoformat()
    return value.strftime("%H:%M:%S") if isinstance(value, dt.time) else str(value)


def serial_day(value: float, since_1904: bool) -> str:
    """A spreadsheet's day number as an ISO date and time; "" for one that is no day."""
    start = dt.datetime(1904, 1, 1) if since_1904 else dt.datetime(1899, 12, 30)  # noqa: DTZ001
    if not 61 <= value < 110_000:
        return ""
    moment = start + dt.timedelta(seconds=round(value * 86_400))
    return moment.strftime("%Y-%m-%d" if value == int(value) else "%Y-%m-%d %H:%M:%S")


class Filler:
    """Writes a merged range's one value into all its cells, within the range only."""

    def __init__(self, ranges: list[Any], first_column: int) -> None:
        self.waiting = sorted(ranges, reverse=True)[-MERGES:]
        self.first, self.active = first_column, []  # type: int, list[list[Any]]

    def fill(self, number: int, row: list[Any]) -> None:
        while self.waiting and self.waiting[-1][0][0] <= number:
            (top, left), (bottom, right) = self.waiting.pop()
            left, right = left - self.first, min(right - self.first, len(row) - 1)
            if top == number and 0 <= left <= right:
                self.active.append([bottom, left, right, row[left]])
        if self.active:
            self.active = [merge for merge in self.active if merge[0] >= number]
            for _, left, right, value in self.active:
                row[left : right + 1] = [value] * (right - left + 1)


def choose(book: Any, wanted: str) -> str:
    """The name of the sheet to read: the wanted one, else the first that can be seen."""
    sheets = [sheet for sheet in book.sheets_metadata if "WorkSheet" in str(sheet.typ)]
    names = [sheet.name for sheet in sheets]
    if not names or (wanted and wanted not in names):
        raise Bad("sheet_missing", sheet=wanted, sheets=names)
    if wanted:
        return wanted
    return next((sheet.name for sheet in sheets if str(sheet.visible).endswith("Enum.Visible")), names[0])


def describe(book: Any, name: str, sheet: Any, counts: dict[str, Any], members: list[str]) -> dict[str, Any]:
    of_sheet = {title: counts.get(member, NOTHING) for title, member in zip(book.sheet_names, members, strict=False)}
    own = of_sheet.pop(name, NOTHING)
    if len(members) != len(book.sheet_names):
        # Which member is which sheet cannot be told: the one that is read may be the worst of them.
        own, of_sheet = max(counts.values(), key=lambda one: int(one["empty_formulas"]), default=NOTHING), {}
    uncalculated = [title for title, one in of_sheet.items() if one["empty_formulas"]]
    sheets = [
        {"name": item.name, "visible": str(item.visible).endswith("Enum.Visible")}
        for item in book.sheets_metadata
        if "WorkSheet" in str(item.typ)
    ]
    first = sheet.start[1] if sheet.start else 0
    told = {"sheets": sheets, "sheet": name, "first_column": first, "columns": sheet.width}
    return {**told, **own, "uncalculated": uncalculated}


def write(sheet: Any, order: dict[str, Any], since_1904: bool, out: TextIO) -> None:
    """Every row up to the last one that holds anything, row 1 first."""
    writer = csv.writer(out, lineterminator="\n")
    first = sheet.start[1] if sheet.start else 0
    filler = Filler(sheet.merged_cell_ranges or [], first)
    serials, mark, blanks = set(order["serials"]), order["decimal"], 0
    for number, row in enumerate(sheet.iter_rows()):
        if filler.waiting or filler.active:
            filler.fill(number, row)
        for place in serials:
            if place < len(row) and isinstance(row[place], float):
                row[place] = serial_day(row[place], since_1904) or row[place]
        cells = [text_of(value, mark) for value in row]
        if not any(cells):
            blanks += 1
            continue
        out.write("\n" * blanks)
        blanks = 0
        writer.writerow(cells)
    out.flush()


def main() -> int:
    order = json.loads(sys.argv[1])
    limit(order)
    out = open(1, "w", encoding="utf-8", errors="replace", newline="", buffering=BLOCK, closefd=False)  # noqa: SIM115
    try:
        members, since_1904 = sheet_members(order["path"])
        counts = inspect(order["path"], set(members))
        book = python_calamine.CalamineWorkbook.from_path(order["path"])
        name = choose(book, order["sheet"])
        sheet = book.get_sheet_by_name(name)
        found = describe(book, name, sheet, counts, members)
        if found["columns"] > order["columns"]:
            raise Bad("too_many_columns", columns=found["columns"], limit=order["columns"])
        out.write(json.dumps(found) + "\n")
        write(sheet, order, since_1904, out)
    except Bad as bad:
        out.write(json.dumps(bad.answer) + "\n")
    except MemoryError:
        return 77
    except BrokenPipeError:
        return 0
    except BaseException as error:
        out.write(json.dumps({"error": "workbook_damaged", "params": {"detail": type(error).__name__}}) + "\n")
    out.flush()
    return 0


if __name__ == "__main__":
    sys.exit(main())
