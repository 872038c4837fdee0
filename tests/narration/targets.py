"""What may be told of a target, worked out again from observations and the versions of the target alone."""

import math
import statistics

from scipy.stats import beta, t

from metrics.models import Rebase, Target

from .recompute import Facts, names_of, raw_of, seconds_of

HUNDRED, LEVEL, TRUSTED = 100, 95, 13  # "in 100", "95 % confidence", "only 7 values"


def steps_of(series):
    """For each unit from its own upwards that has one in force: (day, value) of its targets, oldest first; None: ended."""
    line = [int(part) for part in series.unit.path.strip("/").split("/")]
    rows = Target.objects.filter(metric=series.metric, unit__in=line, state__in=("in_force", "superseded"))
    units = []
    for unit in reversed(line):
        mine = [row for row in rows.order_by("at", "pk") if row.unit_id == unit]
        if any(row.state == "in_force" for row in mine):
            steps = []
            for row in mine:
                steps = [step for step in steps if step[0] < row.from_day.toordinal()]
                steps.append((row.from_day.toordinal(), None if row.ends else row.value))
            units.append(steps)
    return units


def in_force(units, day):
    """Of the nearest unit; of the next one above where it had not begun, or had ended, by then."""
    for steps in units:
        held = [value for begin, value in steps if begin <= day][-1:]
        if held and held[0] is not None:
            return held[0]
    return None


def word_of(chance):
    """By the design: unlikely below 10 %, doubtful to 40, even to 60, likely to 90, very likely above, as it is shown."""
    shown = int(f"{100 * chance:.0f}")
    if 40 <= shown <= 60:
        return "even"
    if 10 <= shown <= 90:
        return "doubtful" if shown < 40 else "likely"
    return "unlikely" if shown < 10 else "very_likely"


def once_in(chance):
    """Of 10 % and more never "1 in 11", of 40 % and more never "1 in 3"."""
    rare = min(chance, 1 - chance)
    if rare <= 0:
        return math.nan
    return min(round(1 / rare), {"doubtful": 10, "likely": 10, "even": 2}.get(word_of(chance), math.inf))


def chance_facts(series, today):
    """Target, chance, gap and hits: t-predictive from the mean and spread of the phase in force."""
    way, steps = series.metric.direction, steps_of(series)
    raw = [one for one in raw_of(series) if math.isfinite(one.value)]
    rebases = Rebase.objects.filter(series=series, withdrawn_at=None).values_list("day", flat=True)
    begin = max((day.toordinal() for day in rebases), default=0)
    values = [one.value for one in raw if one.day >= begin]
    target = in_force(steps, today)
    logged = series.metric.kind == "duration" and all(value > 0 for value in values)
    used = [math.log(value) for value in values] if logged else values
    n, mean, spread = len(used), statistics.fmean(used), statistics.stdev(used) * math.sqrt(1 + 1 / len(used))
    chance = float(t.cdf(way * (mean - (math.log(target) if logged else target)) / spread, n - 1))
    even = math.exp(mean) if logged else mean
    judged = [(one.value, in_force(steps, one.day)) for one in raw]
    judged = [(value, goal) for value, goal in judged if goal is not None]
    hits = sum(way * (value - goal) >= -1e-9 * abs(goal) for value, goal in judged)
    ends = beta.ppf([0.025, 0.975], hits + 0.5, len(judged) - hits + 0.5)
    return chance, Facts(
        numbers=[
            target, abs(target - even), hits, len(judged), *(HUNDRED * ends), 1, HUNDRED, LEVEL,
            once_in(chance), n if n < TRUSTED else math.nan,
        ],
        names=names_of(series),
        seconds=seconds_of(series.metric),
    )  # fmt: skip
