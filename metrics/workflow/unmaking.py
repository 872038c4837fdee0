"""Units that an import made are removed with its undo, where nothing else uses them: a name misread leaves no team behind."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from django.db import models

from metrics import pointers, states
from metrics.models import Analysis, CloserLook, Observation, Series, Signal, Upload
from metrics.queries.plans import making_of
from teams import trail
from teams.models import Unit

# What is computed of a series goes with it.
COMPUTED = (Observation, Analysis, CloserLook)


def unmake(upload: Upload) -> list[str]:
    """Remove the unused units among those that this import made, inside the caller's transaction; their names."""
    made = set(making_of(upload).units_made)
    if not made:
        return []
    # As claims.lock does: no other import of the organisation is taken over meanwhile.
    list(Unit.objects.select_for_update(no_key=True).filter(pk=upload.unit.line_ids[0]))
    gone = _unused(upload, made)
    names = list(Unit.objects.filter(pk__in=gone).order_by("name").values_list("name", flat=True))
    Series.objects.filter(unit__in=gone).delete()
    Unit.objects.filter(pk__in=gone).delete()
    if names:
        trail.record(None, "remove_made", upload, {"units": names}, {})
    return names


def _unused(upload: Upload, made: set[int]) -> set[int]:
    left = made - _named(Unit, made, (Series,)) - _planned(upload)
    units = dict(Series.objects.filter(unit__in=left).values_list("pk", "unit"))
    series = set(units)
    signals = dict(Signal.objects.filter(series__in=series).values_list("pk", "series"))
    used = {signals[pk] for pk in pointers.pointed_at(list(signals))} | pointers.series_pointed_at(list(series))
    used |= set(Observation.objects.filter(series__in=series).values_list("series", flat=True).distinct())
    used |= _named(Series, series, (*COMPUTED, Signal))
    return left - {units[pk] for pk in used if pk in units}


def _named(model: type[models.Model], ids: set[int], but: Iterable[type[models.Model]]) -> set[int]:
    """Which of these rows any other table names, but for some."""
    found: set[int] = set()
    for relation in model._meta.get_fields(include_hidden=True):
        if isinstance(relation, models.ForeignObjectRel) and relation.related_model not in but:
            other: Any = relation.related_model
            rows = other._base_manager.filter(**{f"{relation.field.name}__in": ids})
            found.update(rows.values_list(relation.field.name, flat=True).distinct())
    return found


def _planned(upload: Upload) -> set[int]:
    """Units that an import on its way wants to bring values for."""
    waiting = Upload.objects.exclude(pk=upload.pk).filter(
        unit__path__startswith=f"/{upload.unit.line_ids[0]}/",
        state__in=(states.RECEIVED, states.PLANNED, states.MERGING),
    )
    found: set[int] = set()
    for other in waiting.only("pk", "choices"):
        found |= {key[1] for key in making_of(other).series}
        found |= {said for said in other.choices.get("units", {}).values() if isinstance(said, int)}
    return found
