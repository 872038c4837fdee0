"""What a page or a command says about one upload. The caller has fetched it through its door."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

import numpy as np
from django.db import transaction
from django.db.models import Q, QuerySet

from metrics import blocks, states
from metrics.files import Mapping, MappingError, Refused, Sniffed, wide_draft
from metrics.files.spread import beside, previewed
from metrics.models import Block, Metric, Observation, ObservationReplaced, RejectedRow, Series, Upload
from metrics.queries.plans import making_of
from metrics.queries.scorings import Scored, scored, scorings
from metrics.references import DIMENSIONS, Making
from teams.models import Unit

# What a person may have said of the file before they say that its headings are data.
GONE = "–"
KEPT = ("zone", "decimal", "sheet", "header_rows", "encoding", "delimiter")
STATUSES = {"new": blocks.NEW, "changed": blocks.CHANGED, "same": blocks.SAME, "older": blocks.OLDER}
COUNTS = ("new", "changed", "same", "older", "rejected", "excluded", "left_out", "without_values")


@dataclass(frozen=True)
class ColumnSeen:
    """One column of the file as found: ``role`` is empty, id, date, number, percent, duration, bool or text.

    ``marks``: what stands for "nothing", with how often: [["?", 29]].
    """

    key: str
    header: str
    letter: str
    role: str
    samples: list[str]
    filled: int
    blank: int
    marks: list[list[Any]]
    personal: bool


@dataclass(frozen=True)
class Preview:
    """The first real cells of the file under its columns."""

    columns: list[ColumnSeen]
    rows: list[list[str]]
    facts: dict[str, Any] = field(default_factory=dict)


def preview(upload: Upload) -> Preview:
    """Columns and first rows as they stand in the file; nothing before the worker has looked at it.

    ``facts``: kind, encoding, delimiter, rows, sheet, sheets, zone, header_rows, size … of ``metrics.files.Sniffed``;
    date_order: the one that some cell proves, "" for none.
    """
    sniffed = upload.facts.get("sniffed") or {}
    columns = [
        ColumnSeen(**{name: column[name] for name in ColumnSeen.__dataclass_fields__})
        for column in sniffed.get("columns", [])
    ]
    rows = [list(row) for row in sniffed.get("preview", [])]
    rest = {name: value for name, value in sniffed.items() if name not in ("columns", "preview")}
    return Preview(columns, rows, {**rest, "date_order": _proved_order(sniffed.get("columns", []))})


def _proved_order(columns: list[dict[str, Any]]) -> str:
    """ "dmy" or "mdy" where some cell can only be read that way and none the other way; "" else."""
    found = [column["dates"] for column in columns if column["role"] == "date"]
    day, month = (any(dates[name] for dates in found) for name in ("dmy_only", "mdy_only"))
    return "" if day == month else "dmy" if day else "mdy"


@dataclass(frozen=True)
class LongPreview:
    """The first cells of a wide table as they will be read: ``rows`` of cells beside, heading and cell."""

    headers: list[str]
    rows: list[list[str]]


def wide_mapping(upload: Upload) -> dict[str, Any]:
    """The mapping of the upload where it reads headings as data, else one to start from."""
    spread = upload.mapping.get("wide") is not None and not scorings(upload)
    if spread or not upload.facts.get("sniffed"):
        return upload.mapping
    common = {name: upload.mapping[name] for name in KEPT if name in upload.mapping}
    return wide_draft(Sniffed.from_json(upload.facts["sniffed"])).to_json() | common


def long_preview(upload: Upload, mapping: dict[str, Any]) -> LongPreview:
    """What the first cells of a wide table say; nothing where the mapping does not fit the file."""
    sniffed = Sniffed.from_json(upload.facts["sniffed"])
    try:
        read_as = Mapping.from_json(mapping)
        rows = sniffed.preview[max(sniffed.header_rows, default=0) :]
        found = [[*kept, heading, cell] for kept, heading, cell in previewed(sniffed, read_as, map(list, rows))]
        return LongPreview([column.header for column in beside(sniffed, read_as)], found)
    except (MappingError, Refused):
        return LongPreview([], [])


@dataclass(frozen=True)
class Summary:
    """The plan in numbers. ``reasons`` and ``warned``: {code: how often}; words are in metrics/wording."""

    counts: dict[str, int]
    reasons: dict[str, int]
    excluded: dict[str, int]
    warned: dict[str, int]
    warnings: list[dict[str, Any]]
    made: dict[str, int]
    hash: str
    first_day: dt.date | None
    last_day: dt.date | None
    truncated: bool
    shorter_than: Upload | None
    same_file: list[Upload]
    vanished: int

    @property
    def nothing_new(self) -> bool:
        return not self.counts["new"] and not self.counts["changed"]

    @property
    def changes_nothing(self) -> bool:
        """Cases that are not in the file may still be taken out."""
        return self.nothing_new and not self.vanished


def summary(upload: Upload) -> Summary | None:
    """The plan of the upload, None where there is none (yet)."""
    plan = upload.plan
    if not plan:
        return None
    first, last = (dt.date.fromordinal(day) if day else None for day in plan["days"])
    others = Upload.objects.in_bulk([*upload.facts.get("same_file", []), plan.get("shorter_than") or 0])
    return Summary(
        counts={name: plan["counts"][name] for name in COUNTS},
        reasons=plan.get("reasons", {}),
        excluded=plan.get("excluded", {}),
        warned=plan.get("warned", {}),
        warnings=plan.get("warnings", []),
        made=plan["made"],
        hash=plan["hash"],
        first_day=first,
        last_day=last,
        truncated=plan["truncated"],
        shorter_than=others.get(plan.get("shorter_than") or 0),
        same_file=[others[pk] for pk in upload.facts.get("same_file", []) if pk in others],
        vanished=plan.get("vanished", 0),
    )


@dataclass(frozen=True)
class Effects:
    """What committing touches: metrics that exist, names of what is made, how many series."""

    metrics: list[Metric]
    new_metrics: list[str]
    new_units: list[str]
    new_dimensions: dict[str, list[str]]
    series: int


def effects(upload: Upload, making: Making) -> Effects:
    """What the plan, which wants ``making``, would change ("3 metrics will change")."""
    touched = Series.objects.filter(pk__in=making.touched).values("metric")
    metrics = Metric.objects.filter(Q(pk__in=touched) | Q(pk__in={key[0] for key in making.series if key[0] > 0}))
    if "source_version" in upload.plan:
        metrics = Metric.objects.filter(source=upload.source_id)
    return Effects(
        metrics=list(metrics.order_by("name")),
        new_metrics=[metric["name"] for metric in making.metrics],
        new_units=making.units,
        new_dimensions={name: words for name, words in making.dimensions.items() if words},
        series=len(making.touched) + len(making.series),
    )


def rejected(upload: Upload) -> QuerySet[RejectedRow]:
    """Rows that are no part of the plan, in order of the file, with their cells and problems as JSON."""
    return RejectedRow.objects.filter(upload=upload).order_by("row", "pk")


def rejected_rows(upload: Upload) -> Iterator[tuple[RejectedRow, dict[str, Any]]]:
    """All rejected rows with each of their problems, streamed in bounded memory, for a download."""
    for row in rejected(upload).iterator(chunk_size=2_000):
        for problem in row.problems:
            yield row, problem


def headers_of(upload: Upload) -> list[str]:
    """The file's own headers, for a download of its rows."""
    return [column["header"] or column["key"] for column in (upload.facts.get("sniffed") or {}).get("columns", [])]


