"""Which cases does a newer export of the same days and units not hold any more?

Told only where the file repeats some of what is known: an export of other cases says nothing about these.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence

import numpy as np
from django.db import connection, transaction
from numpy.typing import NDArray

from metrics import blocks, bulk
from metrics.bulk import in_list
from metrics.files import NEVER, CaseChunk
from metrics.files.scorings import joined
from metrics.files.zones import Clock
from metrics.importing import caserows
from metrics.models import Source, Upload, VanishedCase
from metrics.queries.vanished import NOT_TAKEN_OUT
from teams.queries import workspace

WRITTEN = 5_000
Ints = NDArray[np.int64]


class Vanishing:
    """Sees every case number of a file, the rejected ones too; eight bytes each. ``rater_place``: where the other half
    of the number stands, for scorings; ``raters``: whoever has a column of their own. Of a row of theirs that is rejected
    no scoring is taken for gone."""

    def __init__(
        self, upload: Upload, id_place: int, rater_place: int | None = None, raters: Sequence[str] = ()
    ) -> None:
        self.upload, self.id_place, self.rater_place, self.raters = upload, id_place, rater_place, raters
        self._hashes: list[Ints] = []
        self._units: set[int] = set()
        self._first, self._last = 0, 0

    def see(self, chunk: CaseChunk, unit: Ints, day: NDArray[np.int32]) -> None:
        lost = [name for row in chunk.rejected if len(row.cells) > self._needed for name in self._numbers(row.cells)]
        self._hashes.append(_hashes([*chunk.external_id, *lost]))
        self._units |= set(np.unique(unit[unit > 0]).tolist())
        if len(day):
            self._first = min(self._first or int(day.min()), int(day.min()))
            self._last = max(self._last, int(day.max()))

    @property
    def _needed(self) -> int:
        return max(self.id_place, self.rater_place or 0)

    def _numbers(self, cells: tuple[str, ...]) -> list[str]:
        number = cells[self.id_place].strip()
        if self.raters:
            return [joined(number, " ".join(rater.split())) for rater in self.raters]
        return [number if self.rater_place is None else joined(number, " ".join(cells[self.rater_place].split()))]

    def find(self) -> int:
        """Write down the cases that are gone; how many they are."""
        seen = np.unique(np.concatenate([np.zeros(0, np.int64), *self._hashes]))
        count = 0
        for rows in self._standing():
            gone = ~np.isin(_hashes([name for name, _day in rows]), seen)
            chosen = [rows[place] for place in np.flatnonzero(gone).tolist()]
            self._write(chosen)
            count += len(chosen)
        return count

    def _standing(self) -> Iterator[list[tuple[str, int]]]:
        """Case number and day of what is known of these days and units from older uploads, and counts."""
        if not self._units:
            return
        condition, units = in_list("unit_id", sorted(self._units))
        query = (
            "SELECT external_id, day FROM metrics_case WHERE source_id = %s AND day BETWEEN %s AND %s"
            f" AND {condition} AND upload_id IN (SELECT id FROM metrics_upload WHERE known_at <= %s){NOT_TAKEN_OUT}"
        )
        known_at = connection.ops.adapt_datetimefield_value(self.upload.known_at)
        found: list[tuple[str, int]] = []
        with connection.cursor() as cursor:
            cursor.execute(query, [self.upload.source_id, self._first, self._last, units, known_at])
            while rows := cursor.fetchmany(blocks.SLICE):
                found += rows
        for first in range(0, len(found), WRITTEN):
            yield found[first : first + WRITTEN]

    def _write(self, rows: list[tuple[str, int]]) -> None:
        columns = [
            bulk.Column("upload_id", [self.upload.pk] * len(rows)),
            bulk.Column("external_id", [name for name, _day in rows]),
            bulk.Column("day", np.array([day for _name, day in rows], np.int32)),
        ]
        with transaction.atomic():
            bulk.insert(VanishedCase._meta.db_table, len(rows), columns)


def _hashes(names: list[str]) -> Ints:
    return np.fromiter(map(hash, names), np.int64, len(names))


def days_of(upload: Upload) -> Ints:
    """Every day by which a case is counted that this upload took out of the counts."""
    if upload.vanished != Upload.Vanished.TAKE_OUT:
        return np.zeros(0, np.int64)
    clock, found = Clock(workspace().zone), [np.zeros(0, np.int64)]
    names = list(VanishedCase.objects.filter(upload=upload).values_list("external_id", flat=True))
    source = Source.objects.get(pk=upload.source_id)
    for first in range(0, len(names), WRITTEN):
        _places, columns, _owner = caserows.standing(source, names[first : first + WRITTEN])
        for name in caserows.COUNTED:
            moments = columns[name][columns[name] != NEVER]
            found.append(clock.local_days(moments).astype(np.int64) if len(moments) else moments)
    return np.unique(np.concatenate(found))
