"""The plan of a measured file, and of values typed in: references for the names, values judged and packed."""

from __future__ import annotations

import datetime as dt
from collections import Counter
from dataclasses import dataclass, field

import numpy as np
from numpy.typing import NDArray

from jobs.registry import Run
from metrics import blocks
from metrics.files import Mapping, MeasuredChunk, Problem, Where
from metrics.importing import judging
from metrics.importing.facts import facts_of
from metrics.importing.interning import Interner
from metrics.importing.left_out import LeftOut
from metrics.importing.naming import LEFT_OUT, NOBODY, UNKNOWN, WHY, Names
from metrics.importing.packing import Packer
from metrics.importing.periods import Gaps
from metrics.importing.spill import Spill
from metrics.models import Metric, Series, Upload
from metrics.references import DIMENSIONS, Key, Making
from metrics.workflow import claims

PLACE = {"metric": 0, "unit": 1, "service": 2, "product": 3, "channel": 4}
TORN_SHOWN = 100_000


@dataclass
class Measured:
    """Collects the chunks of a measured file, then makes its plan.

    A series has a local number: the number of its combination of words times the number of metrics, plus which.
    """

    upload: Upload
    mapping: Mapping
    left_out: LeftOut
    spill: Spill
    making: Making = field(default_factory=Making)
    words: dict[str, list[str]] = field(default_factory=dict)
    interner: Interner = field(default_factory=Interner)
    counts: Counter[str] = field(default_factory=Counter)
    gaps: Gaps = field(init=False)
    _metrics: dict[tuple[str, int], int] = field(default_factory=dict)
    _listed: set[int] = field(default_factory=set)

    def __post_init__(self) -> None:
        self.names = Names(self.upload, self.making)
        self.columns = ["unit", *(item.name for item in self.mapping.dimensions)]
        if self.mapping.metric_column:
            self.columns.append("metric")
        self.width = len(self.mapping.metrics)
        self.gaps = Gaps(self.mapping.period)

    def add(self, chunk: MeasuredChunk) -> None:
        keys = {"unit": chunk.unit, **chunk.dimensions}
        if chunk.metric is not None:
            keys["metric"] = chunk.metric
        self.words = {name: key.names for name, key in keys.items()}
        if not len(chunk):
            return
        place = self.interner.place([keys[name].codes for name in self.columns])
        for which, metric in enumerate(self.mapping.metrics):
            values = chunk.values[metric.name]
            there = ~np.isnan(values.numerator)
            if there.all():
                numbers = place if self.width == 1 else place * self.width + which
                self.spill.add(numbers, chunk.day, chunk.row_number, values.numerator, values.denominator)
            elif there.any():
                numbers = place[there] * self.width + which
                part = (chunk.day[there], chunk.row_number[there], values.numerator[there], values.denominator[there])
                self.spill.add(numbers, *part)

    def resolve(self) -> list[list[int]]:
        """For each local series its references [metric, unit, service, product, channel]; unknown names are counted."""
        found = []
        rows = self.spill.counts(len(self.interner.keys) * self.width)
        for number, codes in enumerate(self.interner.keys):
            words = {name: self.words[name][code] for name, code in zip(self.columns, codes, strict=True)}
            unit = self.names.unit(words["unit"])
            dimensions = [self.names.dimension(name, words.get(name, "")) for name in DIMENSIONS]
            for which, metric in enumerate(self.mapping.metrics):
                name = words.get("metric", metric.name)
                times = int(rows[number * self.width + which])
                reference = self._metric(name, which)
                for kind, got, word in (("units", unit, words["unit"]), ("metrics", reference, name)):
                    if got == NOBODY + UNKNOWN:
                        self.names.unknown[kind][word] += times
                # A combination without a single value makes no series.
                found.append([reference if times else NOBODY + LEFT_OUT, unit, *dimensions])
        return found

    def _metric(self, name: str, which: int) -> int:
        known = self._metrics.get((name, which))
        if known is None:
            about = self.upload.choices.get("about", {}).get(name, {})
            facts = facts_of(self.mapping.metrics[which], self.mapping, about)
            known = self.names.metric(name, facts, bool(self.mapping.metric_column))
            self._metrics[name, which] = known
        return known

    def wrong_periods(self, found: list[list[int]]) -> list[Problem]:
        """Metrics that exist with another period than the file's: their values cannot stand side by side."""
        ids = {row[0] for row in found if row[0] > 0}
        odd = Metric.objects.filter(pk__in=ids).exclude(period=self.mapping.period).order_by("name")
        return [
            Problem("metric_period", value=metric.name, params={"period": self.mapping.period, "known": metric.period})
            for metric in odd
        ]

    def plan(self, found: list[list[int]], run: Run) -> tuple[Packer, str]:
        """Judge and pack every value; fills ``making``. Returns the packer with its counts, and the hash."""
        reference, rank = self._series(found)
        packer = Packer(self.upload, run, self.upload.sha256.encode())
        done = 0
        for records in self.spill.parts(rank):
            self._judge(records, reference, packer)
            done += len(records)
            run.progress(done, self.spill.rows, "comparing")
        self._book(found)
        return packer, packer.finish()

    def _series(self, found: list[list[int]]) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
        """For each local series its reference, and its rank: existing ones by id, then new ones; -1 if left out."""
        keys = [_key(row) if min(row[0], row[1]) > NOBODY // 2 else None for row in found]
        known = _known_series({key for key in keys if key})
        new: dict[Key, int] = {}
        reference = np.zeros(len(keys), np.int64)
        for number, key in enumerate(keys):
            if key is not None:
                reference[number] = known.get(key) or -1 - new.setdefault(key, len(new))
        self.making.series = list(new)
        touched = sorted({one for one in reference.tolist() if one > 0})
        versions = claims.versions(touched)
        self.making.touched, self.making.versions = touched, [versions[one] for one in touched]
        beyond = touched[-1] if touched else 0
        rank = np.where(reference > 0, reference, np.where(reference < 0, beyond - reference, -1))
        return reference, rank

    def _judge(self, records: NDArray[np.void], reference: NDArray[np.int64], packer: Packer) -> None:
        series = reference[records["series"]]
        judged = judging.once_each(records, series)
        packer.counts["same"] += judged.repeated
        self._tear(records, judged.torn)
        records, series = records[judged.kept], series[judged.kept]
        day, numerator, denominator = records["day"], records["numerator"], records["denominator"]
        self.gaps.add(series, day)
        status = judging.status_of(self.upload, series, day, numerator, denominator)
        columns = {"series": series, "day": day, "row": records["row"], "status": status}
        packer.add(columns | {"numerator": numerator, "denominator": denominator})

    def _tear(self, records: NDArray[np.void], torn: list[tuple[int, int]]) -> None:
        """Two rows that say different things of one period: nobody can tell which is right, so neither is taken."""
        column = self.mapping.date
        for place, other in torn:
            row, value = int(records["row"][place]), float(records["numerator"][place])
            day = dt.date.fromordinal(int(records["day"][place])).isoformat()
            params = {"row": int(records["row"][other]), "day": day}
            self._list(row, Problem("row_twice", Where("", row, column), f"{value:g}", params, "row"))

    def _list(self, row: int, problem: Problem) -> None:
        """A row with several metrics is listed once."""
        if row not in self._listed:
            self._listed.add(row)
            self.left_out.add_problem(row, problem)

    def _book(self, found: list[list[int]]) -> None:
        """Count the values whose unit or metric is left out, and list those outside the uploader's units."""
        rows = self.spill.counts(len(found))
        outside = np.array([bool(WHY.keys() & {*row[:2]}) for row in found], bool)
        for number, row in enumerate(found):
            if NOBODY + LEFT_OUT in row[:2] and not outside[number]:
                self.counts["left_out"] += int(rows[number])
        if outside.any():
            self._list_outside(outside, [next((WHY[one] for one in row[:2] if one in WHY), "") for row in found])

    def _list_outside(self, outside: NDArray[np.bool_], why: list[str]) -> None:
        place = self.columns.index("unit")
        column = self.mapping.unit_column
        for records in self.spill.all():
            for record in records[outside[records["series"]]]:
                word = self.words["unit"][self.interner.keys[int(record["series"]) // self.width][place]]
                row = int(record["row"])
                code = why[int(record["series"])]
                self._list(row, Problem(code, Where("", row, column), word[:200], {}, "row"))


def _key(row: list[int]) -> Key:
    metric, unit, service, product, channel = row
    return metric, unit, service, product, channel


def _known_series(keys: set[Key]) -> dict[Key, int]:
    metrics = {key[0] for key in keys if key[0] > 0}
    rows = Series.objects.filter(metric__in=metrics).values_list(
        "pk", "metric", "unit", "service", "product", "channel"
    )
    return {(row[1], row[2], row[3] or 0, row[4] or 0, row[5] or 0): row[0] for row in rows.iterator()}


def typed_values(upload: Upload, run: Run) -> tuple[Packer, str, Making]:
    """The plan of values typed in: every reference is known, only series may be new."""
    rows = sorted(upload.facts["typed"], key=lambda row: [part or 0 for part in row[:6]])
    keys: list[Key] = [(row[0], row[1], row[2] or 0, row[3] or 0, row[4] or 0) for row in rows]
    known = _known_series(set(keys))
    making = Making()
    making.series = [key for key in dict.fromkeys(keys) if key not in known]
    places = {key: -1 - number for number, key in enumerate(making.series)}
    series = np.array([known.get(key) or places[key] for key in keys], np.int64)
    versions = claims.versions(sorted(set(series[series > 0].tolist())))
    making.touched, making.versions = list(versions), list(versions.values())
    order = np.lexsort((np.array([row[5] for row in rows]), np.where(series > 0, series, (1 << 60) - series)))
    day = np.array([row[5] for row in rows], np.int32)[order]
    numerator = np.array([row[6] for row in rows], np.float64)[order]
    denominator = np.array([np.nan if row[7] is None else row[7] for row in rows], np.float64)[order]
    series = series[order]
    packer = Packer(upload, run, upload.sha256.encode())
    packer.add(
        {
            "series": series,
            "day": day,
            "row": np.arange(1, len(rows) + 1, dtype=np.int32),
            "status": judging.status_of(upload, series, day, numerator, denominator),
            "numerator": numerator,
            "denominator": denominator,
        }
    )
    assert len(rows) <= blocks.SLICE
    return packer, packer.finish(), making
