"""Is each chart right for its data? False marks of counts and times, and the second opinion's run length (3.3: 4, 15).

Sources: trends 3.3, rows 4 and 15; Laney 2002; Lucas and Saccucci 1990.
"""

from __future__ import annotations

from collections.abc import Callable

import numpy as np

from metrics.simulations.report import Bound, Report, Simulation
from metrics.trends import Batch, Settings, analyse, codes
from metrics.trends.limits import limits_around
from metrics.trends.second import D2, second_opinion

POINTS = 52
DELAYS = (1.0, 1.5, 2.0)


def counts(repeats: int, rng: np.random.Generator) -> Report:
    """Stable series of counts: the share of points outside on p', on the textbook's p chart, and on XmR.

    Satisfaction whose truth wanders from period to period by 4 points (as real surveys do), 150 to 600 answers each;
    and the same without wandering, where both charts should be right.
    """
    rows: list[tuple[str | float | int, ...]] = []
    for name, wander in (("overdispersed", 0.04), ("binomial", 0.0)):
        size = rng.integers(150, 600, repeats * POINTS)
        share = np.clip(0.85 + wander * rng.standard_normal(repeats * POINTS), 0.02, 0.98)
        events = rng.binomial(size, share).astype(np.float64)
        below = size.astype(np.float64)
        ours = _outside(events / below, repeats, codes.P, events, below)
        plain = _outside(events / below, repeats, codes.XMR)
        centre = (
            np.add.reduceat(events, _starts(repeats)[:-1]) / np.add.reduceat(below, _starts(repeats)[:-1])
        ).repeat(POINTS)
        textbook = np.abs(events / below - centre) > 3 * np.sqrt(centre * (1 - centre) / below)
        rows.append((name, ours, float(textbook.mean()), plain))
    return Report(("counts", "p'", "p", "XmR"), rows)


def times(repeats: int, rng: np.random.Generator) -> Report:
    """Stable skewed times: the share of points outside, and of latest points with an icon, on log-XmR and on XmR."""
    rows: list[tuple[str | float | int, ...]] = []
    for name, spread in (("lognormal 0.3", 0.3), ("lognormal 0.5", 0.5), ("lognormal 0.8", 0.8)):
        values = np.exp(spread * rng.standard_normal(repeats * POINTS))
        logs, plain = (_analysed(values, repeats, chart) for chart in (codes.LOG, codes.XMR))
        rows.append((name, *(float(np.mean(rate)) for rate in (logs[0], plain[0], logs[1], plain[1]))))
    return Report(("times", "log outside", "XmR outside", "log icon", "XmR icon"), rows)


def second(repeats: int, rng: np.random.Generator) -> Report:
    """The second opinion with mean and sigma known: points to its first signal, without a change and with lasting ones.

    Beside it the points until the limits of the chart alone notice.
    """
    rows: list[tuple[str | float | int, ...]] = []
    for shift in (0.0, *DELAYS):
        length = 2_600 if shift == 0 else 80
        found = [_delays(min(400, repeats - done), length, shift, rng) for done in range(0, repeats, 400)]
        seen, outside = (np.concatenate(parts) for parts in zip(*found, strict=True))
        name = "no change" if shift == 0 else f"{shift:g} sigma"
        rows.append((name, float(seen.mean()), float(np.median(seen)), float(np.median(outside))))
    return Report(("change", "mean", "median", "median outside 3 sigma"), rows)


def _delays(repeats: int, length: int, shift: float, rng: np.random.Generator) -> tuple[np.ndarray, np.ndarray]:
    noise = rng.standard_normal((repeats, length)) + shift
    known = limits_around(np.zeros(repeats), np.full(repeats, D2), Settings(), np.zeros(repeats, np.uint16))
    starts = np.arange(0, repeats * length + 1, length)
    side = second_opinion(noise.ravel(), known, starts, np.zeros(repeats, np.bool_)).side
    return _first(side.reshape(repeats, length) != 0), _first(np.abs(noise) > 3)


