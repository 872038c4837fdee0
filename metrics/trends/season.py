"""Season: whether a yearly or weekly pattern is there, and the values with it taken out (design section 3.3, row 9).

A pattern of two waves (harmonics) is fitted together with the level of each phase and a slope, after taking
lag-1 autocorrelation out, and tested by the F test. Two or three cycles hardly tell how alike neighbours are, and a test
that trusts one estimate of it sees a season in 10 to 14 % of stable series; so the chance is averaged over all that the
data leave possible, each weighed by its likelihood. Sources: Fisher 1929 (harmonic F test); Prais and Winsten 1954
(autocorrelation); Patterson and Thompson 1971 (the likelihood). Looked for with two whole cycles or more.
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
PHIS = np.arange(19) * 0.05  # the autocorrelations that are thought possible


@dataclass(frozen=True, eq=False)
class Season:
    """cycle: its length in days; cycles: how many the data span; n: values used; phi: the likely lag-1 autocorrelation,
    taken out; f: of the test with it, p: over all that may be (nan where it was not made); found: p below 0.05. effect float64[n_points]: what the
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
    phi, f, p, coefficients = _test(y[present], plain[present], waves[present], _follows(phase[present]))
    if math.isnan(p):
        return nothing
    effect = waves @ coefficients * scale
    turn = _waves(_cycle_days(cycle), cycle) @ coefficients
    return Season(
        cycle, cycles, n, phi, f, p, p < LEVEL, effect,
        float(turn.max() - turn.min()) * scale, int(turn.argmax()), int(turn.argmin()),
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


def _test(y: Floats, plain: Floats, waves: Floats, follows: Bools) -> tuple[float, float, float, Floats]:
    """phi, F and p of the waves beside level and slope, and their coefficients, after y_t - phi * y_(t-1)."""
    whole = np.hstack([plain, waves])
    kept = _independent(whole)
    size, levels, n = int(kept.sum()), int(kept[: plain.shape[1]].sum()), len(y)
    extra, free = size - levels, n - size
    if extra < 1 or free < FREEDOM:
        return math.nan, math.nan, math.nan, np.zeros(waves.shape[1])
    table = np.column_stack([whole[:, kept], y / max(1e-300, float(np.abs(y).max()))])
    # The last column of R holds, from top to bottom, what each term explains of the values, and what is left.
    triangles = np.stack([np.linalg.qr(_whitened(table, follows, phi), mode="r") for phi in PHIS])
    explained = triangles[:, :-1, -1]
    gained = (explained[:, levels:] ** 2).sum(axis=1) / extra
    rest = triangles[:, -1, -1] ** 2
    exact = rest <= 1e-24 * (rest + (explained**2).sum(axis=1))
    with np.errstate(divide="ignore", invalid="ignore"):
        f = np.where(exact, np.where(gained > 1e-20, math.inf, 0.0), gained / (rest / free))
    if exact.any():
        weight = exact / exact.sum()
    else:
        starts = n - int(follows.sum())
        along = np.abs(np.diagonal(triangles, axis1=1, axis2=2)[:, :-1])
        likely = starts / 2 * np.log(1 - PHIS**2) - np.log(along).sum(axis=1) - free / 2 * np.log(rest)
        weight = np.exp(likely - likely.max())
        weight /= weight.sum()
    p = float((weight * np.where(np.isinf(f), 0.0, fdtrc(extra, free, np.where(np.isinf(f), 0.0, f)))).sum())
    phi = float((weight * PHIS).sum())
    at = int(np.abs(PHIS - phi).argmin())
    coefficients = np.zeros(len(kept))
    coefficients[kept] = np.linalg.solve(triangles[at, :-1, :-1], explained[at]) * max(1e-300, float(np.abs(y).max()))
    return phi, float(f[at]), p, coefficients[plain.shape[1] :]


def _independent(table: Floats) -> Bools:
    """Which columns are no combination of those before them."""
    along = np.abs(np.diag(np.linalg.qr(table / np.maximum(1e-300, np.abs(table).max(axis=0)), mode="r")))
    kept = np.zeros(table.shape[1], np.bool_)
    kept[: len(along)] = along > 1e-9 * along.max(initial=0.0)
    return kept


def _whitened(table: Floats, follows: Bools, phi: float) -> Floats:
    """Rows made independent; a value without a neighbour before it keeps its weight (Prais and Winsten 1954)."""
    rest = table.copy()
    use = np.concatenate([[False], follows])
    rest[use] -= phi * table[:-1][follows]
    rest[~use] *= math.sqrt(1 - phi * phi)
    return rest
