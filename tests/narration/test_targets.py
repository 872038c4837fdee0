"""Every number that is told of a target is in the data: in words of a second language too, and not after a change."""

import datetime as dt

import pytest
from django.utils import translation

from metrics import analysing
from metrics.models import Analysis
from metrics.trends.odds import NAMES
from metrics.wording.outlooks import band, chance_told, criterion_told
from metrics.workflow import targets
from teams import clock
from tests.metrics import making

from .checking import faults_of, unexplained
from .recompute import Facts
from .targets import chance_facts, word_of

pytestmark = pytest.mark.django_db
VALUES = [82.5, 84.0, 81.5, 86.0, 83.0, 85.5, 80.5, 84.5, 82.0, 85.0, 83.5, 81.0, 86.5, 84.0, 83.0, 82.5]


@pytest.fixture(params=[78, 83, 84.5, 86, 90])
def analysis(request, world):
    """A team's metric with a target that held from its sixth month on."""
    metric = making.metric(world.a.department, measure="%")
    series = making.series(metric, world.a.team, VALUES)
    targets.set_target(
        world.a.supervisor, metric, world.a.team, value=float(request.param), from_day=dt.date(2024, 6, 1),
        reason="Agreed", source="", agreed_with="",
    )  # fmt: skip
    analysing.analyse_series([series.pk])
    return Analysis.objects.select_related("series__metric", "series__unit").get(series=series)


@pytest.mark.parametrize("language", ["en-gb", "de"])
def test_every_number_is_in_the_data(analysis, language):
    chance, facts = chance_facts(analysis.series, clock.today().toordinal())

    with translation.override(language):
        told = chance_told(analysis.series, analysis)
        assert faults_of(told, facts) == []
    assert analysis.target_chance == pytest.approx(chance, rel=1e-9)
    assert NAMES[band(analysis.target_chance)] == word_of(chance)


@pytest.mark.parametrize("language", ["en-gb", "de"])
def test_every_number_told_beside_a_criterion_is_in_the_data(analysis, language):
    _chance, facts = chance_facts(analysis.series, clock.today().toordinal())

    with translation.override(language):
        told = criterion_told(analysis, 81.25)
        assert unexplained(told, facts + Facts(numbers=[81.25, 10, 9, 6, 4])) == []
        assert unexplained(told, facts) != []
        assert criterion_told(analysis, analysis.target) in told


@pytest.mark.parametrize("changed", ["target", "hits", "of", "hits_low"])
def test_a_changed_fact_is_caught(analysis, changed):
    _chance, facts = chance_facts(analysis.series, clock.today().toordinal())

    analysis.outlook[changed] += 0.37 if changed == "hits_low" else 77

    assert {kind for _, kind, _ in faults_of(chance_told(analysis.series, analysis), facts)} == {"number"}
