"""One series of a result as a short row of bytes, and back: what the database keeps of an analysis.

Layout, little-endian: a header, then the arrays of `PER_PHASE`, `PER_POINT` and, where the header says so, `SECOND`
and `OWN`, one after the other. The version is raised when the layout changes; a reader knows all older ones (frozen
papers hold them) and refuses what it does not know. Nothing in it can run.
"""

import struct
from dataclasses import dataclass, fields

import numpy as np

from . import codes
from .result import Drawn, OwnLines, Result

MAGIC, FIRST = b"XmR2", b"XmR1"
# magic, points, phases, direction, variation, assurance, mode (1 = product), notes, values, latest, target
HEADER = struct.Struct("<4sIIbbbbHIid")
# Behind it since the second version: chart, arrays that follow (HAS_SECOND, HAS_OWN), second_side, second_since
MORE = struct.Struct("<bBbi")
HAS_SECOND, HAS_OWN = 1, 2
SECOND = (("second", "<f8"),)
OWN = tuple((field.name, "<f8") for field in fields(OwnLines))
LINES = ("phase_mean", "phase_amr", "phase_lpl", "phase_upl", "phase_nlpl", "phase_nupl")
PER_PHASE = (*((name, "<f8") for name in LINES), ("phase_number", "<i4"), ("phase_notes", "<u2"))
PER_POINT = (("values", "<f8"), ("days", "<i4"), ("marks", "u1"), ("label", "i1"), ("point_type", "i1"))
NATIVE = {"phase_number": np.int64, "phase_notes": np.uint16, "days": np.int64}


class PackError(ValueError):
    """The bytes are not a packed series of a known version, or are cut."""


@dataclass(frozen=True, eq=False)
class Points(Drawn):
    """One series read back: the arrays of `Drawn`, and direction, target (nan = none), variation and
    assurance (icon codes), n (values that are not missing), latest (index of the latest point, -1 = none),
    notes, product (mode), chart (codes.XMR ..), second_side (of the second opinion at the latest point: +1 high, -1
    low, 0 inside) and second_since (index of the first point of that run, -1 = none)."""

    direction: int
    target: float
    variation: int
    assurance: int
    n: int
    latest: int
    notes: int
    product: bool
    chart: int
    second_side: int
    second_since: int

    def __len__(self) -> int:
        return len(self.values)


def pack(result: Result, series: int) -> bytes:
    """The bytes of one series (23 per point and about 100; 40 more per point where limits vary)."""
    first, end = int(result.batch.starts[series]), int(result.batch.starts[series + 1])
    first_phase, end_phase = int(result.first_phase[series]), int(result.first_phase[series + 1])
    latest = int(result.latest[series])
    head = HEADER.pack(
        MAGIC,
        end - first,
        end_phase - first_phase,
        result.batch.direction[series],
        result.variation[series],
        result.assurance[series],
        result.settings.product,
        result.notes[series],
        result.n[series],
        latest - first if latest >= 0 else -1,
        result.batch.target[series],
    )
    own = result.own if result.chart[series] in codes.VARYING else None
    since = int(result.second_since[series])
    head += MORE.pack(
        result.chart[series],
        (HAS_SECOND if result.second is not None else 0) | (HAS_OWN if own is not None else 0),
        result.second_side[series],
        since - first if since >= 0 else -1,
    )
    lengths = np.diff(result.phase_starts[first_phase : end_phase + 1]).astype("<i4")
    parts = [head, lengths.tobytes()]
    parts += [getattr(result, name)[first_phase:end_phase].astype(kind).tobytes() for name, kind in PER_PHASE]
    parts += [getattr(result, name)[first:end].astype(kind).tobytes() for name, kind in PER_POINT]
    if result.second is not None:
        parts.append(result.second[first:end].astype("<f8").tobytes())
    if own is not None:
        parts += [getattr(own, name)[first:end].astype(kind).tobytes() for name, kind in OWN]
    return b"".join(parts)


