"""How often Confirmed is wrong, over many series of which some have moved (design section 3.2)."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np

from metrics.simulations.report import Bound, Report, Simulation
from metrics.trends import Batch, Settings, analyse, codes, fleet, nulls
from metrics.trends.arrays import Bools, Floats
from metrics.trends.chance import LENGTHS, PHIS
from metrics.trends.counts import D2
from metrics.trends.scales import COUNT, LOG, PLAIN, RATE, SHARE, WAIT, scanned
from metrics.trends.scan import WINDOW, scan

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


# Values, numerators and denominators of stable data.
Drawn = tuple[Floats, Floats, Floats]


def _bare(values: np.ndarray) -> Drawn:
    none = np.full(len(values), np.nan)
    return values.astype(np.float64), none, none


def _share(rng: np.random.Generator, count: int, chance: float, sizes: tuple[int, int]) -> Drawn:
    of = rng.integers(*sizes, count)
    hits = rng.binomial(of, chance).astype(np.float64)
    return hits / of, hits, of.astype(np.float64)


def _rate(rng: np.random.Generator, count: int, rate: float, sizes: tuple[int, int]) -> Drawn:
    of = rng.integers(*sizes, count).astype(np.float64)
    events = rng.poisson(of * rate).astype(np.float64)
    return events / of, events, of


# Stable data of any shape, and the scale on which each is scanned.
SHAPES: dict[str, tuple[Callable[[np.random.Generator, int], Drawn], int]] = {
    "normal": (lambda rng, count: _bare(rng.standard_normal(count)), PLAIN),
    "lognormal .5": (lambda rng, count: _bare(np.exp(0.5 * rng.standard_normal(count))), LOG),
    "gamma 2": (lambda rng, count: _bare(rng.gamma(2, size=count)), LOG),
    "exponential": (lambda rng, count: _bare(rng.exponential(size=count)), LOG),
    "waits between events": (lambda rng, count: _bare(rng.exponential(size=count)), WAIT),
    "share .9 of 30": (lambda rng, count: _share(rng, count, 0.9, (30, 31)), SHARE),
    "share .98 of 30-60": (lambda rng, count: _share(rng, count, 0.98, (30, 61)), SHARE),
    "rate, 1 to 6 events": (lambda rng, count: _rate(rng, count, 0.004, (250, 1501)), RATE),
    "count, mean 1": (lambda rng, count: _bare(rng.poisson(1, count)), COUNT),
    "count, mean 3": (lambda rng, count: _bare(rng.poisson(3, count)), COUNT),
}


def run_skewed(repeats: int, rng: np.random.Generator) -> Report:
    """For stable series of any shape: the share with an icon, the share with p at most .01 by the scan of the values on
    their scale ("values") and of their ranks ("ranks", ours), and how many of a thousand are Confirmed by each."""
    rows: list[tuple[str | float | int, ...]] = []
    starts = np.arange(0, repeats * POINTS + 1, POINTS)
    ranks = {(POINTS, 0): nulls.table(POINTS, 0)}
    normal = nulls.stable(nulls.DRAWS, POINTS, 0.0, np.random.default_rng(nulls.SEED))
    plain = {(POINTS, 0): np.quantile(_of_values(normal), 1 - nulls.shares())}
    n, phi = np.full(repeats, POINTS), np.zeros(repeats)
    for name, (draw, code) in SHAPES.items():
        values, numerators, denominators = draw(rng, repeats * POINTS)
        each = np.full(repeats, code, np.int8)
        scaled = scanned(values, numerators, denominators, starts, starts[:-1], each)
        by_values = nulls.chances(_of_values(scaled.reshape(repeats, POINTS)), n, phi, plain)
        by_ranks = nulls.chances(scan(scaled, starts).statistic, n, phi, ranks)
        rows.append(
            (
                name,
                float(icons_of(values, POINTS).mean()),
                float((by_values <= fleet.CEILING).mean()),
                float((by_ranks <= fleet.CEILING).mean()),
                _per_fleet(by_values),
                _per_fleet(by_ranks),
            )
        )
    return Report(("stable data", "icon", "values", "ranks", "values, confirmed", "ranks, confirmed"), rows)


def _of_values(values: Floats) -> Floats:
    """T of the values themselves (rows of float64[draws, n]): right for normal data, and for no others."""
    n = values.shape[1]
    w = np.arange(1, WINDOW + 1)
    spread = np.abs(np.diff(values, axis=1)).mean(axis=1) / D2
    last = np.cumsum(values[:, : -WINDOW - 1 : -1], axis=1) - values.mean(axis=1, keepdims=True) * w
    distance = last * (1 / w + 1 / (n - w)) / np.sqrt(1 / w + 1 / (n - w))
    with np.errstate(all="ignore"):
        return np.asarray(np.where(spread > 0, np.abs(distance).max(axis=1) / spread, np.nan), np.float64)


def _per_fleet(p: Floats) -> float:
    """How many are Confirmed of a thousand stable series, judged together."""
    fleets = [p[at : at + SERIES] for at in range(0, len(p), SERIES)]
    return float(np.mean([fleet.passing(one).sum() for one in fleets]))


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
            *(Bound(name, "ranks", 0.004, 0.018) for name in SHAPES),
            *(Bound(name, "ranks, confirmed", 0.0, 1.6) for name in SHAPES),
            Bound("exponential", "values", 0.004, 0.018, textbook=True),
            Bound("exponential", "values, confirmed", 0.0, 1.6, textbook=True),
            Bound("share .98 of 30-60", "values", 0.004, 0.018, textbook=True),
            Bound("share .98 of 30-60", "values, confirmed", 0.0, 1.6, textbook=True),
        ),
        source="stable data of any shape reach a p of .01 one time in 100 by their ranks, and more often by their values",
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
