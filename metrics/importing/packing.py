"""Sorted, judged values to blocks of a plan, with the counts and the hash that the person confirms."""

from __future__ import annotations

import hashlib
from collections import Counter
from typing import Any

import numpy as np
from numpy.typing import NDArray

from jobs.registry import Run
from metrics import blocks
from metrics.models import Block, Upload

# Blocks written in one transaction: one or two megabytes.
TOGETHER = 2
STATUSES = {blocks.NEW: "new", blocks.CHANGED: "changed", blocks.SAME: "same", blocks.OLDER: "older"}


class Packer:
    """Writes blocks of at most 20,000 rows as they fill, a few in each transaction."""

    def __init__(self, upload: Upload, run: Run, hash_start: bytes = b"") -> None:
        self.upload, self.run, self.number = upload, run, 0
        self.counts: Counter[str] = Counter()
        # Of each block, how many rows have each status: so that a page finds rows without opening the other blocks.
        self.statuses: list[list[int]] = []
        self._digest = hashlib.sha256(hash_start)
        self._waiting: list[dict[str, Any]] = []
        self._rows = 0
        self._blocks: list[Block] = []

    def add(self, columns: dict[str, Any]) -> None:
        """Columns of one length, ``status`` among them."""
        rows = len(columns["status"])
        if not rows:
            return
        for status, times in enumerate(np.bincount(columns["status"], minlength=len(STATUSES)).tolist()):
            self.counts[STATUSES[status]] += times
        self._waiting.append(columns)
        self._rows += rows
        while self._rows >= blocks.SLICE:
            self._write(blocks.SLICE)

    def finish(self) -> str:
        """Write what is left; the hash of all rows as hex."""
        if self._rows:
            self._write(self._rows)
        self._store()
        return self._digest.hexdigest()

    def _write(self, rows: int) -> None:
        joined = blocks.joined(self._waiting)
        chosen = {name: column[:rows] for name, column in joined.items()}
        rest = {name: column[rows:] for name, column in joined.items()}
        self._rows -= rows
        self._waiting = [rest] if self._rows else []
        content = blocks.pack(chosen)
        self._digest.update(content)
        self.number += 1
        self.statuses.append(np.bincount(chosen["status"], minlength=len(STATUSES)).tolist())
        first, last = _range(chosen.get("series"))
        self._blocks.append(
            Block(
                upload=self.upload,
                number=self.number,
                rows=rows,
                first_series=first,
                last_series=last,
                content=content,
            )
        )
        if len(self._blocks) >= TOGETHER:
            self._store()

    def _store(self) -> None:
        with self.run.commit():
            Block.objects.bulk_create(self._blocks)
        self._blocks = []


def _range(series: NDArray[np.int64] | None) -> tuple[int | None, int | None]:
    return (None, None) if series is None else (int(series.min()), int(series.max()))
