"""What the simulation calls one change: told anew only with its own side and points, released by chance alone."""

import numpy as np
import pytest

from metrics.simulations.staying import follow, spells
from metrics.trends import fleet, nulls


def test_a_real_change_is_told_once_and_stays():
    values = nulls.stable(40, 60, 0.0, np.random.default_rng(4)).copy()
    values[7, 52:] += 4

    told = min(follow(values, 50), key=lambda one: one.begun)
    assert (told.direction, told.first, told.last, spells(told.held)) == (1, 52, 59, 1)
    assert 3 <= told.begun <= 6
    assert told.held == list(range(told.begun, 11))


def test_it_goes_when_chance_would_make_as_much_of_it(monkeypatch):
    """With a release that lets nothing go, it stays; with one as strict as the way in, it goes with its last pass."""
    values = nulls.stable(40, 76, 0.0, np.random.default_rng(4)).copy()
    values[7, 46:50] += 6  # over after four values
    [told] = [one for one in follow(values, 50) if 0 in one.held]

    assert 0 < len(told.held) < 26
    assert len(told.passed) <= len(told.held)
    monkeypatch.setattr(fleet, "RELEASE", 0.0)
    [strict] = [one for one in follow(values, 50) if 0 in one.held]
    assert strict.held == strict.passed == told.passed
    monkeypatch.setattr(fleet, "RELEASE", 1.0)
    assert max(len(one.held) for one in follow(values, 50)) > len(told.held)


@pytest.mark.parametrize(("cycles", "stretches"), [([3], 1), ([3, 4, 5], 1), ([3, 5, 6, 9], 3)])
def test_spells_are_stretches_without_a_gap(cycles, stretches):
    assert spells(cycles) == stretches
