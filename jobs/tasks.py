"""Clocks of the job layer: what the broker's messages and the schedule call."""

from __future__ import annotations

from datetime import timedelta

from celery import shared_task
from django.contrib.sessions.models import Session
from django.utils import timezone

from jobs import states, workflow
from jobs.models import Beat, Job
from jobs.registry import Run, work
from teams.models import SignInAttempt

KEEP_JOBS = timedelta(days=90)


@shared_task(name="jobs.run")
def run(job_id: str) -> None:
    """A wake-up call for one job; a second call for the same one finds it taken."""
    workflow.perform(job_id)


@shared_task(name="jobs.reap")
def reap() -> None:
    workflow.reap()


@shared_task(name="jobs.start")
def start(name: str) -> None:
    """The schedule asks for work by name; one of a kind at a time."""
    workflow.enqueue(name, {}, key=name)


@work("jobs.housekeeping")
def housekeeping(run: Run) -> None:
    """Forget old finished jobs, dead sessions, old guesses of passwords and parts long gone."""
    now = timezone.now()
    with run.commit(done=1, total=1):
        Job.objects.filter(state__in=[states.DONE, states.CANCELLED], finished_at__lt=now - KEEP_JOBS).delete()
        Session.objects.filter(expire_date__lt=now).delete()
        SignInAttempt.objects.filter(at__lt=now - timedelta(days=1)).delete()
        Beat.objects.filter(at__lt=now - timedelta(days=1)).delete()
