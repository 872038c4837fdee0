"""The moves of an upload that the worker makes: asked, planned, refused, finished, taken back."""

from __future__ import annotations

from dataclasses import asdict
from typing import Any

from django.db import transaction

from jobs.models import Job
from metrics import states
from metrics.files.plan import Where
from metrics.models import Block, RejectedRow, Upload
from metrics.workflow import analyses, claims
from metrics.workflow.unmaking import unmake
from teams import clock, moves


def current(upload_id: int, version: int | None = None) -> Upload | None:
    """The upload, locked, if the worker's work on it is still wanted: not cancelled, not mapped anew since."""
    upload = (
        Upload.objects.select_for_update(of=("self",))
        .select_related("source", "unit", "person", "file")
        .get(pk=upload_id)
    )
    if upload.state != states.RECEIVED or (version is not None and upload.mapping_version != version):
        return None
    return upload


def ask(upload: Upload, questions: list[dict[str, Any]], problems: list[dict[str, Any]] | None = None) -> None:
    """Leave the upload where it is, with what the person has to answer or mend."""
    upload.questions, upload.problems = questions, problems or []
    upload.save(update_fields=["questions", "problems", "facts", "mapping", "choices"])


def planned(upload: Upload, plan: dict[str, Any]) -> None:
    """The plan stands: it can be looked at and committed."""
    moves.move(upload, states.UPLOAD, "plan")
    upload.plan, upload.questions, upload.problems = plan, [], []
    upload.save()


def refuse(upload: Upload, problems: list[dict[str, Any]]) -> None:
    """The file cannot be read; nothing of it is kept but the row that says why."""
    moves.move(upload, states.UPLOAD, "refuse")
    upload.problems = problems
    upload.save()
    Block.objects.filter(upload=upload).delete()
    RejectedRow.objects.filter(upload=upload).delete()


def finish(upload: Upload, series: set[int]) -> None:
    """The merge is through: ``series`` (its own and the sums above) are analysed next."""
    moves.move(upload, states.UPLOAD, "finish")
    upload.done_at = clock.now()
    upload.save()
    _settle(upload, series)


def taken_back(upload: Upload, series: set[int], counts: dict[str, int]) -> None:
    """The undo is through; units that this import made and that nothing else uses go with it."""
    upload.undone_at = clock.now()
    upload.plan = {**upload.plan, "undone": counts}
    upload.save()
    _settle(upload, series)
    upload.plan = {**upload.plan, "units_removed": unmake(upload)}
    upload.save(update_fields=["plan"])


def _settle(upload: Upload, series: set[int]) -> None:
    touched = claims.release(upload)
    analyses.enqueue(series | set(touched), person=upload.person, unit=upload.unit)


def stopped(job: Job) -> None:
    """A look or a plan that failed or was cancelled says so on its upload, where the person waits for it."""
    with transaction.atomic():
        upload = current(job.arguments["upload"], job.arguments.get("version"))
        if upload is not None:
            code = "plan_cancelled" if job.state == job.State.CANCELLED else "plan_failed"
            problem = {"code": code, "where": asdict(Where()), "value": "", "params": {}, "severity": "ask"}
            ask(upload, upload.questions, [problem])
