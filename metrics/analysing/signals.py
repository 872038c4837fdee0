"""From runs of rules to signals: matched with those known, the difference written in bulk.

A run is a signal while it reaches into the latest points, those that a page draws; an older one only where somebody has
said a word of it or something points to it. All others are marks on the points of the analysis, which the chart of all
values, its table and its file show: a row for each run of ten years of days cost more than all the arithmetic.
"""

from __future__ import annotations

import json
import math
from collections.abc import Sequence
from dataclasses import fields
from typing import Any, NamedTuple

import numpy as np
from django.db import connection

from metrics import bulk, states
from metrics.analysing import identity
from metrics.models import Signal
from metrics.pointers import pointed_at
from metrics.trends import Result, Runs, codes, runs
from teams import clock

VARIATIONS = {
    codes.NO_ICON: "",
    codes.COMMON_CAUSE: "common_cause",
    codes.IMPROVEMENT: "improvement",
    codes.CONCERN: "concern",
    codes.NEUTRAL_HIGH: "neutral_high",
    codes.NEUTRAL_LOW: "neutral_low",
}
RULES = {
    codes.OUTSIDE: Signal.Rule.OUTSIDE.value,
    codes.SHIFT: Signal.Rule.SHIFT.value,
    codes.TREND: Signal.Rule.TREND.value,
    codes.TWO_OF_THREE: Signal.Rule.TWO_OF_THREE.value,
}


class Found(NamedTuple):
    """What a signal's row says of its run; what people said of it (state, word) lies beside it."""

    series: int
    rule: str
    direction: int
    point_type: str
    first_day: int
    last_day: int
    points: int
    facts: dict[str, Any]
    current: bool
    gone: bool

    @property
    def span(self) -> identity.Span:
        return identity.Span((self.series, self.rule, self.direction), self.first_day, self.last_day)


RECENT = 260  # metrics.charts.LATEST, which nothing down here may import
FIELDS = ("series_id", *Found._fields[1:])


def store_signals(series: list[int], result: Result) -> tuple[int, int]:
    """Match the runs of these series with the signals known and write the difference; how many are new and gone."""
    known_ones = Signal.objects.filter(series__in=series).exclude(rule=Signal.Rule.SCAN)  # those are judged together
    rows = list(known_ones.order_by("pk").values_list("pk", *FIELDS))
    ids, old = [row[0] for row in rows], [Found(*row[1:]) for row in rows]
    chosen, recent = _chosen(series, runs(result), result, old)
    seen = _found(series, chosen, result)
    same = identity.match([known.span for known in old], [run.span for run in seen])
    matched = set(same.values())
    missing = {ids[place]: known for place, known in enumerate(old) if place not in matched}
    past = {ids[before]: seen[after] for after, before in same.items() if not recent[after]}
    kept = pointed_at([*missing, *past])
    if dropped := [pk for pk in (*missing, *past) if pk not in kept]:
        Signal.objects.filter(pk__in=dropped).delete()
    changed = {
        ids[before]: seen[after]
        for after, before in same.items()
        if old[before] != seen[after] and (recent[after] or ids[before] in kept)
    }
    changed |= {pk: _no_longer_seen(known) for pk, known in missing.items() if pk in kept and not known.gone}
    new = [run for place, run in enumerate(seen) if recent[place] and place not in same]
    _insert(new)
    _update(changed)
    return len(new), len(missing)


def _chosen(series: list[int], found: Runs, result: Result, old: Sequence[Found]) -> tuple[Runs, list[bool]]:
    """The runs that may be signals, and which of them are recent: the others share a day with a signal known."""
    recent = result.batch.starts[found.series + 1] - found.last <= RECENT
    wanted = recent.copy()
    first, last = result.days[found.first], result.days[found.last]
    place = {pk: index for index, pk in enumerate(series)}
    for known in old:
        owner = place[known.series]
        own = slice(*np.searchsorted(found.series, [owner, owner + 1]))
        wanted[own] |= (first[own] <= known.last_day) & (last[own] >= known.first_day)
    return Runs(*(getattr(found, field.name)[wanted] for field in fields(Runs))), recent[wanted].tolist()


def _no_longer_seen(known: Found) -> Found:
    return known._replace(gone=True, current=False)


