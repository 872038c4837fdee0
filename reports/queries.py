"""Questions about editions; what the thread knows of them."""

from __future__ import annotations

from django.db.models import Model
from django.utils.translation import gettext_lazy as _

from improvements.models import Recommendation, Submission
from jobs.models import Job
from reports.models import Edition
from teams import access
from teams.links import DEPENDS, FROM, Hit, ThreadLink
from teams.models import Person


def editions_of(person: Person, paper: Submission) -> list[Edition]:
    """The editions of a paper that the person may see."""
    return list(access.visible_to(person, Edition).filter(submission=paper).select_related("file", "asked_by"))


def job_of(edition: Edition) -> Job | None:
    """The latest job that sets this edition."""
    return Job.objects.filter(key=edition.job_key).order_by("-created_at").first()


def thread_of(person: Person, thing: Model) -> list[ThreadLink]:
    """Editions of a paper; the paper of an edition."""
    if isinstance(thing, Edition):
        paper = thing.submission
        if not access.may(person, Submission.view, paper):
            return []
        state = paper.get_state_display()
        return [ThreadLink(FROM, _("paper"), str(paper), paper.get_absolute_url(), state, paper.at)]
    if isinstance(thing, Submission):
        return [
            ThreadLink(DEPENDS, _("PDF"), str(one), one.get_absolute_url(), at=one.at)
            for one in editions_of(person, thing)
            if one.file is not None
        ]
    if isinstance(thing, Recommendation):
        rows = access.visible_to(person, Edition).filter(submission__recommendation=thing, file__isnull=False)
        return [ThreadLink(DEPENDS, _("PDF"), str(one), one.get_absolute_url(), at=one.at) for one in rows]
    return []


def search(person: Person, words: str) -> list[Hit]:
    """Papers are found by their recommendations; an edition says nothing that those do not."""
    return []
