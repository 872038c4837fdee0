"""Rows that are never stored, for sentences made from facts alone."""

from metrics.models import Analysis, Metric, Series, Signal
from metrics.queries.standings import Judged
from teams.models import Unit
from tests.metrics.making import month

FIRST, LAST = month(12), month(19)


def metric(kind="score", measure="%", direction=1, period="month", name="Answered in time", **more):
    return Metric(name=name, kind=kind, measure=measure, direction=direction, period=period, **more)


def series(of=None):
    return Series(pk=7, metric=of or metric(), unit=Unit(name="Team North"))


def signal(rule, direction=1, current=True, points=8, of=None, gone=False, kind="", **facts):
    """Eight months from January 2025 on, about a mean of 84.2 %."""
    level = 90.0 if direction > 0 else 78.5
    told = {"amr": 1.5, "first": level - 1, "last": level, "mean": 84.2, "lower": 80.2, "upper": 88.2,
            "extreme": level + direction, "average": level - 0.5, "span": points, "level": level, "before": 84.2,
            "window": points, "window_day": FIRST, **facts}  # fmt: skip
    return Signal(
        series=series(of), rule=rule, direction=direction, current=current, gone=gone, points=points, first_day=FIRST,
        last_day=LAST if points > 1 else FIRST, point_type=kind or ("improvement" if direction > 0 else "concern"),
        facts=told,
    )  # fmt: skip


def judged(standing, p=0.0035, period="month", many=240, chance=4.3):
    return Judged(standing, p, 1.5, 80.2, 88.2, period, many, chance)


def analysis(of=None, n=24, notes=(), settings=None, latest=84.0, lower=80.2, upper=88.2, amr=1.5, **more):
    return Analysis(
        series=series(of), n=n, scan_n=more.pop("scan_n", n), notes=list(notes), settings=settings or {}, latest=latest,
        latest_day=LAST, mean=84.2, lower=lower, upper=upper, amr=amr, **more,
    )  # fmt: skip
