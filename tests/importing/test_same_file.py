"""The very same file again: its plan is taken from the last one, and only where nothing in it is news."""

import pytest

from metrics.importing import planning
from metrics.models import Block, Observation, RejectedRow, Upload
from teams.models import TrailEntry, Unit
from tests.importing.test_import_file import CALLS, MAPPING

pytestmark = pytest.mark.django_db
CASES = "id,opened,closed\nA,2024-01-01 09:00,2024-01-02 09:00\nB,2024-01-01 10:00,\nC,soon,\n"


@pytest.fixture
def unread(monkeypatch):
    """From now on the file must not be read again."""

    def forbid():
        def read(*_given, **_more):
            raise AssertionError("the file was read")

        monkeypatch.setattr(planning, "read", read)

    return forbid


def test_the_same_values_are_planned_unread(desk, unread):
    text = CALLS + "2024-01-03,Alder Team North,many\n"
    first = desk.commit(desk.map(desk.bring(text), MAPPING), accept_valid=True)
    unread()
    again = desk.bring(text)
    assert (again.state, again.plan["read_before"]) == ("planned", first.pk)
    assert again.plan["counts"] == {**first.plan["counts"], "new": 0, "same": 2}
    assert list(RejectedRow.objects.filter(upload=again).values_list("row", "cells")) == [
        (4, ["2024-01-03", "Alder Team North", "many"])
    ]
    entries, values = TrailEntry.objects.count(), list(Observation.objects.order_by("pk").values())
    assert desk.commit(again, accept_valid=True).state == "done"
    assert (list(Observation.objects.order_by("pk").values()), TrailEntry.objects.count()) == (values, entries + 1)


def test_the_same_cases_are_planned_unread(desk, unread):
    upload = desk.bring(CASES)
    mapping = {"shape": "cases", "cases": {"id": "id", "opened": "opened", "closed": "closed"}}
    first = desk.commit(desk.map(upload, mapping, zone="UTC"), accept_valid=True)
    unread()
    again = desk.bring(CASES)
    assert (again.state, again.plan["counts"]["same"], again.plan["read_before"]) == ("planned", 2, first.pk)


def test_undo_of_the_first_leaves_what_the_second_said(desk):
    first = desk.commit(desk.map(desk.bring(CALLS), MAPPING))
    again = desk.commit(desk.bring(CALLS))
    desk.undo(first)
    assert set(Observation.objects.filter(upload__isnull=False).values_list("upload", "numerator")) == {
        (again.pk, 10.0),
        (again.pk, 12.0),
    }


@pytest.mark.parametrize("how", ["another value", "another mapping", "a unit in the archive"])
def test_where_anything_is_news_the_file_is_read(desk, how):
    first = desk.commit(desk.map(desk.bring(CALLS), MAPPING))
    if how == "another value":
        desk.commit(desk.bring(CALLS.replace("10", "11")))
    if how == "a unit in the archive":
        Unit.objects.filter(name="Alder Team North").update(archived_at="2024-01-01T00:00:00Z")
    again = desk.bring(CALLS)
    if how == "another mapping":
        again = desk.map(again, {**MAPPING, "total_words": ["Rest"]})
    assert (again.state, "read_before" in again.plan) == ("planned", False)
    assert Block.objects.filter(upload=again, number__gt=0).count() == again.plan["blocks"]
    assert Upload.objects.get(pk=first.pk).state == "done"
