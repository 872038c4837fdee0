"""Verbs of editions: ask for one, and keep what the worker has set."""

from __future__ import annotations

from django.db import transaction
from django.utils.text import slugify
from django.utils.translation import get_language

import jobs.workflow
from improvements.models import Submission
from jobs.models import Job
from reports.models import Edition
from reports.wording import RENDER
from teams import access, clock, files, trail
from teams.models import Person, TrailHead

PDF = "application/pdf"


def issue(person: Person, paper: Submission) -> Edition:
    """Ask for the paper as a PDF in the reader's language; asked for twice it is the same edition."""
    access.require(person, "reports.view", paper)
    language = get_language() or "en-gb"
    with transaction.atomic():
        made, new = Edition.objects.get_or_create(
            submission=paper,
            kind=Edition.Kind.DECISION_PAPER,
            language=language,
            defaults={"asked_by": person, "at": clock.now()},
        )
        if made.file is None:
            enqueue(person, made)
            after = trail.values(made, "kind", "submission", "language")
            trail.record(person, "issue" if new else "issue_again", made, {}, after)
    return made


def enqueue(person: Person, edition: Edition) -> Job:
    """Have the worker set it; a second request joins the first."""
    return jobs.workflow.enqueue(
        RENDER,
        {"edition": edition.pk},
        person=person,
        unit=edition.submission.recommendation.review.unit,
        key=edition.job_key,
    )


def head() -> tuple[int, str]:
    """Number and mac of the trail's head: printed on the paper, an anchor that no database can change."""
    row = TrailHead.objects.filter(pk=1).first()
    return (row.number, row.mac) if row else (0, "")


def keep(edition: Edition, pdf: bytes, printed: tuple[int, str]) -> Edition:
    """Keep the PDF with the head that is printed on it; inside the transaction of the job."""
    edition.trail_number, edition.trail_mac = printed
    unit = edition.submission.recommendation.review.unit
    edition.file = files.store([pdf], name_of(edition), PDF, edition.asked_by, unit)
    edition.save(update_fields=["file", "trail_number", "trail_mac"])
    after = trail.values(edition, "trail_number", "trail_mac") | {"sha256": edition.file.sha256}
    trail.record(None, "render", edition, {}, after)
    return edition


def name_of(edition: Edition) -> str:
    """The name under which it is downloaded."""
    paper = edition.submission
    words = slugify(paper.recommendation.title)[:60].strip("-") or "paper"
    return f"{words}-{paper.number}.pdf"
