"""Figures from cases: what counts where, and what over what."""

import datetime as dt

import numpy as np
import pytest

from metrics.files import NEVER, CaseArrays, derive

JANUARY, FEBRUARY = dt.date(2024, 1, 1).toordinal(), dt.date(2024, 2, 1).toordinal()
HOUR = 3600


def moment(text):
    return NEVER if not text else int(dt.datetime.fromisoformat(text).replace(tzinfo=dt.UTC).timestamp())


def arrays(*cases, **flags):
    """Each case: group, opened, first response, resolved, closed, and any of reopens, within, satisfied."""
    count = len(cases)
    columns = list(zip(*[case[:5] for case in cases], strict=True))
    more = [dict(case[5]) if len(case) > 5 else {} for case in cases]
    return CaseArrays(
        group=np.array(columns[0], np.int64),
        **{
            name: np.array([moment(text) for text in columns[place]], np.int64)
            for place, name in enumerate(("opened", "first_response", "resolved", "closed"), 1)
        },
        first_response_seconds=np.array([item.get("responded_in", np.nan) for item in more]),
        resolution_seconds=np.full(count, np.nan),
        reopens=np.array([item.get("reopens", -1) for item in more], np.int32),
        within_limit=np.array([item.get("within", -1) for item in more], np.int8),
        satisfied=np.array([item.get("satisfied", -1) for item in more], np.int8),
        score=np.full(count, np.nan),
        flags={name: np.array(values, np.int8) for name, values in flags.items()},
    )


def figures(cases, measure, *, period="month", zone="UTC", **limits):
    """{(group, day): (numerator, denominator, median)} of one measure; None for nan."""
    found = [item for item in derive(cases, period=period, zone=zone, **limits) if item.measure == measure]
    if not found:
        return {}
    item = found[0]
    rows = zip(item.group, item.day, item.numerator, item.denominator, item.median, strict=True)
    return {
        (int(group), int(day)): tuple(None if np.isnan(value) else float(value) for value in values)
        for group, day, *values in rows
    }


TWO_MONTHS = arrays(
    (1, "2024-01-10 10:00", "2024-01-10 11:00", "2024-01-10 14:00", ""),
    (1, "2024-01-20 10:00", "2024-01-20 10:30", "2024-02-01 10:00", "2024-02-02 10:00"),
    (1, "2024-02-03 10:00", "", "", ""),
    (2, "2024-01-05 10:00", "2024-01-05 12:00", "", ""),
)


def test_volume_counts_what_was_opened():
    assert figures(TWO_MONTHS, "volume") == {
        (1, JANUARY): (2, None, None),
        (1, FEBRUARY): (1, None, None),
        (2, JANUARY): (1, None, None),
    }


def test_times_belong_to_the_month_in_which_they_ended():
    assert figures(TWO_MONTHS, "resolution_time") == {
        (1, JANUARY): (4 * HOUR, 1, 4 * HOUR),
        (1, FEBRUARY): (288 * HOUR, 1, 288 * HOUR),
    }


def test_first_response_keeps_sum_count_and_median():
    assert figures(TWO_MONTHS, "first_response_time") == {
        (1, JANUARY): (5400, 2, 2700),
        (2, JANUARY): (7200, 1, 7200),
    }


def test_closing_is_not_resolving():
    cases = arrays((1, "2024-01-10 10:00", "", "", "2024-01-12 10:00"))
    assert figures(cases, "resolution_time") == {}


def test_a_duration_of_the_helpdesk_goes_first():
    cases = arrays((1, "2024-01-10 10:00", "2024-01-10 11:00", "", "", {"responded_in": 60.0}))
    assert figures(cases, "first_response_time") == {(1, JANUARY): (60, 1, 60)}


def test_a_reply_before_the_question_is_left_out_and_counted():
    cases = arrays(
        (1, "2024-01-10 10:00", "2024-01-10 09:00", "", ""), (1, "2024-01-10 10:00", "2024-01-10 11:00", "", "")
    )
    found = next(item for item in derive(cases, period="month", zone="UTC") if item.measure == "first_response_time")
    assert (found.denominator.tolist(), found.left_out) == ([1], 1)


