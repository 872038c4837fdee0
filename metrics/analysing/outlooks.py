"""The outlook of an analysis: the chance of meeting the target, what may be expected next, what could be a target."""

from __future__ import annotations

import json
import math
from collections.abc import Sequence
from typing import Any

import numpy as np
from scipy.special import stdtr

from metrics import bulk
from metrics.analysing.inputs import Inputs
from metrics.models import Metric
from metrics.queries.agreements import ends_of
from metrics.trends import Result, outlook, suggestion
from metrics.trends.arrays import Floats
from metrics.trends.outlook import Phase

# The chances whose values are kept: the edges of the bands, so that any value can be told its band.
LADDER = (0.9, 0.6, 0.5, 0.4, 0.3, 0.1)


def columns(given: Inputs, chosen: Sequence[int], result: Result) -> list[bulk.Column]:
    """What an analysis keeps: of the chosen series of the inputs, from the phase in force of each."""
    places = [given.series[index] for index in chosen]
    way = np.array([place.direction for place in places], np.int64)
    phase = outlook.phase_in_force(result, [place.kind == Metric.Kind.DURATION for place in places])
    target = np.asarray(given.target[list(chosen)], np.float64)
    chance = outlook.chance_of(phase, target, way)
    then = _targets_then(given, chosen, result)
    numbers: dict[str, Any] = {"level": phase.unscaled(phase.mean), "sd": phase.sd, "chance": chance}
    numbers["next_low"], numbers["next_high"] = outlook.next_values(phase)
    ladder = outlook.reached_with(phase, LADDER, way)
    numbers |= {f"p{round(100 * one)}": ladder[:, place] for place, one in enumerate(LADDER)}
    hits = outlook.hits_of(result.values, then, result.starts, way)
    numbers |= {"hits_low": hits.low, "hits_high": hits.high}
    numbers["ceiling"] = _ceiling(result, way)
    least, most = np.array([possible(place.kind, place.scale, place.derived) for place in places]).reshape(-1, 2).T
    for name in ("level", "next_low", "next_high", "ceiling", *(f"p{round(100 * one)}" for one in LADDER)):
        numbers[name] = np.clip(numbers[name], least, most)
    moving = outlook.moving(result)
    facts = [
        {
            "n": int(phase.n[place]),
            "enough": bool(phase.n[place] >= outlook.LEAST),
            "varies": bool(phase.sd[place] > 0),
            "mostly": bool(phase.mostly[place]),
            "logged": bool(phase.logged[place]),
            "moving": bool(moving[place]),
            "hits": int(hits.hits[place]),
            "of": int(hits.of[place]),
            "target": _finite(target[place]),
            **{name: _finite(column[place]) for name, column in numbers.items()},
            **_evidence(result, phase, then, place, int(way[place]), float(chance[place])),
        }
        for place in range(len(chosen))
    ]
    return [
        bulk.Column("target_chance", chance),
        bulk.Column("outlook", [json.dumps(one) for one in facts]),
    ]


def _targets_then(given: Inputs, chosen: Sequence[int], result: Result) -> Floats:
    """float64[n]: the target in force on the day of each point."""
    then = np.full(len(result.values), np.nan)
    for place, index in enumerate(chosen):
        steps = given.targets[index]
        if steps:
            span = slice(int(result.starts[place]), int(result.starts[place + 1]))
            at = np.searchsorted([day for day, _value in steps], result.days[span], side="right")
            then[span] = np.array([np.nan, *(np.nan if value is None else value for _day, value in steps)])[at]
    return then


def _ceiling(result: Result, way: np.ndarray) -> Floats:
    """The limit of the process on the better side, of the phase in force."""
    last = result.first_phase[1:] - 1
    drawn = (last >= result.first_phase[:-1]) & (way != 0)
    if not len(result.phase_upl):
        return np.full(len(way), np.nan)
    at = np.maximum(last, 0)
    return np.where(drawn, np.where(way > 0, result.phase_upl[at], result.phase_lpl[at]), np.nan)


def possible(kind: str, scale: float, derived: str) -> tuple[float, float]:
    """What a value of a metric can be at all: no share beyond its whole, no count, rate or time below 0, no agreement
    beyond full."""
    if kind == Metric.Kind.SCORE:
        return ends_of(derived)
    return 0.0, scale if kind == Metric.Kind.PROPORTION else math.inf


def _evidence(
    result: Result, phase: Phase, then: Floats, place: int, way: int, chance: float
) -> dict[str, float | int | str | None]:
    """The best that was sustained in the phase in force, and whether the target should move."""
    span = slice(int(phase.begins[place]), int(phase.ends[place]))
    values = result.values[span]
    present = np.isfinite(values)
    days = result.days[span][present]
    best, first = suggestion.best_sustained(values, way)
    facts: dict[str, float | int | str | None] = {
        "best": _finite(best),
        "best_day": int(days[first]) if first >= 0 else None,
        "advice": "",
    }
    if way and (chance < suggestion.LOWER or chance > suggestion.RAISE):
        known = _known_then(values[present], then[span][present], way, bool(phase.logged[place]))
        facts["advice"] = suggestion.advise(days, known)
    return facts


def _known_then(values: Floats, targets: Floats, way: int, logged: bool) -> Floats:
    """The chance of each period of the phase by the values known by then and the target in force then."""
    with np.errstate(all="ignore"):
        y, goal = (np.log(values), np.log(np.maximum(targets, 0))) if logged else (values, targets)
        middle = y.mean()
        away, n = y - middle, np.arange(1.0, len(y) + 1)
        mean = np.cumsum(away) / n
        variance = (np.cumsum(away * away) - n * mean * mean) / (n - 1)
        spread = np.sqrt(np.maximum(variance, 0) * (1 + 1 / n))
        found = stdtr(np.maximum(n - 1, 1), way * (mean + middle - goal) / spread)
    found[: outlook.LEAST - 1] = math.nan
    return np.asarray(found, np.float64)


def _finite(number: float) -> float | None:
    return float(number) if math.isfinite(number) else None
