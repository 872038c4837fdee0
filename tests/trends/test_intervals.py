"""Intervals of shares against statsmodels."""

import math

import numpy as np
import pytest

from metrics.trends.intervals import clopper_pearson, jeffreys, net_promoter, wilson

from .conftest import rows_of
from .test_counts import column

METHODS = {"wilson": wilson, "jeffreys": jeffreys, "clopper": clopper_pearson}


@pytest.mark.parametrize("name", METHODS)
def test_every_end_is_within_a_billionth_of_statsmodels(oracle, name):
    rows = rows_of(oracle / "own" / "proportion_ci_expected.csv")
    low, high = METHODS[name](column(rows, "k"), column(rows, "n"))

    assert low == pytest.approx(column(rows, f"{name}_lo"), rel=1e-9, abs=1e-12)
    assert high == pytest.approx(column(rows, f"{name}_hi"), rel=1e-9, abs=1e-12)
    assert len(rows) == 72


@pytest.mark.parametrize("method", METHODS.values())
def test_no_answers_and_impossible_counts_have_no_interval(method):
    low, high = method([0, 3, -1, math.nan], [0, 2, 5, 5])

    assert np.isnan(low).all()
    assert np.isnan(high).all()


@pytest.mark.parametrize("method", METHODS.values())
def test_one_share_is_enough(method):
    low, high = method(8, 10)
    assert 0 < float(low) < 0.8 < float(high) < 1


def test_a_net_promoter_score_by_hand():
    score, low, high = net_promoter(50, 30, 20)

    up, down = 50.75 / 103, 20.75 / 103
    half = 1.959963984540054 * math.sqrt((up + down - (up - down) ** 2) / 103)
    assert (float(score), float(low), float(high)) == pytest.approx((0.3, up - down - half, up - down + half))


def test_thirty_answers_leave_a_net_promoter_score_wide_open():
    _, low, high = net_promoter(15, 9, 6)
    assert 0.18 < float(high - low) / 2 < 0.30


def test_no_answer_has_no_net_promoter_score():
    assert [bool(np.isnan(part)) for part in net_promoter(0, 0, 0)] == [True, True, True]


def test_a_net_promoter_score_stays_within_its_scale():
    _, low, high = net_promoter([2, 0], [0, 0], [0, 2])
    assert (high[0], low[1]) == (1.0, -1.0)
