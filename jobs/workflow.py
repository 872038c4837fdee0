"""Verbs of background work. The job row is the truth; a message of the broker only wakes a worker.

A claim is one UPDATE with a new fencing token and a lease; whoever holds the token may write, nobody else. A lease
that ran out means that its worker died: the reaper wakes another one. All times here are real, not the story's.
"""

from __future__ import annotations

import logging
import time
import uuid
from collections.abc import Callable
from datetime import timedelta
from typing import Any

from celery import current_app
from django.conf import settings
from django.db import IntegrityError, transaction
from django.db.models import F, Q
from django.db.models.functions import Coalesce
from django.utils import timezone
from kombu.exceptions import KombuError

from jobs import registry, running, states
from jobs.models import Job
from jobs.registry import Run
from teams import access, moves, trail
from teams.models import Person, Unit

log = logging.getLogger("jobs")

UNFINISHED = (states.QUEUED, states.RUNNING)
ANNOUNCE_AGAIN = timedelta(seconds=20)
# A message not taken by then is thrown away; the reaper has sent a newer one.
MESSAGE_LIFE = 120
BATCH = 50


def enqueue(
    work: str,
    arguments: dict[str, Any],
    *,
    person: Person | None = None,
    unit: Unit | None = None,
    key: str = "",
    announce: bool = True,
) -> Job:
    """Ask for work by name, inside the caller's transaction; a worker is woken when it commits.

    With ``key``, a second request joins the unfinished first one. ``announce=False``: the caller runs it itself
    (``run_here``). The caller's verb writes the trail entry.
    """
    if key and (first := _unfinished(key)):
        return first
    try:
        with transaction.atomic():
            job = Job.objects.create(
                work=work,
                arguments=arguments,
                key=key,
                person=person,
                unit=unit,
                announced_at=timezone.now(),
                max_attempts=settings.JOB_ATTEMPTS,
            )
    except IntegrityError:
        first = _unfinished(key)
        if first is None:
            raise
        return first
    if announce:
        transaction.on_commit(_announcement(job.pk))
    return job


def _unfinished(key: str) -> Job | None:
    return Job.objects.filter(key=key, state__in=UNFINISHED).first()


def cancel(person: Person, job: Job) -> Job:
    """Ask a job to end: one that still waits ends now, a running one at its next step."""
    moves.check(job, states.JOB, "cancel")
    access.require(person, "jobs.steer", job)
    with transaction.atomic():
        current = Job.objects.select_for_update().get(pk=job.pk)
        before = trail.values(current, "state", "cancel_asked")
        moves.check(current, states.JOB, "cancel")
        current.cancel_asked = True
        if current.state == states.QUEUED:
            moves.move(current, states.JOB, "cancel")
            current.finished_at = timezone.now()
        current.save(update_fields=["state", "cancel_asked", "finished_at"])
        trail.record(person, "cancel", current, before, trail.values(current, "state", "cancel_asked"))
    return current


def again(person: Person, job: Job) -> Job:
    """Queue a failed job once more, from where it got to."""
    moves.check(job, states.JOB, "again")
    access.require(person, "jobs.steer", job)
    with transaction.atomic():
        current = Job.objects.select_for_update().get(pk=job.pk)
        before = trail.values(current, "state", "error_code")
        moves.move(current, states.JOB, "again")
        current.attempts, current.error_code, current.error = 0, "", ""
        current.cancel_asked, current.finished_at, current.announced_at = False, None, timezone.now()
        current.save()
        trail.record(person, "again", current, before, trail.values(current, "state", "error_code"))
        transaction.on_commit(_announcement(current.pk))
    return current


def claim(pk: uuid.UUID | str) -> Run | None:
    """Take the job if it waits or its lease ran out: one UPDATE, so two workers can never both hold it."""
    token, now = uuid.uuid4(), timezone.now()
    free = Q(state=states.QUEUED) | Q(state=states.RUNNING, lease_until__lt=now)
    taken = Job.objects.filter(free, pk=pk, attempts__lt=F("max_attempts")).update(
        state=states.JOB.after(states.QUEUED, "claim"),
        token=token,
        lease_until=registry.lease(),
        attempts=F("attempts") + 1,
        started_at=Coalesce("started_at", now),
        error_code="",
        error="",
    )
    return Run(Job.objects.select_related("person").get(pk=pk), token) if taken else None


