"""The changes of a plan are found in a fixed number of queries, however many blocks it was packed in."""

import datetime as dt

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from metrics import blocks
from metrics.queries.uploads import changes
from metrics.workflow import uploads

pytestmark = pytest.mark.django_db
FIRST = dt.date(2026, 1, 1)


def file_of(days, value_of, teams=("Alder Team North",)):
    rows = [
        f"{FIRST + dt.timedelta(days=day)},{team},{value_of(day)},100,{place}"
        for place, team in enumerate(teams)
        for day in range(days)
    ]
    return "\n".join(["day,team,answered,all,place", *rows]) + "\n"


def brought(desk, text):
    upload = desk.bring(text)
    if upload.state == "planned":
        return upload
    metrics = [{"name": "Answered", "numerator": {"plus": ["answered"]}, "denominator": {"plus": ["all"]}}]
    said = {"shape": "measured", "date": "day", "period": "day", "unit_column": "team", "metrics": metrics}
    upload = desk.map(upload, said, zone="UTC", choices={"other_units": "create"})
    assert (upload.state, upload.problems) == ("planned", [])
    return upload


def corrected(desk, monkeypatch, days, every):
    """A plan in blocks of four rows that changes one value in so many."""
    monkeypatch.setattr(blocks, "SLICE", 4)
    desk.commit(brought(desk, file_of(days, lambda day: 80)))
    upload = brought(desk, file_of(days, lambda day: 70 if day % every == 0 else 80))
    assert upload.plan["blocks"] == days // 4
    return upload


def queries_of(*asked, **more):
    with CaptureQueriesContext(
        connection,
    ) as seen:
        changes(*asked, **more)
    return len([one for one in seen.captured_queries if "SAVEPOINT" not in one["sql"]])


@pytest.mark.parametrize("first", [0, 5])
def test_many_blocks_cost_as_many_queries_as_few(desk, monkeypatch, first):
    upload = corrected(desk, monkeypatch, 160, 8)
    many = queries_of(upload, "changed", first, 15)
    assert len(changes(upload, "changed", first, 15)) == 15
    assert many == queries_of(upload, "changed", first, 1) <= 5


def test_each_page_holds_its_rows(desk, monkeypatch):
    upload = corrected(desk, monkeypatch, 80, 5)
    whole = changes(upload, "changed", 0, 100)
    assert [one.day for one in whole] == [FIRST + dt.timedelta(days=5 * place) for place in range(16)]
    assert {(one.old, one.new) for one in whole} == {(0.8, 0.7)}
    pages = [one for first in range(0, 20, 3) for one in changes(upload, "changed", first, 3)]
    assert pages == whole
    # A plan that was made before the blocks were counted is read one block after the other.
    counted = upload.plan.pop("statuses")
    assert sum(each[blocks.CHANGED] for each in counted) == 16
    assert [one for first in range(0, 20, 3) for one in changes(upload, "changed", first, 3)] == whole
    assert queries_of(upload, "changed", 6, 3) <= 5


def test_many_new_series_cost_as_many_queries_as_one(desk):
    desk.commit(brought(desk, file_of(2, lambda day: 80)))
    teams = [f"Alder Team {number}" for number in range(30)]
    upload = brought(desk, file_of(2, lambda day: 80, teams))
    assert len(changes(upload, "new", 0, 50)) == 50
    assert queries_of(upload, "new", 0, 50) == queries_of(upload, "new", 0, 1) <= 6


def test_a_cancelled_plan_shows_no_rows(desk, monkeypatch):
    upload = corrected(desk, monkeypatch, 16, 4)
    upload = desk.work(uploads.cancel(desk.person, upload))
    assert changes(upload, "changed") == []
