"""Before and after on the pages: asked for, computed by a worker, told with its interval, set against another series."""

import datetime as dt
import re

import numpy as np
import pytest
from django.urls import reverse

from jobs import workflow as jobs
from metrics import analysing
from metrics.analysing import comparing
from metrics.models import Comparison, Mark, Observation
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


def test_too_early_says_when(world, client_of):
    one = series(world.a.team, [*BEFORE, 56, 55, 57])
    made = compared(world.a.supervisor, one)
    assert (made.facts["reading"], made.facts["missing_after"], made.facts["enough_on"]) == (
        "not_enough",
        4,
        "2025-12-01",
    )
    page = words_of(client_of(world.a.supervisor), made)
    assert "Too early to tell what “New rota” (May 2025) changed: 4 more points are needed." in page
    assert "Enough can be known from 1 December 2025 on." in page


def test_new_values_bring_a_new_reading(world):
    one = series(world.a.team, [*BEFORE, 56, 55, 57])
    made = compared(world.a.supervisor, one)
    making.observe(one, [56, 55, 57, 56], first=19)
    assert comparing.compare_of([one.pk]) == 1
    assert comparing.compare_of([one.pk]) == 0
    made.refresh_from_db()
    assert made.facts["reading"] == "shown"


def test_a_share_is_told_in_contacts(world):
    metric = making.metric(world.a.team, kind="proportion", measure="%", scale=100)
    one = making.series(metric, world.a.team, [])
    rows = [(making.month(place), value * 2, 200) for place, value in enumerate([*BEFORE, *AFTER])]
    Observation.objects.bulk_create(
        Observation(series=one, day=day, numerator=number, denominator=of, n=of) for day, number, of in rows
    )
    one.first_day, one.last_day = making.month(0), making.month(23)
    one.save()
    made = compared(world.a.supervisor, one)
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
