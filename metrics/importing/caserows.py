"""The rows of cases as columns: how they come from a chunk, lie in a block, stand in the table, and are compared."""

from __future__ import annotations

import json
from typing import Any

import numpy as np
from django.db import connection
from numpy.typing import NDArray

from metrics import bulk
from metrics.files import NEVER, CaseChunk
from metrics.models import Case, Source

REFERENCES = ("unit", "service", "product", "channel")
MOMENTS = ("opened", "first_response", "resolved", "closed", "updated")
TIMES = ("first_response_seconds", "resolution_seconds", "score")
VERDICTS = ("within_limit", "satisfied")
FLAG = "flag:"
# The moments by which a case is counted in some period.
COUNTED = ("opened", "first_response", "resolved", "closed")
Columns = dict[str, Any]


def of_chunk(chunk: CaseChunk, references: dict[str, NDArray[np.int64]], day: NDArray[np.int32]) -> Columns:
    """The rows of a chunk; ``references`` of unit and dimensions, ``day`` by which the case is counted."""
    columns: Columns = {"external_id": chunk.external_id, "row": chunk.row_number.astype(np.int32), "day": day}
    columns |= references
    columns |= {name: getattr(chunk, name) for name in (*MOMENTS, *TIMES, *VERDICTS)}
    columns["reopened"] = chunk.reopens
    return columns | {FLAG + name: verdicts for name, verdicts in chunk.flags.items()}


def taken(columns: Columns, places: NDArray[Any]) -> Columns:
    """Some of the rows."""
    if places.dtype == np.bool_:
        places = np.flatnonzero(places)
    chosen = places.tolist()
    return {
        name: [column[place] for place in chosen] if isinstance(column, list) else column[places]
        for name, column in columns.items()
    }


def flags_of(columns: Columns) -> list[str]:
    return sorted(name for name in columns if name.startswith(FLAG))


def alike(one: Columns, other: Columns) -> NDArray[np.bool_]:
    """Which rows say the same of their case (``row`` and ``day`` follow from the rest)."""
    rows = len(one["opened"])
    equal = np.ones(rows, bool)
    for name in (*REFERENCES, *MOMENTS, "reopened", *VERDICTS):
        equal &= one[name] == other[name]
    for name in TIMES:
        equal &= (one[name] == other[name]) | (np.isnan(one[name]) & np.isnan(other[name]))
    unknown = np.full(rows, -1, np.int8)
    for name in set(flags_of(one)) | set(flags_of(other)):
        equal &= one.get(name, unknown) == other.get(name, unknown)
    return equal


COUNTING = (*(f"{name}_id" for name in REFERENCES), *MOMENTS, *TIMES, *VERDICTS, "reopened", "flags")
FETCHED = ("external_id", "upload_id", *COUNTING)


def standing(source: Source, ids: list[str]) -> tuple[dict[str, int], Columns, NDArray[np.int64]]:
    """What stands for these ids: {id: place}, the columns by place, and the upload that brought each."""
    one = "= ANY(%s)" if connection.vendor == "postgresql" else "IN (SELECT value FROM json_each(%s))"
    given: Any = ids if connection.vendor == "postgresql" else json.dumps(ids)
    query = f"SELECT {', '.join(FETCHED)} FROM metrics_case WHERE source_id = %s AND external_id {one}"
    with connection.cursor() as cursor:
        cursor.execute(query, [source.pk, given])
        columns = columns_of(cursor.fetchall(), FETCHED)
    places = {name: place for place, name in enumerate(columns["external_id"])}
    return places, columns, columns.pop("upload_id")


def columns_of(rows: list[tuple[Any, ...]], names: tuple[str, ...]) -> Columns:
    """Rows of the table as columns, with the marks for "not known" that the chunks of a file have."""
    values: list[Any] = list(zip(*rows, strict=True)) if rows else [()] * len(names)
    raw = dict(zip(names, values, strict=True))
    columns: Columns = {"external_id": list(raw["external_id"])} if "external_id" in raw else {}
    if "upload_id" in raw:
        columns["upload_id"] = np.array(raw["upload_id"], np.int64)
    columns |= {name: _whole(raw[f"{name}_id"], 0, np.int64) for name in REFERENCES}
    columns |= {name: _whole(raw[name], NEVER, np.int64) for name in MOMENTS}
    columns |= {name: np.array(raw[name], np.float64) for name in TIMES}
    columns |= {name: _whole(raw[name], -1, np.int8) for name in VERDICTS}
    columns["reopened"] = _whole(raw["reopened"], -1, np.int32)
    flags = [json.loads(text) if isinstance(text, str) else (text or {}) for text in raw["flags"]]
    for name in {name for one in flags for name in one}:
        columns[FLAG + name] = _whole([one.get(name) for one in flags], -1, np.int8)
    return columns


def joined(parts: list[Columns]) -> Columns:
    """Columns of numbers one after the other; a flag that a part does not know is not known there."""
    names = {name for part in parts for name in part}
    return {
        name: np.concatenate([part.get(name, np.full(len(part["opened"]), -1, np.int8)) for part in parts])
        for name in sorted(names)
    }


def _whole(values: Any, missing: int, kind: Any) -> NDArray[Any]:
    return np.array([missing if value is None else int(value) for value in values], kind)


def store(source: Source, upload_id: Any, columns: Columns) -> None:
    """Insert these cases, or update those that are there; ``upload_id``: one for all, or an array."""
    rows = len(columns["external_id"])
    given = [bulk.Column("source_id", source.pk), bulk.Column("external_id", columns["external_id"])]
    given += [bulk.Column(f"{name}_id", columns[name], columns[name] == 0) for name in REFERENCES]
    given += [bulk.Column(name, columns[name], columns[name] == NEVER) for name in MOMENTS]
    given += [bulk.Column(name, columns[name]) for name in TIMES]
    given += [bulk.Column(name, columns[name] == 1, columns[name] < 0) for name in VERDICTS]
    given.append(bulk.Column("reopened", columns["reopened"], columns["reopened"] < 0))
    given.append(bulk.Column("flags", _flag_words(columns, rows)))
    given += [bulk.Column("day", columns["day"]), bulk.Column("upload_id", upload_id)]
    bulk.upsert(Case._meta.db_table, rows, given, ("source_id", "external_id"))


def _flag_words(columns: Columns, rows: int) -> list[str]:
    names = flags_of(columns)
    if not names:
        return ["{}"] * rows
    words: dict[tuple[int, ...], str] = {}
    found = []
    for verdicts in zip(*(columns[name].tolist() for name in names), strict=True):
        if verdicts not in words:
            told = {
                name.removeprefix(FLAG): bool(value) for name, value in zip(names, verdicts, strict=True) if value >= 0
            }
            words[verdicts] = json.dumps(told)
        found.append(words[verdicts])
    return found


def told(columns: Columns, place: int) -> dict[str, Any]:
    """One row as the history keeps it."""
    row: dict[str, Any] = {name: int(columns[name][place]) or None for name in REFERENCES}
    for name in (*MOMENTS, "reopened", *VERDICTS, *flags_of(columns)):
        value = int(columns[name][place])
        row[name] = None if value in (NEVER, -1) else value
    for name in TIMES:
        seconds = float(columns[name][place])
        row[name] = None if np.isnan(seconds) else seconds
    return row
