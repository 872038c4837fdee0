"""A last period that is not over, and gaps inside a series."""

import datetime as dt

import numpy as np
import pytest

from metrics.importing.periods import Gaps
from metrics.models import Analysis, Series
from metrics.queries.analyses import rows_of
from tests.importing.test_import_file import MAPPING

pytestmark = pytest.mark.django_db
MONTHLY = {**MAPPING, "date": "month", "period": "month"}
YEAR = "".join(f"2024-{month:02d}-01,Alder Team North,{100 + month}\n" for month in range(1, 13))
MIDDLE, AFTER = dt.datetime(2025, 1, 15, tzinfo=dt.UTC), dt.datetime(2025, 2, 1, tzinfo=dt.UTC)


def file_of(last):
    return f"month,unit,calls\n{YEAR}2025-01-01,Alder Team North,{last}\n"


def drawn():
    """Months with a value that rules may use."""
    analysis = Analysis.objects.get(series__unit__name="Alder Team North")
    return sum(row.value is not None for row in rows_of(analysis))


def team():
    return Series.objects.get(unit__name="Alder Team North")


@pytest.fixture
def running(desk):
    """January is in the file of 15 January."""
    return desk.commit(desk.map(desk.bring(file_of(40), known_at=MIDDLE), MONTHLY))


def test_a_month_to_date_is_said_and_left_out_of_rules(client, desk, running):
    assert running.plan["partial"] == {
        "day": dt.date(2025, 1, 1).toordinal(),
        "until": dt.date(2025, 1, 15).toordinal(),
    }
    assert drawn() == 12
    client.force_login(desk.person)
    assert "no rule uses it" in client.get(running.get_absolute_url()).content.decode()
    page = client.get(team().get_absolute_url()).content.decode()
    assert "is known to Jan. 15, 2025 only" in page or "is known to 15 January 2025 only" in page
    sums = Series.objects.filter(rolled_up=True).values_list("partial_day", flat=True)
    assert set(sums) == {dt.date(2025, 1, 1).toordinal()}


def test_a_later_file_completes_it_and_its_undo_opens_it_again(desk, running):
    later = desk.commit(desk.bring(file_of(95), known_at=AFTER))
    assert (later.plan["partial"], team().partial_day, drawn()) == (None, None, 13)
    desk.undo(later)
    assert (team().partial_day, drawn()) == (dt.date(2025, 1, 1).toordinal(), 12)


def test_the_same_bytes_later_know_no_more(desk, running):
    again = desk.commit(desk.bring(file_of(40), known_at=AFTER))
    assert (again.plan["partial"], drawn()) == (running.plan["partial"], 12)


def test_a_person_may_confirm_that_it_is_whole(desk):
    upload = desk.map(desk.bring(file_of(95), known_at=MIDDLE), MONTHLY)
    assert (desk.commit(upload, whole=True).plan["whole"], team().partial_day, drawn()) == (True, None, 13)


def test_a_file_of_a_month_that_is_over_says_nothing(desk):
    assert desk.map(desk.bring(file_of(95), known_at=AFTER), MONTHLY).plan["partial"] is None


def test_cases_know_as_far_as_their_last(desk):
    lines = "".join(f"{day},2024-01-{day:02d} 09:00\n" for day in range(1, 20))
    mapping = {"shape": "cases", "zone": "UTC", "period": "month", "cases": {"id": "id", "opened": "opened"}}
    upload = desk.map(desk.bring(f"id,opened\n{lines}", known_at=AFTER), mapping)
    assert upload.plan["partial"]["until"] == dt.date(2024, 1, 19).toordinal()


def test_gaps_are_said_in_the_plan(client, desk):
    text = file_of(95).replace("2024-03-01,Alder Team North,103\n", "")
    upload = desk.map(desk.bring(text, known_at=AFTER), MONTHLY)
    assert upload.plan["gaps"] == {"series": 1, "periods": 1}
    client.force_login(desk.person)
    assert "1 period is missing inside 1 series" in client.get(upload.get_absolute_url()).content.decode()


@pytest.mark.parametrize(
    ("period", "days", "told"),
    [
        ("day", [1, 2, 3, 4, 5, 8, 9], (0, 0)),
        ("day", [1, 2, 3, 4, 5, 6, 7, 8, 11], (1, 2)),
        ("week", [1, 8, 29], (1, 2)),
        ("day", [1], (0, 0)),
    ],
)
def test_weekends_are_no_gaps_of_a_desk_that_is_shut(period, days, told):
    gaps = Gaps(period)
    first = dt.date(2023, 12, 31).toordinal()
    days = [first + day for day in days]
    gaps.add(np.array([1] * len(days), np.int64), np.array(days, np.int32))
    assert (gaps.series, gaps.periods) == told
