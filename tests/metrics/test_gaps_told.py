"""Periods inside a series that have no value are said on its page: how many of how many, and when the first was."""

import datetime as dt
import random

import numpy as np
import pytest

from metrics import analysing
from metrics.models import Observation, Series
from metrics.queries.analyses import analysis_of, points_of
from metrics.queries.gaps import gaps_of
from metrics.trends import Batch, analyse, pack, unpack
from metrics.wording.periods import gaps_told
from tests.metrics import making

MONDAY = dt.date(2025, 1, 6)


def points(days, values=None):
    given = [1.0] * len(days) if values is None else values
    ordinals = [day.toordinal() for day in days]
    return unpack(pack(analyse(Batch.build(given, [0, len(ordinals)], ordinals)), 0))


def weeks(chosen):
    return [MONDAY + dt.timedelta(weeks=place) for place in chosen]


def days_on(count, weekdays, without=()):
    every = (MONDAY + dt.timedelta(days=place) for place in range(count))
    return [day for day in every if day.weekday() in weekdays and day not in without]


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("values", "words"),
    [
        ([50, 51, None, 49, None, None, 50, 51], "3 of 8 months have no value, the first March 2024."),
        ([50, 51, None, 49, 50, 51], "1 of 6 months has no value: March 2024."),
        ([50, 51, 49, 50], ""),
        # What lies before the first value or after the latest is no gap inside.
        ([None, 50, 51, 49, None], ""),
    ],
)
def test_the_page_says_how_many_and_when_first(world, client_of, values, words):
    one = making.series(making.metric(world.a.department), world.a.team, values)
    analysing.analyse_series([one.pk])
    page = client_of(world.a.supervisor).get(f"/series/{one.pk}")
    told = [str(note) for note in page.context["notes"]]
    assert [note for note in told if "no value" in note] == ([words] if words else [])
    assert words in page.content.decode()


@pytest.mark.django_db
def test_one_brought_without_a_value_counts_as_one_that_was_not_brought(world):
    one = making.series(making.metric(world.a.department), world.a.team, [50, 51, 49, None, 50, 52])
    Observation.objects.filter(series=one, day=making.month(1)).update(numerator=1, denominator=0)
    analysing.analyse_series([one.pk])
    found = gaps_of(points_of(analysis_of(one)), "month")
    assert (found.missing, found.of, found.first) == (2, 6, making.month(1))


@pytest.mark.django_db
def test_a_period_that_is_not_over_is_no_gap(world, client_of):
    one = making.series(making.metric(world.a.department), world.a.team, [50, 51, 49, 12])
    last = making.month(3)
    Series.objects.filter(pk=one.pk).update(partial_day=last, partial_until=last + 9)
    analysing.analyse_series([one.pk])
    page = client_of(world.a.supervisor).get(f"/series/{one.pk}")
    assert not [note for note in page.context["notes"] if "of 4 months" in str(note)]
    assert page.context["not_over"]


def test_weeks_are_named_by_their_monday():
    found = gaps_of(points(weeks([*range(8), *range(9, 40), *range(42, 104)])), "week")
    assert gaps_told(found, "week") == "3 of 104 weeks have no value, the first the week of 3 March 2025."


@pytest.mark.parametrize(
    ("days", "words"),
    [
        (days_on(28, range(5)), ""),
        (days_on(9, range(5)), ""),
        (days_on(28, [0]), ""),
        (days_on(28, range(7), [dt.date(2025, 1, 12)]), "1 of 28 days has no value: 12 January 2025."),
        # A Friday that is missing is one day, though nothing comes from Thursday to Monday.
        (
            days_on(26, range(5), [dt.date(2025, 1, 17)]),
            "1 of 20 days has no value: 17 January 2025. Days of the week that never have one are not counted.",
        ),
        # In a single week the missing day might have been open.
        (days_on(5, range(5), [dt.date(2025, 1, 8)]), "1 of 5 days has no value: 8 January 2025."),
    ],
)
def test_days_on_which_nobody_works_are_no_gaps(days, words):
    assert gaps_told(gaps_of(points(days), "day"), "day") == words


@pytest.mark.parametrize("few", [[], [MONDAY]])
def test_nothing_is_said_of_no_value_and_of_one(few):
    assert gaps_of(points(few), "week") is None


def test_only_missing_values_say_nothing():
    assert gaps_of(points(weeks(range(5)), [np.nan] * 5), "week") is None


@pytest.mark.parametrize("seed", range(20))
def test_counted_one_by_one_it_is_the_same(seed):
    """By a walk from month to month over a calendar."""
    draw = random.Random(seed)
    every = [dt.date(2019 + place // 12, place % 12 + 1, 1) for place in range(draw.randrange(3, 90))]
    kept = [day for day in every if draw.random() < 0.7] or every[:1]
    span = [day for day in every if kept[0] <= day <= kept[-1]]
    lacking = [day for day in span if day not in kept]
    found = gaps_of(points(kept), "month")
    if not lacking:
        assert found is None
    else:
        assert (found.missing, found.of, found.first) == (len(lacking), len(span), lacking[0].toordinal())
