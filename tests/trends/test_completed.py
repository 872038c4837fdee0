"""Nelson and Western Electric rules against qcc 3.0."""

import math

import numpy as np
import pytest

from metrics.trends.completed import NELSON, WECO, nelson, weco, z_scores

from .conftest import rows_of
from .test_counts import column, grouped


def places(flags):
    return np.flatnonzero(flags).tolist()


def test_every_mark_is_that_of_qcc(oracle):
    series = grouped(rows_of(oracle / "own" / "nelson_expected.csv"), "series_id")
    different, fired = [], set()
    for name, rows in series.items():
        values = column(rows, "value")
        for prefix, rules, found in (("nelson", NELSON, nelson(values)), ("weco", WECO, weco(values))):
            for rule in rules:
                expected = [int(row[f"{prefix}{rule}"]) for row in rows]
                fired |= {(prefix, rule)} if any(expected) else set()
                if found[rule - 1].astype(int).tolist() != expected:
                    different.append((name, prefix, rule))

    assert different == []
    assert len(series) == 24
    assert len(fired) == 12


def test_sigma_is_the_moving_range_without_screening(oracle):
    for rows in grouped(rows_of(oracle / "own" / "nelson_expected.csv"), "series_id").values():
        expected = (column(rows, "value") - column(rows, "center")) / column(rows, "std_dev")
        assert z_scores(column(rows, "value")) == pytest.approx(expected, rel=1e-9, abs=1e-9)


def test_nine_on_one_side_complete_at_the_ninth():
    values = [-1, 1] * 20 + [-1] + [0.5] * 9
    assert places(nelson(values)[1]) == [49]
    assert places(weco(values)[3]) == [48, 49]


def test_six_rising_points_complete_at_the_sixth():
    assert places(nelson([5, 1, 2, 3, 4, 5, 6, 6])[2]) == [6]


def test_fourteen_points_that_alternate():
    assert places(nelson([1, 2] * 8)[3]) == [13, 14, 15]


def test_a_missing_value_breaks_every_pattern():
    values = [-1, 1] * 20 + [-1] + [0.5] * 5 + [math.nan] + [0.5] * 5
    assert places(nelson(values)[1]) == []


@pytest.mark.parametrize("values", [[], [1], [math.nan], [math.nan, 2], [3, 3, 3], [1, math.nan, 2], [math.inf, 1, 2]])
def test_nasty_data_never_raises(values):
    assert nelson(values).shape == (8, len(values))
    assert weco(values).shape == (4, len(values))


def test_a_constant_series_hugs_its_mean():
    found = nelson([3.0] * 20)
    assert [places(row) for row in found] == [[], [], [], [], [], [], list(range(14, 20)), []]
