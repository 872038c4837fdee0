"""What the next period may bring, worked out again: by the phase in force, or by the season."""

import math
import statistics

from scipy.stats import t

from .beforeafter import later
from .closely import season_facts
from .recompute import Facts, names_of, raw_of, seconds_of


def expected_facts(series):
    """Facts of a monthly series in one phase; of its season where it has one."""
    raw = [one for one in raw_of(series) if math.isfinite(one.value)]
    logged = series.metric.kind == "duration" and all(one.value > 0 for one in raw)
    y = [math.log(one.value) if logged else one.value for one in raw]
    if season_facts(series)[0]:
        misses = sorted(b - a for a, b in zip(y, y[12:], strict=False))
        place = math.floor((len(misses) + 1) / 10) - 1
        ends = [y[-12] + misses[place], y[-12] + misses[-1 - place]]
        numbers, days = [4, 5, len(misses)], [later(raw[-1].day, 1)]
    else:
        half = t.ppf(0.975, len(y) - 1) * statistics.stdev(y) * math.sqrt(1 + 1 / len(y))
        ends = [statistics.fmean(y) - half, statistics.fmean(y) + half]
        numbers, days = [19, 20], []
    ends = [math.exp(one) if logged else one for one in ends]
    return Facts(numbers=[*ends, *numbers], days=days, names=names_of(series), seconds=seconds_of(series.metric))
