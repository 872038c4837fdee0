"""Cases that a newer export does not hold any more: told, decided by a person, taken back with the import."""

import datetime as dt

import pytest
from django.urls import reverse

from metrics.models import Observation, Series
from metrics.queries import cases
from teams.models import TrailEntry
from tests.importing.test_import_file import alder, run  # noqa: F401

pytestmark = pytest.mark.django_db
HEAD = "id,opened,closed\n"
A, B, C, D = (f"{name},2024-01-0{day} 09:00,2024-01-05 09:00\n" for name, day in zip("ABCD", (1, 1, 2, 3), strict=True))
MAPPING = {"shape": "cases", "zone": "UTC", "cases": {"id": "id", "opened": "opened", "closed": "closed"}}


def at(day):
    return dt.datetime(2024, 2, day, tzinfo=dt.UTC)


def bring(desk, text, day):
    upload = desk.bring(text, known_at=at(day))
    return upload if upload.state == "planned" else desk.map(upload, MAPPING)


def volume():
    """{day of January: cases} of the series of the volume."""
    series = Series.objects.get(
        metric__derived="volume", service=None, channel=None, product=None, unit__kind="department"
    )
    rows = Observation.objects.filter(series=series).values_list("day", "numerator")
    return {dt.date.fromordinal(day).day: count for day, count in rows}


@pytest.fixture
def newer(desk):
    """A, B, C and D are known; a newer file holds A and D, and E of the same days."""
    desk.commit(bring(desk, HEAD + A + B + C + D, 1))
    return bring(desk, HEAD + A + D + "E,2024-01-02 09:00,\n", 2)


def test_they_are_counted_and_listed_in_the_plan(client, desk, newer):
    assert (newer.plan["vanished"], newer.plan["counts"]["new"], newer.plan["counts"]["same"]) == (2, 1, 2)
    client.force_login(desk.person)
    page = client.get(reverse("vanished-cases", args=[newer.pk]) + "?export=csv")
    assert b"".join(page).decode("utf-8-sig").split() == ["case,opened", "on", "B,2024-01-01", "C,2024-01-02"]


@pytest.mark.parametrize(("rows", "told"), [(A + B, False), (A, True)])
def test_a_plan_of_vanished_cases_alone_does_not_say_that_nothing_changes(client, desk, rows, told):
    desk.commit(bring(desk, HEAD + A + B, 1))
    upload = bring(desk, HEAD + rows, 2)
    client.force_login(desk.person)

    page = client.get(upload.get_absolute_url()).content.decode()

    assert ("committing changes nothing" in page, "committing decides whether they still count" in page) == (
        not told,
        told,
    )


def test_a_person_has_to_decide_on_the_page(client, desk, newer):
    client.force_login(desk.person)
    url, form = reverse("commit-import", args=[newer.pk]), {"seen": newer.plan["hash"], "accept_truncated": "on"}
    assert client.post(url, form).status_code == 422
    assert client.post(url, {**form, "vanished": "take_out"}).status_code == 302
    assert desk.work(newer).state == "done"
    entry = TrailEntry.objects.filter(verb="commit").latest("pk")
    assert (entry.after["vanished"], entry.after["vanished_cases"]) == ("take_out", 2)


def test_kept_they_count_as_before(desk, newer):
    desk.commit(newer, accept_truncated=True, vanished="keep")
    assert volume() == {1: 2, 2: 2, 3: 1}


def test_taken_out_they_do_not_count_until_the_import_is_undone(desk, newer):
    newer = desk.commit(newer, accept_truncated=True, vanished="take_out")
    assert volume() == {1: 1, 2: 1, 3: 1}
    assert cases.figures(desk.person, newer.source).count == 3
    desk.undo(newer)
    assert volume() == {1: 2, 2: 1, 3: 1}


def test_a_case_that_comes_back_counts_again(desk, newer):
    newer = desk.commit(newer, accept_truncated=True, vanished="take_out")
    back = bring(desk, HEAD + A + B + D, 3)
    assert back.plan["counts"]["changed"] == 1
    back = desk.commit(back, accept_truncated=True, vanished="keep")
    assert volume() == {1: 2, 2: 1, 3: 1}
    desk.undo(back)
    assert volume() == {1: 1, 2: 1, 3: 1}


def test_an_older_file_does_not_bring_them_back(desk, newer):
    newer = desk.commit(newer, accept_truncated=True, vanished="take_out")
    older = bring(desk, HEAD + B + C, 1)
    desk.commit(older, accept_truncated=True)
    assert volume() == {1: 1, 2: 1, 3: 1}


@pytest.mark.parametrize(
    "text", [HEAD + "X,2024-01-01 09:00,\nY,2024-01-03 09:00,\n", HEAD + A, HEAD + A + "B,soon,\n"]
)
def test_files_that_are_no_newer_export_of_the_same_flag_nothing(desk, text):
    """Other cases; a shorter span of days; a row that was rejected all the same."""
    desk.commit(bring(desk, HEAD + A + C.replace("C", "B") + D, 1))
    assert bring(desk, text, 2).plan["vanished"] == 0


def test_the_command_tells_and_takes_out(alder, run):  # noqa: F811
    run(HEAD + A + B + C + D, "--known-at", "2024-02-01", mapping=MAPPING)
    code, told = run(HEAD + A + D, "--known-at", "2024-02-02", "--vanished", "take-out", "--accept-truncated")
    assert (code, told["vanished"]) == (0, {"count": 2, "decision": "take_out", "cases": ["B", "C"]})
