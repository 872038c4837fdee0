"""How often the interval of an agreement of raters holds the true agreement (metrics/trends/raters.py)."""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np

from metrics.simulations.report import Bound, Report, Simulation
from metrics.trends.arrays import Bools, Floats
from metrics.trends.raters import Statistic, agreement, choose

DRAWS = 200  # of the bootstrap that our interval replaces


@dataclass(frozen=True)
class Scored:
    """``contacts`` scored by ``people``, each score missing with the chance ``missing``. Words: everybody knows the true
    one of two with the chance ``sure`` and guesses else by how ``common`` the first is, so that the true agreement is
    the square of ``sure``. Numbers (``sure`` 0): the share ``agreed`` of their variance lies between contacts."""

    contacts: int
    people: int
    sure: float = 0.0
    common: float = 0.5
    agreed: float = 0.0
    missing: float = 0.0

    @property
    def truth(self) -> float:
        return self.sure**2 if self.sure else self.agreed

    @property
    def name(self) -> str:
        kind = f"words {self.common:g}" if self.sure else "numbers"
        gaps = f", {self.missing:g} missing" if self.missing else ""
        return f"{kind}, {self.people} people, {self.contacts} contacts{gaps}, agreement {self.truth:.2g}"

    def draw(self, rng: np.random.Generator) -> tuple[Floats, Bools]:
        """people x contacts: the scores, and which of them were given."""
        shape = (self.people, self.contacts)
        given = rng.random(shape) >= self.missing if self.missing else np.ones(shape, np.bool_)
        if self.sure:
            true, guess = rng.random(self.contacts) < self.common, rng.random(shape) < self.common
            return np.where(rng.random(shape) < self.sure, true, guess).astype(np.float64), given
        true_score = rng.standard_normal(self.contacts) * math.sqrt(self.agreed)
        return true_score + rng.standard_normal(shape) * math.sqrt(1 - self.agreed), given


NEARLY_AGREED = Scored(20, 2, sure=0.95, common=0.7)
CASES = (
    NEARLY_AGREED,
    Scored(10, 3, sure=0.8),
    Scored(10, 3, sure=0.95, common=0.85),
    Scored(20, 2, sure=0.8, common=0.7),
    Scored(20, 3, sure=0.95, common=0.7),
    Scored(20, 3, sure=0.8, common=0.85),
    Scored(20, 4, sure=0.8, missing=0.3),
    Scored(50, 3, sure=0.4),
    Scored(10, 3, agreed=0.8),
    Scored(10, 5, agreed=0.5),
    Scored(20, 2, agreed=0.5),
    Scored(50, 3, agreed=0.5),
)


def run(repeats: int, rng: np.random.Generator) -> Report:
    """Of those told, the share of intervals that hold the true agreement: ours, and percentiles of a bootstrap over
    contacts; reach: how far ours goes to either side on average; told: how often one is told."""
    rows: list[tuple[str | float | int, ...]] = []
    for case in CASES:
        found = np.array([_once(case, rng) for _repeat in range(repeats)])
        low, high, drawn_low, drawn_high = found.T
        told = np.isfinite(low)
        rows.append(
            (case.name, _held(low[told], high[told], case.truth), _held(drawn_low[told], drawn_high[told], case.truth),
             float((high - low)[told].mean() / 2), float(told.mean()))
        )  # fmt: skip
    return Report(("scores", "ours", "bootstrap", "reach", "told"), rows)


def _once(case: Scored, rng: np.random.Generator) -> tuple[float, float, float, float]:
    table, given = case.draw(rng)
    rater, item = np.nonzero(given)
    statistic = choose(item, rater, numbers=not case.sure)
    found = agreement(item, rater, table[given], statistic)
    return found.low, found.high, *_drawn_again(table, given, statistic, rng)


def _drawn_again(table: Floats, given: Bools, statistic: Statistic, rng: np.random.Generator) -> tuple[float, float]:
    """Contacts drawn with replacement, the statistic of each draw, and the middle 95 % of them."""
    columns = sums_of(table, given)
    size = len(columns)
    values = values_of(columns[rng.integers(0, size, (DRAWS, size))].sum(1), statistic)
    values = values[np.isfinite(values)]
    if not len(values):
        return math.nan, math.nan
    low, high = np.percentile(values, [2.5, 97.5])
    return float(low), float(high)


def sums_of(table: Floats, given: Bools) -> Floats:
    """One row for each contact that two people scored: how many scores, their squared distances over one less than these,
    scores, squared scores, and the score of the first person."""
    shared = given.sum(0) > 1
    scores, rated = np.where(given, table, 0.0)[:, shared], given[:, shared].sum(0).astype(np.float64)
    first, second = scores.sum(0), (scores**2).sum(0)
    return np.column_stack([rated, 2 * (rated * second - first**2) / (rated - 1), first, second, scores[0]])


def values_of(sums: Floats, statistic: Statistic) -> Floats:
    """The statistic of each row of such sums over contacts. Of two words, told as 0 and 1, alpha is the same on the
    nominal and on the interval scale."""
    every, apart, total, squares, of_one = sums.T
    with np.errstate(all="ignore"):
        if statistic == "cohen":
            one, other = 2 * of_one / every, 2 * (total - of_one) / every
            return np.asarray(1 - apart / every / (one + other - 2 * one * other))
        scores = every if statistic == "fleiss" else every - 1
        return np.asarray(1 - scores * apart / (2 * (every * squares - total**2)))


def _held(low: Floats, high: Floats, truth: float) -> float:
    return float(((low <= truth) & (truth <= high)).mean())


SIMULATIONS = (
    Simulation(
        "agreement",
        run,
        ci_repeats=600,
        full_repeats=20_000,
        bounds=(
            *(Bound(case.name, "ours", 0.88, 0.99) for case in CASES),
            *(Bound(case.name, "told", 0.8, 1.0) for case in CASES),
            Bound(NEARLY_AGREED.name, "bootstrap", 0.75, 1.0, textbook=True),
        ),
        source="95 % intervals of the agreement of raters hold the true one, also where nobody disagrees",
    ),
)
