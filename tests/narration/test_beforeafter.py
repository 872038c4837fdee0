"""Before and after: every number and date is in the data, and a changed fact is caught (a verdict: test_outcomes)."""

import datetime as dt

import pytest
from django.utils import translation

from jobs import workflow as jobs
from metrics.models import Observation
from metrics.wording.effects import Told, cautions_of, narrate_effect
from metrics.workflow import comparisons
from tests.comparing import making as counted
from tests.metrics import making

from .beforeafter import effect_facts
from .checking import faults_of, unexplained

pytestmark = pytest.mark.django_db
BEFORE = [50, 52, 49, 51, 50, 53, 48, 50, 51, 49, 52, 50, 51, 49, 50, 52]
AFTER = [56, 55, 57, 54, 56, 55, 57, 56]
CASES = {
    "rise": (BEFORE + AFTER, {"measure": "%"}),
    "nothing": ([*BEFORE, 51, 49, 52, 50, 51, 48, 50, 52], {}),
    "time": ([60 * one for one in BEFORE + AFTER], {"kind": "duration", "measure": "min", "direction": -1}),
    "bad start": ([*BEFORE[:14], 38, 39, *AFTER], {}),
    "drift": ([30 + place + (place * 7 % 5) / 2 + (4 if place > 15 else 0) for place in range(24)], {}),
    "began earlier": ([*[None] * 3, *BEFORE[3:14], 57, 56, *AFTER], {"measure": "%"}),
    "too early": (BEFORE + AFTER[:3], {}),
}


def compared(world, values, against=(), **more):
    metric = making.metric(world.a.department, **more)
    one = making.series(metric, world.a.team, values)
    made = comparisons.compare(world.a.supervisor, one, dt.date(2025, 5, 1), "Rota 7")
    if against:
        unit = counted.team(world.a.department, "Night desk")
        comparisons.set_against(world.a.supervisor, made, making.series(metric, unit, against))
    jobs.run_pending()
    made.refresh_from_db()
    name = made.against.place if made.against else ""
    return made, Told(metric, made.label, made.day.toordinal(), name)


def faults(made, told, known):
    narration, more = narrate_effect(made.facts, told), cautions_of(made.facts, told)
    return faults_of(narration, known) + [fault for one in more for fault in unexplained(str(one), known)]


@pytest.mark.parametrize("language", ["en-gb", "de"])
@pytest.mark.parametrize("case", CASES)
def test_every_number_is_in_the_data(world, case, language):
    values, more = CASES[case]
    made, told = compared(world, values, **more)
    with translation.override(language):
        assert faults(made, told, effect_facts(made, made.facts)) == []


def test_every_number_net_of_another_series_is_in_the_data(world):
    beside = [53, 52, 54, 51, 53, 52, 53, 54, 52, 51, 53, 55, 52, 53, 54, 52] + [54] * 4 + [53] * 4
    made, told = compared(world, BEFORE + AFTER, beside, measure="%")
    assert faults(made, told, effect_facts(made, made.facts)) == []
    assert "percentage points more than" in narrate_effect(made.facts, told).fact


def test_contacts_are_counted_from_the_data(world):
    metric = counted.share(world.a.team)
    one = counted.counted(metric, world.a.team, [2 * hit for hit in BEFORE + AFTER], [200] * 24)
    made = comparisons.compare(world.a.supervisor, one, dt.date(2025, 5, 1), "Rota 7")
    jobs.run_pending()
    made.refresh_from_db()
    told = Told(metric, made.label, made.day.toordinal())
    assert faults(made, told, effect_facts(made, made.facts)) == []
    assert "of 1,600 contacts" in narrate_effect(made.facts, told).meaning
    assert Observation.objects.filter(series=one).count() == 24


@pytest.mark.parametrize(
    ("case", "place", "changed", "by"),
    [
        ("rise", "change", "difference", 1),
        ("rise", "change", "low", 0.9),
        ("time", "change", "percent", 3),
        ("bad start", "plain", "difference", 2.2),
        ("drift", "change", "high", 0.9),
        ("began earlier", None, "onset", 200),
        ("began earlier", None, "onset_steps", 70),
        ("rise", None, "as_large", 33),
        ("too early", None, "missing_after", 9),
    ],
)
def test_a_changed_fact_is_caught(world, case, place, changed, by):
    values, more = CASES[case]
    made, told = compared(world, values, **more)
    known = effect_facts(made, made.facts)
    (made.facts[place] if place else made.facts)[changed] += by
    assert faults(made, told, known) != []
