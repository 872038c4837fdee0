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
    breaks._null.cache_clear()
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
