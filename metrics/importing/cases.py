"""The plan of a file of cases: ids that come twice settled, each case compared with what stands for its id."""

from __future__ import annotations

import math
import struct
import tempfile
from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import IO, Any

import numpy as np
from django.conf import settings
from numpy.typing import NDArray

from jobs.registry import Run
from metrics import blocks
from metrics.files import CaseChunk, Keys, Mapping, Problem, Where
from metrics.files.scorings import parted
from metrics.files.zones import Clock
from metrics.importing import caserows, comparing
from metrics.importing.caserows import FLAG, Columns
from metrics.importing.left_out import LeftOut
from metrics.importing.naming import LEFT_OUT, NOBODY, UNKNOWN, WHY, Names
from metrics.importing.packing import Packer
from metrics.importing.periods import Seen
from metrics.importing.vanishing import Vanishing
from metrics.models import Upload
from metrics.references import DIMENSIONS, Making


@dataclass
class Cases:
    """Collects the chunks of a case file on disk, then makes its plan. ``zone``: where days begin; ``id_header``: the
    column of the case's number, as the file calls it."""

    upload: Upload
    mapping: Mapping
    left_out: LeftOut
    zone: str
    vanishing: Vanishing
    id_header: str
    file: IO[bytes] = field(init=False)
    seen: Seen = field(default_factory=Seen)
    making: Making = field(default_factory=Making)
    counts: Counter[str] = field(default_factory=Counter)
    rows: int = 0
    _hashes: list[NDArray[np.int64]] = field(default_factory=list)

    def __post_init__(self) -> None:
        self.names = Names(self.upload, self.making)
        self.clock = Clock(self.zone)
        folder = Path(settings.FILES_DIR) / "incoming"
        folder.mkdir(parents=True, exist_ok=True)
        self.file = tempfile.TemporaryFile(dir=folder)  # noqa: SIM115

    def add(self, chunk: CaseChunk) -> None:
        if not len(chunk):
            self.vanishing.see(chunk, np.zeros(0, np.int64), np.zeros(0, np.int32))
            return
        unit = _references(chunk.unit, self.names.unit)
        self._count_lost(chunk, unit)
        references = {"unit": unit}
        for name in DIMENSIONS:
            keys = chunk.dimensions.get(name)
            references[name] = np.zeros(len(chunk), np.int64)
            if keys is not None:
                references[name] = _references(keys, self._finder(name))
        day = self.clock.local_days(chunk.opened).astype(np.int32)
        self.vanishing.see(chunk, unit, day)
        self.seen.add(day)
        columns = caserows.of_chunk(chunk, references, day)
        keep = unit > NOBODY // 2
        columns = columns if keep.all() else caserows.taken(columns, keep)
        content = blocks.pack(columns)
        self.file.write(struct.pack("<Q", len(content)))
        self.file.write(content)
        self._hashes.append(_hashes(columns))
        self.rows += len(columns["external_id"])

    def _finder(self, kind: str) -> Callable[[str], int]:
        return lambda word: self.names.dimension(kind, word)

    def _count_lost(self, chunk: CaseChunk, unit: NDArray[np.int64]) -> None:
        for place in np.flatnonzero(unit <= NOBODY // 2).tolist():
            word, row = chunk.unit.names[int(chunk.unit.codes[place])], int(chunk.row_number[place])
            if unit[place] == NOBODY + UNKNOWN:
                self.names.unknown["units"][word] += 1
            elif unit[place] == NOBODY + LEFT_OUT:
                self.counts["left_out"] += 1
            else:
                where = Where("", row, self.mapping.unit_column)
                self.left_out.add_problem(row, Problem(WHY[int(unit[place])], where, word[:200], {}, "row"))

    def plan(self, run: Run) -> tuple[Packer, str]:
        """Compare and pack every case; the packer with its counts, and the hash."""
        twice = _Twice(self._chunks, self._hashes)
        self.counts["older"] += twice.older
        packer = Packer(self.upload, run, self.upload.sha256.encode())
        packer.counts["same"] += twice.repeated
        for row, other in twice.torn:
            where = Where("", row, self.id_header)
            code = "scored_twice" if self.mapping.cases and self.mapping.cases.scoring else "case_twice"
            self.left_out.add_problem(row, Problem(code, where, "", {"row": other}, "row"))
        newer, done = comparing.newer_of(self.upload), 0
        for columns, hashes in zip(self._chunks(), self._hashes, strict=True):
            kept = twice.keep(columns, hashes)
            if kept["external_id"]:
                packer.add(comparing.judged(self.upload, kept, newer))
            done += len(hashes)
            run.progress(done, self.rows, "comparing")
        return packer, packer.finish()

    def scored_twice(self) -> dict[str, Any]:
        """Of a file of scorings: how many contacts it holds, how many of them two people scored or more, and what the
        scores are: the lowest and the highest number, and every word."""
        people: Counter[int] = Counter()
        seen: set[int] = set()
        words: set[str] = set()
        low, high = math.inf, -math.inf
        for columns in self._chunks():
            words |= {name.removeprefix(FLAG) for name in caserows.flags_of(columns)}
            numbers = columns["score"][np.isfinite(columns["score"])]
            low, high = float(numbers.min(initial=low)), float(numbers.max(initial=high))
            for contact, rater in map(parted, columns["external_id"]):
                one = hash((contact, rater))
                people[hash(contact)] += one not in seen
                seen.add(one)
        told = {"contacts": len(people), "twice": sum(count > 1 for count in people.values())}
        return told | {"numbers": [low, high] if low <= high else [], "words": sorted(words)}

    def _chunks(self) -> Iterator[Columns]:
        self.file.seek(0)
        while head := self.file.read(8):
            yield blocks.unpack(self.file.read(struct.unpack("<Q", head)[0]))

    def close(self) -> None:
        self.file.close()


def _references(keys: Keys, find: Callable[[str], int]) -> NDArray[np.int64]:
    codes, which = np.unique(keys.codes, return_inverse=True)
    found = [find(keys.names[code]) for code in codes.tolist()]
    return np.array(found, np.int64)[which.reshape(-1)]


def _hashes(columns: Columns) -> NDArray[np.int64]:
    ids = columns["external_id"]
    return np.fromiter(map(hash, ids), np.int64, len(ids))


class _Twice:
    """Ids that occur more than once in the file. The newest word by the case's own time counts; rows that say
    different things at the same time are all torn out, for nobody can tell which of them is right."""

    def __init__(self, chunks: Callable[[], Iterator[Columns]], hashes: list[NDArray[np.int64]]) -> None:
        ordered = np.sort(np.concatenate([np.zeros(0, np.int64), *hashes]))
        self.hashes = np.unique(ordered[1:][ordered[1:] == ordered[:-1]])
        self.winner: dict[str, int] = {}
        self.torn: list[tuple[int, int]] = []
        self.repeated = self.older = 0
        if len(self.hashes):
            self._settle(chunks(), hashes)

    def _settle(self, chunks: Iterator[Columns], hashes: list[NDArray[np.int64]]) -> None:
        rows: dict[str, list[tuple[int, int, bytes]]] = {}
        for columns, found in zip(chunks, hashes, strict=True):
            some = caserows.taken(columns, np.isin(found, self.hashes))
            for place, name in enumerate(some["external_id"]):
                one = caserows.taken(some, np.array([place]))
                row, updated = int(one.pop("row")[0]), int(one["updated"][0])
                one = {name: said for name, said in one.items() if not name.startswith(FLAG) or said[0] >= 0}
                rows.setdefault(name, []).append((updated, row, blocks.pack(one)))
        for name, said in rows.items():
            self._decide(name, said)

    def _decide(self, name: str, said: list[tuple[int, int, bytes]]) -> None:
        newest = max(updated for updated, _row, _content in said)
        best = [one for one in said if one[0] == newest]
        self.older += len(said) - len(best)
        if len({content for _updated, _row, content in best}) == 1:
            self.winner[name] = best[0][1]
            self.repeated += len(best) - 1
            return
        self.winner[name] = 0
        self.torn += [(row, best[1 if place == 0 else 0][1]) for place, (_updated, row, _content) in enumerate(best)]

    def keep(self, columns: Columns, hashes: NDArray[np.int64]) -> Columns:
        """The chunk without the rows that another row of the file settles."""
        if not len(self.hashes):
            return columns
        keep = np.ones(len(hashes), bool)
        for place in np.flatnonzero(np.isin(hashes, self.hashes)).tolist():
            winner = self.winner.get(columns["external_id"][place])
            keep[place] = winner is None or winner == int(columns["row"][place])
        return caserows.taken(columns, keep)
