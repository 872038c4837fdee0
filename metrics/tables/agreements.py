"""The agreement of raters by period: what was scored, by how many, and why a period has no value."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from metrics.models import Metric
from metrics.wording import figure
from metrics.wording.agreements import REASONS
from metrics.wording.figures import day_of

SHOWN = 24


@dataclass(frozen=True)
class PeriodLine:
    """One period as the page shows it."""

    day: str
    value: str
    interval: str
    contacts: str
    scored_twice: str
    ratings: str
    raters: str


def period_lines(metric: Metric, facts: dict[str, Any]) -> list[PeriodLine]:
    """The latest periods, the newest first."""
    return [_line(metric, one) for one in reversed(facts["periods"][-SHOWN:])]


def _line(metric: Metric, one: dict[str, Any]) -> PeriodLine:
    interval = "" if one["low"] is None else f"{figure(one['low'], 2)} – {figure(one['high'], 2)}"
    return PeriodLine(
        day=day_of(one["day"], metric.period),
        value=str(REASONS[one["reason"]]) if one["value"] is None else figure(one["value"], 2),
        interval=interval,
        contacts=figure(one["contacts"], 0),
        scored_twice=figure(one["items"], 0),
        ratings=figure(one["ratings"], 0),
        raters=figure(one["raters"], 0),
    )
