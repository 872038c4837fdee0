"""Plans that nobody takes over: what they staged is cleared after some days, and said; the file stays."""

from __future__ import annotations

import datetime as dt
from dataclasses import asdict

from django.conf import settings
from django.db import transaction

from jobs.models import Job
from jobs.states import QUEUED, RUNNING
from metrics import states
from metrics.files.plan import Where
from metrics.models import Block, RejectedRow, Upload, VanishedCase
from teams import clock, moves, trail

WORK = "metrics.clear_plans"
SLICE = 100


def clear() -> int:
    """Clear plans older than ``PLAN_DAYS`` days, and whatever a cancelled or refused upload left behind.

    Each upload is cleared in a transaction of its own; returns how many uploads gave anything back.
    """
    cutoff = clock.now() - dt.timedelta(days=settings.PLAN_DAYS)
    dead = (states.CANCELLED, states.REFUSED)
    staged = Upload.objects.filter(pk__in=Block.objects.filter(upload__state__in=dead).values("upload"))
    waiting = Upload.objects.filter(state__in=(states.PLANNED, states.RECEIVED), at__lt=cutoff, file__isnull=False)
    cleared = sum(_forget(upload) for upload in staged.only("pk")[:SLICE])
    return cleared + sum(_clear(pk, cutoff) for pk in waiting.order_by("pk").values_list("pk", flat=True))


def _forget(upload: Upload) -> bool:
    with transaction.atomic():
        return bool(_drop(upload))


def _drop(upload: Upload) -> int:
    blocks, _models = Block.objects.filter(upload=upload).delete()
    rows, _models = RejectedRow.objects.filter(upload=upload).delete()
    VanishedCase.objects.filter(upload=upload).delete()
    return blocks + rows


def _clear(pk: int, cutoff: dt.datetime) -> bool:
    with transaction.atomic():
        upload = Upload.objects.select_for_update().get(pk=pk)
        if not _abandoned(upload, cutoff):
            return False
        dropped, before = _drop(upload), trail.values(upload, "state")
        if upload.state == states.PLANNED:
            moves.move(upload, states.UPLOAD, "clear")
        elif not dropped:
            return False
        upload.mapping_version += 1
        upload.plan = {}
        days = {"days": settings.PLAN_DAYS}
        upload.problems = [
            {"code": "plan_cleared", "where": asdict(Where()), "value": "", "params": days, "severity": "ask"}
        ]
        upload.save()
        trail.record(None, "clear", upload, before, trail.values(upload, "state") | days)
        return True


def _abandoned(upload: Upload, cutoff: dt.datetime) -> bool:
    """Nobody works on it, and the plan itself is old, not only the file."""
    if upload.state not in (states.PLANNED, states.RECEIVED):
        return False
    made = upload.plan.get("made_at")
    if made and dt.datetime.fromisoformat(made) >= cutoff:
        return False
    return not Job.objects.filter(arguments__upload=upload.pk, state__in=(QUEUED, RUNNING)).exists()
