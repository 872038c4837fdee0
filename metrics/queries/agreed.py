"""What was agreed for each series, by day: targets, and beside them benchmarks and tolerances, which decide nothing."""

from __future__ import annotations

import datetime as dt
import math
from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any

from django.db.models import F
from django.db.models.functions import Coalesce

from metrics import states
from metrics.models import Target
from metrics.trends.periods import first_day

KNOWN = (states.IN_FORCE, states.SUPERSEDED)
# From each day on; None: what held was ended, and no unit above has one.
Steps = list[tuple[int, float | None]]
Bands = list[tuple[int, float | None, float | None]]
# From each day on the path of the target in force (``metrics.trajectories.Path`` from ``start`` on); None: it has none.
Trajectories = list[tuple[int, tuple[int, float, int, float, int] | None]]
Versions = list[tuple[int, Target | None]]
Key = tuple[str, int, int]


@dataclass(frozen=True)
class Agreed:
    """Of one series, oldest first: targets and benchmarks (day, value), tolerances (day, from, to), and the paths on which
    targets are to be reached (day, path)."""

    targets: Steps
    benchmarks: Steps
    tolerances: Bands
    trajectories: Trajectories

    def facts(self) -> dict[str, Any]:
        """What is stored beside the analysis; all but targets only where there are any."""
        paths = self.trajectories if any(path for _day, path in self.trajectories) else []
        beside = {"benchmarks": self.benchmarks, "tolerances": self.tolerances, "trajectories": paths}
        return {"targets": self.targets, **{name: steps for name, steps in beside.items() if steps}}


def agreed(places: Sequence[tuple[int, list[int]]]) -> list[Agreed]:
    """For each (metric, ids of the unit's line from the top down): the steps of the nearest unit, from its own upwards,
    that has one of that kind in force; before its first, and from the day on which it was ended, of the next one above:
    history stays judged by what held then. One query."""
    return [
        Agreed(
            [_step(*one) for one in found[Target.Kind.TARGET]],
            [_step(*one) for one in found[Target.Kind.BENCHMARK]],
            [_band(*one) for one in found[Target.Kind.TOLERANCE]],
            [_path(*one) for one in found[Target.Kind.TARGET]],
        )
        for found in _along_lines(places)
    ]


def holding(metric: int, line: list[int], day: int, targets: Iterable[Target]) -> dict[str, Target]:
    """{kind: the version that holds on this day (an ordinal) for a series of this metric and line}: that by which the
    chart is judged, and the benchmark and tolerance beside it. ``targets``: all of the metric along the line."""
    known = [one for one in targets if one.state in KNOWN]
    [found] = _of_lines([(metric, line)], sorted(known, key=lambda one: (one.decided_at or one.at, one.pk)))
    last = {kind: [one for began, one in versions if began <= day][-1:] for kind, versions in found.items()}
    return {kind.value: one for kind, held in last.items() for one in held if one is not None}


def _along_lines(places: Sequence[tuple[int, list[int]]]) -> list[dict[Target.Kind, Versions]]:
    """For each place the versions that hold there, by kind, oldest first."""
    rows = Target.objects.filter(metric__in={metric for metric, _line in places}, state__in=KNOWN)
    # One that was approved came into being then, not when it was proposed.
    rows = rows.annotate(came=Coalesce("decided_at", "at"), period=F("metric__period"))
    return _of_lines(places, rows.order_by("came", "pk"))


def _of_lines(places: Sequence[tuple[int, list[int]]], targets: Iterable[Target]) -> list[dict[Target.Kind, Versions]]:
    """The same from these targets, in the order in which they came."""
    by_unit: dict[Key, list[Target]] = defaultdict(list)
    for target in targets:
        by_unit[target.kind, target.metric_id, target.unit_id].append(target)
    in_force = {key for key, found in by_unit.items() if any(one.state == states.IN_FORCE for one in found)}

    def along(kind: Target.Kind, metric: int, line: list[int]) -> Versions:
        keys = ((kind.value, metric, unit) for unit in reversed(line))
        return _along([_versions(by_unit[key]) for key in keys if key in in_force])

    return [{kind: along(kind, metric, line) for kind in Target.Kind} for metric, line in places]


def _step(day: int, one: Target | None) -> tuple[int, float | None]:
    return day, None if one is None else one.value


def _band(day: int, one: Target | None) -> tuple[int, float | None, float | None]:
    return (day, None, None) if one is None else (day, one.value, float(one.upper or one.value))


def _path(day: int, one: Target | None) -> tuple[int, tuple[int, float, int, float, int] | None]:
    """By the periods in which it starts and ends: each has one value, which stands at its first day."""
    if one is None or one.start_value is None or one.start_day is None or one.reach_by is None:
        return day, None
    start, end = (_began(date, one.period) for date in (one.start_day, one.reach_by))  # type: ignore[attr-defined]
    return day, (start, one.start_value, end, one.value, one.reach_by.toordinal())


def _began(day: dt.date, period: str) -> int:
    return first_day(day, period).toordinal()


def _versions(targets: Iterable[Target]) -> Versions:
    """A version that came later holds from its day on, whatever had been agreed for the days after it."""
    found: Versions = []
    for target in targets:
        day = target.from_day.toordinal()
        found = [known for known in found if known[0] < day]
        found.append((day, None if target.ends else target))
    return found


def _along(units: Sequence[Versions]) -> Versions:
    """The versions of the nearest unit; until its first one, and from the day on which it ended its own until it has one
    again, those of the next one above."""
    if not units:
        return []
    own, above = units[0], _along(units[1:])
    found: Versions = [(began, one) for began, one in above if began < own[0][0]]
    for place, (day, target) in enumerate(own):
        until = own[place + 1][0] if place + 1 < len(own) else math.inf
        held = [one for began, one in above if began <= day]
        found.append((day, target if target is not None or not held else held[-1]))
        if target is None:
            found += [(began, one) for began, one in above if day < began < until]
    return found
