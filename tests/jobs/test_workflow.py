"""Jobs from asking to ending: who joins whom, who holds what, and what a failure leaves behind."""

import datetime as dt
import uuid

import pytest
from django.core.exceptions import PermissionDenied
from django.db import OperationalError, transaction
from django.utils import timezone

from jobs import states, workflow
from jobs.models import Job
from jobs.registry import Cancelled, Lost
from teams.models import TrailEntry
from teams.refusals import Refused

pytestmark = pytest.mark.django_db


def nothing(run):
    pass


def expire(job):
    Job.objects.filter(pk=job.pk).update(lease_until=timezone.now() - dt.timedelta(seconds=1))


def test_a_job_runs_to_done(works):
    seen = []
    works("tests.add", lambda run: seen.append(run.arguments["number"]))

    workflow.enqueue("tests.add", {"number": 7})

    assert [job.state for job in workflow.run_pending()] == [states.DONE]
    assert seen == [7]


def test_run_pending_also_runs_what_the_work_enqueues(works):
    order = []

    def first(run):
        order.append("first")
        workflow.enqueue("tests.second", {})

    works("tests.first", first)
    works("tests.second", lambda run: order.append("second"))
    workflow.enqueue("tests.first", {})

    assert [job.work for job in workflow.run_pending()] == ["tests.first", "tests.second"]
    assert order == ["first", "second"]


def test_the_work_knows_who_asked(works, world):
    seen = []
    works("tests.who", lambda run: seen.append(run.person))
    workflow.enqueue("tests.who", {}, person=world.a.supervisor)
    workflow.run_pending()
    assert seen == [world.a.supervisor]


def test_a_second_request_with_the_same_key_joins_the_first():
    first = workflow.enqueue("tests.any", {}, key="plan:1")
    assert workflow.enqueue("tests.any", {}, key="plan:1") == first
    assert workflow.enqueue("tests.any", {}, key="plan:2") != first
    assert Job.objects.count() == 2


def test_a_key_is_free_again_when_the_job_is_finished(works):
    works("tests.any", nothing)
    first = workflow.enqueue("tests.any", {}, key="plan:1")
    workflow.run_pending()
    assert workflow.enqueue("tests.any", {}, key="plan:1") != first


def test_only_one_of_two_claims_holds():
    job = workflow.enqueue("tests.any", {})
    held = workflow.claim(job.pk)
    assert workflow.claim(job.pk) is None
    job.refresh_from_db()
    assert (job.state, job.token, job.attempts) == (states.RUNNING, held.token, 1)


def test_an_expired_lease_passes_on_and_the_first_holder_is_lost():
    job = workflow.enqueue("tests.any", {})
    first = workflow.claim(job.pk)
    expire(job)
    second = workflow.claim(job.pk)

    with pytest.raises(Lost):
        first.progress(1, 2)
    with pytest.raises(Lost), first.commit(done=1):
        raise AssertionError("nothing may be written here")
    with second.commit(done=1, total=2):
        pass
    job.refresh_from_db()
    assert (job.done, job.total) == (1, 2)


def test_a_lost_attempt_does_not_settle_the_job():
    job = workflow.enqueue("tests.any", {})
    first = workflow.claim(job.pk)
    expire(job)
    second = workflow.claim(job.pk)
    workflow.settle(first, workflow.running.Outcome("done"))
    job.refresh_from_db()
    assert (job.state, job.token) == (states.RUNNING, second.token)


def test_a_later_attempt_goes_on_where_the_first_got_to(works):
    steps = []

    def count(run):
        for step in range(run.done, 3):
            with run.commit(done=step + 1, total=3):
                steps.append(step)
            if step == 1 and run.attempt == 1 and len(steps) == 2:
                raise OperationalError("the database went away")

    works("tests.count", count)
    workflow.enqueue("tests.count", {})
    assert [job.state for job in workflow.run_pending()] == [states.QUEUED, states.DONE]
    assert steps == [0, 1, 2]


