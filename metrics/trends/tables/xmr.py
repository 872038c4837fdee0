"""The XmR chart of every series of a folder, and the second opinions on the same points."""

from dataclasses import dataclass
from itertools import pairwise
from pathlib import Path

import numpy as np

from ..analysis import analyse
from ..batch import Batch
from ..settings import Settings
from .opinions import drift_table, runs_table
from .reading import Row, Table, TableError, read_rows, table_of
from .xmr_rows import POINT_COLUMNS, SERIES_COLUMNS, point_rows, refused_row, series_rows

INPUTS = ("xmr_series.csv", "xmr_points.csv")

DIRECTIONS = {"increase": 1, "decrease": -1, "neutral": 0}
SERIES_INPUT = ("series_id", "direction", "target", "rebase_dates", "fix_after_n", "screen_outliers")
POINTS_INPUT = ("series_id", "date", "value")


@dataclass(frozen=True)
class SeriesRow:
    name: str
    direction: int
    target: float
    rebase: tuple[int, ...]
    fix_after: int
    screen: bool


@dataclass(frozen=True)
class Folder:
    """What a folder holds: the series in file order, and the points (day, value) of each, in file order."""

    series: list[SeriesRow]
    points: list[list[tuple[int, float]]]

    def twice(self, index: int) -> int | None:
        """The first day on which a series has more than one point."""
        days = sorted(day for day, _ in self.points[index])
        return next((day for day, following in pairwise(days) if day == following), None)


def read_folder(folder: Path) -> Folder:
    """Read xmr_series.csv and xmr_points.csv. Raises TableError."""
    series = [_series(row) for row in read_rows(folder / "xmr_series.csv", SERIES_INPUT)]
    place = {row.name: index for index, row in enumerate(series)}
    if len(place) < len(series):
        name = next(row.name for index, row in enumerate(series) if place[row.name] != index)
        raise TableError(folder / "xmr_series.csv", 0, "series_id", name, "twice")
    points: list[list[tuple[int, float]]] = [[] for _ in series]
    for row in read_rows(folder / "xmr_points.csv", POINTS_INPUT):
        if row.cells["series_id"] not in place:
            raise row.error("series_id", "unknown_series")
        points[place[row.cells["series_id"]]].append((row.day("date"), row.number("value")))
    return Folder(series, points)


def make_batch(folder: Folder, chosen: list[int]) -> Batch:
    """The chosen series as one batch. Raises DuplicateDate."""
    rows = [folder.series[index] for index in chosen]
    points = [folder.points[index] for index in chosen]
    flat = [point for of_series in points for point in of_series]
    return Batch.build(
        [value for _, value in flat],
        np.cumsum([0, *(len(of_series) for of_series in points)]),
        [day for day, _ in flat],
        direction=[row.direction for row in rows],
        target=[row.target for row in rows],
        rebase=[(index, day) for index, row in enumerate(rows) for day in row.rebase],
        fix_after=[row.fix_after for row in rows],
        screen=[row.screen for row in rows],
        names=[row.name for row in rows],
    )


@dataclass(frozen=True)
class Analysed:
    """The tables, and how many series were analysed and refused."""

    tables: list[Table]
    analysed: int
    refused: int


def tables_of(folder: Path, settings: Settings) -> Analysed:
    """Points and series with limits, rules and icons; runs and drift of the series that stand for themselves.

    A series with two points on one date is refused (status error). Raises TableError.
    """
    found = read_folder(folder)
    refused = {index: day for index in range(len(found.series)) if (day := found.twice(index)) is not None}
    chosen = [index for index in range(len(found.series)) if index not in refused]
    result = analyse(make_batch(found, chosen), settings)
    rows = dict(zip(chosen, series_rows(result), strict=True))
    for index, day in refused.items():
        rows[index] = refused_row(found.series[index].name, day, len(found.points[index]))
    named = [(found.series[index], [value for _, value in sorted(found.points[index])]) for index in chosen]
    plain = [(row.name, values) for row, values in named if not row.rebase and not row.fix_after]
    tables = [
        table_of("xmr_expected_points.csv", POINT_COLUMNS, point_rows(result)),
        table_of("xmr_expected_series.csv", SERIES_COLUMNS, (rows[index] for index in sorted(rows))),
        runs_table(plain),
        drift_table([(row.name, values) for row, values in named]),
    ]
    return Analysed(tables, len(chosen), len(refused))


def _series(row: Row) -> SeriesRow:
    direction, screen = row.cells["direction"].strip(), row.cells["screen_outliers"].strip().upper()
    if direction not in DIRECTIONS:
        raise row.error("direction", "bad_direction")
    if screen not in ("TRUE", "FALSE"):
        raise row.error("screen_outliers", "bad_screen")
    fix_after = row.whole("fix_after_n")
    if 0 < fix_after < 12:
        raise row.error("fix_after_n", "bad_fix_after")
    rebase = row.days("rebase_dates") if row.cells["rebase_dates"].strip() else ()
    return SeriesRow(
        row.cells["series_id"],
        DIRECTIONS[direction],
        row.number("target"),
        rebase,
        fix_after,
        screen == "TRUE",
    )
