"""How often a step is proposed where there is none, and how well its place is found (3.3 row 8)."""

from __future__ import annotations

import numpy as np

from metrics.simulations.effects import alike
from metrics.simulations.report import Bound, Report, Simulation
from metrics.trends.breaks import find_breaks

Row = tuple[str | float | int, ...]
SIZE, STEP = 52, 1.5


def run(repeats: int, rng: np.random.Generator) -> Report:
    """Stable series and series with a step of 1.5 sigma in the middle; beside it beginning anew at every run of eight,
    and an optimal partition that takes every point to be news (PELT)."""
    rows: list[Row] = []
    for phi in (0.0, 0.3):
        false = near = runs = parts = inside = steps = 0.0
        for _ in range(repeats):
            stable = alike(SIZE, phi, rng)
            false += bool(find_breaks(stable, phi))
            runs += _run_of_eight(stable)
            parts += _parted(stable)
            moved = alike(SIZE, phi, rng)
            moved[SIZE // 2 :] += STEP
            found = find_breaks(moved, phi)
            steps += bool(found)
            near += any(abs(one.place - SIZE // 2) <= 2 for one in found)
            inside += any(one.first <= SIZE // 2 <= one.last for one in found)
        rows.append(
            (
                f"{phi}", phi, false / repeats, runs / repeats, parts / repeats, steps / repeats,
                near / max(1.0, steps), inside / max(1.0, steps),
            )
        )  # fmt: skip
    return Report(("phi", "value", "false", "run of eight", "PELT", "found", "within two", "in interval"), rows)


def _run_of_eight(y: np.ndarray) -> bool:
    """Whether a rule that begins new limits at every run of eight on one side of the mean would do so."""
    side = np.sign(y - y.mean())
    return any(abs(side[place : place + 8].sum()) == 8 for place in range(len(y) - 7))


def _parted(y: np.ndarray) -> bool:
    """Whether the partition of least squares, at 2 log n variances a change (BIC), has any change (Killick, Fearnhead
    and Eckley 2012; Jackson 2005). The variance is that of the moving range, as a change alone would widen any other."""
    size = len(y)
    sums, squares = np.concatenate([[0.0], np.cumsum(y)]), np.concatenate([[0.0], np.cumsum(y * y)])
    toll = 2 * np.log(size) * (np.abs(np.diff(y)).mean() / 1.128) ** 2
    best = np.full(size + 1, -toll)
    for end in range(1, size + 1):
        of = np.arange(end)
        cost = squares[end] - squares[of] - (sums[end] - sums[of]) ** 2 / (end - of)
        best[end] = (best[of] + cost + toll).min()
    whole = squares[-1] - sums[-1] ** 2 / size
    return bool(best[-1] < whole - 1e-9)


SIMULATIONS = (
    Simulation(
        "change-points",
        run,
        ci_repeats=400,
        full_repeats=10_000,
        bounds=(
            Bound("0.0", "false", 0.02, 0.085),
            Bound("0.3", "false", 0.02, 0.085),
            Bound("0.0", "within two", 0.74, 0.91),
            Bound("0.3", "within two", 0.62, 0.82),
            Bound("0.0", "in interval", 0.90, 1.0),
            Bound("0.3", "PELT", 0.0, 0.085, textbook=True),
            Bound("0.0", "run of eight", 0.0, 0.085, textbook=True),
            Bound("0.3", "run of eight", 0.0, 0.085, textbook=True),
        ),
        source="steps proposed in stable series of 52 points, and the place found of a step of 1.5 sigma",
    ),
)
