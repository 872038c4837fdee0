"""Every figure of the samples' EXPECTED.md that can be had from reading alone."""

import datetime as dt
from dataclasses import replace

import numpy as np
import pytest

from metrics.files import CaseArrays, Condition, MetricFrom, check, derive, sniff, suggest
from metrics.files.mapping import Amount, Mapping
from tests.files.desk import asked, outcome, warned

NEW_YORK = "America/New_York"


def suggested(path, **answers):
    mapping, questions = suggest(sniff(path))
    open_ones = {question.about for question in questions if question.required}
    assert open_ones == set(answers)
    return replace(mapping, **answers)


@pytest.fixture(scope="module")
def england(samples):
    path = samples / "nhs_ae_type1_monthly.csv"
    return outcome(path, suggested(path))


def test_the_nhs_file_is_whole(england):
    assert england.reading.rows == england.reading.accepted == 4932
    keys = set(zip(england.units(), england.column("day"), strict=True))
    assert len(keys) == 4932
    assert len(set(england.units())) == 140
    days = sorted(set(england.column("day")))
    assert len(days) == 36
    assert (dt.date.fromordinal(days[0]), dt.date.fromordinal(days[-1])) == (dt.date(2016, 4, 1), dt.date(2019, 3, 1))
    months = {unit: england.units().count(unit) for unit in set(england.units())}
    assert list(months.values()).count(36) == 130


@pytest.mark.parametrize(("month", "percent"), [((2016, 4), 84.98), ((2017, 9), 84.57), ((2019, 3), 79.49)])
def test_england_within_four_hours(england, month, percent):
    chunk = england.chunks[0]
    here = chunk.day == dt.date(*month, 1).toordinal()
    figures = chunk.values["Within 4 hours"]
    assert round(100 * figures.numerator[here].sum() / figures.denominator[here].sum(), 2) == percent


def test_england_in_april_2016_by_hand(england):
    chunk = england.chunks[0]
    here = chunk.day == dt.date(2016, 4, 1).toordinal()
    figures = chunk.values["Within 4 hours"]
    assert figures.denominator[here].sum() == 1_214_057
    assert (figures.denominator[here] - figures.numerator[here]).sum() == 182_400


def test_organisations_that_reported_each_month(england):
    reported = np.unique(england.chunks[0].day, return_counts=True)[1]
    assert (reported.min(), reported.max()) == (134, 139)


@pytest.fixture(scope="module")
def incidents(samples):
    path = samples / "itsm_incidents_closed.csv"
    return outcome(path, suggested(path, zone="UTC"))


def test_incidents(incidents):
    assert incidents.reading.accepted == 877
    opened = incidents.column("opened")
    assert dt.datetime.fromtimestamp(min(opened), dt.UTC) == dt.datetime(2016, 2, 29, 1, 16, tzinfo=dt.UTC)
    assert dt.datetime.fromtimestamp(max(opened), dt.UTC) == dt.datetime(2016, 3, 2, 15, 18, tzinfo=dt.UTC)
    assert dt.datetime.fromtimestamp(max(incidents.column("closed")), dt.UTC).isoformat() == "2017-02-04T19:00:00+00:00"
    assert incidents.column("resolved").count(None) == 29
    assert incidents.column("within_limit").count(1) == 488
    assert sum(1 for count in incidents.column("reopens") if count > 0) == 10
    assert incidents.chunks[0].flags["reassigned"].tolist().count(1) == 388


def test_incident_marks_and_order_of_dates(incidents):
    sniffed = incidents.sniffed
    assert sum(times for column in sniffed.columns for mark, times in column.marks if mark == "?") == 5490
    assert sniffed.column("opened at").dates.order == "dmy"
    assert sniffed.column("opened at").dates.dmy_only == 207


def test_incident_resolution_times(incidents):
    months = derive(CaseArrays.of(incidents.chunks[0]), period="month", zone="UTC")
    times = next(item for item in months if item.measure == "resolution_time")
    assert times.denominator.sum() == 848
    assert times.left_out == 0
    chunk = incidents.chunks[0]
    hours = [(end - start) / 3600 for start, end in zip(chunk.opened, chunk.resolved, strict=True) if end > 0]
    assert round(float(np.median(hours)), 3) == 54.517


def requests(samples, zone):
    path = samples / "nyc311_requests_us_dates.csv"
    return outcome(path, suggested(path, zone=zone))


def hours_of(found):
    pairs = zip(found.column("opened"), found.column("resolved"), strict=True)
    return [(end - start) / 3600 for start, end in pairs if end is not None]


def test_requests_with_us_dates(samples):
    found = requests(samples, "UTC")
    assert found.reading.accepted == 1786
    assert found.sniffed.line_ending == "\r\n"
    opened = found.column("opened")
    assert dt.datetime.fromtimestamp(min(opened), dt.UTC).isoformat() == "2025-02-19T12:57:00+00:00"
    assert dt.datetime.fromtimestamp(max(opened), dt.UTC).isoformat() == "2025-03-14T01:20:00+00:00"
    hours = hours_of(found)
    assert (found.column("closed").count(None), len(hours), hours.count(0)) == (222, 1564, 78)
    assert (round(float(np.median(hours)), 3), round(float(np.mean(hours)), 3)) == (4.542, 23.275)
    dates = found.sniffed.column("created date").dates
    assert (dates.order, dates.both + dates.same) == ("mdy", 983)
    assert found.sniffed.column("due date").role == "empty"


def test_requests_in_the_zone_of_new_york(samples):
    assert round(float(np.mean(hours_of(requests(samples, NEW_YORK)))), 3) == 23.225


