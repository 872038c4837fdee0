"""The comparison of teams: computed by the worker, no ranking, and nothing of what lies outside one's scope."""

import csv
import io
import re

import numpy as np
import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from jobs import workflow as jobs
from metrics import analysing
from metrics.models import Series, Signal, Study
from tests.comparing import making
from tests.metrics import making as plain

pytestmark = pytest.mark.django_db
HUNDREDS = [100] * 12


def three_teams(side):
    """North and South are alike, West is far below."""
    metric = making.share(side.department)
    making.counted(metric, side.team, [84, 86, 85, 83, 87, 85, 84, 86, 85, 85, 84, 86], HUNDREDS)
    making.counted(metric, side.other_team, [85, 84, 86, 85, 85, 86, 84, 83, 87, 85, 86, 84], HUNDREDS)
    west = making.team(side.department, f"{side.word} Team West")
    making.counted(metric, west, [60, 62, 61, 59, 60, 61, 62, 60, 58, 61, 60, 59], HUNDREDS)
    return metric


def asked(client, metric, **more):
    """Ask, let the worker answer, and look."""
    query = {"metric": metric.pk, "by": "unit", **more}
    answer = client.post("/compare", query)
    jobs.run_pending()
    return client.get(answer["Location"])


def test_the_page_says_who_can_be_told_apart(world, client_of):
    metric = three_teams(world.a)

    text = asked(client_of(world.a.supervisor), metric).content.decode()

    assert (
        "Satisfied, from January 2024 to December 2024, falls into 2 groups, from the highest: "
        "A (Alder Team North, Alder Team South); B (Alder Team West)." in text
    )
    assert "anywhere from 1 to 2 of 3" in text
    assert "3 of 3, told from all others" in text


def test_teams_stand_by_name_whatever_their_values(world, client_of):
    metric = three_teams(world.a)

    page = asked(client_of(world.a.supervisor), metric, sort="value")

    assert [line.name for line in page.context["lines"]] == ["Alder Team North", "Alder Team South", "Alder Team West"]


def test_each_one_in_time_is_drawn_on_one_scale(world, client_of):
    metric = three_teams(world.a)
    analysing.analyse_series(list(Series.objects.values_list("pk", flat=True)))

    lines = asked(client_of(world.a.supervisor), metric).context["lines"]

    drawn = []
    for line, hits in zip(lines, ((84, 86, 85, 83), (85, 84, 86, 85), (60, 62, 61, 59)), strict=True):
        heights = [float(pair.split()[1]) for pair in re.findall(r"[\d.]+ [\d.]+", line.spark.path)]
        drawn += list(zip(hits, heights, strict=False))
    # One straight line takes every value of every team to its height.
    slope, start = np.polyfit(*zip(*drawn, strict=True), 1)
    assert [height for _hit, height in drawn] == pytest.approx(
        [start + slope * hit for hit, _height in drawn], abs=0.06
    )
    assert len(drawn) == 12


def test_the_export_holds_intervals_and_groups_and_refuses_a_ranking(world, client_of):
    metric = three_teams(world.a)
    client = client_of(world.a.supervisor)
    asked(client, metric)
    query = {"metric": metric.pk, "by": "unit", "export": "csv"}

    file = b"".join(client.get("/compare", query).streaming_content).decode("utf-8-sig")
    header, *rows = csv.reader(io.StringIO(file))
    refused = client.get("/compare", {**query, "sort": "value"})

    assert (header[0], header[-1]) == ("name", "group that cannot be told apart")
    assert [(row[0], row[1], row[-1]) for row in rows] == [
        ("Alder Team North", "85.0", "A"),
        ("Alder Team South", "85.0", "A"),
        ("Alder Team West", "60.25", "B"),
    ]
    assert (refused.status_code, "ranking" in refused.content.decode()) == (422, True)


def test_a_team_lead_compares_what_she_sees_alone(world, client_of):
    metric = three_teams(world.a)

    text = asked(client_of(world.a.team_lead), metric).content.decode()

    assert "Only one of them has enough values" in text
    assert "Team South" not in text
    assert "Team West" not in text


def test_the_answer_of_a_wider_scope_is_not_shown_to_a_narrower_one(world, client_of):
    metric = three_teams(world.a)
    asked(client_of(world.a.supervisor), metric)

    page = client_of(world.a.team_lead).get("/compare", {"metric": metric.pk, "by": "unit"})

    assert (page.context["study"], Study.objects.count()) == (None, 1)


def test_metrics_of_others_cannot_be_asked_for(world, client_of):
    metric = three_teams(world.b)

    answer = client_of(world.a.supervisor).post("/compare", {"metric": metric.pk, "by": "unit"})

    assert (answer.status_code, Study.objects.count()) == (422, 0)


def test_new_values_make_it_stale(world, client_of):
    metric = three_teams(world.a)
    client = client_of(world.a.supervisor)
    asked(client, metric)
    Series.objects.filter(metric=metric).update(data_version=2)

    text = client.get("/compare", {"metric": metric.pk, "by": "unit"}).content.decode()

    assert "since this was computed" in text
    assert "falls into 2 groups" in text


def test_asking_again_for_what_is_fresh_queues_nothing(world, client_of):
    metric = three_teams(world.a)
    client = client_of(world.a.supervisor)
    asked(client, metric)

    client.post("/compare", {"metric": metric.pk, "by": "unit"})

    assert jobs.run_pending() == []


def test_sums_are_not_counted_beside_their_parts(world, client_of):
    metric = three_teams(world.a)
    making.counted(metric, world.a.department, [229] * 12, [300] * 12, rolled_up=True)

    page = asked(client_of(world.a.supervisor), metric)

    assert [line.name for line in page.context["lines"]] == ["Alder Team North", "Alder Team South", "Alder Team West"]


