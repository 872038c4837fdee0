"""Before and after: every number and date is in the data, and a changed fact is caught (a verdict: test_outcomes)."""

import datetime as dt

import pytest
from django.utils import translation

from jobs import workflow as jobs
from metrics.analysing import comparing as product
from metrics.models import Observation
from metrics.wording.changes import Told
from metrics.wording.effects import cautions_of, narrate_effect
from metrics.wording.paces import pace_figures
from metrics.workflow import comparisons
from tests.comparing import making as counted
from tests.metrics import making

from .beforeafter import effect_facts, seasoned
from .checking import faults_of, unexplained

pytestmark = pytest.mark.django_db
BEFORE = [50, 52, 49, 51, 50, 53, 48, 50, 51, 49, 52, 50, 51, 49, 50, 52]
AFTER = [56, 55, 57, 54, 56, 55, 57, 56]
WOBBLE = [0, 2, -1, 1, 0, 3, -2, 0, 1, -1, 2, 0, 1, -1, 0, 2, 1, 0, -1, 1]
PACED = [50 + one for one in WOBBLE] + [53 + place + one / 2 for place, one in enumerate(WOBBLE[:14])]
WAVE = [6, 5, 3, 0, -3, -5, -6, -5, -3, 0, 3, 5]
SEASONED = [
    50 + WAVE[place % 12] + one + (4 if place > 19 else 0) for place, one in enumerate([*WOBBLE, *WOBBLE[::-1][:12]])
]
CASES = {
    "rise": (BEFORE + AFTER, {"measure": "%"}),
    "nothing": ([*BEFORE, 51, 49, 52, 50, 51, 48, 50, 52], {}),
    "time": ([60 * one for one in BEFORE + AFTER], {"kind": "duration", "measure": "min", "direction": -1}),
    "bad start": ([*BEFORE[:14], 38, 39, *AFTER], {}),
    "drift": ([30 + place + (place * 7 % 5) / 2 + (4 if place > 15 else 0) for place in range(24)], {}),
    "began earlier": ([*[None] * 3, *BEFORE[3:14], 57, 56, *AFTER], {"measure": "%"}),
    "began earlier to the worse": ([*BEFORE[:14], 44, 43, *(one - 12 for one in AFTER)], {"measure": "%"}),
    "pace": (PACED, {"measure": "%"}),
    "pace of times": ([60 * 2.72 ** (one / 40) for one in PACED], {"kind": "duration", "measure": "min"}),
    "pace after a bad start": ([*PACED[:18], 38, 39, *PACED[20:]], {"measure": "%"}),
    "no pace": ([50 + one for one in WOBBLE] + [53 + one for one in WOBBLE[:14]], {"measure": "%"}),
    "season": (SEASONED, {"measure": "%"}),
    "season of times": ([60 * 2.72 ** (one / 40) for one in SEASONED], {"kind": "duration", "measure": "min"}),
    "season and a bad start": ([*SEASONED[:18], 32, 33, *SEASONED[20:]], {"measure": "%"}),
    "too early": (BEFORE + AFTER[:3], {}),
    "too few on either side": ([*[None] * 13, *BEFORE[13:], *AFTER[:3]], {}),
}


def day_of(values):
    """The change is in May 2025 after sixteen months, in September after twenty."""
    return dt.date(2025, 9 if len(values) > 24 else 5, 1)


def compared(world, values, against=(), **more):
    metric = making.metric(world.a.department, **more)
    one = making.series(metric, world.a.team, values)
    made = comparisons.compare(world.a.supervisor, one, day_of(values), "Rota 7")
    if against:
        unit = counted.team(world.a.department, "Night desk")
        comparisons.set_against(world.a.supervisor, made, making.series(metric, unit, against))
    jobs.run_pending()
    made.refresh_from_db()
    name = made.against.place if made.against else ""
    return made, Told(metric, made.label, made.day.toordinal(), name)


def faults(made, told, known):
    narration, more = narrate_effect(made.facts, told), cautions_of(made.facts, told)
    if made.facts["reading"] != "not_enough":
        more += [str(part) for line in pace_figures(made.facts, told) for part in line]
    return faults_of(narration, known) + [fault for one in more for fault in unexplained(str(one), known)]


@pytest.mark.parametrize("language", ["en-gb", "de"])
@pytest.mark.parametrize("case", CASES)
def test_every_number_is_in_the_data(world, case, language):
    values, more = CASES[case]
    made, told = compared(world, values, **more)
    with translation.override(language):
        assert faults(made, told, effect_facts(made)) == []