@dataclass(frozen=True)
class Change:
    """One planned value: ``old`` is what stands (or stood), None where there was nothing. Values in the metric's unit,
    which is ``measure``.

    ``where`` names metric, unit and dimensions. For a case ``case`` is its id and there are no values; ``scored`` says
    more where it is somebody's score of a contact.
    """

    row: int
    where: str
    day: dt.date
    old: float | None
    new: float | None
    case: str = ""
    scored: Scored | None = None
    measure: str = ""


def changes(upload: Upload, status: str, first: int = 0, count: int = 50, making: Making | None = None) -> list[Change]:
    """Rows ``first`` to ``first + count`` of those with a status (new, changed, same, older), in order of the plan."""
    parts = list(_parts(upload, STATUSES[status], first, count))
    return _told(upload, blocks.joined(parts), making or making_of(upload)) if parts else []


def _parts(upload: Upload, wanted: int, first: int, count: int) -> Iterator[dict[str, Any]]:
    """The rows asked for, a part from each block that holds any; one query. The plan says which blocks these are; one
    of former times does not, so that its blocks are opened one after the other until there are enough."""
    numbers, before = _numbers(upload.plan, wanted, first, count)
    rows = Block.objects.filter(upload=upload, number__in=numbers).order_by("number").values_list("content", flat=True)
    with transaction.atomic():  # where a cursor of the server lasts as long as it is read
        # A cancelled upload keeps its counts, not its rows.
        for content in rows.iterator(chunk_size=1):
            columns = blocks.unpack(bytes(content))
            places = np.flatnonzero(columns["status"] == wanted)
            chosen = places[max(first - before, 0) : max(first + count - before, 0)]
            before += len(places)
            if len(chosen):
                yield blocks.taken(columns, chosen.tolist())
            if before >= first + count:
                return


