"""The autocorrelation is right on average, however short the series."""

import numpy as np
import pytest

from metrics.trends import nulls
from metrics.trends.drift import autocorrelation
from metrics.trends.likeness import corrected, widened


@pytest.mark.parametrize("phi", [0.0, 0.3, 0.6])
def test_short_series_tell_their_autocorrelation_on_average(phi):
    values = nulls.stable(2000, 26, phi, np.random.default_rng(5))
    plain = np.array([autocorrelation(row) for row in values])

    assert corrected(plain, np.full(len(plain), 26)).mean() == pytest.approx(phi, abs=0.03)
    assert phi - plain.mean() > 0.03  # what would be told without it


def test_one_number_is_corrected_as_many_are():
    assert (
        corrected(0.2, 16) == corrected(np.array([0.2]), np.array([16]))[0] == pytest.approx((0.2 + 1 / 16) / (13 / 16))
    )


@pytest.mark.parametrize("phi", [0.0, 0.3, 0.6])
def test_means_of_values_that_are_alike_vary_as_much_more_as_is_said(phi):
    values = nulls.stable(4000, 200, phi, np.random.default_rng(7))
    within = values.var(axis=1, ddof=1).mean()

    assert values.mean(axis=1).var(ddof=1) * 200 / within == pytest.approx(widened(phi), rel=0.08)


def test_likeness_counts_between_none_and_nearly_all():
    assert (widened(-0.5), widened(0.9), widened(0.99)) == (1.0, pytest.approx(19), pytest.approx(19))
