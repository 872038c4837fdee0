"""The pages of the trail: who reads it, what is found, and that it says whether it is whole."""

import datetime as dt

import pytest
from django.db import transaction

from teams import trail
from teams.models import TrailEntry
from tests.reviews import making
from tests.teams.test_trail import LENGTH, sql, write


@pytest.fixture
def chain(world):
    write(world.a.department, world.a.supervisor)
    return world


def test_only_an_administrator_reads_the_trail(chain, client_of):
    statuses = {
        part: client_of(getattr(chain.a, part)).get("/trail").status_code
        for part in ("supervisor", "decision_maker", "team_lead", "colleague", "administrator")
    }
    assert statuses == {
        "supervisor": 403,
        "decision_maker": 403,
        "team_lead": 403,
        "colleague": 403,
        "administrator": 200,
    }


def test_another_organisations_entries_are_not_there(chain, client_of):
    client = client_of(chain.b.administrator)
    assert "rename" not in client.get("/trail?export=csv").getvalue().decode()
    assert client.get("/trail/1").status_code == 404


def test_finds_who_changed_this_and_what(chain, client_of):
    client = client_of(chain.a.administrator)
    with transaction.atomic():
        trail.record(chain.a.team_lead, "archive_unit", chain.a.team, {"archived_at": None}, {"archived_at": "today"})
    page = client.get(f"/trail?kind=teams.unit&object={chain.a.team.pk}&who={chain.a.team_lead.pk}").content.decode()
    assert page.count("Archived the unit") == 1
    assert "Archived at: – → today" in page
    entry = client.get(f"/trail/{LENGTH + 1}").content.decode()
    assert "Asel Alder" in entry


def test_filters_by_period(chain, client_of, clock_at):
    clock_at(dt.date(2018, 5, 1))
    with transaction.atomic():
        trail.record(chain.a.team_lead, "archive_unit", chain.a.team)
    client = client_of(chain.a.administrator)
    export = client.get("/trail?from=2018-05-01&until=2018-05-01&export=csv").getvalue().decode()
    assert len(export.splitlines()) == 2
    assert client.get("/trail?from=2018-05-02&until=2018-05-03").status_code == 200


def test_the_page_costs_the_same_however_long_it_is(world, client_of, django_assert_max_num_queries):
    client = client_of(world.a.administrator)
    costs = []
    for many in (1, 49):
        write(world.a.department, world.a.supervisor, many)
        with django_assert_max_num_queries(15) as counted:
            client.get("/trail")
        costs.append(len(counted))
    assert costs[0] == costs[1]


def test_the_button_says_whether_it_is_whole(chain, client_of):
    client = client_of(chain.a.administrator)
    assert f"all {LENGTH} entries hold" in client.post("/trail/verify-trail").content.decode()
    sql("UPDATE teams_trailentry SET verb = 'other' WHERE number = 7")
    page = client.post("/trail/verify-trail").content.decode()
    assert "entry 7 is the first that cannot be trusted" in page


def test_an_entry_leads_only_where_its_reader_may_go(world, client_of):
    """An administrator reads what was done to a review, and cannot open the review."""
    review = making.planned(world.a)
    entry = TrailEntry.objects.filter(kind="reviews.review", object_id=str(review.pk)).latest("number")

    page = client_of(world.a.administrator).get(f"/trail/{entry.number}").content.decode()

    assert (review.title in page, f'href="{review.get_absolute_url()}"' in page) == (True, False)
    assert client_of(world.a.administrator).get(review.get_absolute_url()).status_code == 404


def test_the_list_is_short_and_the_entry_and_the_export_have_every_field(world, client_of):
    client = client_of(world.a.administrator)
    fields = dict.fromkeys(("aim", "basis", "cause", "depth", "effect"), "before")
    with transaction.atomic():
        trail.record(world.a.team_lead, "rename_unit", world.a.team, fields, dict.fromkeys(fields, "after"))
    page = client.get("/trail").content.decode()
    assert "Cause: before → after; 2 more fields" in page
    assert "Effect: before → after" not in page
    exported = b"".join(client.get("/trail?export=csv").streaming_content).decode("utf-8-sig")
    assert "Effect: before → after" in exported


# Read by people


def test_an_entry_names_people_and_says_yes_and_no(world, client_of):
    alder = world.a
    before = {"supervisor": alder.supervisor.pk, "is_active": True, "counts": {}}
    after = {"supervisor": alder.second_supervisor.pk, "is_active": False, "counts": {"new": 877, "left_out": 0}}
    review = making.planned(alder)
    with transaction.atomic():
        entry = trail.record(alder.administrator, "hand_over", review, before, after)
    admin = client_of(alder.administrator)

    page = admin.get(f"/trail/{entry.number}").content.decode()
    rows = {one.split("</th>")[0]: one for one in page.split('<tr><th scope="row">')[1:]}
    listed = admin.get("/trail").content.decode()

    assert alder.supervisor.name in rows["Supervisor"] and alder.second_supervisor.name in rows["Supervisor"]
    assert ">yes<" in rows["Is active"] and ">no<" in rows["Is active"]
    assert ">–<" in rows["Counts"] and ">new 877, left out 0<" in rows["Counts"]
    assert "Is active: yes → no" in listed