def _numbers(plan: dict[str, Any], wanted: int, first: int, count: int) -> tuple[list[int], int]:
    """(the blocks that hold the rows asked for, how many rows with the status lie before them)."""
    if "statuses" not in plan:
        return list(range(1, plan.get("blocks", 0) + 1)), 0
    ends = np.cumsum([0, *(each[wanted] for each in plan["statuses"])])
    held = np.flatnonzero((np.diff(ends) > 0) & (ends[1:] > first) & (ends[:-1] < first + count))
    return (held + 1).tolist(), int(ends[held[0]]) if len(held) else 0


def _told(upload: Upload, columns: dict[str, Any], making: Making) -> list[Change]:
    rows, days = columns["row"].tolist(), columns["day"].tolist()
    if "series" not in columns:
        told = scored(upload, columns, list(range(len(rows)))) if scorings(upload) else [None] * len(rows)
        return [
            Change(row, "", dt.date.fromordinal(day), None, None, case, one)
            for row, day, case, one in zip(rows, days, columns["external_id"], told, strict=True)
        ]
    pairs = list(zip(columns["series"].tolist(), days, strict=True))
    names = _Where(making, {series for series, _day in pairs})
    old = _old(upload, pairs)
    values = zip(columns["numerator"].tolist(), columns["denominator"].tolist(), strict=True)
    return [
        Change(
            row,
            names.told[pair[0]],
            dt.date.fromordinal(pair[1]),
            _value(*old[pair], names.scale[pair[0]]) if pair in old else None,
            _value(*value, names.scale[pair[0]]),
            measure=names.measure.get(pair[0], ""),
        )
        for row, pair, value in zip(rows, pairs, values, strict=True)
    ]


def _value(numerator: float, denominator: float | None, scale: float) -> float | None:
    if denominator is None or np.isnan(denominator):
        return numerator * scale
    return numerator / denominator * scale if denominator else None


def _old(upload: Upload, pairs: list[tuple[int, int]]) -> dict[tuple[int, int], tuple[float, float | None]]:
    """What stands for these; once the upload is merged, what it replaced."""
    chosen = {"series__in": {pair[0] for pair in pairs if pair[0] > 0}, "day__in": {pair[1] for pair in pairs}}
    if upload.state in (states.RECEIVED, states.PLANNED):
        rows: Any = Observation.objects.filter(**chosen, upload__isnull=False)
    else:
        rows = ObservationReplaced.objects.filter(**chosen, replaced_by=upload)
    return {(row.series_id, row.day): (row.numerator, row.denominator) for row in rows}


class _Where:
    """Names, scales and units of series that exist and of series that are to be made."""

    def __init__(self, making: Making, references: set[int]) -> None:
        self.told: dict[int, str] = {}
        self.scale: dict[int, float] = {}
        self.measure: dict[int, str] = {}
        rows = Series.objects.select_related("metric", "unit", "service", "product", "channel")
        # A series whose unit was removed with the import that made it is told by what is left of it: nothing.
        self.told |= dict.fromkeys((one for one in references if one > 0), GONE)
        self.scale |= dict.fromkeys(self.told, 1.0)
        for pk, series in rows.in_bulk([one for one in references if one > 0]).items():
            parts = (series.metric, series.unit, series.service, series.product, series.channel)
            self.told[pk] = " · ".join(str(part) for part in parts if part)
            self.scale[pk], self.measure[pk] = series.metric.scale, series.metric.measure
        self._making, fresh = making, {one: making.series[-one - 1] for one in references if one < 0}
        # What exists of their metrics, units and dimensions, each kind at once.
        known = [{key[place] for key in fresh.values() if key[place]} for place in range(2 + len(DIMENSIONS))]
        models = (Metric, Unit, *DIMENSIONS.values())
        self._known: list[dict[int, Any]] = [
            model._default_manager.in_bulk([one for one in ids if one > 0]) if max(ids, default=0) > 0 else {}
            for model, ids in zip(models, known, strict=True)
        ]
        for reference, (metric, unit, *rest) in fresh.items():
            self.scale[reference], self.measure[reference] = self._scale(metric)
            words = [self._metric(metric), self._unit(unit)]
            for place, (name, one) in enumerate(zip(DIMENSIONS, rest, strict=True), 2):
                if one:
                    words.append(
                        making.dimensions[name][-one - 1] if one < 0 else str(self._known[place].get(one, GONE))
                    )
            self.told[reference] = " · ".join(words)

    def _scale(self, metric: int) -> tuple[float, str]:
        if metric < 0:
            made = self._making.metrics[-metric - 1]
            return float(made["scale"]), str(made.get("measure", ""))
        return self._known[0][metric].scale, self._known[0][metric].measure

    def _metric(self, metric: int) -> str:
        return str(self._making.metrics[-metric - 1]["name"] if metric < 0 else self._known[0][metric])

    def _unit(self, unit: int) -> str:
        return self._making.units[-unit - 1] if unit < 0 else str(self._known[1].get(unit, GONE))
