"""Series of which most values are one and the same: what is told of them is in the data, and nothing is made of it."""

import datetime as dt

import pytest
from django.utils import translation

from metrics import analysing
from metrics.analysing import closer, comparing
from metrics.models import Analysis, CloserLook, Signal
from metrics.queries.analyses import points_of
from metrics.wording.changes import Told
from metrics.wording.effects import cautions_of, narrate_effect
from metrics.wording.notes import NOTES, notes_of
from metrics.wording.outlooks import chance_told, expected_told, offers
from metrics.wording.paces import pace_figures
from metrics.wording.signals import headline
from metrics.workflow import comparisons, targets
from tests.comparing import making as counted
from tests.metrics import making

from .beforeafter import effect_facts
from .charted import points_of as plainly
from .checking import faults_of, faults_of_signals, unexplained
from .recompute import raw_of
from .test_signals import RELATED

pytestmark = pytest.mark.django_db
ZEROS = [0] * 18 + [7] + [0] * 11
FULL = [100 - 3 * value for value in ZEROS]


def analysed(made):
    analysing.analyse_series([made.pk])
    related = ("drawn", "series__metric", "series__unit")
    return Analysis.objects.select_related(*related).get(series=made)


def as_values(world, values, **more):
    more = {"direction": -1, **more}
    return analysed(making.series(making.metric(world.a.department, **more), world.a.team, values))


def as_shares(world, values, size=100):
    return analysed(counted.counted(counted.share(world.a.team), world.a.team, values, [size] * len(values)))


KINDS = {
    "values": lambda world: as_values(world, ZEROS),
    "count": lambda world: as_values(world, ZEROS, kind="count"),
    "share": lambda world: as_shares(world, [9 * value for value in ZEROS]),
    "share of many": lambda world: as_shares(world, [90 * value for value in ZEROS], 5000),
    "nearly all full": lambda world: as_shares(world, FULL),
}


@pytest.mark.parametrize("language", ["en-gb", "de"])
@pytest.mark.parametrize("kind", KINDS)
def test_one_that_differs_is_the_only_signal(world, kind, language):
    analysis = KINDS[kind](world)
    signals = list(Signal.objects.select_related(*RELATED))
    assert [(one.rule, one.points, one.current) for one in signals] == [("outside", 1, False)]
    assert "mostly_one_value" in analysis.notes
    assert NOTES["mostly_one_value"] in notes_of(analysis)
    assert (analysis.variation, analysis.scan) == ("common_cause", None)
    with translation.override(language):
        assert faults_of_signals(signals) == []


@pytest.mark.parametrize("kind", KINDS)
def test_the_checker_marks_the_same_points_by_itself(world, kind):
    analysis = KINDS[kind](world)
    chart = analysis.settings["chart"]
    plain = plainly(chart, raw_of(analysis.series), [], analysis.series.metric.scale)
    marked = [bool(point.rules) for point in plain]
    assert [bool(mask) for mask in points_of(analysis).marks] == marked
    assert marked == [place == 18 for place in range(30)]


def test_a_step_is_told_as_ever(world):
    analysis = as_values(world, [0] * 15 + making.STEADY)
    signals = list(Signal.objects.filter(current=True).select_related(*RELATED))
    assert {(one.rule, one.direction) for one in signals} >= {("shift", 1)}
    assert "mostly_one_value" not in analysis.notes
    assert faults_of_signals(signals) == []


def test_no_chance_is_worked_out_from_an_average_of_zeros(world):
    metric = making.metric(world.a.department, direction=-1)
    series = making.series(metric, world.a.team, ZEROS)
    targets.set_target(
        world.a.supervisor, metric, world.a.team, value=0.0, from_day=dt.date(2024, 1, 1), reason="Agreed", source="",
        agreed_with="",
    )  # fmt: skip
    analysis = analysed(series)
    told = chance_told(analysis.series, analysis)
    assert (analysis.target_chance, expected_told(analysis.series, analysis), offers(series, analysis)) == (
        None,
        "",
        [],
    )
    assert "More than half of the values" in told.meaning
    assert "in 29 of 30 periods" in told.caveat


def test_a_few_that_lie_together_are_no_level(world):
    values = [0] * 16 + [7, 0, 6, 7, 5] + [0] * 19
    analysis = as_values(world, values)
    closer.look_at([analysis.series_id])
    facts = CloserLook.objects.get().facts["breaks"]
    assert "mostly_one_value" in analysis.notes
    assert (facts["found"], facts["enough"]) == ([], False)


def compared(world, values):
    one = making.series(making.metric(world.a.department, direction=-1), world.a.team, values)
    made = comparisons.compare(world.a.supervisor, one, dt.date(2025, 9, 1), "Rota 7")
    comparing.compare([made.pk])
    made.refresh_from_db()
    return made, Told(one.metric, made.label, made.day.toordinal())


@pytest.mark.parametrize("language", ["en-gb", "de"])
def test_before_and_after_tell_no_pace_of_zeros(world, language):
    made, told = compared(world, [0, 0, 4, 0, 0] * 4 + [0, 0, 0, 0, 2] + [0] * 4 + [5, 0, 0, 0, 0])
    facts = made.facts
    assert (facts["pace"], "mostly_one_value" in facts["cautions"]) == (None, True)
    with translation.override(language):
        lines = [str(part) for line in pace_figures(facts, told) for part in line]
        assert faults_of(narrate_effect(facts, told), effect_facts(made)) == []
        for words in (*cautions_of(facts, told), *lines):
            assert unexplained(str(words), effect_facts(made)) == []
    assert pace_figures(facts, told) == [("Change of pace", "not told: most values are one and the same")]
    assert any("the interval is rough" in str(one) for one in cautions_of(facts, told))


def test_a_pace_that_begins_with_the_change_is_told(world):
    """Mostly zero before, rising since: not one value on either side."""
    made, told = compared(world, [0, 0, 1, 0, 0] * 4 + [3 + 2 * place + place % 3 for place in range(14)])
    assert made.facts["pace"] is not None
    assert "mostly_one_value" not in made.facts["cautions"]
    assert faults_of(narrate_effect(made.facts, told), effect_facts(made)) == []


def test_the_headline_of_zeros_points_to_nothing(world):
    analysis = as_values(world, ZEROS)
    assert "nothing points to a change" in headline(analysis.series, analysis, None)
