"""One change told once: who acknowledges one of its signals is told of the others, and may say the same of all."""

import re

import pytest

from metrics import analysing
from metrics.models import Signal
from metrics.queries.alike import same_change
from metrics.workflow import signals as workflow
from teams.models import TrailEntry
from tests.metrics import making
from tests.metrics.test_told_once import fallen

pytestmark = pytest.mark.django_db


@pytest.fixture
def change(world):
    """A drop of the department, a team and a channel of it, confirmed; and a drop of another metric."""
    made = fallen(world, [world.a.department, world.a.team], ["Chat"])
    making.falling(world.a.team, "Something else")
    analysing.judge([world.a.organisation.pk])
    return Signal.objects.get(rule="scan", series=made[1])


def open_of(metric):
    return Signal.objects.filter(series__metric=metric, state="open", gone=False, current=True)


def test_the_others_of_a_change_are_those_that_share_its_line(world, change):
    others = same_change(world.a.supervisor, change)

    assert {one.series.metric_id for one in others} == {change.series.metric_id}
    assert {one.series_id for one in others} == set(open_of(change.series.metric).values_list("series", flat=True))
    assert change not in others
    assert {one.direction for one in others} == {change.direction}


def test_a_team_lead_is_offered_only_what_she_may_acknowledge(world, change):
    others = same_change(world.a.team_lead, change)

    assert {one.series.unit_id for one in others} == {world.a.team.pk}


def test_a_change_at_another_time_is_another_change(world, change):
    before = Signal.objects.exclude(pk=change.pk).filter(series=change.series, direction=change.direction).first()
    Signal.objects.filter(pk=before.pk).update(first_day=change.first_day - 90, last_day=change.first_day - 60)

    assert before.pk not in {one.pk for one in same_change(world.a.supervisor, change)}


def test_the_form_says_how_many_others_stay_open_and_leaves_them_so(world, client_of, change):
    client = client_of(world.a.supervisor)
    left = open_of(change.series.metric).count() - 1

    page = client.get(f"/signals/{change.pk}").content.decode()
    after = client.post(f"/signals/{change.pk}/acknowledge", {"word": "The rota"}, follow=True).content.decode()

    assert f"This change shows in {left} more signals, which are open, too:" in page
    assert f"Say the same of the {left} other signals of this change" in page
    assert f"{left} other signals of the same change stay open." in after
    assert open_of(change.series.metric).count() == left


def test_the_same_is_said_of_all_of_them_each_in_the_trail(world, client_of, change):
    client = client_of(world.a.supervisor)
    page = client.get(f"/signals/{change.pk}").content.decode()
    those = re.search(r'name="those" value="([\d,]+)"', page)[1]
    new = len(those.split(","))

    given = {"word": "The rota", "all": "on", "those": those}
    after = client.post(f"/signals/{change.pk}/acknowledge", given, follow=True).content.decode()

    assert f"The signal and {new} others of the same change are acknowledged." in after
    assert open_of(change.series.metric).count() == 0
    told = Signal.objects.filter(state="acknowledged")
    assert set(told.values_list("word", flat=True)) == {"The rota"}
    assert TrailEntry.objects.filter(verb="acknowledge").count() == told.count() == new + 1
    assert open_of(Signal.objects.exclude(series__metric=change.series.metric).first().series.metric).exists()


def test_only_what_stood_on_the_page_is_meant(world, client_of, change):
    one, *_rest = same_change(world.a.supervisor, change)
    stranger = Signal.objects.filter(series__metric__name="Something else").first()

    given = {"word": "The rota", "all": "on", "those": f"{one.pk},{stranger.pk},x"}
    client_of(world.a.supervisor).post(f"/signals/{change.pk}/acknowledge", given)

    assert set(Signal.objects.filter(state="acknowledged")) == {change, one}


def test_what_somebody_else_has_said_in_the_meantime_stands(world, change):
    one, two, *_rest = same_change(world.a.supervisor, change)
    workflow.acknowledge(world.a.supervisor, Signal.objects.get(pk=one.pk), "Known already")

    done = workflow.acknowledge_all(world.a.supervisor, change, "The rota", [one, two])

    assert [each.pk for each in done] == [change.pk, two.pk]
    assert Signal.objects.get(pk=one.pk).word == "Known already"
