"""How often a season or a slow drift is seen where there is none (design section 3.3, rows 9 and 10)."""

from __future__ import annotations

import datetime as dt

import numpy as np
from scipy.signal import lfilter
from scipy.stats import t as student

from metrics.simulations.report import Bound, Report, Simulation
from metrics.trends.decomposing import decompose
from metrics.trends.drift import mann_kendall, mann_kendall_whitened
from metrics.trends.season import YEAR, find_season
from metrics.trends.seasonal import seasonal_naive

LEVEL = 0.05
SWING = 3.0
STRONG = 0.64  # the strength from which a decomposition is usually said to show a season
PHIS = (0.0, 0.3, 0.6)


def _noise(repeats: int, n: int, phi: float, rng: np.random.Generator) -> np.ndarray:
    """AR(1) with variance 1 between steps, started in its stationary state."""
    shocks = rng.standard_normal((repeats, n))
    shocks[:, 0] /= np.sqrt(1 - phi * phi)
    return np.asarray(lfilter([1.0], [1.0, -phi], shocks, axis=1))


def _months(n: int) -> np.ndarray:
    return np.array([dt.date(2016 + place // 12, place % 12 + 1, 1).toordinal() for place in range(n)])


def _strength(y: np.ndarray) -> float:
    """The strength of season by STL (Wang, Smith and Hyndman 2006)."""
    parts = decompose(y, 12, cycles=2)
    return parts.strength if parts else 0.0


def seasons(repeats: int, rng: np.random.Generator) -> Report:
    """The share of stable monthly series in which a season is seen, by the F test of two waves and by strength; and of
    those with a season of 3 sigma from its lowest to its highest, by the F test."""
    rows: list[tuple[str | float | int, ...]] = []
    for years, phi in ((2, 0.0), (3, 0.0), (5, 0.0), (2, 0.3), (3, 0.3), (2, 0.6), (3, 0.6), (5, 0.6)):
        days = _months(12 * years)
        noise = _noise(repeats, len(days), phi, rng)
        seen = np.mean([find_season(row, days, YEAR).found for row in noise])
        strong = np.mean([_strength(row) > STRONG for row in noise])
        wave = SWING / 2 * np.cos(2 * np.pi * np.arange(len(days)) / 12)
        # In sigma of the values, which likeness makes larger than that of their steps.
        found = np.mean([find_season(row * np.sqrt(1 - phi * phi) + wave, days, YEAR).found for row in noise])
        rows.append((f"{years} years, phi {phi}", years, phi, float(seen), float(strong), float(found)))
    return Report(("series", "years", "phi", "F test", "strength", "season found"), rows)


def forecasts(repeats: int, rng: np.random.Generator) -> Report:
    """The share of ranges "4 times in 5" that hold the next month, the highest of a season of 3 sigma: by the month of a
    year before, and by the level of all months alone."""
    rows: list[tuple[str | float | int, ...]] = []
    for years in (2, 3, 5):
        for phi in PHIS:
            n = 12 * years
            days = _months(n + 1)
            wave = SWING / 2 * np.cos(2 * np.pi * np.arange(n + 1) / 12)
            values = _noise(repeats, n + 1, phi, rng) * np.sqrt(1 - phi * phi) + wave
            past, coming = values[:, :-1], values[:, -1]
            found = [seasonal_naive(row, days[:-1], int(days[-1]), YEAR) for row in past]
            held = np.mean([one.low <= value <= one.high for one, value in zip(found, coming, strict=True)])
            half = student.ppf(0.9, n - 1) * past.std(axis=1, ddof=1) * np.sqrt(1 + 1 / n)
            level = np.mean(np.abs(coming - past.mean(axis=1)) <= half)
            rows.append((f"{years} years, phi {phi}", years, phi, float(held), float(level)))
    return Report(("series", "years", "phi", "year before", "level alone"), rows)


def drifts(repeats: int, rng: np.random.Generator) -> Report:
    """The share of series without a drift in which one is seen, 52 points: pre-whitened Mann-Kendall and the original."""
    rows: list[tuple[str | float | int, ...]] = []
    for phi in PHIS:
        noise = _noise(repeats, 52, phi, rng)
        ours = np.mean([mann_kendall_whitened(row).p < LEVEL for row in noise])
        original = np.mean([mann_kendall(row).p < LEVEL for row in noise])
        rows.append((f"phi {phi}", phi, float(ours), float(original)))
    return Report(("series", "phi", "pre-whitened", "original"), rows)


SIMULATIONS = (
    Simulation(
        "false-season",
        seasons,
        ci_repeats=300,
        full_repeats=10_000,
        bounds=(
            # At two years without likeness it is so rare that 300 series may have none: what it finds is bounded below.
            Bound("2 years, phi 0.0", "F test", 0.0, 0.03),
            Bound("3 years, phi 0.0", "F test", 0.003, 0.045),
            Bound("5 years, phi 0.0", "F test", 0.006, 0.05),
            Bound("2 years, phi 0.3", "F test", 0.006, 0.07),
            Bound("3 years, phi 0.3", "F test", 0.01, 0.08),
            Bound("2 years, phi 0.6", "F test", 0.03, 0.11),
            Bound("3 years, phi 0.6", "F test", 0.03, 0.11),
            Bound("5 years, phi 0.6", "F test", 0.03, 0.10),
            Bound("2 years, phi 0.0", "season found", 0.48, 1.0),
            Bound("2 years, phi 0.3", "season found", 0.55, 1.0),
            Bound("2 years, phi 0.6", "season found", 0.7, 1.0),
            Bound("3 years, phi 0.0", "season found", 0.94, 1.0),
            Bound("3 years, phi 0.6", "season found", 0.88, 1.0),
            Bound("2 years, phi 0.0", "strength", 0.0, 0.11, textbook=True),
            Bound("3 years, phi 0.0", "strength", 0.0, 0.11, textbook=True),
            Bound("3 years, phi 0.6", "strength", 0.0, 0.11, textbook=True),
        ),
        source="stable data: a season is seen in 1 to 7 series of 100, however alike neighbours are; the usual strength "
        "of a decomposition sees one in nearly every short series",
    ),
    Simulation(
        "seasonal-forecast",
        forecasts,
        ci_repeats=400,
        full_repeats=20_000,
        bounds=(
            *(Bound(f"{years} years, phi {phi}", "year before", 0.72, 0.90) for years in (2, 3, 5) for phi in PHIS),
            Bound("3 years, phi 0.0", "level alone", 0.72, 0.90, textbook=True),
            Bound("5 years, phi 0.6", "level alone", 0.72, 0.90, textbook=True),
        ),
        source="the next month of a series with a season lies where it is said to lie 4 times in 5; by the level of all "
        "months it does not at the season's highest",
    ),
    Simulation(
        "false-drift",
        drifts,
        ci_repeats=350,
        full_repeats=20_000,
        bounds=(
            *(Bound(f"phi {phi}", "pre-whitened", 0.02, 0.09) for phi in PHIS),
            Bound("phi 0.3", "original", 0.02, 0.09, textbook=True),
            Bound("phi 0.6", "original", 0.02, 0.09, textbook=True),
        ),
        source="stable data with like neighbours: a drift is seen in about 1 series in 20; the original test sees far more",
    ),
)
