"""Charts of counts of a folder, in the two layouts of the reference answers."""

from collections.abc import Iterator
from dataclasses import dataclass
from itertools import groupby
from pathlib import Path

import numpy as np

from ..anhoej import anhoej
from ..arrays import Floats
from ..counts import CountChart, Kind, count_chart
from .opinions import RUNS_COLUMNS, runs_cells
from .reading import Row, Table, TableError, in_order, number, read_rows, table_of

INPUTS = ("attr_series.csv", "attr_points.csv")
SERIES_INPUT = ("series_id", "chart", "freeze", "part")
POINTS_INPUT = ("series_id", "seq", "date", "numerator", "denominator")
ANHOEJ_COLUMNS = (
    "series_id", "chart", "screened_mr", "seq", "date", "part", "y", "cl", "lcl", "ucl", "lcl95", "ucl95",
    "sigma_signal", "runs_signal", *RUNS_COLUMNS,
)  # fmt: skip
COUNT_COLUMNS = ("series_id", "chart", "seq", "center", "std_dev", "lcl", "ucl", "beyond", "run7")
LANEY: dict[str, Kind] = {"p": "p'", "u": "u'"}
KINDS: tuple[Kind, ...] = ("p", "u", "c", "g", "t")
RUN = 7


@dataclass(frozen=True)
class Counted:
    """One series: its points in order, its baseline (0 = all) and where its second part begins (0 = none)."""

    name: str
    kind: Kind
    points: list[Row]
    numerator: Floats
    denominator: Floats
    baseline: int
    part: int

    def chart(self, kind: Kind, screen: bool) -> CountChart:
        """Laney's limits as the reference draws them: they may be narrower than the plain ones."""
        parts = [self.part] if self.part else []
        return count_chart(
            kind,
            self.numerator,
            self.denominator,
            baseline=self.baseline,
            parts=parts,
            screen=screen,
            widen_only=False,
        )


def tables_of(folder: Path) -> list[Table]:
    """All charts that suit each series, and the plain p, u and c charts of those without gaps. Raises TableError."""
    points = in_order(read_rows(folder / "attr_points.csv", POINTS_INPUT), "series_id")
    found = [_counted(row, points) for row in read_rows(folder / "attr_series.csv", SERIES_INPUT)]
    _check_names(folder, found, points)
    plain = [one for one in found if one.kind in ("p", "u", "c") and not one.baseline and not one.part]
    return [
        table_of("attr_qicharts2_expected.csv", ANHOEJ_COLUMNS, (row for one in found for row in _runs_rows(one))),
        table_of("attr_qcc_expected.csv", COUNT_COLUMNS, (row for one in plain for row in _count_rows(one))),
    ]


def _check_names(folder: Path, found: list[Counted], points: dict[str, list[Row]]) -> None:
    names = [one.name for one in found]
    twice = next((name for place, name in enumerate(names) if name in names[:place]), None)
    if twice is not None:
        raise TableError(folder / "attr_series.csv", 0, "series_id", twice, "twice")
    stray = next((rows[0] for name, rows in points.items() if name not in names), None)
    if stray is not None:
        raise stray.error("series_id", "unknown_series")


def _counted(row: Row, points: dict[str, list[Row]]) -> Counted:
    name, kind = row.cells["series_id"], next((one for one in KINDS if one == row.cells["chart"].strip()), None)
    if kind is None:
        raise row.error("chart", "bad_chart")
    of_series = points.get(name, [])
    part = row.whole("part")
    if part > len(of_series):
        raise row.error("part", "bad_part")
    columns = [np.array([point.number(side) for point in of_series]) for side in ("numerator", "denominator")]
    return Counted(name, kind, of_series, columns[0], columns[1], row.whole("freeze"), part)


def _charts(one: Counted) -> Iterator[tuple[Kind, bool]]:
    """Kind of chart and whether its moving ranges are screened."""
    yield one.kind, False
    if one.kind == "t":
        yield "t", True
    elif one.kind in LANEY:
        yield LANEY[one.kind], False
        yield LANEY[one.kind], True


def _runs_rows(one: Counted) -> Iterator[tuple[str, ...]]:
    for kind, screen in _charts(one):
        chart = one.chart(kind, screen)
        head = (one.name, kind.replace("'", "p"), str(screen).upper())
        places = range(len(one.points))
        for part, group in groupby(places, key=lambda place: 2 if one.part and place >= one.part else 1):
            inside = list(group)
            runs = anhoej(chart.y[inside], chart.centre[inside])
            tail = (str(int(runs.signal)), *runs_cells(runs))
            for place in inside:
                point = one.points[place]
                yield (
                    *head, str(point.whole("seq")), point.cells["date"], str(part), number(chart.y[place]),
                    *_lines(chart, place, ("centre", "lcl", "ucl", "lcl95", "ucl95")),
                    str(abs(int(chart.outside[place]))), *tail,
                )  # fmt: skip


def _count_rows(one: Counted) -> Iterator[tuple[str, ...]]:
    chart = one.chart(one.kind, screen=False)
    if np.isnan(chart.y).any():
        return
    runs = _late_in_run(chart)
    for place, point in enumerate(one.points):
        centre = float(chart.centre[place])
        spread = np.sqrt(max(0.0, centre * (1 - centre) if one.kind == "p" else centre))
        yield (
            one.name, one.kind, str(point.whole("seq")), number(centre), number(float(spread)),
            *_lines(chart, place, ("lcl", "ucl")), str(abs(int(chart.outside[place]))), str(int(runs[place])),
        )  # fmt: skip


def _late_in_run(chart: CountChart) -> list[bool]:
    """From the seventh point on of every run on one side of the centre."""
    marks: list[bool] = []
    for side, group in groupby(np.sign(chart.y - chart.centre).tolist()):
        marks += [side != 0 and place >= RUN - 1 for place, _ in enumerate(group)]
    return marks


def _lines(chart: CountChart, place: int, names: tuple[str, ...]) -> tuple[str, ...]:
    """A line that a point has not is empty."""
    found = (float(getattr(chart, name)[place]) for name in names)
    return tuple("" if line != line else number(line) for line in found)
