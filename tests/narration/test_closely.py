"""Season, drift and proposed steps: every number and date that is told is in the data, and a changed fact is caught."""

import math

import pytest
from django.utils import translation
from django.utils.dates import MONTHS

from metrics import analysing
from metrics.analysing import closer
from metrics.models import Analysis, CloserLook, Mark
from metrics.wording.breaks import break_told
from metrics.wording.closer import drift_told, season_told
from tests.metrics import making

from .checking import faults_of
from .closely import drift_facts, part_of_year, season_facts, step_facts

pytestmark = pytest.mark.django_db
NOISE = [(place * 7919 % 101 - 50) / 50 for place in range(60)]
SUMMER = [50 - 10 * math.cos(2 * math.pi * place / 12) + noise for place, noise in enumerate(NOISE)]
CREEP = [40 + 0.15 * place + 3 * noise for place, noise in enumerate(NOISE)]
STEP = [52 + 2 * noise + (6 if place >= 16 else 0) for place, noise in enumerate(NOISE[:30])]


def looked_at(world, values, **more):
    made = making.series(making.metric(world.a.department, **more), world.a.team, values)
    analysing.analyse_series([made.pk])
    closer.look_at([made.pk])
    analysis = Analysis.objects.select_related("series__metric", "series__unit").get(series=made)
    return analysis.series, analysis, CloserLook.objects.get(series=made).facts


@pytest.mark.parametrize("language", ["en-gb", "de"])
@pytest.mark.parametrize("more", [{"measure": "%"}, {"measure": "points"}, {"kind": "duration", "measure": "min"}])
def test_every_number_of_a_season_is_in_the_data(world, language, more):
    series, analysis, looks = looked_at(world, SUMMER, **more)
    found, turns, facts = season_facts(series)
    with translation.override(language):
        told = season_told(series, analysis, looks["season"])
        high, low = (f"{part} {MONTHS[month]}" for part, month in map(part_of_year, turns))
        assert f"highest around {high}, lowest around {low}" in told.fact
        assert faults_of(told, facts) == []
    assert (found, looks["season"]["found"]) == (True, True)


@pytest.mark.parametrize("changed", ["swing", "lower", "upper", "n", "cycles", "marked", "marked_adjusted"])
def test_a_changed_fact_of_a_season_is_caught(world, changed):
    series, analysis, looks = looked_at(world, SUMMER)
    looks["season"][changed] += 13
    assert [kind for _, kind, _ in faults_of(season_told(series, analysis, looks["season"]), season_facts(series)[2])]


def test_the_season_of_times_is_a_share(world):
    """Twice as long in summer as in winter, whatever the level: on the values the waves would reach below 0."""
    long = [2.0 ** (place / 24) * value for place, value in enumerate(SUMMER)]
    series, analysis, looks = looked_at(world, long, kind="duration", measure="min")
    told = season_told(series, analysis, looks["season"])
    assert "% above its lowest" in told.fact
    assert 40 < looks["season"]["percent"] < 60
    assert looks["season"]["lower"] > 0


def test_the_season_of_an_agreement_leaves_none_beyond_full(world):
    high = [
        min(1.0, 0.93 + 0.05 * (value - 50) / 10 + 0.04 * noise) for value, noise in zip(SUMMER, NOISE, strict=True)
    ]
    series, analysis, looks = looked_at(world, high, derived="agreement")
    told = season_told(series, analysis, looks["season"])
    assert faults_of(told, season_facts(series)[2]) == []
    assert looks["season"]["upper"] == 1.0 and "to 1.000 are usual" in told.meaning


def test_where_no_season_can_be_told_the_data_have_none(world):
    series, analysis, looks = looked_at(world, [50 + noise for noise in NOISE])
    found, _turns, facts = season_facts(series)
    assert (found, looks["season"]["found"]) == (False, False)
    assert faults_of(season_told(series, analysis, looks["season"]), facts) == []


@pytest.mark.parametrize("language", ["en-gb", "de"])
@pytest.mark.parametrize(("sign", "more"), [(1, {"measure": "%"}), (-1, {"kind": "duration", "measure": "hours"})])
def test_every_number_of_a_drift_is_in_the_data(world, language, sign, more):
    series, analysis, looks = looked_at(world, [60 + sign * (value - 50) for value in CREEP], **more)
    found, facts = drift_facts(series)
    with translation.override(language):
        assert faults_of(drift_told(series, analysis, looks["drift"]), facts) == []
    assert (found, looks["drift"]["found"]) == (True, True)


@pytest.mark.parametrize(
    ("changed", "by"), [("slope", 0.05), ("low", 0.05), ("high", 0.05), ("periods", 9), ("first_day", 40)]
)
def test_a_changed_fact_of_a_drift_is_caught(world, changed, by):
    series, analysis, looks = looked_at(world, CREEP)
    looks["drift"][changed] += by
    assert faults_of(drift_told(series, analysis, looks["drift"]), drift_facts(series)[1]) != []


@pytest.mark.parametrize("language", ["en-gb", "de"])
@pytest.mark.parametrize("more", [{"measure": "%"}, {"kind": "duration", "measure": "min"}])
@pytest.mark.parametrize("size", [1.0, 0.6])
def test_every_number_of_a_step_is_in_the_data(world, language, more, size):
    values = [value - (0 if place < 16 else 6 * (1 - size)) for place, value in enumerate(STEP)]
    series, analysis, looks = looked_at(world, values, **more)
    mark = Mark(series=series, kind=Mark.Kind.NOTE, day=making.dt.date(2025, 5, 3), label="Desk 24")
    [found] = looks["breaks"]["found"]
    facts = step_facts(series, looks["breaks"]["phi"], [mark.label])
    facts.days.append(mark.day.toordinal())
    with translation.override(language):
        assert faults_of(break_told(found, series.metric, analysis.amr, False, [mark]), facts) == []


@pytest.mark.parametrize(
    ("changed", "by"), [("before", 2), ("after", 2), ("sigma", 1), ("day", 200), ("first_day", -99), ("chance", 0.05)]
)
def test_a_changed_fact_of_a_step_is_caught(world, changed, by):
    series, analysis, looks = looked_at(world, STEP)
    [found] = looks["breaks"]["found"]
    facts = step_facts(series, looks["breaks"]["phi"])
    assert faults_of(break_told(found, series.metric, analysis.amr, False, []), facts) == []
    found[changed] += by
    assert faults_of(break_told(found, series.metric, analysis.amr, False, []), facts) != []
