"""What can be told apart: nothing depends on labels, and no order is told where the interval holds zero."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from metrics.trends.differences import (
    critical,
    inflation,
    mean_limits,
    rate_limits,
    share_limits,
    told_apart,
)
from metrics.trends.intervals import wilson
from metrics.trends.shrinking import shrink, shrink_shares

teams = st.lists(st.tuples(st.integers(0, 300), st.integers(0, 100)), min_size=1, max_size=12)


def of(pairs):
    """Shares of teams (size, per cent) told apart."""
    n = np.array([size for size, _part in pairs], float)
    hits = np.floor(n * np.array([part for _size, part in pairs]) / 100)
    with np.errstate(all="ignore"):
        value = hits / n
    low, high = share_limits(hits, n, critical(len(pairs)))
    return value, told_apart(value, low, high)


@settings(max_examples=60, deadline=None)
@given(teams, st.randoms(use_true_random=False))
def test_new_labels_change_no_group(pairs, random):
    order = list(range(len(pairs)))
    random.shuffle(order)

    _value, before = of(pairs)
    _value, after = of([pairs[place] for place in order])

    assert before.band[order].tolist() == after.band.tolist()
    assert before.first[order].tolist() == after.first.tolist()
    assert before.last[order].tolist() == after.last.tolist()


@settings(max_examples=60, deadline=None)
@given(teams)
def test_no_order_is_told_where_the_interval_of_the_difference_holds_zero(pairs):
    value, found = of(pairs)

    for one in range(len(pairs)):
        for other in range(len(pairs)):
            if one == other or np.isnan(value[one]) or np.isnan(value[other]):
                continue
            holds_zero = found.low[one, other] <= 0 <= found.high[one, other]
            assert (found.apart[one, other] == 0) == holds_zero
            if found.band[one] > found.band[other]:
                assert found.apart[one, other] == 1


def test_a_place_is_what_the_sure_pairs_leave_open():
    value = np.array([0.5, 0.52, 0.9])
    found = told_apart(value, value - 0.05, value + 0.05)

    assert found.band.tolist() == [0, 0, 1]
    assert (found.first.tolist(), found.last.tolist()) == ([2, 2, 1], [3, 3, 1])


def test_a_chain_of_neighbours_is_one_group():
    value = np.array([0.50, 0.55, 0.60])
    found = told_apart(value, value - 0.05, value + 0.05)

    assert found.apart[2, 0] == 1
    assert found.band.tolist() == [0, 0, 0]
    assert (found.first.tolist(), found.last.tolist()) == ([2, 1, 1], [3, 3, 2])


def test_a_unit_without_a_value_has_no_group_and_takes_no_place():
    found = told_apart([np.nan, 0.2, 0.9], [np.nan, 0.1, 0.8], [np.nan, 0.3, 1.0])

    assert found.band.tolist() == [-1, 0, 1]
    assert found.last.tolist() == [0, 2, 1]


def test_limits_are_the_known_ones():
    low, high = share_limits([8, 0], [10, 10], critical(2))
    assert (low.tolist(), high.tolist()) == tuple(pytest.approx(end.tolist()) for end in wilson([8, 0], [10, 10]))
    # Garwood's interval for 3 events: 0.6187 to 8.7673.
    low, high = rate_limits([3, 0], [1, 1], critical(2))
    assert low.tolist() == pytest.approx([0.618672, 0.0], abs=1e-6)
    assert high.tolist() == pytest.approx([8.767273, 3.688879], abs=1e-6)
    # Student's t at 9 degrees of freedom.
    low, high = mean_limits([10.0], [1.0], [10], critical(2))
    assert (low[0], high[0]) == pytest.approx((10 - 2.262157, 10 + 2.262157), abs=1e-5)


def test_more_units_need_more_distance():
    assert critical(2) == pytest.approx(1.959964)
    # Tukey's q for 10 means, 4.474, over the root of 2.
    assert critical(10) == pytest.approx(4.474 / 2**0.5, abs=1e-3)


def test_spread_beyond_chance_is_found_within_the_units():
    rng = np.random.default_rng(3)
    owner, n = np.repeat(np.arange(10), 50), np.full(500, 200.0)
    even = rng.binomial(200, 0.8, 500)
    uneven = rng.binomial(200, np.clip(rng.normal(0.8, 0.08, 500), 0, 1))

    assert inflation(even, n, owner, shares=True) == pytest.approx(1.0, abs=0.1)
    assert inflation(uneven, n, owner, shares=True) > 2


def test_equal_units_are_drawn_together_and_true_differences_stay():
    equal = shrink_shares([81, 79, 80, 82, 78], [100] * 5)
    apart = shrink_shares([5000, 7000, 9000, 6000, 8000], [10_000] * 5)

    assert equal.value.tolist() == pytest.approx([0.8] * 5, abs=0.001)
    assert apart.value.tolist() == pytest.approx([0.5, 0.7, 0.9, 0.6, 0.8], abs=0.002)


def test_units_without_values_stay_without():
    found = shrink([np.nan, 1.0, 2.0], [1.0, np.nan, 0.5])

    assert np.isnan(found.value[:2]).tolist() == [True, True]
    assert found.value[2] == 2.0
