"""Charts worked out by hand, and data on which other programs stumble."""

import math

import numpy as np
import pytest

from metrics.trends import Batch, Settings, analyse, codes

NAN = math.nan
HIGHER, LOWER, NEITHER = 1, -1, 0
PRODUCT = Settings()


def chart(values, settings=PRODUCT, **options):
    options = {name: [value] for name, value in options.items()}
    if "rebase" in options:
        options["rebase"] = [(0, day) for day in options["rebase"][0]]
    return analyse(Batch.build(values, [0, len(values)], range(1, len(values) + 1), **options), settings)


def marked(result, rule):
    return np.flatnonzero(result.rules & rule).tolist()


def test_limits_by_hand():
    result = chart([10, 12, 11, 13, 9, 11])

    # Mean 11; ranges 2 1 2 4 2, on average 2.2; 2.66 times that is 5.852, two thirds of it 3.9013.
    assert result.mean.tolist() == [11.0] * 6
    assert result.amr.tolist() == pytest.approx([2.2] * 6)
    assert result.lpl[0] == pytest.approx(5.148)
    assert result.upl[0] == pytest.approx(16.852)
    assert result.nupl[0] == pytest.approx(11 + 3.9013333333333335)
    assert result.notes.tolist() == [codes.TRIAL_LIMITS]


@pytest.mark.parametrize(("points", "trial"), [(12, True), (13, False)])
@pytest.mark.parametrize("mode", ["product", "compat"])
def test_limits_of_fewer_than_thirteen_points_are_trial_limits(points, trial, mode):
    result = chart([10, 12, 11, 13, 9, 11, 10, 12, 11, 13, 9, 11, 10][:points], settings=Settings(mode=mode))
    assert bool(result.notes[0] & codes.TRIAL_LIMITS) is trial


TIED = [5, 5, 1, 2, 3, 3, 4, 5, 6, 7, 7, 1]


def test_a_value_equal_to_the_one_before_breaks_a_trend_or_is_passed_over():
    assert marked(chart(TIED), codes.TREND) == []
    skipping = chart(TIED, settings=Settings(ties="skip"))
    assert marked(skipping, codes.TREND) == [2, 3, 4, 5, 6, 7, 8, 9]
    # The first of two equal values begins the run, the other one lies in it.
    assert marked(chart(TIED[::-1], settings=Settings(ties="skip")), codes.TREND) == list(range(1, 10))


@pytest.mark.parametrize("hole", [4, 6])
def test_a_missing_value_breaks_a_trend_that_passes_over_ties(hole):
    values = [float(value) for value in TIED]
    values[hole] = np.nan
    assert marked(chart(values, settings=Settings(ties="skip")), codes.TREND) == []


def test_screening_drops_the_ranges_of_a_spike_and_keeps_the_mean():
    values = [10, 11] * 10
    values[9] = 40
    result = chart(values)

    # Ranges: 17 of 1 and two of 30, on average 4.05; those of 13.2 and more are dropped.
    assert result.mean[0] == pytest.approx(sum(values) / 20)
    assert result.amr[0] == pytest.approx(1.0)
    assert chart(values, screen=False).amr[0] == pytest.approx(77 / 19)
    assert chart(values, Settings(screen=False)).amr[0] == pytest.approx(77 / 19)


def test_twenty_equal_fractions_lie_on_the_mean():
    result = chart([0.1] * 20)

    assert result.mean.tolist() == result.upl.tolist() == result.lpl.tolist() == [0.1] * 20
    assert result.marks.tolist() == [0] * 20
    assert result.notes.tolist() == [codes.NO_VARIATION]


def test_fractions_that_differ_by_rounding_alone_are_on_the_mean():
    assert chart([0.3] * 10 + [0.1 + 0.2] * 10).marks.tolist() == [0] * 20


def test_a_mean_is_out_by_no_more_than_one_unit_in_the_last_place():
    """A single pass is out by up to four on these series."""
    values = 1e6 + np.random.default_rng(3).random((300, 20))
    result = analyse(Batch.build(values.ravel(), range(0, 6001, 20), np.tile(np.arange(20), 300)))
    exact = [math.fsum(row) / 20 for row in values]

    assert max(abs(mean - true) / math.ulp(true) for mean, true in zip(result.phase_mean, exact, strict=True)) <= 1


