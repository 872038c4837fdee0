"""How often Confirmed is wrong, over many series of which some have moved (design section 3.2)."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np

from metrics.simulations.report import Bound, Report, Simulation
from metrics.trends import Batch, Settings, analyse, codes, fleet, nulls
from metrics.trends.arrays import Bools, Floats
from metrics.trends.chance import LENGTHS, PHIS
from metrics.trends.scales import COUNT, LOG, PLAIN, WAIT, scanned
from metrics.trends.scan import scan

SERIES, POINTS, MOVED = 1000, 52, 8
# What is true: its name, the share of series that moved, by how many sigma, the autocorrelation.
TRUTHS = (
    ("nothing changed", 0.0, 0.0, 0.0),
    ("5 % moved 2 sigma", 0.05, 2.0, 0.0),
    ("10 % moved 1.5 sigma", 0.10, 1.5, 0.0),
    ("phi .3, nothing changed", 0.0, 0.0, 0.3),
    ("phi .3, 5 % moved 2 sigma", 0.05, 2.0, 0.3),
)


def icons_of(values: Floats, n: int) -> Bools:
    """Which of these series of n values show an icon at their latest value."""
    count = len(values) // n
    starts, days = np.arange(0, count * n + 1, n), np.tile(np.arange(n), count)
    result = analyse(Batch.build(values, starts, days, direction=np.ones(count, np.int8)), Settings())
    return ~np.isin(result.variation, (codes.COMMON_CAUSE, codes.NO_ICON))


def confirmed_of(values: Floats, n: int, shared: bool = True) -> Bools:
    """Which of these series of n values, all of one metric, are Confirmed; without the fleet's phi: as if it were 0."""
    count = len(values) // n
    found = scan(values, np.arange(0, count * n + 1, n))
    group = np.zeros(count, np.int64)
    phi = np.full(count, fleet.shared_phi(group, found.own_phi, found.rest_phi)[0] if shared else 0.0)
    tables = {key: nulls.table(*key) for key in nulls.keys(found.n, phi)}
    return fleet.passing(nulls.chances(found.statistic, found.n, phi, tables))


def _claims(report: Callable[[Floats], Bools], values: Floats, moved: Bools) -> tuple[float, float, float]:
    """How many claims, the share of them that are false, and the share of what moved that was found."""
    claimed = report(values)
    false = int((claimed & ~moved).sum())
    return (
        float(claimed.sum()),
        false / max(1, int(claimed.sum())),
        float(claimed[moved].mean()) if moved.any() else 0.0,
    )


METHODS: dict[str, Callable[[Floats], Bools]] = {
    "MDC icon": lambda values: icons_of(values, POINTS),
    "scan, phi 0": lambda values: confirmed_of(values, POINTS, shared=False),
    "confirmed": lambda values: confirmed_of(values, POINTS),
}


def run(repeats: int, rng: np.random.Generator) -> Report:
    """For each truth and method: claims per cycle, cycles with any, the share that is false, the share that is found."""
    rows: list[tuple[str | float | int, ...]] = []
    for truth, share, sigma, phi in TRUTHS:
        told: dict[str, list[tuple[float, float, float]]] = {name: [] for name in METHODS}
        for _repeat in range(repeats):
            values = nulls.stable(SERIES, POINTS, phi, rng).copy()
            moved = np.arange(SERIES) < share * SERIES
            values[moved, -MOVED:] += sigma * rng.choice((-1.0, 1.0), (int(moved.sum()), 1))
            for name, method in METHODS.items():
                told[name].append(_claims(method, values.reshape(-1), moved))
        for name, found in told.items():
            claims, false, power = np.mean(found, axis=0)
            any_claim = float(np.mean([one[0] > 0 for one in found]))
            rows.append((f"{truth}: {name}", float(claims), any_claim, float(false), float(power)))
    return Report(("truth: method", "claims", "any claim", "false share", "found"), rows)


# Stable but skewed data, and the scale on which each is scanned.
SKEWED: dict[str, tuple[Callable[[np.random.Generator, int], Floats], int]] = {
    "lognormal .5": (lambda rng, count: np.exp(0.5 * rng.standard_normal(count)), LOG),
    "exponential": (lambda rng, count: rng.exponential(size=count), WAIT),
    "Poisson, mean 3": (lambda rng, count: rng.poisson(3, count).astype(np.float64), COUNT),
}


