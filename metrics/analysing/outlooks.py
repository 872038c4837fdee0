"""The outlook of an analysis: the chance of meeting the target, what may be expected next, what could be a target."""

from __future__ import annotations

import json
import math
from collections.abc import Sequence

import numpy as np

from metrics import bulk
from metrics.analysing.inputs import Inputs
from metrics.models import Metric
from metrics.queries.agreements import possible
from metrics.trends import Result, outlook
from metrics.trends.arrays import Floats
from metrics.trends.prospect import LADDER, prospect


def columns(given: Inputs, chosen: Sequence[int], result: Result) -> list[bulk.Column]:
    """What an analysis keeps: of the chosen series of the inputs, from the phase in force of each."""
    places = [given.series[index] for index in chosen]
    target = np.asarray(given.target[list(chosen)], np.float64)
    least, most = np.array([possible(place.kind, place.scale, place.derived) for place in places]).reshape(-1, 2).T
    found = prospect(
        result,
        [place.kind == Metric.Kind.DURATION for place in places],
        target,
        _targets_then(given, chosen, result),
        [place.direction for place in places],
        least,
        most,
    )
    phase, hits = found.phase, found.hits
    kept = {
        "n": phase.n.tolist(),
        "enough": (phase.n >= outlook.LEAST).tolist(),
        "varies": (phase.sd > 0).tolist(),
        "mostly": phase.mostly.tolist(),
        "logged": phase.logged.tolist(),
        "moving": found.moving.tolist(),
        "hits": hits.hits.tolist(),
        "of": hits.of.tolist(),
        "target": _finite(target),
        "level": _finite(found.level),
        "sd": _finite(phase.sd),
        "chance": _finite(found.chance),
        "next_low": _finite(found.next_low),
        "next_high": _finite(found.next_high),
        **{f"p{round(100 * one)}": _finite(found.ladder[:, place]) for place, one in enumerate(LADDER)},
        "hits_low": _finite(hits.low),
        "hits_high": _finite(hits.high),
        "ceiling": _finite(found.ceiling),
        "best": _finite(found.best),
        "best_day": [day or None for day in found.best_day.tolist()],
        "advice": found.advice,
    }
    rows = zip(*kept.values(), strict=True)
    return [
        bulk.Column("target_chance", found.chance),
        bulk.Column("outlook", [json.dumps(dict(zip(kept, row, strict=True))) for row in rows]),
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


def _finite(numbers: Floats) -> list[float | None]:
    """As they are kept: no number where there is none."""
    return [number if math.isfinite(number) else None for number in numbers.tolist()]
