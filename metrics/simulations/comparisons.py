"""How often equal units are set apart, and unrelated metrics are said to move together (design of trends, 3.3: 11, 12)."""

from __future__ import annotations

import math

import numpy as np

from metrics.simulations.report import Bound, Report, Simulation
from metrics.trends import correlating, differences, funnels

Rows = list[tuple[str | float | int, ...]]
UNITS = 12


def run_funnels(repeats: int, rng: np.random.Generator) -> Report:
    """Units that differ by chance alone: the share that lies outside the 99.8 % limits."""
    sizes = rng.integers(8, 40, (repeats, UNITS))
    hits = rng.binomial(sizes, 0.95)
    contacts = rng.integers(300, 3_000, (repeats, UNITS))
    events = rng.poisson(contacts * 0.004)

    def outside(found: list[funnels.Funnel]) -> float:
        return float(np.mean([np.abs(one.outside) for one in found]))

    pairs = list(zip(hits, sizes, strict=True))
    rare = list(zip(events, contacts, strict=True))
    rows: Rows = [
        ("shares, exact", outside([funnels.funnel_shares(h, n, adjust=False, exact=True) for h, n in pairs])),
        ("shares, arcsine", outside([funnels.funnel_shares(h, n, adjust=False) for h, n in pairs])),
        ("rates, exact Poisson", outside([funnels.funnel_rates(h, n, adjust=False, exact=True) for h, n in rare])),
        ("rates, interval of the expected", outside([funnels.funnel_rates(h, n, adjust=False) for h, n in rare])),
        ("rates, ratio of counts", outside([funnels.counts_compared(h, n, adjust=False) for h, n in rare])),
    ]
    return Report(("limits", "outside"), rows)


def run_groups(repeats: int, rng: np.random.Generator) -> Report:
    """Equal units: the share of comparisons in which any pair is told apart, and the share of pairs."""
    sizes = rng.integers(60, 300, (repeats, UNITS))
    hits = rng.binomial(sizes, 0.85)
    rows: Rows = []
    for name, sigmas in (("all pairs at once", differences.critical(UNITS)), ("pair by pair", differences.critical(2))):
        found = []
        for count, size in zip(hits, sizes, strict=True):
            found.append(differences.told_apart(count / size, *differences.share_limits(count, size, sigmas)))
        wrong = np.array([np.abs(one.apart).sum() / 2 for one in found])
        pairs = UNITS * (UNITS - 1) / 2
        rows.append((name, float((wrong > 0).mean()), float(wrong.mean() / pairs)))
    # A ranking puts every pair in an order.
    rows.append(("ranking", 1.0, 1.0))
    return Report(("method", "any pair", "pairs"), rows)


def _series(kind: str, size: int, rng: np.random.Generator) -> np.ndarray:
    noise = rng.standard_normal(size)
    if kind == "random walk":
        return np.asarray(noise.cumsum())
    if kind == "alike":
        for place in range(1, size):
            noise[place] += 0.5 * noise[place - 1]
    return noise + (0.08 * np.arange(size) * rng.choice((-1, 1)) if kind == "trend" else 0.0)


def run_correlations(repeats: int, rng: np.random.Generator) -> Report:
    """Two series that have nothing to do with one another: the share said to move together."""
    size = 52
    rows: Rows = []
    for kind in ("noise", "alike", "trend", "random walk"):
        ours = raw = 0
        for _repeat in range(repeats):
            found = correlating.together(_series(kind, size, rng), _series(kind, size, rng), draws=200)
            ours += found.lag >= 0
            raw += abs(found.raw) > 1.959964 / math.sqrt(size)
        rows.append((kind, ours / repeats, raw / repeats))
    return Report(("series", "ours", "plain correlation"), rows)


SIMULATIONS = (
    Simulation(
        "funnels",
        run_funnels,
        ci_repeats=400,
        full_repeats=20_000,
        bounds=(
            Bound("shares, exact", "outside", 0.0, 0.0025),
            Bound("rates, exact Poisson", "outside", 0.0, 0.003),
            Bound("rates, interval of the expected", "outside", 0.0, 0.003, textbook=True),
            Bound("rates, ratio of counts", "outside", 0.0, 0.05, textbook=True),
        ),
        source="units that differ by chance alone lie outside the 99.8 % limits in about 0.2 %",
    ),
    Simulation(
        "groups",
        run_groups,
        ci_repeats=400,
        full_repeats=20_000,
        bounds=(
            Bound("all pairs at once", "any pair", 0.0, 0.075),
            Bound("pair by pair", "any pair", 0.0, 0.075, textbook=True),
        ),
        source="among equal teams any line between two of them is drawn in at most 5 % of comparisons",
    ),
    Simulation(
        "correlations",
        run_correlations,
        ci_repeats=60,
        full_repeats=2_000,
        bounds=(
            Bound("noise", "ours", 0.0, 0.11),
            Bound("trend", "ours", 0.0, 0.11),
            Bound("trend", "plain correlation", 0.0, 0.11, textbook=True),
            Bound("random walk", "ours", 0.0, 0.15),
            Bound("random walk", "plain correlation", 0.0, 0.15, textbook=True),
        ),
        source="independent series are said to move together in about 5 %, whatever trends they have",
    ),
)
