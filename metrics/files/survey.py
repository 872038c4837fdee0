"""One pass over a file's bytes: what kind of file it is, its hash, its letters, its line endings."""

from __future__ import annotations

import codecs
import hashlib
import struct
import zipfile
from dataclasses import dataclass, field
from pathlib import Path

from metrics.files.plan import Limits, refusal
from metrics.files.records import BLOCK, CONTROLS, STRIP

_OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
_MAGIC = (
    (b"%PDF", "PDF"),
    (b"\x1f\x8b", "gzip"),
    (b"7z\xbc\xaf", "7z"),
    (b"Rar!", "RAR"),
    (b"BZh", "bzip2"),
    (b"\xfd7zXZ", "xz"),
    (b"\x28\xb5\x2f\xfd", "zstd"),
    (b"PAR1", "Parquet"),
    (b"\x89PNG", "PNG"),
    (b"\xff\xd8\xff", "JPEG"),
    (b"GIF8", "GIF"),
    (b"SQLite format 3", "SQLite"),
    (b"\x7fELF", "ELF"),
    (b"MZ\x90", "EXE"),
    (b"ID;P", "SYLK"),
    (b"{\\rtf", "RTF"),
)
_ARCHIVES = {"gzip", "7z", "RAR", "bzip2", "xz", "zstd"}
_MARKUP = (b"<!doctype html", b"<html", b"<table", b"<head", b"<body", b"<meta")
_SAMPLE = 4_000
# The end record of a package and the longest comment after it; a directory past the second is no workbook's; the mark
# that a longer record stands elsewhere.
_END_AND_COMMENT = 22 + 65_535
_LONG_DIRECTORY = 1024 * 1024
_ZIP64 = 0xFFFFFFFF
"""High bytes looked at to tell Windows-1252 from Mac Roman."""


@dataclass(slots=True)
class Survey:
    """What the bytes say. ``encoding`` is what to read the file with; ``guessed`` that nothing proves it."""

    size: int = 0
    sha256: str = ""
    encoding: str = "utf-8"
    guessed: bool = False
    lines: int = 0
    line_ending: str = ""
    final_newline: bool = True
    controls: int = 0
    bad_bytes: int = 0
    first_bad: int = -1
    endings: dict[str, int] = field(default_factory=dict)


def workbook_or_text(path: Path, limits: Limits) -> str:
    """ "xlsx" or "csv" by content, whatever the file is called; raises ``Refused`` for anything else."""
    if not path.is_file():
        raise refusal("not_found")
    size = path.stat().st_size
    if size == 0:
        raise refusal("empty_file")
    with path.open("rb") as file:
        head = file.read(8_192)
    if head.startswith(_OLE):
        raise refusal("password_protected" if _is_encrypted(path) else "legacy_xls")
    if head.startswith(b"PK"):
        if size > limits.packed_bytes:
            raise refusal("too_large", size=size, limit=limits.packed_bytes)
        _refuse_long_directory(path, limits)
        return _zip_kind(path)
    if size > limits.text_bytes:
        raise refusal("too_large", size=size, limit=limits.text_bytes)
    _refuse_other(head)
    return "csv"


def _is_encrypted(path: Path) -> bool:
    marks = ["EncryptedPackage".encode("utf-16-le"), "EncryptionInfo".encode("utf-16-le")]
    with path.open("rb") as file:
        before = b""
        while block := file.read(BLOCK):
            if any(mark in before + block for mark in marks):
                return True
            before = block[-64:]
    return False


def _refuse_long_directory(path: Path, limits: Limits) -> None:
    """Refuse a package by the size its end record gives for the directory: listing 60,000 members already takes a
    second, and a workbook's directory is a few kilobytes."""
    with path.open("rb") as file:
        file.seek(max(0, path.stat().st_size - _END_AND_COMMENT))
        tail = file.read()
    end = tail.rfind(b"PK\x05\x06")
    if end < 0 or len(tail) < end + 22:
        return
    members, size = struct.unpack_from("<HI", tail, end + 10)
    if _LONG_DIRECTORY < size < _ZIP64:
        raise refusal("workbook_members", members=members, limit=limits.members)


def _zip_kind(path: Path) -> str:
    try:
        with zipfile.ZipFile(path) as package:
            names = set(package.namelist())
    except (zipfile.BadZipFile, OSError, ValueError, NotImplementedError, RuntimeError, EOFError) as error:
        raise refusal("workbook_damaged", detail=type(error).__name__) from None
    if "xl/workbook.xml" in names or "xl/workbook.bin" in names:
        if "xl/workbook.bin" in names:
            raise refusal("other_workbook", found="xlsb")
        return "xlsx"
    if "content.xml" in names:
        raise refusal("other_workbook", found="ods")
    if any(name.startswith("Index/") or name == "Index.zip" for name in names):
        raise refusal("other_workbook", found="numbers")
    if "word/document.xml" in names or "ppt/presentation.xml" in names:
        raise refusal("wrong_type", found="Office document")
    raise refusal("archive", found="zip")


def _refuse_other(head: bytes) -> None:
    for magic, name in _MAGIC:
        if head.startswith(magic):
            raise refusal("archive" if name in _ARCHIVES else "wrong_type", found=name)
    start = head.removeprefix(codecs.BOM_UTF8).replace(b"\0", b"").lstrip().lower()
    if any(start.startswith(mark) for mark in _MARKUP):
        raise refusal("wrong_type", found="HTML")
    if start.startswith(b"<?xml") or start.startswith(b"<"):
        raise refusal("wrong_type", found="HTML" if b"<html" in start or b"<table" in start else "XML")
    if start.startswith((b'{"', b"[{", b"[\n", b"{\n", b"[\r\n", b"{\r\n")):
        raise refusal("wrong_type", found="JSON")


