"""What is marked where nothing happened, for data of many kinds and rules of several lengths (design of trends, 3.1)."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np

from metrics.simulations.report import Bound, Report, Simulation
from metrics.trends import Batch, Result, Settings, analyse, codes, nulls
from metrics.trends.arrays import Floats
from metrics.trends.limits import Limits, limits_around, take_block
from metrics.trends.rules import find_marks
from metrics.trends.second import D2, second_opinion

POINTS, NEXT = 52, 12
Draw = Callable[[int, np.random.Generator], Floats]


def _alike(phi: float) -> Draw:
    return lambda repeats, rng: nulls.stable(repeats, POINTS, phi, rng)


def _seasonal(repeats: int, rng: np.random.Generator) -> Floats:
    """A wave over twelve months whose top lies 1 sigma above its middle, begun anywhere in the year."""
    start = rng.uniform(0, 12, (repeats, 1))
    return rng.standard_normal((repeats, POINTS)) + np.sin(2 * np.pi * (np.arange(POINTS) + start) / 12)


PLAIN = Settings()
DATA: tuple[tuple[str, Draw, Settings], ...] = (
    ("normal", _alike(0.0), PLAIN),
    ("alike .2", _alike(0.2), PLAIN),
    ("alike .4", _alike(0.4), PLAIN),
    ("alike .6", _alike(0.6), PLAIN),
    ("lognormal .5", lambda repeats, rng: np.exp(0.5 * rng.standard_normal((repeats, POINTS))), PLAIN),
    ("exponential", lambda repeats, rng: rng.exponential(size=(repeats, POINTS)), PLAIN),
    ("Poisson, mean 3", lambda repeats, rng: rng.poisson(3, (repeats, POINTS)).astype(np.float64), PLAIN),
    ("shares of 30 at .9", lambda repeats, rng: rng.binomial(30, 0.9, (repeats, POINTS)) / 30, PLAIN),
    ("rounded to 1 sigma", lambda repeats, rng: np.round(rng.standard_normal((repeats, POINTS))), PLAIN),
    ("yearly season of 1 sigma", _seasonal, PLAIN),
    ("normal, runs of 8", _alike(0.0), Settings(shift=8)),
    ("normal, trends of 6", _alike(0.0), Settings(trend=6)),
    ("normal, runs of 8 and trends of 6", _alike(0.0), Settings(shift=8, trend=6)),
)


def _analysed(values: Floats, settings: Settings, fixed: int = 0) -> Result:
    repeats, points = values.shape
    starts = np.arange(0, repeats * points + 1, points)
    days = np.tile(np.arange(points), repeats)
    way = np.ones(repeats, np.int8)
    batch = Batch.build(values.reshape(-1), starts, days, direction=way, fix_after=np.full(repeats, fixed))
    return analyse(batch, settings)


def run(repeats: int, rng: np.random.Generator) -> Report:
    """Stable series of 52 points: the share with any point marked, with an icon at the latest, and by which rule."""
    rows: list[tuple[str | float | int, ...]] = []
    for name, draw, settings in DATA:
        result = _analysed(draw(repeats, rng), settings)
        marked = (result.rules > 0).reshape(repeats, POINTS).any(axis=1)
        icon = ~np.isin(result.variation, (codes.COMMON_CAUSE, codes.NO_ICON))
        latest = result.rules.reshape(repeats, POINTS)[:, -1]
        by_rule = [float((latest & rule > 0).mean()) for rule in codes.RULES]
        rows.append((name, float(marked.mean()), float(icon.mean()), *by_rule))
    columns = ("stable data", "any mark", "icon", "icon: outside", "icon: trend", "icon: two of three", "icon: shift")
    return Report(columns, rows)


def frozen(repeats: int, rng: np.random.Generator) -> Report:
    """Limits kept from the first points of a stable series: the share with a mark among the twelve that follow, and with
    a run counted from then on alone, as before and after are read."""
    rows: list[tuple[str | float | int, ...]] = []
    for n in (12, 24, 52, 104):
        found = _analysed(rng.standard_normal((repeats, n + NEXT)), PLAIN, fixed=n)
        later = (found.rules > 0).reshape(repeats, n + NEXT)[:, n:]
        lines = (
            found.phase_mean,
            found.phase_amr,
            found.phase_lpl,
            found.phase_upl,
            found.phase_nlpl,
            found.phase_nupl,
        )
        starts = np.arange(0, repeats * NEXT + 1, NEXT)
        block = take_block(
            found.values.reshape(repeats, -1)[:, n:].reshape(-1), starts, np.zeros(repeats, np.int64),
            np.ones(repeats, np.bool_),
        )  # fmt: skip
        alone = find_marks(block, Limits(*lines, found.phase_notes), starts[1:] - 1, PLAIN).reshape(repeats, NEXT) > 0
        rows.append((str(n), n, float(later.any(axis=1).mean()), float(alone.any(axis=1).mean())))
    return Report(("points", "n", "marked in the next 12", "counted from then on"), rows)


def lengths(repeats: int, rng: np.random.Generator) -> Report:
    """Limits known: points until the rules of the charts speak, as NHS England runs them, and until the second opinion
    does; without a change on average, with a lasting one in the middle of all."""
    found: dict[str, list[float]] = {name: [] for name in ("all four rules", *RULES, LATEST, "EWMA")}
    for shift in (0.0, 1.0, 1.5, 2.0):
        length = 12_000 if shift == 0 else 400
        parts: dict[str, list[Floats]] = {name: [] for name in found}
        for done in range(0, repeats, 200):
            for name, seen in _first_alarms(min(200, repeats - done), length, shift, rng).items():
                parts[name].append(seen)
        for name, several in parts.items():
            every = np.concatenate(several)
            middle = float(np.median(every))
            # Series without an alarm stop at the last point: all points over all alarms leaves nothing out of the mean.
            mean = float(every.sum() / max(1, (every < length).sum()))
            # A rule that notices no level within 400 points has no delay to tell.
            found[name].append(mean if shift == 0 else middle if middle < length else np.nan)
    columns = ("rules", "no change", "1 sigma", "1.5 sigma", "2 sigma")
    return Report(columns, [(name, *cells) for name, cells in found.items()])


# Rule -> how many points after the first that it marks it can be known (of two of three: as ``_pairs`` says).
RULES = {
    "outside": (codes.OUTSIDE, 0), "shift": (codes.SHIFT, 6), "two of three": (codes.TWO_OF_THREE, 0),
    "trend": (codes.TREND, 6),
}  # fmt: skip
LATEST = "two of three at the latest point"


def _first_alarms(repeats: int, length: int, shift: float, rng: np.random.Generator) -> dict[str, Floats]:
    values = rng.standard_normal((repeats, length)) + shift
    nothing = np.zeros(repeats, np.int64)
    known = limits_around(np.zeros(repeats), np.full(repeats, D2), Settings(), nothing.astype(np.uint16))
    starts = np.arange(0, repeats * length + 1, length)
    block = take_block(values.reshape(-1), starts, nothing, nothing > 0)
    marks = codes.RULES_OF_MARKS[find_marks(block, known, starts[1:] - 1, Settings(mode="compat"))]
    flags = {name: (marks.reshape(repeats, length) & rule) > 0 for name, (rule, _later) in RULES.items()}
    flags["two of three"], latest = _pairs(flags["two of three"], values > 0)
    told = {name: _first(flags[name], later) for name, (_rule, later) in RULES.items()}
    side = second_opinion(values.reshape(-1), known, starts, nothing > 0).side
    every = np.min(list(told.values()), axis=0)
    return {
        "all four rules": every,
        **told,
        LATEST: _first(latest, 0),
        "EWMA": _first(side.reshape(repeats, length) != 0, 0),
    }


def _pairs(near: np.ndarray, above: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Where three points on one side with two that are marked are complete, and where the last of them is marked, too:
    only then does the latest point of a series show it."""
    complete, latest = np.zeros_like(near), np.zeros_like(near)
    same = (above[:, 2:] == above[:, 1:-1]) & (above[:, 1:-1] == above[:, :-2])
    complete[:, 2:] = same & (near[:, 2:].astype(np.int8) + near[:, 1:-1] + near[:, :-2] >= 2)
    latest[:, 2:] = complete[:, 2:] & near[:, 2:]
    return complete, latest


