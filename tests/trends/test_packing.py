import math

import pytest

from metrics.trends import Batch, PackError, analyse, codes, cut, pack, unpack


@pytest.fixture
def packed():
    values = [10, 12] * 10 + [40, math.nan, 11]
    batch = Batch.build(values, [0, 23], range(700000, 700023), direction=[-1], target=[math.nan])
    return pack(analyse(batch), 0)


def test_a_series_is_a_short_row_of_bytes(packed):
    assert len(packed) == 34 + 7 + 4 + 54 + 23 * 23


def test_what_is_read_back_can_be_drawn(packed):
    points = unpack(packed)

    assert len(points) == 23
    assert points.values[20] == 40
    assert points.missing.tolist().index(True) == 21
    assert points.days[0] == 700000
    assert points.rules[20] == codes.OUTSIDE
    assert points.direction_of(codes.OUTSIDE)[20] == 1
    assert points.point_type[20] == codes.CONCERN
    assert points.upl[22] == points.phase_upl[0]
    assert (points.direction, points.n, points.latest, points.product) == (-1, 22, 22, True)
    assert math.isnan(points.target)


def test_an_array_that_was_read_can_be_changed(packed):
    points = unpack(memoryview(packed))
    points.values[0] = 3

    assert points.values[0] == 3


@pytest.mark.parametrize("keep", [0, 3, 33, 34, 60, -1])
def test_a_cut_row_is_refused(packed, keep):
    with pytest.raises(PackError):
        unpack(packed[:keep])


@pytest.mark.parametrize("wrong", [b"XmR0", b"\x80\x04\x95\x00"])
def test_another_format_is_refused(packed, wrong):
    with pytest.raises(PackError):
        unpack(wrong + packed[4:])


def test_a_row_with_something_behind_it_is_refused(packed):
    with pytest.raises(PackError):
        unpack(packed + b"\x00")


def test_the_last_points_can_be_read_without_the_others():
    values = [10, 12] * 10 + [20, 22] * 10 + [40, math.nan, 21]
    batch = Batch.build(values, [0, 43], range(700000, 700043), direction=[-1], target=[math.nan], rebase=[(0, 700020)])
    whole = pack(analyse(batch), 0)
    points, tail = unpack(whole), unpack(cut(whole, 5))

    assert tail.days.tolist() == [700038, 700039, 700040, 700041, 700042]
    assert tail.values.tolist()[:3] == [20, 22, 40]
    assert tail.point_type.tolist() == points.point_type[-5:].tolist()
    assert (tail.mean[0], tail.upl[4]) == (points.phase_mean[1], points.phase_upl[1])
    assert (tail.n, tail.latest, tail.variation) == (42, 4, points.variation)


def test_a_series_shorter_than_the_tail_keeps_all_its_points(packed):
    assert unpack(cut(packed, 52)).values.tolist()[:21] == unpack(packed).values.tolist()[:21]


def test_a_series_without_points_has_an_empty_tail():
    none = pack(analyse(Batch.build([], [0, 0], [], direction=[1], target=[math.nan])), 0)

    assert len(unpack(cut(none, 52))) == 0


@pytest.mark.parametrize("keep", [0, 3, 60, 300])
def test_a_tail_of_a_cut_row_is_refused(packed, keep):
    with pytest.raises(PackError):
        cut(packed[:keep], 5)
