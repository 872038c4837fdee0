"""What a criterion's rule says of a stored analysis. Pure: facts in, a rating with its reason and facts out.

Words for people are made elsewhere from the reason. A rule never says more than the data carry: without points,
limits or a better direction its answer is "not enough evidence".
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any

from reviews.states import MET, NOT_ENOUGH, NOT_MET, PARTLY

MEAN, LATEST, ASSURANCE, NO_CONCERN, BY_HAND = "mean", "latest", "assurance", "no_concern", "by_hand"

# Reasons.
RIGHT_SIDE, WRONG_SIDE = "right_side", "wrong_side"
RELIABLY, SOMETIMES, NEVER = "reliably", "sometimes", "never"
NO_SIGNAL, SIGNALS = "no_signal", "signals"
JUDGED, NO_ANALYSIS, TOO_FEW, NO_LIMITS, NO_DIRECTION = "by_hand", "no_analysis", "too_few", "no_limits", "no_direction"

FEWEST_FOR_A_MEAN = 3
# Below this a phase has trial limits only (trends.md 1.1), too few to say that nothing happened.
FEWEST_FOR_LIMITS = 13


@dataclass(frozen=True)
class Reading:
    """One series as a rule reads it: parallel sequences in order of day, and the limits at the last point.

    ``days``: ordinals of the first day of each period; ``values``: in the metric's unit, not finite = missing;
    ``concern``: whether the point belongs to a signal of concern; ``lower``/``upper``: nan = no limits.
    """

    days: Sequence[int]
    values: Sequence[float]
    concern: Sequence[bool]
    lower: float
    upper: float
    direction: int


@dataclass(frozen=True)
class Result:
    """The rule's answer: a rating of ``reviews.states``, why (a code above) and the figures it stands on."""

    rating: str
    reason: str
    facts: dict[str, Any] = field(default_factory=dict)


def within(reading: Reading, first_day: int, last_day: int) -> Reading:
    """The points of the period, both days included; the limits stay those of the last point given."""
    chosen = [place for place, day in enumerate(reading.days) if first_day <= day <= last_day]
    return Reading(
        days=[reading.days[place] for place in chosen],
        values=[reading.values[place] for place in chosen],
        concern=[reading.concern[place] for place in chosen],
        lower=reading.lower,
        upper=reading.upper,
        direction=reading.direction,
    )


def conclude(rule: str, threshold: float | None, reading: Reading | None) -> Result:
    """The result of ``rule`` for the points of the period (see ``within``). ``None``: no analysis is stored."""
    if rule == BY_HAND:
        return Result(NOT_ENOUGH, JUDGED)
    if reading is None:
        return Result(NOT_ENOUGH, NO_ANALYSIS)
    present = [value for value in reading.values if math.isfinite(value)]
    facts = _facts(threshold, reading, present)
    if rule == NO_CONCERN:
        return _no_concern(reading, present, facts)
    if threshold is None or not reading.direction:
        return Result(NOT_ENOUGH, NO_DIRECTION, facts)
    if rule == ASSURANCE:
        return _assurance(threshold, reading, present, facts)
    return _side(rule, threshold, reading.direction, present, facts)


def _facts(threshold: float | None, reading: Reading, present: list[float]) -> dict[str, Any]:
    mean = _mean(present) if present else None
    return {
        "n": len(present),
        "mean": mean,
        "latest": present[-1] if present else None,
        "latest_day": next(
            (
                day
                for day, value in zip(reversed(reading.days), reversed(reading.values), strict=True)
                if math.isfinite(value)
            ),
            None,
        ),
        "lower": None if math.isnan(reading.lower) else reading.lower,
        "upper": None if math.isnan(reading.upper) else reading.upper,
        "threshold": threshold,
        "direction": reading.direction,
        "concerns": sum(map(bool, reading.concern)),
    }


def _mean(values: list[float]) -> float:
    try:
        return math.fsum(values) / len(values)
    except OverflowError:
        # At the edge of numbers shares of the largest value are added up, none of which is above 1.
        largest = max(map(abs, values))
        return largest * (math.fsum(value / largest for value in values) / len(values))


def _no_concern(reading: Reading, present: list[float], facts: dict[str, Any]) -> Result:
    if any(reading.concern):
        return Result(NOT_MET, SIGNALS, facts)
    if not reading.direction:
        return Result(NOT_ENOUGH, NO_DIRECTION, facts)
    if len(present) < FEWEST_FOR_LIMITS:
        return Result(NOT_ENOUGH, TOO_FEW, facts)
    return Result(MET, NO_SIGNAL, facts)


def _assurance(threshold: float, reading: Reading, present: list[float], facts: dict[str, Any]) -> Result:
    if not present:
        return Result(NOT_ENOUGH, TOO_FEW, facts)
    if math.isnan(reading.lower) or math.isnan(reading.upper):
        return Result(NOT_ENOUGH, NO_LIMITS, facts)
    worst, best = (reading.lower, reading.upper) if reading.direction > 0 else (-reading.upper, -reading.lower)
    mark = threshold * reading.direction
    if mark < worst:
        return Result(MET, RELIABLY, facts)
    if mark > best:
        return Result(NOT_MET, NEVER, facts)
    return Result(PARTLY, SOMETIMES, facts)


def _side(rule: str, threshold: float, direction: int, present: list[float], facts: dict[str, Any]) -> Result:
    needed = FEWEST_FOR_A_MEAN if rule == MEAN else 1
    if len(present) < needed:
        return Result(NOT_ENOUGH, TOO_FEW, facts)
    value = facts["mean"] if rule == MEAN else facts["latest"]
    right = direction * (value - threshold) >= 0
    return Result(MET, RIGHT_SIDE, facts) if right else Result(NOT_MET, WRONG_SIDE, facts)
