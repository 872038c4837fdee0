"""How the rows that an upload brings are packed: columns of numbers or words, one after the other. Pure."""

from __future__ import annotations

import json
import struct
from typing import Any

import numpy as np
from numpy.typing import NDArray

NEW, CHANGED, SAME, OLDER = 0, 1, 2, 3
"""What a row does to what stands: it is the first, it replaces another value, it says the same, it comes late."""

SLICE = 20_000
"""The most rows of a block, and so of one transaction of a merge."""

Column = NDArray[Any] | list[str]


def pack(columns: dict[str, Column]) -> bytes:
    """Columns of one length as bytes: numpy arrays as they are, lists of words as text with their lengths."""
    head: list[list[Any]] = []
    parts: list[bytes] = []
    for name, column in columns.items():
        if isinstance(column, list):
            lengths = np.fromiter(map(len, column), np.int32, len(column))
            text = "".join(column).encode("utf-8", "surrogatepass")
            head.append([name, "text", lengths.nbytes, len(text)])
            parts += [lengths.tobytes(), text]
        else:
            plain = np.ascontiguousarray(column, column.dtype.newbyteorder("<"))
            head.append([name, plain.dtype.str, plain.nbytes, 0])
            parts.append(plain.tobytes())
    told = json.dumps(head).encode()
    return b"".join([struct.pack("<I", len(told)), told, *parts])


def unpack(content: bytes) -> dict[str, Any]:
    """The columns as they were packed; the arrays are read-only views of ``content``."""
    (length,) = struct.unpack_from("<I", content)
    place = 4 + length
    columns: dict[str, Any] = {}
    for name, kind, size, words in json.loads(content[4:place]):
        if kind == "text":
            lengths = np.frombuffer(content, "<i4", size // 4, place)
            text = content[place + size : place + size + words].decode("utf-8", "surrogatepass")
            ends = np.cumsum(lengths).tolist()
            columns[name] = [text[end - long : end] for end, long in zip(ends, lengths.tolist(), strict=True)]
        else:
            dtype = np.dtype(kind)
            columns[name] = np.frombuffer(content, dtype, size // dtype.itemsize, place)
        place += size + words
    return columns


def taken(columns: dict[str, Any], places: list[int]) -> dict[str, Any]:
    """These rows alone."""
    return {
        name: [column[place] for place in places] if isinstance(column, list) else column[places]
        for name, column in columns.items()
    }


def joined(parts: list[dict[str, Any]]) -> dict[str, Any]:
    """Columns of several parts, one after the other."""
    if len(parts) == 1:
        return parts[0]
    names = dict.fromkeys(name for part in parts for name in part)
    return {name: _column([part.get(name) for part in parts], parts) for name in names}


def _column(found: list[Any], parts: list[dict[str, Any]]) -> Any:
    if isinstance(found[0], list):
        return [word for words in found for word in words]
    # A category that no row of a part was given: nothing is known of it there.
    unknown = (np.full(len(part["status"]), -1, np.int8) for part in parts)
    return np.concatenate(
        [nothing if column is None else column for column, nothing in zip(found, unknown, strict=True)]
    )
