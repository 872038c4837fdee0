"""A file imported from beginning to end in this process, as the pages and the worker would do it together."""

from __future__ import annotations

import datetime as dt
import time
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from django.core.files import File
from django.utils import timezone

from jobs import workflow as jobs
from jobs.models import Job
from metrics import states
from metrics.importing.naming import CREATE
from metrics.models import Source, Upload
from metrics.workflow import analyses, sources, uploads
from teams.models import Person, Unit
from teams.refusals import Refused

DONE, REFUSED, REJECTED, ASKED = 0, 1, 2, 3
TRIES = 5
WAIT = 1.0


@dataclass(frozen=True)
class Wanted:
    """What the caller knows. ``answers``: parts of a mapping as JSON, laid over what the file's layout suggests, and
    beside them ``choices``, ``about``, ``confirmed``, ``create_units`` and ``create_metrics`` (see ``uploads.map``)."""

    path: Path
    source: str
    person: Person
    unit: Unit
    answers: dict[str, Any] = field(default_factory=dict)
    known_at: dt.datetime | None = None
    zone: str = ""
    plan_only: bool = False
    accept_valid: bool = False
    accept_truncated: bool = False
    vanished: str = Upload.Vanished.KEEP
    whole: bool = False


@dataclass(frozen=True)
class Outcome:
    """``code``: DONE (or planned, or nothing to change), REFUSED, REJECTED (rows not accepted) or ASKED.

    ``status`` says the same in a word; ``refusal`` is why a rule said no.
    """

    code: int
    status: str
    upload: Upload | None
    refusal: Refused | None = None
    questions: list[dict[str, Any]] = field(default_factory=list)


def import_file(wanted: Wanted) -> Outcome:
    """Receive, look, map, plan, commit, merge, analyse. Never raises for what is in the file."""
    upload = None
    try:
        _finish_begun(wanted.unit)
        with wanted.path.open("rb") as file:
            source = _source(wanted)
            upload = uploads.receive(
                wanted.person, source, wanted.unit, File(file, wanted.path.name), known_at=wanted.known_at
            )
        upload = work_off(upload)
        if upload.state == states.REFUSED:
            return Outcome(REFUSED, "refused", upload)
        upload, questions = _mapped(wanted, upload)
        if upload.state != states.PLANNED:
            code, status = (ASKED, "questions") if questions else (REFUSED, "refused")
            return Outcome(code, status, upload, questions=questions)
        return _committed(wanted, upload)
    except Refused as refusal:
        return Outcome(REFUSED, "refused", upload, refusal)


def _finish_begun(unit: Unit) -> None:
    """Roll forward what a process left half-way that was killed: without a worker nobody else would."""
    begun = Job.objects.filter(work__in=(uploads.MERGE, uploads.UNDO), state__in=jobs.UNFINISHED)
    for job in begun.filter(unit__path__startswith=f"/{unit.line_ids[0]}/").order_by("created_at"):
        jobs.run_here(job)


def _source(wanted: Wanted) -> Source:
    found = Source.objects.filter(unit=wanted.unit, name=wanted.source.strip()).first()
    return found or sources.create(wanted.person, wanted.unit, wanted.source, zone=wanted.zone)


def _mapped(wanted: Wanted, upload: Upload) -> tuple[Upload, list[dict[str, Any]]]:
    """Lay the answers over what is known; the questions that are still open."""
    given = {name: value for name, value in wanted.answers.items() if name not in OWN}
    if wanted.zone:
        given["zone"] = wanted.zone
    choices = _choices(wanted.answers)
    answered = {*given, *choices, *(name.removeprefix("other_") for name in choices)}
    open_questions = [
        question
        for question in upload.questions
        if question["required"] and not question["of_file"] and question["about"].split(".")[0] not in answered
    ]
    if open_questions and upload.state == states.RECEIVED:
        return upload, open_questions
    if upload.state == states.RECEIVED and _unmended(upload, given):
        return upload, []
    if given or choices or upload.state == states.RECEIVED:
        mapping = _laid_over(upload.mapping, given)
        upload = work_off(uploads.map(wanted.person, upload, mapping, choices=choices or None))
    return upload, upload.questions


def _unmended(upload: Upload, given: dict[str, Any]) -> bool:
    """Columns are not in the file, and no answer says what is read instead: nothing is left out unasked."""
    codes = {problem["code"] for problem in upload.problems}
    named = set(given) - {"zone"}
    return bool("person_missing" in codes and "wide" not in named) or bool("column_missing" in codes and not named)


OWN = {"choices", "about", "confirmed", "create_units", "create_metrics", "known_at"}


def _choices(answers: dict[str, Any]) -> dict[str, Any]:
    choices = dict(answers.get("choices", {}))
    choices |= {name: answers[name] for name in ("about", "confirmed") if name in answers}
    for name, key in (("create_units", "other_units"), ("create_metrics", "other_metrics")):
        if answers.get(name):
            choices[key] = CREATE
    return choices


def _laid_over(known: dict[str, Any], given: dict[str, Any]) -> dict[str, Any]:
    mapping = {**known, **given}
    if isinstance(known.get("cases"), dict) and isinstance(given.get("cases"), dict):
        mapping["cases"] = {**known["cases"], **given["cases"]}
    return mapping


def _committed(wanted: Wanted, upload: Upload) -> Outcome:
    if wanted.plan_only:
        return Outcome(DONE, "planned", upload)
    for attempt in range(TRIES):
        try:
            uploads.commit(
                wanted.person,
                upload,
                seen=upload.plan["hash"],
                accept_valid=wanted.accept_valid,
                accept_truncated=wanted.accept_truncated or "truncated" in wanted.answers.get("confirmed", []),
                vanished=wanted.vanished,
                whole=wanted.whole,
            )
            break
        except Refused as refusal:
            if refusal.code == "rejected_rows":
                return Outcome(REJECTED, "rejected", upload, refusal)
            if refusal.code == "truncated":
                return Outcome(ASKED, "questions", upload, questions=[_truncated(upload)])
            if refusal.code not in ("stale", "busy") or attempt == TRIES - 1:
                return Outcome(REFUSED, "refused", upload, refusal)
            # Somebody else imports the same figures: wait for them, look at what the plan is now, and go on.
            time.sleep(WAIT)
            upload = work_off(upload)
    began = timezone.now()
    upload = work_off(upload)
    _analyse(upload, began)
    if upload.state != states.DONE:
        return Outcome(REFUSED, "failed", upload)
    changed = upload.plan["counts"]["new"] + upload.plan["counts"]["changed"]
    return Outcome(DONE, "done" if changed else "unchanged", upload)


def _truncated(upload: Upload) -> dict[str, Any]:
    asked = [question for question in upload.facts["sniffed"]["questions"] if question["code"] == "truncated"]
    why = {"shorter_than": upload.plan["shorter_than"]}
    return asked[0] if asked else {"code": "truncated", "about": "truncated", "choices": ["whole"], "why": why}


def work_off(upload: Upload) -> Upload:
    """Run here what is queued for the upload, and what that queues, until nothing is left."""
    while True:
        waiting = Job.objects.filter(arguments__upload=upload.pk, state__in=jobs.UNFINISHED).first()
        if waiting is None:
            return Upload.objects.select_related("source", "unit", "person", "file").get(pk=upload.pk)
        jobs.run_here(waiting)


def _analyse(upload: Upload, began: dt.datetime) -> None:
    ours = Job.objects.filter(work=analyses.WORK, person=upload.person, created_at__gte=began)
    for job in list(ours.filter(state__in=jobs.UNFINISHED)):
        jobs.run_here(job)
