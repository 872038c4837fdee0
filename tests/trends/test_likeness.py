"""The autocorrelation is right on average, however short the series."""

import numpy as np
import pytest

from metrics.trends import nulls
from metrics.trends.drift import autocorrelation
from metrics.trends.likeness import corrected


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
