"""Compute comparisons before and after, and keep them when values, dates or the comparison series have changed."""

from __future__ import annotations

import datetime as dt
import hashlib
import json
import math
from collections.abc import Iterable
from dataclasses import asdict
from typing import Any

import numpy as np
from django.db import transaction
from django.db.models import Q

from metrics.models import Comparison, Metric
from metrics.queries import observations
from metrics.trends import periods
from metrics.trends.change import Change
from metrics.trends.effect import Effect, read_effect
from metrics.trends.pace import Pace
from metrics.trends.season import WEEK, YEAR, find_season
from teams import clock

VERSION = 4  # raised when the method changes, so that what is stored is computed anew
COUNTED = (Metric.Kind.PROPORTION, Metric.Kind.RATE)


def compare(comparison_ids: Iterable[int]) -> int:
    """Compute these comparisons as the observations stand now; how many changed. Safe to run twice."""
    return _compute(Q(pk__in=list(comparison_ids)))


def compare_of(series_ids: Iterable[int]) -> int:
    """The same for every comparison that one of these series takes part in."""
    ids = list(series_ids)
    return _compute(Q(series__in=ids) | Q(against__in=ids))


def _compute(which: Q) -> int:
    with transaction.atomic():
        rows = list(Comparison.objects.select_for_update(of=("self",)).filter(which).select_related("series__metric"))
        if not rows:
            return 0
        ids = {pk for row in rows for pk in (row.series_id, row.against_id) if pk is not None}
        arrays = observations.arrays(sorted(ids))
        changed = []
        for row in rows:
            digest = _hash(row, arrays)
            if digest != row.inputs_hash:
                row.facts, row.inputs_hash, row.computed_at = facts_of(row, arrays), digest, clock.now()
                changed.append(row)
        Comparison.objects.bulk_update(changed, ["facts", "inputs_hash", "computed_at"], batch_size=50)
    return len(changed)


def _place(arrays: observations.Arrays, series: int) -> slice:
    index = int(np.searchsorted(arrays.series, series))
    return slice(int(arrays.starts[index]), int(arrays.starts[index + 1]))


def _hash(row: Comparison, arrays: observations.Arrays) -> str:
    metric = row.series.metric
    told = [
        VERSION, row.until.isoformat(), row.day.isoformat(), row.needed, row.reason_days, metric.direction, metric.kind,
        metric.period, metric.scale, row.against_id,
    ]  # fmt: skip
    digest = hashlib.sha256(json.dumps(told).encode())
    for series in (row.series_id, row.against_id):
        if series is not None:
            place = _place(arrays, series)
            for part in (arrays.days, arrays.values, arrays.denominators):
                digest.update(np.ascontiguousarray(part[place]).tobytes())
    return digest.hexdigest()


def facts_of(row: Comparison, arrays: observations.Arrays) -> dict[str, Any]:
    """The reading of a comparison as plain JSON: codes and numbers, in the metric's unit."""
    metric, change_day = row.series.metric, row.day.toordinal()
    place = _place(arrays, row.series_id)
    days, values = arrays.days[place], arrays.values[place]
    season = _season(metric, values, days, change_day)
    found = read_effect(
        values,
        days,
        row.until.toordinal(),
        change_day,
        metric.period,
        metric.direction,
        needed=row.needed,
        logarithmic=metric.kind == Metric.Kind.DURATION,
        against=_beside(row, arrays) if row.against_id is not None else None,
        reason_days=row.reason_days,
        season=season,
    )
    after = days >= row.day.toordinal()
    present = days[after & np.isfinite(values)]
    contacts = _contacts(metric, found, arrays.denominators[place][after & np.isfinite(values)])
    return {
        **_plain(found),
        "seasonal": season is not None,
        "contacts": contacts,
        "enough_on": _enough_on(row, found, present, metric.period),
    }


def _beside(row: Comparison, arrays: observations.Arrays) -> tuple[np.ndarray, np.ndarray]:
    """The comparison series without a season of its own: (values, days)."""
    metric, place = row.series.metric, _place(arrays, row.against_id or 0)
    values, days = arrays.values[place], arrays.days[place]
    season = _season(metric, values, days, row.day.toordinal())
    if season is None:
        return values, days
    return (values / np.exp(season) if _logged(metric, values) else values - season), days


def _logged(metric: Metric, values: np.ndarray) -> bool:
    """Whether the model works on logarithms: for lengths of time, none of which is 0."""
    return metric.kind == Metric.Kind.DURATION and bool((values[np.isfinite(values)] > 0).all())


def _season(metric: Metric, values: np.ndarray, days: np.ndarray, change_day: int) -> np.ndarray | None:
    """What the season adds to each value, on the model's scale; None where none can be told. The level may differ after
    the change, so that a step is not taken for a season."""
    on_scale = np.log(values) if _logged(metric, values) else values
    found = find_season(on_scale, days, WEEK if metric.period == Metric.Period.DAY else YEAR, days >= change_day)
    return found.effect if found.found else None


def _contacts(metric: Metric, found: Effect, denominators: np.ndarray) -> dict[str, float | None] | None:
    """How many contacts went another way since the change, of how many; None where that cannot be counted."""
    change = found.net or found.change
    if change is None or found.logarithmic:
        return None
    if metric.kind == Metric.Kind.COUNT:
        factor, of = float(len(denominators)), None
    elif metric.kind in COUNTED and len(denominators) and np.isfinite(denominators).all() and metric.scale:
        of = float(denominators.sum())
        factor = of / metric.scale
    else:
        return None
    return {
        "count": _finite(change.difference * factor),
        "low": _finite(change.low * factor),
        "high": _finite(change.high * factor),
        "of": of,
    }


def _enough_on(row: Comparison, found: Effect, present: np.ndarray, period: str) -> str | None:
    """The first day on which the missing points can be known."""
    if not found.missing_after:
        return None
    last = dt.date.fromordinal(int(present[-1])) if len(present) else periods.later(row.day, period, -1)
    return periods.later(last, period, found.missing_after + 1).isoformat()


def _plain(found: Effect) -> dict[str, Any]:
    facts = {name: getattr(found, name) for name in Effect.__dataclass_fields__}
    for name in ("change", "plain", "net", "other"):
        facts[name] = _change(facts[name])
    for name in ("pace", "net_pace"):
        facts[name] = _pace(facts[name])
    facts["placebos"] = [[one.day, *map(_finite, (one.difference, one.low, one.high))] for one in found.placebos]
    return {name: _finite(value) if isinstance(value, float) else value for name, value in facts.items()}


def _pace(one: Pace | None) -> dict[str, Any] | None:
    if one is None:
        return None
    told = {name: _change(getattr(one, name)) for name in ("before", "change", "first", "latest")}
    return {**told, "days": list(one.days), "lines": [_finite(value) for value in one.lines]}


def _change(one: Change | None) -> dict[str, float | None] | None:
    return {name: _finite(value) for name, value in asdict(one).items()} if one else None


def _finite(value: float) -> float | None:
    return float(value) if math.isfinite(value) else None
