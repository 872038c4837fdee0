"""How honest the interval of a change before and after is, and what a bad start alone looks like (3.3 row 7)."""

from __future__ import annotations

import numpy as np
from scipy.stats import t as student
from scipy.stats import ttest_ind

from metrics.simulations.report import Bound, Report, Simulation
from metrics.trends import prais
from metrics.trends.effect import SHOWN, Effect, read_effect
from metrics.trends.pace import Pace, read_pace
from metrics.trends.sides import sides_of

Row = tuple[str | float | int, ...]
PHIS = (0.0, 0.3, 0.6)
PACED = ((18, 12), (24, 12), (24, 24), (52, 12), (78, 26))
SIZES = ((12, 8), (24, 8), (24, 12), (52, 12), (78, 12))
# Of intervals that say 95 %, as many of a few hundred may hold the truth, by phi.
HELD = ((0.92, 0.985), (0.91, 0.98), (0.90, 0.98))


def alike(size: int, phi: float, rng: np.random.Generator) -> np.ndarray:
    """One stable normal series of unit spread whose neighbours have the correlation phi."""
    y = rng.standard_normal(size)
    news = np.sqrt(1 - phi**2)
    for place in range(1, size):
        y[place] = phi * y[place - 1] + news * y[place]
    return y


def coverage(repeats: int, rng: np.random.Generator) -> Report:
    """Share of 95 % intervals that hold the true change (2 sigma), for each number of points before and after it and each
    likeness of neighbours by itself: a mean over all of them would hide the worst."""
    rows: list[Row] = []
    for before, after in SIZES:
        design = np.column_stack([np.ones(before + after), np.arange(before + after) >= before]).astype(np.float64)
        for phi in PHIS:
            y = np.array([alike(before + after, phi, rng) for _ in range(repeats)]) + 2 * design[:, 1]
            held = (_held(y, design), *(np.abs(off) <= half for off, half in textbooks(y, design)))
            rows.append((_cell((before, after), phi), phi, *(float(np.mean(one)) for one in held)))
    return Report(("series", "phi", "Prais-Winsten", "ordinary", "Newey-West", "Newey-West, lag 8"), rows)


def _cell(size: tuple[int, int], phi: float) -> str:
    return f"{size[0]} before, {size[1]} after, phi {phi}"


def _held(y: np.ndarray, design: np.ndarray) -> list[bool]:
    times, step = np.arange(len(design)), np.array([0.0, 1.0])
    held = []
    for row in y:
        fitted = prais.fit(row, times, design)
        if fitted is None:
            raise ArithmeticError("a random series cannot be constant")
        _, low, high, _ = fitted.interval(step)
        held.append(low <= 2 <= high)
    return held


def textbooks(y: np.ndarray, design: np.ndarray) -> list[tuple[np.ndarray, np.ndarray]]:
    """Of each row of y how far the step lies from 2, and half of its 95 % interval: by ordinary least squares, and by
    Newey and West (1987) with the lag of their rule, 4 (n / 100)^(2/9), and with 8. Theirs are the kindest of the usual
    ones: with the correction for small samples and Student's t, without which they hold the truth less often still."""
    n, columns = design.shape
    back = np.linalg.inv(design.T @ design)
    beta = y @ design @ back
    rest = y - beta @ design.T
    student_t = student.ppf(0.975, n - columns)
    ordinary = (rest**2).sum(axis=1) / (n - columns) * back[1, 1]
    scores = rest * (design @ back[:, 1])
    spreads = [ordinary, *(_newey_west(scores, lag) * n / (n - columns) for lag in (int(4 * (n / 100) ** (2 / 9)), 8))]
    return [(beta[:, 1] - 2, student_t * np.sqrt(spread)) for spread in spreads]


def _newey_west(scores: np.ndarray, lag: int) -> np.ndarray:
    """The variance of the sum of each row whose neighbours may be alike, with Bartlett's weights."""
    found = (scores**2).sum(axis=1)
    for far in range(1, lag + 1):
        found += 2 * (1 - far / (lag + 1)) * (scores[:, far:] * scores[:, :-far]).sum(axis=1)
    return np.asarray(found)


def paces(repeats: int, rng: np.random.Generator) -> Report:
    """Share of 95 % intervals that hold the truth where step and slope change together (2 sigma and .1 a period, after
    .05 a period before): of the change of pace, and of the difference at first and in the latest period; and how often
    another pace is told where only the level moved."""
    rows: list[Row] = []
    for phi in PHIS:
        held, false = np.zeros(6), 0
        for turn in range(repeats):
            before, after = PACED[turn % len(PACED)]
            time = np.arange(before + after) - before
            noise = alike(before + after, phi, rng)
            late = np.maximum(time, 0)
            moved = noise + 0.05 * time + 2 * (time >= 0) + 0.1 * late
            truth = (0.1, 2.0, 2.0 + 0.1 * (after - 1))
            pace = _pace(moved, before)
            ours = (pace.change, pace.first, pace.latest)
            held[:3] += [one.low <= true <= one.high for one, true in zip(ours, truth, strict=True)]
            held[3:] += _ordinary(moved, time, truth)
            false += _pace(noise + 2 * (time >= 0), before).change.shown
        rows.append((f"{phi}", phi, *(held / repeats).tolist(), false / repeats))
    columns = ("pace", "first", "latest", "ordinary pace", "ordinary first", "ordinary latest", "false pace")
    return Report(("phi", "value", *columns), rows)


