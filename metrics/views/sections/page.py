"""What every section of the metric page starts from, and what it answers."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from typing import Any

from metrics import charts
from metrics.models import Analysis, Mark, Rebase, Series, Signal, Survey
from metrics.queries import certainty
from metrics.queries.analyses import PointRow
from teams import access


@dataclass(frozen=True)
class Page:
    """One series as this person may see it; read once, handed to every section.

    ``rows``: the points of ``analysis`` (None before the first); ``signals``: all of the series, newest first, and the
    ``leading`` one; ``asked``: the fields of the page's address; ``basis``: what the intervals of a survey's points
    rest on (None: no survey); ``has_mix``: whether a split of the total is stored.
    """

    person: Any
    series: Series
    analysis: Analysis | None
    rows: list[PointRow]
    signals: list[Signal]
    leading: Signal | None
    marks: list[Mark]
    rebases: list[Rebase]
    asked: dict[str, str]
    basis: str | None = None
    has_mix: bool = True

    @property
    def drawn(self) -> int:
        """How many points a chart of this page draws: the latest, or all that a chart can hold."""
        return charts.SHOWN if self.asked.get("points") == "all" else charts.LATEST

    @cached_property
    def survey(self) -> Survey | None:
        """How the metric is asked of customers; several sections want to know."""
        return certainty.survey_of(self.series.metric)

    def may(self, permission: str) -> bool:
        return access.may(self.person, permission, self.series.unit)


@dataclass(frozen=True)
class Section:
    """A part of the page: ``key`` is its anchor, its template ``metrics/sections/<key>.html`` is given ``part``."""

    key: str
    part: dict[str, Any]

    @property
    def template(self) -> str:
        return f"metrics/sections/{self.key}.html"
