"""How large the change was that followed a date, with an interval that may be believed.

``read_effect`` compares the points from the date on with those before it by Prais-Winsten (``prais``). Whatever
else could have made the difference is looked at as well: a drift that was there before (net of it), the bad point at
which people began to act (left out: what is picked for being bad comes back by itself; what stays bad is an earlier
beginning), a comparison series
(difference of differences), a beginning earlier or later than the date, placebo dates (``placebo``), and another pace
of the values since (``pace``), which one difference of levels does not tell.
"""

import math
from collections.abc import Collection
from dataclasses import dataclass, replace
from typing import Final

import numpy as np
from numpy.typing import ArrayLike

from . import placebo, prais
from .arrays import Bools, Floats
from .change import Change, change_of
from .pace import Pace, read_pace
from .placebo import Placebo
from .sides import LEAST_BEFORE, Sides, bad_start, scale_of, sides_of
from .usual import usual_on

SHOWN: Final = "shown"  # the interval leaves no change out
NOT_SHOWN: Final = "not_shown"
NOT_ENOUGH: Final = "not_enough"

TOO_FEW_BEFORE: Final = "too_few_before"
TOO_FEW_AFTER: Final = "too_few_after"
NO_VARIATION: Final = "no_variation"  # nothing varies, so there is no ordinary change to measure against

DRIFT_BEFORE: Final = "drift_before"  # the change is net of a drift that was there before
BAD_START: Final = "bad_start"  # points picked for being bad are left out of the baseline
BEGAN_EARLIER: Final = "began_earlier"
BEGAN_LATER: Final = "began_later"
NOT_LOGARITHMIC: Final = "not_logarithmic"  # asked for per cent, but there are values of 0 or less
COMPARISON_TOO_SHORT: Final = "comparison_too_short"
MOSTLY_ONE_VALUE: Final = "mostly_one_value"  # more than half on either side are the same: no pace is told

LEAST_AFTER, NEEDED = 4, 7
DRIFT_POINTS = 12
DRIFT_CONFIDENCE = 0.99


@dataclass(frozen=True)
class Effect:
    """What followed the date; facts only. nan = not known.

    change: what the reading stands on. plain: with no drift and all points before (None where it is the same).
    net: less what the comparison series did; other: what that series did. level: of the points before, in units;
    sigma: change over the ordinary variation before. missing_before, missing_after: points that are lacking.
    left_out: days of points picked for being bad. onset: first day of the best-fitting beginning, onset_steps: how
    many periods after the date (negative = earlier), 0 where the date fits as well as any. pace: step and slope
    together, net_pace: the same less what the comparison series did; None where the points do not carry it, or most of
    them are one and the same value.
    """

    reading: str
    reasons: tuple[str, ...]
    cautions: tuple[str, ...]
    before: int
    after: int
    missing_before: int
    missing_after: int
    logarithmic: bool
    left_out: tuple[int, ...]
    level: float = math.nan
    sigma: float = math.nan
    change: Change | None = None
    plain: Change | None = None
    net: Change | None = None
    other: Change | None = None
    onset: int | None = None
    onset_steps: int = 0
    placebos: tuple[Placebo, ...] = ()
    as_large: int = 0
    pace: Pace | None = None
    net_pace: Pace | None = None