def test_no_point_and_one_point_have_no_limits_and_no_signal():
    empty, one = chart([]), chart([5.0], target=4.0, direction=HIGHER)

    assert (empty.variation.tolist(), empty.latest.tolist(), empty.n.tolist()) == ([codes.NO_ICON], [-1], [0])
    assert empty.notes.tolist() == [codes.NO_VALUES | codes.TOO_FEW_POINTS]
    assert np.isnan(one.upl).all()
    assert one.variation.tolist() == [codes.COMMON_CAUSE]
    assert one.assurance.tolist() == [codes.NO_ASSURANCE]
    assert one.notes[0] == codes.TOO_FEW_POINTS | codes.TRIAL_LIMITS


def test_only_missing_values_are_no_values():
    result = chart([NAN] * 15, target=4.0, direction=HIGHER)

    assert result.missing.all()
    assert result.variation.tolist() == [codes.NO_ICON]
    assert result.notes[0] & codes.NO_VALUES


def test_a_gap_takes_both_its_moving_ranges_with_it():
    result = chart([10, 12, NAN, 20, 21])

    assert result.mean[0] == pytest.approx(63 / 4)
    assert result.amr[0] == pytest.approx(1.5)
    assert result.notes[0] & codes.MISSING_VALUES


def test_without_a_range_there_are_no_limits():
    result = chart([1, NAN, 2, NAN, 3])

    assert np.isnan(result.upl).all()
    assert result.mean[0] == 2
    assert result.notes[0] & codes.NO_LIMITS


def test_values_that_are_equal_around_gaps_are_without_variation():
    assert chart([7, NAN, 7]).upl.tolist() == [7.0] * 3


def test_mostly_zero_keeps_usable_limits():
    values = [0.0] * 24
    values[12] = 10
    result = chart(values)

    assert marked(result, codes.OUTSIDE) == [12]
    assert result.amr[0] == pytest.approx(20 / 23)
    assert result.notes[0] == codes.UNSCREENED_USED | codes.MOSTLY_ONE_VALUE


def test_an_infinite_value_counts_as_missing_and_that_is_said():
    values = [10.0, 11, 12, 11, 10] * 4
    values[7] = math.inf
    result = chart(values)

    assert result.missing.tolist() == [index == 7 for index in range(20)]
    assert result.notes[0] == codes.INFINITE_AS_MISSING | codes.MISSING_VALUES
    assert np.isfinite(result.upl).all()


def test_seven_points_on_one_side_are_a_shift_and_six_are_not():
    base = [10, 12] * 10
    assert marked(chart([*base, *[12] * 6], fix_after=20), codes.SHIFT) == [19, *range(20, 26)]
    assert marked(chart([*base, 10, *[12] * 6], fix_after=20), codes.SHIFT) == []


def test_a_point_on_the_mean_breaks_a_shift():
    values = [10, 12] * 10 + [10] + [12, 12, 12, 11, 12, 12, 12, 12]
    assert marked(chart(values, fix_after=20), codes.SHIFT) == []


def test_seven_rising_points_are_a_trend_with_the_first_one():
    values = [10, 12] * 10 + [9.0, 9.5, 10, 10.5, 11, 11.5, 12.5, 10]
    assert marked(chart(values), codes.TREND) == list(range(20, 27))
    assert marked(chart([*values[:25], values[24], *values[25:]]), codes.TREND) == []


def test_a_second_rise_at_once_keeps_the_first_a_rise():
    values = [1, 2, 3, 4, 5, 6, 7, 1, 2, 3, 4, 5, 6, 7]
    assert chart(values).direction_of(codes.TREND).tolist() == [1] * 14
    assert chart(values, Settings(mode="compat", limit=9)).label[6] == -codes.TREND
    assert chart(values, Settings(limit=9)).label[6] == codes.TREND


def test_the_peak_between_a_rise_and_a_fall_belongs_to_the_rise():
    values = [1, 2, 3, 4, 5, 6, 7, 6, 5, 4, 3, 2, 1]
    result = chart(values, Settings(limit=9))

    assert result.direction_of(codes.TREND).tolist() == [1] * 7 + [-1] * 6
    assert result.label.tolist() == [codes.TREND] * 7 + [-codes.TREND] * 6


def test_the_trough_between_a_fall_and_a_rise_belongs_to_the_fall():
    values = [7, 6, 5, 4, 3, 2, 1, 2, 3, 4, 5, 6, 7]
    assert chart(values, Settings(limit=9)).label.tolist() == [-codes.TREND] * 7 + [codes.TREND] * 6


