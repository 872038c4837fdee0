"""Observations of many series at once, as flat arrays; and what was said of one value."""

from __future__ import annotations

import json
import struct
import sys
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from django.db import connection

from metrics.bulk import in_list
from metrics.models import Observation, ObservationReplaced, Series, Upload

# Stands for "no value" on the way from SQLite, which knows no nan.
NOTHING = -sys.float_info.max


@dataclass(frozen=True)
class Arrays:
    """Series s of ``series`` (ids, ascending) owns starts[s]:starts[s + 1] of the flat arrays, in order of day.

    ``days`` are proleptic ordinals of the first day of each period; ``values`` are in the metric's unit, nan where
    the denominator is 0. ``numerators`` and ``denominators`` (nan where there is none) are as they were brought,
    ``contacts`` how many contacts lie behind a value (nan where that is not known).
    """

    series: np.ndarray
    starts: np.ndarray
    days: np.ndarray
    values: np.ndarray
    numerators: np.ndarray
    denominators: np.ndarray
    contacts: np.ndarray


def arrays(series_ids: Sequence[int], scales: Mapping[int, float] | None = None) -> Arrays:
    """The observations of these series: value = numerator / denominator × scale (no denominator: numerator).

    ``scales``: what each metric multiplies by, where the caller knows it (else one query more).
    """
    ids = np.array(sorted(set(series_ids)), np.int64)
    if scales is None:
        scales = dict(Series.objects.filter(pk__in=ids.tolist()).values_list("pk", "metric__scale"))
    wanted = ids.tolist()
    found = dict(_packed_by_postgresql(wanted) if connection.vendor == "postgresql" else _packed_by_sqlite(wanted))
    parts = [found.get(pk, NO_ROWS) for pk in wanted]
    lengths = [len(days) for days, *_numbers in parts]
    days, numerators, denominators, contacts = (
        np.concatenate([np.zeros(0), *columns]) for columns in (zip(*parts, strict=True) if parts else [()] * 4)
    )
    values = numerators.copy()
    with np.errstate(all="ignore"):
        np.divide(numerators, denominators, out=values, where=~np.isnan(denominators))
    values *= np.repeat([scales.get(pk, 1.0) for pk in wanted], lengths)
    return Arrays(
        series=ids,
        starts=np.cumsum([0, *lengths], dtype=np.int64),
        days=days.astype(np.int64),
        values=values,
        numerators=numerators,
        denominators=denominators,
        contacts=contacts,
    )


# Of one series: its id; day, numerator, denominator and n of each of its observations, in order of day.
OfOne = tuple[int, Sequence[np.ndarray] | np.ndarray]
NO_ROWS = [np.zeros(0)] * 4
# PostgreSQL keeps what it packs in memory until the last row: 60 bytes a row.
AT_ONCE = 200


def _packed_by_postgresql(ids: list[int]) -> Iterator[OfOne]:
    """One query for each few hundred series. The database packs the numbers of each into bytes, so that no object is made
    of any: that cost more than all the arithmetic. As the rows lie, which is nearly in order of day: sorting them there
    took as long as reading them, and for many series kept it from reading the table through."""
    columns = ("day", "numerator", "COALESCE(denominator, 'NaN')", "COALESCE(n, 'NaN'::float8)")
    packed = ", ".join(f"string_agg(float8send({column}), ''::bytea)" for column in columns)
    for start in range(0, len(ids), AT_ONCE):
        condition, given = in_list("series_id", ids[start : start + AT_ONCE])
        query = f"SELECT series_id, {packed} FROM metrics_observation WHERE {condition} GROUP BY series_id"
        with connection.cursor() as cursor:
            cursor.execute(query, [given])
            for series, *numbers in cursor:
                yield series, in_order(np.array([np.frombuffer(one, ">f8") for one in numbers], np.float64).T).T


def _packed_by_sqlite(ids: list[int]) -> Iterator[OfOne]:
    """The same; not by GROUP BY, which would sort once more what the index has in order."""
    columns = f"day, numerator, ifnull(denominator, {NOTHING!r}), ifnull(n, {NOTHING!r})"
    of_one = f"SELECT packed({columns}) FROM metrics_observation WHERE series_id = j.value"
    with connection.cursor() as cursor:
        connection.connection.create_aggregate("packed", 4, Packed)
        cursor.execute(f"SELECT j.value, ({of_one}) FROM json_each(%s) j", [json.dumps(ids)])
        for series, numbers in cursor:
            if numbers is not None:
                days, numerators, denominators, n = in_order(np.frombuffer(numbers, "<f8").reshape(-1, 4)).T
                yield series, [days, numerators, *(np.where(one == NOTHING, np.nan, one) for one in (denominators, n))]


class Packed:
    """An aggregate of SQLite: the numbers of the rows as bytes, as they come."""

    def __init__(self) -> None:
        rows: list[bytes] = []
        keep, pack = rows.append, struct.Struct("<4d").pack

        def step(*row: float) -> None:
            keep(pack(*row))

        self.step, self.rows = step, rows

    def finalize(self) -> bytes:
        return b"".join(self.rows)


def in_order(rows: np.ndarray) -> np.ndarray:
    """By day, the first column. They nearly always come so; a database may read a small table as it lies."""
    return rows if (np.diff(rows[:, 0]) > 0).all() else rows[np.argsort(rows[:, 0], kind="stable")]


def within(windows: Mapping[int, tuple[int, int]]) -> np.ndarray:
    """Rows (series, day, numerator, denominator; nan where there is none) of series, each from its own first to its own
    last day, both included, in no order; one query."""
    if not windows:
        return np.zeros((0, 4))
    rows = [(series, first, last) for series, (first, last) in windows.items()]
    if connection.vendor == "postgresql":
        wanted = "unnest(%s::bigint[], %s::int[], %s::int[]) j (id, first, last)"
        given: list[Any] = [list(column) for column in zip(*rows, strict=True)]
    else:
        parts = ", ".join(f"json_extract(value, '$[{n}]') AS {name}" for n, name in enumerate(("id", "first", "last")))
        wanted, given = f"(SELECT {parts} FROM json_each(%s)) j", [json.dumps(rows)]
    query = (
        f"SELECT o.series_id, o.day, o.numerator, o.denominator FROM {wanted}"
        " JOIN metrics_observation o ON o.series_id = j.id AND o.day BETWEEN j.first AND j.last"
    )
    with connection.cursor() as cursor:
        cursor.execute(query, given)
        return np.array(cursor.fetchall(), np.float64).reshape(-1, 4)


@dataclass(frozen=True)
class Said:
    """What one upload said of a value; ``stands`` for the one that counts. ``upload`` None: summed or computed."""

    upload: Upload | None
    numerator: float
    denominator: float | None
    stands: bool


def said_of(series: Series, day: int) -> list[Said]:
    """What was ever said of one value and has not been taken back: what stands first, then the newest known."""
    now = Observation.objects.filter(series=series, day=day).select_related("upload__source", "upload__person")
    before = ObservationReplaced.objects.filter(series=series, day=day).select_related(
        "upload__source", "upload__person"
    )
    found = [Said(row.upload, row.numerator, row.denominator, True) for row in now]
    rows = before.order_by("-upload__known_at", "-upload")
    return found + [Said(row.upload, row.numerator, row.denominator, False) for row in rows]
