"""Before and after on the pages: asked for, computed by a worker, told with its interval, set against another series."""

import datetime as dt
import re

import numpy as np
import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from jobs import workflow as jobs
from metrics import analysing
from metrics.analysing import comparing
from metrics.models import Comparison, Mark, Observation, Survey
from metrics.queries import comparisons as questions
from metrics.workflow import comparisons, marks
from teams.refusals import Refused
from teams.workflow import units
from tests.metrics import making

pytestmark = pytest.mark.django_db

BEFORE = [50, 52, 49, 51, 50, 53, 48, 50, 51, 49, 52, 50, 51, 49, 50, 52]
AFTER = [56, 55, 57, 54, 56, 55, 57, 56]
CHANGE = dt.date(2025, 5, 1)


def series(unit, values=(*BEFORE, *AFTER), **more):
    made = making.series(making.metric(unit, **more), unit, values)
    analysing.analyse_series([made.pk])
    return made


def compared(person, one, day=CHANGE, label="New rota"):
    made = comparisons.compare(person, one, day, label)
    jobs.run_pending()
    made.refresh_from_db()
    return made


def words_of(client, thing):
    page = client.get(thing.get_absolute_url())
    assert page.status_code == 200
    return re.sub(r"\s+", " ", page.content.decode())


def test_a_change_is_told_with_its_interval(world, client_of):
    one = series(world.a.team)
    made = compared(world.a.supervisor, one)
    change = made.facts["change"]
    assert (made.facts["reading"], made.facts["before"], made.facts["after"]) == ("shown", 16, 8)
    assert change["difference"] == pytest.approx(np.mean(AFTER) - np.mean(BEFORE), abs=0.2)
    assert 4 < change["low"] < change["difference"] < change["high"] < 7
    page = words_of(client_of(world.a.team_lead), made)
    assert "After “New rota” (May 2025) Answered in time rose by 5.3" in page
    assert "A change to the better: the interval leaves “no change” out." in page
    assert "Of 1 earlier date on which nothing was done, 0 shows a difference as large." in page
    assert "After “New rota” (May 2025) Answered in time rose by 5.3" in words_of(client_of(world.a.team_lead), one)


def test_too_early_says_when(world, client_of, clock_at):
    clock_at(dt.date(2025, 8, 20))
    one = series(world.a.team, [*BEFORE, 56, 55, 57])
    made = compared(world.a.supervisor, one)
    assert (made.facts["reading"], made.facts["missing_after"], made.facts["enough_on"]) == (
        "not_enough",
        4,
        "2025-12-01",
    )
    page = words_of(client_of(world.a.supervisor), made)
    assert "Too early to tell what “New rota” (May 2025) changed: 4 more points after it are needed." in page
    assert "Enough can be known from 1 December 2025 on." in page


def test_no_day_is_named_that_has_gone_by(world, client_of, clock_at):
    made = compared(world.a.supervisor, series(world.a.team, [*BEFORE, 56, 55, 57]))
    clock_at(dt.date(2025, 12, 1))
    page = words_of(client_of(world.a.supervisor), made)
    assert "Too few points lie after “New rota” (May 2025) to tell what it changed: 4 more are needed." in page
    assert "Enough can be known" not in page
    assert "Too early" not in page


def test_where_points_before_lack_no_waiting_is_asked_for(world, client_of, clock_at):
    clock_at(dt.date(2024, 4, 20))
    made = compared(world.a.supervisor, series(world.a.team, [50, 51, 52, 50]), dt.date(2024, 2, 1))
    assert (made.facts["missing_before"], made.facts["missing_after"]) == (7, 4)
    page = words_of(client_of(world.a.supervisor), made)
    assert (
        "Too few points lie on either side of “New rota” (February 2024): 7 more before it and 4 more from it on would "
        "be needed." in page
    )
    assert "Enough can be known" not in page
    assert "Too early" not in page


def also_done(world, one):
    """Two actions and a definition in the month of the change, and definitions just before and after it."""
    for place, (day, label) in enumerate([(5, "Call-back 24"), (6, "New macro")]):
        Mark.objects.create(
            series=one, kind="action", day=dt.date(2025, 5, day), label=label, at="2025-05-07T00:00Z",
            thing_kind="improvements.action", thing_id=str(place + 1),
        )  # fmt: skip
    for day, label in (
        (dt.date(2025, 4, 30), "Before"),
        (dt.date(2025, 6, 1), "After"),
        (dt.date(2025, 5, 31), "Hours"),
    ):
        marks.mark(world.a.supervisor, one, Mark.Kind.DEFINITION, day, label)


