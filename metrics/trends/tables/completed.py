"""Nelson and Western Electric rules, EWMA and CUSUM of a folder."""

from pathlib import Path

import numpy as np

from ..arrays import Floats
from ..completed import NELSON, WECO, nelson, weco
from ..gradual import cusum, ewma, level_of
from .reading import Table, in_order, number, read_rows, table_of

INPUTS = ("nelson_points.csv",)
POINTS_INPUT = ("series_id", "seq", "value")
BASELINE = 20
RULES_COLUMNS = (
    "series_id", "seq", "value", "center", "std_dev", "lcl", "ucl",
    *(f"nelson{rule}" for rule in NELSON), *(f"weco{rule}" for rule in WECO),
)  # fmt: skip
GRADUAL_COLUMNS = (
    "series_id", "seq", "value", "baseline", "center", "std_dev", "ewma", "ewma_lcl", "ewma_ucl", "ewma_signal",
    "cusum_pos", "cusum_neg", "cusum_upper", "cusum_lower",
)  # fmt: skip


def tables_of(folder: Path) -> list[Table]:
    """Where each rule completes; smoothed values and sums with limits from the first 20 points. Raises TableError."""
    groups = in_order(read_rows(folder / "nelson_points.csv", POINTS_INPUT), "series_id")
    rules, gradual = [], []
    for name, rows in groups.items():
        values = np.array([row.number("value") for row in rows])
        heads = [(name, str(row.whole("seq")), _value(value)) for row, value in zip(rows, values, strict=True)]
        rules += [(*head, *cells) for head, cells in zip(heads, _rules(values), strict=True)]
        gradual += [(*head, *cells) for head, cells in zip(heads, _gradual(values), strict=True)]
    return [
        table_of("nelson_expected.csv", RULES_COLUMNS, rules),
        table_of("ewma_cusum_expected.csv", GRADUAL_COLUMNS, gradual),
    ]


def _value(value: float) -> str:
    return "" if np.isnan(value) else number(float(value))


def _rules(values: Floats) -> list[tuple[str, ...]]:
    _, centre, sigma = level_of(values)
    lines = tuple(map(number, (centre, sigma, centre - 3 * sigma, centre + 3 * sigma)))
    marks = np.concatenate([nelson(values), weco(values)]).astype(int).T.tolist()
    return [(*lines, *map(str, of_point)) for of_point in marks]


def _gradual(values: Floats) -> list[tuple[str, ...]]:
    smooth, sums = ewma(values, baseline=BASELINE), cusum(values, baseline=BASELINE)
    return [
        (
            str(int(place < BASELINE)), number(smooth.centre), number(smooth.sigma),
            *(number(float(line[place])) for line in (smooth.ewma, smooth.lcl, smooth.ucl)),
            str(int(smooth.signal[place])), number(float(sums.above[place])), number(float(sums.below[place])),
            str(int(sums.upper[place])), str(int(sums.lower[place])),
        )
        for place in range(len(values))
    ]  # fmt: skip
