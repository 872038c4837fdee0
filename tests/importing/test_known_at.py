"""Known-at: given, else read from the file, else the day it came; a date in the name is offered, never taken."""

import datetime as dt

import pytest
from django.urls import reverse

from tests.importing.test_import_file import CALLS, MAPPING, alder, run  # noqa: F401

pytestmark = pytest.mark.django_db
SAID = f"As of 31 March 2024\n\n{CALLS}"
DAY = dt.datetime(2024, 3, 31, 12, tzinfo=dt.UTC)


def test_a_line_of_the_file_says_it(client, desk):
    upload = desk.bring(SAID)
    assert (upload.known_at, upload.facts["known_from"]) == (DAY, "line")
    client.force_login(desk.person)
    assert "as the file says: “As of 31 March 2024”" in client.get(upload.get_absolute_url()).content.decode()


def test_what_a_person_gives_stands(desk):
    given = dt.datetime(2024, 5, 1, tzinfo=dt.UTC)
    upload = desk.bring(SAID, known_at=given)
    assert (upload.known_at, upload.facts["known_from"]) == (given, "person")


def test_a_day_in_the_name_is_offered(client, desk):
    upload = desk.bring(CALLS, name="calls-2024-03-31.csv")
    assert (upload.known_at.date(), upload.facts["known_from"]) == (upload.at.date(), "receipt")
    client.force_login(desk.person)
    link = reverse("map-import", args=[upload.pk]) + "?known_at=2024-03-31"
    assert link in client.get(upload.get_absolute_url()).content.decode()
    assert 'value="2024-03-31"' in client.get(link).content.decode()


def test_a_day_in_the_future_is_not_taken(desk):
    upload = desk.bring(SAID.replace("2024", "2190"))
    assert (upload.known_at.date(), upload.facts["known_from"]) == (upload.at.date(), "receipt")


def test_the_older_file_loses_although_it_comes_later(desk):
    desk.commit(desk.map(desk.bring(SAID.replace("31 March", "30 April")), {**MAPPING, "header_rows": [3]}))
    older = desk.map(desk.bring(SAID.replace("10", "99")), {**MAPPING, "header_rows": [3]})
    assert (older.plan["counts"]["older"], older.plan["counts"]["same"]) == (1, 1)


def test_the_command_tells_where_it_is_from(alder, run):  # noqa: F811
    _code, told = run(SAID, mapping={**MAPPING, "header_rows": [3]})
    assert (told["known_at"], told["known_from"]) == ("2024-03-31 12:00:00+00:00", "line")
    _code, told = run(CALLS, "--known-at", "2024-04-01", name="calls-2024-03-31.csv", source="Other")
    assert (told["known_from"], [one["moment"][:10] for one in told["known_said"]]) == ("person", ["2024-03-31"])
