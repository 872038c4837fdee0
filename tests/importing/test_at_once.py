"""Two at the very same time, each with a connection of its own: one is taken, the other is told."""

import threading

import pytest
from django.db import connection

from jobs import workflow as jobs
from metrics.models import Observation, Upload
from metrics.workflow import uploads
from teams.refusals import Refused
from tests.importing.test_order import MAPPING

pytestmark = pytest.mark.django_db(transaction=True)


def at_once(*acts):
    """Run these in threads that start together; what each returned, or the code with which it was refused."""
    gate, found = threading.Barrier(len(acts)), [None] * len(acts)

    def run(place, act):
        try:
            gate.wait()
            found[place] = act()
        except Refused as refused:
            found[place] = refused.code
        finally:
            connection.close()

    threads = [threading.Thread(target=run, args=one) for one in enumerate(acts)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return found


def test_two_plans_of_one_file_committed_at_once(desk):
    text = "day,team,calls,answered\n2024-01-01,Canteen,10,8\n2024-01-02,Canteen,12,8\n"
    plans = []
    for _copy in range(2):
        upload = desk.bring(text)
        plans.append(desk.map(upload, MAPPING, choices={"other_units": "create"}))
    found = at_once(*(lambda upload=upload: uploads.commit(desk.person, upload).state for upload in plans))
    assert sorted(found) in (["merging", "stale"], ["busy", "merging"])
    jobs.run_pending()
    assert Observation.objects.filter(upload__isnull=False).count() == 4
    assert sorted(Upload.objects.values_list("state", flat=True)) == ["done", "planned"]


def test_one_upload_committed_twice_at_once(desk):
    upload = desk.bring("day,team,calls,answered\n2024-01-01,Alder Team North,10,8\n")
    upload = desk.map(upload, MAPPING) if upload.state == "received" else upload
    found = at_once(*[lambda: uploads.commit(desk.person, upload).state] * 2)
    assert sorted(found) == ["merging", "not_now"]
    jobs.run_pending()
    assert Upload.objects.get().state == "done"


def test_a_merge_picked_up_by_two_workers_is_done_once(desk):
    upload = desk.bring("day,team,calls,answered\n2024-01-01,Alder Team North,10,8\n")
    upload = desk.map(upload, MAPPING) if upload.state == "received" else upload
    uploads.commit(desk.person, upload)
    at_once(jobs.run_pending, jobs.run_pending)
    jobs.run_pending()
    assert Upload.objects.get().state == "done"
    assert Observation.objects.filter(upload__isnull=False).count() == 2