def test_shift_and_trend_may_have_lengths_of_their_own():
    values = [10, 12] * 10 + [9.0, 9.5, 10, 10.5, 11, 11.5] + [10] + [12] * 8
    result = chart(values, Settings(shift=8, trend=6), fix_after=20)

    assert marked(result, codes.TREND) == list(range(20, 26))
    assert marked(result, codes.SHIFT) == list(range(27, 35))


def test_nothing_crosses_a_rebase():
    values = [12, 10] * 7 + [13.0, 14, 15, 16, 17, 18, 19, 20]
    assert marked(chart(values), codes.TREND) == list(range(13, 22))
    assert marked(chart(values, rebase=[18]), codes.TREND) == []


def test_a_rebase_between_points_moves_to_the_next_and_a_late_one_is_said():
    batch = Batch.build(range(10), [0, 10], range(10, 110, 10), rebase=[(0, 45), (0, 500)])
    result = analyse(batch)

    assert result.phase.tolist() == [0] * 4 + [1] * 6
    assert result.notes[0] & (codes.REBASE_SNAPPED | codes.REBASE_UNUSED) == codes.REBASE_SNAPPED | codes.REBASE_UNUSED
    assert analyse(batch, Settings(mode="compat")).phase.tolist() == [0] * 10


def test_a_rebase_on_the_first_day_makes_it_phase_one():
    assert chart([1, 2, 3], rebase=[1]).phase.tolist() == [1, 1, 1]


@pytest.mark.parametrize(
    ("direction", "high", "low"),
    [
        (HIGHER, codes.IMPROVEMENT, codes.CONCERN),
        (LOWER, codes.CONCERN, codes.IMPROVEMENT),
        (NEITHER, codes.NEUTRAL_HIGH, codes.NEUTRAL_LOW),
    ],
)
def test_what_a_mark_means_depends_on_the_direction(direction, high, low):
    up = chart([*[10, 12] * 10, 90], direction=direction)
    down = chart([*[10, 12] * 10, -90], direction=direction)

    assert (up.variation[0], down.variation[0]) == (high, low)


def test_the_icon_is_that_of_the_latest_value():
    result = chart([*[10, 12] * 10, 90, NAN], direction=HIGHER)

    assert result.latest.tolist() == [20]
    assert result.variation.tolist() == [codes.IMPROVEMENT]


@pytest.mark.parametrize(
    ("target", "direction", "icon"),
    [
        (90, HIGHER, codes.CONSISTENT_FAIL),
        (90, LOWER, codes.CONSISTENT_PASS),
        (1, HIGHER, codes.CONSISTENT_PASS),
        (1, LOWER, codes.CONSISTENT_FAIL),
        (11, HIGHER, codes.INCONSISTENT),
        (90, NEITHER, codes.NO_ASSURANCE),
        (NAN, HIGHER, codes.NO_ASSURANCE),
    ],
)
def test_the_target_against_the_limits(target, direction, icon):
    assert chart([10, 12] * 10, target=target, direction=direction).assurance.tolist() == [icon]


def test_a_target_on_the_limit_is_not_beyond_it():
    limit = chart([10, 12] * 10).upl[0]
    assert chart([10, 12] * 10, target=limit, direction=HIGHER).assurance.tolist() == [codes.INCONSISTENT]


def test_frozen_limits_come_from_the_first_points_of_each_phase():
    values = [10, 12] * 6 + [30] * 6 + [50, 54] * 6 + [90] * 4
    result = chart(values, rebase=[19], fix_after=12)

    assert sorted(set(result.mean.tolist())) == [11.0, 52.0]
    assert marked(result, codes.OUTSIDE) == [*range(12, 18), *range(30, 34)]


def test_blocks_of_any_size_give_the_same_answer(monkeypatch):
    rng = np.random.default_rng(5)
    lengths = rng.integers(0, 60, 200)
    starts = np.concatenate([[0], np.cumsum(lengths)])
    days = np.concatenate([np.arange(size) for size in lengths])
    values = rng.normal(size=starts[-1])
    values[rng.random(len(values)) < 0.02] = NAN
    batch = Batch.build(values, starts, days, rebase=[(index, 20) for index in range(200)])
    whole = analyse(batch)
    monkeypatch.setattr("metrics.trends.analysis.BLOCK_POINTS", 100)
    small = analyse(batch)

    assert np.array_equal(whole.marks, small.marks)
    assert np.array_equal(whole.phase_upl, small.phase_upl, equal_nan=True)
    assert np.array_equal(whole.notes, small.notes)
