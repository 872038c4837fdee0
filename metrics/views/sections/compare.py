"""Two stretches of the series that the address names, side by side: ``a`` and ``b``, each from one day to another."""

from __future__ import annotations

import datetime as dt
from typing import Any

import numpy as np

from metrics import wording
from metrics.queries import analyses
from metrics.trends.stretches import Compared, How, Stretch, compared
from metrics.views.sections.page import Page, Section
from metrics.wording.stretches import compared_told

FIELDS = ("a_from", "a_to", "b_from", "b_to")
AT_FIRST = 8


def section(page: Page) -> Section | None:
    if page.analysis is None or len(page.rows) < 2:
        return None
    asked = any(page.asked.get(name) for name in FIELDS)
    days = _days(page) if asked else _latest(page)
    part: dict[str, Any] = {"days": {name: day.isoformat() for name, day in days.items()}, "asked": asked}
    if not asked:
        return Section("compare", part)
    wrong = len(days) < len(FIELDS) or not _apart(days)
    return Section("compare", part | ({"wrong": True} if wrong else _compared(page, days)))


def _days(page: Page) -> dict[str, dt.date]:
    """The days of the address; those that are none are left out."""
    found = {}
    for name in FIELDS:
        try:
            found[name] = dt.date.fromisoformat(page.asked.get(name, ""))
        except ValueError:
            continue
    return found


def _latest(page: Page) -> dict[str, dt.date]:
    """What is offered at first: the latest eight points, and the eight before them."""
    days = [row.day for row in page.rows]
    size = max(1, min(AT_FIRST, len(days) // 2))
    edges = (days[-2 * size], days[-size - 1], days[-size], days[-1])
    return {name: dt.date.fromordinal(day) for name, day in zip(FIELDS, edges, strict=True)}


def _apart(days: dict[str, dt.date]) -> bool:
    first, second = (days["a_from"], days["a_to"]), (days["b_from"], days["b_to"])
    return first[0] <= first[1] and second[0] <= second[1] and (first[1] < second[0] or second[1] < first[0])


def _compared(page: Page, days: dict[str, dt.date]) -> dict[str, Any]:
    analysis = page.analysis
    assert analysis is not None
    first, second = ((days[f"{one}_from"].toordinal(), days[f"{one}_to"].toordinal()) for one in "ab")
    spans = (first, second)
    points = analyses.points_of(analysis)
    inside = tuple((points.days >= begin) & (points.days <= end) for begin, end in spans)
    chart = analysis.settings.get("chart")
    of_chart: dict[str, How] = {"log": "times", "p": "counts", "u": "counts"}
    how = of_chart.get(str(chart), "values")
    counted = np.full(len(points), np.nan) if points.own is None else points.own.counted
    found = compared(points.values, counted, (inside[0], inside[1]), how)
    return {"told": compared_told(page.series.metric, analysis, found, spans), "lines": _lines(page, found, inside)}


def _lines(page: Page, found: Compared, inside: tuple[np.ndarray, ...]) -> list[dict[str, str]]:
    """One row a stretch: its level, the limits at its end, its points, what was counted."""
    return [_line(page, stretch, chosen) for stretch, chosen in zip((found.first, found.second), inside, strict=True)]


def _line(page: Page, stretch: Stretch, chosen: np.ndarray) -> dict[str, str]:
    metric, analysis = page.series.metric, page.analysis
    decimals = wording.decimals_of(analysis.amr if analysis else None, metric.kind)
    rows = [row for row, there in zip(page.rows, chosen.tolist(), strict=True) if there and row.value is not None]
    last = rows[-1] if rows else None
    return {
        "level": wording.amount(stretch.level, metric, decimals),
        "lower": wording.amount(last.lower if last else None, metric, decimals),
        "upper": wording.amount(last.upper if last else None, metric, decimals),
        "points": wording.figure(stretch.points, 0),
        "counted": wording.figure(stretch.counted, 0),
        "special": wording.figure(sum(row.kind != "common_cause" for row in rows), 0),
    }