def run_skewed(repeats: int, rng: np.random.Generator) -> Report:
    """For stable skewed series: the share with an icon, and with p of the scan at most .01, plain and on their scale."""
    rows: list[tuple[str | float | int, ...]] = []
    starts = np.arange(0, repeats * POINTS + 1, POINTS)
    tables = {(POINTS, 0): nulls.table(POINTS, 0)}
    for name, (draw, code) in SKEWED.items():
        values = draw(rng, repeats * POINTS)
        told = [float(icons_of(values, POINTS).mean())]
        for scale in (PLAIN, code):
            none = np.full(len(values), np.nan)
            each = np.full(repeats, scale, np.int8)
            found = scan(scanned(values, none, none, starts, starts[:-1], each), starts)
            p = nulls.chances(found.statistic, found.n, np.zeros(repeats), tables)
            told.append(float((p <= fleet.CEILING).mean()))
        rows.append((name, *told))
    return Report(("stable data", "icon", "plain", "on its scale"), rows)


def run_rates(repeats: int, rng: np.random.Generator) -> Report:
    """The share of stable series with an icon at their latest value, by length and autocorrelation."""
    seed = int(rng.integers(1 << 32))
    rows: list[tuple[str | float | int, ...]] = []
    for n in LENGTHS:
        told = [
            float(
                icons_of(
                    nulls.stable(repeats, n, phi, np.random.default_rng([seed, n, round(phi * 100)])).reshape(-1), n
                ).mean()
            )
            for phi in PHIS
        ]
        rows.append((str(n), *told))
    return Report(("points", *(f"phi {phi}" for phi in PHIS)), rows)


SIMULATIONS = (
    Simulation(
        "fleets",
        run,
        ci_repeats=12,
        full_repeats=200,
        bounds=(
            Bound("nothing changed: MDC icon", "claims", 14, 24),
            Bound("5 % moved 2 sigma: confirmed", "false share", 0.0, 0.13),
            Bound("5 % moved 2 sigma: confirmed", "found", 0.85, 1.0),
            Bound("5 % moved 2 sigma: MDC icon", "false share", 0.0, 0.13, textbook=True),
            Bound("10 % moved 1.5 sigma: confirmed", "false share", 0.0, 0.13),
            Bound("10 % moved 1.5 sigma: confirmed", "found", 0.6, 1.0),
            Bound("10 % moved 1.5 sigma: MDC icon", "false share", 0.0, 0.13, textbook=True),
            Bound("nothing changed: confirmed", "claims", 0.0, 1.0),
            Bound("phi .3, nothing changed: confirmed", "claims", 0.0, 1.0),
            Bound("phi .3, nothing changed: scan, phi 0", "claims", 0.0, 1.0, textbook=True),
            Bound("nothing changed: MDC icon", "claims", 0.0, 1.0, textbook=True),
            Bound("phi .3, 5 % moved 2 sigma: confirmed", "found", 0.55, 0.8),
            Bound("phi .3, 5 % moved 2 sigma: confirmed", "false share", 0.0, 0.13),
            Bound("phi .3, 5 % moved 2 sigma: scan, phi 0", "false share", 0.0, 0.13, textbook=True),
            Bound("phi .3, 5 % moved 2 sigma: MDC icon", "false share", 0.0, 0.13, textbook=True),
        ),
        source="1,000 series of 52 points, the last 8 moved: what is Confirmed is true nine times out of ten",
    ),
    Simulation(
        "skewed",
        run_skewed,
        ci_repeats=4_000,
        full_repeats=60_000,
        bounds=(
            Bound("lognormal .5", "on its scale", 0.005, 0.016),
            Bound("lognormal .5", "plain", 0.005, 0.016, textbook=True),
            Bound("exponential", "on its scale", 0.005, 0.018),
            Bound("exponential", "plain", 0.005, 0.018, textbook=True),
            Bound("Poisson, mean 3", "on its scale", 0.004, 0.02),
        ),
        source="skewed but stable data reach a p of .01 one time in 100 on their scale, and more often without",
    ),
    Simulation(
        "icon-rates",
        run_rates,
        ci_repeats=300,
        full_repeats=60_000,
        bounds=(Bound("52", "phi 0.0", 0.0, 0.045), Bound("52", "phi 0.6", 0.15, 0.30)),
        source="the table behind “about 18 would appear even if nothing had changed” (metrics/trends/chance.py)",
    ),
)
