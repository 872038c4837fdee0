"""EWMA and CUSUM against qcc."""

import math

import numpy as np
import pytest

from metrics.trends.gradual import cusum, ewma

from .conftest import rows_of
from .test_counts import column, grouped


@pytest.fixture
def series(oracle):
    groups = grouped(rows_of(oracle / "own" / "ewma_cusum_expected.csv"), "series_id")
    assert len(groups) == 24
    return groups.values()


def test_every_ewma_is_within_a_billionth_of_qcc(series):
    for rows in series:
        found = ewma(column(rows, "value"), baseline=20)
        assert found.centre == pytest.approx(float(rows[0]["center"]), rel=1e-9)
        assert found.sigma == pytest.approx(float(rows[0]["std_dev"]), rel=1e-9)
        assert found.ewma == pytest.approx(column(rows, "ewma"), rel=1e-9)
        assert found.lcl == pytest.approx(column(rows, "ewma_lcl"), rel=1e-9)
        assert found.ucl == pytest.approx(column(rows, "ewma_ucl"), rel=1e-9)
        assert found.signal.astype(int).tolist() == [int(row["ewma_signal"]) for row in rows]


def test_every_cusum_is_within_a_billionth_of_qcc(series):
    for rows in series:
        found = cusum(column(rows, "value"), baseline=20)
        assert found.above == pytest.approx(column(rows, "cusum_pos"), rel=1e-9, abs=1e-12)
        assert found.below == pytest.approx(column(rows, "cusum_neg"), rel=1e-9, abs=1e-12)
        assert found.upper.astype(int).tolist() == [int(row["cusum_upper"]) for row in rows]
        assert found.lower.astype(int).tolist() == [int(row["cusum_lower"]) for row in rows]


def test_a_small_lasting_rise_is_seen():
    values = [10, 12] * 10 + [13] * 15

    assert ewma(values, baseline=20).signal[-1]
    assert cusum(values, baseline=20).upper[-1]
    assert not ewma(values[:20], baseline=20).signal.any()


def test_a_missing_value_changes_nothing():
    with_gap, without = [10, 12, 11, math.nan, 14], [10, 12, 11, 14]

    assert ewma(with_gap, baseline=3).ewma[[0, 1, 2, 4]].tolist() == ewma(without, baseline=3).ewma.tolist()
    assert ewma(with_gap, baseline=3).ewma[3] == ewma(with_gap, baseline=3).ewma[2]
    assert cusum(with_gap, baseline=3).above[4] == cusum(without, baseline=3).above[3]


@pytest.mark.parametrize("values", [[], [1], [math.nan], [math.nan, 2], [3, 3, 3], [1, math.nan, 2], [math.inf, 1]])
def test_nasty_data_has_no_signal(values):
    assert np.flatnonzero(ewma(values).signal).tolist() == []
    assert np.flatnonzero(cusum(values).upper | cusum(values).lower).tolist() == []
    assert len(cusum(values).above) == len(values)
