"""Mann-Kendall and Sen against pymannkendall and scipy."""

import math
import warnings

import pytest

from metrics.trends.drift import mann_kendall, mann_kendall_whitened, sen_slope

from .conftest import rows_of
from .test_counts import column, grouped


def test_every_number_is_that_of_the_references(answers):
    points = grouped(rows_of(answers / "xmr_points.csv"), "series_id")
    expected = rows_of(answers / "mannkendall_expected.csv")
    for row in expected:
        rows = sorted(points[row["series_id"],], key=lambda point: point["date"])
        values = column(rows, "value")
        plain, white, slope = mann_kendall(values), mann_kendall_whitened(values), sen_slope(values)
        found = {
            "mk_s": plain.score, "mk_var_s": plain.variance, "mk_z": plain.z, "mk_tau": plain.tau,
            "sen_slope": slope.slope, "sen_intercept": slope.intercept,
            "sen_slope_lo95": slope.low, "sen_slope_hi95": slope.high, "pw_z": white.z,
        }  # fmt: skip
        for name, value in found.items():
            assert value == pytest.approx(float(row[name]), rel=1e-9, abs=1e-12), (row["series_id"], name)
        # The reference takes 1 - cdf, which has no digits left below 1e-16.
        assert plain.p == pytest.approx(float(row["mk_p"]), rel=1e-9, abs=1e-15)
        assert white.p == pytest.approx(float(row["pw_p"]), rel=1e-9, abs=1e-15)
    assert len(expected) >= 36


def test_a_rise_by_hand():
    found = mann_kendall([1, 2, 3, 4])

    assert (found.score, found.tau) == (6.0, 1.0)
    assert found.variance == pytest.approx(4 * 3 * 13 / 18)
    assert sen_slope([1, 2, 4, 4], times=[0, 10, 20, 30]).slope == pytest.approx(0.1)


def test_missing_values_leave_their_time_empty():
    assert sen_slope([1, math.nan, 3, 4]).slope == 1.0


@pytest.mark.parametrize("values", [[], [1], [math.nan], [math.inf, 1]])
def test_too_few_values_give_no_answer(values):
    assert math.isnan(mann_kendall(values).p)
    assert math.isnan(mann_kendall_whitened(values).p)
    assert math.isnan(sen_slope(values).slope)


def test_a_constant_series_has_no_drift():
    assert (mann_kendall([5] * 9).p, mann_kendall_whitened([5] * 9).p, sen_slope([5] * 9).slope) == (1.0, 1.0, 0.0)


@pytest.mark.parametrize("factor", [2.0**-900, 2.0**1016])
def test_no_size_of_the_values_changes_what_is_found(factor):
    values = [(-1) ** place * (60 + place) for place in range(20)] + list(range(40, 60))
    days = [738_000 + 7 * place for place in range(40)]
    large = [value * factor for value in values]

    with warnings.catch_warnings():
        warnings.simplefilter("error")
        assert mann_kendall(large) == mann_kendall(values)
        assert mann_kendall_whitened(large).p == pytest.approx(mann_kendall_whitened(values).p)
        told, plain = sen_slope(large, days), sen_slope(values, days)

    assert (told.slope, told.low, told.high) == (plain.slope * factor, plain.low * factor, plain.high * factor)
    # On day 0 of the calendar such a line lies beyond all numbers of this machine: not known, no infinity.
    assert told.intercept == plain.intercept * factor or math.isnan(told.intercept)
