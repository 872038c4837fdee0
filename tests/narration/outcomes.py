"""The reading of an action worked out again: the lines of the points before, and the points since, one by one."""

import math

from metrics.models import Rebase
from tests.trends import plain

from .beforeafter import later
from .charted import ends_of
from .recompute import Facts, names_of, raw_of, seconds_of

FEW = 13  # points before, below which the limits are trial ones


def outcome_facts(action):
    """(verdict that the points offer, whether the limits are trial ones, whether the target is missed, facts) of an
    action of which a rise or a fall was promised."""
    series = action.series
    period = series.metric.period
    done, begun = (_begin(day, period) for day in (action.done_on, action.started_on or action.done_on))
    first = max(
        (day.toordinal() for day in Rebase.objects.filter(series=series, withdrawn_at=None).values_list("day", flat=True)
         if day.toordinal() < begun),
        default=0,
    )  # fmt: skip
    raw = [one for one in raw_of(series) if math.isfinite(one.value)]
    before = [plain.PlainPoint(one.value, 0) for one in raw if first <= one.day < min(begun, done)]
    after = [plain.PlainPoint(one.value, 1) for one in raw if one.day >= done]
    plain.draw_lines(before, before, screen=True)
    line = before[-1]
    for point in after:
        point.mean, point.lpl, point.upl = line.mean, line.lpl, line.upl
        point.side = 0 if plain.close(point.value, line.mean) else (point.value > line.mean) - (point.value < line.mean)
    usual = plain.rule_of([point.value for point in before])
    if usual == plain.rule_of([point.value for point in after]):
        for point in after:
            point.sideless = point.value == usual
            point.side = 0 if point.sideless else point.side
    plain.mark_outside(after)
    plain.mark_shifts(after)
    mean = math.fsum(point.value for point in after) / len(after) if after else math.nan
    last = {way: _last(after, way * series.metric.direction) for way in (1, -1)}
    missed = bool(after) and series.metric.direction * (mean - action.target) < 0
    missing = action.needed_points - len(after)
    least, most = ends_of(series.metric)
    verdict = "not_effective" if last[1] < 0 or last[-1] > last[1] or missed else "effective"
    days = [done]
    if missing > 0:
        verdict = "too_early"
        end = max([one.day for one in raw if one.day >= done], default=_later(done, -1, period))
        days.append(_later(end, missing + 1, period))
    return verdict, len(before) < FEW, missed, Facts(
        numbers=[
            line.mean, max(line.lpl, least), min(line.upl, most), mean, mean - line.mean, abs(mean - line.mean),
            action.target, len(before), len(after), sum("outside" in point.rules for point in after), max(0, missing), FEW,
        ],
        days=days, names=names_of(series), seconds=seconds_of(series.metric),
    )  # fmt: skip


def _begin(day, period):
    """The first day of the period in which the day lies; an ordinal."""
    back = {"month": day.day - 1, "week": day.weekday(), "day": 0}
    return day.toordinal() - back[period]


def _later(day, count, period):
    return later(day, count) if period == "month" else day + count * (7 if period == "week" else 1)


def _last(points, way):
    """The place of the last point that lies outside, or in a run, on this side."""
    marked = [
        place for place, point in enumerate(points) if way in (point.rules.get("outside"), point.rules.get("shift"))
    ]
    return marked[-1] if marked else -1


def told_words(told):
    """Every string that the page of an outcome makes of its reading."""
    flat = [words for value in told.values() for words in (value if isinstance(value, list) else [value])]
    return [str(words) for words in flat]
