"""The chance of meeting a target, what may come next, and what could be a target."""

import numpy as np
import pytest
from scipy.stats import t

from metrics.trends import Batch, analyse, outlook, suggestion

Y = [50, 52, 49, 51, 50, 53, 48, 50, 51, 49]


def phase_of(*series, times=False, rebase=()):
    values = np.concatenate([np.array(one, np.float64) for one in series])
    starts = np.cumsum([0, *(len(one) for one in series)])
    days = np.concatenate([np.arange(len(one)) for one in series])
    result = analyse(Batch.build(values, starts, days, rebase=rebase))
    return outlook.phase_in_force(result, np.full(len(series), times)), result


def test_the_chance_is_that_of_the_predictive_t_distribution():
    phase, _ = phase_of(Y, Y)

    found = outlook.chance_of(phase, [52.0, 52.0], [1, -1])

    scale = np.std(Y, ddof=1) * np.sqrt(1.1)
    expected = t.sf((52 - np.mean(Y)) / scale, 9)
    assert found == pytest.approx([expected, 1 - expected], rel=1e-12)


def test_a_value_set_for_a_chance_is_reached_with_it():
    phase, _ = phase_of(Y)

    values = outlook.reached_with(phase, (0.9, 0.5, 0.3), [-1])

    assert outlook.chance_of(phase, values[:, 0], [-1]) == pytest.approx([0.9])
    assert outlook.chance_of(phase, values[:, 2], [-1]) == pytest.approx([0.3])
    assert values[0, 1] == pytest.approx(np.mean(Y))


def test_times_are_taken_on_the_log_scale():
    phase, _ = phase_of(np.exp(Y), times=True)

    assert phase.logged.tolist() == [True]
    plain, _ = phase_of(Y)
    assert outlook.chance_of(phase, np.exp([49.0]), [-1]) == pytest.approx(outlook.chance_of(plain, [49.0], [-1]))


@pytest.mark.parametrize("values", [[], [50], Y[:7], [50] * 20, [0.1] * 20, [np.nan] * 9, [np.nan, np.inf, 3]], ids=str)
def test_too_little_to_go_by_says_nothing(values):
    phase, _ = phase_of(values)

    assert np.isnan(outlook.chance_of(phase, [50.0], [1])).tolist() == [True]
    assert np.isnan(outlook.next_values(phase)[0]).tolist() == [True]


@pytest.mark.parametrize("size", [1e-300, 1e-9, 1e9, 1e150])
def test_the_size_of_the_unit_changes_nothing(size):
    phase, _ = phase_of(np.array(Y) * size)
    plain, _ = phase_of(Y)

    assert outlook.chance_of(phase, [52 * size], [1]) == pytest.approx(outlook.chance_of(plain, [52.0], [1]))


def test_only_the_phase_in_force_counts():
    phase, _ = phase_of([10, 11, 9] * 4 + Y, rebase=[(0, 12)])

    assert (phase.n.tolist(), phase.mean.tolist()) == ([10], [pytest.approx(np.mean(Y))])


def test_hits_are_counted_against_the_target_of_the_time():
    values, then = np.array([5.0, 6, np.nan, 7, 8]), np.array([np.nan, 6, 6, 8, 8])

    hits = outlook.hits_of(values, then, np.array([0, 5]), [1])

    assert (hits.hits.tolist(), hits.of.tolist()) == ([2], [3])


def test_advice_needs_two_quarters():
    days = np.arange(0, 400, 7)

    assert suggestion.advise(days, np.full(len(days), 0.01)) == "lower"
    assert suggestion.advise(days, np.full(len(days), 0.99)) == "raise"
    assert suggestion.advise(days, np.full(len(days), 0.03)) == ""
    assert suggestion.advise(days[:26], np.full(26, 0.01)) == ""
    assert suggestion.advise(days, np.where(days > 380, np.nan, 0.01)) == ""


def test_peers_alike_are_pulled_together():
    alike = suggestion.shrink([50, 51, 49, 50.5], [2, 2, 2, 2], 1)
    apart = suggestion.shrink([10, 50, 90, 130], [1, 1, 1, 1], 1)

    assert alike is not None and apart is not None
    assert (alike.tau2, alike.quartile) == (0.0, alike.level)
    assert apart.shrunken == pytest.approx([10, 50, 90, 130], rel=0.01)
    assert suggestion.shrink([1, 2, 3], [1, 1, 1], 1) is None


def test_one_unit_far_off_leaves_the_others_alike():
    means = [-1, -0.6, -0.3, 0, 0.1, 0.3, 0.4, 0.6, 0.8, 1.2, -0.2, -40]
    found = suggestion.shrink(means, [1] * 12, 1)
    assert found is not None
    assert (found.tau2, found.far) == (0.0, 1)
    assert abs(found.level) < 0.2
    assert found.quartile == found.level