def test_what_else_was_done_at_the_same_time_is_named(world, client_of, django_assert_num_queries):
    one = series(world.a.team)
    made = compared(world.a.supervisor, one, label="New macro")
    client = client_of(world.a.supervisor)
    words_of(client, made)
    with CaptureQueriesContext(connection) as alone:
        assert "cannot be told apart" not in words_of(client, made)
    also_done(world, one)
    Comparison.objects.create(
        series=one, until=dt.date(2025, 4, 30), day=dt.date(2025, 5, 1), label="Call-back 24", at="2025-05-07T00:00Z",
        thing_kind="improvements.action", thing_id="1", person=world.a.supervisor,
    )  # fmt: skip
    with django_assert_num_queries(len(alone)):
        page = words_of(client, made)
    words = "2 other changes fall at the same time (“Call-back 24”, “Hours”): they cannot be told apart."
    assert (words in page, words in words_of(client, one)) == (True, True)


def test_what_was_done_where_an_earlier_beginning_lies_is_named(world, client_of):
    one = series(world.a.team, [*BEFORE[:14], 57, 56, *AFTER])
    marks.mark(world.a.supervisor, one, Mark.Kind.ACTION, dt.date(2025, 3, 12), "Headsets")
    made = compared(world.a.supervisor, one)
    assert made.facts["onset_steps"] == -2
    words = "1 other change falls at the same time (“Headsets”): the two cannot be told apart."
    assert words in words_of(client_of(world.a.supervisor), made)


@pytest.mark.parametrize("marked", [False, True])
def test_the_day_is_drawn_once_on_the_chart_of_its_comparison(world, client_of, marked):
    one = series(world.a.team)
    if marked:
        marks.mark(world.a.supervisor, one, Mark.Kind.ACTION, dt.date(2025, 5, 12), "New macro")
    made = compared(world.a.supervisor, one, label="New macro")
    page = client_of(world.a.supervisor).get(made.get_absolute_url())
    layout = page.context["chart"]["layout"]
    day = "2025-05-12" if marked else "2025-05-01"
    flags = [(note["text"], note["x"][:10]) for note in layout["annotations"] if note["text"] == "New macro"]
    lines = [shape["x0"][:10] for shape in layout["shapes"] if shape["type"] == "line"]
    assert (flags, lines) == ([("New macro", day)], [day])


def test_new_values_bring_a_new_reading(world):
    one = series(world.a.team, [*BEFORE, 56, 55, 57])
    made = compared(world.a.supervisor, one)
    making.observe(one, [56, 55, 57, 56], first=19)
    assert comparing.compare_of([one.pk]) == 1
    assert comparing.compare_of([one.pk]) == 0
    made.refresh_from_db()
    assert made.facts["reading"] == "shown"


@pytest.mark.parametrize(
    ("denominator", "survey", "words"),
    [
        ("complaints closed", False, "of 1,600 (complaints closed)."),
        ("all answers", True, "of 1,600 (all answers)."),
        ("", True, "of 1,600 answers."),
        ("", False, "of 1,600 cases counted."),
    ],
)
def test_a_share_is_told_in_what_it_counts(world, client_of, denominator, survey, words):
    metric = making.metric(world.a.team, kind="proportion", measure="%", scale=100, denominator=denominator)
    if survey:
        Survey.objects.create(metric=metric, kind="share")
    one = making.series(metric, world.a.team, [])
    rows = [(making.month(place), value * 2, 200) for place, value in enumerate([*BEFORE, *AFTER])]
    Observation.objects.bulk_create(
        Observation(series=one, day=day, numerator=number, denominator=of, n=of) for day, number, of in rows
    )
    one.first_day, one.last_day = making.month(0), making.month(23)
    one.save()
    made = compared(world.a.supervisor, one)
    client = client_of(world.a.supervisor)
    page = words_of(client, made)
    assert (words in page, words in words_of(client, one), "contacts" in page.lower()) == (True, True, False)
    contacts = made.facts["contacts"]
    assert contacts["of"] == 1600
    assert contacts["count"] == pytest.approx(made.facts["change"]["difference"] / 100 * 1600)


