"""Charts drawn again in plain Python, one point at a time: XmR, Laney's p', u' and c', and XmR of logarithms."""

import bisect
import math
from dataclasses import dataclass
from itertools import pairwise
from statistics import NormalDist

from tests.trends import plain

COUNTED = ("p", "u", "c")
D2, D4 = 1.128, 3.267


@dataclass
class Point(plain.PlainPoint):
    """``value`` and the lines on the scale of the chart; ``shown``, middle, lower and upper in the metric's unit."""

    shown: float = math.nan
    middle: float = math.nan
    lower: float = math.nan
    upper: float = math.nan


def ends_of(metric):
    """What a value can be where the metric has such ends: people cannot agree more than fully, nor less than never."""
    return (-1.0, 1.0) if metric.derived == "agreement" else (-math.inf, math.inf)


def points_of(chart, raw, rebases, scale, ends=(-math.inf, math.inf)):
    """One Point per observation, with the rules that mark it; ends: beyond them no limit is drawn."""
    if chart not in ("xmr", "log", *COUNTED):
        raise NotImplementedError(f"no plain chart of kind {chart}")
    days = [one.day for one in raw]
    places = sorted({bisect.bisect_left(days, day) for day in rebases})
    found = [
        Point(
            math.nan, sum(place <= index for place in places), shown=one.value if math.isfinite(one.value) else math.nan
        )
        for index, one in enumerate(raw)
    ]
    for phase in sorted({point.phase for point in found}):
        chosen = [index for index, point in enumerate(found) if point.phase == phase]
        points, rows = [found[index] for index in chosen], [raw[index] for index in chosen]
        turned = _counted(chart, points, rows, scale) if chart in COUNTED else _valued(chart, points)
        for point, back in zip(points, turned, strict=True):
            point.middle = back(point.mean)
            point.lower, point.upper = max(back(point.lpl), ends[0]), min(back(point.upl), ends[1])  # nan stays
        plain.leave_out_the_rule(points, [point.shown for point in points])
        plain.mark_outside(points)
        plain.mark_shifts(points)
        _mark_trends(points)
        plain.mark_two_of_three(points, last=points[-1] is found[-1])
    return found


def _mark_trends(points):
    """A rise is what the reader sees rise: of a share it is the share, not how many standard errors it lies off."""
    standardised = [point.value for point in points]
    for point in points:
        point.value = point.shown
    plain.mark_trends(points)
    for point, value in zip(points, standardised, strict=True):
        point.value = value


def _valued(chart, points):
    """Values as they are, or their logarithms: mean and moving ranges."""
    for point in points:
        point.value = math.log(point.shown) if chart == "log" else point.shown
    plain.draw_lines(points, points, screen=True)
    back = math.exp if chart == "log" else float
    return [back] * len(points)


def _counted(chart, points, rows, scale):
    """Standardised by the centre of the phase and the size of each period; three sigma of what they scatter, never
    less than chance alone would."""
    sizes = [1.0 if chart == "c" else row.size for row in rows]
    known = [place for place, point in enumerate(points) if not math.isnan(point.shown)]
    centre = math.fsum(rows[place].count for place in known) / math.fsum(sizes[place] for place in known)
    variance = centre * (1 - centre) if chart == "p" else centre
    spreads = [math.sqrt(variance / size) if size else math.nan for size in sizes]
    for place in known:
        points[place].value = (rows[place].count / sizes[place] - centre) / spreads[place] if variance > 0 else 0.0
    sigma = max(_scatter([point.value for point in points]), 1.0) if variance > 0 else 0.0
    top = 1.0 if chart == "p" else math.inf
    for point in points:
        point.mean = 0.0
        point.lpl, point.upl, point.nlpl, point.nupl = -3 * sigma, 3 * sigma, -2 * sigma, 2 * sigma
        if not math.isnan(point.value):
            point.side = (point.value > 1e-12) - (point.value < -1e-12)
        point.near = plain.beyond(point.value, point.nlpl, point.nupl) != 0
    return [
        lambda x, spread=spread: min(max(centre + (x * spread if x else 0.0), 0.0), top) * scale for spread in spreads
    ]


def _scatter(values):
    """The average moving range over 1.128, without the ranges that stand out; 0 where nothing is left."""
    ranges = [abs(after - before) for before, after in pairwise(values)]
    ranges = [one for one in ranges if not math.isnan(one)]
    if not ranges or not math.fsum(ranges):
        return 0.0
    kept = [one for one in ranges if one < D4 * mean(ranges)]
    return mean(kept) / D2 if kept else 0.0


def mean(values):
    return math.fsum(values) / len(values) if values else math.nan


def scanned(used, kind):
    """What a change of level is looked for in: the normal scores of the values, ranked on the scale of their chart."""
    return scores_of(_on_scale(used, kind))


def scores_of(values):
    """For each value the point of the normal curve below which its share of the series lies; equal ones share theirs."""
    away = [value - mean(values) for value in values]
    furthest = max((abs(one) for one in away), default=0.0)
    seen = [round(one / furthest, 9) if furthest else 0.0 for one in away]
    ranks = [sum(other < one for other in seen) + (seen.count(one) + 1) / 2 for one in seen]
    return [NormalDist().inv_cdf((rank - 0.375) / (len(values) + 0.25)) for rank in ranks]


def _on_scale(used, kind):
    values = [one.value for one in used]
    sized = all(one.size and one.size > 0 and one.count >= 0 for one in used)
    bare = any(one.size is None for one in used)
    if kind == "proportion" and sized and all(one.count <= one.size for one in used):
        return _standardised(used, share=True)
    if kind == "rate" and sized:
        return _standardised(used, share=False)
    if (kind == "duration" or (kind == "rate" and bare)) and all(value > 0 for value in values):
        return [math.log(value) for value in values]
    if kind == "count" and all(one.size is None and one.count >= 0 and one.count == round(one.count) for one in used):
        return [2 * math.sqrt(value + 0.375) for value in values]
    return values


def _standardised(used, share):
    centre = math.fsum(one.count for one in used) / math.fsum(one.size for one in used)
    variance = centre * (1 - centre) if share else centre
    return [(one.count / one.size - centre) / math.sqrt(variance / one.size) if variance > 0 else 0.0 for one in used]


def widest(values):
    """The w of 1 to 12 for which the last w lie furthest from the rest, in standard errors; the first of equals."""

    def distance(w):
        apart = abs(mean(values[-w:]) - mean(values[:-w]))
        return apart / math.sqrt(1 / w + 1 / (len(values) - w))

    return max(range(1, min(12, len(values) - 1) + 1), key=distance)
