"""Whether the latest value keeps to its trajectory: every number is in the data, and the word follows from them."""

import datetime as dt

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import translation

from metrics import analysing
from metrics.models import Observation, Rebase
from metrics.queries.analyses import analysis_of, rows_of
from metrics.trajectories import Planned
from metrics.wording.trajectories import trajectory_told
from metrics.workflow import targets
from tests.metrics import making

from .checking import unexplained
from .pathed import path_facts

pytestmark = pytest.mark.django_db
START, BY = dt.date(2024, 7, 15), dt.date(2026, 6, 30)
WORDS = {1: "is ahead of the trajectory", 0: "cannot be told apart from the trajectory", -1: "is behind the trajectory"}
# The last of thirty months is June 2026; values of 48 to 53.
NOISE = [*making.STEADY, *making.STEADY[::-1], 50, 52, 49, 51]
UNTIL = dt.date(2027, 6, 30)
CASES = {
    "within": ({"measure": "%"}, 49.0, 53.0, 0),
    "ahead": ({"measure": "points"}, 30.0, 44.0, 1),
    "behind": ({"measure": "points"}, 50.0, 80.0, -1),
    "ahead, fewer is better": ({"measure": "points", "direction": -1}, 80.0, 50.0, 1),
    "behind, fewer is better": ({"measure": "points", "direction": -1}, 44.0, 30.0, -1),
    "shares, ahead": ({"kind": "proportion", "scale": 100, "measure": "%"}, 10.0, 30.0, 1),
    "shares, within": ({"kind": "proportion", "scale": 100, "measure": "%"}, 45.0, 55.0, 0),
    "times, behind": ({"kind": "duration", "measure": "min", "direction": -1}, 40.0, 30.0, -1),
    "times, within": ({"kind": "duration", "measure": "min", "direction": -1}, 52.0, 48.0, 0),
    "behind, each value alone within": ({"measure": "%"}, 53.2, 53.9, -1),
    "ahead, each value alone within": ({"measure": "%", "direction": -1}, 53.9, 53.2, 1),
    "counts, ahead": ({"kind": "count", "measure": "contacts"}, 10.0, 12.0, 1),
    "counts, within": ({"kind": "count", "measure": "contacts"}, 50.0, 52.0, 0),
}


def on_path(world, start, goal, values=NOISE, first=START, by=UNTIL, day=START, **more):
    one = making.series(making.metric(world.a.department, **more), world.a.team, values)
    if more.get("kind") == "proportion":
        for row in Observation.objects.filter(series=one):
            row.numerator, row.denominator = round(row.numerator * 4), 400
            row.save()
    target = targets.set_target(
        world.a.supervisor, one.metric, world.a.team, goal, day, "Agreed", trajectory=Planned(start, first, by)
    )
    analysing.analyse_series([one.pk])
    return one, target, analysis_of(one)


@pytest.mark.parametrize("language", ["en-gb", "de"])
@pytest.mark.parametrize("case", CASES)
def test_every_number_and_the_word_are_in_the_data(world, case, language):
    more, start, goal, expected = CASES[case]
    series, target, analysis = on_path(world, start, goal, **more)
    facts, side = path_facts(series, target)
    with translation.override(language):
        told = trajectory_told(analysis, rows_of(analysis))
        assert (unexplained(told, facts), side) == ([], expected)
    assert WORDS[side] in told
    assert [words for words in WORDS.values() if words in told] == [WORDS[side]]


def test_where_neither_is_better_it_says_above_or_below(world):
    for goal, word in ((30.0, "above"), (80.0, "below")):
        series, target, analysis = on_path(world, goal, goal + 1, name=word, direction=0, measure="points")
        told = trajectory_told(analysis, rows_of(analysis))
        assert f"is {word} the trajectory to" in told
        assert unexplained(told, path_facts(series, target)[0]) == []


@pytest.mark.parametrize("changed", [{"start_value": 40.0}, {"value": 57.0}, {"reach_by": dt.date(2028, 1, 31)}])
def test_a_changed_fact_is_caught(world, changed):
    series, target, analysis = on_path(world, 49.0, 53.0, measure="%")
    for name, value in changed.items():
        setattr(target, name, value)
    assert unexplained(trajectory_told(analysis, rows_of(analysis)), path_facts(series, target)[0]) != []


def test_before_it_begins_nothing_is_said_of_the_value(world):
    first = dt.date(2026, 9, 1)
    _series, _target, analysis = on_path(world, 49.0, 53.0, first=first, day=first, measure="%")
    assert trajectory_told(analysis, rows_of(analysis)) == (
        "The trajectory to 53\u202f% by 30 June 2027 begins on 1 September 2026 at 49\u202f%: too early to say whether values "
        "keep to it."
    )


def test_after_its_end_the_target_alone_counts(world):
    _series, _target, analysis = on_path(world, 49.0, 53.0, by=dt.date(2026, 3, 31), measure="%")
    assert trajectory_told(analysis, rows_of(analysis)) == (
        "The trajectory to 53\u202f% by 31 March 2026 ended in March 2026: the latest value, 51.0\u202f% in June 2026, is read "
        "against the target alone."
    )


def test_with_few_values_it_is_too_early(world):
    series, target, analysis = on_path(world, 49.0, 53.0, values=NOISE[:9], measure="%")
    told = trajectory_told(analysis, rows_of(analysis))
    assert told.startswith(
        "Too early to say whether the latest value keeps to the trajectory to 53\u202f% by 30 June 2027"
    )
    assert unexplained(told, path_facts(series, target)[0]) == []
    Rebase.objects.create(series=series, day=dt.date(2024, 8, 1), reason="New", person=world.a.supervisor, at=target.at)
    analysing.analyse_series([series.pk])
    analysis = analysis_of(series)
    assert trajectory_told(analysis, rows_of(analysis)).startswith("Too early")


@pytest.mark.parametrize("values", [[50.0] * 30, [0.0] * 14 + [7.0] + [0.0] * 15])
def test_values_nearly_all_the_same_tell_nothing(world, values):
    _series, _target, analysis = on_path(world, 49.0, 53.0, values=values, measure="%")
    told = trajectory_told(analysis, rows_of(analysis))
    assert "cannot be told" in told and "nearly all the same" in told


def test_it_asks_the_database_nothing(world):
    _series, _target, analysis = on_path(world, 49.0, 53.0, measure="%")
    rows = rows_of(analysis)
    with CaptureQueriesContext(
        connection,
    ) as asked:
        trajectory_told(analysis, rows)
    assert len(asked) == 0


def test_the_page_says_it(world, client_of):
    series, _target, analysis = on_path(world, 49.0, 53.0, measure="%")
    page = client_of(world.a.colleague).get(series.get_absolute_url()).content.decode()
    assert trajectory_told(analysis, rows_of(analysis)) in page
