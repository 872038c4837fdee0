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
        joined = _join(self._waiting)
        chosen = {name: column[:rows] for name, column in joined.items()}
        rest = {name: column[rows:] for name, column in joined.items()}
        self._rows -= rows
        self._waiting = [rest] if self._rows else []
        content = blocks.pack(chosen)
        self._digest.update(content)
        self.number += 1
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


def _join(parts: list[dict[str, Any]]) -> dict[str, Any]:
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


def _range(series: NDArray[np.int64] | None) -> tuple[int | None, int | None]:
    return (None, None) if series is None else (int(series.min()), int(series.max()))
