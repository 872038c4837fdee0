"""How often equal units are set apart, and unrelated metrics are said to move together (design of trends, 3.3: 11, 12)."""

from __future__ import annotations

import math

import numpy as np

from metrics.simulations.report import Bound, Report, Simulation
from metrics.trends import correlating, differences, funnels, shrinking

Rows = list[tuple[str | float | int, ...]]
UNITS = 12
DRAWN = (4, 8, 12, 20)  # as many teams as a comparison has
RELIABLE = 0.5  # metrics.wording.pairs warns below it


def _outside(found: list[funnels.Funnel]) -> tuple[float, float]:
    sides = np.array([one.outside for one in found])
    return float((sides != 0).mean()), float((sides > 0).mean())


def run_funnels(repeats: int, rng: np.random.Generator) -> Report:
    """Units that differ by chance alone: the share that lies outside the 99.8 % limits, and above the upper one alone,
    where 0.1 % is meant. First by the limits of chance alone, then as the pages draw them: widened by what the units
    seem to differ beyond chance, which they do not; beside it by the widened limits even where chance reaches further."""
    sizes = rng.integers(8, 40, (repeats, UNITS))
    hits = rng.binomial(sizes, 0.95)
    contacts = rng.integers(300, 3_000, (repeats, UNITS))
    events = rng.poisson(contacts * 0.004)

    pairs = list(zip(hits, sizes, strict=True))
    rare = list(zip(events, contacts, strict=True))
    rows: Rows = [
        ("shares, exact", *_outside([funnels.funnel_shares(h, n, adjust=False, exact=True) for h, n in pairs])),
        ("shares, arcsine", *_outside([funnels.funnel_shares(h, n, adjust=False) for h, n in pairs])),
        ("rates, exact Poisson", *_outside([funnels.funnel_rates(h, n, adjust=False, exact=True) for h, n in rare])),
        ("rates, interval of the expected", *_outside([funnels.funnel_rates(h, n, adjust=False) for h, n in rare])),
        ("rates, ratio of counts", *_outside([funnels.counts_compared(h, n, adjust=False) for h, n in rare])),
    ]
    for units in DRAWN:
        contacts = rng.integers(300, 3_000, (repeats, units))
        sizes = rng.integers(20, 400, (repeats, units))
        for kind, funnel, counts, size in (
            ("rates", funnels.funnel_rates, rng.poisson(contacts * 0.004), contacts),
            ("shares", funnels.funnel_shares, rng.binomial(sizes, 0.9), sizes),
        ):
            drawn = [funnel(h, n, exact=True) for h, n in zip(counts, size, strict=True)]
            alone = [funnel(h, n) if one.tau2 > 0 else one for one, h, n in zip(drawn, counts, size, strict=True)]
            rows.append((f"{kind}, {units} teams, as drawn", *_outside(drawn)))
            rows.append((f"{kind}, {units} teams, widened alone", *_outside(alone)))
    return Report(("limits", "outside", "above"), rows)


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


TRUTH, LATER = 0.6, 2


def _following(size: int, phi: float, slope: float, rng: np.random.Generator) -> tuple[np.ndarray, np.ndarray]:
    """Two series of which the second follows the first two periods later: what is new in them correlates at 0.6."""
    news = rng.standard_normal((2, size + LATER))
    told = np.concatenate([np.zeros(LATER), news[0, :size]])
    news[1] = TRUTH * told + math.sqrt(1 - TRUTH**2) * news[1]
    for place in range(1, size + LATER):
        news[:, place] += phi * news[:, place - 1]
    one, other = news[:, LATER:] + slope * np.arange(size)
    return one, other


def run_readings(repeats: int, rng: np.random.Generator) -> Report:
    """Series that do move together, 0.6 two periods later: how often that lag is told, how often the interval at it
    holds 0.6 (and that of the plain values), the correlation on average, and with the error of the scores taken out."""
    rows: Rows = []
    for name, size, phi, slope, agreement in (
        ("noise", 52, 0.0, 0.0, 1.0),
        ("alike and rising", 104, 0.4, 0.05, 1.0),
        ("scores with agreement 0.5", 104, 0.0, 0.0, 0.5),
    ):
        counts = np.zeros(5)
        for _repeat in range(repeats):
            one, other = _following(size, phi, slope, rng)
            other = other + math.sqrt(1 / agreement - 1) * rng.standard_normal(size)
            found = correlating.together(one, other, draws=200)
            raw = float(np.corrcoef(one[:-LATER], other[LATER:])[0, 1])
            half = 1.959964 / math.sqrt(size - LATER - 3)
            counts += (
                found.lag == LATER, found.low[LATER] <= TRUTH <= found.high[LATER],
                math.tanh(math.atanh(raw) - half) <= TRUTH <= math.tanh(math.atanh(raw) + half),
                found.r[LATER], correlating.disattenuated(float(found.r[LATER]), agreement),
            )  # fmt: skip
        rows.append((name, size, *(counts / repeats).tolist()))
    columns = ("series", "points", "right lag", "interval holds", "plain holds", "average", "without error")
    return Report(columns, rows)


