"""Make what a plan needs before it can be merged: units, dimensions, metrics and series that are new."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from metrics.models import Definition, Metric, Series, Upload
from metrics.references import DIMENSIONS, Key, Making
from teams import clock
from teams.models import Unit

WRITTEN = 500


def clash(making: Making, upload: Upload) -> bool:
    """Has something that the plan wants to make come into being since?"""
    if Unit.objects.filter(parent=upload.unit, name__in=making.units).exists():
        return True
    for name, model in DIMENSIONS.items():
        if model._default_manager.filter(unit=upload.unit, name__in=making.dimensions[name]).exists():
            return True
    codes = [metric["code"] for metric in making.metrics]
    if Metric.objects.filter(unit=upload.unit, code__in=codes).exists():
        return True
    known = {key for key in making.series if min(key) >= 0}
    return bool(known and known & set(_existing(known)))


def missing(making: Making) -> bool:
    """Has a unit that the plan knows gone since, with the undo of the import that made it?"""
    units = {key[1] for key in making.series if key[1] > 0}
    return Unit.objects.filter(pk__in=units).count() < len(units)


def _existing(keys: Iterable[Key]) -> Iterable[Key]:
    metrics = {key[0] for key in keys}
    rows = Series.objects.filter(metric__in=metrics).values_list("metric", "unit", "service", "product", "channel")
    return (tuple(part or 0 for part in row) for row in rows)  # type: ignore[misc]


def make(making: Making, upload: Upload) -> None:
    """Make all of it, inside the caller's transaction, and note the ids in ``making``."""
    units = _make_units(making.units, upload.unit)
    dimensions = {name: _make_offered(name, making.dimensions[name], upload.unit) for name in DIMENSIONS}
    metrics = _make_metrics(making.metrics, upload)
    places = [metrics, units, *(dimensions[name] for name in DIMENSIONS)]
    rows = [
        Series(
            data_version=1,
            **{
                name: _resolved(reference, new)
                for name, reference, new in zip(
                    ("metric_id", "unit_id", "service_id", "product_id", "channel_id"), key, places, strict=True
                )
            },
        )
        for key in making.series
    ]
    making.made = [row.pk for row in Series.objects.bulk_create(rows, WRITTEN)]
    making.units_made, making.dimensions_made = units, dimensions


def _make_offered(kind: str, words: list[str], unit: Unit) -> list[int]:
    model: type[Any] = DIMENSIONS[kind]
    rows = [model(name=word, code=word[:60], unit=unit) for word in words]
    return [row.pk for row in model.objects.bulk_create(rows, WRITTEN)]


def _resolved(reference: int, new: list[int]) -> int | None:
    if reference < 0:
        return new[-reference - 1]
    return reference or None


def _make_units(names: list[str], parent: Unit) -> list[int]:
    kind = Unit.Kind.DEPARTMENT if parent.kind == Unit.Kind.ORGANISATION else Unit.Kind.TEAM
    made = Unit.objects.bulk_create(
        [Unit(name=name, code=name[:60], kind=kind, parent=parent) for name in names], WRITTEN
    )
    for unit in made:
        unit.path = f"{parent.path}{unit.pk}/"
    Unit.objects.bulk_update(made, ["path"], WRITTEN)
    return [unit.pk for unit in made]


def _make_metrics(given: list[dict[str, Any]], upload: Upload) -> list[int]:
    rows = [Metric(unit=upload.unit, **{k: v for k, v in facts.items() if k != "definition"}) for facts in given]
    made = Metric.objects.bulk_create(rows, WRITTEN)
    now = clock.now()
    Definition.objects.bulk_create(
        Definition(metric=metric, number=1, text=facts["definition"], person=upload.person, at=now)
        for metric, facts in zip(made, given, strict=True)
    )
    return [metric.pk for metric in made]