def perform(pk: uuid.UUID | str) -> str:
    """Claim, run and settle one job. Returns how it ended ("" if it was not free)."""
    _load()
    run = claim(pk)
    if run is None:
        return ""
    name = Job.objects.values_list("work", flat=True).get(pk=pk)
    outcome = running.attempt(run, name)
    settle(run, outcome)
    return outcome.kind


def _load() -> None:
    """Import the tasks before the claim: a worker that dies meanwhile has not cost the job an attempt."""
    try:
        registry.load()
    except Exception:
        # ``attempt`` meets it again and writes it down as the reason.
        log.exception("the tasks could not be loaded")


MOVES = {running.DONE: "finish", running.FAILED: "fail", running.CANCELLED: "cancel", running.RETRY: "retry"}


def settle(run: Run, outcome: running.Outcome) -> None:
    """Write how the attempt ended, if it still holds the job."""
    if outcome.kind == running.LOST:
        return
    with transaction.atomic():
        job = Job.objects.select_for_update().filter(pk=run.job_id, token=run.token, state=states.RUNNING).first()
        if job is None:
            return
        move = MOVES[outcome.kind]
        if move == "retry" and job.attempts >= job.max_attempts:
            move = "fail"
        _end(job, move, outcome)


def _end(job: Job, move: str, outcome: running.Outcome) -> None:
    moves.move(job, states.JOB, move)
    job.token = job.lease_until = None
    job.error_code, job.error = outcome.code, outcome.error
    if job.state == states.QUEUED:
        job.announced_at = timezone.now() + timedelta(seconds=2**job.attempts)
    else:
        job.finished_at = timezone.now()
    if job.state == states.DONE:
        job.done = job.total = max(job.done, job.total)
    job.save()
    known = registry.WORKS.get(job.work)
    if known and known.ended and job.state in (states.FAILED, states.CANCELLED):
        known.ended(job)


def reap() -> int:
    """Wake workers for what waits too long or lost its worker; end what failed too often. Returns messages sent."""
    now = timezone.now()
    _bury(now)
    stale = Q(announced_at__isnull=True) | Q(announced_at__lt=now - ANNOUNCE_AGAIN)
    dead = Q(state=states.RUNNING, lease_until__lt=now, attempts__lt=F("max_attempts"))
    waiting = Job.objects.filter((Q(state=states.QUEUED) & stale) | dead)
    found = list(waiting.order_by("created_at").values_list("pk", flat=True)[:BATCH])
    sent = [pk for pk in found if announce(pk)]
    Job.objects.filter(pk__in=sent, state=states.QUEUED).update(announced_at=now)
    return len(sent)


def _bury(now: Any) -> None:
    """Fail what lost its worker on its last attempt, with the reason."""
    spent = Job.objects.filter(lease_until__lt=now, state=states.RUNNING, attempts__gte=F("max_attempts"))
    for pk in list(spent.values_list("pk", flat=True)[:BATCH]):
        registry.load()
        with transaction.atomic():
            job = Job.objects.select_for_update().filter(pk=pk, state=states.RUNNING, lease_until__lt=now).first()
            if job is not None:
                _end(job, "fail", running.Outcome(running.FAILED, "worker_died"))


def announce(pk: uuid.UUID | str) -> bool:
    """Send the wake-up call. False if the broker cannot be reached: the reaper will try again."""
    try:
        current_app.send_task("jobs.run", args=[str(pk)], expires=MESSAGE_LIFE, retry=False, ignore_result=True)
    except (KombuError, OSError) as problem:
        log.warning("job %s waits: the broker does not answer (%s)", pk, type(problem).__name__)
        Job.objects.filter(pk=pk, state=states.QUEUED).update(announced_at=None)
        return False
    return True


def _announcement(pk: uuid.UUID) -> Callable[[], None]:
    def send() -> None:
        announce(pk)

    return send


def run_here(job: Job, pause: float = 0.2) -> Job:
    """Run the job in this process until it is finished (or wait, if a worker was quicker). Returns the fresh row."""
    while True:
        perform(job.pk)
        job.refresh_from_db()
        if job.state not in UNFINISHED:
            return job
        time.sleep(pause)


def run_pending() -> list[Job]:
    """Run all that waits, in this process, oldest first, until nothing waits. For tests, demo and commands."""
    ran: list[Job] = []
    while True:
        job = Job.objects.filter(state=states.QUEUED).order_by("created_at", "pk").first()
        if job is None:
            return ran
        perform(job.pk)
        job.refresh_from_db()
        ran.append(job)
