"""The five letters, row by row: what is changed about a good action, and what each letter then says."""

import datetime as dt
from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from improvements import smart
from improvements.smart import ATTENTION, MISSING, OK, Baseline, Facts
from metrics.trends import periods

TODAY = dt.date(2026, 3, 2)
GOOD = Facts(
    what="Take the second reading out of the procedure",
    changes_step=True,
    holds=False,
    has_step=True,
    has_team=True,
    has_series=True,
    direction=1,
    kind="proportion",
    scale=100.0,
    baseline=Baseline(mean=80.4, best=84.0, n=24),
    target=83.0,
    beyond_best_reason="",
    has_owner=True,
    authority=True,
    outside_parameters=False,
    agreed_findings=1,
    criteria=1,
    due_on=dt.date(2026, 4, 30),
    today=TODAY,
    check_on=dt.date(2027, 1, 1),
    points_after=8,
    needed_points=7,
)

ROWS = [
    ({}, "", OK, []),
    ({"what": "  "}, "S", MISSING, ["no_words"]),
    ({"has_step": False}, "S", MISSING, ["no_step"]),
    ({"has_step": False, "changes_step": False}, "S", ATTENTION, ["no_step"]),
    ({"has_team": False}, "S", ATTENTION, ["no_team"]),
    ({"what": "Improve response time"}, "S", ATTENTION, ["vague"]),
    ({"what": "Improve response time from 6 h to 4 h"}, "S", OK, []),
    ({"has_series": False}, "M", MISSING, ["no_metric"]),
    ({"baseline": Baseline(mean=None)}, "M", MISSING, ["no_baseline"]),
    ({"baseline": Baseline(mean=float("nan"))}, "M", MISSING, ["no_baseline"]),
    ({"target": None}, "M", MISSING, ["no_target"]),
    ({"target": 80.0}, "M", MISSING, ["wrong_side"]),
    ({"target": 80.4}, "M", MISSING, ["wrong_side"]),
    ({"target": 120.0, "beyond_best_reason": "All of them."}, "M", MISSING, ["not_the_unit"]),
    ({"target": 120.0, "kind": "count", "beyond_best_reason": "twice as many people"}, "M", OK, []),
    ({"direction": -1, "baseline": Baseline(80.4, best=77.0), "target": 83.0}, "M", MISSING, ["wrong_side"]),
    ({"direction": -1, "target": 78.0, "baseline": Baseline(80.4, best=77.0)}, "M", OK, []),
    ({"direction": 0}, "M", ATTENTION, ["no_direction"]),
    ({"holds": True, "target": 79.0}, "M", OK, []),
    ({"holds": True, "target": 83.0}, "M", MISSING, ["wrong_side"]),
    ({"has_owner": False}, "A", MISSING, ["no_owner"]),
    ({"authority": False}, "A", MISSING, ["no_approval"]),
    ({"authority": False, "outside_parameters": True}, "A", MISSING, ["outside_parameters"]),
    ({"outside_parameters": True}, "A", OK, []),
    ({"target": 90.0}, "A", ATTENTION, ["beyond_best"]),
    ({"target": 90.0, "beyond_best_reason": "The law changes."}, "A", OK, []),
    ({"agreed_findings": 0}, "R", MISSING, ["no_finding"]),
    ({"criteria": 0}, "R", MISSING, ["no_criterion"]),
    ({"due_on": None}, "T", MISSING, ["no_date"]),
    ({"due_on": TODAY}, "T", MISSING, ["date_passed"]),
    ({"check_on": None}, "T", ATTENTION, ["no_check"]),
    ({"check_on": dt.date(2026, 4, 30)}, "T", MISSING, ["check_before_due"]),
    ({"points_after": 6}, "T", ATTENTION, ["too_few_points"]),
    ({"next_review": dt.date(2026, 4, 1)}, "T", ATTENTION, ["after_next_review"]),
]


@pytest.mark.parametrize(("changed", "letter", "status", "codes"), ROWS)
def test_one_change_turns_one_letter(changed, letter, status, codes):
    read = {one.letter: one for one in smart.read(replace(GOOD, **changed))}
    expected = {name: (OK, []) for name in smart.LETTERS}
    if letter:
        expected[letter] = (status, codes)
    assert {name: (one.status, [reason.code for reason in one.reasons]) for name, one in read.items()} == expected


def test_what_cannot_be_computed_yet_is_said_beside_the_letter():
    read = {one.letter: one.open_checks for one in smart.read(GOOD)}
    assert read == {"S": (), "M": (), "A": ("detectability", "capacity"), "R": (), "T": ()}


def test_what_is_missing_blocks_and_what_needs_attention_does_not():
    letters = smart.read(replace(GOOD, what="Improve it", target=80.0))
    assert [reason.code for reason in smart.blocking(letters)] == ["wrong_side"]


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("Improve response time", ["improve"]),
        ("We are improving and ensuring more", ["improving", "ensuring", "more"]),
        ("Try again soon, try harder", ["try", "soon"]),
        ("Improve it by 3 minutes", []),
        ("Put a button on the page", []),
        ("Moreover, tell the trial team", []),
    ],
)
def test_vague_words_without_a_number(text, words):
    assert smart.vague_words(text) == words


@pytest.mark.parametrize(
    ("first", "last", "period", "count"),
    [
        (dt.date(2026, 4, 1), dt.date(2026, 11, 1), "month", 7),
        (dt.date(2026, 4, 2), dt.date(2026, 11, 1), "month", 6),
        (dt.date(2026, 4, 30), dt.date(2026, 5, 31), "month", 0),
        (dt.date(2026, 3, 2), dt.date(2026, 3, 16), "week", 2),
        (dt.date(2026, 3, 3), dt.date(2026, 3, 22), "week", 1),
        (dt.date(2026, 3, 3), dt.date(2026, 3, 10), "day", 7),
        (dt.date(2026, 3, 3), dt.date(2026, 3, 1), "day", 0),
    ],
)
def test_whole_periods_between_two_days(first, last, period, count):
    assert periods.whole_between(first, last, period) == count


@given(
    st.dates(dt.date(2000, 1, 1), dt.date(2100, 1, 1)), st.sampled_from(["day", "week", "month"]), st.integers(0, 60)
)
def test_that_many_periods_later_that_many_have_passed(day, period, count):
    start = periods.first_day(day, period)
    assert periods.whole_between(start, periods.later(start, period, count), period) == count
    assert periods.later(periods.later(start, period, count), period, -count) == start