@pytest.fixture
def beside(world):
    """A second team below the same department, steady all along."""
    return units.add_unit(world.a.administrator, world.a.department, "Night desk", "team")


def test_a_sibling_is_suggested_and_taken_off(world, beside, client_of):
    metric = making.metric(world.a.department)
    one = making.series(metric, world.a.team, [*BEFORE, *AFTER])
    other = making.series(
        metric, beside, [53, 52, 54, 51, 53, 52, 53, 54, 52, 51, 53, 55, 52, 53, 54, 52] + [54] * 4 + [53] * 4
    )
    made = compared(world.a.supervisor, one)
    assert questions.candidates(world.a.supervisor, made) == [other]
    client = client_of(world.a.supervisor)
    client.post(reverse("set-against", args=[made.pk]), {"against": other.pk})
    jobs.run_pending()
    made.refresh_from_db()
    net, change, theirs = (made.facts[name]["difference"] for name in ("net", "change", "other"))
    assert (made.against, made.facts["reading"]) == (other, "shown")
    assert net == pytest.approx(change - theirs, abs=0.3)
    page = words_of(client, made)
    assert f"more than {other.place} (95 % interval" in page


def test_a_series_in_which_something_was_done_is_no_comparison(world, beside):
    metric = making.metric(world.a.department)
    one = making.series(metric, world.a.team, [*BEFORE, *AFTER])
    other = making.series(metric, beside, [*BEFORE, *AFTER])
    marks.mark(world.a.supervisor, other, Mark.Kind.ACTION, CHANGE, "Same rota")
    made = compared(world.a.supervisor, one)
    assert questions.candidates(world.a.supervisor, made) == []
    with pytest.raises(Refused) as refused:
        comparisons.set_against(world.a.supervisor, made, other)
    assert refused.value.code == "not_comparable"


@pytest.mark.parametrize(
    ("day", "label", "code"),
    [
        (CHANGE, " ", "no_words"),
        (dt.date(2023, 1, 1), "Rota", "outside_data"),
        (dt.date(2031, 1, 1), "Rota", "outside_data"),
    ],
)
def test_what_cannot_be_compared_is_refused(world, day, label, code):
    one = series(world.a.team)
    with pytest.raises(Refused) as refused:
        comparisons.compare(world.a.supervisor, one, day, label)
    assert refused.value.code == code


def test_the_same_day_is_compared_once(world):
    one = series(world.a.team)
    compared(world.a.supervisor, one)
    with pytest.raises(Refused) as refused:
        comparisons.compare(world.a.supervisor, one, dt.date(2025, 5, 20), "Again")
    assert refused.value.code == "already"


def test_a_comparison_is_removed_by_who_may_note(world, client_of):
    made = compared(world.a.supervisor, series(world.a.team))
    client_of(world.a.supervisor).post(reverse("remove-comparison", args=[made.pk]))
    assert not Comparison.objects.exists()


ODD = {
    "constant": [5] * 24,
    "one": [5],
    "zero": [0] * 23 + [1],
    "gaps": [5, None, 6, None, 7, None] * 4,
    "huge": [value * 1e300 for value in (*BEFORE, *AFTER)],
    "tiny": [value * 1e-300 for value in (*BEFORE, *AFTER)],
    "negative": [-value for value in (*BEFORE, *AFTER)],
}


@pytest.mark.parametrize("kind", ["score", "duration", "count"])
@pytest.mark.parametrize("name", ODD)
def test_odd_data_still_make_a_page(world, client_of, name, kind):
    one = series(world.a.team, ODD[name], kind=kind, direction=-1)
    made = Comparison.objects.create(
        series=one,
        until=dt.date(2025, 4, 30),
        day=CHANGE,
        label="Rota",
        person=world.a.supervisor,
        at="2025-05-01T00:00Z",
    )
    comparing.compare([made.pk])
    made.refresh_from_db()
    assert "nan" not in words_of(client_of(world.a.supervisor), made).lower().split()


def test_a_season_is_taken_out_first(world):
    wave = [8 * np.sin(place / 12 * 2 * np.pi) for place in range(36)]
    steady = [*BEFORE, *[50, 51, 49, 52, 50, 51, 48, 50], *[56, 55, 57, 54, 56, 55, 57, 56, 55, 57, 56, 54]]
    one = series(world.a.team, [value + turn for value, turn in zip(steady, wave, strict=True)])
    made = compared(world.a.supervisor, one, dt.date(2026, 1, 1))
    assert made.facts["seasonal"] is True
    assert made.facts["change"]["low"] < 5.3 < made.facts["change"]["high"]


