"""What the next period may bring at today's level, and the chance that it meets the target (section 3.3, row 5).

From the phase in force: mean m and standard deviation s of its n values give, for one more value of the same kind, the
predictive t distribution m + s * sqrt(1 + 1/n) * t(n - 1). Times are taken on the log scale. Source: Geisser 1993
(predictive distributions); Brown, Cai and DasGupta 2001 (the Jeffreys interval of the hits).
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike
from scipy.special import stdtr, stdtrit

from . import codes
from .arrays import Bools, Floats, Ints
from .blocks import blocks
from .intervals import jeffreys
from .result import Result

LEAST = 8  # values of the phase in force, below which nothing is said
NEAR = 1e-12  # of the larger of value and target: what rounding may take from a value that lies on it


@dataclass(frozen=True, eq=False)
class Phase:
    """The phase in force of every series. begins, ends int64[s]: its points are begins:ends; n int64[s]: values in it;
    mean, sd float64[s] (nan = too few) on the scale of ``logged`` bool[s]; spread = sd * sqrt(1 + 1/n); mostly bool[s]:
    most of them are one and the same value, so that no bell curve tells of the next."""

    begins: Ints
    ends: Ints
    n: Ints
    mean: Floats
    sd: Floats
    logged: Bools
    mostly: Bools

    @property
    def spread(self) -> Floats:
        return self.sd * np.sqrt(1 + 1 / np.maximum(self.n, 1))

    @property
    def told(self) -> Bools:
        """Where there are values enough, and they differ."""
        return (self.n >= LEAST) & (self.sd > 0) & ~self.mostly

    def scaled(self, values: Floats) -> Floats:
        """Values of each series (float64[s] or float64[s, k]) on its scale."""
        logged = self.logged if values.ndim == 1 else self.logged[:, None]
        with np.errstate(all="ignore"):
            return np.where(logged, np.log(np.maximum(values, 0)), values)

    def unscaled(self, values: Floats) -> Floats:
        logged = self.logged if values.ndim == 1 else self.logged[:, None]
        with np.errstate(all="ignore"):
            found = np.where(logged, np.exp(values), values)
        return np.where(np.isfinite(found), found, np.nan)


def phase_in_force(result: Result, times: ArrayLike) -> Phase:
    """The latest phase of every series; times bool[s]: lengths of time, taken on the log scale if all are above 0."""
    last = result.first_phase[1:] - 1
    drawn = last >= result.first_phase[:-1]
    begins = np.where(drawn, result.phase_starts[np.maximum(last, 0)], result.starts[1:])
    size = len(begins)
    n, logged = np.zeros(size, np.int64), np.zeros(size, np.bool_)
    mean, sd = np.full(size, np.nan), np.full(size, np.nan)
    timed = np.asarray(times, np.bool_)
    for first, end in blocks(result.starts):
        own, at = slice(first, end), result.starts[first]
        values, starts = result.values[at : result.starts[end]], result.starts[first : end + 1] - at
        n[own], mean[own], sd[own], logged[own] = _moments(values, starts, begins[own] - at, timed[own])
    mostly = np.zeros(size, np.bool_)
    mostly[drawn] = ~np.isnan(result.usual[last[drawn]])
    return Phase(begins, result.starts[1:], n, mean, sd, logged, mostly)


def _moments(values: Floats, starts: Ints, begins: Ints, times: Bools) -> tuple[Ints, Floats, Floats, Bools]:
    """n, mean, standard deviation and whether they are those of the logarithms, of the values of each series from
    ``begins`` on."""
    owner = np.repeat(np.arange(len(begins)), np.diff(starts))
    inside = np.isfinite(values)
    if not np.array_equal(begins, starts[:-1]):
        inside &= np.arange(len(owner)) >= begins[owner]
    who, y = owner[inside], values[inside]
    size = len(begins)
    n = np.bincount(who, minlength=size)
    # The values of a series lie together: repeating its number for each of them is quicker than looking it up.
    positive = np.bincount(who[~(y > 0)], minlength=size) == 0
    logged = times & positive & (n > 0)
    with np.errstate(all="ignore"):
        of_times = np.flatnonzero(np.repeat(logged, n))
        y[of_times] = np.log(y[of_times])
        # Two passes, as for the limits: a sum of many equal values must not make a spread.
        first = np.bincount(who, y, size) / n
        mean = first + np.bincount(who, y - np.repeat(first, n), size) / n
        away = y - np.repeat(mean, n)
        some = np.flatnonzero(n > 0)
        first_of = (np.cumsum(n) - n)[some]
        _level(away, y, mean, n, some, first_of)
        # In units of the furthest, so that huge and tiny differences can be squared.
        furthest = np.zeros(size)
        if len(some):
            furthest[some] = np.maximum.reduceat(np.abs(away), first_of)
        unit = np.where(furthest > 0, furthest, 1.0)
        sd = unit * np.sqrt(np.bincount(who, (away / np.repeat(unit, n)) ** 2, size) / (n - 1))
    few = n < 2
    return n, np.where(few, np.nan, mean), np.where(few, np.nan, sd), logged


def _level(away: Floats, y: Floats, mean: Floats, n: Ints, some: Ints, first_of: Ints) -> None:
    """Sets to 0 what rounding alone keeps from the mean. Few values are ever so near: they are sought by the largest of
    their series first."""
    if not len(some):
        return
    largest = np.zeros(len(mean))
    largest[some] = np.maximum.reduceat(np.abs(y), first_of)
    near = np.flatnonzero(~(np.abs(away) > np.repeat(2 * NEAR * largest, n)))
    of = np.searchsorted(np.cumsum(n), near, side="right")
    far = NEAR * np.maximum(np.abs(y[near]), np.abs(mean[of]))
    away[near[np.abs(away[near]) <= far]] = 0


def chance_of(phase: Phase, target: ArrayLike, direction: ArrayLike) -> Floats:
    """float64[s]: the chance that the next value lies on the target or on its better side; nan where there is no
    target, no better side, too few values, no variation or one value that is the rule."""
    way = np.asarray(direction, np.float64)
    with np.errstate(all="ignore"):
        away = way * (phase.mean - phase.scaled(np.asarray(target, np.float64)))
        found = stdtr(np.maximum(phase.n - 1, 1), away / phase.spread)
    return np.where(phase.told & (way != 0), found, np.nan)


def reached_with(phase: Phase, chances: Sequence[float], direction: ArrayLike) -> Floats:
    """float64[s, k]: the value that the next one reaches or betters with each chance, in the units of the values; nan
    as in ``chance_of``."""
    way = np.asarray(direction, np.float64)[:, None]
    with np.errstate(all="ignore"):
        steps = _steps(phase, 1 - np.asarray(chances))
        found = phase.unscaled(phase.mean[:, None] + way * phase.spread[:, None] * steps)
    return np.where(phase.told[:, None] & (way != 0), found, np.nan)


def next_values(phase: Phase, confidence: float = 0.95) -> tuple[Floats, Floats]:
    """The interval in which the next value lies with this chance; nan as in ``chance_of``."""
    with np.errstate(all="ignore"):
        step = _steps(phase, np.array([0.5 + confidence / 2]))[:, 0] * phase.spread
        low, high = phase.unscaled(phase.mean - step), phase.unscaled(phase.mean + step)
    return np.where(phase.told, low, np.nan), np.where(phase.told, high, np.nan)


def _steps(phase: Phase, chances: Floats) -> Floats:
    """float64[s, k]: Student's t below which the next value lies with each chance, in its spread. Many series have the
    same number of values, and each of these takes long."""
    freedom, place = np.unique(np.maximum(phase.n - 1, 1), return_inverse=True)
    return np.asarray(stdtrit(freedom[:, None], chances[None, :])[place], np.float64)


@dataclass(frozen=True, eq=False)
class Hits:
    """Of the ``of`` values for which a target was in force at the time, ``hits`` met it; low and high: the Jeffreys
    interval of the share (nan without any)."""

    hits: Ints
    of: Ints
    low: Floats
    high: Floats


def hits_of(values: Floats, targets: Floats, starts: Ints, direction: ArrayLike) -> Hits:
    """targets float64[n]: the one in force for each point then, nan without one."""
    side = np.asarray(direction, np.float64)
    hits, of = np.zeros(len(side), np.int64), np.zeros(len(side), np.int64)
    for first, end in blocks(starts):
        span, own = slice(starts[first], starts[end]), starts[first : end + 1] - starts[first]
        y, goal, way = values[span], targets[span], np.repeat(side[first:end], np.diff(own))
        judged = np.isfinite(y) & np.isfinite(goal) & (way != 0)
        met = judged & met_by(y, goal, way)
        of[first:end], hits[first:end] = (np.diff(np.append(0, np.cumsum(one))[own]) for one in (judged, met))
    # Many series have the same two numbers, and the interval of each pair takes long.
    pairs, place = np.unique(hits * (of.max(initial=0) + 1) + of, return_inverse=True)
    low, high = jeffreys(pairs // (of.max(initial=0) + 1), pairs % (of.max(initial=0) + 1))
    return Hits(hits, of, low[place], high[place])


def met_by(values: Floats, targets: Floats, way: Floats) -> Bools:
    """On the target is met, rounding forgiven."""
    with np.errstate(invalid="ignore", over="ignore"):  # a difference beyond all numbers has its sign still
        room = NEAR * np.maximum(np.abs(values), np.abs(targets))
        return np.asarray(way * (values - targets) >= -room)


def moving(result: Result) -> Bools:
    """bool[s]: the latest value belongs to a run, so that the level of the phase no longer holds."""
    seen = result.latest >= 0
    rules = result.rules[np.maximum(result.latest, 0)] if len(result.values) else np.zeros(len(seen), np.uint8)
    return seen & ((rules & (codes.SHIFT | codes.TREND)) > 0)
