"""What must hold for any data, ordinary or nasty."""

import math
import warnings

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from metrics.trends import Batch, Settings, analyse, codes, pack_all, runs, unpack

from .plain import analyse_plainly

noise = st.lists(st.integers(-60, 60), max_size=12)
level = st.builds(lambda at, size: [at] * size, st.integers(-60, 60), st.integers(1, 9))
ramp = st.builds(
    lambda at, by, size: [at + by * place for place in range(size)],
    st.integers(-60, 60),
    st.sampled_from([-7, -1, 1, 5]),
    st.integers(5, 10),
)
side = st.lists(st.integers(20, 60), min_size=5, max_size=9)
gap = st.just([math.nan])
series_with_gaps = st.lists(st.one_of(noise, noise, level, ramp, side, gap), max_size=6).map(
    lambda parts: [float(value) for part in parts for value in part]
)
nasty = st.lists(
    st.one_of(
        st.floats(allow_nan=True, allow_infinity=True),
        st.sampled_from([0.0, -0.0, 1e-308, 5e-324, 1.7e308, 0.1, 1e15, 1e15 + 0.125]),
    ),
    max_size=30,
)
many = st.lists(series_with_gaps, max_size=6)
modes = st.sampled_from([Settings(), Settings(mode="compat")])
PER_POINT = ("phase", "mean", "amr", "lpl", "upl", "nlpl", "nupl", "marks", "label", "point_type", "missing")


def batch_of(lists, **options):
    starts = np.cumsum([0, *map(len, lists)])
    days = np.concatenate([np.arange(len(values)) for values in lists] or [[]])
    return Batch.build(np.concatenate([[], *lists]), starts, days, **options)


def equal(first, second):
    return np.array_equal(first, second, equal_nan=True)


@settings(max_examples=300, deadline=None)
@given(st.lists(nasty, max_size=5), modes)
def test_no_data_raises_or_warns(lists, chosen):
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        result = analyse(batch_of(lists, direction=[1] * len(lists), target=[0.0] * len(lists)), chosen)
        found = runs(result)
        packed = pack_all(result)

    assert len(packed) == len(lists)
    assert set(found.series.tolist()) <= set(range(len(lists)))
    assert len(result.marks) == sum(map(len, lists))


@settings(max_examples=200, deadline=None)
@given(series_with_gaps, st.integers(0, 20), st.booleans(), st.lists(st.integers(0, 50), max_size=2))
def test_product_mode_is_the_plain_implementation(values, fix_after, screen, rebase):
    batch = batch_of([values], fix_after=[fix_after], screen=[screen], rebase=[(0, day) for day in rebase])
    result = analyse(batch)

    plain = analyse_plainly(list(enumerate(values)), [day for day in rebase if day < len(values)], fix_after, screen)

    assert [int(mask) for mask in result.rules] == [
        sum(
            bit
            for name, bit in (
                ("outside", codes.OUTSIDE),
                ("trend", codes.TREND),
                ("two", codes.TWO_OF_THREE),
                ("shift", codes.SHIFT),
            )
            if name in point.rules
        )
        for point in plain
    ]
    assert result.upl == pytest.approx([point.upl for point in plain], rel=1e-9, abs=1e-12, nan_ok=True)
    assert result.lpl == pytest.approx([point.lpl for point in plain], rel=1e-9, abs=1e-12, nan_ok=True)


@settings(max_examples=100, deadline=None)
@given(series_with_gaps, st.sampled_from([-4096.0, 1000.0, 3.0]), st.sampled_from([0.25, 8.0, 3.0, 1e-9, 1e9]), modes)
def test_shifting_and_scaling_changes_no_mark(values, shift, scale, chosen):
    one = analyse(batch_of([values], direction=[1]), chosen)
    other = analyse(batch_of([[value * scale + shift * scale for value in values]], direction=[1]), chosen)

    assert equal(one.marks, other.marks)
    assert equal(one.label, other.label)
    assert one.variation.tolist() == other.variation.tolist()
    assert other.upl == pytest.approx((one.upl + shift) * scale, rel=1e-9, nan_ok=True)


