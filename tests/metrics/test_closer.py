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
