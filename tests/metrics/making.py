"""Metrics, series and values made by hand, for tests that read alone."""

import datetime as dt

from metrics import analysing
from metrics.models import Definition, Metric, Observation, Series
from teams import clock

FIRST = dt.date(2024, 1, 1)


def metric(unit, name="Answered in time", **more):
    given = {"code": name.lower().replace(" ", "-"), "direction": 1, "kind": "score", "period": "month", **more}
    made = Metric.objects.create(unit=unit, name=name, **given)
    Definition.objects.create(metric=made, number=1, text=f"What {name} is.", at=clock.now())
    return made


def month(place):
    """The ordinal of the first day of the month that many months after January 2024."""
    return dt.date(2024 + place // 12, place % 12 + 1, 1).toordinal()


def series(of_metric, unit, values, first=0, **more):
    """A series with one value a month from January 2024 on (or ``first`` months later); None is a gap."""
    made = Series.objects.create(metric=of_metric, unit=unit, **more)
    observe(made, values, first)
    return made


def observe(made, values, first=0):
    rows = [
        Observation(series=made, day=month(first + place), numerator=value, n=100)
        for place, value in enumerate(values)
        if value is not None
    ]
    Observation.objects.bulk_create(rows)
    made.first_day, made.last_day = month(first), month(first + len(values) - 1)
    made.save()


STEADY = [50, 52, 49, 51, 50, 53, 48, 50, 51, 49, 52, 50, 51]


def falling(unit, name="Answered in time", **more):
    """A series of a metric of which more is better: steady at 50, and 40 in the last eight months; analysed."""
    made = series(metric(unit, name, **more), unit, [*STEADY, 40, 41, 39, 40, 42, 40, 39, 41])
    analysing.analyse_series([made.pk])
    return made


def steady(unit, name="Contacts answered", **more):
    made = series(metric(unit, name, **more), unit, STEADY)
    analysing.analyse_series([made.pk])
    return made
