"""The seasonal naive forecast, by hand."""

import datetime as dt
import math

import numpy as np
import pytest

from metrics.trends.seasonal import LEAST, seasonal_naive

YEAR = 365.25


def months(count):
    return [dt.date(2020 + place // 12, place % 12 + 1, 1).toordinal() for place in range(count)]


def test_the_next_month_is_that_of_a_year_before_and_its_misses():
    values = [100.0 + 10 * (place % 12) for place in range(12)] + [101.0 + 10 * (place % 12) for place in range(12)]
    values[20] += 4  # the largest of twelve misses
    values[15] -= 6
    days = months(25)
    found = seasonal_naive(values, days[:24], days[24], YEAR)
    assert (found.n, found.low, found.high) == (12, 101.0 - 5, 101.0 + 5)


def test_weeks_are_those_of_the_year_before():
    days = 738_000 + 7 * np.arange(105)
    values = np.arange(104.0) % 52
    found = seasonal_naive(values, days[:104], int(days[104]), YEAR)
    assert found.n == 52
    assert found.low == found.high == pytest.approx(0.0)


def test_a_gap_foretells_nothing():
    days, values = months(25), np.arange(24.0)
    values[12] = math.nan  # the month of a year before is missing
    assert math.isnan(seasonal_naive(values, days[:24], days[24], YEAR).low)


def test_nothing_is_foretold_across_new_limits():
    days, values = months(37), np.random.default_rng(1).standard_normal(36)
    fresh = np.arange(36) >= 24
    found = seasonal_naive(values, days[:36], days[36], YEAR, fresh)
    assert (found.n, math.isnan(found.low)) == (12, False)
    last = np.arange(36) >= 30
    assert math.isnan(seasonal_naive(values, days[:36], days[36], YEAR, last).low)


def test_too_few_misses_are_said_so():
    count = 12 + LEAST - 1
    days = months(count + 1)
    found = seasonal_naive(np.arange(float(count)), days[:count], days[count], YEAR)
    assert (found.n, math.isnan(found.low), math.isnan(found.high)) == (LEAST - 1, True, True)
