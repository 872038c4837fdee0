"""How well the chance of meeting a target is calibrated, and what targets set by it are met (section 3.3, rows 5, 6)."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from scipy.special import ndtr, ndtri

from metrics.simulations.report import Bound, Report, Simulation, average
from metrics.trends import Batch, Settings, analyse, odds, outlook, suggestion
from metrics.trends.outlook import Phase

Row = tuple[str | float | int, ...]
SET_FOR = (0.9, 0.5, 0.3, 0.16)
LENGTHS = (12, 24, 52)
# By how much a stated chance may be off in the outer words, and in the far tails, by length.
OFF = ((0.0095, 0.008), (0.007, 0.006), (0.0045, 0.0035))
OUTER = (odds.NAMES[0], odds.NAMES[-1])
AT_ONCE = 60_000  # series, so that they fit into memory
BELOW, ABOVE = "below 2 %", "above 98 %"


def _stable(repeats: int, n: int, rng: np.random.Generator) -> tuple[np.ndarray, Phase, np.ndarray]:
    """Stable normal series with n points, their phase, and the moving-range sigma that the textbook uses."""
    values = rng.standard_normal((repeats, n))
    starts = np.arange(0, repeats * n + 1, n)
    result = analyse(Batch.build(values.ravel(), starts, np.tile(np.arange(n), repeats)), Settings())
    return values, outlook.phase_in_force(result, np.zeros(repeats)), result.phase_amr / 1.128


def calibration(repeats: int, rng: np.random.Generator) -> Report:
    """Targets are drawn at random; those told by each word (``odds``), and those in the far tails, are met how often?
    Stated less met, for the t-predictive chance and for the normal one with the moving-range sigma put in, which is put
    into words by the same bands."""
    rows: list[tuple[str | float | int, ...]] = []
    for n in LENGTHS:
        parts = [_drawn(min(AT_ONCE, repeats - done), n, rng) for done in range(0, repeats, AT_ONCE)]
        met, *chances = (np.concatenate(part) for part in zip(*parts, strict=True))
        told = [odds.band_of(chance) for chance in chances]
        for place, word in enumerate(odds.NAMES):
            rows.append(_row(n, word, met, chances, [bands == place for bands in told]))
        rows.append(_row(n, BELOW, met, chances, [chance < 0.02 for chance in chances]))
        rows.append(_row(n, ABOVE, met, chances, [chance > 0.98 for chance in chances]))
    return Report(("chance", "stated", "met", "plug-in stated", "plug-in met", "off", "plug-in off"), rows)


def _drawn(repeats: int, n: int, rng: np.random.Generator) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Whether the next value of each series met a target drawn at random, the t-predictive chance and the normal one."""
    values, phase, sigma = _stable(repeats, n, rng)
    goal, following = 1.6 * rng.standard_normal(repeats), rng.standard_normal(repeats)
    chance = outlook.chance_of(phase, goal, np.ones(repeats))
    return following >= goal, chance, ndtr((values.mean(axis=1) - goal) / sigma)


def _row(n: int, name: str, met: np.ndarray, chances: Sequence[np.ndarray], inside: Sequence[np.ndarray]) -> Row:
    stated = [average(chance[one]) for chance, one in zip(chances, inside, strict=True)]
    came = [average(met[one]) for one in inside]
    return (_cell(n, name), stated[0], came[0], stated[1], came[1], stated[0] - came[0], stated[1] - came[1])


def _cell(n: int, name: str) -> str:
    return f"{n} points, {name}"


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
        "target-chance",
        calibration,
        ci_repeats=120_000,
        full_repeats=600_000,
        bounds=(
            *(Bound(_cell(n, word), "off", -0.013, 0.013) for n in LENGTHS for word in ("doubtful", "likely")),
            *(Bound(_cell(n, "even"), "off", -0.015, 0.015) for n in LENGTHS),
            *(
                Bound(_cell(n, name), column, -most, most, textbook=column != "off")
                for n, widths in zip(LENGTHS, OFF, strict=True)
                for names, most in zip((OUTER, (BELOW, ABOVE)), widths, strict=True)
                for name in names
                for column in ("off", "plug-in off")
            ),
        ),
        source="stable normal data: a chance of meeting a target is met as often as it is stated, whichever word tells it; "
        "the moving-range sigma put into a normal distribution is too sure of itself in the tails",
    ),
    Simulation(
        "target-set",
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
        "target-evidence",
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
