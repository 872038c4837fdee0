"""The latest point of a survey worked out again, formula by formula: Wilson's interval of a share by its two roots, the
adjusted Wald interval of a net promoter score, Student's t of a mean from the standard deviation of its answers."""

import math
import statistics
from itertools import pairwise

from scipy import stats

from metrics.models import Series

from .recompute import Facts, names_of, raw_of

Z = 1.959963984540054
PLACE = ("unit", "service", "product", "channel")


def survey_facts(series):
    """Facts of the latest point that has an interval, by what was said of how the metric is asked."""
    survey = series.metric.survey
    rows = [row for row in raw_of(series) if answers_of(row) and math.isfinite(row.value)]
    ends = {"share": _share, "promoters": _promoters, "mean": _mean}[survey.kind](series, rows)
    last = max((row for row in rows if row.day in ends), key=lambda row: row.day)
    low, high = ends[last.day]
    n = answers_of(last)
    numbers = [last.value, low, high, (high - low) / 2, n, 95]
    asked = companion(series, survey.asked).get(last.day)
    if asked:
        numbers += [asked, 100 * n / asked]
    return Facts(numbers=numbers, days=[last.day], names=names_of(series))


def answers_of(row):
    """How many answered: what the figure was divided by, else the count that came beside it."""
    return row.size if row.size is not None else row.n


def companion(series, metric):
    """{day: value} of another metric in the same place; empty without one."""
    if metric is None:
        return {}
    place = {name: getattr(series, f"{name}_id") for name in PLACE}
    same = {f"{name}_id": pk for name, pk in place.items() if pk}
    empty = {f"{name}__isnull": True for name, pk in place.items() if not pk}
    found = Series.objects.select_related("metric").filter(metric=metric, **same, **empty).first()
    return {row.day: row.value for row in raw_of(found)} if found else {}


def _whole(metric):
    """What stands for "all of them" in the metric's unit."""
    per_cent = metric.measure == "%" or metric.survey.kind == "promoters"
    return metric.scale if metric.scale != 1 else 100.0 if per_cent else 1.0


def _share(series, rows):
    ends = {}
    for row in rows:
        n = answers_of(row)
        whole = series.metric.scale if row.size is not None else _whole(series.metric)
        p = row.value / whole
        # (p - x)^2 = z^2 x (1 - x) / n
        a, b, c = 1 + Z * Z / n, -(2 * p + Z * Z / n), p * p
        root = math.sqrt(b * b - 4 * a * c)
        ends[row.day] = whole * (-b - root) / (2 * a), whole * (-b + root) / (2 * a)
    return ends


def _promoters(series, rows):
    """Three answers are added, one in four to each end; without promoters nobody lies in the middle."""
    known, ends = companion(series, series.metric.survey.promoters), {}
    for row in rows:
        n = answers_of(row)
        whole = series.metric.scale if row.size is not None else _whole(series.metric)
        score = row.value / whole
        up = known.get(row.day, (n + score * n) / 2)
        high, low = (up + 0.75) / (n + 3), (up - score * n + 0.75) / (n + 3)
        middle, half = high - low, Z * math.sqrt((high + low - (high - low) ** 2) / (n + 3))
        ends[row.day] = whole * max(-1.0, middle - half), whole * min(1.0, middle + half)
    return ends


def _mean(series, rows):
    """Where the spread of the answers is not known, what the movement from point to point makes of it."""
    known = companion(series, series.metric.survey.spread)
    moves = [abs(b.value - a.value) for a, b in pairwise(rows)]
    usual = statistics.fmean(math.sqrt(answers_of(row)) for row in rows)
    guessed = statistics.fmean(moves) / 1.128 * usual if moves else math.nan
    ends = {}
    for row in rows:
        n, spread = answers_of(row), known.get(row.day, guessed)
        if n >= 2 and math.isfinite(spread):
            half = stats.t.ppf(0.975, n - 1) * spread / math.sqrt(n)
            ends[row.day] = row.value - half, row.value + half
    return ends
