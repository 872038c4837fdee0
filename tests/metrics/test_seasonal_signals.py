"""Wherever a signal is told whole, it says what its season has to do with it; and who is Confirmed is looked at closer."""

import math
import random

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from jobs import workflow as jobs
from metrics import analysing
from metrics.analysing import closer
from metrics.models import Analysis, CloserLook, Signal
from metrics.workflow import inquiries
from processes.models import Channel
from tests.metrics import making

pytestmark = pytest.mark.django_db
TOLD = "With the season taken out (highest around late June, lowest around early January), none of the "
SHORT = "With the season taken out (see the closer look below), none of the "


def yearly(place, noise):
    return 50 - 10 * math.cos(2 * math.pi * place / 12) + noise.gauss(0, 1)


def seasonal(unit, name="Answered in time", **more):
    """Four years and a half of months, highest in summer, the last of them July; analysed and looked at closer."""
    noise = random.Random(0)
    made = making.series(making.metric(unit, name), unit, [yearly(place, noise) for place in range(55)], **more)
    analysing.analyse_series([made.pk])
    closer.look_at([made.pk])
    return made


@pytest.fixture
def signal(world):
    made = seasonal(world.a.team)
    return Signal.objects.filter(series=made, current=True, points__gt=1).first()


def read(client, address):
    """The page and how many queries it took."""
    client.get(address)
    with CaptureQueriesContext(connection) as seen:
        page = client.get(address)
    return page.content.decode(), len(seen)


def test_it_is_told_on_the_page_of_the_signal_and_of_a_question(world, client_of, signal):
    """Without a query more than a page that says nothing of it."""
    client = client_of(world.a.supervisor)
    question = inquiries.ask(world.a.supervisor, signal, question="What was different?", asked_of=world.a.colleague)
    pages = (signal.get_absolute_url(), question.get_absolute_url())
    with_it = [read(client, address) for address in pages]
    CloserLook.objects.all().delete()
    without = [read(client, address) for address in pages]

    assert [text.count(TOLD) for text, _cost in with_it] == [1, 1]
    assert ["season taken out" in text for text, _cost in without] == [False, False]
    assert [cost for _text, cost in with_it] == [cost for _text, cost in without]
    assert max(cost for _text, cost in with_it) <= 15


def test_the_page_of_the_metric_refers_to_the_closer_look_below(world, client_of, signal):
    client = client_of(world.a.supervisor)
    text, cost = read(client, f"/series/{signal.series_id}")

    assert (text.count(SHORT), text.count(TOLD), text.count("highest around late June")) == (1, 0, 1)
    assert text.index(SHORT) < text.index('id="closer"')
    CloserLook.objects.update(inputs_hash="other")
    stale, same = read(client, f"/series/{signal.series_id}")
    assert SHORT not in stale
    assert same == cost


def test_the_board_says_of_which_nothing_is_left(world, client_of, signal):
    """In the row, and in as many queries with one as with many."""
    client = client_of(world.a.supervisor)
    making.falling(world.a.team, "Kept")
    text, cost = read(client, "/signals")
    assert text.count("not marked with the season taken out") == 1

    for number in range(6):
        channel = Channel.objects.create(unit=world.a.organisation, name=f"Channel {number}")
        seasonal(world.a.team, f"Contacts {number}", channel=channel)
    more, same = read(client, "/signals")
    assert more.count("not marked with the season taken out") == 7
    assert (same, cost <= 15) == (cost, True)

    CloserLook.objects.update(inputs_hash="other")
    stale, same = read(client, "/signals")
    assert ("season taken out" in stale, same) == (False, cost)


def test_a_confirmed_change_whose_latest_value_no_rule_has_marked_is_looked_at_closer(world):
    """It is known as Confirmed only once all are judged; the look is made after that, and once."""
    metric, made = making.metric(world.a.department), []
    for number in range(6):
        noise = random.Random(1 + 100 * number)
        values = [round(50 + noise.gauss(0, 1) + 1.6 * (number == 0 and place >= 30), 2) for place in range(40)]
        channel = Channel.objects.create(unit=world.a.organisation, name=f"Channel {number}")
        made.append(making.series(metric, world.a.team, values, channel=channel))
    jobs.enqueue("metrics.analyse", {"series": [one.pk for one in made]})
    jobs.run_pending()

    found = Analysis.objects.get(series=made[0])
    assert (found.variation, found.standing) == ("common_cause", "confirmed")
    assert set(CloserLook.objects.values_list("series", flat=True)) == {made[0].pk}
    assert closer.unsettled(closer.confirmed([world.a.organisation.pk, world.b.organisation.pk])) == []
    assert closer.confirmed([world.b.organisation.pk]) == []
    CloserLook.objects.update(inputs_hash="other")
    assert closer.unsettled([one.pk for one in made]) == [made[0].pk]


def test_the_look_follows_a_correction(world, signal):
    """What is told rests on the analysis that the signal stands on."""
    look = CloserLook.objects.get(series=signal.series)
    making.observe(signal.series, [90], first=55)
    analysing.analyse_series([signal.series_id])
    assert CloserLook.objects.get(series=signal.series).inputs_hash == look.inputs_hash
    assert closer.unsettled([signal.series_id]) == [signal.series_id]
    closer.look_at([signal.series_id])
    [kept] = [
        one
        for one in CloserLook.objects.get(series=signal.series).facts["season"]["signals"]
        if one["rule"] == "outside"
    ]
    assert (kept["alone"], kept["latest"]) == (True, True)
