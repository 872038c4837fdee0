"""The real files, imported and read back through the product's queries: every figure of EXPECTED.md."""

import datetime as dt
from collections import Counter

import numpy as np
import pytest
from django.db.models import Max, Min

from metrics import trends
from metrics.models import Case, Metric, Observation, Series, Source
from metrics.queries import cases, observations
from metrics.queries import uploads as questions

pytestmark = pytest.mark.django_db


def take_in(desk, path, source, **choices):
    """Bring a file, say that its clock stood at UTC, commit."""
    upload = desk.bring_file(path, source)
    if upload.state == "received":
        upload = desk.map(upload, upload.mapping, zone="UTC", choices=choices or None)
    assert (upload.state, upload.questions, upload.problems) == ("planned", [], [])
    return desk.commit(upload)


def months(series):
    """{first day of the month: value} of one series."""
    found = observations.arrays([series.pk])
    return {
        dt.date.fromordinal(day).isoformat()[:7]: value for day, value in zip(found.days, found.values, strict=True)
    }


@pytest.fixture
def nhs(desk, samples):
    upload = take_in(desk, samples / "nhs_ae_type1_monthly.csv", "Emergency", other_units="create")
    series = Series.objects.get(unit=desk.unit, metric__code="within-4-hours")
    return upload, series


def test_every_row_of_the_emergency_file_is_a_value(nhs):
    upload, england = nhs
    found = observations.arrays(list(Series.objects.exclude(pk=england.pk).values_list("pk", flat=True)))
    assert upload.plan["counts"]["new"] == 4932
    assert len(found.values) == 4932
    assert len(found.series) == 140
    assert int((np.diff(found.starts) == 36).sum()) == 130
    assert {dt.date.fromordinal(day) for day in (found.days.min(), found.days.max())} == {
        dt.date(2016, 4, 1),
        dt.date(2019, 3, 1),
    }


def test_england_is_the_sum_of_all_that_reported(nhs):
    _upload, england = nhs
    found = observations.arrays([england.pk])
    shown = {month: round(value, 2) for month, value in months(england).items()}
    assert len(shown) == 36
    assert (shown["2016-04"], shown["2017-09"], shown["2019-03"]) == (84.98, 84.57, 79.49)
    assert (found.denominators[0] - found.numerators[0], found.denominators[0]) == (182_400, 1_214_057)
    reported = Observation.objects.filter(series=england).aggregate(least=Min("parts"), most=Max("parts"))
    assert reported == {"least": 134, "most": 139}
    assert england.rolled_up


def chart_of(series, **settings):
    """Mean, mean moving range and limits of one series, and the months outside them."""
    found = observations.arrays([series.pk])
    result = trends.analyse(trends.Batch.build(found.values, found.starts, found.days), trends.Settings(**settings))
    mean, ranges, low, high = (
        float(one[0]) for one in (result.phase_mean, result.phase_amr, result.phase_lpl, result.phase_upl)
    )
    outside = [month for month, value in months(series).items() if not low <= value <= high]
    return [round(one, 3) for one in (mean, ranges, low, high)], outside


def test_the_chart_of_england_without_screening_is_the_expected_one(nhs):
    _upload, england = nhs
    assert chart_of(england, screen=False) == (
        [82.485, 1.602, 78.222, 86.747],
        ["2017-01", "2017-12", "2018-01", "2018-02", "2018-03", "2019-01", "2019-02"],
    )


def test_screening_the_chart_of_england_drops_two_ranges(nhs):
    _upload, england = nhs
    ranges = np.abs(np.diff(observations.arrays([england.pk]).values))
    assert int((ranges >= 3.267 * ranges.mean()).sum()) == 2
    assert chart_of(england)[0] == [82.485, 1.348, 78.9, 86.07]


def test_incidents(desk, samples):
    upload = take_in(desk, samples / "itsm_incidents_closed.csv", "Incidents")
    found = cases.figures(desk.person, Source.objects.get(name="Incidents"))
    assert upload.plan["counts"]["new"] == found.count == 877
    assert found.first_opened == dt.datetime(2016, 2, 29, 1, 16, tzinfo=dt.UTC)
    assert found.last_opened == dt.datetime(2016, 3, 2, 15, 18, tzinfo=dt.UTC)
    assert found.last_closed == dt.datetime(2017, 2, 4, 19, 0, tzinfo=dt.UTC)
    assert found.without_resolution == 29
    assert (found.resolution.count, round(found.resolution.median, 3), found.resolution.odd) == (848, 54.517, 0)
    assert found.within_limit == {"yes": 488, "no": 389}
    assert found.reopened == 10
    assert found.flags["reassigned"]["yes"] == 388


