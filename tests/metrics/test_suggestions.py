"""What could be a target, with its evidence: commit, stretch and ceiling, the best sustained, the peers, the advice."""

import datetime as dt

import numpy as np
import pytest
from scipy.stats import t

from metrics import analysing
from metrics.models import Analysis
from metrics.trends import suggestion
from metrics.trends.prospect import known_then
from metrics.wording import outlooks
from metrics.workflow import rebases, targets
from tests.metrics import making

pytestmark = pytest.mark.django_db
LONG = making.STEADY * 2


def analysed(world, values=LONG, target=None, since=dt.date(2024, 1, 1), **more):
    one = making.series(making.metric(world.a.department, **more), world.a.team, values)
    if target is not None:
        targets.set_target(world.a.supervisor, one.metric, world.a.team, target, since, "Agreed")
    analysing.analyse_series([one.pk])
    return one, Analysis.objects.select_related("series__metric", "series__unit").get(series=one)


@pytest.mark.parametrize("direction", [1, -1])
def test_commit_stretch_and_ceiling_come_from_the_level_of_today(world, direction):
    one, analysis = analysed(world, direction=direction)
    y = np.array(LONG)
    spread = y.std(ddof=1) * np.sqrt(1 + 1 / len(y))
    commit, stretch, ceiling = (offer.value for offer in outlooks.offers(one, analysis))

    assert commit == pytest.approx(y.mean() - direction * t.ppf(0.9, len(y) - 1) * spread)
    assert stretch == pytest.approx(y.mean() - direction * t.ppf(0.3, len(y) - 1) * spread)
    assert ceiling == pytest.approx(analysis.upper if direction > 0 else analysis.lower)


def test_only_the_phase_in_force_is_asked(world):
    _one, analysis = analysed(world, [*(value + 30 for value in making.STEADY), *making.STEADY])
    plain = analysis.outlook["p90"]
    rebases.rebase(world.a.supervisor, analysis.series, dt.date(2025, 2, 1), "A new desk")
    analysing.analyse_series([analysis.series_id])

    renewed = Analysis.objects.get(series=analysis.series_id).outlook
    assert (renewed["n"], renewed["best_day"] >= making.month(13)) == (13, True)
    assert renewed["p90"] > plain and renewed["best"] < 53


def test_the_best_sustained_is_the_best_mean_of_eight(world):
    values = [*making.STEADY[:6], 53, 54, 53, 52, 54, 53, 52, 53, *making.STEADY[:6]]
    one, analysis = analysed(world, values)
    means = [np.mean(values[place : place + 8]) for place in range(len(values) - 7)]

    assert analysis.outlook["best"] == pytest.approx(max(means))
    assert analysis.outlook["best_day"] == making.month(int(np.argmax(means)))
    assert "Taken as a target it flatters" in outlooks.best_told(one, analysis)


@pytest.mark.parametrize(
    ("target", "since", "advice"),
    [
        (70, dt.date(2024, 1, 1), "lower"),
        (30, dt.date(2024, 1, 1), "raise"),
        (53, dt.date(2024, 1, 1), ""),  # met about 1 time in 30: hard, yet not out of reach
        (48, dt.date(2024, 1, 1), ""),
        (70, dt.date(2025, 11, 1), ""),  # out of reach for four months only
    ],
)
def test_a_target_is_moved_only_after_two_quarters_out_of_reach_or_without_effort(world, target, since, advice):
    one, analysis = analysed(world, target=target, since=since)

    assert analysis.outlook["advice"] == advice
    if target in (53, 48):
        assert 0.02 < analysis.target_chance < 0.98
    told = outlooks.chance_told(one, analysis).next_step
    words = {"lower": "propose a target that can be met", "raise": "propose a more challenging target"}
    assert [name for name, part in words.items() if part in told] == ([advice] if advice else [])


@pytest.mark.parametrize(("edge", "step", "advice"), [(0.02, -1e-9, "lower"), (0.98, 1e-9, "raise")])
def test_the_edges_of_the_advice_are_those_of_the_design(edge, step, advice):
    days = np.arange(0, 400, 7)
    assert suggestion.advise(days, np.full(len(days), edge + step)) == advice
    assert suggestion.advise(days, np.full(len(days), edge)) == ""
    one_better = np.full(len(days), edge + step)
    one_better[-20] = 0.5
    assert suggestion.advise(days, one_better) == ""


def test_each_period_is_judged_by_what_wasknown_then():
    y, goal = np.array(LONG, float), 53.0
    found = known_then(y, np.full(len(y), goal), 1, logged=False)
    expected = [
        t.sf((goal - y[:n].mean()) / (y[:n].std(ddof=1) * np.sqrt(1 + 1 / n)), n - 1) for n in range(8, len(y) + 1)
    ]
    assert np.isnan(found[:7]).all()
    assert found[7:] == pytest.approx(expected)
