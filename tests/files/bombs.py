"""Files made to harm: each must be refused at once, by a process that lives on."""

import io
import random
import struct
import zipfile
import zlib
from pathlib import Path

import openpyxl

MEGABYTE = 1024 * 1024
TYPES = b'<Types xmlns="http://schemas.openxmlformats.org/package/2006/content-types"/>'
BOOK = (
    b'<workbook xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main" '
    b'xmlns:r="http://schemas.openxmlformats.org/officeDocument/2006/relationships">'
    b'<sheets><sheet name="S" sheetId="1" r:id="rId1"/></sheets></workbook>'
)
LINKS = (
    b'<Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships"><Relationship Id="rId1" '
    b'Type="http://schemas.openxmlformats.org/officeDocument/2006/relationships/worksheet" '
    b'Target="worksheets/sheet1.xml"/></Relationships>'
)
ROOT_LINKS = (
    b'<Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships"><Relationship Id="rId1" '
    b'Type="http://schemas.openxmlformats.org/officeDocument/2006/relationships/officeDocument" '
    b'Target="xl/workbook.xml"/></Relationships>'
)
LAUGHS = (
    b'<?xml version="1.0"?><!DOCTYPE x [<!ENTITY a "ha">'
    + b"".join(b'<!ENTITY %c "%s">' % (98 + step, b"&%c;" % (97 + step) * 10) for step in range(9))
    + b"]><sst>&j;</sst>"
)
OUTSIDE = b'<?xml version="1.0"?><!DOCTYPE x [<!ENTITY a SYSTEM "file:///etc/passwd">]>'
ROOT = b'<worksheet xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"><sheetData>%s</sheetData></worksheet>'


def package(sheet: bytes, extra: dict[str, bytes] | None = None, book: bytes = BOOK) -> bytes:
    members = {
        "_rels/.rels": ROOT_LINKS,
        "[Content_Types].xml": TYPES,
        "xl/workbook.xml": book,
        "xl/_rels/workbook.xml.rels": LINKS,
    }
    members |= {"xl/worksheets/sheet1.xml": sheet, **(extra or {})}
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as bundle:
        for name, data in members.items():
            bundle.writestr(name, data)
    return out.getvalue()


def cells(*places: bytes) -> bytes:
    rows = b"".join(b'<row><c r="%s"><v>1</v></c></row>' % place for place in places)
    return ROOT % rows


def squeezed(size: int) -> bytes:
    """A workbook whose sheet is ``size`` zero bytes."""
    return package(b"\0" * size)


def lying(data: bytes, declared: int) -> bytes:
    """The same package, its last member declared to be smaller than it is."""
    place = data.rindex(b"PK\1\2")
    data = data[: place + 24] + struct.pack("<I", declared) + data[place + 28 :]
    local = struct.unpack("<I", data[place + 42 : place + 46])[0]
    return data[: local + 22] + struct.pack("<I", declared) + data[local + 26 :]


def declared_huge(data: bytes) -> bytes:
    return lying(data, 0x7FFFFFFF)


def many(count: int) -> bytes:
    return package(cells(b"A1"), {f"xl/media/{number}.png": b"x" for number in range(count)})


def damaged(data: bytes) -> bytes:
    place = data.index(b"worksheets/sheet1.xml") + 60
    return data[:place] + bytes(255 - byte for byte in data[place : place + 40]) + data[place + 40 :]


def encrypted(data: bytes) -> bytes:
    place = data.rindex(b"PK\1\2")
    return data[: place + 8] + struct.pack("<H", 1) + data[place + 10 :]


def other_compression(method: int) -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", method) as bundle:
        for name, data in (("xl/workbook.xml", BOOK), ("xl/worksheets/sheet1.xml", cells(b"A1"))):
            bundle.writestr(name, data)
    return out.getvalue()


def overlapping(size: int, copies: int) -> bytes:
    """Many directory entries that all name the same compressed data."""
    body = zlib.compressobj(9, zlib.DEFLATED, -15)
    packed = body.compress(b"\0" * size) + body.flush()
    crc = zlib.crc32(b"\0" * size)
    name = b"xl/workbook.xml"
    head = struct.pack("<4sHHHHHIIIHH", b"PK\3\4", 20, 0, 8, 0, 33, crc, len(packed), size, len(name), 0) + name
    entries = []
    for number in range(copies):
        label = name if number == 0 else b"xl/%d.xml" % number
        fields = (b"PK\1\2", 20, 20, 0, 8, 0, 33, crc, len(packed), size, len(label), 0, 0, 0, 0, 0, 0)
        entries.append(struct.pack("<4sHHHHHHIIIHHHHHII", *fields) + label)
    start = len(head) + len(packed)
    directory = b"".join(entries)
    end = struct.pack("<4sHHHHIIH", b"PK\5\6", 0, 0, copies, copies, len(directory), start, 0)
    return head + packed + directory + end


