"""Anhoej's two rules: an unusually long run, or unusually few crossings of the centre (Anhoej and Olesen 2014)."""

import math
from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike
from scipy.stats import binom


@dataclass(frozen=True)
class Anhoej:
    """useful: points not on the centre. longest_run and crossings, with the largest and smallest still usual."""

    useful: int
    longest_run: int
    longest_run_max: int
    crossings: int
    crossings_min: int

    @property
    def signal(self) -> bool:
        return self.longest_run > self.longest_run_max or self.crossings < self.crossings_min


def anhoej(values: ArrayLike, centre: ArrayLike) -> Anhoej:
    """Runs about a centre line; points on it and missing points are left out. A half is rounded to even, as in R."""
    away = np.sign(np.asarray(values, np.float64) - np.asarray(centre, np.float64))
    side = away[~np.isnan(away) & (away != 0)]
    useful = len(side)
    if useful == 0:
        return Anhoej(0, 0, 0, 0, 0)
    turns = np.flatnonzero(np.diff(side))
    ends = np.concatenate([[-1], turns, [useful - 1]])
    fewest = int(binom.ppf(0.05, useful - 1, 0.5)) if useful > 1 else 0
    return Anhoej(useful, int(np.diff(ends).max()), round(math.log2(useful)) + 3, len(turns), fewest)
