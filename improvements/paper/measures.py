"""The measures of a frozen content in words: built anew as rows that are never stored, so that the same sentences
stand here and on the board."""

from __future__ import annotations

import base64
import datetime as dt
from dataclasses import dataclass
from typing import Any

from django.utils.translation import gettext as _

from improvements.paper.figures import Cell, cell, plain, shown
from metrics.models import Analysis, Mark, Metric, Rebase, Series, Signal
from metrics.queries.analyses import PointRow, drawn_rebases, rows_of, with_points
from metrics.wording import (
    Icon,
    assurance_icon,
    day_of,
    headline,
    notes_of,
    rule_words,
    settings_line,
    variation_icon,
)
from metrics.wording.figures import amount, decimals_of
from metrics.wording.icons import kind_words
from metrics.wording.trajectories import trajectory_told
from teams.models import Unit

SHOWN_POINTS = 36
# Where the scale of a metric ends. What was frozen before these were kept says nothing that needs them.
ENDS = ("scale", "derived")


@dataclass(frozen=True)
class Measure:
    """One metric of the content: the unsaved rows that the words are made from, and its points."""

    content: dict[str, Any]
    metric: Metric
    series: Series
    analysis: Analysis
    rows: list[PointRow]

    @property
    def name(self) -> str:
        return f"{self.content['metric']}, {self.content['place']}"

    @property
    def variation(self) -> Icon:
        return variation_icon(self.content["variation"], self.content["direction"])

    @property
    def assurance(self) -> Icon:
        return assurance_icon(self.content["assurance"], self.content["direction"])

    @property
    def spread(self) -> float | None:
        return value_of(self.content["amr"])

    def figure(self, name: str) -> Cell:
        """One of the summary numbers, linked to the series."""
        return shown(self.content[name], self.metric, self.spread)

    def limits(self) -> Cell:
        """From the lower to the upper limit of the latest phase, linked to the series."""
        lower, upper = self.figure("lower"), self.figure("upper")
        if not lower["url"]:
            return lower
        return {**lower, "text": f"{lower['text']} – {upper['text']}"}

    def text(self, value: float | None) -> str:
        return amount(value, self.metric, decimals_of(self.spread, self.metric.kind))


def value_of(number: dict[str, Any] | None) -> float | None:
    return None if number is None else number["n"]


def read(content: dict[str, Any]) -> Measure:
    """A metric of the content, ready to be put into words."""
    metric = Metric(
        name=content["metric"],
        measure=content["measure"],
        kind=content["kind"],
        **{name: content[name] for name in ENDS if name in content},
        direction=content["direction"],
        period=content["period"],
    )
    series = Series(pk=content["series"], metric=metric, unit=Unit(name=content["place"]))
    analysis = Analysis(
        series=series,
        settings=content["settings"],
        settings_key=content["settings_key"],
        n=int(content["n"]["n"]),
        notes=content["notes"],
        **{name: value_of(content[name]) for name in ("latest", "mean", "amr", "lower", "upper", "target")},
    )
    with_points(analysis, base64.b64decode(content["points"]))
    rows = rows_of(analysis)
    known = [row.value for row in rows if row.value is not None and row.phase == rows[-1].phase]
    analysis.scan_n = len(known)
    analysis.outlook = {"n": len(known), "varies": len(set(known)) > 1}
    return Measure(content, metric, series, analysis, rows)


def marks(measure: Measure) -> list[Mark]:
    """The marks that stood on the chart when the content was frozen, as rows that are never stored."""
    return [
        Mark(day=dt.date.fromisoformat(one["day"]), label=one["label"], kind=one["kind"])
        for one in measure.content["marks"]
    ]


def rebases(measure: Measure) -> list[Rebase]:
    """The rebases that the frozen analysis knew."""
    return drawn_rebases(measure.content["settings"])


def sentence(measure: Measure) -> str:
    """What the chart shows, in one sentence."""
    first = next(iter(measure.content["signals"]), None)
    signal = Signal(
        series=measure.series,
        current=True,
        **{key: value for key, value in first.items() if key != "id"},
    ) if first else None  # fmt: skip
    return headline(measure.series, measure.analysis, signal)


def chart(measure: Measure) -> dict[str, Any]:
    """The block of a chart: drawn from ``points`` by whoever renders it, with its table and its settings line."""
    return {
        "kind": "chart",
        "id": f"chart-{measure.content['series']}",
        "title": sentence(measure),
        "series": measure.content["series"],
        "settings": str(settings_line(measure.analysis)),
        "notes": [str(words) for words in [*notes_of(measure.analysis), *path_notes(measure)]],
        "table": points_table(measure),
    }


def path_notes(measure: Measure) -> list[str]:
    """Whether the latest value keeps to the trajectory of the target, where there is one."""
    if any(name not in measure.content for name in ENDS):
        return []
    told = trajectory_told(measure.analysis, measure.rows)
    return [told] if told else []


def points_table(measure: Measure) -> dict[str, Any]:
    """The latest points with what was planned for them, if anything, and what the rules say of them."""
    latest = measure.rows[-SHOWN_POINTS:]
    planned = any(row.planned is not None for row in latest)
    rows = [
        [
            cell(day_of(row.day, measure.metric.period)),
            cell(measure.text(row.value), number=True),
            cell(measure.text(row.mean), number=True),
            cell(f"{measure.text(row.lower)} – {measure.text(row.upper)}", number=True),
            *([cell("" if row.planned is None else measure.text(row.planned), number=True)] if planned else []),
            cell(rule_words(row.rules) or str(kind_words(row.kind, row.trial))),
        ]
        for row in latest
    ]
    caption = _("%(name)s: the latest %(shown)s of %(all)s points") % {
        "name": measure.name,
        "shown": plain(len(rows)),
        "all": plain(len(measure.rows)),
    }
    heads = [_("Period"), _("Value"), _("Mean"), _("Limits"), *([_("Trajectory")] if planned else []), _("Rule")]
    return table(caption, heads, rows, numbers=tuple(range(1, len(heads) - 1)))


def table(
    caption: str,
    heads: list[str],
    rows: list[list[Cell]],
    numbers: tuple[int, ...] = (),
    narrow: tuple[int, ...] = (),
) -> dict[str, Any]:
    """The block of a table; the first cell of each row names the row. ``narrow``: columns of single words."""
    return {
        "kind": "table",
        "caption": str(caption),
        "heads": [
            {"text": str(words), "number": place in numbers, "narrow": place in numbers or place in narrow}
            for place, words in enumerate(heads)
        ],
        "rows": [{"cells": row} for row in rows],
    }