def _columns(found: Sequence[Found]) -> list[bulk.Column]:
    return [
        bulk.Column("series_id", [run.series for run in found]),
        bulk.Column("rule", [run.rule for run in found]),
        bulk.Column("direction", [run.direction for run in found]),
        bulk.Column("point_type", [run.point_type for run in found]),
        bulk.Column("first_day", [run.first_day for run in found]),
        bulk.Column("last_day", [run.last_day for run in found]),
        bulk.Column("points", [run.points for run in found]),
        bulk.Column("facts", [json.dumps(run.facts) for run in found]),
        bulk.Column("current", [run.current for run in found]),
        bulk.Column("gone", [run.gone for run in found]),
    ]


def _insert(new: list[Found]) -> None:
    seen_at = connection.ops.adapt_datetimefield_value(clock.now())
    fresh = [
        bulk.Column("state", [states.SIGNAL.first] * len(new)),
        bulk.Column("word", [""] * len(new)),
        bulk.Column("first_seen_at", [seen_at] * len(new)),
    ]
    bulk.insert(Signal._meta.db_table, len(new), [*_columns(new), *fresh])


TYPES = {
    "series_id": "bigint",
    "rule": "text",
    "direction": "smallint",
    "point_type": "text",
    "first_day": "integer",
    "last_day": "integer",
    "points": "integer",
    "facts": "jsonb",
    "current": "boolean",
    "gone": "boolean",
}


def _update(changed: dict[int, Found]) -> None:
    """The rows of runs that grow, end or are no longer seen."""
    columns = [(column.name, TYPES[column.name], column.values) for column in _columns(list(changed.values()))]
    bulk.update(Signal._meta.db_table, list(changed), columns)


def _found(series: list[int], found: Runs, result: Result) -> list[Found]:
    phase = np.searchsorted(result.phase_starts, found.first, side="right") - 1
    kinds = codes.TYPE_OF[result.batch.direction[found.series] + 1, found.direction.astype(np.int64) + 1]
    days = result.days
    lines = {name: getattr(result, f"phase_{name}")[phase].tolist() for name in ("mean", "amr", "lpl", "upl", "notes")}
    if result.own is not None:
        lines |= {"lpl": result.own.lpl[found.last].tolist(), "upl": result.own.upl[found.last].tolist()}
    varying = np.isin(result.chart[found.series], codes.VARYING).tolist()
    columns = zip(
        found.series.tolist(), found.rule.tolist(), found.direction.tolist(), kinds.tolist(), found.first.tolist(),
        found.last.tolist(), days[found.first].tolist(), days[found.last].tolist(), found.count.tolist(),
        (found.since_end == 0).tolist(), found.extreme.tolist(), found.sigma.tolist(), varying, *lines.values(),
        strict=True,
    )  # fmt: skip
    values = result.values.tolist() if len(found) else []
    return [
        Found(
            series[owner], RULES[rule], direction, VARIATIONS[kind], first_day, last_day, count,
            _facts(values[first : last + 1], extreme, sigma, varies, mean, amr, lower, upper, notes), current, False,
        )
        for owner, rule, direction, kind, first, last, first_day, last_day, count, current, extreme, sigma, varies,
        mean, amr, lower, upper, notes in columns
    ]  # fmt: skip


def _average(values: list[float]) -> float:
    try:
        return math.fsum(values) / len(values)
    except OverflowError:
        # The sum is more than a float holds, their average is not.
        return math.fsum(value / len(values) for value in values)


def _facts(
    values: list[float],
    extreme: float,
    sigma: float,
    varies: bool,
    mean: float,
    amr: float,
    lower: float,
    upper: float,
    notes: int,
) -> dict[str, Any]:
    """What the sentence of a signal is made from; numbers in the metric's unit. ``varies``: its limits differ from point
    to point."""
    present = [value for value in values if not math.isnan(value)]
    numbers = {
        "first": values[0],
        "last": values[-1],
        "average": _average(present),
        "extreme": mean + extreme,
        "sigma": sigma,
        "mean": mean,
        "amr": amr,
        "lower": lower,
        "upper": upper,
    }
    finite = {name: number if math.isfinite(number) else None for name, number in numbers.items()}
    return {**finite, "span": len(present), "varying": varies, "trial": bool(notes & codes.TRIAL_LIMITS)}
