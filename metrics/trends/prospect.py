"""The outlook of all series at once: what the phase in force of each says of its target, and of what could be one.

Only a series whose target is nearly always missed or met is looked at by itself (``suggestion.advise``).
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike
from scipy.special import stdtr

from . import outlook, suggestion
from .arrays import Bools, Floats, Ints
from .outlook import Hits, Phase
from .result import Result

# The chances whose values are kept: the borders of the bands (``odds``), so that any value can be told its band.
LADDER = (0.9, 0.6, 0.5, 0.4, 0.3, 0.1)


@dataclass(frozen=True, eq=False)
class Prospect:
    """Of every series: its phase in force; chance that the next value meets the target; level, next_low, next_high,
    ceiling and ladder float64[s, k] in the units of the values, cut where a value can not be; hits; moving bool[s];
    best sustained mean and the day of its first value (0 = none); advice ("", "lower", "raise")."""

    phase: Phase
    chance: Floats
    level: Floats
    next_low: Floats
    next_high: Floats
    ladder: Floats
    ceiling: Floats
    hits: Hits
    moving: Bools
    best: Floats
    best_day: Ints
    advice: list[suggestion.Advice]


def prospect(
    result: Result,
    times: ArrayLike,
    target: ArrayLike,
    then: Floats,
    direction: ArrayLike,
    least: ArrayLike = -np.inf,
    most: ArrayLike = np.inf,
) -> Prospect:
    """times bool[s]: lengths of time; target float64[s]: the one in force, nan without one; then float64[n]: the one in
    force on the day of each point; least and most: what a value of each series can be at all."""
    way = np.asarray(direction, np.int64)
    goal = np.asarray(target, np.float64)
    phase = outlook.phase_in_force(result, times)
    chance = outlook.chance_of(phase, goal, way)
    low, high = outlook.next_values(phase)
    ladder = outlook.reached_with(phase, LADDER, way)
    least, most = np.asarray(least, np.float64), np.asarray(most, np.float64)
    best, first = suggestion.best_of_all(result.values, phase.begins, phase.ends, way)
    return Prospect(
        phase=phase,
        chance=chance,
        level=np.clip(phase.unscaled(phase.mean), least, most),
        next_low=np.clip(low, least, most),
        next_high=np.clip(high, least, most),
        ladder=np.clip(ladder, least[..., None], most[..., None]),
        ceiling=np.clip(_ceiling(result, way), least, most),
        hits=outlook.hits_of(result.values, then, result.starts, way),
        moving=outlook.moving(result),
        best=best,
        best_day=np.where(first >= 0, result.days[np.maximum(first, 0)], 0)
        if len(result.days)
        else np.zeros_like(first),
        advice=_advice(result, phase, chance, then, way),
    )


def _ceiling(result: Result, way: Ints) -> Floats:
    """The limit of the process on the better side, of the phase in force."""
    last = result.first_phase[1:] - 1
    drawn = (last >= result.first_phase[:-1]) & (way != 0)
    if not len(result.phase_upl):
        return np.full(len(way), np.nan)
    at = np.maximum(last, 0)
    return np.where(drawn, np.where(way > 0, result.phase_upl[at], result.phase_lpl[at]), np.nan)


def _advice(result: Result, phase: Phase, chance: Floats, then: Floats, way: Ints) -> list[suggestion.Advice]:
    """Whether the target should move: asked only where it is nearly always missed or met."""
    found: list[suggestion.Advice] = [""] * len(way)
    with np.errstate(invalid="ignore"):
        asked = (way != 0) & ((chance < suggestion.LOWER) | (chance > suggestion.RAISE))
    for place in np.flatnonzero(asked).tolist():
        span = slice(int(phase.begins[place]), int(phase.ends[place]))
        values = result.values[span]
        present = np.isfinite(values)
        known = known_then(values[present], then[span][present], int(way[place]), bool(phase.logged[place]))
        found[place] = suggestion.advise(result.days[span][present], known)
    return found


def known_then(values: Floats, targets: Floats, way: int, logged: bool) -> Floats:
    """The chance of each period of the phase by the values known by then and the target in force then."""
    with np.errstate(all="ignore"):
        y, goal = (np.log(values), np.log(np.maximum(targets, 0))) if logged else (values, targets)
        middle = y.mean()
        away, n = y - middle, np.arange(1.0, len(y) + 1)
        mean = np.cumsum(away) / n
        variance = (np.cumsum(away * away) - n * mean * mean) / (n - 1)
        spread = np.sqrt(np.maximum(variance, 0) * (1 + 1 / n))
        found = stdtr(np.maximum(n - 1, 1), way * (mean + middle - goal) / spread)
    found[: outlook.LEAST - 1] = np.nan
    return np.asarray(found, np.float64)
