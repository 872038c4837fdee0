"""The scan: one calibrated number per series, whatever its location, scale, length or gaps."""

import numpy as np
import pytest
from scipy.stats import norm, rankdata

from metrics.trends import fleet, nulls, scales
from metrics.trends.chance import icon_rate
from metrics.trends.scan import scan

RNG = np.random.default_rng(11)


def by_hand(values):
    """T as its definition says, one window after the other; nan = missing."""
    known = values[np.isfinite(values)]
    y = norm.ppf((rankdata(known) - 0.375) / (len(known) + 0.25))
    sigma = np.std(y)
    told = [
        abs(y[-w:].mean() - y[:-w].mean()) / (sigma * np.sqrt(1 / w + 1 / (len(y) - w)))
        for w in range(1, min(12, len(y) - 1) + 1)
    ]
    return max(told), int(np.argmax(told)) + 1


DRAWN = {
    "normal": lambda n: RNG.normal(5, 2, n),
    "exponential": lambda n: RNG.exponential(size=n),
    "lumps": lambda n: np.array(RNG.poisson(1.5, n), float),
}


@pytest.mark.parametrize("drawn", DRAWN)
@pytest.mark.parametrize("n", [13, 14, 30, 200])
def test_the_statistic_is_its_definition(n, drawn):
    values = DRAWN[drawn](n)

    found = scan(values, np.array([0, n]))

    statistic, window = by_hand(values)
    assert (found.statistic[0], found.window[0]) == (pytest.approx(statistic), window)


def test_what_computers_make_of_equal_values_is_equal():
    values = RNG.poisson(2, 40) / 10

    noisy = values + RNG.choice([-1, 0, 1], 40) * np.spacing(values)

    assert scan(noisy, np.array([0, 40])).statistic[0] == scan(values, np.array([0, 40])).statistic[0]


def test_many_series_of_any_length_are_each_as_if_alone():
    parts = [RNG.normal(size=n) for n in (20, 0, 5, 40, 13)]
    starts = np.concatenate([[0], np.cumsum([len(part) for part in parts])])

    together = scan(np.concatenate(parts), starts)

    alone = [scan(part, np.array([0, len(part)])).statistic[0] for part in parts]
    np.testing.assert_allclose(together.statistic, alone)
    assert together.n.tolist() == [20, 0, 5, 40, 13]
    assert np.isnan(together.statistic).tolist() == [False, True, True, False, False]


@pytest.mark.parametrize(("times", "plus"), [(1e-9, 0), (1e12, 0), (-3, 7), (1, 1e6)])
def test_location_and_scale_do_not_matter(times, plus):
    values = RNG.normal(size=40)
    starts = np.array([0, 40])

    moved = scan(values * times + plus, starts)

    assert moved.statistic[0] == pytest.approx(scan(values, starts).statistic[0], rel=1e-6)
    assert moved.direction[0] == scan(values, starts).direction[0] * np.sign(times)


def test_a_missing_value_is_left_out():
    values = np.array([*RNG.normal(size=20), np.nan, *RNG.normal(size=20)])

    found = scan(values, np.array([0, 41]))

    assert found.n[0] == 40
    assert found.statistic[0] == pytest.approx(by_hand(values)[0])


def test_neighbours_across_a_gap_are_no_ties():
    values = np.repeat([1.0, 2.0, 3.0], 14)
    assert np.isnan(scan(values, np.array([0, 42])).statistic[0])

    gaps = np.insert(values, np.arange(1, 42), np.nan)

    assert scan(gaps, np.array([0, len(gaps)])).n[0] == 42


def test_an_earlier_phase_does_not_count():
    old, new = RNG.normal(100, 1, 20), RNG.normal(0, 1, 20)

    found = scan(np.concatenate([old, new]), np.array([0, 40]), np.array([20]))

    assert found.statistic[0] == pytest.approx(scan(new, np.array([0, 20])).statistic[0])
    assert found.first[0] == 40 - found.window[0]


@pytest.mark.parametrize(
    "values",
    [[5.0] * 30, [1e6 / 3] * 30, [0.0] * 29 + [1.0], [0.0] * 15 + [1.0] * 15, [np.nan] * 30, []],
    ids=["constant", "constant third", "nearly all zero", "two values", "nothing", "empty"],
)
def test_values_that_carry_no_spread_have_no_statistic(values):
    found = scan(np.array(values, float), np.array([0, len(values)]))

    assert np.isnan(found.statistic[0])
    assert (found.window[0], found.direction[0], found.first[0]) == (0, 0, -1)


