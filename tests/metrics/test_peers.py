"""What the peers of a series say of a target: the better quarter after shrinkage, of those whose level is stable."""

import datetime as dt
import math
import statistics

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from metrics import analysing
from metrics.models import Analysis, Cycle, Standing
from metrics.queries.analyses import DEFAULT_KEY
from metrics.queries.targets import outlooks_of, places_of
from metrics.wording.figures import amount
from metrics.wording.targets import peers_told
from metrics.workflow import targets
from teams import clock
from teams.workflow import units
from tests.metrics import making

pytestmark = pytest.mark.django_db
LONG = making.STEADY * 2
MEAN, SD = statistics.mean(LONG), statistics.stdev(LONG)


def desks(world, metric, many):
    """A series of each list of values, each of its own unit, analysed."""
    made = []
    for place, values in enumerate(many):
        unit = units.add_unit(world.a.administrator, world.a.department, f"Desk {place}", "team")
        made.append(making.series(metric, unit, values))
    analysing.analyse_series([one.pk for one in made])
    return made


def places(world, metric):
    return places_of(metric, outlooks_of(world.a.supervisor, metric))


def tenths(values):
    """The values with those beyond the first and the last tenth pulled in."""
    cuts = statistics.quantiles(values, n=10, method="inclusive")
    return [min(max(value, cuts[0]), cuts[-1]) for value in values]


def quarter(means, error, worse=False):
    """Where the better quarter begins of peers with one and the same standard error, by plain arithmetic: DerSimonian and
    Laird with the outer tenths pulled in, then each drawn to the middle by its share of chance."""
    around = statistics.median(means)
    middle = around + statistics.mean(tenths([mean - around for mean in means]))
    squares = sum(z * z for z in tenths([(mean - middle) / error for mean in means]))
    between = max(0.0, (squares - (len(means) - 1)) / (len(means) - 1)) * error**2
    drawn = [middle + between / (between + error**2) * (mean - middle) for mean in means]
    return statistics.quantiles(drawn, n=4, method="inclusive")[0 if worse else 2]


def test_the_plain_arithmetic_is_that_of_the_paper():
    """By hand: middle 2.96, squares 40.912, between 9.228, kept 0.9022, so 2.96 + 0.9022 x 0.04."""
    assert quarter([0, 1, 2, 3, 12], 1) == pytest.approx(2.99609, abs=1e-5)


def test_the_better_quarter_of_the_peers_is_told_after_shrinkage(world, client_of):
    metric = making.metric(world.a.department, measure="%")
    levels = [0, 0.3, 0.6, 1.4, 2]
    desks(world, metric, [[value + plus for value in LONG] for plus in levels])
    expected = quarter([MEAN + plus for plus in levels], SD / math.sqrt(len(LONG)))

    told = peers_told(metric, places(world, metric))

    assert abs(expected - (MEAN + 1.4)) > 0.05
    assert f"quarter of 5 places begins at {expected:.2f}" in told.replace("\u202f%", "")
    assert f"the best is {MEAN + 2:.2f}" in told.replace("\u202f%", "")
    assert "flatters" in told
    assert "left out" not in told
    assert told in client_of(world.a.supervisor).get(f"/metrics/{metric.pk}/targets").content.decode()


def test_one_bad_team_does_not_make_the_others_differ(world):
    metric = making.metric(world.a.department, measure="%")
    levels = [0, 0.1, 0.2, 0.1, 0, 0.2, 0.1, 0, 0.2, 0.1, 0.1, -12]
    desks(world, metric, [[value + plus for value in LONG] for plus in levels])

    told = peers_told(metric, places(world, metric)).replace("\u202f%", "")

    assert told.startswith("All but 1 of the 12 places cannot be told apart")
    middle = statistics.mean(tenths([MEAN + plus for plus in levels]))
    assert f"(about {middle:.2f})" in told


