"""What is told of a trajectory, worked out again: the straight way between two periods, and how far single values lie from
their mean on the chart as it is drawn in plain Python."""

import math

from metrics.models import Analysis, Rebase

from . import charted
from .recompute import Facts, names_of, raw_of, seconds_of


def begun(day, period):
    """The first day of the period of a date, as an ordinal."""
    if period == "month":
        return day.replace(day=1).toordinal()
    return day.toordinal() - (day.weekday() if period == "week" else 0)


def path_facts(series, target):
    """(facts, what is to be said) of the latest value of a series whose target with its trajectory is in force."""
    period = series.metric.period
    start, end = begun(target.start_day, period), begun(target.reach_by, period)
    chart = Analysis.objects.get(series=series).settings.get("chart", "xmr")
    rebases = [one.toordinal() for one in Rebase.objects.filter(series=series).values_list("day", flat=True)]
    raw = raw_of(series)
    points = charted.points_of(chart, raw, rebases, series.metric.scale, charted.ends_of(series.metric))
    day, point = [(one.day, point) for one, point in zip(raw, points, strict=True) if not math.isnan(point.shown)][-1]
    slope = (target.value - target.start_value) / (end - start)
    planned = target.value - slope * (end - day)
    if chart == "log":
        low, high = planned * point.lower / point.middle, planned * point.upper / point.middle
    else:
        far = max(point.upper - point.middle, point.middle - point.lower)
        low, high = planned - far, planned + far
    side = 1 if point.shown > high else -1 if point.shown < low else 0
    apart = [
        one.value - (target.value - slope * (end - one.day))
        for one in raw
        if not math.isnan(one.value) and one.day >= max(start, target.from_day.toordinal())
    ]
    same = next((at for at, gap in enumerate(reversed(apart)) if gap * apart[-1] <= 0), len(apart))
    run = 0 if side or same < 7 else same
    side = side or (run > 0) * (1 if apart[-1] > 0 else -1)
    least, most = charted.ends_of(series.metric)
    least = least if series.metric.kind == "score" else 0.0
    most = series.metric.scale if series.metric.kind == "proportion" else most
    facts = Facts(
        numbers=[target.value, point.shown, planned, *([run] if run else [max(low, least), min(high, most)])],
        days=[day, target.reach_by.toordinal()],
        names=names_of(series),
        seconds=seconds_of(series.metric),
    )
    return facts, side * series.metric.direction
