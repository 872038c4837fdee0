"""What a metric is that a mapping makes: kind, scale, measure and a first definition, told by the columns."""

from __future__ import annotations

from typing import Any

from django.utils.translation import gettext as _

from metrics.files.mapping import Amount, Mapping, MetricFrom
from metrics.models import Metric

HOUR = 3600
TIMES = {"seconds", "minutes", "hours", "days", "clock", "words"}
# Layouts whose figure everybody reads in one direction; for all others the person says which is better.
DIRECTIONS = {"nhs-ae": 1}
ABOUT = ("direction", "measure", "kind", "scale", "sums")


def facts_of(metric: MetricFrom, mapping: Mapping, about: dict[str, Any]) -> dict[str, Any]:
    """Fields of the ``Metric`` (without name and code), and its ``definition``. ``about``: what the person said."""
    kind = about.get("kind") or metric.kind or _kind(metric)
    whole = metric.value is None and metric.denominator is not None
    facts: dict[str, Any] = {
        "direction": DIRECTIONS.get(mapping.layout, 0),
        "kind": kind,
        "period": mapping.period,
        "measure": "",
        "scale": 1.0,
        # A mean of means is wrong: only counts and what has its parts can be summed.
        "sums": whole or kind == Metric.Kind.COUNT,
        "numerator": told(metric.value or metric.numerator)[:160],
        "denominator": told(metric.denominator)[:160],
    }
    if kind == Metric.Kind.PROPORTION:
        facts |= {"measure": "%", "scale": 100.0}
    elif kind == Metric.Kind.DURATION:
        facts |= {"measure": _("hours"), "scale": 1 / HOUR}
    facts |= {name: value for name, value in about.items() if name in ABOUT}
    facts["definition"] = " / ".join(part for part in (facts["numerator"], facts["denominator"]) if part)
    return facts


def _kind(metric: MetricFrom) -> str:
    amount = metric.value or metric.numerator
    measure = amount.measure if amount else "number"
    if measure in TIMES:
        return Metric.Kind.DURATION.value
    if measure == "percent":
        return Metric.Kind.PROPORTION.value
    return Metric.Kind.RATE.value if metric.denominator else Metric.Kind.SCORE.value


def told(amount: Amount | None) -> str:
    """An amount in words: its columns with their signs."""
    if amount is None:
        return ""
    return " ".join([" + ".join(amount.plus), *(f"− {column}" for column in amount.minus)])
