"""Two stretches side by side: an interval that covers, and a plain "not enough"."""

import math

import numpy as np
import pytest
from scipy.special import stdtrit

from metrics.trends.stretches import compared, t_quantile

NAN = math.nan


def compare(first, second, how="values", counted=None):
    values = np.array([*first, *second], float)
    early = np.arange(len(values)) < len(first)
    below = np.full(len(values), NAN) if counted is None else np.array(counted, float)
    return compared(values, below, (early, ~early), how)


@pytest.mark.parametrize("degrees", [2, 2.01, 2.5, 3, 4.2, 6, 11.7, 30, 400, 20_000])
def test_the_quantile_is_that_of_student(degrees):
    assert t_quantile(degrees) == pytest.approx(float(stdtrit(degrees, 0.975)), rel=1e-9)


def test_stretches_far_apart_are_told_apart():
    found = compare([50, 52, 49, 51, 50, 53], [40, 41, 39, 40, 42, 40])

    assert found.difference == pytest.approx(-10.5, abs=0.01)
    assert found.apart
    assert found.low < found.difference < found.high < 0


def test_equal_stretches_are_not():
    assert not compare([50, 52, 49, 51, 50, 53], [51, 50, 52, 50, 53, 49]).apart


def test_three_points_are_not_enough():
    found = compare([50, 52, 49], [40, 41, 39, 40])

    assert (found.apart, math.isnan(found.low), found.first.points) == (False, True, 3)
    assert found.first.level == pytest.approx(151 / 3)


def test_a_constant_series_leaves_nothing_to_say():
    found = compare([5] * 6, [5] * 6)

    assert (found.apart, math.isnan(found.low)) == (False, True)


def test_a_share_is_all_events_over_all_that_was_counted():
    found = compare([0.8, 0.5, 0.82, 0.79], [0.8, 0.81, 0.9, 0.8], "counts", [100, 2, 100, 100, 100, 100, 10, 100])

    assert found.first.level == pytest.approx((80 + 1 + 82 + 79) / 302)
    assert found.first.counted == 302


def test_times_are_compared_as_ratios():
    found = compare([30, 40, 35, 32, 38], [60, 80, 70, 64, 76], "times")

    assert found.difference == pytest.approx(2)
    assert found.low > 1
    assert found.apart


def test_a_gap_is_no_value():
    assert compare([50, NAN, 49, 51, 50, 53], [40, 41, 39, 40, NAN, 40]).first.points == 5


@pytest.mark.parametrize("phi", [0.0, 0.3, 0.6])
def test_the_interval_covers_as_promised(phi):
    rng, points, repeats = np.random.default_rng(8), 12, 600
    covered = 0
    for _ in range(repeats):
        noise = rng.standard_normal(2 * points + 20)
        for place in range(1, len(noise)):
            noise[place] += phi * noise[place - 1]
        found = compare(noise[20 : 20 + points], noise[20 + points :])
        covered += found.low <= 0 <= found.high
    assert 0.91 <= covered / repeats <= 0.985
