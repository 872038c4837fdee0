"""Counted series of several teams, for tests of comparisons that read alone."""

from metrics.models import Observation, Series
from teams.models import Unit
from tests.metrics import making


def team(department, name):
    made = Unit.objects.create(name=name, kind=Unit.Kind.TEAM, parent=department)
    made.path = f"{department.path}{made.pk}/"
    made.save(update_fields=["path"])
    return made


def share(department, name="Satisfied", **more):
    given = {"kind": "proportion", "scale": 100.0, "measure": "%", **more}
    return making.metric(department, name, **given)


def counted(metric, unit, hits, sizes, **more):
    """A series of counts, one a month from January 2024 on."""
    made = Series.objects.create(metric=metric, unit=unit, **more)
    rows = [
        Observation(series=made, day=making.month(place), numerator=hit, denominator=size)
        for place, (hit, size) in enumerate(zip(hits, sizes, strict=True))
        if hit is not None
    ]
    Observation.objects.bulk_create(rows)
    made.first_day, made.last_day = making.month(0), making.month(len(hits) - 1)
    made.save()
    return made


def weeks(made, rows):
    """Counts of a series by (day, hits, size)."""
    Observation.objects.bulk_create(
        Observation(series=made, day=day, numerator=hits, denominator=size) for day, hits, size in rows
    )
    made.first_day, made.last_day = rows[0][0], rows[-1][0]
    made.save()
