"""The trajectory of a target on a chart: a straight line of long dashes, beyond the latest point where it goes on."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from django.utils.translation import gettext as _

from metrics.charts.looks import INK, iso, plain
from metrics.models import Metric
from metrics.trajectories import Path, between
from metrics.wording.figures import amount, day_of, decimals_as_given


def lines(paths: Sequence[Path], first: int) -> list[dict[str, Any]]:
    """One line from the day of the first point on, broken between the paths of different versions; [] without any."""
    x: list[str] = []
    y: list[float | None] = []
    for path, start, end in between(paths, first):
        if x:
            x.append(iso(start))
            y.append(None)
        x += [iso(start), iso(end)]
        y += [path.at(start), path.at(end)]
    line = {"color": INK, "width": 1, "dash": "longdash"}
    look = {"type": "scatter", "name": "trajectory", "mode": "lines", "hoverinfo": "skip", "connectgaps": False}
    return [{**look, "x": x, "y": y, "line": line}] if x else []


def reached(paths: Sequence[Path], first: int) -> list[float]:
    """The numbers that the line reaches, for the range of the axis."""
    return [path.at(day) for path, *ends in between(paths, first) for day in ends]


def labels(paths: Sequence[Path], first: int, metric: Metric) -> list[dict[str, Any]]:
    """Where the last path ends, on the side that it does not come from: to which value and by when."""
    drawn = between(paths, first)
    if not drawn:
        return []
    path, _start, end = drawn[-1]
    rising = path.value >= path.start_value
    return [
        {
            "x": iso(end), "xanchor": "right", "y": path.at(end), "yanchor": "bottom" if rising else "top",
            "yshift": 3 if rising else -3, "text": "<br>".join(plain(one) for one in label_of(path, metric)), "showarrow": False,
            "align": "right", "font": {"size": 12, "color": INK},
        }
    ]  # fmt: skip


def label_of(path: Path, metric: Metric) -> tuple[str, str]:
    """To which value and by when, on two lines: there is little room beside a line."""
    return (
        _("trajectory to %(value)s") % {"value": amount(path.value, metric, decimals_as_given(path.value))},
        _("by %(day)s") % {"day": day_of(path.by, Metric.Period.DAY)},
    )
