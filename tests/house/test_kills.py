"""kill -9 of workers at random moments loses, doubles and halves nothing, and no job stays running."""

import re
import subprocess
import sys

import pytest
from django.db import connection

from cxreview.kills import ledger
from jobs import states
from jobs.models import Job
from tests.house.conftest import ROOT, clean_environment


def kill_workers(*words):
    argv = [sys.executable, "manage.py", "kill_workers", "--kills", "5", *words]
    return subprocess.run(argv, cwd=ROOT, env=clean_environment(), capture_output=True, text=True, timeout=400)


CLEAN = re.compile(r"5 kills, [1-9]\d* (jobs|imports): 0 lost, 0 doubled, 0 partial, 0 unfinished")


@pytest.mark.kills
def test_five_kills_on_sqlite_with_the_local_queue():
    done = kill_workers("--setup", "sqlite-local")
    assert done.returncode == 0, done.stdout + done.stderr
    assert CLEAN.findall(done.stdout) == ["jobs", "imports"], done.stdout


@pytest.mark.kills
@pytest.mark.services
def test_five_kills_on_postgresql_with_redis(postgresql, redis_url):
    done = kill_workers("--setup", "pg-redis", "--postgresql", postgresql, "--redis", redis_url)
    assert done.returncode == 0, done.stdout + done.stderr
    assert CLEAN.findall(done.stdout) == ["jobs", "imports"], done.stdout


@pytest.fixture
def one_job(db):
    ledger.make_table()
    job = Job.objects.create(work=ledger.LEDGER, state=states.DONE)
    write = [(str(job.pk), step) for step in (*range(ledger.STEPS), -1) for _row in range(2)]
    with connection.cursor() as cursor:
        cursor.executemany("INSERT INTO kill_ledger (job, step) VALUES (%s, %s)", write)
    yield job
    with connection.cursor() as cursor:
        cursor.execute("DROP TABLE kill_ledger")


def sql(statement):
    with connection.cursor() as cursor:
        cursor.execute(statement)


def faults():
    found = ledger.count()
    return found.lost, found.doubled, found.partial, found.stuck


def test_the_count_of_a_clean_ledger_is_clean(one_job):
    assert faults() == (0, 0, 0, 0)


def test_the_count_sees_what_was_lost(one_job):
    sql("DELETE FROM kill_ledger WHERE step = 7")
    assert faults() == (1, 0, 0, 0)


def test_the_count_sees_what_was_doubled(one_job):
    sql("INSERT INTO kill_ledger SELECT job, step FROM kill_ledger WHERE step = 7")
    assert faults() == (0, 1, 0, 0)


def test_the_count_sees_what_is_half_done(one_job):
    sql("INSERT INTO kill_ledger SELECT job, 99 FROM kill_ledger WHERE step = 7")
    sql("DELETE FROM kill_ledger WHERE step = 7")
    sql(f"INSERT INTO kill_ledger VALUES ('{one_job.pk}', 7)")
    assert faults() == (0, 1, 1, 0)


def test_the_count_sees_a_job_that_never_ended(one_job):
    Job.objects.update(state=states.RUNNING)
    assert faults() == (0, 0, 0, 1)
