"""What worked is watched on: somebody who is not the owner says whether it lasts, with the chart beside it."""

import datetime as dt

import pytest
from django.urls import reverse

from improvements import states
from improvements.queries.outcomes import reading_of, watched
from improvements.workflow import watching
from notices import queries as notices
from teams.models import TrailEntry
from teams.refusals import Refused
from tests.improvements import making
from tests.reviews.making import again

pytestmark = pytest.mark.django_db
RISE = [82.0, 83.5, 82.5, 83.0, 82.4, 83.9, 83.1]


@pytest.fixture
def effective(world, clock_at):
    clock_at(making.TODAY)
    action = making.done(world.a)
    making.observe(action.series, RISE, dt.date(2026, 3, 1))
    return making.outcomes.verify(world.a.second_supervisor, action, states.EFFECTIVE).action


def test_what_still_holds_is_offered_as_sustained(world, effective):
    making.observe(effective.series, [82.8, 83.3], dt.date(2026, 10, 1))
    assert watched(reading_of(effective))["offered"] == states.SUSTAINED
    check = watching.watch(world.a.second_supervisor, effective, states.SUSTAINED)
    assert (check.offered, check.verdict, len(check.facts["after_values"])) == (states.SUSTAINED, states.SUSTAINED, 9)
    assert again(effective).state == states.SUSTAINED
    assert TrailEntry.objects.latest("number").verb == "sustain"
    told = [line.sentence for line in notices.news_for(world.a.team_lead) if line.kind.startswith("improvements.watch")]
    assert told == [f"Agnes Alder looked again at “{effective.what}”: it lasts."]


def test_what_fell_back_is_offered_as_lapsed_and_saying_otherwise_needs_a_reason(world, effective):
    making.observe(effective.series, [60.0] * 9, dt.date(2026, 10, 1))
    assert watched(reading_of(effective))["offered"] == states.LAPSED
    with pytest.raises(Refused) as refusal:
        watching.watch(world.a.second_supervisor, effective, states.SUSTAINED)
    assert (refusal.value.code, again(effective).state) == ("why_different", states.EFFECTIVE)
    watching.watch(world.a.second_supervisor, effective, states.LAPSED)
    assert again(effective).state == states.LAPSED


def test_a_look_at_an_older_chart_is_asked_again(world, effective):
    with pytest.raises(Refused) as refusal:
        watching.watch(world.a.second_supervisor, effective, states.LAPSED, "Gone.", seen="of another day")
    assert refusal.value.code == "changed_meanwhile"


def test_the_page_shows_the_chart_of_today_and_keeps_the_verdict(world, effective, client_of):
    making.observe(effective.series, [82.8, 99.0], dt.date(2026, 10, 1))
    client = client_of(world.a.second_supervisor)
    assert reverse("watch", args=[effective.pk]) in client.get(effective.get_absolute_url()).content.decode()
    page = client.get(reverse("watch", args=[effective.pk]))
    assert [code for code, _words in page.context["form"].fields["verdict"].choices] == ["sustained", "lapsed"]
    assert page.context["facts"]["after_values"][-1] == pytest.approx(99.0)
    given = {"verdict": "sustained", "why": "", "seen": page.context["facts"]["inputs"]}
    assert client.post(reverse("watch", args=[effective.pk]), given).status_code == 302
    assert again(effective).state == states.SUSTAINED
    page = client.get(reverse("watch", args=[effective.pk]))
    assert [code for code, _words in page.context["form"].fields["verdict"].choices] == ["lapsed"]


def test_what_lapsed_offers_a_follow_up(world, effective, client_of):
    watching.watch(world.a.second_supervisor, effective, states.LAPSED, "It is gone.")
    page = client_of(world.a.supervisor).get(effective.get_absolute_url()).content.decode()
    follow = reverse("new-action", args=[effective.recommendation_id]) + f"?follows={effective.pk}"
    assert follow in page
    assert client_of(world.a.supervisor).get(follow).context["follows"] == effective


def test_a_first_verdict_is_never_that_it_lasts(world, clock_at, client_of):
    clock_at(making.TODAY)
    action = making.done(world.a)
    client = client_of(world.a.second_supervisor)
    address = reverse("outcome", args=[action.pk])
    seen = client.get(address).context["facts"]["inputs"]
    assert client.post(address, {"verdict": "sustained", "why": "Yes.", "seen": seen}).status_code == 422
    assert again(action).state == states.DONE
    assert client.get(reverse("watch", args=[action.pk])).url == address
