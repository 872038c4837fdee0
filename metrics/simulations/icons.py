"""How often a stable series shows an icon, or any mark, by chance (design of trends, 3.1)."""

from __future__ import annotations

import numpy as np

from metrics.simulations.report import Bound, Report, Simulation
from metrics.trends import Batch, Settings, analyse, codes

LENGTHS = (12, 24, 52, 104)


def run(repeats: int, rng: np.random.Generator) -> Report:
    """For stable normal series of each length: the share whose latest point has an icon, and with any point marked."""
    rows: list[tuple[str | float | int, ...]] = []
    for n in LENGTHS:
        values = rng.standard_normal(repeats * n)
        starts = np.arange(0, repeats * n + 1, n)
        days = np.tile(np.arange(n), repeats)
        result = analyse(Batch.build(values, starts, days, direction=np.ones(repeats, np.int64)), Settings())
        special = ~np.isin(result.variation, (codes.COMMON_CAUSE, codes.NO_ICON))
        marked = np.logical_or.reduceat(result.rules > 0, starts[:-1])
        rows.append((str(n), n, float(special.mean()), float(marked.mean())))
    return Report(("points", "n", "icon", "any mark"), rows)


SIMULATIONS = (
    Simulation(
        "icons",
        run,
        ci_repeats=20_000,
        full_repeats=60_000,
        bounds=(
            Bound("52", "icon", 0.014, 0.020),
            Bound("52", "any mark", 0.39, 0.44),
            Bound("104", "any mark", 0.66, 0.71),
        ),
        source="stable normal data: the mark of the latest point is rare, any mark at all is not",
    ),
)
