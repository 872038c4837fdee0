"""Funnels of a folder."""

from collections.abc import Iterator
from pathlib import Path
from typing import Literal

import numpy as np

from ..arrays import Floats
from ..funnels import Funnel, counts_compared, funnel_ratios, funnel_shares
from ..settings import Settings
from .reading import Row, Table, TableError, number, read_rows, table_of

INPUTS = ("funnel_series.csv", "funnel_points.csv")
SERIES_INPUT = ("funnel_id", "data_type")
POINTS_INPUT = ("funnel_id", "unit", "numerator", "denominator")
LINES = ("lcl95", "ucl95", "lcl998", "ucl998", "odlcl95", "oducl95", "odlcl998", "oducl998")
COLUMNS = (
    "funnel_id", "data_type", "sr_method", "adjusted", "adjusted_used", "phi", "tau2", "unit", "numerator",
    "denominator", "rr", *LINES, "outlier998",
)  # fmt: skip
Method = Literal["", "SHMI", "CQC"]
METHODS: dict[str, tuple[Method, ...]] = {"PR": ("",), "RC": ("",), "SR": ("SHMI", "CQC")}


def tables_of(folder: Path, settings: Settings) -> tuple[list[Table], int]:
    """(the table of every funnel with and without overdispersion, how many were left out). Ratios of counts (RC) have
    limits that are wrong for rare events: they are written in compat mode alone, to be compared, never used. Raises
    TableError."""
    groups: dict[str, list[Row]] = {}
    for point in read_rows(folder / "funnel_points.csv", POINTS_INPUT):
        groups.setdefault(point.cells["funnel_id"], []).append(point)
    kinds: dict[str, str] = {}
    for row in read_rows(folder / "funnel_series.csv", SERIES_INPUT):
        name, kind = row.cells["funnel_id"], row.cells["data_type"].strip()
        if kind not in METHODS:
            raise row.error("data_type", "bad_funnel")
        if name in kinds:
            raise TableError(row.file, row.line, "funnel_id", name, "twice")
        kinds[name] = kind
    stray = next((rows[0] for name, rows in groups.items() if name not in kinds), None)
    if stray is not None:
        raise stray.error("funnel_id", "unknown_series")
    shown = [name for name, kind in kinds.items() if kind != "RC" or not settings.product]
    rows = (row for name in shown for row in _rows(name, kinds[name], groups.get(name, [])))
    return [table_of("funnel_expected.csv", COLUMNS, rows)], len(kinds) - len(shown)


def _rows(name: str, kind: str, points: list[Row]) -> Iterator[tuple[str, ...]]:
    numerator, denominator = (
        np.array([point.number(side) for point in points], np.float64) for side in ("numerator", "denominator")
    )
    for method in METHODS[kind]:
        for adjust in (True, False):
            found = _funnel(kind, method, numerator, denominator, adjust)
            head = (name, kind, method, str(adjust).upper(), str(adjust and found.tau2 > 0).upper())
            spread = (number(found.phi), number(found.tau2))
            for place, point in enumerate(points):
                yield (
                    *head, *spread, point.cells["unit"], number(numerator[place]), number(denominator[place]),
                    number(float(found.value[place])), *(number(float(getattr(found, line)[place])) for line in LINES),
                    str(abs(int(found.outside[place]))),
                )  # fmt: skip


def _funnel(kind: str, method: Method, numerator: Floats, denominator: Floats, adjust: bool) -> Funnel:
    if kind == "PR":
        return funnel_shares(numerator, denominator, adjust=adjust)
    if kind == "SR" and method:
        return funnel_ratios(numerator, denominator, method=method, adjust=adjust)
    return counts_compared(numerator, denominator, adjust=adjust)
