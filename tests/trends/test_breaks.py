"""Steps that are proposed: found where there is one, with the range in which it lies; nothing in odd data."""

import math

import numpy as np
import pytest

from metrics.trends import breaks
from metrics.trends.breaks import find_breaks


def noise(size=52, seed=1):
    return np.random.default_rng(seed).standard_normal(size)


def stepped(*at, by=3.0, size=60, seed=1):
    y = noise(size, seed)
    for number, place in enumerate(at):
        y[place:] += by if number % 2 == 0 else -by
    return y


def test_a_step_is_found_with_its_range_and_its_chance():
    [found] = find_breaks(50 + stepped(30))
    assert found.first <= 30 <= found.last
    assert abs(found.place - 30) <= 1
    assert found.after - found.before == pytest.approx(3, abs=0.6)
    assert found.chance == 1 / (breaks.DRAWS + 1)


def test_two_steps_are_found_in_order_of_time():
    found = find_breaks(stepped(30, 60, by=4, size=90))
    assert [abs(one.place - place) <= 1 for one, place in zip(found, (30, 60), strict=True)] == [True, True]


def test_a_level_that_comes_back_is_found_in_the_middle():
    """The sum over all of it hardly moves: a scan for one step alone sees nothing here."""
    y = noise(104, seed=3)
    y[46:58] += 2.2
    found = find_breaks(y)
    assert [abs(one.place - place) <= 2 for one, place in zip(found, (46, 58), strict=True)] == [True, True]
    assert breaks._largest_step(y, 0, 0.0).chance > breaks.ALPHA


def test_each_step_is_placed_between_its_neighbours():
    """The first cut falls where all steps together weigh most, which may be a point beside its step."""
    y = 0.5 * noise(104, seed=2) + np.repeat([0.0, 2.0, 3.0, 1.0], [20, 30, 20, 34])
    rough: list[int] = []
    breaks._scan(y, 0, 0.0, breaks.ALPHA, rough)
    assert sorted(rough) == [20, 49, 71]
    assert [one.place for one in find_breaks(y)] == [20, 50, 70]


@pytest.mark.parametrize("phi", [0.0, 0.3, 0.9])
def test_places_are_weighed_by_what_generalised_least_squares_leaves(phi):
    """Held against the whole covariance of neighbours that are alike, inverted, and a model of its own for each place."""
    y = 1e6 + stepped(12, size=30)
    places, likely = breaks._likely(y, phi)
    inverse = np.linalg.inv(phi ** np.abs(np.subtract.outer(np.arange(30), np.arange(30))))
    left = []
    for place in range(breaks.EDGE, 30 - breaks.EDGE + 1):
        design = np.column_stack([np.ones(30), np.arange(30) >= place])
        rest = (y - 1e6) - design @ np.linalg.solve(design.T @ inverse @ design, design.T @ inverse @ (y - 1e6))
        left.append(rest @ inverse @ rest)
    expected = np.array(left) ** (-28 / 2)
    assert places.tolist() == list(range(breaks.EDGE, 30 - breaks.EDGE + 1))
    assert likely == pytest.approx(expected / expected.sum(), rel=1e-6, abs=1e-12)


def test_the_place_is_the_one_that_is_least_far_off(monkeypatch):
    """Not the likeliest, where that stands alone and its rivals stand together: each is off by its square, up to nine."""
    places, likely = np.arange(5, 25), np.zeros(20)
    likely[[0, 7, 8, 9]] = [0.28, 0.24, 0.24, 0.24]
    monkeypatch.setattr(breaks, "_likely", lambda y, phi: (places, likely))
    assert breaks._least_off(np.zeros(30), 0.0) == 13


def test_a_place_lies_within_its_own_range():
    for seed in range(40):
        for one in find_breaks(stepped(26, by=1.5, size=52, seed=seed), phi=0.3):
            assert one.first <= one.place <= one.last


def test_each_step_is_told_as_if_it_were_alone_between_its_neighbours():
    """One that is moved to a better place changes what lies beside the next: place, range and chance are of one stretch."""
    told = 0
    for seed in range(60):
        y = stepped(24, 52, 78, by=2, size=104, seed=seed)
        found = find_breaks(y, phi=0.3)
        ends = [0, *(one.place for one in found), len(y)]
        for one, start, end in zip(found, ends, ends[2:], strict=False):
            alone = breaks._largest_step(y[start:end], start, 0.3)
            place = start + breaks._least_off(y[start:end], 0.3)
            assert (one.place, one.chance) == (place, alone.chance)
            assert (one.first, one.last) == (min(place, alone.first), max(place, alone.last))
        told += len(found) > 1
    assert told > 30


def test_missing_values_keep_their_places():
    y = stepped(30, seed=2)
    y[[3, 4, 10]] = math.nan
    [found] = find_breaks(y)
    assert abs(found.place - 30) <= 1


def test_alike_neighbours_need_a_larger_step():
    y = stepped(26, by=1.2, size=52, seed=2)
    [alone] = find_breaks(y)
    assert find_breaks(y, phi=0.6) == []
    assert alone.chance < 0.05


def test_the_table_is_the_same_every_time():
    first = breaks.chance_of(3.0, 52, 0.3)
    breaks._nulls.cache_clear()
    assert breaks.chance_of(3.0, 52, 0.3) == first


@pytest.mark.parametrize(
    "values",
    [
        [], [1.0], [5.0] * 60, [math.nan] * 60, noise(15) * 1e3, [0.0] * 60, [math.inf] * 30, [1.0, 2.0] * 40, [0.0] * 29 + [3.0],
    ],
)  # fmt: skip
def test_data_that_carry_nothing_propose_nothing(values):
    assert find_breaks(values) == []


@pytest.mark.parametrize("factor", [1e-300, 1e-3, 1e300])
def test_the_scale_does_not_matter(factor):
    one, other = find_breaks(stepped(30)), find_breaks(stepped(30) * factor)
    assert [(b.place, b.chance, b.sigma) for b in other] == [(b.place, b.chance, pytest.approx(b.sigma)) for b in one]


def test_of_values_that_are_mostly_one_the_scan_alone_would_make_levels():
    """Why such series are not scanned at all (the note MOSTLY_ONE_VALUE): a few that differ and lie together pass for one."""
    rng = np.random.default_rng(1)
    proposed = sum(bool(find_breaks(np.where(rng.random(104) < 0.2, 1.0, 0.0))) for _ in range(200))
    assert 0.25 <= proposed / 200 <= 0.45
