"""What the page of an import tells: planned values, and when a file was known."""

import datetime as dt
from zoneinfo import ZoneInfo

import pytest
from django.utils import timezone

from metrics.models import Upload
from metrics.queries.uploads import Change
from metrics.tables import imports as table


@pytest.mark.parametrize(
    ("value", "measure", "told"),
    [
        (85.2941176, "%", "85.2941\u202f%"),
        (70.0, "%", "70\u202f%"),
        (1_234_567.0, "contacts", "1,234,567"),
        (0.0001234567, "", "0.000123457"),
        (2.25, "Hours", "2.25\u202fHours"),
        (-3.5, "points", "−3.5"),
        (0.0, "", "0"),
        (None, "%", ""),
    ],
)
def test_a_planned_value_is_told_exactly_and_as_numbers_are_elsewhere(value, measure, told):
    [line] = table.change_table([Change(1, "Somewhere", dt.date(2024, 1, 1), None, value, measure=measure)]).lines
    assert line.new == told


@pytest.mark.parametrize(
    ("source", "hour", "told"),
    [("receipt", 8, "9:30"), ("person", 8, "9:30"), ("person", 12, "15 September 2026"), ("line", 12, "13:30")],
)
def test_when_a_file_was_known_is_told_in_the_time_of_the_reader(source, hour, told):
    minute = 0 if told.endswith("2026") else 30
    moment = dt.datetime(2026, 9, 15, hour, minute, tzinfo=dt.UTC)
    with timezone.override(ZoneInfo("Europe/London")):
        line = table.known_line(Upload(known_at=moment, facts={"known_from": source}))
    assert line.at.endswith(told) or told in line.at
    assert (":" in line.at) == (":" in told)
