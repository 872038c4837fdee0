"""The measures of a paper as frozen content: figures with their sources, packed points, marks, signals, uploads."""

from __future__ import annotations

import base64
from typing import Any

from metrics.models import Analysis, Mark, Observation, Series, Signal, Upload
from metrics.queries.ranks import NOWHERE, places
from metrics.wording.outlooks import lasting_chance
from teams.trail import plain

Content = dict[str, Any]
VALUE, MONEY, HOURS, COUNT = "value", "money", "hours", "count"
MOST_UPLOADS = 50


def number(value: Any, source: Content, unit: str = "", kind: str = VALUE) -> Content | None:
    """A number with its unit and its source, None where there is no number."""
    if value is None:
        return None
    return {"n": float(value), "unit": unit, "as": kind, "from": source}


def source(thing: Any, **more: Any) -> Content:
    return {"kind": thing._meta.label_lower, "id": thing.pk, **more}


def in_order(analyses: dict[int, Analysis]) -> list[Analysis]:
    """In the order of the board: concern and cannot-meet-the-target first."""
    stands = places(one.series_id for one in analyses.values())
    return sorted(analyses.values(), key=lambda one: (stands.get(one.series_id, NOWHERE).place, one.series_id))


def measured(analysis: Analysis) -> Content:
    series = analysis.series
    metric = series.metric

    def figure(field: str, value: Any, kind: str = VALUE) -> Content | None:
        place = source(series, field=field, inputs=analysis.inputs_hash)
        return number(value, place, metric.measure if kind == VALUE else "", kind)

    return {
        "series": series.pk,
        "metric": metric.name,
        "place": series.place,
        "measure": metric.measure,
        "kind": metric.kind,
        "scale": metric.scale,
        "derived": metric.derived,
        "direction": metric.direction,
        "period": metric.period,
        "latest": figure("latest", analysis.latest),
        "latest_day": analysis.latest_day,
        "mean": figure("mean", analysis.mean),
        "amr": figure("amr", analysis.amr),
        "lower": figure("lower", analysis.lower),
        "upper": figure("upper", analysis.upper),
        "target": figure("target", analysis.target),
        "n": figure("n", analysis.n, COUNT),
        "variation": analysis.variation,
        "assurance": analysis.assurance,
        "chance": lasting_chance(analysis),
        "notes": list(analysis.notes),
        "settings_key": analysis.settings_key,
        "settings": plain(analysis.settings),
        "inputs": analysis.inputs_hash,
        "points": base64.b64encode(bytes(analysis.drawn.content)).decode(),
        "marks": _marks(series),
        "signals": _signals(series),
        "uploads": _uploads(series),
    }


def _marks(series: Series) -> list[Content]:
    rows = Mark.objects.filter(series=series).order_by("day", "id")
    return [{"day": row.day.isoformat(), "label": row.label, "kind": row.kind} for row in rows]


def _signals(series: Series) -> list[Content]:
    rows = Signal.objects.filter(series=series, current=True, gone=False).order_by("-last_day", "id")
    fields = ("rule", "direction", "point_type", "first_day", "last_day", "points", "facts")
    return [{"id": row.pk, **{field: plain(getattr(row, field)) for field in fields}} for row in rows]


def _uploads(series: Series) -> list[Content]:
    """The uploads that brought the values, newest first; a summed series has those of its parts."""
    own = Observation.objects.filter(upload__isnull=False)
    if series.rolled_up:
        parts = Series.objects.filter(metric=series.metric_id, unit__path__startswith=series.unit.path)
        own = own.filter(series__in=parts.values("pk"))
    else:
        own = own.filter(series=series)
    rows = Upload.objects.filter(pk__in=own.values("upload")).order_by("-at", "-id")[:MOST_UPLOADS]
    return [{"id": row.pk, "name": row.name, "sha256": row.sha256, "at": plain(row.at)} for row in rows]
