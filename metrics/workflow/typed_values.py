"""Values typed in by hand: checked here, planned and merged like the rows of a file."""

from __future__ import annotations

import datetime as dt
import hashlib
import json
from dataclasses import dataclass
from typing import Any

from django.utils.translation import gettext as _

from metrics.files.numbers import LARGEST
from metrics.models import Metric
from processes.models import Channel, Offered, Product, Service
from teams import access
from teams.models import Person, Unit
from teams.refusals import Refused

MOST = 500


@dataclass(frozen=True)
class Typed:
    """One value of a metric for a unit in the period in which ``day`` lies.

    A value is numerator / denominator × the metric's scale; without a denominator it is numerator × scale.
    """

    metric: Metric
    unit: Unit
    day: dt.date
    numerator: float
    denominator: float | None = None
    service: Service | None = None
    product: Product | None = None
    channel: Channel | None = None


def first_day(day: dt.date, period: str) -> dt.date:
    """The first day of the period (day, week from Monday, month) in which ``day`` lies."""
    if period == Metric.Period.WEEK:
        return day - dt.timedelta(days=day.weekday())
    return day.replace(day=1) if period == Metric.Period.MONTH else day


def checked(person: Person, unit: Unit, values: list[Typed]) -> list[list[Any]]:
    """Rows [metric, unit, service, product, channel, day, numerator, denominator], ids and an ordinal.

    Raises Refused: ``no_values``, ``too_many``, or ``values`` with the fields that are wrong.
    """
    if not values:
        raise Refused("no_values", _("No value was given."))
    if len(values) > MOST:
        raise Refused("too_many", _("At most %(most)s values can be typed in at once: use a file.") % {"most": MOST})
    fields: dict[str, str] = {}
    seen: set[tuple[Any, ...]] = set()
    rows: list[list[Any]] = []
    for place, value in enumerate(values):
        fields |= {f"{place}-{name}": words for name, words in _wrong(person, unit, value).items()}
        row = _row(value)
        if tuple(row[:6]) in seen:
            fields[f"{place}-day"] = _("This period is there twice.")
        seen.add(tuple(row[:6]))
        rows.append(row)
    if fields:
        raise Refused("values", _("Some values cannot be taken. Nothing was stored."), dict(fields))
    return sorted(rows, key=lambda row: [part or 0 for part in row[:6]])


def hash_of(rows: list[list[Any]]) -> str:
    """SHA-256 of the values, independent of the order in which they were typed."""
    return hashlib.sha256(json.dumps(rows).encode()).hexdigest()


def _wrong(person: Person, unit: Unit, value: Typed) -> dict[str, str]:
    wrong = {}
    inside = value.unit.path.startswith(unit.path)
    if not inside or not access.may(person, "metrics.view", value.metric):
        wrong["unit"] = _("This lies outside your units.")
    if value.metric.source_id is not None:
        wrong["metric"] = _("This metric is computed from cases; it takes no values of its own.")
    if not abs(value.numerator) <= LARGEST:
        wrong["numerator"] = _("This is not a number.")
    if value.denominator is not None and not 0 < value.denominator <= LARGEST:
        wrong["denominator"] = _("This must be a number above 0.")
    if not wrong and value.metric.kind == Metric.Kind.PROPORTION:
        share = value.numerator / (value.denominator or 1)
        if not 0 <= share <= 1:
            wrong["numerator"] = _("A part cannot be below 0 or above the whole.")
    if not wrong and value.metric.kind == Metric.Kind.COUNT and value.numerator < 0:
        wrong["numerator"] = _("A count cannot be below 0.")
    return wrong


def _row(value: Typed) -> list[Any]:
    def key(thing: Offered | None) -> int | None:
        return thing.pk if thing else None

    places = [value.metric.pk, value.unit.pk, key(value.service), key(value.product), key(value.channel)]
    day = first_day(value.day, value.metric.period).toordinal()
    denominator = None if value.denominator is None else float(value.denominator)
    return [*places, day, float(value.numerator), denominator]
