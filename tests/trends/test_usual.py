"""Series of which most values are one and the same: those points are no signal, and real steps still are."""

import math

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from metrics.trends import Batch, Settings, analyse, codes, read_outcome, runs

from .plain import analyse_plainly

NAN = math.nan
STEADY = [5.0, 4.0, 6.0, 5.0, 7.0, 4.0, 5.0, 6.0, 3.0, 5.0] * 2
ONE_SEVEN = [0.0] * 25 + [7.0] + [0.0] * 14
SIZES = [100, 120, 90, 1000, 110, 95, 2000, 105]
RULES = {"outside": codes.OUTSIDE, "trend": codes.TREND, "two": codes.TWO_OF_THREE, "shift": codes.SHIFT}


def chart(values, settings=None, **options):
    options = {name: [value] if name != "rebase" else [(0, day) for day in value] for name, value in options.items()}
    return analyse(Batch.build(values, [0, len(values)], range(len(values)), **options), settings or Settings())


def counted(events, code, sizes=None):
    """A share or rate per 100 of counts, or a count."""
    above = np.array(events, np.float64)
    below = np.full(len(above), NAN) if code == codes.C else np.resize(sizes or SIZES, len(above)).astype(np.float64)
    values = above if code == codes.C else 100 * above / below
    return analyse(
        Batch.build(
            values, [0, len(values)], range(len(values)), chart=[code], fixed=[True],
            scale=[1.0 if code == codes.C else 100.0], numerators=above, denominators=below,
        )
    )  # fmt: skip


def marked(result):
    return np.flatnonzero(result.marks).tolist()


def noted(result):
    return bool(result.notes[0] & codes.MOSTLY_ONE_VALUE)


@pytest.mark.parametrize(
    ("values", "signals"),
    [
        (ONE_SEVEN, [25]),
        ([100.0 - value for value in ONE_SEVEN], [25]),
        ([3.0 + value for value in ONE_SEVEN], [25]),
        # Screening leaves limits so narrow that every zero would lie below them.
        ([0.0] * 25 + [7.0] + [0.0] * 5 + [1.0] + [0.0] * 8, [25, 31]),
        ([0.0] * 12 + [NAN] + [0.0] * 12 + [7.0] + [0.0, NAN] * 7, [25]),
    ],
)
def test_only_what_differs_is_marked(values, signals):
    result = chart(values)

    assert marked(result) == signals
    assert result.rules[signals].tolist() == [codes.OUTSIDE] * len(signals)
    assert noted(result)
    assert (result.variation.tolist(), result.second_side.tolist()) == ([codes.COMMON_CAUSE], [0])
    assert [(run.tolist()) for run in (runs(result).first, runs(result).last)] == [signals, signals]


def test_the_mode_that_repeats_the_reference_is_as_it_was():
    result = chart(ONE_SEVEN, Settings(mode="compat"))

    assert marked(result) == list(range(40))
    assert not noted(result)


@pytest.mark.parametrize("code", [codes.P, codes.U, codes.C])
def test_charts_of_counts_leave_the_usual_value_out(code):
    """Of 2,000 contacts none lies further below the average than of 90: both are the usual value."""
    result = counted([0] * 25 + [60] + [0] * 14, code)

    assert result.chart.tolist() == [code]
    assert marked(result) == [25]
    assert noted(result)


@pytest.mark.parametrize("code", [codes.P, codes.U, codes.C])
def test_charts_of_counts_find_a_step_from_none(code):
    result = counted([0] * 20 + [9, 12, 8, 11, 10, 9, 13, 12, 8, 10] * 2, code, sizes=[100])

    assert not noted(result)
    assert set(range(40)) == set(marked(result))


def test_a_share_that_is_nearly_always_full():
    below = np.resize(SIZES, 40).astype(np.float64)
    above = below.copy()
    above[25] -= 60
    full = Batch.build(
        100 * above / below, [0, 40], range(40), chart=[codes.P], scale=[100.0], numerators=above, denominators=below
    )

    assert marked(analyse(full)) == [25]


def test_a_step_away_from_the_usual_value_is_a_signal():
    """In the second half it is the rule no more."""
    result = chart([0.0] * 20 + STEADY)

    assert not noted(result)
    assert marked(result) == list(range(40))
    assert result.direction_of(codes.SHIFT).tolist() == [-1] * 20 + [1] * 20


@pytest.mark.parametrize("late", [5, 7, 9])
def test_a_late_step_is_a_signal_though_the_usual_value_still_is_the_rule(late):
    result = chart([0.0] * (40 - late) + STEADY[:late], direction=-1)

    assert noted(result)
    assert marked(result) == list(range(40 - late, 40))
    assert result.variation.tolist() == [codes.CONCERN]