def _pace(y: np.ndarray, before: int) -> Pace:
    days = _days(len(y))
    data = sides_of(y, days, int(days[before - 1]), int(days[before]), "week", logarithmic=False)
    found = read_pace(data, data, 0.0)
    if found is None:
        raise ArithmeticError("a random series long enough cannot be without a pace")
    return found


def _ordinary(y: np.ndarray, time: np.ndarray, truth: tuple[float, ...]) -> list[bool]:
    """The same by the textbook's segmented regression, which takes every point to be news."""
    design = np.column_stack([np.ones(len(y)), time >= 0, time, np.maximum(time, 0)]).astype(np.float64)
    free = len(y) - design.shape[1]
    beta, rss, *_ = np.linalg.lstsq(design, y, rcond=None)
    spread = rss[0] / free * np.linalg.inv(design.T @ design)
    looks = np.array([[0, 0, 0, 1], [0, 1, 0, 0], [0, 1, 0, time[-1]]], np.float64)
    half = student.ppf(0.975, free) * np.sqrt(np.einsum("ij,jk,ik->i", looks, spread, looks))
    return (np.abs(looks @ beta - np.array(truth)) <= half).tolist()


def outcome(repeats: int, rng: np.random.Generator) -> Report:
    """The whole reading: known effects, no effect, and people who begin to act at a bad point of a stable series."""
    rows: list[Row] = []
    for phi in (0.0, 0.3):
        held = net = ranks = dates = better = naive = 0.0
        for _ in range(repeats):
            y, other = alike(36, phi, rng), alike(36, phi, rng)
            trend = np.cumsum(rng.standard_normal(36)) * 0.3
            moved = y.copy()
            moved[24:] += 2
            read = _read(moved)
            held += read.change is not None and read.change.low <= 2 <= read.change.high
            read = _read(moved + trend, (other + trend, _days(36)))
            net += read.net is not None and read.net.low <= 2 <= read.net.high
            read = _read(y)
            dates += bool(read.placebos)
            ranks += (read.as_large + 0.5) / (len(read.placebos) + 1)
            bad = _bad_start(phi, rng)
            read = _read(bad)
            better += read.reading == SHOWN and read.change is not None and read.change.difference > 0
            textbook = ttest_ind(bad[24:], bad[20:24])
            naive += textbook.pvalue < 0.05 and textbook.statistic > 0
        shares = [count / repeats for count in (held, net, ranks, better, naive)]
        rows.append((f"{phi}", phi, *shares))
    return Report(("phi", "value", "holds", "net holds", "placebo rank", "bad start shown", "last four shown"), rows)


def _days(size: int) -> np.ndarray:
    return np.arange(size) * 7 + 1


def _read(y: np.ndarray, against: tuple[np.ndarray, np.ndarray] | None = None) -> Effect:
    days = _days(len(y))
    return read_effect(y, days, int(days[23]), int(days[24]), "week", 1, against=against)


def _bad_start(phi: float, rng: np.random.Generator) -> np.ndarray:
    """36 points of a stable series: the 24th is the first that lies 2 sigma to the worse, and makes people act."""
    while True:
        y = alike(160, phi, rng)
        found = np.flatnonzero(y[23:-12] < -2)
        if len(found):
            return y[found[0] : found[0] + 36]


SIMULATIONS = (
    Simulation(
        "effect-coverage",
        coverage,
        ci_repeats=500,
        full_repeats=10_000,
        bounds=(
            *(
                Bound(_cell(size, phi), "Prais-Winsten", *within)
                for size in SIZES
                for phi, within in zip(PHIS, HELD, strict=True)
            ),
            *(
                Bound(_cell(size, phi), method, *within, textbook=True)
                for size in SIZES
                for phi, within in zip(PHIS[1:], HELD[1:], strict=True)
                for method in ("ordinary", "Newey-West", "Newey-West, lag 8")
            ),
            *(Bound(_cell(size, 0.0), "Newey-West, lag 8", *HELD[0], textbook=True) for size in SIZES),
        ),
        source="95 % intervals of a change of 2 sigma by Prais-Winsten with AR(1) errors, by ordinary least squares and by "
        "Newey and West with the lag of their rule and with 8",
    ),
    Simulation(
        "effect-pace",
        paces,
        ci_repeats=500,
        full_repeats=10_000,
        bounds=(
            *(Bound(phi, name, 0.91, 0.985) for phi in ("0.0", "0.3", "0.6") for name in ("pace", "first", "latest")),
            *(Bound("0.3", f"ordinary {name}", 0.91, 0.985, textbook=True) for name in ("pace", "first", "latest")),
            *(Bound("0.6", f"ordinary {name}", 0.91, 0.985, textbook=True) for name in ("pace", "first", "latest")),
            Bound("0.6", "false pace", 0.0, 0.1),
        ),
        source="95 % intervals where a step and another slope come together, by ordinary segmented regression and by "
        "Prais-Winsten with AR(1) errors",
    ),
    Simulation(
        "effect-reading",
        outcome,
        ci_repeats=50,
        full_repeats=2_000,
        bounds=(
            Bound("0.0", "holds", 0.88, 1.0),
            Bound("0.3", "holds", 0.87, 1.0),
            Bound("0.0", "net holds", 0.88, 1.0),
            Bound("0.3", "net holds", 0.87, 1.0),
            Bound("0.0", "placebo rank", 0.38, 0.62),
            Bound("0.0", "bad start shown", 0.0, 0.08),
            Bound("0.3", "bad start shown", 0.0, 0.09),
            Bound("0.3", "last four shown", 0.0, 0.09, textbook=True),
        ),
        source="known changes, no change, and acting at a bad point: against all that came before, and the last four",
    ),
)
