"""Dates, zones and periods (imports.md, cases 40 to 56)."""

import datetime as dt

import pytest

from metrics.files import check, sniff, suggest
from metrics.files.dates import GRAIN, parse_moment
from tests.files.desk import case_mapping, outcome, sheet_file, text_file, value_mapping

HEAD = "date,unit,value\n"


def file_of(folder, *dates):
    return text_file(folder, HEAD + "".join(f"{date},North,1\n" for date in dates))


def days(found):
    return [dt.date.fromordinal(day).isoformat() for day in found.column("day")]


@pytest.mark.parametrize(
    ("dates", "order"),
    [
        (("01/02/2024", "13/02/2024"), "dmy"),
        (("02/01/2024", "02/13/2024"), "mdy"),
        (("2024-02-01", "2024-02-13"), "ymd"),
    ],
)
def test_the_order_is_proved(tmp_path, dates, order):
    mapping, questions = suggest(sniff(file_of(tmp_path, *dates)))
    assert (mapping.date_order, [question.code for question in questions]) == (order, [])
    assert days(outcome(file_of(tmp_path, *dates), mapping)) == ["2024-02-01", "2024-02-13"]


def test_the_proof_may_stand_far_down(tmp_path):
    path = file_of(tmp_path, *["01/02/2024", "02/03/2024"] * 15_000, "28/02/2024")
    sniffed = sniff(path)
    assert (sniffed.column("date").dates.order, sniffed.column("date").dates.row_dmy) == ("dmy", 30_002)


def test_nothing_settles_the_order(tmp_path):
    _, questions = suggest(sniff(file_of(tmp_path, "01/02/2024", "03/04/2024")))
    question = next(question for question in questions if question.code == "date_order")
    assert (question.choices, question.evidence, question.required) == (("dmy", "mdy"), ("01/02/2024",), True)


def test_a_day_equal_to_its_month_needs_no_order(tmp_path):
    mapping, questions = suggest(sniff(file_of(tmp_path, "01/01/2024", "02/02/2024")))
    assert [question.code for question in questions] == []
    assert days(outcome(file_of(tmp_path, "01/01/2024", "02/02/2024"), mapping)) == ["2024-01-01", "2024-02-02"]


def test_both_orders_are_proved(tmp_path):
    sniffed = sniff(file_of(tmp_path, "13/02/2024", "02/13/2024"))
    question = next(question for question in suggest(sniffed)[1] if question.code == "dates_contradict")
    assert (question.evidence, question.why) == (("13/02/2024", "02/13/2024"), {"dmy_row": 2, "mdy_row": 3})
    problem = check(sniffed, value_mapping(date_order="dmy"))[0]
    assert (problem.code, problem.severity, problem.value) == ("dates_contradict", "refuse", "02/13/2024")


@pytest.mark.parametrize(("order", "dates"), [("dmy", ("02/13/2024",) * 2), ("mdy", ("13/02/2024",) * 2)])
def test_a_saved_order_that_the_file_disproves(tmp_path, order, dates):
    [problem] = check(sniff(file_of(tmp_path, *dates)), value_mapping(date_order=order))
    told = {"dmy": "dates_month_first", "mdy": "dates_day_first"}[order]
    assert (problem.code, problem.severity, problem.value, problem.where.row) == (told, "refuse", dates[0], 2)


def test_a_year_first_that_the_file_disproves(tmp_path):
    [problem] = check(sniff(file_of(tmp_path, "01/02/2024", "13/02/2024")), value_mapping(date_order="ymd"))
    assert (problem.code, problem.value, problem.where.row) == ("dates_day_first", "13/02/2024", 3)


READ = [
    ("26 May 2026", "2026-05-26"),
    ("May 26, 2026", "2026-05-26"),
    ("04/Jul/25", "2025-07-04"),
    ("3. Okt 2024", "2024-10-03"),
    ("1 mars 2024", "2024-03-01"),
    ("31. Dez. 2024", "2024-12-31"),
    ("20240229", "2024-02-29"),
    ("2024/2/9", "2024-02-09"),
    ("09.02.2024", "2024-02-09"),
    ("Mon, 04 Mar 2024", "2024-03-04"),
    ("5/3/24", "2024-03-05"),
    ("5/3/99", "1999-03-05"),
    ("2024-03-05 23:59", "2024-03-05"),
    ("5/3/2024 3:41 PM", "2024-03-05"),
]


