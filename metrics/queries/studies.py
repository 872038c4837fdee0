"""What is compared: the series that a person may see, put into groups, and the stored answer of the worker."""

from __future__ import annotations

import hashlib
import json
from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any

from jobs.models import Job
from metrics.models import Metric, Series, Study
from metrics.queries.metrics import DIMENSIONS
from teams import access
from teams.models import Person, Unit

PARTS = ("service", "product", "channel")
WORK = "metrics.study"
# Raised when the arithmetic of an answer changes, so that the stored ones are told to be old.
METHOD = 4


@dataclass(frozen=True)
class Asked:
    """One question of one person: ``question`` as it is stored, the series it is asked of, the data's stamp now, and
    the names of the groups (never stored: the reader's own scope names them)."""

    kind: str
    question: dict[str, Any]
    series: list[int]
    stamp: str
    names: dict[int, str]
    metric: Metric

    @property
    def key(self) -> str:
        told = json.dumps([self.kind, self.question, self.series], sort_keys=True)
        return hashlib.sha256(told.encode()).hexdigest()


def series_of(person: Person, metric: int, place: dict[str, int | None]) -> list[Series]:
    """The series of a metric with data that the person may see, within a unit (and below) and of a service, product,
    channel where they are given; one query."""
    rows = access.visible_to(person, Series).filter(metric=metric, last_day__isnull=False)
    for name in PARTS:
        if place.get(name):
            rows = rows.filter(**{name: place[name]})
    if place.get("unit"):
        rows = rows.filter(unit__path__contains=f"/{place['unit']}/")
    return list(rows.select_related("metric__unit", *DIMENSIONS).order_by("pk"))


def parted(rows: Sequence[Series], by: str, place: dict[str, int | None]) -> dict[int, list[Series]]:
    """{id of the group: its series}, so that nothing is counted twice.

    By unit: the units in which the values are measured, not the sums above them. By service, product or channel: the
    topmost series that the person sees, parts only. By department: its own series, else those of its teams. A dimension that is neither asked for nor grouped by is taken as
    a whole where there is such a series, else added up from its parts.
    """
    if by == "department":
        kept = _of_departments(rows)
    else:
        kept = _lowest(rows) if by == "unit" else topmost([row for row in rows if getattr(row, f"{by}_id")])
    for name in PARTS:
        if name != by and not place.get(name):
            kept = whole_first(kept, name)
    groups: dict[int, list[Series]] = defaultdict(list)
    for row in kept:
        groups[_department(row) if by == "department" else getattr(row, f"{by}_id")].append(row)
    return dict(groups)


def _department(row: Series) -> int:
    """The department in which a series is measured; 0 for one of a whole organisation."""
    line = row.unit.line_ids
    return line[1] if len(line) > 1 else 0


def _of_departments(rows: Sequence[Series]) -> list[Series]:
    """The series of departments, and of teams where their department has none of the same dimensions."""
    whole = {(row.unit_id, _dimensions(row)) for row in rows if row.unit_id == _department(row)}
    return [
        row
        for row in rows
        if _department(row) == row.unit_id or (_department(row) and (_department(row), _dimensions(row)) not in whole)
    ]


def departments(person: Person) -> tuple[tuple[int, str], ...]:
    """(id, name) of the departments of which the person sees all figures: a part of one is not the department."""
    rows = Unit.objects.filter(kind=Unit.Kind.DEPARTMENT, archived_at=None).order_by("name", "pk")
    return tuple((unit.pk, unit.name) for unit in rows if access.may(person, "metrics.view", unit))


def _dimensions(row: Series, without: str = "") -> tuple[int | None, ...]:
    return tuple(getattr(row, f"{name}_id") for name in PARTS if name != without)


def _lowest(rows: Sequence[Series]) -> list[Series]:
    """Without the series of a unit below which another of the same dimensions is measured."""
    above = {(unit, _dimensions(row)) for row in rows for unit in row.unit.line_ids if unit != row.unit_id}
    return [row for row in rows if (row.unit_id, _dimensions(row)) not in above]


def topmost(rows: Sequence[Series]) -> list[Series]:
    """Without the series of a unit above which another of the same dimensions is among them."""
    held = {(row.unit_id, _dimensions(row)) for row in rows}
    return [
        row
        for row in rows
        if not any((unit, _dimensions(row)) in held for unit in row.unit.line_ids if unit != row.unit_id)
    ]


def whole_first(rows: Sequence[Series], name: str) -> list[Series]:
    """Where a unit has a series over all of a dimension, its parts are left out."""
    whole = {(row.unit_id, _dimensions(row, name)) for row in rows if getattr(row, f"{name}_id") is None}
    return [
        row for row in rows if getattr(row, f"{name}_id") is None or (row.unit_id, _dimensions(row, name)) not in whole
    ]


def groups_asked(
    person: Person, metric: int, by: str, place: dict[str, int | None], first: int | None, last: int | None
) -> tuple[Asked | None, dict[int, list[Series]]]:
    """The question of a comparison of groups, None where the person sees no series of it; and the groups' series."""
    groups = parted(series_of(person, metric, place), by, place)
    known = dict(departments(person)) if by == "department" else {}
    if by == "department":
        groups = {group: some for group, some in groups.items() if group in known}
    rows = [row for some in groups.values() for row in some]
    if not rows:
        return None, {}
    question = {
        "metric": metric,
        "by": by,
        "from": first,
        "to": last,
        "groups": {str(row.pk): group for group, some in sorted(groups.items()) for row in some},
    }
    names = {group: known.get(group) or getattr(some[0], by).name for group, some in groups.items()}
    ids = sorted(row.pk for row in rows)
    return Asked(Study.Kind.GROUPS.value, question, ids, stamp_of(rows), names, rows[0].metric), groups


def stamp_of(rows: Iterable[Series]) -> str:
    """Of the data of these series now and of the method; another one says that either changed since."""
    versions = sorted((row.pk, row.data_version, str(row.data_changed_at)) for row in rows)
    scales = sorted({(row.metric_id, row.metric.scale, row.metric.kind, row.metric.direction) for row in rows})
    return hashlib.sha256(json.dumps([METHOD, versions, scales]).encode()).hexdigest()


def stored(asked: Asked) -> Study | None:
    """The study of this very question over these very series."""
    return Study.objects.filter(key=asked.key).first()


def fresh(asked: Iterable[Asked]) -> set[str]:
    """The keys of those of these questions that have an answer from the data of now; one query."""
    stamps = {one.key: one.stamp for one in asked}
    rows = Study.objects.filter(key__in=stamps, facts__isnull=False).values_list("key", "stamp")
    return {key for key, stamp in rows if stamps[key] == stamp}


def job_of(person: Person, study: Study | None) -> Job | None:
    """The unfinished or failed job of a study, if the person may see it."""
    if study is None:
        return None
    rows = access.visible_to(person, Job).filter(work=WORK, arguments__study=study.pk)
    return rows.order_by("-created_at").first()
