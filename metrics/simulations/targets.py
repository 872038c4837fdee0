"""How well the chance of meeting a target is calibrated, and what targets set by it are met (section 3.3, rows 5, 6)."""

from __future__ import annotations

import numpy as np
from scipy.special import ndtr, ndtri

from metrics.simulations.report import Bound, Report, Simulation
from metrics.trends import Batch, Settings, analyse, outlook, suggestion
from metrics.trends.outlook import Phase

SET_FOR = (0.9, 0.5, 0.3, 0.16)


def _stable(repeats: int, n: int, rng: np.random.Generator) -> tuple[np.ndarray, Phase, np.ndarray]:
    """Stable normal series with n points, their phase, and the moving-range sigma that the textbook uses."""
    values = rng.standard_normal((repeats, n))
    starts = np.arange(0, repeats * n + 1, n)
    result = analyse(Batch.build(values.ravel(), starts, np.tile(np.arange(n), repeats)), Settings())
    return values, outlook.phase_in_force(result, np.zeros(repeats)), result.phase_amr / 1.128


def calibration(repeats: int, rng: np.random.Generator) -> Report:
    """Targets are drawn at random; those whose stated chance lies in a bin are met how often? Stated less met, for the
    t-predictive chance and for the normal one with the moving-range sigma put in, in the tails and the middle."""
    n = 12
    values, phase, sigma = _stable(repeats, n, rng)
    goal, following = 1.6 * rng.standard_normal(repeats), rng.standard_normal(repeats)
    met = following >= goal
    ours = outlook.chance_of(phase, goal, np.ones(repeats))
    plug = ndtr((values.mean(axis=1) - goal) / sigma)
    rows: list[tuple[str | float | int, ...]] = []
    for name, low, high in (("below 2 %", 0, 0.02), ("10 to 40 %", 0.1, 0.4), ("above 98 %", 0.98, 1.01)):
        row: list[str | float | int] = [name]
        for chance in (ours, plug):
            inside = (chance >= low) & (chance < high)
            row += [float(chance[inside].mean()), float(met[inside].mean())]
        rows.append((*row, row[2] - row[1], row[4] - row[3]))  # type: ignore[operator]
    columns = ("chance", "stated", "met", "plug-in stated", "plug-in met", "off", "plug-in off")
    return Report(columns, rows)


def attained(repeats: int, rng: np.random.Generator) -> Report:
    """Targets set to be met with a chance are met that often by the next value (n = 12); beside them those set by a
    normal distribution with the moving-range sigma put in."""
    values, phase, sigma = _stable(repeats, 12, rng)
    goals = outlook.reached_with(phase, SET_FOR, np.ones(repeats))
    following = rng.standard_normal(repeats)
    rows: list[tuple[str | float | int, ...]] = [
        (
            str(chance),
            chance,
            float((following >= goals[:, place]).mean()),
            float((following >= values.mean(axis=1) - ndtri(chance) * sigma).mean()),
        )
        for place, chance in enumerate(SET_FOR)
    ]
    return Report(("set for", "chance", "met", "plug-in met"), rows)


def flattery(repeats: int, rng: np.random.Generator) -> Report:
    """By how many sigma the best of pure noise lies beyond its level: the best 8 in a row of 52, the best of ten equal
    teams (in standard errors), and the same teams' better quarter as it is and after shrinkage."""
    best = np.array([suggestion.best_sustained(row, 1)[0] for row in rng.standard_normal((repeats, 52))])
    teams = rng.standard_normal((repeats, 10))
    found = [suggestion.shrink(row, np.ones(10), 1) for row in teams]
    raw = np.array([one.raw for one in found if one])
    shrunken = np.array([one.quartile for one in found if one])
    return Report(
        ("evidence", "beyond"),
        [
            ("best 8 of 52", float(best.mean())),
            ("best of 10 teams", float(teams.max(axis=1).mean())),
            ("better quarter, raw", float(raw.mean())),
            ("better quarter, shrunken", float(shrunken.mean())),
        ],
    )


SIMULATIONS = (
    Simulation(
        "target_chance",
        calibration,
        ci_repeats=60_000,
        full_repeats=600_000,
        bounds=(
            Bound("below 2 %", "off", -0.008, 0.008),
            Bound("10 to 40 %", "off", -0.015, 0.015),
            Bound("above 98 %", "off", -0.008, 0.008),
            Bound("below 2 %", "plug-in off", -0.008, 0.008, textbook=True),
            Bound("above 98 %", "plug-in off", -0.008, 0.008, textbook=True),
        ),
        source="stable normal data: a stated chance of meeting a target is met that often; the moving-range sigma put "
        "into a normal distribution is too sure of itself in the tails",
    ),
    Simulation(
        "target_set",
        attained,
        ci_repeats=40_000,
        full_repeats=400_000,
        bounds=(
            *(Bound(str(chance), "met", chance - 0.01, chance + 0.01) for chance in SET_FOR),
            Bound("0.9", "plug-in met", 0.89, 0.91, textbook=True),
            Bound("0.16", "plug-in met", 0.15, 0.17, textbook=True),
        ),
        source="targets set to be met with a chance are met that often",
    ),
    Simulation(
        "target_evidence",
        flattery,
        ci_repeats=1_500,
        full_repeats=20_000,
        bounds=(
            Bound("better quarter, shrunken", "beyond", 0.0, 0.25),
            Bound("better quarter, raw", "beyond", 0.0, 0.25, textbook=True),
            Bound("best 8 of 52", "beyond", -0.2, 0.2, textbook=True),
            Bound("best of 10 teams", "beyond", -0.2, 0.2, textbook=True),
        ),
        source="the best of pure noise lies beyond its level, so raw bests flatter; shrinkage takes most of that away",
    ),
)