def read_effect(
    values: ArrayLike,
    days: ArrayLike,
    until_day: int,
    change_day: int,
    period: str,
    direction: int = 0,
    *,
    needed: int = NEEDED,
    logarithmic: bool = False,
    against: tuple[ArrayLike, ArrayLike] | None = None,
    reason_days: Collection[int] = (),
    season: ArrayLike | None = None,
) -> Effect:
    """The change from the points up to until_day to those from change_day on; days are ordinals, in order.

    period: "day", "week" or "month" (how far apart neighbours lie). direction: +1 if more is better, -1 if less; 0
    looks for no bad start. needed: points wanted after the date (at least 4). against: (values, days) of a
    comparison series. reason_days: of points for whose sake the change was made. season: what the season adds to
    each value, taken off first (on the log scale if logarithmic). Raises nothing for sparse or odd values.
    """
    given, season_part = np.asarray(values, np.float64), None if season is None else np.asarray(season, np.float64)
    if season_part is not None:
        given = _without(given, season_part, logarithmic)
    data = sides_of(given, days, until_day, change_day, period, logarithmic)
    said = {
        MOSTLY_ONE_VALUE: _mostly_one(np.asarray(values, np.float64), days, until_day, change_day),
        NOT_LOGARITHMIC: logarithmic and not data.logarithmic and len(data.values) > 0,
    }
    cautions = tuple(code for code, holds in said.items() if holds)
    # Among all points: what is left out as a bad start would take an earlier beginning to the worse with it.
    began = placebo.onset(data.values, data.steps, data.after)
    bad = bad_start(data, direction, reason_days) & ~_reached(data, began)
    kept = data.only(~bad)
    before, after = int((~kept.after).sum()), int(kept.after.sum())
    missing = max(0, LEAST_BEFORE - before), max(0, max(needed, LEAST_AFTER) - after)
    reasons = [TOO_FEW_BEFORE] * (missing[0] > 0) + [TOO_FEW_AFTER] * (missing[1] > 0)
    nothing = Effect(
        reading=NOT_ENOUGH,
        reasons=tuple(reasons),
        cautions=cautions,
        before=before,
        after=after,
        missing_before=missing[0],
        missing_after=missing[1],
        logarithmic=data.logarithmic,
        left_out=tuple(data.days[bad].tolist()),
    )
    if reasons:
        return nothing
    with np.errstate(all="ignore"):
        return _read(nothing, data, kept, began, against)


def _mostly_one(values: Floats, days: ArrayLike, until_day: int, change_day: int) -> bool:
    """Whether one value is the rule before and after; of the values as they are, for a season makes them all differ."""
    on, clean = np.asarray(days, np.int64), np.where(np.isfinite(values), values, np.nan)
    return not math.isnan(usual_on((clean[on <= until_day], clean[on >= change_day])))


def _without(values: Floats, season: Floats, logarithmic: bool) -> Floats:
    """The values net of the season, which is given as a share of e (logarithmic) or in units."""
    return np.asarray(values / np.exp(season) if logarithmic else values - season)


def _reached(data: Sides, began: tuple[int | None, int]) -> Bools:
    """Points between an earlier beginning and the date that lie on the side of the level after it: they belong to that
    level, and no chance made them bad. Those on the other side may still be a bad start."""
    best, shift = began
    reached = np.zeros(len(data.values), np.bool_)
    if best is not None and shift < 0:
        before, since = (float(np.median(data.values[side])) for side in (~data.after, data.after))
        reached[best:] = (data.values[best:] - before) * (since - before) > 0
    return reached & ~data.after


def _read(
    nothing: Effect,
    data: Sides,
    kept: Sides,
    began: tuple[int | None, int],
    against: tuple[ArrayLike, ArrayLike] | None,
) -> Effect:
    everything = _step(data, drift=False)
    # Leaving points out tears neighbours apart and hides how alike they are: that is learnt from all of them.
    alike = everything.rho if everything and nothing.left_out else None
    simple = _step(kept, drift=False, rho=alike)
    if simple is None:
        return replace(nothing, reasons=(NO_VARIATION,))
    trended = _step(kept, drift=True, rho=alike) if _drifts(kept) else None
    chosen = trended or simple
    level = kept.level(simple.coefficients[0])
    change = change_of(chosen, kept, level)
    best, shift = began
    net, other, net_pace = _against(kept, against) if against else (None, None, None)
    tried = placebo.dates(kept.values, kept.steps, kept.days, kept.after)
    raw = float(chosen.coefficients[1])
    paced = MOSTLY_ONE_VALUE not in nothing.cautions
    said = {
        DRIFT_BEFORE: trended is not None,
        BAD_START: bool(nothing.left_out),
        BEGAN_EARLIER: shift < 0,
        BEGAN_LATER: shift > 0,
        COMPARISON_TOO_SHORT: against is not None and net is None,
    }
    return replace(
        nothing,
        reading=SHOWN if (net or change).shown else NOT_SHOWN,
        cautions=(*nothing.cautions, *(code for code, holds in said.items() if holds)),
        level=level,
        sigma=raw / kept.spread if kept.spread > 0 else math.nan,
        change=change,
        plain=change_of(everything, data, level) if everything and (trended or nothing.left_out) else None,
        net=net,
        other=other,
        onset=int(data.days[best]) if best is not None else None,
        onset_steps=shift,
        placebos=tuple(_in_units(one, kept, level) for one in tried),
        as_large=sum(1 for one in tried if abs(one.difference) >= abs(raw)),
        pace=read_pace(data, kept, level) if paced else None,
        net_pace=net_pace if paced else None,
    )