@pytest.mark.parametrize(("text", "day"), READ)
def test_written_dates(text, day):
    packed = parse_moment(text, "dmy")[0]
    assert (dt.date.fromordinal(packed % GRAIN).isoformat(), packed // GRAIN) == (day, 0)


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("31/02/2024", "date_impossible"),
        ("32/01/2024", "date_impossible"),
        ("13/13/2024", "date_impossible"),
        ("yesterday", "date_unreadable"),
        ("13 February 2026 (re-issued)", "date_unreadable"),
        ("2024", "date_unreadable"),
        ("Q3 2024", "date_too_coarse"),
        ("2007/08", "date_too_coarse"),
        ("October 2025", "date_too_coarse"),
        ("2025-W09", "date_too_coarse"),
        ("1970-01-01", "date_placeholder"),
        ("1900-01-00", "date_placeholder"),
        ("0001-01-01", "date_placeholder"),
        ("01/01/1970", "date_placeholder"),
        ("", "date_missing"),
        ("01/02/2024 25:00", "date_unreadable"),
        ("01/02/0204", "date_impossible"),
    ],
)
def test_dates_that_cannot_be(tmp_path, text, code):
    text = f'{HEAD}14/02/2024,North,1\n"{text}",North,2\n15/02/2024,North,3\n'
    found = outcome(text_file(tmp_path, text), value_mapping(date_order="dmy"))
    assert (found.column("value"), [why[:2] for why in found.why()]) == ([1, 3], [(3, code)])


@pytest.mark.parametrize("text", ["October 2025", "2025-10", "10/2025", "Oct-25", "01/10/2025"])
def test_months(tmp_path, text):
    found = outcome(file_of(tmp_path, text, "1 Sep 2025"), value_mapping(date_order="dmy", period="month"))
    assert days(found) == ["2025-10-01", "2025-09-01"]


def test_weeks_begin_on_monday(tmp_path):
    dates = ("2025-W09", "2025-02-26", "2025-03-02", "2025-03-03")
    found = outcome(file_of(tmp_path, *dates), value_mapping(period="week"))
    assert days(found) == ["2025-02-24", "2025-02-24", "2025-02-24", "2025-03-03"]


@pytest.mark.parametrize(
    ("dates", "period"),
    [
        (("2024-01-01", "2024-02-01"), "month"),
        (("2024-01-01", "2024-01-08"), "week"),
        (("2024-01-01", "2024-01-02"), "day"),
        (("Jan 2024", "Feb 2024"), "month"),
    ],
)
def test_the_period_is_seen(tmp_path, dates, period):
    mapping, questions = suggest(sniff(file_of(tmp_path, *dates)))
    assert (mapping.period, questions) == (period, [])


def test_one_date_says_nothing_about_the_period(tmp_path):
    _, questions = suggest(sniff(file_of(tmp_path, "2024-01-01")))
    assert [question.code for question in questions] == ["period"]


def test_an_explicit_format(tmp_path):
    found = outcome(file_of(tmp_path, "2024|05", "2024|06"), value_mapping(date_order="%Y|%m", period="month"))
    assert days(found) == ["2024-05-01", "2024-06-01"]


def test_dates_after_the_latest_day(tmp_path):
    found = outcome(file_of(tmp_path, "2024-01-31", "2024-02-01"), value_mapping(), latest=dt.date(2024, 1, 31))
    assert (days(found), found.why()) == (["2024-01-31"], [(3, "date_future", "2024-02-01")])


def test_true_dates_of_a_workbook_need_no_order(tmp_path):
    rows = [["date", "unit", "value"], [dt.date(2024, 2, 1), "North", 1], [dt.datetime(2024, 2, 13, 9, 30), "North", 2]]  # noqa: DTZ001
    found = outcome(sheet_file(tmp_path, rows), value_mapping(date_order="mdy"))
    assert days(found) == ["2024-02-01", "2024-02-13"]


@pytest.mark.parametrize(("since_1904", "day"), [(False, "2010-11-01"), (True, "2014-11-02")])
def test_plain_numbers_as_days_only_in_a_date_column(tmp_path, since_1904, day):
    def epoch(book):
        if since_1904:
            book.epoch = dt.datetime(1904, 1, 1)  # noqa: DTZ001

    path = sheet_file(tmp_path, [["date", "unit", "value"], [40483, "North", 40483]], change=epoch)
    sniffed = sniff(path)
    assert sniffed.column("date").role == "number"
    found = outcome(path, value_mapping(date_order="serial"))
    assert (days(found), found.column("value")) == ([day], [40483])


def cases_of(folder, *lines, head="id,opened,resolved"):
    return text_file(folder, head + "\n" + "".join(line + "\n" for line in lines))