def _first(flags: np.ndarray, later: int) -> Floats:
    """How many points until the first flag can be known; all of them without one."""
    length = flags.shape[1]
    return np.where(flags.any(axis=1), np.minimum(flags.argmax(axis=1) + 1 + later, length), length).astype(np.float64)


SIMULATIONS = (
    Simulation(
        "run-lengths",
        lengths,
        ci_repeats=400,
        full_repeats=5_000,
        bounds=(
            Bound("all four rules", "no change", 74, 100),
            Bound("outside", "no change", 320, 440),
            Bound("shift", "no change", 108, 145),
            Bound("two of three", "no change", 770, 1_100),
            Bound(LATEST, "no change", 970, 1_400),
            Bound("trend", "no change", 2_450, 3_350),
            Bound("EWMA", "no change", 310, 420),
            Bound("all four rules", "no change", 310, 420, textbook=True),
            Bound("EWMA", "1 sigma", 6, 8),
            Bound("EWMA", "1.5 sigma", 3, 5),
            Bound("EWMA", "2 sigma", 2, 3),
            Bound("all four rules", "1 sigma", 7, 9),
        ),
        source="limits known: points between false alarms, and until a lasting change is noticed",
    ),
    Simulation(
        "in-control",
        run,
        ci_repeats=4_000,
        full_repeats=60_000,
        bounds=(
            Bound("normal", "icon", 0.014, 0.023),
            Bound("normal", "any mark", 0.38, 0.45),
            Bound("alike .2", "icon", 0.036, 0.054),
            Bound("alike .4", "icon", 0.088, 0.12),
            Bound("alike .6", "icon", 0.20, 0.25),
            Bound("lognormal .5", "icon", 0.045, 0.065),
            Bound("exponential", "icon", 0.062, 0.088),
            Bound("Poisson, mean 3", "icon", 0.024, 0.040),
            Bound("shares of 30 at .9", "icon", 0.024, 0.040),
            Bound("rounded to 1 sigma", "icon", 0.04, 0.07),
            Bound("yearly season of 1 sigma", "icon", 0.035, 0.07),
            Bound("normal, runs of 8", "any mark", 0.26, 0.36),
            Bound("normal, trends of 6", "any mark", 0.42, 0.52),
            Bound("normal, runs of 8 and trends of 6", "any mark", 0.32, 0.43),
        ),
        source="what is marked in stable series of 52 points, by the kind of data and the lengths of the rules",
    ),
    Simulation(
        "frozen-limits",
        frozen,
        ci_repeats=4_000,
        full_repeats=60_000,
        bounds=(
            Bound("12", "counted from then on", 0.25, 0.31),
            Bound("24", "counted from then on", 0.18, 0.23),
            Bound("52", "counted from then on", 0.13, 0.18),
            Bound("104", "counted from then on", 0.11, 0.15),
            Bound("52", "marked in the next 12", 0.13, 0.18, textbook=True),
            Bound("104", "marked in the next 12", 0.11, 0.15, textbook=True),
        ),
        source="limits kept from the first points of a stable series: the fewer, the more of what follows is marked",
    ),
)
