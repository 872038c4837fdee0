"""How often the interval of a survey's point holds the truth (design of trends, 3.3: 14)."""

from __future__ import annotations

import numpy as np

from metrics.simulations.report import Bound, Report, Simulation
from metrics.trends.intervals import net_promoter, wilson

Z = 1.959964


def run(repeats: int, rng: np.random.Generator) -> Report:
    """Share of intervals that hold the true share or score: ours, and the plain Wald one that textbooks give; half:
    how far the interval reaches to either side on average (0..1, of 2 for net promoter scores)."""
    rows: list[tuple[str | float | int, ...]] = []
    for answers, share in ((15, 0.9), (30, 0.9), (30, 0.5), (100, 0.97)):
        hits = rng.binomial(answers, share, repeats)
        low, high = wilson(hits, answers)
        plain = hits / answers
        wald = Z * np.sqrt(plain * (1 - plain) / answers)
        rows.append((f"share {share:g}, n {answers}", _held(low, high, share), _held(plain - wald, plain + wald, share),
                     float((high - low).mean() / 2)))  # fmt: skip
    for answers, chances in ((30, (0.6, 0.25, 0.15)), (30, (0.9, 0.08, 0.02)), (100, (0.4, 0.3, 0.3))):
        counts = rng.multinomial(answers, chances, repeats).T
        truth = chances[0] - chances[2]
        score, low, high = net_promoter(*counts)
        up, down = counts[0] / answers, counts[2] / answers
        wald = Z * np.sqrt((up + down - score**2) / answers)
        rows.append((f"promoters {chances[0]:g}, n {answers}", _held(low, high, truth),
                     _held(score - wald, score + wald, truth), float((high - low).mean() / 2)))  # fmt: skip
    return Report(("survey", "ours", "Wald", "half"), rows)


def _held(low: np.ndarray, high: np.ndarray, truth: float) -> float:
    return float(((low <= truth) & (truth <= high)).mean())


SIMULATIONS = (
    Simulation(
        "surveys",
        run,
        ci_repeats=8_000,
        full_repeats=200_000,
        bounds=(
            Bound("share 0.9, n 15", "ours", 0.93, 0.99),
            Bound("share 0.9, n 15", "Wald", 0.93, 0.99, textbook=True),
            Bound("share 0.97, n 100", "Wald", 0.93, 0.99, textbook=True),
            Bound("promoters 0.6, n 30", "ours", 0.935, 0.968),
            Bound("promoters 0.6, n 30", "half", 0.18, 0.29),
            Bound("promoters 0.9, n 30", "ours", 0.93, 0.99),
            Bound("promoters 0.9, n 30", "Wald", 0.93, 0.99, textbook=True),
        ),
        source="the interval of each point holds the truth in about 95 %",
    ),
)