def test_likeness_of_neighbours_widens_the_error(world):
    metric = making.metric(world.a.department, measure="%")
    levels = [0, 1, 2, 3, 4]
    desks(world, metric, [[value + plus for value in LONG] for plus in levels])
    Cycle.objects.create(
        organisation=world.a.organisation, settings_key=DEFAULT_KEY, phi={str(metric.pk): 0.6}, at=clock.now(), method="bh",
        q=0.1, series=5, judged=5, confirmed=0, watch=0, chance=0.0,
    )  # fmt: skip
    error = SD / math.sqrt(len(LONG))
    means = [MEAN + plus for plus in levels]
    # (1 + 0.6) / (1 - 0.6) = 4: the mean of values so alike is known half as well.
    assert f"{quarter(means, 2 * error):.2f}" != f"{quarter(means, error):.2f}"

    told = peers_told(metric, places(world, metric)).replace("\u202f%", "")

    assert f"begins at {quarter(means, 2 * error):.2f}" in told


def test_times_are_drawn_together_on_the_log_scale_and_told_as_times(world):
    metric = making.metric(world.a.department, "Minutes to answer", kind="duration", direction=-1, measure="min")
    steps = [0, 0.03, 0.07, 0.2, 0.4]
    logs = [value / 5 for value in LONG]
    desks(world, metric, [[math.exp(one - 8 + step) for one in logs] for step in steps])
    error = statistics.stdev(logs) / math.sqrt(len(logs))
    middle = statistics.mean(logs) - 8
    expected = math.exp(quarter([middle + step for step in steps], error, worse=True))

    told = peers_told(metric, places(world, metric))

    assert f"quarter of 5 places begins at {amount(expected, metric, 2)}" in told
    assert f"the best is {amount(math.exp(middle), metric, 2)})" in told
    assert f"({amount(math.exp(middle + 0.03), metric, 2)} as the averages stand" in told
    # Neither the averages of the times themselves nor what lies nearest to them.
    assert amount(math.exp(middle), metric, 2) != amount(statistics.mean(math.exp(one - 8) for one in logs), metric, 2)


@pytest.mark.parametrize("why", ["moving", "confirmed"])
def test_a_place_that_does_not_hold_its_level_is_left_out_and_said(world, why):
    metric = making.metric(world.a.department, measure="%")
    levels = [0, 1, 2, 3, 4]
    falling = [*LONG, *([20] * 8 if why == "moving" else [])]
    made = desks(world, metric, [*([value + plus for value in LONG] for plus in levels), falling])
    if why == "confirmed":
        Analysis.objects.filter(series=made[-1]).update(standing=Standing.CONFIRMED)
    expected = quarter([MEAN + plus for plus in levels], SD / math.sqrt(len(LONG)))

    told = peers_told(metric, places(world, metric)).replace("\u202f%", "")

    assert f"quarter of 5 places begins at {expected:.2f}" in told
    assert "1 place is left out, because its level is moving or a change is confirmed." in told


def test_sums_and_too_few_say_nothing(world):
    metric = making.metric(world.a.department, measure="%")
    made = desks(world, metric, [[value + plus for value in LONG] for plus in (0, 1, 2, 3)])
    assert peers_told(metric, places(world, metric))
    made[0].rolled_up = True
    made[0].save()

    assert peers_told(metric, places(world, metric)) == ""
    assert places_of(metric, []).rows == []


def test_the_peers_stand_beside_commit_and_stretch_where_a_target_is_proposed(world, client_of):
    metric = making.metric(world.a.department, measure="%")
    made = desks(world, metric, [[value + plus for value in LONG] for plus in (0, 1, 2, 3, 4)])
    told = peers_told(metric, places(world, metric))
    client = client_of(world.a.supervisor)

    with CaptureQueriesContext(connection) as queries:
        form = client.get(f"/series/{made[0].pk}/target/propose")
    assert told in form.content.decode()
    assert len(queries) <= 15

    one = targets.propose(
        world.a.supervisor, made[0], made[0].unit, 52.0, clock.today() + dt.timedelta(days=7), "Agreed with the desk"
    )
    with CaptureQueriesContext(connection) as queries:
        page = client.get(one.get_absolute_url())
    assert told in page.content.decode()
    assert len(queries) <= 15
