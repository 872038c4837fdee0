"""Agreement of raters against scikit-learn, statsmodels and krippendorff."""

import json
import math

import numpy as np
import pytest

from metrics.trends.agreement import cohen, fleiss, krippendorff

NAN = math.nan


@pytest.fixture
def cases(oracle):
    found = json.loads((oracle / "own" / "agreement_expected.json").read_text(encoding="utf-8"))
    return [(np.array(case["ratings"], np.float64), case) for case in found]


def test_every_alpha_is_within_a_billionth(cases):
    for ratings, case in cases:
        for scale in ("nominal", "ordinal", "interval"):
            assert krippendorff(ratings, scale) == pytest.approx(case[f"krippendorff_{scale}"], rel=1e-9)
    assert len(cases) == 16


def test_every_kappa_is_within_a_billionth(cases):
    complete = [(ratings, case) for ratings, case in cases if "cohen_01" in case]
    for ratings, case in complete:
        for weights, name in (("none", ""), ("linear", "_linear"), ("quadratic", "_quadratic")):
            expected = case[f"cohen_01{name}"]
            assert cohen(ratings[0], ratings[1], weights) == pytest.approx(expected, rel=1e-9, abs=1e-12)
        assert fleiss(ratings) == pytest.approx(case["fleiss"], rel=1e-9, abs=1e-12)
    assert len(complete) == 10


def test_two_raters_by_hand():
    # Agreed 3 of 4; by chance 2 of 4.
    assert cohen([1, 1, 2, 2], [1, 1, 2, 1]) == pytest.approx((3 / 4 - 1 / 2) / (1 - 1 / 2))


def test_full_agreement_is_one():
    ratings = [[1, 2, 3], [1, 2, 3]]
    assert (cohen(*ratings), fleiss(ratings), krippendorff(ratings)) == (1.0, 1.0, 1.0)


def test_units_that_one_did_not_rate_are_left_out():
    assert cohen([1, 2, NAN, 1], [1, 2, 2, NAN]) == 1.0
    assert krippendorff([[1, 2, NAN, 1], [1, 2, 2, NAN]]) == 1.0


@pytest.mark.parametrize("ratings", [[[], []], [[1, 1], [1, 1]]])
def test_without_variation_there_is_no_answer(ratings):
    assert math.isnan(cohen(*ratings))
    assert math.isnan(fleiss(ratings))
    assert math.isnan(krippendorff(ratings))


def test_no_unit_rated_twice_has_no_alpha():
    assert math.isnan(krippendorff([[1, NAN], [NAN, 2]]))


def test_fleiss_needs_every_rating():
    with pytest.raises(ValueError, match="every rater"):
        fleiss([[1, NAN], [1, 2]])