def test_progress_counts_attempts_anew_so_that_a_long_job_survives_many_restarts():
    job = workflow.enqueue("tests.any", {})
    for step in range(1, 9):
        run = workflow.claim(job.pk)
        with run.commit(done=step, total=9):
            pass
        expire(job)
    job.refresh_from_db()
    assert (job.done, job.attempts, job.max_attempts) == (8, 1, 5)


def test_passing_trouble_is_tried_five_times_and_then_failed_with_its_reason(works):
    def away(run):
        raise OperationalError("database is away")

    works("tests.away", away)
    workflow.enqueue("tests.away", {})
    assert [job.state for job in workflow.run_pending()] == [states.QUEUED] * 4 + [states.FAILED]
    job = Job.objects.get()
    assert (job.error_code, job.error) == ("passing", "OperationalError: database is away")


def test_a_fault_fails_at_once_with_its_reason(works):
    def faulty(run):
        raise KeyError("month")

    works("tests.faulty", faulty)
    workflow.enqueue("tests.faulty", {})
    (job,) = workflow.run_pending()
    assert (job.state, job.error_code, job.error, job.attempts) == (states.FAILED, "fault", "KeyError: 'month'", 1)


def test_a_refusal_of_the_domain_becomes_the_reason(works):
    def refuse(run):
        raise Refused("no_dates", "No column holds dates.")

    works("tests.refuse", refuse)
    workflow.enqueue("tests.refuse", {})
    (job,) = workflow.run_pending()
    assert (job.state, job.error_code, job.error) == (states.FAILED, "no_dates", "No column holds dates.")


def test_work_that_nobody_knows_fails_with_its_name(works):
    workflow.enqueue("tests.unheard", {})
    (job,) = workflow.run_pending()
    assert (job.state, job.error_code, job.error) == (states.FAILED, "unknown_work", "tests.unheard")


def test_the_end_of_a_failed_job_is_told_to_its_app(works):
    ended = []

    def refuse(run):
        raise Refused("no_dates", "No column holds dates.")

    works("tests.refuse", refuse, ended=lambda job: ended.append((job.arguments["upload"], job.state)))
    workflow.enqueue("tests.refuse", {"upload": 4})
    workflow.run_pending()
    assert ended == [(4, states.FAILED)]


def test_a_job_that_waits_is_cancelled_at_once(world):
    person = world.a.supervisor
    job = workflow.enqueue("tests.any", {}, person=person, unit=world.a.team)
    assert workflow.cancel(person, job).state == states.CANCELLED
    assert workflow.run_pending() == []
    assert TrailEntry.objects.values_list("verb", "person", "after").get() == (
        "cancel",
        person.pk,
        {"state": "cancelled", "cancel_asked": True},
    )


def test_a_running_job_ends_at_its_next_step(works, world):
    person, steps = world.a.supervisor, []

    def long(run):
        for step in range(5):
            if step == 2:
                workflow.cancel(person, Job.objects.get())
            run.progress(step, 5, phase=f"step {step}")
            steps.append(step)

    works("tests.long", long)
    workflow.enqueue("tests.long", {}, person=person, unit=world.a.team)
    assert [job.state for job in workflow.run_pending()] == [states.CANCELLED]
    assert steps == [0, 1]


def test_work_beyond_recall_is_not_cancelled(works, world):
    def merge(run):
        run.cancellable = False
        workflow.cancel(world.a.supervisor, Job.objects.get())
        run.progress(1, 2, phase="merging")

    works("tests.merge", merge)
    workflow.enqueue("tests.merge", {}, person=world.a.supervisor, unit=world.a.team)
    assert [job.state for job in workflow.run_pending()] == [states.DONE]


def test_cancelled_is_raised_to_the_work(world):
    job = workflow.enqueue("tests.any", {}, person=world.a.supervisor, unit=world.a.team)
    run = workflow.claim(job.pk)
    workflow.cancel(world.a.supervisor, job)
    with pytest.raises(Cancelled):
        run.progress(1, 2)


