import datetime as dt

import pytest
from django.utils import timezone

from teams import clock, zone
from teams.models import Workspace


@pytest.mark.parametrize(
    ("workspace", "day"),
    [("UTC", dt.date(2026, 3, 3)), ("Asia/Almaty", dt.date(2026, 3, 4)), ("No/Where", dt.date(2026, 3, 3))],
)
def test_a_day_begins_where_the_workspace_is(db, clock_at, workspace, day):
    Workspace.objects.create(pk=1, zone=workspace)
    clock_at(dt.datetime(2026, 3, 3, 23, 30, tzinfo=dt.UTC))
    with zone.of_workspace():
        assert clock.today() == day


def test_pages_tell_the_time_of_the_workspace_and_leave_no_zone_behind(world, client_of, clock_at):
    Workspace.objects.create(pk=1, zone="Asia/Almaty")
    clock_at(dt.datetime(2026, 3, 3, 23, 30, tzinfo=dt.UTC))
    client = client_of(world.a.administrator)
    client.post("/units", {"name": "Alder East", "kind": "team", "parent": world.a.department.pk})
    assert "4 Mar 2026, 04:30" in client.get("/trail").content.decode()
    assert timezone.get_current_timezone_name() == "UTC"