def test_every_number_net_of_another_series_is_in_the_data(world):
    beside = [53, 52, 54, 51, 53, 52, 53, 54, 52, 51, 53, 55, 52, 53, 54, 52] + [54] * 4 + [53] * 4
    made, told = compared(world, BEFORE + AFTER, beside, measure="%")
    assert faults(made, told, effect_facts(made)) == []
    assert "percentage points more than" in narrate_effect(made.facts, told).fact


@pytest.mark.parametrize(("case", "told_first"), [("pace", True), ("pace of times", True), ("no pace", False)])
def test_another_pace_stands_before_all_other_doubts(world, case, told_first):
    values, more = CASES[case]
    made, told = compared(world, values, **more)
    said = narrate_effect(made.facts, told).caveat
    assert ("so one difference does not tell it all" in said) is told_first
    if told_first:
        assert "no change” too, but since then the values move" in narrate_effect(made.facts, told).meaning
    assert "a month" in dict(pace_figures(made.facts, told))["Change of pace"]


def test_the_pace_net_of_another_series_is_in_the_data(world):
    beside = [52 + one for one in WOBBLE[::-1]] + [52 + place / 4 for place in range(14)]
    made, told = compared(world, PACED, beside, measure="%")
    assert faults(made, told, effect_facts(made)) == []
    assert "gains on" in narrate_effect(made.facts, told).caveat


@pytest.mark.parametrize("case", CASES)
def test_a_season_is_taken_out_where_the_data_have_one(world, case):
    values, more = CASES[case]
    made, told = compared(world, values, **more)
    said = any("season is taken out" in str(one) for one in cautions_of(made.facts, told))
    assert said == seasoned(made.series, made.day.toordinal())[1] == case.startswith("season")


@pytest.mark.parametrize("kind", [{"measure": "%"}, {"kind": "duration", "measure": "min"}])
def test_the_season_of_the_other_series_is_taken_out_too(world, kind):
    beside = [40 - WAVE[place % 12] + one for place, one in enumerate([*WOBBLE[::-1], *WOBBLE[:12]])]
    made, told = compared(world, SEASONED, beside, **kind)
    assert seasoned(made.against, made.day.toordinal())[1]
    assert (faults(made, told, effect_facts(made)), made.facts["net"]["low"] > 0) == ([], True)


def test_figures_with_the_season_left_in_are_caught(world, monkeypatch):
    values, more = CASES["season"]
    monkeypatch.setattr(product, "_season", lambda *_given: None)
    made, told = compared(world, values, **more)
    known = effect_facts(made)
    assert (made.facts["seasonal"], faults(made, told, known) != []) == (False, True)


def test_few_points_say_from_how_many_on_a_pace_can_be_told(world):
    made, told = compared(world, CASES["rise"][0])
    assert pace_figures(made.facts, told) == [("Change of pace", "told from 18 points before and 12 since")]


def test_a_verdict_from_before_paces_were_told_is_read_as_it_was(world):
    made, told = compared(world, PACED, measure="%")
    older = {name: value for name, value in made.facts.items() if name not in ("pace", "net_pace")}
    assert (pace_figures(older, told), "does not tell it all" in narrate_effect(older, told).caveat) == ([], False)


def test_contacts_are_counted_from_the_data(world):
    metric = counted.share(world.a.team)
    one = counted.counted(metric, world.a.team, [2 * hit for hit in BEFORE + AFTER], [200] * 24)
    made = comparisons.compare(world.a.supervisor, one, dt.date(2025, 5, 1), "Rota 7")
    jobs.run_pending()
    made.refresh_from_db()
    told = Told(metric, made.label, made.day.toordinal())
    assert faults(made, told, effect_facts(made)) == []
    assert "of 1,600 cases counted" in narrate_effect(made.facts, told).meaning
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
        ("began earlier to the worse", None, "onset", 200),
        ("began earlier to the worse", "change", "difference", 1),
        ("rise", None, "as_large", 33),
        ("pace", "pace", "change", 0.37),
        ("pace", "pace", "latest", 3),
        ("pace of times", "pace", "first", 70),
        ("season", "change", "difference", 0.2),
        ("season", "change", "high", 0.2),
        ("season of times", "change", "percent_low", 2),
        ("season", None, "as_large", 33),
        ("too early", None, "missing_after", 9),
        ("too few on either side", None, "missing_before", 9),
        ("too few on either side", None, "missing_after", 9),
    ],
)
def test_a_changed_fact_is_caught(world, case, place, changed, by):
    values, more = CASES[case]
    made, told = compared(world, values, **more)
    known = effect_facts(made)
    if place == "pace":
        made.facts[place][changed]["percent" if case == "pace of times" else "difference"] += by
    else:
        (made.facts[place] if place else made.facts)[changed] += by
    assert faults(made, told, known) != []