def test_a_finished_job_cannot_be_cancelled(works, world):
    works("tests.any", nothing)
    job = workflow.enqueue("tests.any", {}, person=world.a.supervisor, unit=world.a.team)
    workflow.run_pending()
    job.refresh_from_db()
    with pytest.raises(Refused) as refused:
        workflow.cancel(world.a.supervisor, job)
    assert refused.value.code == "not_now"


def test_a_failed_job_runs_again_from_the_start_of_its_attempts(works, world):
    works("tests.any", nothing)
    job = workflow.enqueue("tests.unheard", {}, unit=world.a.team)
    workflow.run_pending()
    Job.objects.update(work="tests.any")
    job.refresh_from_db()
    workflow.again(world.a.administrator, job)
    (job,) = workflow.run_pending()
    assert (job.state, job.error_code, job.attempts) == (states.DONE, "", 1)


def test_nobody_steers_jobs_of_another_organisation(world):
    job = workflow.enqueue("tests.any", {}, unit=world.a.team)
    for person in (world.b.administrator, world.b.supervisor, world.a.colleague):
        with pytest.raises(PermissionDenied):
            workflow.cancel(person, job)
    job.refresh_from_db()
    assert job.cancel_asked is False


def test_run_here_waits_for_nobody(works):
    works("tests.any", nothing)
    assert workflow.run_here(workflow.enqueue("tests.any", {}, announce=False)).state == states.DONE


class Sent(list):
    def __call__(self, pk):
        self.append(pk)
        return True


@pytest.fixture
def sent(monkeypatch):
    calls = Sent()
    monkeypatch.setattr(workflow, "announce", calls)
    return calls


def test_the_reaper_wakes_what_was_never_announced_or_long_ago(sent):
    fresh, never, long_ago = (workflow.enqueue("tests.any", {}) for _each in range(3))
    Job.objects.filter(pk=never.pk).update(announced_at=None)
    Job.objects.filter(pk=long_ago.pk).update(announced_at=timezone.now() - dt.timedelta(minutes=1))
    assert workflow.reap() == 2
    assert sorted(sent) == sorted([never.pk, long_ago.pk])
    assert workflow.reap() == 0
    assert fresh.pk not in sent


def test_the_reaper_wakes_somebody_for_a_job_whose_worker_died(sent):
    job = workflow.enqueue("tests.any", {})
    workflow.claim(job.pk)
    assert workflow.reap() == 0
    expire(job)
    assert workflow.reap() == 1
    assert sent == [job.pk]


def test_a_job_that_kills_its_worker_every_time_is_failed_with_the_reason(works, sent):
    ended = []
    works("tests.deadly", nothing, ended=ended.append)
    job = workflow.enqueue("tests.deadly", {})
    for _attempt in range(5):
        workflow.claim(job.pk)
        expire(job)
    assert workflow.claim(job.pk) is None
    workflow.reap()
    job.refresh_from_db()
    assert (job.state, job.error_code, job.token) == (states.FAILED, "worker_died", None)
    assert ended == [job]


def test_a_message_leaves_only_when_the_transaction_commits(sent, django_capture_on_commit_callbacks):
    with django_capture_on_commit_callbacks(execute=True), transaction.atomic():
        job = workflow.enqueue("tests.any", {})
        assert sent == []
    assert sent == [job.pk]


def test_a_broker_that_is_away_costs_nothing_but_time(monkeypatch):
    def away(*args, **kwargs):
        raise ConnectionRefusedError

    monkeypatch.setattr(workflow.current_app, "send_task", away, raising=False)
    job = workflow.enqueue("tests.any", {})
    assert workflow.announce(job.pk) is False
    job.refresh_from_db()
    assert job.announced_at is None


def test_a_message_for_a_job_that_is_gone_does_nothing():
    assert workflow.perform(uuid.uuid4()) == ""