def good() -> bytes:
    book = openpyxl.Workbook()
    for row in (["date", "unit", "value"], ["2024-01-01", "North", 1]):
        book.active.append(row)
    out = io.BytesIO()
    book.save(out)
    return out.getvalue()


def sparse(path: Path, size: int, start: bytes = b"date,unit,value\n") -> None:
    with path.open("wb") as file:
        file.write(start)
        file.truncate(size)


WORKBOOKS = {
    "512 MB of nothing": (lambda: squeezed(512 * MEGABYTE), {"workbook_ratio"}),
    "1.1 GB of nothing": (lambda: squeezed(1100 * MEGABYTE), {"workbook_expands"}),
    "declared to be 2 GB": (lambda: declared_huge(package(cells(b"A1"))), {"workbook_expands"}),
    "much larger than declared": (lambda: lying(squeezed(64 * MEGABYTE), 5_000), {"workbook_lies"}),
    "a little larger than declared": (lambda: lying(package(cells(b"A1", b"B2")), 100), {"workbook_lies"}),
    "300 members": (lambda: many(300), {"workbook_members"}),
    "100,000 members": (lambda: overlapping(10, 60_000), {"workbook_members"}),
    "overlapping members": (lambda: overlapping(20 * MEGABYTE, 190), {"workbook_expands", "workbook_ratio"}),
    "a package within": (lambda: package(cells(b"A1"), {"xl/embeddings/a.xlsx": good()}), {"workbook_nested"}),
    "an archive within": (lambda: package(cells(b"A1"), {"xl/a.zip": b"PK"}), {"workbook_nested"}),
    "billion laughs in a string": (
        lambda: package(cells(b"A1"), {"xl/sharedStrings.xml": LAUGHS}),
        {"workbook_entities"},
    ),
    "billion laughs in the sheet": (lambda: package(LAUGHS), {"workbook_entities"}),
    "an entity from outside": (lambda: package(OUTSIDE + cells(b"A1")), {"workbook_entities"}),
    "an entity in the book": (lambda: package(cells(b"A1"), book=OUTSIDE + BOOK), {"workbook_entities"}),
    "encrypted members": (lambda: encrypted(good()), {"password_protected"}),
    "cut in half": (lambda: good()[: len(good()) // 2], {"workbook_damaged"}),
    "flipped bytes": (lambda: damaged(good()), {"workbook_damaged", "workbook_lies"}),
    "bzip2 members": (lambda: other_compression(zipfile.ZIP_BZIP2), {"workbook_damaged"}),
    "lzma members": (lambda: other_compression(zipfile.ZIP_LZMA), {"workbook_damaged"}),
    "no sheet": (
        lambda: package(cells(b"A1"), book=BOOK.replace(b'<sheet name="S" sheetId="1" r:id="rId1"/>', b"")),
        None,
    ),
    "an empty sheet": (lambda: package(ROOT % b""), {"empty_file"}),
    "17 thousand million cells": (
        lambda: package(cells(b"A1", b"XFD1048576")),
        {"workbook_memory", "too_many_columns"},
    ),
    "a million columns": (lambda: package(cells(b"A1", b"BDWGN1")), None),
    "a tall and wide sheet": (lambda: package(cells(b"A1", b"ALL1048576")), {"workbook_memory"}),
    "a million strings declared": (
        lambda: package(cells(b"A1"), {"xl/sharedStrings.xml": b'<sst count="4294967295" uniqueCount="4294967295"/>'}),
        None,
    ),
    "not XML at all": (lambda: package(b"\xff" * 5_000), None),
    "deep XML": (lambda: package(b"<a>" * 300_000), None),
}

TEXTS = {
    "1 GB of one line": (lambda path: sparse(path, 1024 * MEGABYTE), {"too_large"}),
    "199 MB of zeros": (lambda path: sparse(path, 199 * MEGABYTE), {"binary"}),
    "a line of 60 MB": (lambda path: path.write_bytes(b"a,b\n" + b"x" * 60 * MEGABYTE), {"line_too_long"}),
    "a million columns": (lambda path: path.write_bytes(b"a," * 1_000_000 + b"\n1\n"), {"too_many_columns"}),
    "60 MB of blank lines": (lambda path: path.write_bytes(b"\n" * 60 * MEGABYTE), {"too_many_rows"}),
    "an open quote and 60 MB": (
        lambda path: path.write_bytes(b'a,b\n1,"2\n' + b"line\n" * (12 * MEGABYTE)),
        {"unclosed_quote"},
    ),
    "a cell of 3 MB": (lambda path: path.write_bytes(b"a,b\n1," + b"x" * 3_000_000 + b"\n"), {"cell_too_long"}),
    "random bytes": (lambda path: path.write_bytes(random.Random(1).randbytes(50_000)), {"binary"}),
}
