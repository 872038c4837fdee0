"""What is left of a signal without the season of its series, worked out again from raw rows."""

import math
from dataclasses import dataclass, replace

import numpy as np

from metrics.models import Analysis, Rebase
from metrics.queries.closer import season_of
from metrics.wording import narrate

from . import charted, closely
from .recompute import Facts, names_of, raw_of, seconds_of


@dataclass
class Left:
    """alone: the season is there without the pattern; points: marked by the rule (of a change of level: all since it);
    left: marked the same way without the season (other: only the other way); latest: the last of them is; level, before: means without it."""

    alone: bool
    points: int
    left: int
    other: int
    latest: bool
    level: float = math.nan
    before: float = math.nan

    def claim(self, signal):
        """The words of the caveat by which the reader is told which case it is."""
        gone = (self.level - self.before) * signal.direction <= 0
        if not self.alone:
            return "only while this pattern counts towards it"
        if signal.rule == "scan":
            words = "nothing of the change is left" if gone else "), the level went from"
            return "The change is there without the season, too" if self.latest and not gone else words
        if not self.left and self.other:
            return f"{self.other} of the {self.points} points of this pattern"
        if not self.left:
            return "is not marked any more" if self.points == 1 else f"none of the {self.points} points"
        return "The change is there without the season, too" if self.latest else "but not the latest"


def left_of(signal):
    """Of a signal at the latest value; its series has a season."""
    series, rule = signal.series, "two" if signal.rule == "two_of_three" else signal.rule
    raw = [one for one in raw_of(series) if math.isfinite(one.value)]
    days = [one.day for one in raw]
    begins = [
        day.toordinal()
        for day in Rebase.objects.filter(series=series, withdrawn_at=None).values_list("day", flat=True)
        if day.toordinal() <= days[-1]
    ]
    chart, weekly = Analysis.objects.get(series=series).settings.get("chart", "xmr"), series.metric.period == "day"
    logged = chart == "log"
    y = np.array([math.log(one.value) if logged else one.value for one in raw])
    _found, waved, waves = closely.year_of(y, np.array(days, float), begins, weekly)
    ends = charted.ends_of(series.metric)
    adjusted = [
        replace(one, value=one.value / math.exp(more) if logged else sorted((one.value - more, *ends))[1])
        for one, more in zip(raw, (waves @ waved).tolist(), strict=True)
    ]
    plain = charted.points_of(chart, raw, begins, series.metric.scale)
    without = charted.points_of("log" if logged else "xmr", adjusted, begins, 1.0)
    begin = signal.first_day
    if rule == "scan":
        phase = [one for one in raw if one.day >= max(begins, default=0)]
        begin = phase[-charted.widest(charted.scanned(phase, series.metric.kind))].day
        own = [place for place, day in enumerate(days) if day >= begin]
    else:
        own = [place for place, point in enumerate(plain) if days[place] >= begin and fires(point, rule, signal)]
    ways = [set(without[place].rules.values()) for place in own]
    same = [signal.direction in way for way in ways]
    other = sum(-signal.direction in way and signal.direction not in way for way in ways)
    found = Left(
        closely.year_of(y, np.array(days, float), [*begins, begin], weekly)[0],
        len(own),
        sum(same),
        other,
        bool(same) and same[-1],
    )
    if rule == "scan":
        found.level = charted.mean([adjusted[place].value for place in own])
        since = max(begins, default=0)
        found.before = charted.mean([one.value for one in adjusted if since <= one.day < begin])
    return found


def fires(point, rule, signal):
    """The turning point of two trends carries the direction of the first alone."""
    return point.rules.get(rule) == signal.direction or (rule == "trend" and rule in point.rules)


def left_facts(signal):
    """What the caveat may tell."""
    if signal.gone or not signal.current:
        return Facts()
    found = left_of(signal)
    return Facts(
        numbers=[found.points, found.left, found.other, found.level, found.before],
        names=names_of(signal.series), seconds=seconds_of(signal.series.metric),
    )  # fmt: skip


def told_claims(signals):
    """(what is told in English, the words that must be in it) of each signal of which a season is told."""
    found = []
    for one in signals:
        season = season_of(one.series, Analysis.objects.get(series=one.series))
        if season and one.current and not one.gone:
            found.append((narrate(one, season=season).caveat, left_of(one).claim(one)))
    return found