def instants(found, name="opened"):
    return [dt.datetime.fromtimestamp(moment, dt.UTC).strftime("%Y-%m-%dT%H:%M:%S") for moment in found.column(name)]


@pytest.mark.parametrize(
    ("text", "instant"),
    [
        ("2025-03-02 16:02:44 -0800", "2025-03-03T00:02:44"),
        ("2025-03-02T16:02:44-08:00", "2025-03-03T00:02:44"),
        ("2025-03-03T00:02:44Z", "2025-03-03T00:02:44"),
        ("2025-03-03 00:02:44.123 UTC", "2025-03-03T00:02:44"),
        ("2025/03/03 1:02:44 AM GMT+1", "2025-03-03T00:02:44"),
        ("2025-03-03 12:02 am", "2025-03-03T00:02:00"),
        ("2025-03-02 24:00", "2025-03-03T00:00:00"),
    ],
)
def test_moments(tmp_path, text, instant):
    found = outcome(cases_of(tmp_path, f"1,{text},", f"2,{text},"), case_mapping(resolved="resolved"))
    assert instants(found) == [instant, instant]


def test_clock_times_of_a_zone(tmp_path):
    lines = ("1,2025-03-29 12:00,", "2,2025-03-30 12:00,")
    mapping = case_mapping(resolved="resolved")
    london = outcome(cases_of(tmp_path, *lines), type(mapping)(**{**_fields(mapping), "zone": "Europe/London"}))
    assert instants(london) == ["2025-03-29T12:00:00", "2025-03-30T11:00:00"]


def _fields(mapping):
    return {name: getattr(mapping, name) for name in mapping.__dataclass_fields__}


def test_the_hour_that_never_was_and_the_one_that_was_twice(tmp_path):
    lines = ("1,2025-03-30 01:30,", "2,2025-10-26 01:30,", "3,2025-10-26 02:00,")
    mapping = case_mapping()
    found = outcome(cases_of(tmp_path, *lines), type(mapping)(**{**_fields(mapping), "zone": "Europe/London"}))
    assert instants(found) == ["2025-03-30T01:30:00", "2025-10-26T00:30:00", "2025-10-26T02:00:00"]
    assert found.reading.warned == {"time_skipped": 1, "time_repeated": 1}
    assert [(item.code, item.where.row) for item in found.chunks[0].warnings] == [
        ("time_skipped", 2),
        ("time_repeated", 3),
    ]


def test_times_without_a_zone_are_asked_about(tmp_path):
    head = "id,opened,closed"
    _, questions = suggest(sniff(cases_of(tmp_path, "1,2025-03-29 12:00,", "2,2025-03-30 12:00,", head=head)))
    assert [question.code for question in questions if question.required] == ["zone"]


def test_days_of_a_measured_file_begin_in_the_workspace(tmp_path):
    path = file_of(tmp_path, "2025-03-02 16:30:00 -0800", "2025-03-02 15:30:00 -0800")
    assert days(outcome(path, value_mapping())) == ["2025-03-03", "2025-03-02"]
    there = outcome(path, value_mapping(), workspace_zone="America/Los_Angeles")
    assert days(there) == ["2025-03-02", "2025-03-02"]


def test_what_happened_before_it_began_is_counted(tmp_path):
    lines = ("1,2025-03-02,2025-03-01", "2,2025-03-02,2025-03-03")
    found = outcome(cases_of(tmp_path, *lines), case_mapping(resolved="resolved"))
    assert found.reading.accepted == 2
    assert found.reading.contradictions == {"resolved_before_opened": 1}


def test_true_dates_mixed_with_text_ones_are_said(tmp_path):
    path = sheet_file(tmp_path, [["date", "unit", "value"], [dt.date(2024, 2, 1), "A", 1], ["13/02/2024", "A", 2]])
    sniffed = sniff(path)
    assert [(item.code, item.params) for item in sniffed.problems] == [("dates_mixed", {"iso": 1, "other": 1})]


def test_two_digit_years_are_said_with_their_pivot(tmp_path):
    problem = sniff(file_of(tmp_path, "13/02/24", "14/02/99")).problems[0]
    assert (problem.code, problem.params) == ("two_digit_years", {"from": 1969, "to": 2068})


def test_days_in_a_monthly_metric_are_said(tmp_path):
    problems = check(sniff(file_of(tmp_path, "2024-01-01", "2024-01-02")), value_mapping(period="month"))
    assert [(item.code, item.params) for item in problems] == [("period_mixed", {"period": "month", "found": "day"})]