@pytest.fixture(scope="module")
def questions(samples):
    path = samples / "support_questions_dst_offsets.csv"
    return outcome(path, suggested(path))


def test_questions_with_two_offsets(questions):
    assert questions.reading.accepted == len(set(questions.chunks[0].external_id)) == 597
    assert questions.sniffed.column("created").dates.offsets == ("-07:00", "-08:00")
    opened = questions.column("opened")
    assert dt.datetime.fromtimestamp(min(opened), dt.UTC).isoformat() == "2025-03-03T00:02:44+00:00"
    assert dt.datetime.fromtimestamp(max(opened), dt.UTC).isoformat() == "2025-03-16T23:51:26+00:00"
    flags = questions.chunks[0].flags
    assert (flags["answered"].tolist().count(0), flags["solved"].tolist().count(1)) == (120, 64)


def test_questions_per_day(questions):
    arrays = CaseArrays.of(questions.chunks[0])
    volume = next(item for item in derive(arrays, period="day", zone="UTC") if item.measure == "volume")
    assert volume.numerator.tolist() == [41, 45, 47, 49, 42, 31, 28, 48, 43, 50, 44, 55, 32, 42]
    local = next(item for item in derive(arrays, period="day", zone="America/Los_Angeles") if item.measure == "volume")
    assert (len(local.day), local.numerator[:5].tolist()) == (15, [10, 40, 39, 50, 55])


def test_the_reimport_is_the_same_to_the_second(samples, questions):
    path = samples / "extra" / "support_questions_dst_offsets_utc_reimport.csv"
    again = outcome(path, suggested(path))
    assert again.sniffed.sha256 != questions.sniffed.sha256
    assert again.chunks[0].external_id == questions.chunks[0].external_id
    for name in ("opened", "updated", "first_response", "resolved", "closed"):
        assert again.column(name) == questions.column(name)


MEDIAN_WAIT = "incomplete rtt pathways median wait weeks"


def test_waiting_times_workbook(samples):
    sniffed = sniff(samples / "nhs_rtt_timeseries.xlsx")
    assert [sheet.name for sheet in sniffed.sheets] == ["Full Time Series"]
    assert (sniffed.header_rows, sniffed.first_row, sniffed.rows) == ((10, 11), 12, 192)
    assert (sniffed.columns[0].letter, sniffed.columns[0].header) == ("B", "Year")
    medians = [column.key for column in sniffed.columns if column.header.endswith("- Median wait (weeks)")]
    assert len(set(medians)) == 4
    assert sum(times for column in sniffed.columns for mark, times in column.marks if mark == "-") == 1453
    assert sum(column.numbers.censored for column in sniffed.columns) == 32
    notes = [item.text for item in sniffed.asides if item.kind == "note"]
    assert [text[:2] for text in notes if text[:1].isdigit()] == [f"{number}." for number in range(1, 10)]


def test_waiting_times_workbook_read(samples):
    path = samples / "nhs_rtt_timeseries.xlsx"
    metrics = (MetricFrom("value", value=Amount((MEDIAN_WAIT,))),)
    found = outcome(path, Mapping("measured", date="month", period="month", metrics=metrics))
    assert found.reading.rows - found.reading.excluded["note"] == 192
    assert dt.date.fromordinal(found.reading.last_day) == dt.date(2022, 11, 1)
    keys = [column.key for column in found.sniffed.columns if "95th" in column.key]
    other = MetricFrom("value", value=Amount((keys[0],)))
    found = outcome(path, Mapping("measured", date="month", period="month", metrics=(other,)))
    assert {why[1:] for why in found.why()} == {("number_censored", "52+")}


def test_months_of_the_workbook_that_carry_data(samples):
    path = samples / "nhs_rtt_timeseries.xlsx"
    sniffed = sniff(path)
    keys = [c.key for c in sniffed.columns if c.role in ("number", "id") and not c.numbers.censored]
    metrics = tuple(MetricFrom(key, value=Amount((key,))) for key in keys)
    found = outcome(path, Mapping("measured", date="month", period="month", metrics=metrics))
    assert (found.reading.accepted, found.reading.without_values) == (188, 4)


def test_survey_with_two_header_rows(samples):
    sniffed = sniff(samples / "surveymonkey_two_header_rows.csv")
    assert (sniffed.header_rows, sniffed.rows, len(sniffed.columns)) == ((1, 2), 500, 31)
    assert asked(sniffed) == ["header"]
    assert "encoding_guessed" in warned(sniffed)
    assert sniffed.column("startdate").dates.order == "ask"


def test_mac_roman_survey(samples):
    sniffed = sniff(samples / "extra" / "survey_ratings_1to5_NA_macroman.csv")
    assert (sniffed.encoding, sniffed.encoding_guessed, sniffed.rows) == ("mac_roman", True, 1373)
    assert "knowledge\u00a0of cuisines" in sniffed.columns[1].header
    assert asked(sniffed) == ["truncated"]


def test_columns_not_used_are_named(samples):
    path = samples / "nhs_ae_type1_monthly.csv"
    sniffed = sniff(path)
    mapping, _ = suggest(sniffed)
    assert [(item.code, item.params["columns"]) for item in check(sniffed, mapping)] == [
        ("columns_unused", ["type", "admissions"])
    ]


def test_only_some_organisations(samples, england):
    path = samples / "nhs_ae_type1_monthly.csv"
    only = replace(suggested(path), conditions=(Condition("org code", ("RF4",)),))
    found = outcome(path, only)
    assert set(found.units()) == {"RF4"}
    assert (found.reading.accepted, found.reading.excluded["filtered"]) == (36, 4896)
