"""Small files made on the spot, and one way to look at what comes out of them."""

from dataclasses import dataclass, replace
from pathlib import Path

import openpyxl

from metrics.files import (
    NEVER,
    Amount,
    CaseColumns,
    Mapping,
    MetricFrom,
    Reading,
    Rejected,
    Sniffed,
    read,
    sniff,
)


def text_file(folder: Path, text: str, name: str = "upload.csv", encoding: str = "utf-8") -> Path:
    path = folder / name
    path.write_bytes(text.encode(encoding))
    return path


def bytes_file(folder: Path, data: bytes, name: str = "upload.csv") -> Path:
    path = folder / name
    path.write_bytes(data)
    return path


def sheet_file(folder: Path, rows: list, name: str = "upload.xlsx", change=None) -> Path:
    book = openpyxl.Workbook()
    for row in rows:
        book.active.append(row)
    if change:
        change(book)
    path = folder / name
    book.save(path)
    return path


def value_mapping(**fields) -> Mapping:
    """date, unit, value: a plain figure per day."""
    plain = Mapping(
        "measured", date="date", unit_column="unit", metrics=(MetricFrom("value", value=Amount(("value",))),)
    )
    return replace(plain, **fields)


def share_mapping(**fields) -> Mapping:
    share = MetricFrom("share", numerator=Amount(("good",)), denominator=Amount(("all",)), kind="proportion")
    return replace(Mapping("measured", date="date", unit_column="unit", metrics=(share,)), **fields)


def case_mapping(**columns) -> Mapping:
    return Mapping("cases", cases=CaseColumns("id", "opened", **columns))


@dataclass
class Outcome:
    sniffed: Sniffed
    reading: Reading
    chunks: list
    rejected: list[Rejected]

    def column(self, name: str) -> list:
        """One array of all chunks as a list; missing moments and figures are None."""
        found = []
        for chunk in self.chunks:
            for value in _array(chunk, name).tolist():
                found.append(None if value == NEVER or value != value else value)
        return found

    def units(self) -> list[str]:
        return [chunk.unit.names[code] for chunk in self.chunks for code in chunk.unit.codes.tolist()]

    def why(self) -> list[tuple[int, str, str]]:
        """Row, first reason and the offending cell of every row left out."""
        return [(row.row, row.problems[0].code, row.problems[0].value) for row in self.rejected]


def _array(chunk, name: str):
    if name in ("value", "share"):
        return chunk.values[name].numerator
    if name == "whole":
        return chunk.values["share"].denominator
    return getattr(chunk, name)


def outcome(path: Path, mapping: Mapping, **options) -> Outcome:
    look = {name: options.pop(name) for name in ("sheet", "header_rows", "encoding", "delimiter") if name in options}
    sniffed = sniff(path, **look)
    assert [problem for problem in sniffed.problems if problem.severity == "refuse"] == []
    reader = read(path, sniffed, mapping, **options)
    chunks = list(reader)
    assert reader.reading.balanced
    return Outcome(sniffed, reader.reading, chunks, [row for chunk in chunks for row in chunk.rejected])


def refused(path: Path, **options) -> tuple[str, dict]:
    """Code and params of what a file is refused for."""
    sniffed = sniff(path, **options)
    assert sniffed.refused and sniffed.columns == ()
    return sniffed.problems[0].code, sniffed.problems[0].params


def warned(sniffed: Sniffed) -> list[str]:
    return [problem.code for problem in sniffed.problems]


def asked(sniffed: Sniffed) -> list[str]:
    return [question.code for question in sniffed.questions]
