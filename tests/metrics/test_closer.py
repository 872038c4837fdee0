"""The closer look: season and drift, for a series on Watch or when somebody asks."""

import math

import pytest

from jobs import workflow as jobs
from metrics import analysing
from metrics.models import CloserLook
from metrics.workflow import closer
from tests.metrics import making


@pytest.fixture
def seasonal(world):
    """Five years of months, 50 in spring and autumn, 60 in summer and 40 in winter."""
    values = [50 - 10 * math.cos(2 * math.pi * place / 12) + (place * 7 % 5 - 2) / 2 for place in range(60)]
    made = making.series(making.metric(world.a.department), world.a.team, values)
    analysing.analyse_series([made.pk])
    return made


def test_a_season_is_found_when_somebody_asks(world, seasonal, client_of):
    closer.look_closer(world.a.colleague, seasonal)
    jobs.run_pending()

    facts = CloserLook.objects.get(series=seasonal).facts
    assert (facts["season"]["found"], facts["season"]["cycle"], facts["season"]["n"]) == (True, "year", 60)
    assert facts["drift"]["found"] is False
    page = client_of(world.a.colleague).get(seasonal.get_absolute_url()).content.decode()
    assert "highest around early July" in page
    assert "The plain chart stays the one that decides." in page
    assert 'id="adjusted-chart"' in page


def test_nothing_is_computed_before_anybody_asks(world, client_of):
    series = making.steady(world.a.team)

    page = client_of(world.a.colleague).get(series.get_absolute_url()).content.decode()

    assert CloserLook.objects.count() == 0
    assert "Season and slow drift are looked for when" in page


@pytest.mark.parametrize(("months", "drawn"), [(60, True), (59, False)])
def test_the_season_is_pictured_from_five_cycles_on(world, client_of, months, drawn):
    values = [50 - 10 * math.cos(2 * math.pi * place / 12) + (place * 7 % 5 - 2) / 2 for place in range(months)]
    made = making.series(making.metric(world.a.department), world.a.team, values)
    analysing.analyse_series([made.pk])
    closer.look_closer(world.a.colleague, made)
    jobs.run_pending()

    page = client_of(world.a.colleague).get(made.get_absolute_url()).content.decode()
    picture = CloserLook.objects.get(series=made).facts["season"]["picture"]

    assert (page.count('id="season-chart"'), picture is not None) == (int(drawn), drawn)
    assert page.count("a picture that decides nothing") == 2 * drawn
    if picture:
        assert picture["season"][6] == pytest.approx(10, abs=1.5)
        assert picture["slow"][30] == pytest.approx(50, abs=1)


def test_plain_and_adjusted_chart_stand_on_one_page_with_what_was_adjusted(world, seasonal, client_of):
    """Both have their own limits, and the sentence says from what, and how many points each marks."""
    closer.look_closer(world.a.colleague, seasonal)
    jobs.run_pending()

    page = client_of(world.a.colleague).get(seasonal.get_absolute_url())
    text, facts = page.content.decode(), CloserLook.objects.get(series=seasonal).facts["season"]
    adjusted = next(part.part for part in page.context["sections"] if part.key == "closer")["chart"]
    plain, without = ({trace["name"]: trace["y"] for trace in one["data"]} for one in (page.context["chart"], adjusted))

    assert f"from 60 values in {facts['cycles']:.1f} years" in text
    assert f"{facts['marked']} on the plain chart, {facts['marked_adjusted']} on the adjusted one" in text
    assert max(without["points"]) - min(without["points"]) < 5 < 15 < max(plain["points"]) - min(plain["points"])
    # Each has its own limits; those of the adjusted one are those that the sentence tells.
    assert without["upper"][-1] == pytest.approx(facts["upper"])
    assert without["upper"][-1] < plain["upper"][-1]
    assert f"values from {facts['lower']:.1f} to {facts['upper']:.1f} are usual" in text


def test_times_have_their_season_pictured_in_per_cent(world):
    values = [50 * math.exp(-0.5 * math.cos(2 * math.pi * place / 12)) + place * 7 % 5 - 2 for place in range(72)]
    made = making.series(making.metric(world.a.department, kind="duration", measure="min"), world.a.team, values)
    analysing.analyse_series([made.pk])
    closer.look_closer(world.a.colleague, made)
    jobs.run_pending()

    picture = CloserLook.objects.get(series=made).facts["season"]["picture"]

    assert picture["percent"] is True
    assert picture["season"][30] == pytest.approx(100 * math.expm1(0.5), abs=8)