@pytest.mark.parametrize("n", [13, 14, 25, 104])
def test_chance_is_judged_by_the_very_statistic_of_the_scan(n):
    values = nulls.stable(300, n, 0.35, np.random.default_rng(3))

    judged = scan(values.reshape(-1), np.arange(0, 300 * n + 1, n)).statistic

    assert nulls.statistic(values) == pytest.approx(judged, rel=1e-12)


def test_a_table_is_the_same_whenever_it_is_made():
    assert np.array_equal(nulls.table(13, 0, 2000, 5), nulls.table.__wrapped__(13, 0, 2000, 5))
    assert not np.array_equal(nulls.table(13, 0, 2000, 5), nulls.table(13, 0, 2000, 6))


@pytest.mark.parametrize(("n", "phi"), [(18, 0.0), (44, 0.0), (44, 0.3), (400, 0.0)])
def test_between_the_lengths_of_the_grid_p_is_right_too(n, phi):
    draws = 4000
    values = nulls.stable(draws, n, phi, np.random.default_rng(5)).reshape(-1)
    found = scan(values, np.arange(0, draws * n + 1, n))
    wanted = np.full(draws, phi)
    tables = {key: nulls.table(*key) for key in nulls.keys(found.n[:1], wanted[:1])}

    p = nulls.chances(found.statistic, found.n, wanted, tables)

    # 400 ± 4 standard errors of 19 at one in ten, 40 ± 4 of 6 at one in a hundred.
    assert 320 < (p <= 0.1).sum() < 480
    assert 15 < (p <= 0.01).sum() < 66


def test_p_is_never_below_what_was_drawn():
    tables = {key: nulls.table(*key) for key in nulls.keys([20], [0.0])}

    p = nulls.chances(np.array([1e9, np.nan]), np.array([20, 20]), np.zeros(2), tables)

    assert p[0] == pytest.approx(1 / 60_000)
    assert np.isnan(p[1])


def test_benjamini_and_hochberg_as_in_their_paper():
    # The example of their paper (1995): with q = .05 the four smallest of fifteen are rejected.
    p = [
        0.0001,
        0.0004,
        0.0019,
        0.0095,
        0.0201,
        0.0278,
        0.0298,
        0.0344,
        0.0459,
        0.3240,
        0.4262,
        0.5719,
        0.6528,
        0.7590,
        1,
    ]

    assert fleet.passing(np.array(p), 0.05).tolist() == [True] * 4 + [False] * 11
    assert fleet.passing(np.array(p), 0.05, "by").sum() == 3


def test_a_single_series_is_not_confirmed_by_a_p_that_only_the_share_would_accept():
    assert fleet.passing(np.array([0.05])).tolist() == [False]
    assert fleet.passing(np.array([0.009, np.nan])).tolist() == [True, False]


def test_a_metric_with_few_series_takes_the_autocorrelation_of_the_fleet():
    group = np.array([1] * 10 + [2, 2])
    own = np.array([0.2] * 10 + [0.9, np.nan])

    assert fleet.shared_phi(group, own, own) == {1: pytest.approx(0.2), 2: pytest.approx(0.2)}
    assert fleet.shared_phi(np.array([1, 1]), np.array([0.9, 0.9]), np.array([-0.3, 0.1])) == {1: 0.0}


def test_the_table_of_icons_is_read_between_its_entries():
    assert icon_rate(52, 0.0) == pytest.approx(0.0193)
    assert icon_rate([52, 65, 5], [0.4, 0.35, 0.0]).tolist() == [
        pytest.approx(0.1053),
        pytest.approx((0.069 + 0.1053 + 0.07207 + 0.1079) / 4),
        0.0,
    ]


def test_times_are_scanned_as_logarithms_and_shares_by_their_size():
    starts, begins = np.array([0, 3, 6, 9]), np.array([0, 3, 6])
    values = np.array([1, np.e, np.e**2, 0.5, 0.25, 0.5, 3, 0, 5])
    hits = np.array([np.nan] * 3 + [50, 1, 5] + [np.nan] * 3)
    sizes = np.array([np.nan] * 3 + [100, 4, 10] + [np.nan] * 3)

    found = scales.scanned(values, hits, sizes, starts, begins, np.array([scales.LOG, scales.SHARE, scales.LOG]))

    assert found[:3].tolist() == pytest.approx([0, 1, 2])
    centre = 56 / 114
    z = (0.25 - centre) / np.sqrt(centre * (1 - centre) / 4)
    assert found[4] == pytest.approx(z)
    # A time of 0 has no logarithm: the series stays as it is.
    assert found[6:].tolist() == [3, 0, 5]
