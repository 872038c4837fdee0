"""What a simulation is and what it answers."""

from __future__ import annotations

import math
from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike


@dataclass(frozen=True)
class Report:
    """One table: ``columns`` name the cells of each row; ``key`` of a row is its first cell. Rates are 0 to 1; nan: too few
    repeats to say."""

    columns: tuple[str, ...]
    rows: list[tuple[str | float | int, ...]]

    def at(self, key: str, column: str) -> float:
        """The number in the row whose first cell is ``key``. Raises KeyError where there is none."""
        place = self.columns.index(column)
        for row in self.rows:
            if row[0] == key:
                return float(row[place])
        raise KeyError(key)


def average(values: ArrayLike) -> float:
    """The mean of a cell's draws, nan where too few repeats brought none."""
    found = np.asarray(values, np.float64)
    return float(found.mean()) if found.size else math.nan


@dataclass(frozen=True)
class Bound:
    """What one cell must lie within, in a run of ``Simulation.ci_repeats``; ``textbook``: it is the method that our
    choice replaces, shown beside it, and the cell must lie outside."""

    key: str
    column: str
    lowest: float
    highest: float
    textbook: bool = False

    def holds(self, report: Report) -> bool:
        inside = self.lowest <= report.at(self.key, self.column) <= self.highest
        return inside is not self.textbook


@dataclass(frozen=True)
class Simulation:
    """``run(repeats, rng)`` makes the table; the same seed gives the same table. ``source`` says what it checks."""

    name: str
    run: Callable[[int, np.random.Generator], Report]
    ci_repeats: int
    full_repeats: int
    bounds: tuple[Bound, ...]
    source: str