def pack_all(result: Result) -> list[bytes]:
    """`pack` of every series of the batch, in order."""
    return [pack(result, series) for series in range(result.batch.size)]


def unpack(data: bytes | memoryview) -> Points:
    """Read what `pack` wrote, exactly. Raises PackError."""
    if len(data) < HEADER.size or bytes(data[:4]) not in (MAGIC, FIRST):
        raise PackError("not a packed series of a known version")
    _, points, phases, direction, variation, assurance, product, notes, count, latest, target = HEADER.unpack_from(data)
    chart, follows, side, since, place = codes.XMR, 0, 0, -1, HEADER.size
    if bytes(data[:4]) == MAGIC:
        if len(data) < HEADER.size + MORE.size:
            raise PackError("a packed series is cut")
        chart, follows, side, since = MORE.unpack_from(data, place)
        place += MORE.size
    lengths, place = _take(data, place, phases, "<i4")
    arrays: dict[str, np.ndarray] = {"second": np.zeros(0, "<f8")}
    wanted = [(PER_PHASE, phases), (PER_POINT, points)]
    wanted += [(SECOND, points)] if follows & HAS_SECOND else []
    wanted += [(OWN, points)] if follows & HAS_OWN else []
    for columns, size in wanted:
        for name, kind in columns:
            arrays[name], place = _take(data, place, size, kind)
    if place != len(data) or lengths.sum() != points:
        raise PackError("a packed series is longer than its header says")
    native = {name: array.astype(NATIVE.get(name, array.dtype.newbyteorder("="))) for name, array in arrays.items()}
    own = OwnLines(**{name: native.pop(name) for name, _kind in OWN}) if follows & HAS_OWN else None
    second = native.pop("second")
    return Points(
        **native,
        own=own,
        second=second if follows & HAS_SECOND else None,
        phase_starts=np.concatenate([[0], np.cumsum(lengths, dtype=np.int64)]),
        direction=direction,
        target=target,
        variation=variation,
        assurance=assurance,
        n=count,
        latest=latest,
        notes=notes,
        product=bool(product),
        chart=chart,
        second_side=side,
        second_since=since,
    )


def cut(data: bytes, points: int) -> bytes:
    """The last so many points of a packed series with the lines of its last phase, packed: what a sparkline draws.

    n (values in all), notes and icons stay those of the whole series; the second opinion and lines that vary from
    point to point are left out, and all points count to the last phase. Raises PackError.
    """
    if len(data) < HEADER.size or bytes(data[:4]) not in (MAGIC, FIRST):
        raise PackError("not a packed series of a known version")
    _, size, phases, *facts, latest, target = HEADER.unpack_from(data)
    new = bytes(data[:4]) == MAGIC
    chart = MORE.unpack_from(data, HEADER.size)[0] if new else codes.XMR
    kept, dropped = min(size, points), max(0, size - points)
    head = HEADER.pack(MAGIC, kept, min(phases, 1), *facts, max(-1, latest - dropped), target)
    parts = [head, MORE.pack(chart, 0, 0, -1), np.array([kept] * min(phases, 1), "<i4").tobytes()]
    place = HEADER.size + (MORE.size if new else 0) + 4 * phases
    for columns, length, wanted in ((PER_PHASE, phases, min(phases, 1)), (PER_POINT, size, kept)):
        for _name, kind in columns:
            width = np.dtype(kind).itemsize
            end = place + length * width
            if end > len(data):
                raise PackError("a packed series is cut")
            parts.append(bytes(data[end - wanted * width : end]))
            place = end
    return b"".join(parts)


def _take(data: bytes | memoryview, place: int, size: int, kind: str) -> tuple[np.ndarray, int]:
    end = place + size * np.dtype(kind).itemsize
    if end > len(data):
        raise PackError("a packed series is cut")
    return np.frombuffer(data, kind, size, place), end
