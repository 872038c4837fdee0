"""Two stretches side by side: every number that the page tells is in the data, and a changed fact is caught."""

import dataclasses
import datetime as dt

import pytest
from django.utils import translation

from metrics.wording.stretches import compared_told
from tests.comparing import making as counted
from tests.metrics import making

from .checking import faults_of
from .stretched import side_by_side, stretch_facts

pytestmark = pytest.mark.django_db
VALUES = [50, 52, 49, 51, 50, 53, 48, 50, 51, 49, 52, 50, 44, 43, 46, 45, 42, 45, 44, 43]
SIZES = [90 + 3 * (place % 4) for place in range(20)]
FIRST, SECOND = (making.month(0), making.month(11)), (making.month(12), making.month(19))
CASES = {
    "share": ("p", lambda world: counted.counted(counted.share(world.a.team), world.a.team, VALUES, SIZES)),
    "time": ("log", lambda world: made(world, [60 * one for one in VALUES], kind="duration", measure="min")),
    "score": ("xmr", lambda world: made(world, VALUES, measure="points of 100")),
    "alike": ("xmr", lambda world: made(world, [50 + one % 3 for one in VALUES], measure="%")),
}


def made(world, values, **more):
    return making.series(making.metric(world.a.department, **more), world.a.team, values)


@pytest.mark.parametrize("language", ["en-gb", "de"])
@pytest.mark.parametrize("case", CASES)
def test_every_number_of_two_stretches_is_in_the_data(world, case, language):
    chart, make = CASES[case]
    series = make(world)
    analysis, found = side_by_side(series, (FIRST, SECOND))
    apart, facts = stretch_facts(series, chart, (FIRST, SECOND))
    with translation.override(language):
        assert faults_of(compared_told(series.metric, analysis, found, (FIRST, SECOND)), facts) == []
    assert analysis.settings["chart"] == chart
    assert found.apart == apart == (case != "alike")


def test_of_a_few_times_far_apart_no_end_is_told(world):
    """Fifty seconds or fourteen hours: the interval would reach from next to nothing to thousands of times as long."""
    series = made(world, [60, 3_000, 80, 50_000, 70, 4_000, 90, 45_000] * 2, kind="duration", measure="min")
    spans = (making.month(0), making.month(3)), (making.month(4), making.month(7))
    analysis, found = side_by_side(series, spans)
    apart, facts = stretch_facts(series, "log", spans)
    told = compared_told(series.metric, analysis, found, spans)
    assert (faults_of(told, facts), apart, found.apart, found.high > 100 * found.low) == ([], False, False, True)
    assert told.fact.endswith("; values so few and so far apart leave open by how much it changed.")


def test_too_short_a_stretch_is_told_as_that(world):
    series = made(world, VALUES, measure="%")
    spans = (FIRST, (making.month(12), making.month(14)))
    analysis, found = side_by_side(series, spans)
    apart, facts = stretch_facts(series, "xmr", spans)
    told = compared_told(series.metric, analysis, found, spans)
    assert (faults_of(told, facts), apart, found.apart) == ([], False, False)
    assert told.meaning.startswith("Not enough to compare: each stretch needs at least 4 values")


@pytest.mark.parametrize("case", ["share", "time", "score"])
@pytest.mark.parametrize("changed", ["first", "second", "difference", "low", "high"])
def test_a_changed_fact_is_caught(world, case, changed):
    chart, make = CASES[case]
    series = make(world)
    analysis, found = side_by_side(series, (FIRST, SECOND))
    was = getattr(found, changed)
    now = dataclasses.replace(was, level=was.level * 1.1) if changed in ("first", "second") else was * 1.1
    told = compared_told(series.metric, analysis, dataclasses.replace(found, **{changed: now}), (FIRST, SECOND))
    assert faults_of(told, stretch_facts(series, chart, (FIRST, SECOND))[1]) != []


def test_the_page_tells_them(world, client_of):
    series = made(world, VALUES, measure="%")
    analysis, found = side_by_side(series, (FIRST, SECOND))
    days = zip(("a_from", "a_to", "b_from", "b_to"), (*FIRST, *SECOND), strict=True)
    asked = {name: dt.date.fromordinal(day).isoformat() for name, day in days}
    page = client_of(world.a.supervisor).get(f"/series/{series.pk}", asked).content.decode()
    assert compared_told(series.metric, analysis, found, (FIRST, SECOND)).fact in page
