"""Several targets in force for one series: its page says which of them judges the chart, and that is the one it draws."""

import datetime as dt
import html

import pytest

from jobs import workflow as jobs
from metrics import analysing
from metrics.models import Target
from metrics.queries.agreed import holding
from metrics.queries.analyses import analysis_of, rows_of
from metrics.workflow import targets
from teams import clock
from tests.metrics import making

pytestmark = pytest.mark.django_db
BEGAN, LATER, AHEAD = dt.date(2024, 1, 1), dt.date(2024, 6, 1), dt.date(2027, 1, 1)


@pytest.fixture
def series(world):
    return making.series(making.metric(world.a.department, measure="%"), world.a.team, making.STEADY)


def agree(world, series, unit, value, day=BEGAN, **more):
    return targets.set_target(world.a.supervisor, series.metric, unit, value, day, "The plan", **more)


def told(client_of, world, series):
    """(sentence, {value: what stands beside its state}) of the page; the one that it draws is the one that it marks."""
    analysing.analyse_series([series.pk])
    page = client_of(world.a.supervisor).get(f"/series/{series.pk}")
    [part] = [one.part for one in page.context["sections"] if one.key == "targets"]
    judges = [one["target"].value for one in part["versions"] if one["holds"] == "judges this chart"]
    drawn = analysis_of(series).target
    assert judges == ([] if drawn is None else [drawn])
    assert page.content.decode().count("<strong>judges this chart</strong>") == len(judges)
    assert part["judging"] in html.unescape(page.content.decode())
    return str(part["judging"]), {one["target"].value: str(one["holds"]) for one in part["versions"]}


def marked(client_of, world, series):
    """(sentence, [(value, mark)]) of those that bear one; an end has the value of what it ends, and bears none."""
    analysing.analyse_series([series.pk])
    page = client_of(world.a.supervisor).get(f"/series/{series.pk}")
    [part] = [one.part for one in page.context["sections"] if one.key == "targets"]
    found = [(one["target"].value, str(one["holds"])) for one in part["versions"] if one["holds"]]
    return str(part["judging"]), sorted(found)


def test_the_nearest_unit_s_own_judges(world, series, client_of):
    agree(world, series, world.a.department, 90)
    agree(world, series, world.a.team, 52, LATER)

    sentence, beside = told(client_of, world, series)

    assert sentence == (
        "The chart is judged by target 52\u202f% (Alder Team North, from 1 June 2024), because the nearest unit's own comes "
        "first."
    )
    assert beside == {52: "judges this chart", 90: "does not hold here: that of Alder Team North does"}


def test_where_the_unit_has_none_that_above_judges(world, series, client_of):
    whole = agree(world, series, world.a.department, 95)
    Target.objects.filter(pk=whole.pk).update(unit=world.a.organisation)
    agree(world, series, world.a.department, 90)

    sentence, beside = told(client_of, world, series)

    assert "judged by target 90\u202f% (Alder Customer Service" in sentence
    assert beside == {90: "judges this chart", 95: "does not hold here: that of Alder Customer Service does"}


def test_one_alone_needs_no_sentence(world, series, client_of):
    agree(world, series, world.a.department, 90)

    assert told(client_of, world, series) == ("", {90: "judges this chart"})


def test_one_that_has_not_begun_does_not_judge(world, series, client_of):
    agree(world, series, world.a.department, 90)
    agree(world, series, world.a.team, 52, AHEAD)

    sentence, beside = told(client_of, world, series)

    assert sentence.endswith("until the nearer unit's own begins.")
    assert beside == {90: "judges this chart", 52: "does not hold yet"}


def test_one_that_is_replaced_from_a_later_day_judges_until_then(world, series, client_of):
    agree(world, series, world.a.team, 50)
    agree(world, series, world.a.team, 52, AHEAD)

    sentence, beside = told(client_of, world, series)

    assert set(Target.objects.values_list("state", flat=True)) == {"in_force"}
    assert sentence.endswith("what replaces it has not begun yet.")
    assert beside == {50: "judges this chart", 52: "does not hold yet"}


@pytest.mark.parametrize("day", [AHEAD, AHEAD - dt.timedelta(days=31)])
def test_one_that_a_later_version_replaces_before_it_begins_says_so(world, series, client_of, clock_at, day):
    agree(world, series, world.a.team, 50)
    agree(world, series, world.a.team, 52, AHEAD)
    agree(world, series, world.a.team, 53, AHEAD + dt.timedelta(days=31))
    agree(world, series, world.a.team, 54, day)

    _sentence, beside = told(client_of, world, series)

    assert beside == {
        50: "judges this chart",
        52: "replaced before it begins",
        53: "replaced before it begins",
        54: "does not hold yet",
    }
    clock_at(dt.datetime(2027, 3, 1, 9, tzinfo=dt.UTC))
    assert told(client_of, world, series)[1][54] == "judges this chart"


def test_one_whose_day_has_come_judges_before_the_nightly_run(world, series, client_of, clock_at):
    """Until then both are in force by their state."""
    clock_at(dt.datetime(2024, 3, 1, 9, tzinfo=dt.UTC))
    agree(world, series, world.a.team, 50)
    agree(world, series, world.a.team, 52, LATER)
    clock_at(dt.datetime(2024, 6, 1, 3, tzinfo=dt.UTC))

    assert told(client_of, world, series) == ("", {52: "judges this chart", 50: "does not hold any more"})


def test_where_the_nearer_one_was_ended_that_above_judges_again(world, series, client_of, clock_at):
    clock_at(dt.datetime(2024, 1, 2, 9, tzinfo=dt.UTC))
    agree(world, series, world.a.department, 90)
    own = agree(world, series, world.a.team, 52)
    clock_at(dt.datetime(2024, 8, 15, 9, tzinfo=dt.UTC))
    targets.approve(world.a.supervisor, targets.end(world.a.team_lead, own, dt.date(2024, 9, 1), "Over"), "Yes")
    jobs.run_pending()
    clock_at(dt.datetime(2025, 1, 15, 9, tzinfo=dt.UTC))

    before_the_night = marked(client_of, world, series)
    targets.supersede_due()

    gone = "does not hold here: that of Alder Customer Service does"
    assert before_the_night == ("", [(52, gone), (90, "judges this chart")])
    assert marked(client_of, world, series) == ("", [(90, "judges this chart")])
    assert analysis_of(series).target == 90


def test_a_proposal_holds_nowhere_and_a_benchmark_judges_nothing(world, series, client_of):
    agree(world, series, world.a.department, 90)
    agree(world, series, world.a.team, 70, kind="benchmark")
    targets.propose(world.a.team_lead, series, world.a.team, 55, AHEAD, "Please")

    assert told(client_of, world, series) == ("", {90: "judges this chart", 70: "holds here", 55: ""})


def test_what_holds_is_what_the_latest_point_is_judged_by(world, series):
    agree(world, series, world.a.department, 90)
    agree(world, series, world.a.team, 52, LATER)
    analysing.analyse_series([series.pk])
    for row in rows_of(analysis_of(series)):
        found = holding(series.metric_id, series.unit.line_ids, row.day, Target.objects.filter(metric=series.metric))
        assert found["target"].value == row.target
    assert clock.today() > LATER


def test_pages_of_the_metric_mark_none(world, series, client_of):
    agree(world, series, world.a.department, 90)
    page = client_of(world.a.supervisor).get(f"/metrics/{series.metric_id}/targets").content.decode()
    assert "in force" in page and "judges this chart" not in page
