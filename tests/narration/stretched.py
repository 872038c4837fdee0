"""Two stretches of a series worked out again: Welch's interval, with the points that neighbours share taken off."""

import math
from itertools import pairwise

import numpy as np
from scipy import stats

from metrics import analysing
from metrics.models import Analysis
from metrics.queries.analyses import points_of
from metrics.trends.stretches import compared

from .recompute import Facts, names_of, raw_of, seconds_of

FEWEST = 4
CONSTANTS = [95, FEWEST]


def stretch_facts(series, chart, spans):
    """(told apart, facts). chart: the one on which the series is drawn; spans: first and last day of each stretch."""
    raw = raw_of(series)
    parts = [[one for one in raw if first <= one.day <= last] for first, last in spans]
    lines = [_Line(part, chart) for part in parts]
    about = Facts(names=names_of(series), seconds=seconds_of(series.metric), numbers=CONSTANTS)
    about += Facts(days=[day for span in spans for day in span])
    about += Facts(numbers=[turned(line.level, chart, series.metric.scale) for line in lines])
    if min(line.n for line in lines) < FEWEST or not sum(line.variance for line in lines) > 0:
        return False, about
    fewer = (1 - _phi(lines)) / (1 + _phi(lines))
    errors = [line.variance / fewer for line in lines]
    free = [max(line.n * fewer - 1, 2) for line in lines]
    degrees = sum(errors) ** 2 / sum(error**2 / of for error, of in zip(errors, free, strict=True))
    half = stats.t.ppf(0.975, degrees) * math.sqrt(sum(errors))
    middle = lines[1].level - lines[0].level
    told = [middle, middle - half, middle + half]
    if chart == "log":
        numbers = [100 * math.expm1(one) for one in told]
    else:
        numbers = [one * (series.metric.scale if chart in ("p", "u") else 1) for one in told]
    return abs(middle) > half, about + Facts(numbers=numbers)


def turned(level, chart, scale):
    return math.exp(level) if chart == "log" else level * (scale if chart in ("p", "u") else 1)


def side_by_side(series, spans):
    """The analysis, and what the page compares."""
    analysing.analyse_series([series.pk])
    analysis = Analysis.objects.select_related("series__metric", "series__unit", "drawn").get(series=series)
    points = points_of(analysis)
    inside = tuple((points.days >= first) & (points.days <= last) for first, last in spans)
    below = np.full(len(points), np.nan) if points.own is None else points.own.counted
    how = {"log": "times", "p": "counts", "u": "counts"}.get(analysis.settings["chart"], "values")
    return analysis, compared(points.values, below, inside, how)


class _Line:
    """Level, variance of the level, and what lies around it; of counts weighed by what was counted."""

    def __init__(self, raw, chart):
        counted = chart in ("p", "u")
        known = [one for one in raw if math.isfinite(one.value) and (not counted or one.size)]
        self.n = len(known)
        sizes = [one.size if counted else 1.0 for one in known]
        x = [one.count / one.size if counted else math.log(one.value) if chart == "log" else one.value for one in known]
        self.level = math.fsum(a * b for a, b in zip(x, sizes, strict=True)) / math.fsum(sizes) if x else math.nan
        self.rest = [(a - self.level) * math.sqrt(b) for a, b in zip(x, sizes, strict=True)]
        square = math.fsum(one * one for one in self.rest)
        self.variance = square / (self.n - 1) / math.fsum(sizes) if self.n > 1 else math.nan


def _phi(lines):
    above = math.fsum(a * b for line in lines for a, b in pairwise(line.rest))
    below = math.fsum(a * a for line in lines for a in line.rest)
    mean = sum(line.n for line in lines) / len(lines)
    return min(max((above / below + 1 / mean) / (1 - 3 / mean), 0.0), 0.9)
