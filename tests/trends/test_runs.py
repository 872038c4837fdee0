import math

import pytest

from metrics.trends import Batch, analyse, codes, runs

BASE = [10, 12] * 10  # mean 11, average range 2: limits 5.68 to 16.32, near lines 7.4533 to 14.5467


def runs_of(values, **options):
    result = analyse(Batch.build(values, [0, len(values)], range(len(values)), fix_after=[20], **options))
    found = runs(result)
    names = ("rule", "direction", "first", "last", "count", "since_end")
    return [tuple(int(getattr(found, name)[index]) for name in names) for index in range(len(found))], found


def test_a_point_outside_is_a_run_of_one():
    listed, found = runs_of([*BASE, 19, 11])

    assert listed == [(codes.OUTSIDE, 1, 20, 20, 1, 1)]
    assert found.extreme.tolist() == pytest.approx([8.0])
    assert found.sigma.tolist() == pytest.approx([8 / (2.66 * 2 / 3)])
    assert found.touches_end.tolist() == [False]


def test_a_shift_says_where_it_began_and_how_far_it_went():
    listed, found = runs_of([*BASE, 9, 8, 9, 10, 9, 8.5, 10])

    assert listed == [(codes.SHIFT, -1, 20, 26, 7, 0)]
    assert found.extreme.tolist() == pytest.approx([-3.0])
    assert found.touches_end.tolist() == [True]


def test_two_rises_in_a_row_are_two_runs():
    rise = [8, 9, 10, 11, 12, 13, 14]
    listed, _ = runs_of([*BASE, *rise, *rise])

    assert [run for run in listed if run[0] == codes.TREND] == [
        (codes.TREND, 1, 20, 26, 7, 7),
        (codes.TREND, 1, 27, 33, 7, 0),
    ]


def test_a_rise_and_the_fall_after_it_share_the_peak():
    listed, _ = runs_of([*BASE, 8, 9, 10, 11, 12, 13, 14, 13, 12, 11, 10, 9, 8])

    assert [run for run in listed if run[0] == codes.TREND] == [
        (codes.TREND, 1, 20, 26, 7, 6),
        (codes.TREND, -1, 26, 32, 7, 0),
    ]


def test_two_of_three_joins_its_points_over_one_between_them():
    listed, found = runs_of([*BASE, 15, 12, 15, 10])

    assert listed == [(codes.TWO_OF_THREE, 1, 20, 22, 2, 1)]
    assert found.extreme.tolist() == pytest.approx([4.0])


def test_two_pairs_apart_are_two_runs():
    listed, _ = runs_of([*BASE, 15, 15, 12, 10, 12, 15, 15, 10])

    assert listed == [(codes.TWO_OF_THREE, 1, 20, 21, 2, 6), (codes.TWO_OF_THREE, 1, 25, 26, 2, 1)]


def test_missing_values_at_the_end_do_not_hide_a_signal():
    listed, found = runs_of([*BASE, 19, math.nan, math.nan])

    assert listed == [(codes.OUTSIDE, 1, 20, 20, 1, 0)]
    assert found.touches_end.tolist() == [True]


def test_a_run_ends_with_its_phase():
    values = [*BASE, *[13] * 8, *BASE]
    result = analyse(Batch.build(values, [0, 48], range(48), rebase=[(0, 28)], fix_after=[20]))
    found = runs(result)

    assert [(int(rule), int(last)) for rule, last in zip(found.rule, found.last, strict=True)] == [(codes.SHIFT, 27)]


def test_runs_come_by_series_and_then_by_first_point():
    values = [*BASE, 19, 11, 3, *BASE, 11, 19]
    batch = Batch.build(values, [0, 23, 45], [*range(23), *range(22)], fix_after=[20, 20])
    found = runs(analyse(batch))

    assert list(zip(found.series.tolist(), found.first.tolist(), found.direction.tolist(), strict=True)) == [
        (0, 20, 1),
        (0, 22, -1),
        (1, 44, 1),
    ]


def test_without_variation_the_distance_has_no_sigma():
    _, found = runs_of([5] * 20 + [7])

    assert found.extreme.tolist() == [2.0]
    assert math.isnan(found.sigma[0])


def test_no_signal_is_an_empty_list():
    listed, found = runs_of(BASE)

    assert (listed, len(found)) == ([], 0)
