"""A review of twelve measured criteria, made in the demonstration: no page of the product has more charts than one has
criteria. Each is of 260 working days: shares with limits of their own, times, counts and scores, with shifts, notes and
a target. Prints the address of its page. Run by benchmarks.pages_drawn in an installation of its own.
"""

from __future__ import annotations

import datetime as dt
import os

import django

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "cxreview.settings")
django.setup()

import numpy as np  # noqa: E402

from metrics import analysing  # noqa: E402
from metrics.models import Definition, Mark, Metric, Observation, Series, Target  # noqa: E402
from processes.models import Service  # noqa: E402
from reviews import workflow  # noqa: E402
from reviews.models import Criterion, Review  # noqa: E402
from teams import clock  # noqa: E402
from teams.models import Person, Role, Unit  # noqa: E402

CHARTS, POINTS = 12, 260
KINDS = (
    {"kind": "proportion", "scale": 100.0, "measure": "%"},
    {"kind": "duration", "measure": "minutes"},
    {"kind": "count", "measure": "contacts"},
    {"kind": "score", "measure": "points"},
)


def values_of(kind: str, rng: np.random.Generator) -> list[tuple[float, float | None]]:
    """Numerator and denominator of each day; higher in the last fifty, and far off on one day in fifty."""
    level = 70 + 12 * (np.arange(POINTS) > POINTS - 50) + 15 * (rng.random(POINTS) < 0.02)
    if kind == "proportion":
        below = rng.integers(150, 900, POINTS)
        shares = np.minimum(level, 97) / 100
        return [(float(rng.binomial(n, share)), float(n)) for n, share in zip(below, shares, strict=True)]
    if kind == "count":
        return [(float(one), None) for one in rng.poisson(level * 20)]
    spread = np.exp(rng.normal(0, 0.3, POINTS)) if kind == "duration" else 1 + rng.normal(0, 0.06, POINTS)
    return [(float(one), None) for one in level * spread]


def measured(number: int, person: Person, unit: Unit, days: list[dt.date]) -> Series:
    """One metric with its series, a target and notes."""
    kind = KINDS[number % len(KINDS)]
    name = f"Measure {number + 1} of twelve"
    metric = Metric.objects.create(unit=unit, name=name, code=f"twelve-{number}", direction=1, period="day", **kind)
    Definition.objects.create(metric=metric, number=1, text=name, at=clock.now())
    Target.objects.create(
        metric=metric, unit=unit, value=85.0, from_day=days[90], reason="Plan", person=person, at=clock.now()
    )
    made = Series.objects.create(metric=metric, unit=unit, first_day=days[0].toordinal(), last_day=days[-1].toordinal())
    rows = zip(days, values_of(str(kind["kind"]), np.random.default_rng(number)), strict=True)
    Observation.objects.bulk_create(
        [
            Observation(series=made, day=day.toordinal(), numerator=above, denominator=below)
            for day, (above, below) in rows
        ]
    )
    for place in (40, 150, 230):
        Mark.objects.create(
            series=made, kind="note", day=days[place], label=f"Rota {place}", person=person, at=clock.now()
        )
    return made


def make() -> Review:
    person = Person.objects.get(email="tom@demo.example")
    unit = Role.objects.select_related("unit").get(person=person, name="supervisor").unit
    today = clock.today()
    days = [day for back in range(2 * POINTS, 0, -1) if (day := today - dt.timedelta(back)).weekday() < 5][-POINTS:]
    series = [measured(number, person, unit, days) for number in range(CHARTS)]
    analysing.analyse_series([one.pk for one in series])
    decider = Person.objects.get(email="helen@demo.example")
    fields = {
        "title": "Twelve measures", "question": "How soon are twelve charts drawn?", "service": Service.objects.filter(unit=unit).first(),
        "start_point": "A page is asked for", "end_point": "It is drawn", "customers": Review.Customers.EXTERNAL,
        "first_day": days[0], "last_day": days[-1], "decision_maker": decider,
    }  # fmt: skip
    review = workflow.create(person, unit, fields)
    for one in series:
        criterion = {
            "name": one.metric.name,
            "measure": one.metric.name,
            "source": "Benchmark",
            "rule": Criterion.Rule.NO_CONCERN,
        }
        workflow.add_item(person, review, Criterion, {**criterion, "metric": one.metric, "series": one})
        review.refresh_from_db()
    return review


if __name__ == "__main__":
    print(f"/reviews/{make().pk}/measure")