def test_a_number_of_a_series_that_the_reader_may_not_see_is_not_told(world, client_of):
    """Net of it and its own change are one number: knowing the one and the change here is knowing both."""
    metric = making.metric(world.a.department)
    one = making.series(metric, world.a.team, [*BEFORE, *AFTER])
    hidden = [53, 52, 54, 51, 53, 52, 53, 54, 52, 51, 53, 55, 52, 53, 54, 52]
    other = making.series(metric, world.a.other_team, [*hidden, *(value + 31 for value in hidden[:8])])
    analysing.analyse_series([one.pk, other.pk])
    made = compared(world.a.supervisor, one)
    comparisons.set_against(world.a.supervisor, made, other)
    jobs.run_pending()
    made.refresh_from_db()
    theirs = str(round(made.facts["other"]["difference"], 1))
    hidden_from_some = (theirs, "Net of it", other.place)

    for thing in (made, one):
        page = words_of(client_of(world.a.team_lead), thing)
        told = [word for word in hidden_from_some if word in page]
        assert (told, "After “New rota” (May 2025) Answered in time rose by 5.3" in page) == ([], True)
    page = words_of(client_of(world.a.team_lead), made)
    assert "It is also set against a series that you may not see" in page
    page = words_of(client_of(world.a.supervisor), made)
    assert [word for word in hidden_from_some if word in page] == [*hidden_from_some]


WOBBLE = [0, 2, -1, 1, 0, 3, -2, 0, 1, -1, 2, 0, 1, -1, 0, 2, 1, 0, -1, 1]
PACED = [50 + one for one in WOBBLE] + [53 + place + one / 2 for place, one in enumerate(WOBBLE[:14])]


def test_another_pace_is_told_with_the_level_and_drawn_as_slopes(world, client_of):
    one = series(world.a.team, PACED)
    made = compared(world.a.supervisor, one, dt.date(2025, 9, 1))
    client = client_of(world.a.team_lead)
    page = words_of(client, made)
    assert "“New rota” Answered in time also moves upwards from its old course, by +0.989" in page
    assert "Difference in October 2026, by level and pace" in page
    assert "so one difference does not tell it all" in words_of(client, one)
    drawn = client.get(made.get_absolute_url()).context["chart"]["data"]
    (before, after) = [line["y"] for line in drawn if line["name"] == "level"]
    pace = made.facts["pace"]
    assert [*before, *after] == pytest.approx(pace["lines"])
    assert after[1] - after[0] == pytest.approx(
        13 * (pace["change"]["difference"] + pace["before"]["difference"]), 0.02
    )


def test_without_another_pace_the_levels_are_drawn_flat(world, client_of):
    one = series(world.a.team, [50 + value for value in WOBBLE] + [53 + value for value in WOBBLE[:14]])
    made = compared(world.a.supervisor, one, dt.date(2025, 9, 1))
    client = client_of(world.a.team_lead)
    page = words_of(client, made)
    drawn = client.get(made.get_absolute_url()).context["chart"]["data"]
    assert [len(set(line["y"])) for line in drawn if line["name"] == "level"] == [1, 1]
    assert ("Change of pace" in page, "does not tell it all" in page) == (True, False)


def test_a_pace_net_of_a_series_that_the_reader_may_not_see_is_not_told(world, client_of):
    metric = making.metric(world.a.department)
    one = making.series(metric, world.a.team, PACED)
    steeper = [52 + value for value in WOBBLE[::-1]] + [52 - 2 * place for place in range(14)]
    other = making.series(metric, world.a.other_team, steeper)
    analysing.analyse_series([one.pk, other.pk])
    made = compared(world.a.supervisor, one, dt.date(2025, 9, 1))
    comparisons.set_against(world.a.supervisor, made, other)
    jobs.run_pending()
    page = words_of(client_of(world.a.supervisor), made)
    assert f"also gains on {other.place} as time goes on, by +3.00 (" in page
    page = words_of(client_of(world.a.team_lead), made)
    assert ("also gains on" in page, "also moves upwards from its old course, by +0.989" in page) == (False, True)
