"""What the next period may bring, worked out again: by the phase in force, or by the season."""

import math
import statistics

from scipy.stats import t

from .beforeafter import later
from .charted import ends_of
from .closely import without_year
from .recompute import Facts, names_of, raw_of, seconds_of


def expected_facts(series):
    """Facts of a series of months or weeks in one phase; of its season where it has one."""
    raw = [one for one in raw_of(series) if math.isfinite(one.value)]
    logged = series.metric.kind == "duration" and all(one.value > 0 for one in raw)
    y = [math.log(one.value) if logged else one.value for one in raw]
    if without_year(raw, logged)[1]:
        cycle = 52 if series.metric.period == "week" else 12
        misses = sorted(b - a for a, b in zip(y, y[cycle:], strict=False))
        place = math.floor((len(misses) + 1) / 10) - 1
        ends = [y[-cycle] + misses[place], y[-cycle] + misses[-1 - place]]
        numbers, days = [4, 5, len(misses)], [later(raw[-1].day, 1, series.metric.period)]
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
