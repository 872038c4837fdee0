"""The points of one series as a table: what the chart draws, in rows."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Sequence
from dataclasses import dataclass

from django.utils.functional import Promise
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from metrics.models import Case, Metric, Upload
from metrics.queries.analyses import PointRow
from metrics.wording import amount, day_of, decimals_of, figure, length, rule_words
from metrics.wording.figures import lower_end, short_day_of
from metrics.wording.icons import kind_words
from teams.lists import Column

Url = Callable[[int], str]


def columns(weighting: str = "") -> list[Column]:
    """One row per point; numbers as they are in the stored analysis. weighting: of a survey, whether it is weighted, for
    a row that is cut out of the file has no other place to say it."""
    return [
        Column("day", _("period begins"), lambda row: dt.date.fromordinal(row.day)),
        Column("value", _("value"), "value", number=True),
        Column("n", _("n"), "n", number=True),
        Column("low", _("95 % interval from"), "low", number=True),
        Column("high", _("95 % interval to"), "high", number=True),
        Column("response", _("response rate"), "response", number=True, measure="%"),
        Column("parts", _("parts reporting"), "parts", number=True),
        Column("mean", _("mean"), "mean", number=True),
        Column("lower", _("lower limit"), "lower", number=True),
        Column("upper", _("upper limit"), "upper", number=True),
        # The one in force then, not the one of today.
        Column("target", _("target then"), "target", number=True),
        Column("planned", _("trajectory then"), "planned", number=True),
        Column("benchmark", _("benchmark then"), "benchmark", number=True),
        Column("tolerance_from", _("tolerance from"), lambda row: row.tolerance and row.tolerance[0], number=True),
        Column("tolerance_to", _("tolerance to"), lambda row: row.tolerance and row.tolerance[1], number=True),
        Column("phase", _("phase"), lambda row: row.phase + 1, number=True),
        Column("trial", _("trial limits"), "trial"),
        Column("rules", _("rule"), lambda row: rule_words(row.rules)),
        Column("kind", _("kind of point"), lambda row: kind_words(row.kind, row.trial)),
        Column("weighting", _("weighting"), lambda row: weighting if row.value is not None else ""),
    ]


@dataclass(frozen=True)
class PointLine:
    """One point, ready to be shown."""

    day: str
    url: str
    value: str
    n: str
    mean: str
    lower: str
    upper: str
    target: str
    planned: str
    rules: str
    kind: str | Promise
    tone: str
    trial: bool
    interval: str = ""
    response: str = ""
    find: str = ""


def lines(
    metric: Metric, rows: Sequence[PointRow], spread: float | None, url_of: Url | None, find_of: Url | None = None
) -> list[PointLine]:
    """The points of a page, newest first; ``spread`` is the analysis' average moving range.

    ``find_of(day)``: where a finding begins from a special-cause point.
    """
    decimals = decimals_of(spread, metric.kind)

    def told(value: float | None) -> str:
        # The unit stands in the header, once; a length of time carries its own.
        return amount(value, metric, decimals) if metric.kind == Metric.Kind.DURATION else figure(value, decimals)

    return [
        PointLine(
            day=short_day_of(row.day, metric.period),
            url=url_of(row.day) if url_of else "",
            value=told(row.value),
            n=figure(row.n, 0) if row.n is not None else "",
            mean=told(row.mean),
            lower=told(row.lower),
            upper=told(row.upper),
            target=told(row.target),
            planned="" if row.planned is None else told(row.planned),
            rules=rule_words(row.rules),
            kind=kind_words(row.kind, row.trial),
            tone=row.kind.split("_")[0],
            trial=row.trial,
            interval=_interval(row, metric, decimals),
            response="" if row.response is None else f"{figure(row.response, 0)}\u202f%",
            find=find_of(row.day) if find_of and row.kind != "common_cause" else "",
        )
        for row in reversed(rows)
    ]


def _interval(row: PointRow, metric: Metric, decimals: int) -> str:
    if row.low is None or row.high is None:
        return ""
    told = {"low": lower_end(row.low, metric, decimals), "high": amount(row.high, metric, decimals)}
    return gettext("%(low)s to %(high)s") % told


@dataclass(frozen=True)
class CaseLine:
    """One case behind a point, ready to be shown."""

    external_id: str
    unit: str
    day: str
    first_response: str
    resolution: str
    score: str
    upload: Upload


def case_lines(cases: Sequence[Case]) -> list[CaseLine]:
    """The cases behind a point; lengths of time as they were counted."""
    return [
        CaseLine(
            external_id=case.external_id,
            unit=case.unit.name,
            day=day_of(case.day, Metric.Period.DAY),
            first_response=_length(case.first_response_seconds),
            resolution=_length(case.resolution_seconds),
            score=_score(case),
            upload=case.upload,
        )
        for case in cases
    ]


def _score(case: Case) -> str:
    """What was scored: a number, or the category under whose name a yes stands."""
    return (
        f"{case.score:g}" if case.score is not None else ", ".join(name for name, given in case.flags.items() if given)
    )


def _length(seconds: float | None) -> str:
    return "" if seconds is None else length(seconds)
