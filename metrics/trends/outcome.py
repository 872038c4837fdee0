"""Before and after a change on one chart: the limits of the points before, and the points after."""

import math
from dataclasses import dataclass
from typing import Final, Literal

import numpy as np
from numpy.typing import ArrayLike

from . import codes
from .analysis import DEFAULT, analyse
from .arrays import Bools, Bytes, Floats, Ints
from .batch import Batch, BatchError
from .limits import Limits, take_block
from .result import Result
from .rules import find_marks
from .settings import Settings
from .usual import usual_on

Reading = Literal["effective", "not_effective", "too_early"]

EFFECTIVE: Final = "effective"
NOT_EFFECTIVE: Final = "not_effective"
TOO_EARLY: Final = "too_early"

# Why a reading is not `effective`, and what weakens any reading.
TOO_FEW_AFTER: Final = "too_few_after"
NO_BASELINE: Final = "no_baseline"  # no limits before the change: nothing to compare with
NO_DIRECTION: Final = "no_direction"  # neither higher nor lower is better
NO_SPECIAL_CAUSE: Final = "no_special_cause"
CONTRADICTED: Final = "contradicted"  # a later special cause points the wrong way
TARGET_MISSED: Final = "target_missed"
TRIAL_BASELINE: Final = "trial_baseline"  # fewer points before than Settings.min_points


@dataclass(frozen=True, eq=False)
class Outcome:
    """What the chart says about a change; facts only, in the units of the values unless named otherwise.

    mean, amr, lpl, upl: the baseline (nan = none), its limits cut where the scale of the values ends. before,
    after: values used on each side. difference: mean_after - mean, sigma: the same over a third of the distance
    from mean to limit, as it was before it was cut. The arrays have one entry per point after the change, in order
    of day: after_days, after_values (nan = missing), outside (+1 above, -1 below, 0 inside), shifted (+1, -1: in a
    run on that side of the baseline mean, 0 not). improving, worsening: whether a special cause (a shift or a point
    outside) in that direction is among them. target_met: None without a target or points.
    """

    reading: Reading
    reasons: tuple[str, ...]
    missing_points: int
    mean: float
    amr: float
    lpl: float
    upl: float
    before: int
    after: int
    mean_after: float
    difference: float
    sigma: float
    after_days: Ints
    after_values: Floats
    outside: Ints
    shifted: Ints
    improving: bool
    worsening: bool
    target_met: bool | None


def read_outcome(
    values: ArrayLike,
    days: ArrayLike,
    baseline_until_day: int,
    change_day: int,
    direction: int,
    target: float | None = None,
    needed: int = 7,
    settings: Settings = DEFAULT,
    scale: tuple[float, float] = (-math.inf, math.inf),
) -> Outcome:
    """Judge the points from change_day on by the limits of those up to baseline_until_day.

    Points between the two days belong to neither side. Runs are counted among the points after the change
    alone, so that what began before it is not credited to it. `effective` needs `needed` values after, a
    special cause in the improving direction that no later one contradicts, and, with a target, a mean after
    on its right side (on the target is met). scale: the ends of what a value can be. Raises DuplicateDate, and BatchError for days in the wrong
    order or a direction that is not -1, 0 or +1.
    """
    if direction not in (-1, 0, 1):
        raise BatchError("direction must be -1, 0 or +1")
    if baseline_until_day >= change_day:
        raise BatchError("the baseline must end before the day of the change")
    batch = Batch.build(values, [0, np.size(np.asarray(values))], days)
    before = batch.days <= baseline_until_day
    base = analyse(_part(batch, before), settings)
    after = _part(batch, batch.days >= change_day)
    later = np.where(np.isfinite(after.values), after.values, np.nan)
    marks = _marks_after(base, later, settings)
    return _read(base, after.days, later, marks, direction, target, needed, scale)


def _part(batch: Batch, chosen: Bools) -> Batch:
    return Batch.build(batch.values[chosen], [0, int(chosen.sum())], batch.days[chosen])


