"""Signs of life of worker and beat, written to the database for the health page."""

from __future__ import annotations

import logging
import threading
import time
from typing import Any

from celery.beat import PersistentScheduler
from celery.signals import worker_ready
from django.conf import settings
from django.db import Error, connection
from django.utils import timezone

from jobs.models import Beat

log = logging.getLogger("jobs")


def sign(part: str) -> None:
    """Write down that ``part`` ("beat", "worker:…") is alive. Raises Error."""
    row = Beat(part=part[:60], at=timezone.now())
    Beat.objects.bulk_create([row], update_conflicts=True, unique_fields=["part"], update_fields=["at"])


def _try_to_sign(part: str) -> None:
    try:
        sign(part)
    except Error as problem:
        log.warning("%s could not sign: %s", part, problem)
        connection.close_if_unusable_or_obsolete()


class Scheduler(PersistentScheduler):
    """The schedule; signs for the part "beat" from its own loop, so a stuck loop is seen."""

    signed = float("-inf")

    def tick(self, *args: Any, **kwargs: Any) -> float:
        if time.monotonic() - self.signed >= settings.SIGN_EVERY:
            _try_to_sign("beat")
            self.signed = time.monotonic()
        return min(float(super().tick(*args, **kwargs)), settings.SIGN_EVERY)


@worker_ready.connect(weak=False)
def begin(sender: Any, **_ignored: Any) -> None:
    """Sign for a worker from a thread: its main thread may be busy with a long job."""
    threading.Thread(target=_sign_on, args=(f"worker:{sender.hostname}",), daemon=True, name="signs").start()


def _sign_on(part: str) -> None:
    while True:
        _try_to_sign(part)
        time.sleep(settings.SIGN_EVERY)
