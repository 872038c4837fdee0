"""The facts behind a statement, worked out again from raw observations: plain Python, none of the product's pipeline."""

import datetime as dt
import math
from dataclasses import dataclass, field

from metrics.models import Analysis, Mark, Observation, Rebase

from . import charted

TRUSTED = 13  # points of a phase from which on its limits are no trial ones
SECONDS = {"s": 1, "second": 1, "seconds": 1, "min": 60, "minute": 60, "minutes": 60, "h": 3600, "hour": 3600,
           "hours": 3600, "day": 86_400, "days": 86_400}  # fmt: skip


@dataclass
class Facts:
    """What a sentence may say: numbers (also counts), days (ordinals), and names in which figures may stand.

    ``seconds``: what one unit of the metric is, for lengths of time; 0 for other metrics."""

    numbers: list[float] = field(default_factory=list)
    days: list[int] = field(default_factory=list)
    names: list[str] = field(default_factory=list)
    seconds: float = 0.0

    def __add__(self, other):
        return Facts(
            self.numbers + other.numbers, self.days + other.days, self.names + other.names,
            self.seconds or other.seconds,
        )  # fmt: skip


@dataclass
class Raw:
    """One observation as it was brought; ``value`` in the metric's unit, ``n`` as it came beside a ready-made one."""

    day: int
    value: float
    count: float
    size: float | None
    n: float | None = None


def raw_of(series):
    """Every observation in order of day, its value worked out from what was counted."""
    scale = series.metric.scale
    rows = Observation.objects.filter(series=series).values_list("day", "numerator", "denominator", "n").order_by("day")
    return [Raw(day, _value(count, size) * scale, count, size, n) for day, count, size, n in rows]


def _value(numerator, denominator):
    if denominator is None:
        return numerator
    return numerator / denominator if denominator else math.nan


def steps_of(days):
    """The number of the period of each day: of months where every day begins one, of weeks where all fall on the same
    weekday, else of days."""
    days = list(days)
    dates = [dt.date.fromordinal(day) for day in days]
    if all(date.day == 1 for date in dates):
        return [12 * date.year + date.month for date in dates]
    return [(day - 1) // 7 for day in days] if len({day % 7 for day in days}) == 1 else days


def names_of(series):
    """Names and the unit of measurement, longest first: a short one may be part of a long one."""
    # What is told as a length of time keeps its unit, so that it is read as one.
    names = [series.metric.name, series.place, "" if seconds_of(series.metric) else series.metric.measure]
    return sorted((name for name in names if name), key=len, reverse=True)


def seconds_of(metric):
    unit = SECONDS.get(metric.measure.strip().casefold(), 0)
    if metric.kind != "duration":
        return 0.0
    return float(unit or (1 / metric.scale if 0 < metric.scale < 1 else 0))


def signal_facts(signal):
    """Everything that the sentences of a signal may tell, from its rule, direction and the days between which it lies."""
    series = signal.series
    raw = raw_of(series)
    days = [one.day for one in raw]
    rebases = [
        day.toordinal()
        for day in Rebase.objects.filter(series=series, withdrawn_at=None).values_list("day", flat=True)
        if day.toordinal() <= days[-1]
    ]
    about = Facts(
        days=_marks(series),
        names=[*names_of(series), *_labels(series)],
        seconds=seconds_of(series.metric),
    )
    if signal.rule == "scan":
        return about + _scan_facts(signal, raw, rebases)
    chart = Analysis.objects.get(series=series).settings.get("chart", "xmr")
    plain = charted.points_of(chart, raw, rebases, series.metric.scale, charted.ends_of(series.metric))
    rule = "two" if signal.rule == "two_of_three" else signal.rule
    inside = [
        (day, point)
        for day, point in zip(days, plain, strict=True)
        if signal.first_day <= day <= signal.last_day and not math.isnan(point.shown)
    ]
    marked = [(day, point) for day, point in inside if _fires(point, rule, signal.direction)]
    if not marked or (marked[0][0], marked[-1][0]) != (signal.first_day, signal.last_day):
        return about  # the data hold no such run: nothing may be said
    values = [point.shown for _, point in inside]
    first, last = inside[0][1], inside[-1][1]
    furthest = max((point.shown for _, point in marked), key=lambda value: abs(value - first.middle))
    of_phase = sum(point.phase == first.phase and not math.isnan(point.shown) for point in plain)
    return about + Facts(
        numbers=[
            values[0], values[-1], math.fsum(values) / len(values), furthest, first.middle, last.lower, last.upper,
            len(inside), len(marked), TRUSTED if of_phase < TRUSTED else math.nan,
        ],
        days=[signal.first_day, signal.last_day],
    )  # fmt: skip


def _scan_facts(signal, raw, rebases):
    """The window whose mean lies furthest from the rest of its phase, in standard errors, and both means: as the data
    stood when the signal was last seen."""
    begin = max((day for day in rebases if day <= signal.last_day), default=0)
    used = [one for one in raw if begin <= one.day <= signal.last_day and math.isfinite(one.value)]
    window = charted.widest(charted.scanned(used, signal.series.metric.kind))
    level, before = used[-window:], used[:-window]
    return Facts(
        numbers=[charted.mean([one.value for one in level]), charted.mean([one.value for one in before]), window],
        # A signal that was confirmed earlier keeps the first day of its first window.
        days=[level[0].day, level[-1].day, signal.first_day],
    )


def _fires(point, rule, direction):
    """The turning point of two trends carries the direction of the first alone."""
    return point.rules.get(rule) == direction or (rule == "trend" and rule in point.rules)


def _marks(series):
    return [day.toordinal() for day in Mark.objects.filter(series=series).values_list("day", flat=True)]


def _labels(series):
    return list(Mark.objects.filter(series=series).values_list("label", flat=True))


def month_of(day):
    date = dt.date.fromordinal(day)
    return date.year, date.month