def survey(path: Path, encoding: str = "") -> Survey:
    """Pass over all bytes. ``encoding`` forces one; an unknown name raises ``Refused``."""
    found = Survey()
    with path.open("rb") as file:
        head = file.read(4_096)
    wide = _wide(head)
    if encoding:
        found.encoding = _known(encoding)
    elif wide:
        found.encoding, found.guessed = wide, not head.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE))
    elif head.startswith(codecs.BOM_UTF8):
        found.encoding = "utf-8-sig"
    good_utf8 = _count(path, found)
    if found.encoding.startswith("utf-16"):
        _check_wide(path, found)
    if not encoding and not wide and not good_utf8:
        _guess(path, found)
    return found


def _known(encoding: str) -> str:
    try:
        name = codecs.lookup(encoding).name
        "".encode(name)
    except LookupError:
        raise refusal("unreadable_text", encoding=encoding, offset=0) from None
    return name


def _wide(head: bytes) -> str:
    """The UTF-16 flavour, by its mark or by where the zero bytes are."""
    if head.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)):
        return "utf-16"
    even, odd = head[0::2].count(0), head[1::2].count(0)
    half = max(len(head) // 2, 1)
    if len(head) >= 4 and odd > 0.4 * half and even < 0.1 * half:
        return "utf-16-le"
    if len(head) >= 4 and even > 0.4 * half and odd < 0.1 * half:
        return "utf-16-be"
    return ""


def _count(path: Path, found: Survey) -> bool:
    """Fill in hash, size, endings and controls; true where every byte is UTF-8."""
    digest, wide = hashlib.sha256(), found.encoding.startswith("utf-16")
    decoder = codecs.getincrementaldecoder("utf-8")("strict")
    good, last = True, b""
    feeds = returns = pairs = 0
    with path.open("rb") as file:
        while block := file.read(BLOCK):
            digest.update(block)
            found.size += len(block)
            if not wide:
                found.controls += len(block) - len(block.translate(None, CONTROLS))
            edge = last[-1:] == b"\r" and block[:1] == b"\n"
            pairs += block.count(b"\r\n") + edge
            feeds += block.count(b"\n")
            returns += block.count(b"\r")
            if good:
                good = _decodes(decoder, block)
            last = (last + block)[-4:]
    good = good and _decodes(decoder, b"", final=True)
    found.sha256 = digest.hexdigest()
    found.endings = {"\r\n": pairs, "\n": feeds - pairs, "\r": returns - pairs}
    if wide:
        found.endings = {
            "\r\n": min(returns, feeds),
            "\n": max(feeds - returns, 0),
            "\r": max(returns - feeds, 0),
        }
    found.line_ending = max(found.endings, key=lambda ending: found.endings[ending])
    found.final_newline = last.rstrip(b"\0").endswith((b"\n", b"\r")) if last else True
    found.lines = sum(found.endings.values()) + (not found.final_newline)
    return good


def _decodes(decoder: codecs.IncrementalDecoder, block: bytes, *, final: bool = False) -> bool:
    try:
        decoder.decode(block, final)
    except UnicodeDecodeError:
        return False
    return True


def _check_wide(path: Path, found: Survey) -> None:
    """UTF-16 has two bytes to a letter: with half a letter gone all that follows would be other letters."""
    if found.size % 2:
        raise refusal("unreadable_text", encoding=found.encoding, offset=found.size - 1)
    decoder = codecs.getincrementaldecoder(found.encoding)("replace")
    seen = 0
    with path.open("rb") as file:
        while block := file.read(BLOCK):
            text = decoder.decode(block)
            if "\0" in text:
                raise refusal("binary", offset=seen + 2 * text.index("\0"))
            found.controls += len(text) - len(text.translate(STRIP))
            found.bad_bytes += 2 * text.count("\ufffd")
            seen += len(block)


def _guess(path: Path, found: Survey) -> None:
    """UTF-8 with a few bad bytes, Windows-1252 or Mac Roman: whichever makes words of the high bytes."""
    decoder = codecs.getincrementaldecoder("utf-8")("replace")
    good = bad = seen = 0
    around: list[bytes] = []
    with path.open("rb") as file:
        while block := file.read(BLOCK):
            text = decoder.decode(block)
            bad_here = text.count("\ufffd")
            good += len(text) - len(text.encode("ascii", "ignore")) - bad_here
            if bad_here and found.first_bad < 0:
                found.first_bad = seen
            bad += bad_here
            seen += len(block)
            if len(around) < _SAMPLE:
                places = [place for place, byte in enumerate(block) if byte > 127][: _SAMPLE - len(around)]
                around += [block[max(place - 1, 0) : place + 2] for place in places]
    if good > 3 * bad:
        found.encoding, found.bad_bytes = ("utf-8-sig" if found.encoding == "utf-8-sig" else "utf-8"), bad
        return
    western = sum(_plausible(piece, "cp1252") for piece in around)
    roman = sum(_plausible(piece, "mac_roman") for piece in around)
    found.encoding, found.guessed = ("mac_roman" if roman > western else "cp1252"), True


def _plausible(piece: bytes, encoding: str) -> int:
    """How likely three bytes around a high one are text: letters within words, signs between them."""
    text = piece.decode(encoding, "replace")
    before, letter, after = (text[0], text[1], text[2]) if len(text) == 3 else (" ", text[0], text[-1])
    if letter == "\ufffd":
        return -3
    if letter.isalpha():
        if letter.isupper() and before.islower():
            return -2
        return 1 if before.isalpha() or after.isalpha() else -1
    if letter in "\u00a0\u2019\u2018\u201c\u201d\u2013\u2014\u2026£€°·•§©®™":
        return 1
    return -1
