"""Intervals of shares of a folder."""

from pathlib import Path

import numpy as np

from ..intervals import clopper_pearson, jeffreys, wilson
from .reading import Table, number, read_rows, table_of

INPUTS = ("proportion_ci_expected.csv",)  # the reference keeps x and n in the table of answers itself
POINTS_INPUT = ("k", "n")
COLUMNS = ("k", "n", "wilson_lo", "wilson_hi", "jeffreys_lo", "jeffreys_hi", "clopper_lo", "clopper_hi")


def tables_of(folder: Path) -> list[Table]:
    """Three intervals for each k of n; answers that stand in the input are not read. Raises TableError."""
    rows = list(read_rows(folder / INPUTS[0], POINTS_INPUT))
    hits, n = (np.array([row.number(side) for row in rows], np.float64) for side in POINTS_INPUT)
    ends = [end for method in (wilson, jeffreys, clopper_pearson) for end in method(hits, n)]
    cells = np.array([hits, n, *ends]).T.tolist()
    return [table_of(INPUTS[0], COLUMNS, (tuple(map(number, row)) for row in cells))]
