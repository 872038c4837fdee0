"""What was agreed for each series, by day: targets, and beside them benchmarks and tolerances, which decide nothing."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from typing import Any

from django.db.models.functions import Coalesce

from metrics import states
from metrics.models import Target

Steps = list[tuple[int, float]]
Bands = list[tuple[int, float, float]]
Key = tuple[str, int, int]


@dataclass(frozen=True)
class Agreed:
    """Of one series, oldest first: targets and benchmarks (day, value), tolerances (day, from, to)."""

    targets: Steps
    benchmarks: Steps
    tolerances: Bands

    def facts(self) -> dict[str, Any]:
        """What is stored beside the analysis; benchmarks and tolerances only where there are any."""
        beside = {"benchmarks": self.benchmarks, "tolerances": self.tolerances}
        return {"targets": self.targets, **{name: steps for name, steps in beside.items() if steps}}


def agreed(places: Sequence[tuple[int, list[int]]]) -> list[Agreed]:
    """For each (metric, ids of the unit's line from the top down): the steps of the nearest unit, from its own upwards,
    that has one of that kind in force. One query."""
    by_unit: dict[Key, list[Target]] = defaultdict(list)
    known = (states.IN_FORCE, states.SUPERSEDED)
    rows = Target.objects.filter(metric__in={metric for metric, _line in places}, state__in=known)
    # One that was approved came into being then, not when it was proposed.
    for target in rows.annotate(came=Coalesce("decided_at", "at")).order_by("came", "pk"):
        by_unit[target.kind, target.metric_id, target.unit_id].append(target)
    in_force = {key for key, found in by_unit.items() if any(one.state == states.IN_FORCE for one in found)}

    def nearest(kind: Target.Kind, metric: int, line: list[int]) -> list[Target]:
        keys = ((kind.value, metric, unit) for unit in reversed(line))
        return next((by_unit[key] for key in keys if key in in_force), [])

    return [
        Agreed(
            _steps(nearest(Target.Kind.TARGET, metric, line), lambda one: (one.from_day.toordinal(), one.value)),
            _steps(nearest(Target.Kind.BENCHMARK, metric, line), lambda one: (one.from_day.toordinal(), one.value)),
            _steps(nearest(Target.Kind.TOLERANCE, metric, line), _band),
        )
        for metric, line in places
    ]


def _band(one: Target) -> tuple[int, float, float]:
    return one.from_day.toordinal(), one.value, float(one.upper or one.value)


def _steps(targets: Iterable[Target], step_of: Callable[[Target], Any]) -> list[Any]:
    """A version that came later holds from its day on, whatever had been agreed for the days after it."""
    steps: list[Any] = []
    for target in targets:
        step = step_of(target)
        steps = [known for known in steps if known[0] < step[0]]
        steps.append(step)
    return steps
