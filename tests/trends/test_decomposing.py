"""A series taken apart for the eye: the figures are those of statsmodels 0.14 (STL with its defaults)."""

import math

import numpy as np
import pytest

from metrics.trends.decomposing import decompose


def made(count, period):
    return [50 + 10 * math.cos(2 * math.pi * k / period) + (k * 7919 % 101 - 50) / 20 + 0.03 * k for k in range(count)]


@pytest.mark.parametrize(
    ("count", "period", "season", "trend"),
    [
        (60, 12, [9.595082601106691, -8.462573304050053, 9.125065610032376],
         [49.155186072673835, 50.53488199073008, 52.34216704697492]),
        (50, 7, [10.243433765621578, -8.961998749191547, 9.951305621795708],
         [48.884155941325304, 50.49633073010815, 51.9485599968007]),
    ],
)  # fmt: skip
def test_the_parts_are_those_of_the_reference(count, period, season, trend):
    found = decompose(made(count, period), period)
    places = [0, 17, count - 1]
    assert found.season[places].tolist() == pytest.approx(season, rel=1e-9)
    assert found.trend[places].tolist() == pytest.approx(trend, rel=1e-9)
    assert (found.season + found.trend + found.rest).tolist() == pytest.approx(made(count, period))


def test_nothing_is_drawn_below_five_cycles_or_with_a_gap():
    assert decompose(made(59, 12), 12) is None
    assert decompose([*made(60, 12)[:-1], math.nan], 12) is None
    assert decompose(made(601, 12), 12) is None


def test_its_strength_would_see_a_season_in_nearly_every_short_series():
    """Why it decides nothing: above .64 a season is usually said to be there (Wang, Smith and Hyndman 2006)."""
    rng = np.random.default_rng(1)
    seen = [np.mean([decompose(row, 12, 2).strength > 0.64 for row in rng.standard_normal((200, n))]) for n in (24, 36)]
    assert seen[0] > 0.99
    assert seen[1] > 0.5


@pytest.mark.parametrize("factor", [1e-300, 1e300])
def test_the_scale_does_not_matter(factor):
    ours, plain = decompose(np.array(made(60, 12)) * factor, 12), decompose(made(60, 12), 12)
    assert (ours.season / factor).tolist() == pytest.approx(plain.season.tolist())
    assert ours.strength == pytest.approx(plain.strength)


def test_a_flat_series_has_no_strength():
    assert math.isnan(decompose([5.0] * 60, 12).strength)
