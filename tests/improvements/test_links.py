"""The thread and the search: each object knows its neighbours, through the doors of whoever asks."""

import json

import pytest
from django.urls import reverse

from improvements.queries import mine, search, thread_of
from metrics.models import Series
from reviews.models import Criterion
from teams.links import DEPENDS, FROM
from teams.models import Draft
from tests.improvements import making
from tests.reviews.making import again

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _day(clock_at):
    clock_at(making.TODAY)


def told(person, thing):
    return sorted({(link.relation, str(link.noun)) for link in thread_of(person, thing)})


def test_each_object_knows_what_it_came_from_and_what_depends_on_it(world):
    alder = world.a
    check = making.verified(alder)
    action = check.action
    paper, thing = action.submission, action.recommendation
    decision = paper.decisions.get()
    everything = {
        "review": thing.review,
        "finding": making.finding_of(thing.review),
        "criterion": Criterion.objects.get(review=thing.review, series__isnull=False),
        "series": action.series,
        "metric": action.series.metric,
        "step": action.step,
        "recommendation": thing,
        "paper": paper,
        "decision": decision,
        "action": action,
        "outcome": check,
    }
    assert {name: told(alder.supervisor, one) for name, one in everything.items()} == {
        "review": [(DEPENDS, "recommendation")],
        "finding": [(DEPENDS, "action"), (DEPENDS, "recommendation")],
        "criterion": [(DEPENDS, "action")],
        "series": [(DEPENDS, "action")],
        "metric": [(DEPENDS, "action")],
        "step": [(DEPENDS, "action")],
        "recommendation": [(DEPENDS, "action"), (DEPENDS, "paper"), (FROM, "finding"), (FROM, "review")],
        "paper": [(DEPENDS, "action"), (DEPENDS, "decision"), (FROM, "recommendation"), (FROM, "review")],
        "decision": [(DEPENDS, "action"), (FROM, "paper"), (FROM, "recommendation")],
        "action": [
            (DEPENDS, "outcome"),
            (FROM, "criterion"),
            (FROM, "finding"),
            (FROM, "paper"),
            (FROM, "recommendation"),
            (FROM, "series"),
        ],
        "outcome": [(FROM, "action")],
    }
    assert {name: told(world.b.supervisor, one) for name, one in everything.items()} == {key: [] for key in everything}


def test_an_owner_reads_why_but_not_the_review(world, client_of):
    alder = world.a
    action = making.agreed(alder)
    client = client_of(alder.team_lead)
    pages = (action, action.recommendation, action.submission, action.recommendation.review)
    assert [client.get(one.get_absolute_url()).status_code for one in pages] == [200, 200, 200, 404]
    assert told(alder.team_lead, action) == [(FROM, "paper"), (FROM, "recommendation"), (FROM, "series")]


def test_words_are_found_by_who_may_see_them(world):
    making.verified(world.a)
    making.verified(world.b)
    found = search(world.a.supervisor, "second reading")
    nouns = [str(hit.noun) for hit in found]
    assert sorted(nouns) == ["action", "recommendation"]
    assert search(world.a.colleague, "second reading") == []
    assert [str(hit.noun) for hit in search(world.a.supervisor, "costs little")] == ["decision"]


def test_mine_are_open_actions_that_i_carry_out_or_verify(world):
    alder = world.a
    action = making.started(alder)
    assert (mine(alder.team_lead), mine(alder.second_supervisor)) == ([action], [action])
    assert mine(alder.supervisor) == []
    assert Series.objects.count() == 1


def test_two_people_edit_one_recommendation_and_no_word_is_lost(world, client_of):
    alder = world.a
    thing = making.drafted(alder)
    one, other = client_of(alder.supervisor), client_of(alder.second_supervisor)
    address = reverse("edit-recommendation", args=[thing.pk])
    form = one.get(address).context["form"]
    base = json.dumps(form.initial["base"])
    sent = {
        "title": thing.title,
        "ask": thing.ask,
        "benefit": thing.benefit,
        "waiting": thing.waiting,
        "by_day": thing.by_day.isoformat(),
        "findings": [making.finding_of(thing.review).pk],
        "version": form.initial["version"],
        "base": base,
    }
    assert one.post(address, {**sent, "ask": "Allow it at once."}).status_code == 302
    assert other.post(address, {**sent, "benefit": "A day and a half."}).status_code == 302
    merged = again(thing)
    assert (merged.ask, merged.benefit) == ("Allow it at once.", "A day and a half.")
    lost = other.post(address, {**sent, "ask": "Forbid it."})
    assert (lost.status_code, "Allow it at once." in lost.content.decode()) == (409, True)
    assert (again(thing).ask, Draft.objects.get().words) == ("Allow it at once.", {"ask": "Forbid it."})
