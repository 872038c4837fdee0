"""The second opinion on all series at once, against the EWMA chart of one series."""

import numpy as np
import pytest

from metrics.trends import Batch, Settings, analyse, codes
from metrics.trends import second as module
from metrics.trends.analysis import BLOCK_POINTS
from metrics.trends.gradual import ewma
from metrics.trends.limits import limits_around
from metrics.trends.second import D2, _widths, second_opinion

from .conftest import rows_of
from .test_counts import column, grouped

NAN = float("nan")


def second(values, **options):
    return analyse(Batch.build(values, [0, len(values)], range(len(values)), **options))


def test_it_is_the_chart_of_one_series(oracle):
    groups = grouped(rows_of(oracle / "own" / "ewma_cusum_expected.csv"), "series_id")
    lists = [column(rows, "value") for rows in groups.values()]
    starts = np.cumsum([0, *map(len, lists)])
    days = np.concatenate([np.arange(len(one)) for one in lists])
    result = analyse(Batch.build(np.concatenate(lists), starts, days), Settings(screen=False))

    for place, values in enumerate(lists):
        part = slice(starts[place], starts[place + 1])
        if result.notes[place] & (codes.NO_VARIATION | codes.NO_LIMITS | codes.TOO_FEW_POINTS):
            continue
        # 2.66 is 3/1.128 rounded, and only in the limits: sigma is the moving range over 1.128 on both sides.
        expected = ewma(values, sigmas=2.86)
        assert result.second[part] == pytest.approx(expected.ewma, rel=1e-9, abs=1e-9)


def reference(oracle):
    """Of each series of the reference its rows, and the limits that its own first 20 points give (3 sigma there)."""
    for rows in grouped(rows_of(oracle / "own" / "ewma_cusum_expected.csv"), "series_id").values():
        middle, sigma = (np.array([float(rows[0][name])]) for name in ("center", "std_dev"))
        known = limits_around(middle, sigma * D2, Settings(), np.zeros(1, np.uint16))
        yield rows, known, np.array([0, len(rows)])


def test_its_limits_are_those_of_the_reference(oracle):
    """Theirs are 3 sigma wide, ours 2.86; how they open with the number of values is the same."""
    for rows, _known, _starts in reference(oracle):
        sigma, middle = float(rows[0]["std_dev"]), float(rows[0]["center"])
        for name, way in (("ewma_ucl", 1), ("ewma_lcl", -1)):
            theirs = (column(rows, name) - middle) / 3
            np.testing.assert_allclose(way * sigma * _widths(len(rows))[1:] / 2.86, theirs, rtol=1e-9)


def test_it_speaks_where_the_reference_does_at_its_limits(oracle, monkeypatch):
    """With 3 sigma every signal is theirs; with our 2.86 it is what lies beyond 2.86/3 of the way to their limits."""
    said, more = 0, 0
    for rows, known, starts in reference(oracle):
        middle, theirs = float(rows[0]["center"]), column(rows, "ewma")
        ours = second_opinion(column(rows, "value"), known, starts, np.zeros(1, np.bool_))
        np.testing.assert_allclose(ours.smooth, theirs, rtol=1e-9)
        high, low = (middle + (column(rows, name) - middle) * 2.86 / 3 for name in ("ewma_ucl", "ewma_lcl"))
        assert ours.side.tolist() == ((theirs > high).astype(int) - (theirs < low)).tolist()
        monkeypatch.setattr(module, "SIGMAS", 3.0)
        wide = second_opinion(column(rows, "value"), known, starts, np.zeros(1, np.bool_))
        monkeypatch.undo()
        assert (wide.side != 0).tolist() == (column(rows, "ewma_signal") != 0).tolist()
        said, more = said + int((wide.side != 0).sum()), more + int((ours.side != 0).sum())
    assert more > said > 100


def test_a_gap_leaves_it_where_it_was():
    result = second([10, 12, NAN, NAN, 11, 10])

    assert result.second[2] == result.second[3] == result.second[1]


def test_it_says_on_which_side_and_since_when():
    low, high = [10, 11, 9, 10, 11, 9, 10] * 4, [12.0] * 6
    result = second(low + high, fix_after=[28])

    assert result.second_side.tolist() == [1]
    assert 28 <= result.second_since[0] <= 32


def test_inside_its_limits_it_says_nothing():
    result = second([10, 11, 9, 10, 11, 9, 10] * 4)

    assert (result.second_side.tolist(), result.second_since.tolist()) == ([0], [-1])


def test_it_begins_anew_with_every_phase():
    values = [10, 11, 9, 10, 11, 9, 10] * 2 + [20, 21, 19, 20, 21, 19, 20] * 2
    result = second(values, rebase=[(0, 14)])

    assert result.second[14] == pytest.approx(20 + 0.2 * 0, abs=1e-9)
    assert result.second_side.tolist() == [0]


@pytest.mark.parametrize("values", [[], [3], [5, 5, 5], [NAN, NAN], [1, NAN, 2]])
def test_without_limits_there_is_no_second_opinion(values):
    assert second(values).second_side.tolist() == [0]


def test_long_series_are_smoothed_as_short_ones():
    values = np.random.default_rng(5).standard_normal(5_000)

    assert second(values).second == pytest.approx(ewma(values).ewma, rel=1e-9, abs=1e-12)


def test_a_series_is_told_the_same_whatever_lies_before_it():
    """The blocks in which many series are worked out, with and without gaps, change nothing for any of them."""
    rng = np.random.default_rng(5)
    lengths = rng.integers(0, 60, 4000)
    starts = np.concatenate([[0], np.cumsum(lengths)])
    values = rng.normal(50, 3, starts[-1])
    values[rng.random(len(values)) < 0.0001] = np.nan
    days = np.concatenate([np.arange(length) for length in lengths])
    assert starts[-1] > BLOCK_POINTS
    whole = analyse(Batch.build(values, starts, days))
    assert (whole.second_side != 0).any()
    for series in range(0, 4000, 97):
        own = slice(starts[series], starts[series + 1])
        alone = analyse(Batch.build(values[own], [0, lengths[series]], days[own]))
        np.testing.assert_array_equal(whole.second[own], alone.second)
        assert whole.second_side[series] == alone.second_side[0]
        since = alone.second_since[0]
        assert whole.second_since[series] == (since + starts[series] if since >= 0 else -1)
