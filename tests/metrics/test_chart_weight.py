"""What is sent for a chart is bounded, whatever the history behind it, and says all that the chart shows."""

import datetime as dt
import gzip
import json
import re

import numpy as np
import pytest

from jobs import workflow as jobs
from metrics import analysing, charts
from metrics.models import Observation, Rebase, Series, Survey
from metrics.workflow import marks, surveys, targets
from tests.metrics import making, restoring

pytestmark = pytest.mark.django_db
LAST, DAYS = 739_700, 260
CHART = re.compile(r'<script id="series-chart" type="application/json">(.*?)</script>', re.S)
# Beside the numbers themselves: kind, scale and measure of the metric.
KINDS = {
    "score": {"kind": "score"},
    "share": {"kind": "proportion", "scale": 100, "measure": "%"},
    "time": {"kind": "duration", "measure": "minutes"},
    "count": {"kind": "count", "measure": "contacts"},
    "survey": {"kind": "proportion", "scale": 100, "measure": "%"},
}


def noise(world, name, length, period="day"):
    """A series of values with as many digits as a float has."""
    metric = making.metric(world.a.organisation, name, period=period)
    days = [making.month(place) if period == "month" else LAST - length + 1 + place for place in range(length)]
    values = np.random.default_rng(len(name)).normal(80, 5, length).tolist()
    return stored(world, metric, days, [(value, None) for value in values])


def stored(world, metric, days, values):
    made = Series.objects.create(metric=metric, unit=world.a.team, first_day=days[0], last_day=days[-1])
    rows = zip(days, values, strict=True)
    Observation.objects.bulk_create(
        [Observation(series=made, day=day, numerator=above, denominator=below) for day, (above, below) in rows]
    )
    analysing.analyse_series([made.pk])
    return made


def values_of(kind, rng):
    """A year of working days of this kind, with a shift in its last part and single days far off."""
    level = 70 + 12 * (np.arange(DAYS) > 200) + 15 * (rng.random(DAYS) < 0.02)
    if kind in ("share", "survey"):
        below = rng.integers(150, 900, DAYS)
        return [(float(rng.binomial(n, min(one, 97) / 100)), float(n)) for n, one in zip(below, level, strict=True)]
    if kind == "count":
        return [(float(one), None) for one in rng.poisson(level * 20)]
    spread = np.exp(rng.normal(0, 0.3, DAYS)) if kind == "time" else 1 + rng.normal(0, 0.06, DAYS)
    return [(float(one), None) for one in level * spread]


def drawn_with_all(world, kind, number):
    """A series of working days with a target, notes, a rebase and gaps; of a survey, how many were asked as well."""
    rng = np.random.default_rng([number, len(kind)])
    metric = making.metric(world.a.department, f"{kind} {number}", period="day", **KINDS[kind])
    days = [day for day in range(LAST - 2 * DAYS, LAST) if dt.date.fromordinal(day).weekday() < 5][-DAYS - 9 :]
    days = [day for place, day in enumerate(days) if place % 30 != 7][-DAYS:]
    made = stored(world, metric, days, values_of(kind, rng))
    first = dt.date.fromordinal(days[0])
    targets.set_target(world.a.supervisor, metric, world.a.department, 82.5, first + dt.timedelta(90), "Plan")
    for after in (40, 150, 290):
        marks.note(world.a.supervisor, made, first + dt.timedelta(after), f"Rota {after} of the team")
    since = dt.date.fromordinal(days[100])
    Rebase.objects.create(series=made, day=since, reason="Moved", person=world.a.supervisor, at=made_at())
    if kind == "survey":
        sent = making.metric(world.a.department, f"Asked {number}", period="day", kind="count")
        asked = zip(rng.integers(900, 4_000, DAYS), values_of("count", rng), strict=True)
        stored(world, sent, days, [(float(many), None) for many, _other in asked])
        surveys.declare(world.a.supervisor, metric, Survey.Kind.SHARE, "no", asked=sent)
        jobs.run_pending()
    analysing.analyse_series([made.pk])
    return made


def made_at():
    return dt.datetime(2026, 1, 5, 9, tzinfo=dt.UTC)


def chart_of(page):
    return CHART.search(page).group(1)


def weight(texts):
    return len(gzip.compress("".join(texts).encode()))


def test_twelve_charts_of_24_months_weigh_at_most_60_kb(world, client_of):
    client = client_of(world.a.supervisor)
    made = [noise(world, "x" * n, 24, "month") for n in range(1, 13)]
    sent = [chart_of(client.get(f"/series/{one.pk}").content.decode()) for one in made]

    assert len(set(sent)) == 12
    assert weight(sent) <= 60_000


@pytest.mark.parametrize("kind", KINDS)
def test_twelve_charts_of_260_days_weigh_at_most_60_kb(world, client_of, kind):
    """With limits of two phases, a target, marks, gaps, marked points, and words and addresses of every point."""
    client = client_of(world.a.supervisor)
    pages = [client.get(f"/series/{drawn_with_all(world, kind, number).pk}") for number in range(12)]
    sent = [chart_of(page.content.decode()) for page in pages]
    figures = [page.context["chart"] for page in pages]

    assert weight(sent) <= 60_000
    # Written out they are as heavy as charts of so many days are.
    assert weight(json.dumps({**one, "words": one["words"]["points"]}) for one in figures) > 80_000
    points = figures[0]["data"][-1]
    assert (len(points["x"]), len({*points["marker"]["color"]}) > 1, "error_y" in points) == (
        DAYS,
        True,
        kind == "survey",
    )
    assert {len(one["layout"]["annotations"]) for one in figures} <= {8, 7}
    for text, given in zip(sent, figures, strict=True):
        assert_same(given, restoring.whole(json.loads(text)))


def assert_same(given, whole):
    """Words, days, marks and looks are the same, and no number is further off than a seventh of a pixel."""
    low, high = given["layout"]["yaxis"]["range"]
    assert whole["layout"] == given["layout"]
    assert {name: whole["words"][name] for name in ("help", "finds", "points")} == {
        name: given["words"][name] for name in ("help", "finds", "points")
    }
    assert len(whole["data"]) == len(given["data"])
    for one, other in zip(whole["data"], given["data"], strict=True):
        assert one["y"] == pytest.approx(other["y"], abs=(high - low) / 2_000)
        for side in ("array", "arrayminus"):
            reach = other.get("error_y", {}).get(side, [])
            assert one.get("error_y", {}).get(side, []) == pytest.approx(reach, abs=(high - low) / 1_000)
        left = [{key: part for key, part in trace.items() if key not in ("y", "error_y")} for trace in (one, other)]
        assert left[0] == left[1]


def test_a_chart_of_all_points_sends_2000_of_them_and_plotly_once(world, client_of):
    series = noise(world, "Long", 2_500)
    page = client_of(world.a.supervisor).get(f"/series/{series.pk}?points=all").content.decode()
    drawn = [len(trace["x"]) for trace in restoring.whole(json.loads(chart_of(page)))["data"] if "x" in trace]

    assert max(drawn) == charts.SHOWN == 2_000
    assert len(re.findall(r"<script[^>]+plotly", page)) == 1