def _first(flags: np.ndarray) -> np.ndarray:
    """How many points until the first flag of each row; all of them without one."""
    return np.where(flags.any(1), flags.argmax(1) + 1, flags.shape[1])


def second_in_use(repeats: int, rng: np.random.Generator) -> Report:
    """The same as it is stored: limits from the points themselves; stable series whose latest point it calls changed."""
    rows: list[tuple[str | float | int, ...]] = []
    for n in (24, 52, 104):
        starts = np.arange(0, repeats * n + 1, n)
        result = analyse(Batch.build(rng.standard_normal(repeats * n), starts, np.tile(np.arange(n), repeats)))
        rows.append((str(n), float((result.second_side != 0).mean())))
    return Report(("points", "calls a change"), rows)


def _starts(repeats: int) -> np.ndarray:
    return np.arange(0, repeats * POINTS + 1, POINTS)


def _analysed(
    values: np.ndarray, repeats: int, chart: int, above: np.ndarray | None = None, below: np.ndarray | None = None
) -> tuple[np.ndarray, np.ndarray]:
    """Whether each point lies outside, and whether each series' latest point is of a special cause."""
    batch = Batch.build(
        values, _starts(repeats), np.tile(np.arange(POINTS), repeats), direction=np.ones(repeats, np.int8),
        chart=np.full(repeats, chart, np.int8), numerators=above, denominators=below,
    )  # fmt: skip
    result = analyse(batch)
    return result.rules & codes.OUTSIDE > 0, ~np.isin(result.variation, (codes.COMMON_CAUSE, codes.NO_ICON))


def _outside(values: np.ndarray, repeats: int, chart: int, *counted: np.ndarray) -> float:
    return float(_analysed(values, repeats, chart, *counted)[0].mean())


def _one(
    name: str, run: Callable[[int, np.random.Generator], Report], ci: int, full: int, source: str, *bounds: Bound
) -> Simulation:
    return Simulation(name, run, ci_repeats=ci, full_repeats=full, bounds=bounds, source=source)


SIMULATIONS = (
    _one(
        "count-charts", counts, 400, 10_000,
        "stable counts: p' marks under 1 % of points where the truth wanders, the textbook's p chart does not",
        Bound("overdispersed", "p'", 0.0, 0.01),
        Bound("overdispersed", "p", 0.0, 0.01, textbook=True),
        Bound("binomial", "p'", 0.0, 0.01),
        Bound("binomial", "p", 0.0, 0.01),
    ),
    _one(
        "time-charts", times, 600, 20_000,
        "stable skewed times: the rules run on logarithms mark as rarely as on normal data, on the times they do not",
        Bound("lognormal 0.5", "log outside", 0.0, 0.008),
        Bound("lognormal 0.5", "XmR outside", 0.0, 0.008, textbook=True),
        Bound("lognormal 0.5", "log icon", 0.003, 0.035),
        Bound("lognormal 0.8", "log outside", 0.0, 0.008),
        Bound("lognormal 0.8", "XmR icon", 0.0, 0.035, textbook=True),
    ),
    _one(
        "second-opinion", second, 6_000, 20_000,
        "EWMA 0.2 with 2.86 sigma: about 365 points between false alarms, and small changes found sooner than by the limits",
        Bound("no change", "mean", 350, 380),
        Bound("1 sigma", "median", 6, 9),
        Bound("1 sigma", "median outside 3 sigma", 0, 9, textbook=True),
        Bound("1.5 sigma", "median", 3, 5),
        Bound("2 sigma", "median", 2, 3),
    ),
    _one(
        "second-opinion-in-use", second_in_use, 3_000, 40_000,
        "stable series whose limits come from their own points: how often the second opinion calls the latest one changed",
        Bound("52", "calls a change", 0.0, 0.03),
        Bound("104", "calls a change", 0.0, 0.03),
    ),
)  # fmt: skip
