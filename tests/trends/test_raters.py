"""Agreement of people who score the same contacts: the statistic that fits, its value, and an interval that covers."""

import math

import numpy as np
import pytest

from metrics.trends.agreement import cohen, fleiss, krippendorff
from metrics.trends.raters import FEWEST, agreement, choose, pairs_only

NAN = math.nan
YES, NO = 1.0, 0.0


def long(table):
    """raters x contacts (nan: not scored) as parallel arrays of contact, rater and value."""
    table = np.array(table, np.float64)
    rater, item = np.nonzero(np.isfinite(table))
    return item, rater, table[rater, item]


def told(table, statistic):
    return agreement(*long(table), statistic)


TWO = [[YES, YES, NO, NO, YES, NO], [YES, YES, NO, YES, YES, NO]]
THREE = [*TWO, [YES, NO, NO, NO, YES, NO]]
HOLES = [[YES, YES, NO, NAN, YES, NO], [YES, NAN, NO, YES, YES, NO], [YES, NO, NAN, NO, YES, NO]]
SCORES = [[80, 75, 60, 90, NAN, 85], [82, 70, 65, 88, 77, NAN], [NAN, 72, 61, 91, 70, 80]]


@pytest.mark.parametrize(
    ("table", "numbers", "statistic"),
    [
        (TWO, False, "cohen"),
        (THREE, False, "fleiss"),
        (HOLES, False, "alpha"),
        (TWO, True, "alpha_interval"),
        ([[YES, NAN, NAN], [YES, NO, YES], [NAN, NO, YES]], False, "alpha"),  # two each time, but not the same two
    ],
)
def test_the_statistic_follows_from_who_scored_what(table, numbers, statistic):
    item, rater, _value = long(table)
    assert choose(item, rater, numbers=numbers) == statistic


def test_a_contact_that_one_person_scored_changes_nothing():
    item, rater, value = long(TWO)
    more = np.append(item, 99), np.append(rater, 7), np.append(value, YES)
    assert choose(*more[:2], numbers=False) == "cohen"
    assert agreement(*more, "cohen") == agreement(item, rater, value, "cohen")
    assert pairs_only(*more[:2]).sum() == 12


def test_the_value_is_that_of_the_checked_arithmetic():
    assert told(TWO, "cohen").value == pytest.approx(cohen(*TWO), rel=1e-12)
    assert told(THREE, "fleiss").value == pytest.approx(fleiss(THREE), rel=1e-12)
    assert told(HOLES, "alpha").value == pytest.approx(krippendorff(HOLES), rel=1e-12)
    assert told(SCORES, "alpha_interval").value == pytest.approx(krippendorff(SCORES, "interval"), rel=1e-12)


@pytest.mark.parametrize("table", [TWO, THREE, HOLES, SCORES])
def test_order_and_names_of_contacts_and_people_play_no_part(table):
    item, rater, value = long(table)
    mixed = np.random.default_rng(3).permutation(len(item))
    statistic = choose(item, rater, numbers=table is SCORES)
    one = agreement(item, rater, value, statistic)
    other = agreement(7 - item[mixed], np.array(["Zoe", "Ann", "Max"])[rater[mixed]], value[mixed], statistic)
    assert (other.value, other.low, other.high) == pytest.approx((one.value, one.low, one.high), rel=1e-9)
    assert (other.items, other.ratings, other.raters, other.top) == (one.items, one.ratings, one.raters, one.top)


def test_another_scale_of_numbers_changes_nothing():
    item, rater, value = long(SCORES)
    plain, scaled = (agreement(item, rater, one, "alpha_interval") for one in (value, value * 1e200 / 7))
    assert (scaled.value, scaled.low, scaled.high) == pytest.approx((plain.value, plain.low, plain.high), rel=1e-9)


def test_as_many_scores_as_scorings_take_no_table_of_pairs():
    rng = np.random.default_rng(2)
    true = rng.normal(75, 8, 20_000)
    scores = (true + rng.normal(0, 4, (3, 20_000))).ravel()
    found = agreement(np.tile(np.arange(20_000), 3), np.repeat([0, 1, 2], 20_000), scores, "alpha_interval")
    assert found.value == pytest.approx(0.8, abs=0.01)
    assert found.high - found.low < 0.02


def test_what_was_scored_is_counted():
    found = told(HOLES, "alpha")
    assert (found.items, found.ratings, found.raters) == (6, 15, 3)
    assert found.top == pytest.approx(8 / 15)


@pytest.mark.parametrize(
    ("table", "reason"),
    [
        ([[YES, NAN], [NAN, NO]], "no_pairs"),
        ([[], []], "no_pairs"),
        ([[YES, NO], [YES, NO]], "few_items"),
        ([[YES] * 9, [YES] * 9], "no_variation"),
    ],
)
@pytest.mark.parametrize("statistic", ["cohen", "fleiss", "alpha", "alpha_interval"])
def test_why_there_is_no_value(table, reason, statistic):
    found = told(table, statistic)
    assert (math.isnan(found.value), found.reason) == (True, reason)
    assert FEWEST == 3


def test_full_agreement_has_an_interval_too():
    found = told([[YES, NO] * 5, [YES, NO] * 5], "cohen")
    assert (found.value, found.high) == (1.0, 1.0)
    assert 0.3 < found.low < 0.8


def test_a_value_that_hangs_on_one_contact_has_no_interval():
    found = told([[80, 80, 80, 90], [80, 80, 80, 70]], "alpha_interval")
    assert (math.isfinite(found.value), math.isnan(found.low)) == (True, True)


def test_scorings_that_do_not_fit_the_statistic_are_refused():
    with pytest.raises(ValueError, match="same two people"):
        told(THREE, "cohen")
    with pytest.raises(ValueError, match="equally many"):
        told(HOLES, "fleiss")