def test_a_step_to_the_usual_value_is_seen_on_what_lies_before_it():
    result = chart([*STEADY, *[0.0] * 80])

    assert noted(result)
    assert set(range(20)) <= set(marked(result))


def test_limits_from_a_baseline_without_the_usual_value_judge_all_of_it():
    """What comes after a frozen baseline is judged by it, however often it is one value."""
    result = chart(STEADY[:12] + [0.0] * 60, fix_after=12)

    assert not noted(result)
    assert set(range(12, 72)) <= set(marked(result))
    assert noted(chart([*[0.0] * 9, 4.0, 0.0, 0.0, *[0.0] * 30], fix_after=12))


def test_every_phase_has_a_usual_value_of_its_own():
    result = chart(ONE_SEVEN + [value + 50 for value in STEADY], rebase=[40])

    assert (result.phase_notes & codes.MOSTLY_ONE_VALUE > 0).tolist() == [True, False]
    assert np.isnan(result.usual).tolist() == [False, True]
    assert marked(result) == [25]


def test_a_constant_series_has_no_such_note():
    assert not noted(chart([4.0] * 30))
    assert not noted(chart([4.0, NAN] * 15))


@pytest.mark.parametrize(
    ("values", "mostly"),
    [
        ([0, 0, 1, 0, 0, 1], True),  # two of three on either side
        ([0, 0, 1, 0, 1, 2], False),  # one of three late
        ([0, 1, 0, 0, 1, 0], True),
        ([0, 1, 0, 0, 0, 1, 1], False),  # of seven the middle one is late: two of four are not more than half
        ([0, 1, 0, 0, 0, 0, 1], True),
        ([1, 0, 1, 0, 0, 0, 0], False),
    ],
)
def test_more_than_half_on_either_side(values, mostly):
    assert noted(chart([float(value) for value in values])) is mostly


mostly_one = st.lists(st.sampled_from([0.0, 0.0, 0.0, 0.0, 1.0, 2.0, 9.0, -4.0, NAN]), max_size=50)


@settings(max_examples=300, deadline=None)
@given(mostly_one, st.integers(0, 20), st.booleans(), st.lists(st.integers(0, 50), max_size=2))
def test_the_plain_implementation_marks_the_same(values, fix_after, screen, rebase):
    options = {"fix_after": fix_after, "screen": screen, "rebase": rebase}
    found = chart(values, **options)
    plain = analyse_plainly(list(enumerate(values)), [day for day in rebase if day < len(values)], fix_after, screen)

    assert found.rules.tolist() == [sum(RULES[name] for name in point.rules) for point in plain]
    here = np.flatnonzero(found.values == np.repeat(found.usual, np.diff(found.phase_starts)))
    assert here.tolist() == [place for place, point in enumerate(plain) if point.sideless]
    assert not found.marks[here].any() or set(found.rules[here].tolist()) <= {0, codes.TREND}


def test_two_of_three_does_not_reach_across_a_usual_point():
    """Three low ones on either side of a zero are two runs, though zero lies below the mean like them."""
    rare = [0.0] * 15 + [40.0] * 5 + [0.0] * 10
    values = [*rare, -9.0, -9.0, -9.0, 0.0, -9.0, -9.0, -9.0, *rare]
    found = runs(chart(values))
    pairs = found.rule == codes.TWO_OF_THREE
    low = pairs & (found.direction < 0)

    assert list(zip(found.first[low].tolist(), found.last[low].tolist(), strict=True)) == [(30, 32), (34, 36)]


def outcome_of(before, after, direction=-1):
    days = np.arange(len(before) + len(after))
    return read_outcome([*before, *after], days, len(before) - 1, len(before), direction)


def test_what_stays_as_it_mostly_was_is_no_success():
    """Ten zeros after one seven in 26 lie below its mean, as they did before."""
    found = outcome_of([*[0.0] * 20, 7.0, *[0.0] * 5], [0.0] * 10)

    assert (found.reading, found.shifted.tolist()) == ("not_effective", [0] * 10)
    assert found.reasons == ("no_special_cause",)


def test_what_falls_to_the_usual_value_is_one():
    found = outcome_of(STEADY, [0.0] * 10)

    assert (found.reading, set(found.shifted.tolist())) == ("effective", {-1})


def test_what_leaves_the_usual_value_is_one_too():
    found = outcome_of([*[0.0] * 20, 7.0, *[0.0] * 5], STEADY[:10], direction=1)

    assert (found.reading, set(found.outside.tolist())) == ("effective", {1})
