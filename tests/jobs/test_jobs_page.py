"""The page of jobs, a job's own page, and the fragment that other pages show while they wait."""

import pytest

from jobs import states, workflow
from jobs.models import Job

pytestmark = pytest.mark.django_db


@pytest.fixture
def job(world):
    return workflow.enqueue("tests.plan", {}, person=world.a.team_lead, unit=world.a.team)


def test_the_list_shows_jobs_of_own_units(world, job, client_of):
    assert "tests.plan" in client_of(world.a.supervisor).get("/jobs").content.decode()
    assert "tests.plan" not in client_of(world.b.supervisor).get("/jobs").content.decode()
    assert client_of(world.a.colleague).get("/jobs").status_code == 403


def test_the_list_filters_and_exports(world, job, client_of):
    client = client_of(world.a.supervisor)
    assert "tests.plan" not in client.get("/jobs?state=failed").content.decode()
    file = b"".join(client.get("/jobs?export=csv").streaming_content).decode()
    assert "tests.plan" in file


def test_the_list_costs_the_same_however_long(world, job, client_of, django_assert_num_queries):
    from django.db import connection
    from django.test.utils import CaptureQueriesContext

    client = client_of(world.a.supervisor)

    def queries():
        with CaptureQueriesContext(
            connection,
        ) as captured:
            client.get("/jobs")
        return len(captured)

    queries()
    few = queries()
    for _each in range(50):
        workflow.enqueue("tests.plan", {}, person=world.a.team_lead, unit=world.a.team)
    assert queries() == few


def test_runs_by_the_clock_are_shown_to_who_steers(world, client_of):
    workflow.enqueue("jobs.housekeeping", {})
    assert "By the clock" in client_of(world.a.administrator).get("/jobs").content.decode()


def test_who_asked_sees_its_progress(world, job, client_of):
    Job.objects.update(state=states.RUNNING, done=40, total=160, phase="planning")
    answer = client_of(world.a.team_lead).get(f"/jobs/{job.pk}", headers={"HX-Request": "true"})
    text = answer.content.decode()
    assert "40 of 160 (25 %)" in text
    assert 'hx-trigger="every 2s"' in text
    assert "<html" not in text
    assert "HX-Refresh" not in answer


def test_the_fragment_of_a_finished_job_reloads_the_page(world, job, client_of):
    Job.objects.update(state=states.DONE)
    answer = client_of(world.a.team_lead).get(f"/jobs/{job.pk}", headers={"HX-Request": "true"})
    assert answer["HX-Refresh"] == "true"
    assert "hx-trigger" not in answer.content.decode()


def test_a_failed_job_says_why_and_runs_again(world, job, client_of):
    Job.objects.update(state=states.FAILED, error_code="worker_died")
    client = client_of(world.a.team_lead)
    page = client.get(f"/jobs/{job.pk}").content.decode()
    assert "The process that did this work ended each time" in page
    client.post(f"/jobs/{job.pk}/again")
    job.refresh_from_db()
    assert job.state == states.QUEUED


def test_a_job_is_cancelled_from_its_page(world, job, client_of):
    client_of(world.a.supervisor).post(f"/jobs/{job.pk}/cancel")
    job.refresh_from_db()
    assert job.state == states.CANCELLED


def test_a_done_job_cannot_be_cancelled_any_more(world, job, client_of):
    Job.objects.update(state=states.DONE)
    assert client_of(world.a.supervisor).post(f"/jobs/{job.pk}/cancel").status_code == 422


def test_strangers_find_nothing(world, job, client_of):
    for person in (world.b.supervisor, world.b.administrator, world.a.colleague):
        client = client_of(person)
        assert [
            client.get(f"/jobs/{job.pk}").status_code,
            client.post(f"/jobs/{job.pk}/cancel").status_code,
            client.post(f"/jobs/{job.pk}/again").status_code,
        ] == [404, 404, 404]