def _step(data: Sides, drift: bool, rho: float | None = None) -> prais.Fit | None:
    """Level before, step at the change and, if asked, one slope through both."""
    columns = [np.ones(len(data.values)), data.after.astype(np.float64)]
    if drift:
        columns.append(_run(data))
    return prais.fit(data.values, data.steps, np.column_stack(columns), rho)


def _run(data: Sides) -> Floats:
    """Time from 0 to 1."""
    return np.asarray((data.steps - data.steps[0]) / max(1, int(data.steps[-1] - data.steps[0])))


def _drifts(data: Sides) -> bool:
    """Whether the points before the change lean up or down by themselves."""
    early = data.only(~data.after)
    if len(early.values) < DRIFT_POINTS:
        return False
    run = _run(early)
    fitted = prais.fit(early.values, early.steps, np.column_stack([np.ones(len(run)), run]))
    if fitted is None:
        return False
    _, low, high, _ = fitted.interval(np.array([0.0, 1.0]), DRIFT_CONFIDENCE)
    return low > 0 or high < 0


def _in_units(one: Placebo, data: Sides, level: float) -> Placebo:
    ends = (one.difference, one.low, one.high)
    if data.logarithmic:
        return Placebo(one.day, *(level * math.expm1(min(end, 700.0)) for end in ends))
    return Placebo(one.day, *(end * data.scale for end in ends))


def _against(data: Sides, against: tuple[ArrayLike, ArrayLike]) -> tuple[Change | None, Change | None, Pace | None]:
    """(net of what the comparison series did, what it did, step and slope net of it); None where too few days are
    shared or nothing varies."""
    theirs, days = np.asarray(against[0], np.float64), np.asarray(against[1], np.int64)
    usable = np.isfinite(theirs) & ((theirs > 0) | (not data.logarithmic))
    known = dict(zip(days[usable].tolist(), theirs[usable].tolist(), strict=True))
    shared = data.only(np.array([day in known for day in data.days.tolist()], np.bool_))
    late = int(shared.after.sum())
    if late < LEAST_AFTER or len(shared.values) - late < LEAST_BEFORE:
        return None, None, None
    other = np.array([known[day] for day in shared.days.tolist()])
    scale = 1.0 if data.logarithmic else max(data.scale, scale_of(other))
    other = np.log(other) if data.logarithmic else other / scale
    theirs_alone = replace(shared, values=other, scale=scale)
    apart = replace(shared, values=shared.values * (data.scale / scale) - other, scale=scale)
    moved, net = _step(theirs_alone, drift=False), _step(apart, drift=False)
    if moved is None or net is None:
        return None, None, None
    ours = _step(shared, drift=False)
    level = shared.level(ours.coefficients[0]) if ours else math.nan
    return (
        change_of(net, apart, level),
        change_of(moved, theirs_alone, theirs_alone.level(moved.coefficients[0])),
        read_pace(apart, apart, level),
    )