def run_team_samples(repeats: int, rng: np.random.Generator) -> Report:
    """Twenty teams whose true shares correlate at 0.8, or not at all, by how much is looked at in each: how often the
    samples are warned of, and how often the teams are said to go together."""
    rows: Rows = []
    teams = 20
    for least, most in ((5, 15), (20, 60), (200, 600)):
        counts = np.zeros(3)
        for _repeat in range(repeats):
            told = []
            for truth in (0.8, 0.0):
                one, other = rng.standard_normal((2, teams))
                other = truth * one + math.sqrt(1 - truth**2) * other
                drawn = []
                for level, middle, sizes in (
                    (one, 0.8, rng.integers(500, 3_000, teams)),
                    (other, 0.85, rng.integers(least, most, teams)),
                ):
                    hits = rng.binomial(sizes, np.clip(middle + 0.05 * level, 0, 1))
                    drawn.append(shrinking.shrink_shares(hits, sizes))
                _r, low, high = correlating.between(drawn[0].value, drawn[1].value)
                told.append((low > 0 or high < 0, float(np.median(drawn[1].weight)) < RELIABLE))
            counts += told[0][1], told[0][0], told[1][0]
        rows.append((f"{least} to {most} a team", *(counts / repeats).tolist()))
    return Report(("looked at", "warned", "found", "false"), rows)


SIMULATIONS = (
    Simulation(
        "funnels",
        run_funnels,
        ci_repeats=800,
        full_repeats=20_000,
        bounds=(
            Bound("shares, exact", "outside", 0.0, 0.0025),
            Bound("shares, exact", "above", 0.0, 0.0013),
            Bound("shares, arcsine", "above", 0.0, 0.0013, textbook=True),
            Bound("rates, exact Poisson", "outside", 0.0, 0.003),
            Bound("rates, interval of the expected", "outside", 0.0, 0.003, textbook=True),
            Bound("rates, ratio of counts", "outside", 0.0, 0.05, textbook=True),
            *(
                Bound(f"{kind}, {n} teams, as drawn", "outside", 0.0, 0.002)
                for kind in ("rates", "shares")
                for n in DRAWN
            ),
            *(
                Bound(f"{kind}, {n} teams, as drawn", "above", 0.0, 0.001)
                for kind in ("rates", "shares")
                for n in DRAWN
            ),
            *(Bound(f"rates, {n} teams, widened alone", "outside", 0.0, 0.002, textbook=True) for n in DRAWN),
            *(Bound(f"shares, {n} teams, widened alone", "above", 0.0, 0.001, textbook=True) for n in DRAWN[1:3]),
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
            Bound("alike", "ours", 0.0, 0.13),
            Bound("trend", "ours", 0.0, 0.11),
            Bound("trend", "plain correlation", 0.0, 0.11, textbook=True),
            Bound("random walk", "ours", 0.0, 0.15),
            Bound("random walk", "plain correlation", 0.0, 0.15, textbook=True),
        ),
        source="independent series are said to move together in about 5 %, whatever trends they have",
    ),
    Simulation(
        "correlation-readings",
        run_readings,
        ci_repeats=60,
        full_repeats=4_000,
        bounds=(
            Bound("noise", "right lag", 0.85, 1.0),
            Bound("alike and rising", "right lag", 0.9, 1.0),
            Bound("noise", "interval holds", 0.92, 1.0),
            Bound("alike and rising", "interval holds", 0.92, 1.0),
            Bound("alike and rising", "plain holds", 0.92, 1.0, textbook=True),
            Bound("scores with agreement 0.5", "without error", 0.53, 0.65),
            Bound("scores with agreement 0.5", "average", 0.53, 0.65, textbook=True),
        ),
        source="two that move together two periods later are told so, with an interval that holds; trends make plain "
        "ones miss",
    ),
    Simulation(
        "team-samples",
        run_team_samples,
        ci_repeats=200,
        full_repeats=20_000,
        bounds=(
            Bound("5 to 15 a team", "warned", 0.8, 1.0),
            Bound("200 to 600 a team", "warned", 0.0, 0.05),
            Bound("5 to 15 a team", "found", 0.0, 0.5),
            Bound("200 to 600 a team", "found", 0.9, 1.0),
            Bound("5 to 15 a team", "false", 0.0, 0.1),
            Bound("200 to 600 a team", "false", 0.0, 0.1),
        ),
        source="where so few are looked at in each team that a real likeness of 0.8 goes unseen, that is said",
    ),
)
