"""The chance of meeting the target, stored with the analysis and told on the metric page."""

import datetime as dt

import numpy as np
import pytest
from scipy.stats import t

from metrics import analysing
from metrics.models import Analysis
from metrics.wording import outlooks
from metrics.workflow import targets
from tests.metrics import making


def told(world, value, values=making.STEADY, **more):
    one = making.series(making.metric(world.a.department, **more), world.a.team, values)
    if value is not None:
        targets.set_target(world.a.supervisor, one.metric, world.a.team, value, dt.date(2024, 1, 1), "Agreed")
    analysing.analyse_series([one.pk])
    analysis = Analysis.objects.select_related("series__metric").get(series=one)
    return one, analysis, outlooks.chance_told(one, analysis)


def test_a_target_that_is_rarely_met(world, client_of):
    one, analysis, narration = told(world, 53)

    y = np.array(making.STEADY)
    chance = t.sf((53 - y.mean()) / (y.std(ddof=1) * np.sqrt(1 + 1 / len(y))), len(y) - 1)
    assert analysis.target_chance == pytest.approx(chance)
    assert narration.fact == "Target 53.0: unlikely to be met next month."
    assert f"about 1 month in {round(1 / chance)} reaches it" in narration.meaning
    assert "2.5 more would make it even odds." in narration.meaning
    assert "1 of 13 periods" in narration.caveat
    page = client_of(world.a.colleague).get(one.get_absolute_url()).content.decode()
    assert "unlikely to be met next month" in page
    assert "If nothing changes, the next month lies between" in page


@pytest.mark.parametrize(("beyond", "words"), [(0.004, "A trifle more"), (-0.004, "A level a trifle lower")])
def test_a_gap_that_rounds_to_nothing_is_no_number(world, beyond, words):
    """ "0.0 more" would be no advice: the level stands as good as where the odds are even."""
    _one, _analysis, narration = told(world, float(np.mean(making.STEADY)) + beyond)

    assert f"{words} would make it even odds." in f"{narration.meaning} {narration.turn}"


def test_without_a_target_only_what_is_expected(world):
    one, analysis, narration = told(world, None)

    assert (analysis.target_chance, narration) == (None, None)
    assert "(19 times in 20)" in outlooks.expected_told(one, analysis)


@pytest.mark.parametrize(
    ("values", "words"),
    [([50, 51, 52], "Only 3 values"), ([50] * 14, "the same")],
)
def test_too_little_to_go_by_is_said(world, values, words):
    _one, analysis, narration = told(world, 50, values)

    assert analysis.target_chance is None
    assert words in narration.meaning


def test_a_share_is_never_offered_beyond_its_whole(world):
    _one, analysis, _ = told(world, 99, [98, 100, 97, 100, 99, 100, 96, 100, 98, 100], kind="proportion", scale=100)

    assert max(analysis.outlook[name] for name in ("p10", "p30", "ceiling", "next_high")) == 100


def test_a_value_is_told_its_band(world):
    _one, analysis, _ = told(world, 53)

    assert outlooks.band_told(analysis, analysis.outlook["p90"] - 0.1).startswith("at today's level very likely")
    assert outlooks.band_told(analysis, 70).startswith("at today's level unlikely")
    for border, words in (("p90", "likely met (6"), ("p60", "even odds"), ("p40", "even odds"), ("p10", "doubtful")):
        assert outlooks.band_told(analysis, analysis.outlook[border]).startswith(f"at today's level {words}")


def test_what_is_offered_as_met_nine_times_in_ten_is_likely_when_agreed(world):
    """A target is agreed as it is offered, with four digits: the word must not hang on how the last was rounded."""
    one, analysis, _ = told(world, 53)
    commit = next(offer for offer in outlooks.offers(one, analysis) if offer.name == "Commit")

    assert "likely met (6 to 9 times" in outlooks.band_told(analysis, float(commit.given))
    targets.set_target(
        world.a.supervisor, one.metric, world.a.team, float(commit.given), dt.date(2024, 2, 1), "As offered"
    )
    analysing.analyse_series([one.pk])
    renewed = Analysis.objects.select_related("series__metric").get(series=one)
    assert outlooks.chance_told(one, renewed).fact.endswith(": likely to be met next month.")
    assert "about 1 month in 10 misses it" in outlooks.chance_told(one, renewed).meaning


def test_the_target_of_the_time_counts(world):
    one = making.series(making.metric(world.a.department), world.a.team, making.STEADY)
    for value, month in ((40, 1), (60, 7)):
        targets.set_target(world.a.supervisor, one.metric, world.a.team, value, dt.date(2024, month, 1), "Agreed")
    analysing.analyse_series([one.pk])

    facts = Analysis.objects.get(series=one).outlook
    assert (facts["hits"], facts["of"]) == (6, 13)


@pytest.mark.parametrize(
    ("standing", "moving", "told"), [("quiet", False, 0.7), ("watch", True, None), ("confirmed", False, None)]
)
def test_a_chance_that_rests_on_an_older_level_is_not_told_in_short(standing, moving, told):
    analysis = Analysis(target_chance=0.7, standing=standing, outlook={"moving": moving})
    assert outlooks.lasting_chance(analysis) == told


def test_no_chance_and_no_suggestion_while_the_level_is_changing(world, client_of):
    one = making.falling(world.a.team, "Fallen")
    targets.set_target(world.a.supervisor, one.metric, world.a.team, 50, dt.date(2024, 1, 1), "Plan")
    analysing.analyse_series([one.pk])
    analysis = Analysis.objects.select_related("series__metric").get(series=one)

    narration = outlooks.chance_told(one, analysis)
    page = client_of(world.a.supervisor).get(one.get_absolute_url()).content.decode()

    assert analysis.target_chance is not None
    assert narration.fact.endswith("cannot be said while the level is changing.")
    assert "periods" in narration.caveat
    assert (outlooks.offers(one, analysis), outlooks.band_told(analysis, 50)) == ([], "")
    assert outlooks.expected_told(one, analysis) == ""
    assert "cannot be said while the level is changing" in page
    assert "likely to be met" not in page
