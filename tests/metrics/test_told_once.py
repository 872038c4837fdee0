"""One change is one line of the board: a total and its part share it, nothing more urgent is folded, all can be unfolded."""

import re

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from metrics import analysing
from metrics.models import Analysis, Signal
from metrics.queries.events import Moved, stars
from metrics.views import board
from processes.models import Channel
from tests.metrics import making
from tests.metrics.test_board import names, rows_of

DROP = [40, 41, 39, 40, 42, 40, 39, 41]
ORG, DEPARTMENT, TEAM, OTHER = "/1/", "/1/2/", "/1/2/3/", "/1/2/4/"
ALL, CHAT, PHONE = (None, None, None), (None, None, 7), (None, None, 8)


def moved(key, path, dimensions=ALL, days=(1, 9), **more):
    return Moved(key, "fell", path, dimensions, *days, **more)


def test_the_smallest_place_tells_a_change_that_only_climbs():
    assert stars([moved(1, ORG), moved(2, TEAM), moved(3, DEPARTMENT, CHAT), moved(4, TEAM, CHAT)]) == {4: [1, 2, 3]}


def test_the_total_tells_a_change_of_several_of_its_parts():
    assert stars([moved(1, TEAM, CHAT), moved(2, TEAM, PHONE), moved(3, TEAM)]) == {3: [1, 2]}


def test_places_of_which_none_holds_the_other_are_two_changes():
    assert stars([moved(1, TEAM, CHAT), moved(2, OTHER, CHAT), moved(3, TEAM, PHONE)]) == {1: [], 2: [], 3: []}


def test_a_change_at_another_time_or_of_another_kind_is_another_change():
    later = moved(2, DEPARTMENT, days=(10, 12))
    rose = Moved(3, "rose", DEPARTMENT, ALL, 1, 9)

    assert stars([moved(1, TEAM), later, rose]) == {1: [], 2: [], 3: []}


def test_what_weighs_more_is_never_folded_under_what_weighs_less():
    """The total would tell more, but only one of its parts is confirmed; the other part has nobody else to tell it."""
    confirmed, part, total = moved(1, TEAM, CHAT), moved(2, TEAM, PHONE, weight=1), moved(3, TEAM, weight=1)

    assert stars([part, total, confirmed]) == {1: [3], 2: []}


def test_each_place_stands_once_however_they_come():
    found = [
        moved(key, path, kind)
        for key, (path, kind) in enumerate((p, k) for p in (ORG, DEPARTMENT, TEAM, OTHER) for k in (ALL, CHAT, PHONE))
    ]

    for order in (found, found[::-1], found[5:] + found[:5]):
        made = stars(order)
        assert sorted([*made, *(key for also in made.values() for key in also)]) == list(range(12))


def fallen(world, units=(), channels=(), values=(*making.STEADY, *DROP)):
    """The same drop of one metric in some units, and in some channels of the team."""
    metric = making.metric(world.a.department)
    made = [making.series(metric, unit, values) for unit in units]
    for name in channels:
        channel = Channel.objects.create(unit=world.a.organisation, name=name)
        made.append(making.series(metric, world.a.team, values, channel=channel))
    analysing.analyse_series([one.pk for one in made])
    return made


def places(page):
    return re.findall(r'data-row-link>[^<]+</a><br><span class="muted fw-normal">([^<]+)</span>', page.content.decode())


@pytest.mark.django_db
def test_a_total_and_its_part_are_one_line_that_names_the_others(world, client_of):
    fallen(world, [world.a.department, world.a.team], ["Chat"])
    client = client_of(world.a.supervisor)

    page = client.get("/signals")
    text = page.content.decode()

    assert places(page) == ["Alder Team North · Chat"]
    assert "3 metrics that ask for a look in 1 line" in text
    assert (
        'The same change in 2 places above or below it: <span class="muted">Alder Customer Service, Alder Team North</span>'
        in text
    )
    folded = re.search(r'class="board-also".*?</details>', text, re.S)[0]
    department, team = Analysis.objects.order_by("pk").filter(series__channel=None).values_list("series", flat=True)
    assert re.findall(r'href="/series/(\d+)"', folded) == [str(department), str(team)]
    assert text.count("Look into it") == 3


@pytest.mark.django_db
def test_every_row_can_have_its_own_line_and_the_file_and_the_kinds_always_do(world, client_of):
    fallen(world, [world.a.department, world.a.team], ["Chat"])
    client = client_of(world.a.supervisor)

    each = client.get("/signals", {"each": "1"})

    assert len(names(each)) == len(names(client.get("/signals", {"variation": "concern"}))) == 3
    assert len(rows_of(client.get("/signals", {"export": "csv"}))) == 4
    assert 'href="/signals?each=1"' in client.get("/signals").content.decode()
    assert 'href="/signals"' in each.content.decode()
    assert '<input type="hidden" name="each" value="1">' in each.content.decode()
    assert 'class="board-also" open' in client.get("/signals", {"print": "1"}).content.decode()


@pytest.mark.django_db
def test_a_filter_looks_at_what_it_shows_only(world, client_of):
    """The total is out of sight where one team is asked for: its parts have a line each again."""
    fallen(world, [world.a.department, world.a.team, world.a.other_team])
    client = client_of(world.a.supervisor)

    assert places(client.get("/signals")) == ["Alder Customer Service"]
    assert places(client.get("/signals", {"unit": world.a.team.pk})) == ["Alder Team North"]


@pytest.mark.django_db
def test_what_cannot_meet_its_target_is_not_folded_under_what_may(world, client_of):
    total, part = fallen(world, [world.a.department, world.a.team])
    Analysis.objects.filter(series=total).update(assurance="consistent_fail")
    # The drop of the total is over and has a word; what stays is its target.
    Analysis.objects.filter(series=total).update(variation="common_cause", standing="quiet")
    Analysis.objects.filter(series=part).update(assurance="")

    assert len(places(client_of(world.a.supervisor).get("/signals"))) == 2


@pytest.mark.django_db
def test_the_board_asks_as_often_with_many_folds_as_with_one(world, client_of):
    fallen(world, [world.a.department, world.a.team])
    client = client_of(world.a.supervisor)
    with CaptureQueriesContext(connection) as one:
        client.get("/signals")
    for number in range(6):
        metric = making.metric(world.a.department, f"Metric {number}")
        made = [making.series(metric, unit, [*making.STEADY, *DROP]) for unit in (world.a.department, world.a.team)]
        analysing.analyse_series([each.pk for each in made])
    with CaptureQueriesContext(connection) as many:
        page = client.get("/signals")

    assert len(places(page)) == 7
    assert len(many) == len(one) <= 15
    assert Signal.objects.filter(gone=False, current=True).count() >= 14


@pytest.mark.django_db
def test_of_many_places_the_first_are_named_and_all_are_counted(world, client_of, monkeypatch):
    monkeypatch.setattr(board, "FOLDED", 2)
    [total, *_parts] = fallen(world, [world.a.department, world.a.team, world.a.other_team], ["Chat"])
    client = client_of(world.a.supervisor)

    text = client.get("/signals").content.decode()
    folded = re.search(r'class="board-also".*?</details>', text, re.S)[0]

    assert "The same change in 3 places above or below it" in text
    assert folded.count('href="/series/') == 2
    assert f'href="/signals?each=1&amp;metric={total.metric_id}"' in folded
    assert len(places(client.get("/signals", {"each": "1", "metric": total.metric_id}))) == 4