def _marks_after(base: Result, values: Floats, settings: Settings) -> Bytes:
    if not len(values) or not len(base.phase_mean):
        return np.zeros(len(values), np.uint8)
    limits = Limits(
        base.phase_mean, base.phase_amr, base.phase_lpl, base.phase_upl,
        base.phase_nlpl, base.phase_nupl, base.phase_notes,
    )  # fmt: skip
    block = take_block(values, np.array([0, len(values)]), np.zeros(1, np.int64), np.ones(1, np.bool_))
    # What was the rule before and is the rule after did not change, wherever the mean lies.
    usual = usual_on((base.values, values))
    sideless = None if math.isnan(usual) or not settings.product else values == usual
    return find_marks(block, limits, np.array([len(values) - 1]), settings, sideless=sideless)


def _read(
    base: Result,
    days: Ints,
    values: Floats,
    marks: Bytes,
    direction: int,
    target: float | None,
    needed: int,
    scale: tuple[float, float],
) -> Outcome:
    mean, amr, lpl, upl = (
        float(line[0]) if len(line) else math.nan
        for line in (base.phase_mean, base.phase_amr, base.phase_lpl, base.phase_upl)
    )
    outside = _signs(marks, codes.OUTSIDE)
    shifted = _signs(marks, codes.SHIFT)
    present = values[~np.isnan(values)]
    mean_after = float(present.mean()) if len(present) else math.nan
    difference = mean_after - mean
    unit = (upl - mean) / 3
    better = _last(outside, shifted, direction)
    worse = _last(outside, shifted, -direction)
    met = _target_met(mean_after, target, direction)
    reasons = _reasons(base, len(present), needed, direction, better, worse, met)
    missing = max(0, needed - len(present))
    reading: Reading = TOO_EARLY if missing else NOT_EFFECTIVE if reasons else EFFECTIVE
    trial = bool(len(base.phase_notes) and base.phase_notes[0] & codes.TRIAL_LIMITS)
    return Outcome(
        reading=reading,
        reasons=(*reasons, TRIAL_BASELINE) if trial else tuple(reasons),
        missing_points=missing,
        mean=mean,
        amr=amr,
        lpl=float(np.clip(lpl, *scale)),
        upl=float(np.clip(upl, *scale)),
        before=int(base.n[0]),
        after=len(present),
        mean_after=mean_after,
        difference=difference,
        sigma=difference / unit if unit > 0 else math.nan,
        after_days=days,
        after_values=values,
        outside=outside,
        shifted=shifted,
        improving=better >= 0,
        worsening=worse >= 0,
        target_met=met,
    )


def _signs(marks: Bytes, rule: int) -> Ints:
    high, low = codes.BITS[rule]
    return (marks & high > 0).astype(np.int64) - (marks & low > 0)


def _last(outside: Ints, shifted: Ints, direction: int) -> int:
    """Index of the last point with a special cause in this direction, -1 without one."""
    found = np.flatnonzero((outside == direction) | (shifted == direction))
    return int(found[-1]) if direction and len(found) else -1


def _target_met(mean_after: float, target: float | None, direction: int) -> bool | None:
    if target is None or math.isnan(target) or math.isnan(mean_after) or direction == 0:
        return None
    return direction * (mean_after - target) >= 0


def _reasons(
    base: Result, after: int, needed: int, direction: int, better: int, worse: int, met: bool | None
) -> list[str]:
    reasons = []
    if after < needed:
        reasons.append(TOO_FEW_AFTER)
    if not len(base.phase_upl) or math.isnan(base.phase_upl[0]):
        reasons.append(NO_BASELINE)
    elif direction == 0:
        reasons.append(NO_DIRECTION)
    elif better < 0:
        reasons.append(NO_SPECIAL_CAUSE)
    elif worse > better:
        reasons.append(CONTRADICTED)
    if met is False:
        reasons.append(TARGET_MISSED)
    return reasons
