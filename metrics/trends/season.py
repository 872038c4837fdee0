"""Season: whether a yearly or weekly pattern is there, and the values with it taken out (design section 3.3, row 9).

A pattern of two waves (harmonics) is fitted together with the level of each phase and a slope, after taking
lag-1 autocorrelation out, and tested by the F test. Sources: Fisher 1929 (harmonic F test); Cochrane and Orcutt
1949 (autocorrelation); Kendall 1954 (bias of the autocorrelation). Looked for with two whole cycles or more.
"""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike
from scipy.special import fdtrc

from .arrays import Bools, Floats, Ints
from .sides import scale_of

YEAR, WEEK = 365.25, 7.0
WAVES = 2
CYCLES = 2
FREEDOM = 10  # values beyond the parameters, below which no pattern can be told from chance
LEVEL = 0.05
AUTOCORRELATION_MOST = 0.9


@dataclass(frozen=True, eq=False)
class Season:
    """cycle: its length in days; cycles: how many the data span; n: values used; phi: lag-1 autocorrelation taken
    out; f and p: of the test (nan where it was not made); found: p below 0.05. effect float64[n_points]: what the
    season adds on each day, in the units of the values, adding up to 0 over a cycle; swing: from its lowest to its
    highest; high, low: day of the cycle (0 = 1 January, or Monday) on which it is highest and lowest."""

    cycle: float
    cycles: float
    n: int
    phi: float
    f: float
    p: float
    found: bool
    effect: Floats
    swing: float
    high: int
    low: int

    @property
    def enough(self) -> bool:
        return not math.isnan(self.p)


def find_season(values: ArrayLike, days: ArrayLike, cycle: float, phases: ArrayLike | None = None) -> Season:
    """The season of one series in order of day (days: proleptic ordinals; nan = missing; phases: a number for each
    point, equal within a phase, whose levels may differ). Never raises for what the values are."""
    y, day = np.array(values, np.float64), np.asarray(days, np.int64)
    y[~np.isfinite(y)] = np.nan
    # Values of any size can be squared after this, and keep their digits.
    scale = scale_of(y[~np.isnan(y)])
    y /= scale
    phase = np.zeros(len(y), np.int64) if phases is None else np.asarray(phases, np.int64)
    present = ~np.isnan(y)
    n = int(present.sum())
    span = float(day[present][-1] - day[present][0]) if n else 0.0
    # The first and the last period reach beyond their first days by one step.
    cycles = (span + _step(day[present])) / cycle if n > 1 else 0.0
    waves = _waves(day, cycle)
    plain = _plain(day, phase, present)
    nothing = Season(cycle, cycles, n, math.nan, math.nan, math.nan, False, np.zeros(len(y)), 0.0, 0, 0)
    if cycles < CYCLES - 0.02 or n - plain.shape[1] - waves.shape[1] < FREEDOM or _level(y[present]):
        return nothing
    phi = _phi(y[present], np.hstack([plain, waves])[present])
    f, p, coefficients = _test(y[present], plain[present], waves[present], _follows(phase[present]), phi)
    if math.isnan(p):
        return nothing
    effect = waves @ coefficients * scale
    turn = _waves(_cycle_days(cycle), cycle) @ coefficients * scale
    return Season(
        cycle, cycles, n, phi, f, p, p < LEVEL, effect,
        float(turn.max() - turn.min()), int(turn.argmax()), int(turn.argmin()),
    )  # fmt: skip


def _step(days: Ints) -> float:
    return float(np.median(np.diff(days))) if len(days) > 1 else 0.0


def _cycle_days(cycle: float) -> Ints:
    """One cycle, day by day, from 1 January of a year or from a Monday (ordinal 1 is Monday, 1 January of year 1)."""
    return np.arange(1, 1 + round(cycle))


def _waves(day: Ints, cycle: float) -> Floats:
    """float64[n, 2 * WAVES]: sine and cosine of each wave, on the place of each day in its cycle."""
    angle = 2 * np.pi * _place(day, cycle) / cycle
    return np.column_stack([turn(wave * angle) for wave in range(1, WAVES + 1) for turn in (np.sin, np.cos)])


def _place(day: Ints, cycle: float) -> Floats:
    """Days since 1 January (so that the place of a date does not wander with leap years), or since Monday."""
    if cycle == WEEK:
        return ((day - 1) % 7).astype(np.float64)
    dates = (day - 719_163).astype("datetime64[D]")  # ordinal of 1970-01-01
    return (dates - dates.astype("datetime64[Y]").astype("datetime64[D]")).astype(np.float64)


def _plain(day: Ints, phase: Ints, present: Bools) -> Floats:
    """Level of each phase that has values, and one slope."""
    numbers = np.unique(phase[present])
    levels = (phase[:, None] == numbers[None, :]).astype(np.float64)
    time = (day - day.mean()) / max(1.0, float(np.ptp(day))) if len(day) else day.astype(np.float64)
    return np.column_stack([levels, time])


def _level(y: Floats) -> bool:
    return bool(np.ptp(y) <= 1e-12 * max(1e-300, float(np.abs(y).max())))


def _follows(phase: Ints) -> Bools:
    """Whether each value but the first follows one of its own phase."""
    return np.diff(phase) == 0


def _phi(y: Floats, design: Floats) -> float:
    """Lag-1 autocorrelation of what the whole model leaves, less its bias of about (1 + 4r) / n for so many
    parameters, floored at 0."""
    left = y - design @ np.linalg.lstsq(design, y, rcond=None)[0]
    square = float(left @ left)
    if square <= 0:
        return 0.0
    r = float(left[1:] @ left[:-1]) / square
    n, k = len(y), design.shape[1]
    corrected = (r + k / n) / (1 - min(0.5, (k + 1) / n))
    return min(max(corrected, 0.0), AUTOCORRELATION_MOST)


def _test(y: Floats, plain: Floats, waves: Floats, follows: Bools, phi: float) -> tuple[float, float, Floats]:
    """F and p of the waves beside level and slope, and their coefficients, after y_t - phi * y_(t-1)."""

    def whiten(table: Floats) -> Floats:
        rest = table.copy()
        use = np.concatenate([[False], follows])
        rest[use] -= phi * table[:-1][follows]
        # Weight of a value without a neighbour before it (Prais and Winsten 1954).
        rest[~use] *= math.sqrt(1 - phi * phi)
        return rest

    y, plain, whole = whiten(y), whiten(plain), whiten(np.hstack([plain, waves]))
    scale = max(1e-300, float(np.abs(y).max()))
    without = _left(y / scale, plain)
    coefficients = np.linalg.lstsq(whole, y / scale, rcond=None)[0]
    rest = float(((y / scale - whole @ coefficients) ** 2).sum())
    rank = int(np.linalg.matrix_rank(whole))
    extra = rank - int(np.linalg.matrix_rank(plain))
    free = len(y) - rank
    if extra < 1 or free < FREEDOM:
        return math.nan, math.nan, np.zeros(waves.shape[1])
    gained = max(0.0, without - rest) / extra
    f = gained / (rest / free) if rest > 0 else math.inf if gained > 0 else 0.0
    p = float(fdtrc(extra, free, f)) if math.isfinite(f) else 0.0
    of_waves = np.asarray(coefficients[plain.shape[1] :] * scale, np.float64)
    return f, p, of_waves


def _left(y: Floats, design: Floats) -> float:
    return float(((y - design @ np.linalg.lstsq(design, y, rcond=None)[0]) ** 2).sum())
