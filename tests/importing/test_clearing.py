"""Plans that nobody takes over do not lie staged for ever."""

import datetime as dt

import pytest
from django.urls import reverse

from metrics.models import Block, RejectedRow, Upload
from metrics.workflow import clearing
from teams import clock
from teams.models import TrailEntry
from tests.importing.test_import_file import CALLS, MAPPING

pytestmark = pytest.mark.django_db
NOW = dt.datetime(2026, 1, 5, 12, tzinfo=dt.UTC)


@pytest.fixture
def planned(desk):
    with clock.at(NOW):
        return desk.map(desk.bring(CALLS + "2024-01-03,Alder Team North,many\n"), MAPPING)


def clear_after(days):
    with clock.at(NOW + dt.timedelta(days=days)):
        return clearing.clear()


def test_a_young_plan_stays(planned):
    assert clear_after(29) == 0
    assert Block.objects.filter(upload=planned).count() == 2


def test_an_old_plan_is_cleared_and_says_so(client, desk, planned):
    assert clear_after(31) == 1
    upload = Upload.objects.get(pk=planned.pk)
    assert (upload.state, upload.plan, [one["code"] for one in upload.problems]) == ("received", {}, ["plan_cleared"])
    assert (Block.objects.count(), RejectedRow.objects.count()) == (0, 0)
    assert TrailEntry.objects.filter(verb="clear", person=None).count() == 1
    client.force_login(desk.person)
    page = client.get(upload.get_absolute_url()).content.decode()
    assert "was cleared" in page and reverse("plan-import", args=[upload.pk]) in page
    assert clear_after(32) == 0


def test_a_cleared_plan_is_made_again_with_one_click(client, desk, planned):
    clear_after(31)
    client.force_login(desk.person)
    client.post(reverse("plan-import", args=[planned.pk]))
    again = desk.work(planned)
    assert (again.state, again.plan["hash"], again.problems) == ("planned", planned.plan["hash"], [])
    assert desk.commit(again, accept_valid=True).state == "done"


def test_what_a_cancelled_upload_left_is_cleared(planned):
    Upload.objects.filter(pk=planned.pk).update(state="cancelled")
    assert clear_after(0) == 1
    assert Block.objects.count() == 0


def test_what_is_done_stays(desk, planned):
    desk.commit(planned, accept_valid=True)
    assert clear_after(400) == 0
    assert Block.objects.filter(upload=planned).count() == 2
