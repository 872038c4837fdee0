"""What stands for given series and days, and what the uploads say about them: reading only, in bulk."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import numpy as np
from django.db import connection
from django.db.models import Q
from numpy.typing import NDArray

from metrics import blocks, states
from metrics.bulk import in_list
from metrics.models import Block, Upload
from metrics.queries.plans import making_of
from metrics.references import Making

DAY_BITS = 22
Keys = NDArray[np.int64]
REFERENCES = ("series", "unit", "service", "product", "channel")
STANDING = (states.DONE, states.MERGING)


def keys_of(series: NDArray[np.int64], day: NDArray[np.int32]) -> Keys:
    """One sortable number per (series, day)."""
    return (series.astype(np.int64) << DAY_BITS) | day.astype(np.int64)


@dataclass
class Values:
    """Values for sorted ``keys``; where ``upload`` is 0 there is none."""

    upload: NDArray[np.int64]
    numerator: NDArray[np.float64]
    denominator: NDArray[np.float64]

    @classmethod
    def none(cls, rows: int) -> Values:
        return cls(np.zeros(rows, np.int64), np.full(rows, np.nan), np.full(rows, np.nan))

    @property
    def there(self) -> NDArray[np.bool_]:
        return self.upload > 0

    def equal(self, numerator: NDArray[np.float64], denominator: NDArray[np.float64]) -> NDArray[np.bool_]:
        return same(self.numerator, numerator) & same(self.denominator, denominator)

    def put(
        self, where: NDArray[np.intp], upload: int, numerator: NDArray[np.float64], denominator: NDArray[np.float64]
    ) -> None:
        self.upload[where], self.numerator[where], self.denominator[where] = upload, numerator, denominator


def same(one: NDArray[np.float64], other: NDArray[np.float64]) -> NDArray[np.bool_]:
    """Equal, or both missing."""
    return (one == other) | (np.isnan(one) & np.isnan(other))


def stands(keys: Keys, series: list[int]) -> Values:
    """What stands for these sorted keys, values that uploads brought only (not sums of units)."""
    found = Values.none(len(keys))
    if not len(keys) or not series:
        return found
    days = keys & ((1 << DAY_BITS) - 1)
    condition, ids = in_list("series_id", series)
    query = (
        "SELECT series_id, day, numerator, denominator, upload_id FROM metrics_observation"
        f" WHERE {condition} AND day BETWEEN %s AND %s AND upload_id IS NOT NULL"
    )
    with connection.cursor() as cursor:
        cursor.execute(query, [ids, int(days.min()), int(days.max())])
        while rows := cursor.fetchmany(blocks.SLICE):
            table = np.array(rows, np.float64)
            there = keys_of(table[:, 0].astype(np.int64), table[:, 1].astype(np.int32))
            mine, theirs = _shared(keys, there)
            found.upload[mine] = table[theirs, 4].astype(np.int64)
            found.numerator[mine], found.denominator[mine] = table[theirs, 2], table[theirs, 3]
    return found


def _shared(keys: Keys, others: Keys) -> tuple[NDArray[np.intp], NDArray[np.intp]]:
    """Places in sorted ``keys`` and in ``others`` of what is in both."""
    place = np.searchsorted(keys, others)
    place[place == len(keys)] = 0
    hit = keys[place] == others if len(keys) else np.zeros(len(others), bool)
    return place[hit], np.flatnonzero(hit)


def rank_of(upload: Upload) -> tuple[object, str, int]:
    """By what the newest of several uploads is told: known-at, then the content itself, so that order plays no part."""
    return upload.known_at, upload.sha256, upload.pk


def others_of(upload: Upload, first: int, last: int, *, newer: bool) -> list[Upload]:
    """The other uploads that say something of series first..last, oldest first; ``newer``: only those that win."""
    ranges = Q(first_series__lte=last, last_series__gte=first)
    said = Block.objects.filter(ranges, number__gt=0, upload__state__in=STANDING).exclude(upload=upload)
    if newer:
        said = said.filter(upload__known_at__gte=upload.known_at)
    found = Upload.objects.filter(pk__in=said.values("upload"))
    ranked = sorted(found.only("pk", "known_at", "sha256"), key=rank_of)
    return [one for one in ranked if not newer or rank_of(one) > rank_of(upload)]


def newest(keys: Keys, uploads: list[Upload]) -> Values:
    """For these sorted keys, what the newest of ``uploads`` (oldest first) says of each."""
    found = Values.none(len(keys))
    if not len(keys):
        return found
    first, last = int(keys[0] >> DAY_BITS), int(keys[-1] >> DAY_BITS)
    for upload in uploads:
        for columns in said(upload.pk, first, last):
            mine, theirs = _shared(keys, keys_of(columns["series"], columns["day"]))
            found.put(mine, upload.pk, columns["numerator"][theirs], columns["denominator"][theirs])
    return found


def said(upload_id: int, first: int, last: int) -> Iterator[dict[str, Any]]:
    """The blocks of an upload that hold series first..last, unpacked, one at a time."""
    rows = Block.objects.filter(upload=upload_id, number__gt=0, first_series__lte=last, last_series__gte=first)
    making = making_of(upload_id)
    for number in rows.order_by("number").values_list("number", flat=True):
        yield content_of(upload_id, number, making)


def content_of(upload_id: int, number: int, making: Making | None = None) -> dict[str, Any]:
    """One block, unpacked; what was new when it was planned has its ids by now."""
    content = Block.objects.values_list("content", flat=True).get(upload=upload_id, number=number)
    columns = blocks.unpack(bytes(content))
    if not any((columns[name] < 0).any() for name in REFERENCES if name in columns):
        return columns
    making = making or making_of(upload_id)
    made = {"series": making.made, "unit": making.units_made, **making.dimensions_made}
    found = {name: resolved(columns[name], made[name]) for name in REFERENCES if name in columns}
    return {**columns, **found}


def resolved(references: NDArray[np.int64], made: list[int]) -> NDArray[np.int64]:
    """References of things that were to be made become their ids; the same array where there are none."""
    new = references < 0
    if not new.any():
        return references
    found = references.copy()
    found[new] = np.array(made, np.int64)[-references[new] - 1]
    return found
