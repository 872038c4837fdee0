"""Observations of many series at once, as flat arrays; and what was said of one value."""

from __future__ import annotations

import sys
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import chain
from typing import Any

import numpy as np
from django.db import connection

from metrics.bulk import in_list
from metrics.models import Observation, ObservationReplaced, Series, Upload

FETCHED = 2_000  # rows that fit a processor's cache on their way into an array
# Stands for "no value" between database and array: neither SQLite nor an iterator of floats knows another sign for it.
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
    table = _table(ids.tolist())
    owner = table[:, 0].astype(np.int64)
    starts = np.searchsorted(owner, ids, side="left").tolist()
    scale = np.array([scales.get(pk, 1.0) for pk in ids.tolist()])
    with np.errstate(all="ignore"):
        share = np.where(np.isnan(table[:, 3]), table[:, 2], table[:, 2] / table[:, 3])
    values = share * scale[np.searchsorted(ids, owner)] if len(ids) else share
    return Arrays(
        series=ids,
        starts=np.array([*starts, len(owner)], np.int64),
        days=table[:, 1].astype(np.int64),
        values=values,
        numerators=table[:, 2],
        denominators=table[:, 3],
        contacts=table[:, 4],
    )


def _table(ids: list[int]) -> np.ndarray:
    """Rows (series, day, numerator, denominator, n) in order, read past the ORM: one query for any number."""
    condition, given = in_list("series_id", ids)
    if connection.vendor == "postgresql":
        return _packed(condition, given)
    names = f"series_id, day, numerator, COALESCE(denominator, {NOTHING!r}), COALESCE(n, {NOTHING!r})"
    parts = [np.zeros((0, 5))]
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT {names} FROM metrics_observation WHERE {condition} ORDER BY series_id, day", [given])
        while rows := cursor.fetchmany(FETCHED):
            parts.append(np.fromiter(chain.from_iterable(rows), np.float64, 5 * len(rows)).reshape(-1, 5))
    table = np.concatenate(parts)
    table[table == NOTHING] = np.nan
    return table


def _packed(condition: str, given: Any) -> np.ndarray:
    """The same from PostgreSQL, which packs the numbers of each series itself: no object is made of any of them."""
    columns = ("day", "numerator", "COALESCE(denominator, 'NaN')", "COALESCE(n, 'NaN'::float8)")
    packed = ", ".join(f"string_agg(float8send({column}), ''::bytea)" for column in columns)
    ordered = f"SELECT * FROM metrics_observation WHERE {condition} ORDER BY series_id, day"
    parts = [np.zeros((0, 5))]
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT series_id, {packed} FROM ({ordered}) o GROUP BY series_id ORDER BY series_id", [given])
        for series, *numbers in cursor:
            read = [np.frombuffer(one, ">f8") for one in numbers]
            parts.append(np.column_stack([np.full(len(read[0]), series), *read]))
    return np.concatenate(parts)


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
