"""What the next period may bring: every number that is told is in the data, with a season and without one."""

import copy
import datetime as dt

import pytest
from django.db.models import F
from django.utils import translation

from metrics import analysing
from metrics.analysing import closer
from metrics.models import Observation, Series
from metrics.wording.outlooks import expected_told
from metrics.workflow import targets

from .checking import unexplained
from .expected import expected_facts
from .test_closely import NOISE, SUMMER, looked_at

pytestmark = pytest.mark.django_db
# The last twelve begin in July, so that the highest of the season comes next.
NEARLY_ALL = [min(1.0, value / 60) for value in SUMMER[:54]]
CASES = {
    "season": (SUMMER, {"measure": "%"}),
    "season of times": (SUMMER, {"kind": "duration", "measure": "min", "direction": -1}),
    "none": ([50 + noise for noise in NOISE], {"measure": "%"}),
    "season of shares": (NEARLY_ALL, {"kind": "proportion", "scale": 100, "measure": "%"}),
    "season of an agreement": (NEARLY_ALL, {"derived": "agreement"}),
    "none of an agreement": ([0.93 + 0.07 * noise for noise in NOISE], {"derived": "agreement"}),
    "none of times": ([50 + noise for noise in NOISE], {"kind": "duration", "measure": "min"}),
}


@pytest.mark.parametrize("language", ["en-gb", "de"])
@pytest.mark.parametrize("case", CASES)
def test_every_number_of_the_next_period_is_in_the_data(world, case, language):
    values, more = CASES[case]
    series, analysis, looks = looked_at(world, values, **more)
    with translation.override(language):
        told = expected_told(series, analysis, looks["season"])
        assert unexplained(told, expected_facts(series)) == []
    assert ("4 times in 5" in told) == case.startswith("season")
    if case.endswith(("shares", "agreement")):
        assert (looks["season"].get("next") or {"high": analysis.outlook["next_high"]})["high"] in (1.0, 100.0)
    assert told


@pytest.mark.parametrize(("changed", "by"), [("low", 3.3), ("high", -3.3), ("day", 40), ("n", 3)])
def test_a_changed_fact_of_it_is_caught(world, changed, by):
    series, analysis, looks = looked_at(world, SUMMER)
    altered = copy.deepcopy(looks["season"])
    altered["next"][changed] += by
    assert unexplained(expected_told(series, analysis, altered), expected_facts(series)) != []


def test_a_page_tells_the_season_only_while_the_look_is_fresh(world, client_of):
    series, _analysis, _looks = looked_at(world, SUMMER, measure="%")
    targets.set_target(
        world.a.supervisor, series.metric, world.a.team, value=55.0, from_day=dt.date(2024, 6, 1), reason="Agreed",
        source="", agreed_with="",
    )  # fmt: skip
    analysing.analyse_series([series.pk])
    closer.look_at([series.pk])
    client = client_of(world.a.colleague)
    page = client.get(series.get_absolute_url()).content.decode()
    assert "If the season goes on, January 2029 lies between" in page
    assert "The chance of meeting the target does not know the season." in page

    Observation.objects.filter(series=series, day=series.last_day).update(numerator=41.0)
    Series.objects.filter(pk=series.pk).update(data_version=F("data_version") + 1)
    analysing.analyse_series([series.pk])
    page = client.get(series.get_absolute_url()).content.decode()
    assert "If the season goes on" not in page
    assert "If nothing changes, the next month lies between" in page
