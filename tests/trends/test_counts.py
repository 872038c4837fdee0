"""Charts of counts against qicharts2 and qcc."""

import math

import numpy as np
import pytest

from metrics.trends.anhoej import anhoej
from metrics.trends.counts import count_chart

from .conftest import rows_of

KINDS = {"p": "p", "pp": "p'", "u": "u", "up": "u'", "c": "c", "g": "g", "t": "t"}
LINES = {"y": "y", "cl": "centre", "lcl": "lcl", "ucl": "ucl", "lcl95": "lcl95", "ucl95": "ucl95"}


def column(rows, name):
    return np.array([float(row[name] or "nan") for row in rows])


def grouped(rows, *names):
    groups = {}
    for row in rows:
        groups.setdefault(tuple(row[name] for name in names), []).append(row)
    return groups


@pytest.fixture
def charts(answers):
    """(series, chart, screened) -> our chart and the reference's rows."""
    points = grouped(rows_of(answers / "attr_points.csv"), "series_id")
    series = {row["series_id"]: row for row in rows_of(answers / "attr_series.csv")}
    found = {}
    for key, rows in grouped(
        rows_of(answers / "attr_qicharts2_expected.csv"), "series_id", "chart", "screened_mr"
    ).items():
        of_series = points[key[:1]]
        chart = count_chart(
            KINDS[key[1]],
            column(of_series, "numerator"),
            column(of_series, "denominator"),
            baseline=int(series[key[0]]["freeze"] or 0),
            parts=[int(series[key[0]]["part"])] if series[key[0]]["part"] else [],
            screen=key[2] == "TRUE",
            widen_only=False,
        )
        found[key] = chart, rows
    return found


def test_every_line_is_within_a_billionth_of_qicharts2(charts):
    for key, (chart, rows) in charts.items():
        for theirs, ours in LINES.items():
            expected = column(rows, theirs)
            shown = ~np.isnan(expected)
            assert getattr(chart, ours)[shown] == pytest.approx(expected[shown], rel=1e-9), (key, theirs)
    assert len(charts) > 60


def test_every_point_outside_is_marked(charts):
    for key, (chart, rows) in charts.items():
        assert np.abs(chart.outside).tolist() == [int(row["sigma_signal"]) for row in rows], key


def test_runs_and_crossings_are_those_of_anhoej(charts):
    for key, (chart, rows) in charts.items():
        for part in {row["part"] for row in rows}:
            inside = np.array([row["part"] == part for row in rows])
            found = anhoej(chart.y[inside], chart.centre[inside])
            row = next(row for row in rows if row["part"] == part)
            assert (
                found.useful,
                found.longest_run,
                found.longest_run_max,
                found.crossings,
                found.crossings_min,
            ) == tuple(
                int(row[name])
                for name in ("n_useful", "longest_run", "longest_run_max", "n_crossings", "n_crossings_min")
            ), key
            assert found.signal == (row["runs_signal"] == "1"), key


def test_every_limit_is_within_a_billionth_of_qcc(answers):
    points = grouped(rows_of(answers / "attr_points.csv"), "series_id")
    for (name, kind), rows in grouped(rows_of(answers / "attr_qcc_expected.csv"), "series_id", "chart").items():
        of_series = points[name,]
        chart = count_chart(kind, column(of_series, "numerator"), column(of_series, "denominator"))
        for theirs, ours in (("center", chart.centre), ("lcl", chart.lcl), ("ucl", chart.ucl)):
            assert ours[: len(rows)] == pytest.approx(column(rows, theirs), rel=1e-9, abs=1e-15), (name, theirs)
        assert np.abs(chart.outside).tolist() == [int(row["beyond"]) for row in rows], name


def test_a_share_by_hand():
    chart = count_chart("p", [5, 10, 15], [100, 100, 100])

    assert chart.y.tolist() == [0.05, 0.10, 0.15]
    assert chart.centre.tolist() == pytest.approx([0.1] * 3)
    assert chart.ucl.tolist() == pytest.approx([0.1 + 3 * 0.03] * 3)
    assert chart.lcl.tolist() == pytest.approx([0.01] * 3)


def test_a_wider_denominator_has_narrower_limits():
    chart = count_chart("u", [5, 500], [100, 10_000])
    assert chart.ucl[1] - chart.centre[1] == pytest.approx((chart.ucl[0] - chart.centre[0]) / 10)


def test_laney_limits_are_never_narrower_than_the_plain_ones_unless_asked():
    steady = ([50, 50, 50, 50, 51], [100] * 5)

    assert count_chart("p'", *steady).sigma_z.tolist() == [1.0] * 5
    assert count_chart("p'", *steady, widen_only=False).sigma_z[0] < 0.1
    assert count_chart("p'", *steady).ucl.tolist() == count_chart("p", *steady).ucl.tolist()


@pytest.mark.parametrize("kind", ["p", "p'", "u", "u'"])
def test_a_period_without_a_denominator_is_missing(kind):
    chart = count_chart(kind, [1, 2, 3, math.nan, 4], [10, 0, math.nan, 10, -5])

    assert np.isnan(chart.y).tolist() == [False, True, True, True, True]
    assert chart.centre[0] == pytest.approx(0.1)
    assert chart.outside.tolist() == [0] * 5


@pytest.mark.parametrize("kind", ["p", "p'", "u", "u'", "c", "g", "t"])
@pytest.mark.parametrize("values", [[], [math.nan], [0.0], [0.0, 0.0, 0.0], [math.inf, 1.0, 2.0], [-1.0, 3.0]])
def test_nasty_data_never_raises(kind, values):
    chart = count_chart(kind, values, [5.0] * len(values), screen=True)
    assert len(chart.ucl) == len(values)


def test_a_time_of_zero_is_left_out_of_the_limits():
    assert count_chart("t", [0, 1, 2, 3]).centre[1] == count_chart("t", [1, 2, 3]).centre[0]


def test_each_part_has_limits_of_its_own_from_its_first_points():
    chart = count_chart("c", [4, 4, 100, 9, 9, 100], baseline=2, parts=[3])

    assert chart.centre.tolist() == [4, 4, 4, 9, 9, 9]
    assert chart.outside.tolist() == [0, 0, 1, 0, 0, 1]


def test_input_that_cannot_be_meant_is_refused():
    with pytest.raises(ValueError, match="no chart of kind 'x'"):
        count_chart("x", [1], [1])
    with pytest.raises(ValueError, match="needs a denominator"):
        count_chart("p", [1])
    with pytest.raises(ValueError, match="differ in length"):
        count_chart("p", [1, 2], [1])


def test_no_useful_point_is_no_signal():
    assert anhoej([], []).signal is False
    assert anhoej([5, 5, math.nan], [5, 5, 5]).useful == 0
    assert anhoej([1], [0]).longest_run == 1
