"""What the next period may bring, worked out again: by the phase in force, or by the season."""

import math
import statistics

from scipy.stats import t

from .beforeafter import later
from .charted import ends_of
from .closely import without_year
from .recompute import Facts, names_of, raw_of, seconds_of

FEWEST = 9  # misses, from which on a range is told


def expected_facts(series):
    """Facts of a series in one phase; of its season where it has one."""
    raw = [one for one in raw_of(series) if math.isfinite(one.value)]
    logged = series.metric.kind == "duration" and all(one.value > 0 for one in raw)
    y = [math.log(one.value) if logged else one.value for one in raw]
    if without_year(raw, logged, (), series.metric.period == "day")[1]:
        when = [later(one.day, 0, series.metric.period) for one in raw]
        following = later(when[-1], 1, series.metric.period)
        before = dict(zip(when, y, strict=True))
        misses = sorted(
            value - before[earlier] for day, value in before.items() if (earlier := _before(day, series)) in before
        )
        place = math.floor((len(misses) + 1) / 10) - 1
        base = before.get(_before(following, series))
        if base is None or len(misses) < FEWEST:
            return Facts()  # nothing may be said
        ends = [base + misses[place], base + misses[-1 - place]]
        numbers, days = [4, 5, len(misses)], [following]
    elif len(y) < 2:
        return Facts()
    else:
        half = t.ppf(0.975, len(y) - 1) * statistics.stdev(y) * math.sqrt(1 + 1 / len(y))
        ends = [statistics.fmean(y) - half, statistics.fmean(y) + half]
        numbers, days = [19, 20], []
    ends = [math.exp(one) if logged else one for one in ends]
    least, most = ends_of(series.metric)
    if series.metric.kind != "score":  # no share beyond its whole, nothing below 0
        least, most = 0.0, series.metric.scale if series.metric.kind == "proportion" else math.inf
    ends = [min(max(one, least), most) for one in ends]
    return Facts(numbers=[*ends, *numbers], days=days, names=names_of(series), seconds=seconds_of(series.metric))


def _before(day, series):
    """The first day of the period one cycle earlier."""
    back = {"day": -7, "week": -52, "month": -12}[series.metric.period]
    return later(day, back, series.metric.period)
