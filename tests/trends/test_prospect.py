"""The outlook of all series at once is that of each, worked out by a plain loop."""

import math

import numpy as np
import pytest

from metrics.trends import Batch, analyse, outlook, suggestion
from metrics.trends.intervals import jeffreys
from metrics.trends.prospect import prospect


def plain_best(values, way):
    """(best mean of eight in a row, place of its first value in ``values``), one window after the other."""
    there = [place for place, value in enumerate(values) if math.isfinite(value)]
    best, first = math.nan, -1
    for begin in range(len(there) - 7) if way else ():
        # In pairs of pairs, as sums of eight are made: the same digits, not just nearly the same.
        a, b, c, d, e, f, g, h = (float(values[place]) for place in there[begin : begin + 8])
        mean = (((a + b) + (c + d)) + ((e + f) + (g + h))) / 8
        if first < 0 or way * mean > way * best:
            best, first = mean, there[begin]
    return best, first


def many(rng, size=400):
    """Series of many lengths, with gaps, ties, huge and tiny scales, and some without a better side."""
    made = []
    for number in range(size):
        values = rng.normal(50, 5, int(rng.integers(0, 40)))
        if number % 3 == 0:
            values = np.round(values / 5) * 5
        if number % 4 == 0:
            values[rng.random(len(values)) < 0.3] = np.nan
        if number % 10 == 0:
            values = values * 10.0 ** int(rng.integers(-250, 250))
        if number % 17 == 0:
            values = np.abs(values) * 0 + 3.0
        made.append(values)
    return made, rng.integers(-1, 2, size)


def test_the_best_of_all_is_the_best_of_each():
    made, way = many(np.random.default_rng(3))
    flat = np.concatenate(made)
    ends = np.cumsum([len(one) for one in made])
    begins = ends - [len(one) for one in made]

    best, first = suggestion.best_of_all(flat, begins, ends, way)

    expected = [plain_best(values, side) for values, side in zip(made, way.tolist(), strict=True)]
    assert [repr(float(one)) for one in best] == [repr(one) for one, _place in expected]
    assert first.tolist() == [
        place if place < 0 else place + begin for (_one, place), begin in zip(expected, begins.tolist(), strict=True)
    ]
    assert (first >= 0).sum() > 150
    # One series asked for by itself, and the mean that numpy would tell.
    for values, side, one in zip(made, way.tolist(), best.tolist(), strict=True):
        assert suggestion.best_sustained(values, side)[0] == pytest.approx(one, nan_ok=True, rel=0)


def test_only_what_is_in_force_is_asked():
    flat = np.concatenate([np.full(8, 90.0), np.arange(8.0), np.full(3, 70.0), np.arange(10.0, 20)])
    best, first = suggestion.best_of_all(flat, np.array([8, 19]), np.array([16, 29]), np.array([1, -1]))
    assert (best.tolist(), first.tolist()) == ([3.5, 13.5], [8, 19])


def test_no_series_and_no_values_have_no_outlook():
    none = np.zeros(0, np.int64)
    assert [len(one) for one in suggestion.best_of_all(np.zeros(0), none, none, none)] == [0, 0]
    empty = Batch.build([], [0, 0], [], direction=[1])
    found = prospect(analyse(empty), [False], [5.0], np.zeros(0), [1])
    assert (np.isnan(found.best).all(), found.best_day.tolist(), found.advice) == (True, [0], [""])


def test_every_series_has_the_outlook_that_it_has_alone():
    rng = np.random.default_rng(8)
    made, way = many(rng, 60)
    target = np.array([float(np.nanmean(one)) if np.isfinite(one).any() else 1.0 for one in made])
    target[::5] = np.where(way[::5] > 0, 1e300, -1e300)  # out of reach
    times = rng.random(60) < 0.5

    def of(which):
        chosen = [made[one] for one in which]
        starts = np.concatenate([[0], np.cumsum([len(one) for one in chosen])])
        days = np.concatenate([np.zeros(0, np.int64), *(7 * np.arange(len(one)) for one in chosen)])
        batch = Batch.build(np.concatenate([np.zeros(0), *chosen]), starts, days, direction=way[which])
        then = np.repeat(target[which], np.diff(starts))
        return prospect(analyse(batch), times[which], target[which], then, way[which])

    whole = of(np.arange(60))
    for one in range(60):
        alone = of(np.array([one]))
        for name in ("chance", "level", "next_low", "next_high", "ladder", "ceiling", "best", "best_day", "moving"):
            assert np.array_equal(getattr(whole, name)[one], getattr(alone, name)[0], equal_nan=True), (one, name)
        assert whole.advice[one] == alone.advice[0]
        low, high = jeffreys(alone.hits.hits, alone.hits.of)
        assert np.array_equal([whole.hits.low[one], whole.hits.high[one]], [low[0], high[0]], equal_nan=True)
    assert "lower" in whole.advice


def test_values_that_rounding_alone_keeps_apart_do_not_vary():
    values = [0.1 + 0.2, 0.3] * 6
    phase = outlook.phase_in_force(analyse(Batch.build(values, [0, 12], range(12))), [False])
    assert phase.sd.tolist() == [0.0]
