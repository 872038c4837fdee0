"""The one clock of the product, for web, worker and beat.

Tests and demonstrations set it, so that a review of 2018 can be run as of 2018. Leases, sessions and
throttles keep the real time: they are about the machine, not about the story.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from pathlib import Path

from django.conf import settings
from django.utils import timezone

_set: ContextVar[dt.datetime | None] = ContextVar("clock", default=None)


def now() -> dt.datetime:
    """The present moment, aware, in UTC; the set moment where one is set."""
    moment = _set.get() or _from_file(settings.CLOCK_FILE)
    return moment or timezone.now()


def today() -> dt.date:
    """The present day in the current time zone."""
    return timezone.localdate(now())


@contextmanager
def at(moment: dt.datetime | dt.date) -> Iterator[None]:
    """Inside the block the clock stands still at ``moment`` (a date means noon UTC), in this thread."""
    if not isinstance(moment, dt.datetime):
        moment = dt.datetime.combine(moment, dt.time(12), tzinfo=dt.UTC)
    token = _set.set(moment)
    try:
        yield
    finally:
        _set.reset(token)


def _from_file(file: Path | None) -> dt.datetime | None:
    if file is None:
        return None
    try:
        text = file.read_text().strip()
    except OSError:
        return None
    return dt.datetime.fromisoformat(text).astimezone(dt.UTC) if text else None
