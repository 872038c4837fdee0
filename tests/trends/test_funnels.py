"""Funnels against FunnelPlotR."""

import math

import numpy as np
import pytest

from metrics.trends.funnels import funnel_rates, funnel_ratios, funnel_shares, rate_curves, share_curves

from .conftest import rows_of
from .test_counts import column, grouped

LINES = ("lcl95", "ucl95", "lcl998", "ucl998", "odlcl95", "oducl95", "odlcl998", "oducl998")


def ours(kind, method, rows):
    numerator, denominator = column(rows, "numerator"), column(rows, "denominator")
    adjust = rows[0]["adjusted"] == "TRUE"
    if kind == "PR":
        return funnel_shares(numerator, denominator, adjust=adjust)
    return funnel_ratios(numerator, denominator, method=method, adjust=adjust)


def test_every_limit_is_within_a_billionth_of_the_reference(answers):
    groups = grouped(rows_of(answers / "funnel_expected.csv"), "funnel_id", "data_type", "sr_method", "adjusted")
    compared = {key: rows for key, rows in groups.items() if key[1] != "RC"}  # whose limits are wrong for rare events
    for key, rows in compared.items():
        found = ours(key[1], key[2], rows)
        assert found.value == pytest.approx(column(rows, "rr"), rel=1e-9), key
        assert (found.phi, found.tau2) == pytest.approx((float(rows[0]["phi"]), float(rows[0]["tau2"])), rel=1e-9), key
        for name in LINES:
            assert getattr(found, name) == pytest.approx(column(rows, name), rel=1e-9), (key, name)
        assert np.abs(found.outside).tolist() == [int(row["outlier998"]) for row in rows], key
    assert len(compared) >= 6


def test_a_rare_event_per_contact_uses_exact_limits():
    found = funnel_rates([1, 3, 2, 30], [10_000, 10_000, 10_000, 10_000], adjust=False)

    assert found.target == pytest.approx(36 / 40_000)
    assert found.outside.tolist() == [-1, 0, -1, 1]
    assert found.odlcl998.tolist() == pytest.approx([found.target * math.exp(-3.090232 / 3)] * 4)


def test_small_shares_can_have_exact_limits():
    found = funnel_shares([9, 10, 2], [10, 10, 10], adjust=False, exact=True)

    assert found.target == 0.7
    assert (found.lcl998 * 10).tolist() == [2.0] * 3
    assert found.outside.tolist() == [0, 0, 0]


def test_limits_stay_between_none_and_all():
    found = funnel_shares([0, 1, 40], [2, 2, 900], adjust=False)

    assert found.lcl998.min() == 0
    assert found.ucl998.max() <= 1


@pytest.mark.parametrize("funnel", [funnel_shares, funnel_ratios, funnel_rates])
@pytest.mark.parametrize(
    ("counts", "sizes"),
    [([], []), ([1], [2]), ([0, 0], [5, 5]), ([1, math.nan], [0, 3]), ([math.inf, 1, 2], [1, 5, 5]), ([0], [0])],
)
def test_nasty_data_never_raises(funnel, counts, sizes):
    assert len(funnel(counts, sizes).outside) == len(counts)


def test_columns_of_different_length_are_refused():
    with pytest.raises(ValueError, match="of one length"):
        funnel_shares([1, 2], [3])


def test_limits_of_rates_can_be_the_quantiles_of_the_expected_number():
    found = funnel_rates([0, 3, 12], [1_000, 1_000, 3_000], adjust=False, exact=True)

    # 3 expected of 15: P(0) = 5 %, so none at all is within; 99.8 % lie from 0 to 10 (Poisson tables).
    assert (found.lcl998[0], found.ucl998[0] * 1_000) == (0, pytest.approx(10))
    assert found.outside.tolist() == [0, 0, 0]


def test_widened_limits_are_never_narrower_than_chance_alone():
    # 5 are expected of each. By the Poisson tables 1 or none happens to 1 in 25, and 99.8 % lie from 0 to 13.
    events, contacts = [1, 3, 7, 7, 7], [1_000.0] * 5
    found, log_scale = funnel_rates(events, contacts, exact=True), funnel_rates(events, contacts)

    assert 0 < found.tau2 == log_scale.tau2 < 0.001
    assert (log_scale.outside.tolist(), log_scale.odlcl998[0] * 1_000) == (
        [-1, 0, 0, 0, 0],
        pytest.approx(1.25, abs=0.01),
    )
    assert found.odlcl998.tolist() == [0] * 5
    assert found.oducl998 == pytest.approx(log_scale.oducl998)
    assert found.oducl998[0] * 1_000 > 13
    assert found.outside.tolist() == [0] * 5


@pytest.mark.parametrize(
    ("funnel", "curves", "counts", "sizes"),
    [
        (funnel_rates, rate_curves, [0, 3, 20, 5], [400, 900, 2_500, 1_800]),
        (funnel_rates, rate_curves, [5, 6, 4, 5], [1_000, 1_000, 1_000, 1_000]),
        (funnel_shares, share_curves, [20, 90, 180, 399], [20, 120, 190, 400]),
        (funnel_shares, share_curves, [18, 18, 18, 17], [20, 20, 20, 20]),
    ],
)
def test_the_lines_of_the_chart_are_the_limits_that_set_apart(funnel, curves, counts, sizes):
    found = funnel(counts, sizes, exact=True)

    widened = [found.odlcl95, found.oducl95, found.odlcl998, found.oducl998]
    plain = [found.lcl95, found.ucl95, found.lcl998, found.ucl998]
    drawn = curves(sizes, found.target, found.tau2)
    for line, limit in zip(drawn, widened, strict=True):
        assert line == pytest.approx(limit, rel=1e-12)
    for lower, upper in ((0, 1), (2, 3)):
        assert (widened[lower] <= plain[lower]).all()
        assert (widened[upper] >= plain[upper]).all()


@pytest.mark.parametrize("limit", [8, 9, 10, 11, 12, 13])
def test_a_count_that_is_the_limit_itself_lies_within(limit):
    for contacts in range(1_000, 1_400):
        rest = 40 * contacts // 1_000
        found = funnel_rates([limit, rest], [contacts, 10 * contacts], adjust=False, exact=True)
        top = round(found.ucl998[0] * contacts)
        if top == limit:
            assert found.outside[0] == 0, contacts
