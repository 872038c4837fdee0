"""A Confirmed change is a signal of its own: announced once, open until somebody acknowledges it with a word."""

from __future__ import annotations

import json
import math
from collections.abc import Sequence
from typing import Any, NamedTuple

import numpy as np
from django.db import connection

from metrics import bulk, states
from metrics.analysing import identity
from metrics.models import Signal
from metrics.pointers import pointed_at
from metrics.trends import codes, fleet
from teams import clock
from teams.models import Unit

COLUMNS = (
    "pk", "series_id", "series__metric_id", "series__metric__direction", "series__metric__period", "n", "latest_day",
    "variation", "amr", "lower", "upper", "scan", "scan_n", "window", "window_day", "level", "level_before", "own_phi",
    "rest_phi", "p", "chance", "standing",
)  # fmt: skip
KINDS = {
    codes.IMPROVEMENT: "improvement",
    codes.CONCERN: "concern",
    codes.NEUTRAL_HIGH: "neutral_high",
    codes.NEUTRAL_LOW: "neutral_low",
}
TOLD = ("point_type", "first_day", "last_day", "points", "facts", "current", "gone")


class Row(NamedTuple):
    """What an analysis has stored of its scan and of its last judgement."""

    pk: int
    series: int
    metric: int
    better: int
    period: str
    n: int
    latest_day: int | None
    variation: str
    amr: float | None
    lower: float | None
    upper: float | None
    scan: float | None
    scan_n: int
    window: int
    window_day: int | None
    level: float | None
    level_before: float | None
    own_phi: float | None
    rest_phi: float | None
    p: float | None
    chance: float | None
    standing: str

    @property
    def direction(self) -> int:
        return 0 if self.scan is None else int(math.copysign(1, self.scan))

    @property
    def span(self) -> identity.Span:
        key = (self.series, Signal.Rule.SCAN.value, self.direction)
        return identity.Span(key, self.window_day or 0, self.latest_day or 0)


def announce(organisation: Unit, rows: Sequence[Row], passes: np.ndarray, p: np.ndarray) -> set[int]:
    """Write the signals of what is Confirmed; the ids of the series that are (those announced before and still seen
    among them, whatever the others of the organisation do)."""
    known = list(
        Signal.objects.filter(rule=Signal.Rule.SCAN, series__unit__path__startswith=organisation.path).order_by("pk")
    )
    spans = [identity.Span((one.series_id, one.rule, one.direction), one.first_day, one.last_day) for one in known]
    chance = dict(zip([row.pk for row in rows], p.tolist(), strict=True))
    has_one = {one.series_id for one in known if not one.gone}
    told = [
        row
        for row, holds in zip(rows, passes.tolist(), strict=True)
        if row.window and (holds or (row.series in has_one and chance[row.pk] <= fleet.RELEASE))
    ]
    same = identity.match(spans, [row.span for row in told])
    passing = {row.pk for row, holds in zip(rows, passes.tolist(), strict=True) if holds}
    held = [place for place, row in enumerate(told) if place in same or row.pk in passing]
    changed = [
        fresh
        for place in held
        if place in same and (fresh := _grown(known[same[place]], told[place], chance[told[place].pk]))
    ]
    latest = {row.series: row.latest_day for row in rows}
    changed += _ended([one for place, one in enumerate(known) if place not in same.values()], latest)
    Signal.objects.bulk_update(changed, TOLD, batch_size=50)
    _insert([(told[place], chance[told[place].pk]) for place in held if place not in same])
    return {told[place].series for place in held}


def _facts(row: Row, p: float) -> dict[str, Any]:
    """What the sentence is made from; numbers in the metric's unit, days as ordinals."""
    return {
        "p": p, "window": row.window, "window_day": row.window_day, "level": row.level, "before": row.level_before,
        "amr": row.amr, "lower": row.lower, "upper": row.upper, "n": row.scan_n,
    }  # fmt: skip


def _kind(row: Row) -> str:
    return KINDS[int(codes.TYPE_OF[row.better + 1, row.direction + 1])]


def _grown(one: Signal, row: Row, p: float) -> Signal | None:
    """The signal as it looks now, None where nothing changed. It began when it was first seen to."""
    before = [getattr(one, name) for name in TOLD]
    one.point_type, one.last_day, one.points = _kind(row), row.latest_day or one.last_day, row.window
    one.first_day = min(one.first_day, row.window_day or one.first_day)
    one.facts, one.current, one.gone = _facts(row, p), True, False
    return one if before != [getattr(one, name) for name in TOLD] else None


def _ended(missing: list[Signal], latest: dict[int, int | None]) -> list[Signal]:
    """A change that ended stays open, but is current no more. One whose values were taken back is no longer seen, and
    deleted where nothing points to it."""
    taken_back = {one.pk for one in missing if one.last_day > (latest.get(one.series_id) or 0)}
    pointed = pointed_at(sorted(taken_back))
    Signal.objects.filter(pk__in=taken_back - pointed).delete()
    changed = []
    for one in missing:
        if one.pk in taken_back - pointed:
            continue
        gone = one.gone or one.pk in taken_back
        if one.current or one.gone != gone:
            one.current, one.gone = False, gone
            changed.append(one)
    return changed


def _insert(new: list[tuple[Row, float]]) -> None:
    seen_at = connection.ops.adapt_datetimefield_value(clock.now())
    rows = [row for row, _p in new]
    columns = [
        bulk.Column("series_id", [row.series for row in rows]),
        bulk.Column("rule", [Signal.Rule.SCAN.value] * len(rows)),
        bulk.Column("direction", [row.direction for row in rows]),
        bulk.Column("point_type", [_kind(row) for row in rows]),
        bulk.Column("first_day", [row.window_day for row in rows]),
        bulk.Column("last_day", [row.latest_day for row in rows]),
        bulk.Column("points", [row.window for row in rows]),
        bulk.Column("facts", [json.dumps(_facts(row, p)) for row, p in new]),
        bulk.Column("current", [True] * len(rows)),
        bulk.Column("gone", [False] * len(rows)),
        bulk.Column("state", [states.SIGNAL.first] * len(rows)),
        bulk.Column("word", [""] * len(rows)),
        bulk.Column("first_seen_at", [seen_at] * len(rows)),
    ]
    bulk.insert(Signal._meta.db_table, len(rows), columns)