def test_reopened_of_the_solved_whose_count_is_known():
    cases = arrays(
        (1, "2024-01-10 10:00", "", "2024-01-11 10:00", "", {"reopens": 2}),
        (1, "2024-01-10 10:00", "", "", "2024-01-12 10:00", {"reopens": 0}),
        (1, "2024-01-10 10:00", "", "", "", {"reopens": 1}),
        (1, "2024-01-10 10:00", "", "2024-01-11 10:00", ""),
    )
    assert figures(cases, "reopen_rate") == {(1, JANUARY): (1, 2, None)}


def test_satisfied_of_those_who_answered():
    cases = arrays(
        *((1, "2024-01-10 10:00", "", "", "", {"satisfied": answer}) for answer in (1, 1, 0, -1)),
    )
    assert figures(cases, "satisfaction") == {(1, JANUARY): (2, 3, None)}


def test_within_the_limit_by_flag_or_by_time():
    cases = arrays(
        (1, "2024-01-10 10:00", "2024-01-10 10:30", "2024-01-10 12:00", "", {"within": 0}),
        (1, "2024-01-10 10:00", "2024-01-10 12:00", "2024-01-10 12:00", ""),
        (1, "2024-01-10 10:00", "", "", ""),
    )
    assert figures(cases, "within_limit") == {(1, JANUARY): (0, 1, None)}
    assert figures(cases, "within_limit", limit_seconds=4 * HOUR) == {(1, JANUARY): (1, 2, None)}
    found = figures(cases, "within_limit", limit_seconds=HOUR, limit_of="first_response")
    assert found == {(1, JANUARY): (0, 2, None)}


def test_flags_by_the_day_of_opening():
    cases = arrays(*((1, "2024-01-10 10:00", "", "", ""),) * 3, solved=[1, 0, -1])
    assert figures(cases, "flag:solved") == {(1, JANUARY): (1, 2, None)}


@pytest.mark.parametrize(("zone", "day"), [("UTC", "2024-01-31"), ("Europe/Berlin", "2024-02-01")])
def test_days_begin_by_the_clock_of_the_workspace(zone, day):
    cases = arrays((1, "2024-01-31 23:30", "", "", ""))
    assert list(figures(cases, "volume", period="day", zone=zone)) == [(1, dt.date.fromisoformat(day).toordinal())]


def test_a_week_begins_on_monday():
    cases = arrays((1, "2024-03-03 12:00", "", "", ""), (1, "2024-03-04 12:00", "", "", ""))
    days = [dt.date.fromordinal(day).isoformat() for _, day in figures(cases, "volume", period="week")]
    assert days == ["2024-02-26", "2024-03-04"]


def test_medians_against_numpy():
    rng = np.random.default_rng(5)
    cases = []
    for _ in range(500):
        start = dt.datetime(2024, 1, 1, tzinfo=dt.UTC) + dt.timedelta(minutes=int(rng.integers(0, 80_000)))
        end = start + dt.timedelta(seconds=int(rng.integers(0, 9_000)))
        cases.append((int(rng.integers(3)), f"{start:%Y-%m-%d %H:%M}", f"{end:%Y-%m-%d %H:%M:%S}", "", ""))
    found = figures(arrays(*cases), "first_response_time")
    for (group, day), (total, count, median) in found.items():
        mine = [
            (moment(case[2]) - moment(case[1]))
            for case in cases
            if case[0] == group and dt.date.fromisoformat(case[2][:10]).replace(day=1).toordinal() == day
        ]
        assert (total, count, median) == (sum(mine), len(mine), float(np.median(mine)))


def test_no_cases_no_figures():
    empty = arrays((1, "", "", "", ""))
    assert derive(empty, period="day", zone="UTC") == []
