"""Work whose effects can be counted: each step writes two rows, the last one asks for one more job.

The table is made by the harness in a scratch database, without a constraint: a doubled effect must be seen, not
prevented. Only there is this module loaded (CXREVIEW_EXTRA_TASKS).
"""

from __future__ import annotations

import time
from collections import Counter

from django.db import connection

from cxreview.kills.count import Count
from jobs import states, workflow
from jobs.models import Job
from jobs.registry import Run, work

LEDGER, ECHO = "kills.ledger", "kills.echo"
STEPS, PAUSE = 40, 0.02


def make_table() -> None:
    with connection.cursor() as cursor:
        cursor.execute("CREATE TABLE kill_ledger (job varchar(40) NOT NULL, step integer NOT NULL)")


def _write(job: object, step: int) -> None:
    with connection.cursor() as cursor:
        cursor.execute("INSERT INTO kill_ledger (job, step) VALUES (%s, %s)", [str(job), step])


@work(LEDGER)
def ledger(run: Run) -> None:
    for step in range(run.done, STEPS):
        with run.commit(done=step + 1, total=STEPS):
            _write(run.job_id, step)
            time.sleep(PAUSE / 2)
            _write(run.job_id, step)
            if step == STEPS - 1:
                workflow.enqueue(ECHO, {"of": str(run.job_id)})
        time.sleep(PAUSE / 2)


@work(ECHO)
def echo(run: Run) -> None:
    if run.done:
        return
    with run.commit(done=1, total=1):
        _write(run.arguments["of"], -1)
        _write(run.arguments["of"], -1)


def count() -> Count:
    """Hold the ledger against the jobs: two rows for each step of each job and for its echo, no more, no less."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT job, step FROM kill_ledger")
        rows = Counter((job, step) for job, step in cursor.fetchall())
    found = Count()
    for job in Job.objects.filter(work=LEDGER):
        found.jobs += 1
        for step in (*range(STEPS), -1):
            number = rows.pop((str(job.pk), step), 0)
            found.lost += number == 0
            found.partial += number == 1
            found.doubled += number > 2
    found.doubled += len(rows)
    found.stuck = Job.objects.exclude(state=states.DONE).count()
    return found
