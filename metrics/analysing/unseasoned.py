"""What is left of the signals at the latest values once the season of their series is taken out.

A change of level looks like a season, too: in two to five years of stable weeks with a change of two to four sigma in
their last ten, one is found in 9 to 19 series of 100, and takes a part of the change with it; with the level from there on
left to itself in 1 to 6. So each signal is told whether the season is there without its own values.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any, NamedTuple

import numpy as np

from metrics.models import Analysis, Signal
from metrics.trends import Points, Result, codes
from metrics.trends.arrays import Bools, Floats
from metrics.trends.season import Season, find_season

Facts = dict[str, Any]
BITS = {
    Signal.Rule.OUTSIDE.value: codes.OUTSIDE,
    Signal.Rule.SHIFT.value: codes.SHIFT,
    Signal.Rule.TREND.value: codes.TREND,
    Signal.Rule.TWO_OF_THREE.value: codes.TWO_OF_THREE,
}
SCAN = Signal.Rule.SCAN.value


class Run(NamedTuple):
    """A signal that reaches to the latest value: its rule, which way it points, its first day."""

    rule: str
    direction: int
    day: int


def runs_of(series_ids: Iterable[int]) -> dict[int, list[Run]]:
    """{series: its signals of rules that are seen at the latest value}; one query."""
    rows = Signal.objects.filter(series__in=list(series_ids), current=True, gone=False).exclude(rule=SCAN)
    found: dict[int, list[Run]] = {}
    for pk, rule, direction, day in rows.order_by("pk").values_list("series_id", "rule", "direction", "first_day"):
        found.setdefault(pk, []).append(Run(rule, direction, day))
    return found


def change_of(analysis: Analysis) -> list[Run]:
    """The change of level that the scan saw, Confirmed or not: that is judged later, over all series."""
    if analysis.scan is None or analysis.window_day is None:
        return []
    return [Run(SCAN, 1 if analysis.scan > 0 else -1, analysis.window_day)]


def left_of(run: Run, points: Points, season: Season, values: Floats, adjusted: Result) -> Facts:
    """How many of the points of a run are marked the same way on the chart without the season (``other``: only the other
    way), whether the latest of them is, and whether the season is there without the run. ``values``: on the scale on which the season was found."""
    since = points.days >= run.day
    own = since & _of_rule(run, points)
    left = own & _marked(adjusted, run.direction)
    other = own & ~left & _marked(adjusted, -run.direction)
    facts: Facts = {
        **run._asdict(),
        "alone": find_season(values, points.days, season.cycle, 2 * points.phase + since).found,
        "points": int(own.sum()),
        "left": int(left.sum()),
        "other": int(other.sum()),
        "latest": bool(own.any() and left[np.flatnonzero(own)[-1]]),
    }
    return facts | _levels(points, adjusted.values, since) if run.rule == SCAN else facts


def _of_rule(run: Run, points: Points) -> Bools:
    """The points that the rule has marked; of the scan all that have a value."""
    if run.rule == SCAN:
        return ~points.missing
    high, low = codes.BITS[BITS[run.rule]]
    return (points.marks & (high if run.direction > 0 else low)) > 0


def _marked(result: Result, direction: int) -> Bools:
    """Marked this way, by any rule."""
    bits = sum(high if direction > 0 else low for high, low in codes.BITS.values())
    return (result.marks & np.uint8(bits)) > 0


def _levels(points: Points, values: Floats, since: Bools) -> Facts:
    """The means of the window and of what lies before it in its phase, without the season."""
    used = np.isfinite(values) & (points.phase == points.phase[-1])
    parts = {"level": values[used & since], "before": values[used & ~since]}
    # Divided first: the sum of very large values is more than a float holds.
    return {name: float((part / len(part)).sum()) if len(part) else None for name, part in parts.items()}