def test_incidents_say_what_stood_in_the_file(desk, samples):
    upload = take_in(desk, samples / "itsm_incidents_closed.csv", "Incidents")
    column = next(one for one in upload.facts["sniffed"]["columns"] if one["header"] == "opened_at")
    marks = [mark for one in questions.preview(upload).columns for mark in one.marks]
    assert column["dates"]["dmy_only"] == 207
    assert sum(count for mark, count in marks if mark == "?") == 5490
    assert upload.mapping["date_order"] == "dmy"


def test_city_requests(desk, samples):
    upload = take_in(desk, samples / "nyc311_requests_us_dates.csv", "City")
    found = cases.figures(desk.person, Source.objects.get(name="City"))
    assert upload.plan["counts"]["new"] == found.count == 1786
    assert found.first_opened == dt.datetime(2025, 2, 19, 12, 57, tzinfo=dt.UTC)
    assert found.last_opened == dt.datetime(2025, 3, 14, 1, 20, tzinfo=dt.UTC)
    assert found.still_open == 222
    assert found.resolution.count == 1564
    assert (round(found.resolution.median, 3), round(found.resolution.mean, 3)) == (4.542, 23.275)
    assert found.resolution.at_once == 78


def test_city_requests_say_what_stood_in_the_file(desk, samples):
    upload = take_in(desk, samples / "nyc311_requests_us_dates.csv", "City")
    columns = {one.header: one for one in questions.preview(upload).columns}
    per_day = cases.opened_per_day(desk.person, Source.objects.get(name="City"))
    assert columns["Due Date"].filled == 0
    assert upload.mapping["date_order"] == "mdy"
    assert sum(count for day, count in per_day.items() if day.day <= 12) == 983
    assert questions.preview(upload).facts["line_ending"] == "\r\n"


def test_support_questions_per_day(desk, samples):
    upload = take_in(desk, samples / "support_questions_dst_offsets.csv", "Questions")
    source = Source.objects.get(name="Questions")
    per_day = cases.opened_per_day(desk.person, source)
    found = cases.figures(desk.person, source)
    assert upload.plan["counts"]["new"] == 597
    assert list(per_day.values()) == [41, 45, 47, 49, 42, 31, 28, 48, 43, 50, 44, 55, 32, 42]
    assert list(per_day) == [dt.date(2025, 3, 3) + dt.timedelta(days=day) for day in range(14)]
    assert found.first_opened == dt.datetime(2025, 3, 3, 0, 2, 44, tzinfo=dt.UTC)
    assert found.last_opened == dt.datetime(2025, 3, 16, 23, 51, 26, tzinfo=dt.UTC)
    assert (found.flags["answered"]["no"], found.flags["solved"]["yes"]) == (120, 64)


def test_the_series_of_volume_is_the_count_per_day(desk, samples):
    take_in(desk, samples / "support_questions_dst_offsets.csv", "Questions")
    metric = Metric.objects.get(derived="volume", source__name="Questions")
    series = Series.objects.get(metric=metric, unit=desk.unit)
    assert observations.arrays([series.pk]).values.tolist() == [
        41, 45, 47, 49, 42, 31, 28, 48, 43, 50, 44, 55, 32, 42,
    ]  # fmt: skip


def test_the_same_questions_written_in_utc_change_nothing(desk, samples):
    take_in(desk, samples / "support_questions_dst_offsets.csv", "Questions")
    before = sorted(Case.objects.values_list("external_id", "opened", "updated", "upload"))
    again = take_in(desk, samples / "extra" / "support_questions_dst_offsets_utc_reimport.csv", "Questions")
    counts = Counter(again.plan["counts"])
    assert (counts["new"], counts["changed"], counts["same"]) == (0, 0, 597)
    assert sorted(Case.objects.values_list("external_id", "opened", "updated", "upload")) == before
