"""One attempt at one job: call the work, keep its lease alive meanwhile, say how it ended. Assigns no state."""

from __future__ import annotations

import logging
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass

from django.conf import settings
from django.core.exceptions import PermissionDenied
from django.db import Error, InterfaceError, OperationalError, connection

from jobs import registry, states
from jobs.models import Job
from jobs.registry import Cancelled, Lost, Run
from teams import zone
from teams.refusals import Refused

log = logging.getLogger("jobs")

DONE, FAILED, CANCELLED, LOST, RETRY = "done", "failed", "cancelled", "lost", "retry"
# The world may be better in a moment: a database that restarts, a full disk, a network that is away.
PASSING = (OperationalError, InterfaceError, OSError, MemoryError)


@dataclass(frozen=True)
class Outcome:
    """How an attempt ended: DONE, FAILED, CANCELLED, LOST or RETRY, with a code and words for a failure."""

    kind: str
    code: str = ""
    error: str = ""


def attempt(run: Run, name: str) -> Outcome:
    """Call the work ``name`` once. Never raises: whatever happens becomes an Outcome."""
    try:
        registry.load()
    except Exception as problem:
        return Outcome(FAILED, "not_loaded", _words(problem))
    work = registry.WORKS.get(name)
    if work is None:
        return Outcome(FAILED, "unknown_work", name)
    try:
        with heartbeat(run), zone.of_workspace():
            run.check()
            work.function(run)
    except Exception as problem:
        return _outcome_of(problem, run, name)
    return Outcome(LOST) if run.lost.is_set() else Outcome(DONE)


def _outcome_of(problem: Exception, run: Run, name: str) -> Outcome:
    if isinstance(problem, Lost):
        log.warning("job %s: somebody else holds it now", run.job_id)
        return Outcome(LOST)
    if isinstance(problem, Cancelled):
        return Outcome(CANCELLED)
    if isinstance(problem, Refused):
        return Outcome(FAILED, problem.code, str(problem.message))
    if isinstance(problem, PermissionDenied):
        return Outcome(FAILED, "not_allowed", str(problem))
    log.exception("job %s (%s) failed", run.job_id, name)
    if isinstance(problem, PASSING):
        return Outcome(RETRY, "passing", _words(problem))
    return Outcome(FAILED, "fault", _words(problem))


def _words(problem: Exception) -> str:
    return f"{type(problem).__name__}: {problem}"[:2000]


@contextmanager
def heartbeat(run: Run) -> Iterator[None]:
    """Renew the lease from a thread, so that a step longer than the lease keeps it.

    Not inside an open transaction (tests): another connection could not see the row.
    """
    if connection.in_atomic_block:
        yield
        return
    stop = threading.Event()
    thread = threading.Thread(target=_beat, args=(run, stop), name=f"lease-{run.job_id}", daemon=True)
    thread.start()
    try:
        yield
    finally:
        stop.set()
        thread.join()


def _beat(run: Run, stop: threading.Event) -> None:
    try:
        while not stop.wait(settings.JOB_LEASE / 4):
            try:
                mine = Job.objects.filter(pk=run.job_id, token=run.token, state=states.RUNNING)
                if not mine.update(lease_until=registry.lease()):
                    run.lost.set()
                    return
            except Error as problem:
                # The work itself will meet the same trouble; the lease has three more beats.
                log.warning("job %s: lease not renewed: %s", run.job_id, problem)
                connection.close_if_unusable_or_obsolete()
    finally:
        connection.close()
