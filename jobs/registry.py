"""Work by dotted name, and what a running piece of work may ask of its job row.

``@work("metrics.plan_upload")`` stands on functions of ``<app>/tasks.py``. The web process never imports those
modules: it enqueues by name. A worker imports them on its first job (``load``).
"""

from __future__ import annotations

import time
import uuid
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime, timedelta
from importlib import import_module
from importlib.util import find_spec
from threading import Event
from typing import Any

from django.apps import apps
from django.conf import settings
from django.db import transaction
from django.utils import timezone
from django.utils.functional import Promise

from jobs import states
from jobs.models import Job

Function = Callable[["Run"], None]
Ended = Callable[[Job], None]


@dataclass(frozen=True)
class Work:
    """One kind of work: its function, and what is done (in the same transaction) when it fails or is cancelled."""

    name: str
    function: Function
    ended: Ended | None = None


WORKS: dict[str, Work] = {}
WORDS: dict[str, str | Promise] = {}
PHASES: dict[tuple[str, str], str | Promise] = {}


def work(name: str, *, ended: Ended | None = None) -> Callable[[Function], Function]:
    """Register a function under a dotted name ("app.verb"). ``ended(job)`` runs when a job of it fails for good."""

    def register(function: Function) -> Function:
        if name in WORKS and WORKS[name].function.__module__ != function.__module__:
            raise LookupError(f"{name} is registered twice")
        WORKS[name] = Work(name, function, ended)
        return function

    return register


def describe(name: str, words: str | Promise, phases: Mapping[str, str | Promise] | None = None) -> None:
    """Say in people's words what a work does ("Plan of an import") and what its phases are called.

    Called from an app's ``wording.py``: the web process shows jobs without importing their tasks.
    """
    WORDS[name] = words
    PHASES.update({(name, phase): each for phase, each in (phases or {}).items()})


def load() -> None:
    """Import every installed app's ``tasks`` module. Done once; a worker does it on its first job."""
    for config in apps.get_app_configs():
        name = f"{config.name}.tasks"
        if find_spec(name) is not None:
            import_module(name)
    for name in settings.EXTRA_TASKS:
        import_module(name)


class Stopped(Exception):
    """The work must stop here and write nothing more."""


class Lost(Stopped):
    """The lease passed to somebody else: whatever is not committed yet must not be."""


class Cancelled(Stopped):
    """Somebody asked for the work to end."""


def lease() -> datetime:
    """When a lease taken or renewed now ends. Real time, never the story's clock."""
    return timezone.now() + timedelta(seconds=settings.JOB_LEASE)


class Run:
    """One attempt at a job, held by its fencing token.

    ``done``, ``total`` and ``phase`` are where the last attempt got to: a work that commits in steps goes on from
    ``done``. ``cancellable`` may be set to False where there is no way back.
    """

    def __init__(self, job: Job, token: uuid.UUID) -> None:
        self.job_id, self.token = job.pk, token
        self.arguments: dict[str, Any] = job.arguments
        self.person = job.person
        self.done, self.total, self.phase = job.done, job.total, job.phase
        self.attempt = job.attempts
        self.cancellable = True
        self.lost = Event()
        self._written = 0.0

    def progress(self, done: int, total: int, phase: str = "") -> None:
        """Say how far it is and renew the lease. Raises Lost, or Cancelled while ``cancellable``.

        Cheap to call often: the row is written at most twice a second, and whenever the phase changes.
        """
        if self.lost.is_set():
            raise Lost(self.job_id)
        changed = phase != self.phase or total != self.total
        self.done, self.total, self.phase = done, total, phase
        if changed or time.monotonic() - self._written >= 0.5:
            self._write(done=done, total=total, phase=phase)
            self._written = time.monotonic()
            self.check()

    def check(self) -> None:
        """Raise Cancelled if somebody asked for it and the work may still stop."""
        if self.cancellable and Job.objects.filter(pk=self.job_id, cancel_asked=True).exists():
            raise Cancelled(self.job_id)

    @contextmanager
    def commit(self, done: int | None = None, total: int | None = None, phase: str | None = None) -> Iterator[None]:
        """One transaction that begins with the fenced update of the job row: what it writes happens at most once.

        With ``done`` a later attempt knows that this step is behind it. Raises Lost before anything is written.
        """
        given = {"done": done, "total": total, "phase": phase}
        values: dict[str, Any] = {name: value for name, value in given.items() if value is not None}
        if done is not None and done > self.done:
            # Attempts count failures to get any further, so a long job survives any number of restarts.
            values["attempts"] = 1
        began = time.monotonic()
        with transaction.atomic():
            self._write(**values)
            yield
            if time.monotonic() - began > settings.JOB_LEASE / 4:
                self._write()
        for name in ("done", "total", "phase"):
            if name in values:
                setattr(self, name, values[name])

    def _write(self, **values: Any) -> None:
        mine = Job.objects.filter(pk=self.job_id, token=self.token, state=states.RUNNING)
        if not mine.update(lease_until=lease(), **values):
            self.lost.set()
            raise Lost(self.job_id)
