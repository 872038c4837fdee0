"""The control chart as SVG, in the look of the chart on the page: the same rows, drawn for paper."""

from __future__ import annotations

import datetime as dt
import io
import math
from collections.abc import Sequence
from typing import Any

import matplotlib
from django.utils.formats import date_format
from django.utils.translation import gettext as _
from matplotlib.axes import Axes
from matplotlib.backends.backend_svg import FigureCanvasSVG
from matplotlib.figure import Figure

from metrics.charts.looks import suffix
from metrics.charts.planned import label_of
from metrics.models import Mark, Metric, Rebase
from metrics.queries.analyses import PointRow
from metrics.trajectories import Path, between
from metrics.wording import amount, decimals_of, figure, spread_of
from reports.typesetting.fonts import FAMILIES, register

INK, MUTED, LINE = "#1c1a18", "#5c5852", "#dedad4"
# Colour and shape together, as on the page.
LOOKS = {
    "common_cause": ("#6b6762", "o", 10),
    "improvement": ("#1d5fbf", "o", 30),
    "concern": ("#b45309", "D", 30),
    "neutral_high": ("#6d4aa8", "s", 26),
    "neutral_low": ("#6d4aa8", "s", 26),
}
STYLE: Any = {"svg.fonttype": "path", "svg.hashsalt": "cxreview", "font.size": 7.5, "axes.linewidth": 0.6}
LABEL_GAP = 0.07


def draw(
    metric: Metric,
    rows: Sequence[PointRow],
    marks: Sequence[Mark],
    rebases: Sequence[Rebase],
    paths: Sequence[Path] = (),
) -> str:
    """The chart as SVG text, with the trajectories of its targets (``paths``). All words are drawn as outlines, so nothing in them can be read as anything else."""
    register()
    with matplotlib.rc_context({**STYLE, "font.family": FAMILIES}):
        figure = Figure(figsize=(6.7, 2.6))
        FigureCanvasSVG(figure)
        axes = figure.add_axes((0.06, 0.12, 0.78, 0.76))
        _frame(axes)
        _lines(axes, rows)
        _points(axes, rows)
        _planned(axes, rows, paths, metric)
        _events(axes, rows, marks, rebases)
        _ends(axes, rows, metric)
        _measured(axes, metric)
        out = io.StringIO()
        figure.savefig(out, format="svg", metadata={"Date": None, "Creator": None})
    return out.getvalue()


def _frame(axes: Axes) -> None:
    for side in ("top", "right"):
        axes.spines[side].set_visible(False)
    for side in ("left", "bottom"):
        axes.spines[side].set_color(LINE)
    axes.tick_params(colors=MUTED, length=2, width=0.6)
    axes.grid(axis="y", color=LINE, linewidth=0.4)
    axes.set_axisbelow(True)


def _number(value: float | None) -> float:
    return math.nan if value is None else value


def _lines(axes: Axes, rows: Sequence[PointRow]) -> None:
    days = [row.day for row in rows]
    axes.plot(days, [_number(row.value) for row in rows], color="#6b6762", linewidth=0.7)
    for phase in sorted({row.phase for row in rows}):
        part = [row for row in rows if row.phase == phase]
        over = [row.day for row in part]
        axes.plot(over, [_number(row.mean) for row in part], color=MUTED, linewidth=1.1)
        for name in ("lower", "upper"):
            axes.plot(over, [_number(getattr(row, name)) for row in part], color=MUTED, linewidth=0.8, dashes=(5, 3))
    if any(row.target is not None for row in rows):
        targets = [_number(row.target) for row in rows]
        axes.plot(days, targets, color=INK, linewidth=1.1, linestyle=":", drawstyle="steps-post")


def _planned(axes: Axes, rows: Sequence[PointRow], paths: Sequence[Path], metric: Metric) -> None:
    """The path to a target, beyond the latest point where it goes on, with its words at the end."""
    drawn = between(paths, rows[0].day) if rows else []
    for path, start, end in drawn:
        axes.plot([start, end], [path.at(start), path.at(end)], color=INK, linewidth=0.7, dashes=(10, 4))
    if drawn:
        path, _start, end = drawn[-1]
        rising = path.value >= path.start_value
        axes.annotate(
            "\n".join(label_of(path, metric)),
            (end, path.at(end)),
            xytext=(0, 2 if rising else -2),
            textcoords="offset points",
            ha="right",
            va="bottom" if rising else "top",
            color=INK,
            parse_math=False,
        )


def _points(axes: Axes, rows: Sequence[PointRow]) -> None:
    for kind, (colour, marker, size) in LOOKS.items():
        seen = [row for row in rows if row.kind == kind and row.value is not None]
        values = [_number(row.value) for row in seen]
        axes.scatter([row.day for row in seen], values, s=size, c=colour, marker=marker, linewidths=0, zorder=3)


def _events(axes: Axes, rows: Sequence[PointRow], marks: Sequence[Mark], rebases: Sequence[Rebase]) -> None:
    """Thin vertical lines with their words above, on three levels so that neighbours do not touch."""
    if not rows:
        return
    first, last = rows[0].day, rows[-1].day + 31
    found = [(mark.day.toordinal(), mark.label) for mark in marks]
    found += [(one.day.toordinal(), _("new limits")) for one in rebases]
    for place, (day, words) in enumerate(sorted(one for one in found if first <= one[0] <= last)):
        axes.axvline(day, color=MUTED, linewidth=0.7)
        axes.annotate(
            words if len(words) <= 28 else words[:27] + "…",
            (day, 1.0),
            xycoords=("data", "axes fraction"),
            xytext=(0, 2 + 8 * (place % 3)),
            textcoords="offset points",
            ha="center",
            color=MUTED,
            fontsize=6.5,
            parse_math=False,
        )


def _measured(axes: Axes, metric: Metric) -> None:
    """The axis says its unit, as it does on the page; each tick with as many decimals as their distance needs."""
    ticks = axes.get_yticks()
    step = abs(float(ticks[1] - ticks[0])) if len(ticks) > 1 else 1.0
    # No more than the step needs, and never for the noise of a division: 0.30000000000000004 is a step of 0.3.
    most = max(9, decimals_of(step))
    decimals = next((places for places in range(most) if math.isclose(step, round(step, places), rel_tol=1e-6)), most)
    axes.yaxis.set_major_formatter(lambda value, _place: figure(float(value), decimals) + suffix(metric))


def _ends(axes: Axes, rows: Sequence[PointRow], metric: Metric) -> None:
    """Direct labels at the right end of the lines, moved apart where they would touch."""
    if not rows:
        return
    last = rows[-1]
    decimals = decimals_of(spread_of(last.mean, last.lower, last.upper), metric.kind)
    told = {
        _("upper %(value)s"): last.upper,
        _("mean %(value)s"): last.mean,
        _("lower %(value)s"): last.lower,
        _("target %(value)s"): last.target,
    }
    named = sorted((value, words) for words, value in told.items() if value is not None)
    low, high = axes.get_ylim()
    floor = -math.inf
    for value, words in named:
        place = max((value - low) / ((high - low) or 1), floor + LABEL_GAP)
        floor = place
        label = words % {"value": amount(value, metric, decimals)}
        axes.text(1.01, place, label, transform=axes.transAxes, va="center", color=INK, parse_math=False)
    ends = [date_format(dt.date.fromordinal(row.day), "YEAR_MONTH_FORMAT") for row in (rows[0], last)]
    axes.set_xticks([rows[0].day, last.day], ends, parse_math=False)
    labels: list[Any] = axes.get_xticklabels()
    labels[0].set_ha("left")
    labels[-1].set_ha("right")
