"""How often a step is proposed where there is none, and how well its place is found (3.3 row 8)."""

from __future__ import annotations

import numpy as np

from metrics.simulations.effects import alike
from metrics.simulations.report import Bound, Report, Simulation
from metrics.trends.breaks import EDGE, find_breaks

Row = tuple[str | float | int, ...]
SIZE, STEP = 52, 1.5
NEAR = 3  # points off, at which a step still counts as found where there are several


def run(repeats: int, rng: np.random.Generator) -> Report:
    """Stable series and series with a step of 1.5 sigma in the middle, or anywhere; beside it beginning anew at every run
    of eight, an optimal partition that takes every point to be news (PELT), and the place of least squares."""
    rows: list[Row] = []
    for phi in (0.0, 0.3):
        false = runs = parts = 0.0
        for _ in range(repeats):
            stable = alike(SIZE, phi, rng)
            false += bool(find_breaks(stable, phi))
            runs += _run_of_eight(stable)
            parts += bool(_parted(stable))
        middle = _placed(repeats, phi, (SIZE // 2, SIZE // 2 + 1), rng)
        rows.append(
            (
                f"{phi}", phi, false / repeats, runs / repeats, parts / repeats, *middle,
                _placed(repeats, phi, (EDGE, SIZE - EDGE + 1), rng)[1],
            )
        )  # fmt: skip
    columns = (
        "phi", "value", "false", "run of eight", "PELT", "found", "within two", "least squares", "in interval",
        "within two, anywhere",
    )  # fmt: skip
    return Report(columns, rows)


def _placed(
    repeats: int, phi: float, between: tuple[int, int], rng: np.random.Generator
) -> tuple[float, float, float, float]:
    """Of steps that lie between these places: the share found; and of those the shares that are put within two points,
    that least squares puts there, and whose interval holds the place."""
    steps = near = squares = inside = 0.0
    for _ in range(repeats):
        true = int(rng.integers(*between))
        moved = alike(SIZE, phi, rng)
        moved[true:] += STEP
        found = find_breaks(moved, phi)
        steps += bool(found)
        near += any(abs(one.place - true) <= 2 for one in found)
        squares += bool(found) and abs(_least_squares(moved) - true) <= 2
        inside += any(one.first <= true <= one.last for one in found)
    told = max(1.0, steps)
    return steps / repeats, near / told, squares / told, inside / told


def _least_squares(y: np.ndarray) -> int:
    """The one step that leaves the smallest sum of squares, by the textbook."""
    places = np.arange(EDGE, len(y) - EDGE + 1)
    sums = np.cumsum(y - y.mean())[places - 1]
    return int(places[(sums**2 / (places * (len(y) - places))).argmax()])


def _run_of_eight(y: np.ndarray) -> bool:
    """Whether a rule that begins new limits at every run of eight on one side of the mean would do so."""
    side = np.sign(y - y.mean())
    return any(abs(side[place : place + 8].sum()) == 8 for place in range(len(y) - 7))


def _parted(y: np.ndarray) -> list[int]:
    """The changes of the partition of least squares, at 2 log n variances a change (BIC; Killick, Fearnhead and Eckley
    2012; Jackson 2005). The variance is that of the moving range, as a change alone would widen any other."""
    size = len(y)
    sums, squares = np.concatenate([[0.0], np.cumsum(y)]), np.concatenate([[0.0], np.cumsum(y * y)])
    toll = 2 * np.log(size) * (np.abs(np.diff(y)).mean() / 1.128) ** 2
    best, last = np.full(size + 1, -toll), np.zeros(size + 1, np.int64)
    for end in range(1, size + 1):
        of = np.arange(end)
        cost = best[of] + squares[end] - squares[of] - (sums[end] - sums[of]) ** 2 / (end - of)
        last[end] = int(cost.argmin())
        best[end] = cost[last[end]] + toll
    found, place = [], int(last[size])
    while place:
        found.append(place)
        place = int(last[place])
    return found


# Levels of quarters, or of a stretch in the middle, in sigma.
SHAPES: dict[str, tuple[int, list[tuple[int, float]]]] = {
    "no step": (104, [(104, 0)]),
    "staircase": (104, [(26, 0), (26, 2), (26, 4), (26, 6)]),
    "there and back": (104, [(26, 0), (26, 2), (26, 0), (26, 2)]),
    "12 points in the middle": (104, [(46, 0), (12, 2), (46, 0)]),
    "six steps": (259, [(37, level) for level in (0, 2, 0, 2, 0, 2, 0)]),
}


def several(repeats: int, rng: np.random.Generator) -> Report:
    """Series with several steps of 2 sigma: the share of them near which one is proposed, and how many are proposed
    elsewhere; beside it the partition of least squares."""
    rows: list[Row] = []
    for name, (size, parts) in SHAPES.items():
        levels = np.concatenate([np.full(length, float(level)) for length, level in parts])
        true = np.flatnonzero(np.diff(levels)) + 1
        for phi in (0.0, 0.3):
            counts = np.zeros(4)
            for _ in range(repeats):
                y = alike(size, phi, rng) + levels
                ours = [one.place for one in find_breaks(y, phi)]
                counts += [*_matched(ours, true), *_matched(_parted(y), true)]
            rows.append((f"{name}, phi {phi}", size, phi, *(counts / repeats).tolist()))
    return Report(("steps", "points", "phi", "found", "elsewhere", "PELT found", "PELT elsewhere"), rows)


def _matched(found: list[int], true: np.ndarray) -> tuple[float, float]:
    """(share of the steps that were found, how many were proposed elsewhere)."""
    if not len(true) or not found:
        return 0.0, float(len(found))
    away = np.abs(np.subtract.outer(true, found))
    return float((away.min(axis=1) <= NEAR).mean()), float((away.min(axis=0) > NEAR).sum())


def rebasing(repeats: int, rng: np.random.Generator) -> Report:
    """Stable series: the share in which new limits would be proposed, or set by a rule that does so by itself."""
    rows: list[Row] = []
    for size in (52, 104):
        ours = runs = parts = 0
        for _ in range(repeats):
            y = rng.standard_normal(size)
            ours += bool(find_breaks(y))
            runs += _run_of_eight(y)
            parts += bool(_parted(y))
        rows.append((f"{size} points", size, ours / repeats, runs / repeats, parts / repeats))
    return Report(("series", "points", "proposed", "run of eight", "PELT"), rows)


SIMULATIONS = (
    Simulation(
        "change-points",
        run,
        ci_repeats=400,
        full_repeats=10_000,
        bounds=(
            Bound("0.0", "false", 0.02, 0.085),
            Bound("0.3", "false", 0.02, 0.085),
            Bound("0.0", "within two", 0.78, 0.91),
            Bound("0.3", "within two", 0.65, 0.82),
            Bound("0.0", "within two, anywhere", 0.78, 0.92),
            Bound("0.3", "within two, anywhere", 0.65, 0.83),
            Bound("0.0", "in interval", 0.90, 1.0),
            Bound("0.3", "PELT", 0.0, 0.085, textbook=True),
            Bound("0.0", "run of eight", 0.0, 0.085, textbook=True),
            Bound("0.3", "run of eight", 0.0, 0.085, textbook=True),
        ),
        source="steps proposed in stable series of 52 points, and the place found of a step of 1.5 sigma",
    ),
    Simulation(
        "several-steps",
        several,
        ci_repeats=40,
        full_repeats=4_000,
        bounds=(
            Bound("no step, phi 0.0", "elsewhere", 0.0, 0.2),
            Bound("no step, phi 0.3", "elsewhere", 0.0, 0.2),
            Bound("no step, phi 0.3", "PELT elsewhere", 0.0, 0.2, textbook=True),
            Bound("staircase, phi 0.0", "found", 0.9, 1.0),
            Bound("there and back, phi 0.0", "found", 0.9, 1.0),
            Bound("12 points in the middle, phi 0.0", "found", 0.8, 1.0),
            Bound("six steps, phi 0.0", "found", 0.9, 1.0),
            Bound("six steps, phi 0.0", "elsewhere", 0.0, 0.5),
            Bound("there and back, phi 0.3", "found", 0.7, 1.0),
            Bound("there and back, phi 0.3", "elsewhere", 0.0, 0.7),
            Bound("there and back, phi 0.3", "PELT elsewhere", 0.0, 0.7, textbook=True),
        ),
        source="several steps of 2 sigma: most are found, and few are proposed elsewhere even where neighbours are alike",
    ),
    Simulation(
        "auto-rebase",
        rebasing,
        ci_repeats=300,
        full_repeats=20_000,
        bounds=(
            Bound("52 points", "proposed", 0.02, 0.085),
            Bound("104 points", "proposed", 0.02, 0.085),
            Bound("52 points", "run of eight", 0.0, 0.085, textbook=True),
            Bound("104 points", "run of eight", 0.0, 0.2, textbook=True),
        ),
        source="stable series: new limits at every run of eight would begin in 12 % of 52 points and in 29 % of 104; "
        "proposed are 5 %",
    ),
)