def test_ready_made_numbers_have_intervals_from_their_own_series(world, client_of):
    metric = plain.metric(world.a.department, "Minutes to answer", kind="duration", direction=-1)
    plain.series(metric, world.a.team, [10, 12, 11, 9, 10, 11, 12, 10, 9, 11])
    plain.series(metric, world.a.other_team, [30, 32, 31, 29, 30, 31, 32, 30, 29, 31])

    page = asked(client_of(world.a.supervisor), metric)

    assert "The numbers came ready-made" in page.content.decode()
    assert page.context["funnel"] is None
    # Nothing was counted, so that there is no column of it.
    assert '<th scope="col" class="number">n</th>' not in page.content.decode()
    # Less is better: the quicker one is first.
    assert [line.places for line in page.context["lines"]] == [
        "1 of 2, told from all others",
        "2 of 2, told from all others",
    ]


@pytest.mark.parametrize(
    ("hits", "sizes"),
    [
        ([0] * 12, [100] * 12),
        ([100] * 12, [100] * 12),
        ([1], [3]),
        ([0, 0, 0], [0, 0, 0]),
        ([5, None, 7], [10, None, 10]),
        ([10**12] * 5, [10**13] * 5),
    ],
)
def test_odd_data_are_answered_or_said_to_be_too_little(world, client_of, hits, sizes):
    metric = making.share(world.a.department)
    making.counted(metric, world.a.team, hits, sizes)
    making.counted(metric, world.a.other_team, [80, 82, 81], HUNDREDS[:3])

    page = asked(client_of(world.a.supervisor), metric)

    assert (page.status_code, Study.objects.get().facts is not None) == (200, True)


def test_the_page_costs_the_same_with_many_teams(world, client_of):
    metric = three_teams(world.a)
    for number in range(20):
        unit = making.team(world.a.department, f"Alder Team {number:02}")
        making.counted(metric, unit, [80, 81, 79, 82, 80], [100] * 5)
    client = client_of(world.a.supervisor)
    asked(client, metric)

    with CaptureQueriesContext(connection) as queries:
        client.get("/compare", {"metric": metric.pk, "by": "unit"})

    assert len(queries) <= 15


def form_of(text):
    """Method and address of the form of the question, and the verb of its button."""
    found = re.search(r'<form class="filters" method="(\w+)" action="([^"]+)"[^>]*>(.*?)</form>', text, re.S)
    return found[1], found[2], "csrfmiddlewaretoken" in found[3], re.search(r'type="submit">([^<]+)<', found[3])[1]


@pytest.mark.parametrize(
    ("address", "verb"),
    [("/compare", "Compare them"), ("/correlate", "Put them side by side"), ("/gap", "Look at the gap")],
)
def test_one_press_asks_and_the_address_holds_the_question(world, client_of, address, verb):
    text = client_of(world.a.supervisor).get(address).content.decode()

    assert form_of(text) == ("post", address, True, verb)


def test_what_is_asked_a_second_time_is_there_at_once(world, client_of):
    metric = three_teams(world.a)
    client = client_of(world.a.supervisor)
    first = client.post("/compare", {"metric": metric.pk, "by": "unit", "from": "", "to": ""})
    assert first["Location"] == f"/compare?metric={metric.pk}&by=unit"
    assert "The comparison is being computed." in client.get(first["Location"]).content.decode()
    jobs.run_pending()

    again = client.post("/compare", {"metric": metric.pk, "by": "unit"}, follow=True).content.decode()

    assert "The comparison is being computed." not in again
    assert "falls into 2 groups" in again


def test_a_press_without_a_metric_says_so_and_asks_nothing(world, client_of):
    metric = three_teams(world.a)

    answer = client_of(world.a.supervisor).post(f"/compare?metric={metric.pk}", {"metric": "", "by": "unit"})

    assert (answer.status_code, Study.objects.count()) == (422, 0)
    assert "Metric: " in answer.content.decode()


def test_the_gap_asks_first_how_the_metric_is_parted(world, client_of):
    metric = three_teams(world.a)

    answer = client_of(world.a.supervisor).post("/gap", {"metric": metric.pk, "by": "unit", "one": "", "other": ""})

    assert answer["Location"] == f"/gap?metric={metric.pk}&by=unit"


def test_a_confirmed_change_within_the_period_stands_beside_the_verdict(world, client_of):
    """Over all months the two are alike; one of them has fallen from above the other to below it."""
    metric = plain.metric(world.a.department, "Answered")
    noise = [0, 2, -1, 1, 0, 3, -2, 0, 1, -1, 2, 0, 1]
    fell = plain.series(metric, world.a.team, [*(55 + one for one in noise), *(45 + one for one in noise)])
    other = plain.series(metric, world.a.other_team, [50 + 2 * one for one in (*noise, *noise)])
    analysing.analyse_series([fell.pk, other.pk])
    analysing.judge([world.a.organisation.pk])
    signal = Signal.objects.get(series=fell, rule="scan")
    client = client_of(world.a.supervisor)

    def told(**more):
        text = asked(client, metric, **more).content.decode()
        verdict = "these 2 cannot be told apart" in text
        return verdict, "Within it one change is confirmed:" in text, f'href="/signals/{signal.pk}"' in text

    assert told() == (True, True, True)
    # It lies after the period asked for.
    assert told(to="2024-12-31")[1:] == (False, False)
    # Over, and somebody has said what is known about it: it is no news any more.
    Signal.objects.filter(pk=signal.pk).update(current=False, state="acknowledged")
    assert told() == (True, False, False)
