"""What stands around the points: direct labels at the right end, vertical lines with their words, trial phases."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Any

from django.utils.translation import gettext as _

from metrics.charts.looks import BOTTOM, HEIGHT, INK, LABEL_GAP, MUTED, TOP, iso, plain
from metrics.models import Mark, Metric, Rebase
from metrics.queries.analyses import PointRow
from metrics.wording import amount, figure

LONGEST = 12


@dataclass(frozen=True)
class _Label:
    """A direct label at the right end of a line: value on the y axis, words."""

    y: float
    words: str
    shift: float = 0


def ends(rows: Sequence[PointRow], metric: Metric, decimals: int, low: float, high: float) -> list[dict[str, Any]]:
    """Direct labels at the right end of mean, limits and target, moved apart where they would touch."""
    if not rows:
        return []
    last = rows[-1]
    # Without any variation the limits are the mean, which says it once.
    apart = last.upper is None or last.upper != last.lower
    named = (
        (last.upper if apart else None, _("upper %(value)s")),
        (last.mean, _("mean %(value)s")),
        (last.lower if apart else None, _("lower %(value)s")),
        (last.target, _("target %(value)s")),
        (last.benchmark, _("benchmark %(value)s")),
        (last.tolerance[0] if last.tolerance else None, _("tolerance from %(value)s")),
        (last.tolerance[1] if last.tolerance else None, _("tolerance to %(value)s")),
    )
    labels = [_Label(y, words % {"value": _told(y, metric, decimals)}) for y, words in named if y is not None]
    per_unit = (HEIGHT - TOP - BOTTOM) / (high - low)
    return [
        {
            "x": 1, "xref": "paper", "xanchor": "left", "xshift": 6,
            "y": label.y, "yshift": label.shift, "yanchor": "middle",
            "text": plain(label.words), "showarrow": False, "align": "left",
            "font": {"size": 12, "color": INK},
        }
        for label in _apart(labels, per_unit)
    ]  # fmt: skip


def _told(value: float, metric: Metric, decimals: int) -> str:
    """With its unit, which stands in the title as well: a long one would leave the chart no room on a phone."""
    long = metric.kind != Metric.Kind.DURATION and len(metric.measure) > LONGEST
    return figure(value, decimals) if long else amount(value, metric, decimals)


def _apart(labels: list[_Label], per_unit: float) -> list[_Label]:
    """Shift labels upwards, from the lowest on, until each is at least LABEL_GAP pixels above the one below."""
    placed: list[_Label] = []
    floor = -math.inf
    for label in sorted(labels, key=lambda one: one.y):
        wanted = label.y * per_unit
        at = max(wanted, floor + LABEL_GAP)
        placed.append(replace(label, shift=round(at - wanted, 1)))
        floor = at
    return placed


def _events(
    rows: Sequence[PointRow], marks: Sequence[Mark], rebases: Sequence[Rebase]
) -> list[tuple[int, str, str, str]]:
    """(day, words, dash, what there is to say) of marks and rebases that lie within the chart (a mark may lie up to a
    step outside)."""
    if not rows:
        return []
    first, last = rows[0].day, max(rows[-1].day + 31, rows[-1].day)
    found = [(mark.day.toordinal(), mark.label, "solid", mark.label) for mark in marks]
    for one in rebases:
        if one.withdrawn_at is None:
            why = _("new limits: %(reason)s") % {"reason": one.reason}
            found.append((one.day.toordinal(), _("new limits"), "dot", why))
    return sorted(event for event in found if first <= event[0] <= last)


def shapes(rows: Sequence[PointRow], marks: Sequence[Mark], rebases: Sequence[Rebase]) -> list[dict[str, Any]]:
    lines = [
        {
            "type": "line", "x0": iso(day), "x1": iso(day), "yref": "paper", "y0": 0, "y1": 1,
            "line": {"color": MUTED, "width": 1, "dash": dash},
        }
        for day, _words, dash, _whole in _events(rows, marks, rebases)
    ]  # fmt: skip
    return _trial(rows) + lines


def _trial(rows: Sequence[PointRow]) -> list[dict[str, Any]]:
    """A light ground behind phases whose limits are trial limits."""
    shapes = []
    for phase in sorted({row.phase for row in rows if row.trial}):
        days = [row.day for row in rows if row.phase == phase]
        shapes.append(
            {
                "type": "rect", "x0": iso(days[0]), "x1": iso(days[-1]), "yref": "paper", "y0": 0, "y1": 1,
                "layer": "below", "line": {"width": 0}, "fillcolor": "var(--cx-soft)",
            }
        )  # fmt: skip
    return shapes


def flags(rows: Sequence[PointRow], marks: Sequence[Mark], rebases: Sequence[Rebase]) -> list[dict[str, Any]]:
    """Short labels of the vertical lines, above the chart, on three levels so that neighbours do not touch."""
    return [
        {
            "x": iso(day), "y": 1, "yref": "paper", "yanchor": "bottom", "yshift": 2 + 16 * (place % 3),
            "xanchor": "center", "text": plain(words if len(words) <= 24 else words[:23] + "…"),
            "showarrow": False, "font": {"size": 11, "color": MUTED}, "hovertext": plain(whole),
        }
        for place, (day, words, _dash, whole) in enumerate(_events(rows, marks, rebases))
    ]  # fmt: skip
