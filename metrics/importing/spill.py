"""Values on their way from the file to the plan: kept on disk, given back in order of series and day.

However large the file is, only one part of it is in memory at a time.
"""

from __future__ import annotations

import tempfile
from collections.abc import Iterator
from pathlib import Path
from types import TracebackType
from typing import IO

import numpy as np
from django.conf import settings
from numpy.typing import NDArray

RECORD = np.dtype([("series", "<i4"), ("day", "<i4"), ("row", "<i4"), ("numerator", "<f8"), ("denominator", "<f8")])
PART = 50_000
MOST_PARTS = 200


class Spill:
    """``add`` while reading; ``parts(rank)`` afterwards. A context manager: its files vanish with it."""

    def __init__(self) -> None:
        folder = Path(settings.FILES_DIR) / "incoming"
        folder.mkdir(parents=True, exist_ok=True)
        self._folder = folder
        self._files: list[IO[bytes]] = []
        self._first = self._open()
        self._counts = np.zeros(0, np.int64)
        self.rows = 0

    def _open(self) -> IO[bytes]:
        file: IO[bytes] = tempfile.TemporaryFile(dir=self._folder)  # noqa: SIM115
        self._files.append(file)
        return file

    def add(
        self,
        series: NDArray[np.int32],
        day: NDArray[np.int32],
        row: NDArray[np.int64],
        numerator: NDArray[np.float64],
        denominator: NDArray[np.float64],
    ) -> None:
        """Keep these values; ``series`` are local numbers from 0."""
        if not len(series):
            return
        records = np.empty(len(series), RECORD)
        records["series"], records["day"], records["row"] = series, day, row
        records["numerator"], records["denominator"] = numerator, denominator
        self._first.write(records.tobytes())
        counts = np.bincount(series)
        if len(counts) > len(self._counts):
            self._counts = np.pad(self._counts, (0, len(counts) - len(self._counts)))
        self._counts[: len(counts)] += counts
        self.rows += len(series)

    def counts(self, series: int) -> NDArray[np.int64]:
        """How many values each of so many series has."""
        return np.pad(self._counts, (0, series - len(self._counts)))

    def all(self) -> Iterator[NDArray[np.void]]:
        """All records as they came, a part at a time."""
        self._first.seek(0)
        while len(records := np.frombuffer(self._first.read(PART * RECORD.itemsize), RECORD)):
            yield records

    def parts(self, rank: NDArray[np.int64]) -> Iterator[NDArray[np.void]]:
        """All records in order of (rank of their series, day, row), a part at a time; no series is in two parts.

        ``rank[series]`` is below 0 for series that are left out.
        """
        if self.rows <= 2 * PART:
            if self.rows:
                yield _sorted(self._load(self._first), rank)
            return
        of_series, count = self._partition(rank)
        files = [self._open() for _part in range(count)]
        for records in self.all():
            part = of_series[records["series"]]
            order = np.argsort(part, kind="stable")
            ends = np.searchsorted(part[order], np.arange(count + 1))
            for place in range(count):
                files[place].write(records[order[ends[place] : ends[place + 1]]].tobytes())
        for file in files:
            yield _sorted(self._load(file), rank)

    def _partition(self, rank: NDArray[np.int64]) -> tuple[NDArray[np.int64], int]:
        """The part of each series: neighbours by rank, about PART records together."""
        size = max(PART, self.rows // MOST_PARTS)
        counts = self.counts(len(rank))
        order = np.argsort(rank, kind="stable")
        before = np.cumsum(counts[order]) - counts[order]
        of_series = np.empty(len(rank), np.int64)
        of_series[order] = before // size
        return of_series, int(of_series.max()) + 1

    def _load(self, file: IO[bytes]) -> NDArray[np.void]:
        file.seek(0)
        return np.frombuffer(file.read(), RECORD)

    def __enter__(self) -> Spill:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, value: BaseException | None, trace: TracebackType | None
    ) -> None:
        for file in self._files:
            file.close()


def _sorted(records: NDArray[np.void], rank: NDArray[np.int64]) -> NDArray[np.void]:
    ranks = rank[records["series"]]
    if (ranks < 0).any():
        records, ranks = records[ranks >= 0], ranks[ranks >= 0]
    days = records["day"].astype(np.int64)
    # Rows come in order, so a stable sort by one key is a sort by (rank, day, row).
    return records[np.argsort((ranks << 22) | days, kind="stable")]
