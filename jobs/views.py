"""Pages of jobs: what waits, what runs, what failed and why."""

from __future__ import annotations

import uuid
from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_POST, require_safe

from jobs import queries, registry, states, wording, workflow
from jobs.models import Job
from teams.access import door, fetch, may
from teams.lists import CHOICE, Column, Filter, Listing

COLUMNS = [
    Column("work", _("work"), wording.work, sort=("work",), link=Job.get_absolute_url),
    Column("state", _("state"), Job.get_state_display, sort=("state",), code=lambda job: job.state),
    Column("percent", _("done"), "percent", number=True, measure="%"),
    Column("unit", _("unit"), "unit.name", sort=("unit__path",)),
    Column("person", _("asked by"), "person.name", sort=("person__name",)),
    Column("asked", _("asked at"), "created_at", sort=("created_at",)),
    Column("took", _("took"), "seconds_taken", shown=lambda job: wording.duration(job.seconds_taken), number=True),
    Column("reason", _("reason"), wording.reason),
]


def _filters() -> list[Filter]:
    works = sorted(((name, words) for name, words in registry.WORDS.items()), key=lambda pair: str(pair[1]))
    return [
        Filter("state", _("State"), "state", CHOICE, Job.State.choices),
        Filter("work", _("Work"), "work", CHOICE, works),
    ]


@require_safe
@door("jobs.view", role_only=True)
def jobs(request: HttpRequest) -> HttpResponse:
    person: Any = request.user
    caption = _("Jobs, newest first")
    listing = Listing(request, queries.visible(person), COLUMNS, _filters(), "-asked", caption=caption)
    file = listing.export("jobs")
    if file is not None:
        return file  # type: ignore[return-value]
    return render(request, "jobs/jobs.html", {"listing": listing, "system": queries.of_the_system(person)})


@require_safe
@door("jobs.view")
def job(request: HttpRequest, pk: uuid.UUID) -> HttpResponse:
    """The job's page; for htmx only its progress, and once it is finished the whole page is loaded anew."""
    found = fetch(request.user, Job, pk)
    context = {"job": found, "steers": may(request.user, "jobs.steer", found), "failed": found.state == states.FAILED}
    if not request.headers.get("HX-Request"):
        return render(request, "jobs/job.html", context)
    answer = render(request, "components/job.html", context)
    if not found.unfinished:
        answer["HX-Refresh"] = "true"
    return answer


@require_POST
@door("jobs.steer")
def cancel_job(request: HttpRequest, pk: uuid.UUID) -> HttpResponse:
    found = workflow.cancel(request.user, fetch(request.user, Job, pk, "jobs.steer"))  # type: ignore[arg-type]
    messages.success(request, _("The work is being cancelled.") if found.unfinished else _("The work is cancelled."))
    return redirect("job", pk=found.pk)


@require_POST
@door("jobs.steer")
def again_job(request: HttpRequest, pk: uuid.UUID) -> HttpResponse:
    found = workflow.again(request.user, fetch(request.user, Job, pk, "jobs.steer"))  # type: ignore[arg-type]
    messages.success(request, _("The work is queued once more."))
    return redirect("job", pk=found.pk)