@settings(max_examples=100, deadline=None)
@given(series_with_gaps, modes)
def test_turning_the_axis_over_swaps_high_and_low(values, chosen):
    one = analyse(batch_of([values], direction=[1]), chosen)
    other = analyse(batch_of([[-value for value in values]], direction=[-1]), chosen)

    assert equal(one.label, -other.label)
    assert equal(one.point_type, other.point_type)
    assert one.upl == pytest.approx(-other.lpl, rel=1e-12, abs=1e-12, nan_ok=True)


@settings(max_examples=100, deadline=None)
@given(many, st.randoms(use_true_random=False), modes)
def test_series_know_nothing_of_each_other(lists, random, chosen):
    order = list(range(len(lists)))
    random.shuffle(order)
    together = analyse(batch_of(lists), chosen)
    shuffled = analyse(batch_of([lists[index] for index in order]), chosen)

    for place, index in enumerate(order):
        alone = analyse(batch_of([lists[index]]), chosen)
        for result, where in ((together, index), (shuffled, place)):
            part = slice(result.starts[where], result.starts[where + 1])
            for name in PER_POINT:
                assert equal(getattr(result, name)[part], getattr(alone, name)), name
            assert result.variation[where] == alone.variation[0]
            assert result.notes[where] == alone.notes[0]


@settings(max_examples=100, deadline=None)
@given(series_with_gaps)
def test_backwards_in_time_the_same_points_are_marked(values):
    """All but trends turn with time; a pair counts at the last end alone, so the reference's rule is used."""
    forth = analyse(batch_of([values]), Settings(mode="compat"))
    back = analyse(batch_of([values[::-1]]), Settings(mode="compat"))
    for rule in (codes.OUTSIDE, codes.TWO_OF_THREE, codes.SHIFT):
        assert equal(forth.direction_of(rule), back.direction_of(rule)[::-1])
    assert equal(forth.rules & codes.TREND, (back.rules & codes.TREND)[::-1])


@settings(max_examples=100, deadline=None)
@given(series_with_gaps, st.randoms(use_true_random=False))
def test_rows_may_come_in_any_order(values, random):
    rows = list(enumerate(values))
    random.shuffle(rows)
    shuffled = Batch.from_rows([0] * len(rows), [day for day, _ in rows], [value for _, value in rows], 1)

    assert equal(analyse(shuffled).marks, analyse(batch_of([values])).marks)
    assert equal(shuffled.values, np.array(values))


@settings(max_examples=100, deadline=None)
@given(many, modes)
def test_packing_and_reading_back_changes_nothing(lists, chosen):
    batch = batch_of(
        lists,
        direction=[-1] * len(lists),
        target=[2.5] * len(lists),
        rebase=[(index, 9) for index in range(len(lists))],
    )
    result = analyse(batch, chosen)

    for index, data in enumerate(pack_all(result)):
        points = unpack(data)
        part = slice(result.starts[index], result.starts[index + 1])
        for name in (*PER_POINT, "values", "days"):
            assert equal(getattr(points, name), getattr(result, name)[part]), name
        assert (points.direction, points.target) == (-1, 2.5)
        assert (points.variation, points.assurance) == (result.variation[index], result.assurance[index])
        assert (points.n, points.notes) == (result.n[index], result.notes[index])
        assert points.latest == max(-1, result.latest[index] - result.starts[index])


@settings(max_examples=100, deadline=None)
@given(many, modes)
def test_the_runs_cover_exactly_the_marked_points(lists, chosen):
    result = analyse(batch_of(lists), chosen)
    found = runs(result)

    for rule in codes.RULES:
        for direction, bit in zip((1, -1), codes.BITS[rule], strict=True):
            mine = (found.rule == rule) & (found.direction == direction)
            assert found.count[mine].sum() == np.count_nonzero(result.marks & bit)
            assert (found.first[mine][1:] > found.last[mine][:-1]).all()
    assert (found.last >= found.first).all()
    assert (found.touches_end == (found.last == result.latest[found.series])).all() or chosen.mode == "compat"
