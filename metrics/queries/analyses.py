"""The stored analyses: one computation that board, page, paper and export all render."""

from __future__ import annotations

import datetime as dt
import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from django.db.models import Q, QuerySet

from jobs.models import Job
from jobs.states import QUEUED, RUNNING
from metrics import trajectories
from metrics.models import Analysis, AnalysisPoints, Observation, Rebase, Series
from metrics.trends import Points, Settings, codes, unpack

DEFAULT_KEY = Settings().key
LOOK_CLOSER = "metrics.look_closer"
TYPES = {
    codes.COMMON_CAUSE: "common_cause",
    codes.IMPROVEMENT: "improvement",
    codes.CONCERN: "concern",
    codes.NEUTRAL_HIGH: "neutral_high",
    codes.NEUTRAL_LOW: "neutral_low",
}


@dataclass(frozen=True)
class Behind:
    """What lies behind a point: ``n`` contacts (None where not known), ``parts`` units that reported in a sum."""

    n: float | None
    parts: int | None


@dataclass(frozen=True)
class PointRow:
    """One point of a stored analysis. Day: ordinal of the period's first day; numbers in the metric's unit.

    ``n``: what was counted (where limits rest on it, as it was when they were computed); ``second``: the smoothed value
    of the second opinion. ``rules``: bit mask of ``metrics.trends``; ``kind``: common_cause, improvement, concern, neutral_high, neutral_low.
    """

    day: int
    value: float | None
    mean: float | None
    lower: float | None
    upper: float | None
    target: float | None
    phase: int
    trial: bool
    rules: int
    kind: str
    benchmark: float | None = None
    tolerance: tuple[float, float] | None = None
    # What the trajectory of the target then planned for the period.
    planned: float | None = None
    n: float | None = None
    parts: int | None = None
    second: float | None = None
    # Of a survey: the 95 % interval of the value, and how many were asked (queries.certainty).
    low: float | None = None
    high: float | None = None
    asked: float | None = None

    @property
    def response(self) -> float | None:
        """Answers per hundred asked, None where either is not known."""
        return 100 * self.n / self.asked if self.n is not None and self.asked else None


def analysis_of(series: Series | int, settings_key: str | None = None) -> Analysis | None:
    """The stored analysis of a series (by the settings asked for, or those of the product), None before the first."""
    pk = series if isinstance(series, int) else series.pk
    rows = Analysis.objects.select_related(
        "drawn", "series__metric", "series__unit", "series__service", "series__product", "series__channel"
    )
    return rows.filter(series=pk, settings_key=settings_key or DEFAULT_KEY).first()


def drawn_rebases(settings: dict[str, Any]) -> list[Rebase]:
    """The rebases that an analysis with these settings knew, as rows that are never stored."""
    return [Rebase(day=dt.date.fromordinal(day), reason=why) for day, why in settings.get("rebases", [])]


def with_points(analysis: Analysis, content: bytes) -> Analysis:
    """The same analysis, drawn from these packed points: for what is never saved (a paper, an adjusted chart)."""
    analysis.drawn = AnalysisPoints(tail=b"", content=content)
    return analysis


def points_of(analysis: Analysis) -> Points:
    """The points of an analysis with their lines, marks and types, exactly as they were computed."""
    return unpack(bytes(analysis.drawn.content))


def rows_of(analysis: Analysis, behind: Mapping[int, Behind] | None = None, last: int | None = None) -> list[PointRow]:
    """The points one by one, oldest first: what chart, table and export show. ``last``: only so many, the newest."""
    points = points_of(analysis)
    begin = 0 if last is None else max(0, len(points) - last)
    steps = [(int(day), _number(value)) for day, value in analysis.settings.get("targets", [])]
    benchmarks = [(int(day), _number(value)) for day, value in analysis.settings.get("benchmarks", [])]
    bands = [(int(day), _number(low), _number(high)) for day, low, high in analysis.settings.get("tolerances", [])]
    paths = trajectories.paths_of(analysis.settings)
    trial = points.per_point((points.phase_notes & codes.TRIAL_LIMITS) > 0)
    nothing = np.full(len(points), math.nan)
    counted = nothing if points.own is None else points.own.counted
    second = nothing if points.second is None else points.second
    arrays = (
        points.days, points.values, points.mean, points.lpl, points.upl, points.phase, trial, points.rules,
        points.point_type, counted, second,
    )  # fmt: skip
    columns = zip(*(array[begin:].tolist() for array in arrays), strict=True)
    rows = []
    for day, value, mean, lower, upper, phase, short, rules, kind, below, smooth in columns:
        known = (behind or {}).get(day)
        rows.append(
            PointRow(
                day=day,
                value=_finite(value),
                mean=_finite(mean),
                lower=_finite(lower),
                upper=_finite(upper),
                target=target_on(steps, day),
                phase=phase,
                trial=short,
                rules=rules,
                kind=TYPES.get(kind, "common_cause"),
                n=below if math.isfinite(below) else known.n if known else None,
                parts=known.parts if known else None,
                second=_finite(smooth),
                benchmark=target_on(benchmarks, day),
                tolerance=_band_on(bands, day),
                planned=trajectories.on(paths, day),
            )
        )
    return rows


def _number(stored: Any) -> float | None:
    return None if stored is None else float(stored)


def target_on(steps: Sequence[tuple[int, float | None]], day: int) -> float | None:
    """The target that was in force on a day, by the steps (day, value) stored with the analysis; None once ended."""
    return next((value for from_day, value in reversed(steps) if from_day <= day), None)


def _band_on(bands: Sequence[tuple[int, float | None, float | None]], day: int) -> tuple[float, float] | None:
    low, high = next(((low, high) for from_day, low, high in reversed(bands) if from_day <= day), (None, None))
    return None if low is None or high is None else (low, high)


def behind(series: Series | int, last: int | None = None) -> dict[int, Behind]:
    """{day: what lies behind the value}: the contacts counted, else the denominator. ``last``: of the newest only."""
    pk = series if isinstance(series, int) else series.pk
    rows = Observation.objects.filter(series=pk).order_by("-day").values_list("day", "n", "denominator", "parts")
    return {day: Behind(n if n is not None else below, parts) for day, n, below, parts in rows[:last]}


def under_way() -> QuerySet[Job]:
    """The computations of analyses that wait or run."""
    known = Q(work__startswith="metrics.analyse") | Q(work=LOOK_CLOSER)
    return Job.objects.filter(known, state__in=(QUEUED, RUNNING))


def running() -> bool:
    """Whether analyses are being computed, so that what is shown may be about to change."""
    return under_way().exists()


def _finite(number: float) -> float | None:
    return number if math.isfinite(number) else None


def series_in_use() -> list[int]:
    """Ids of all series of metrics that are not archived, ascending: what the nightly analysis looks at."""
    rows = Series.objects.filter(metric__archived_at=None).order_by("pk")
    return list(rows.values_list("pk", flat=True))


def tails(series: Sequence[int]) -> dict[int, bytes]:
    """{series: the last points of its stored analysis, packed, for a sparkline}; one query."""
    rows = AnalysisPoints.objects.filter(analysis__series__in=series, analysis__settings_key=DEFAULT_KEY)
    return {pk: bytes(tail) for pk, tail in rows.values_list("analysis__series_id", "tail")}


def made_by(series: Sequence[int]) -> dict[int, Analysis]:
    """{series: its stored analysis with the settings and notes alone}, for the line under a chart; one query."""
    rows = Analysis.objects.filter(series__in=series, settings_key=DEFAULT_KEY).only("series_id", "settings", "notes")
    return {row.series_id: row for row in rows}
