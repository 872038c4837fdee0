"""Editions of a paper: ask for the PDF, watch it being set, download it."""

from __future__ import annotations

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import redirect, render
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_POST, require_safe

from improvements.models import Submission
from reports import queries, workflow
from reports.models import Edition
from teams import access, files
from teams.access import door, person_of


@require_safe
@door("reports.view")
def editions(request: HttpRequest, pk: int) -> HttpResponse:
    """The editions of one paper, and the one that is being set."""
    person = person_of(request)
    paper = access.fetch(person, Submission, pk)
    access.require(person, "reports.view", paper)
    found = queries.editions_of(person, paper)
    context = {
        "paper": paper,
        "lines": [(one, queries.job_of(one) if one.file is None else None) for one in found],
    }
    return render(request, "reports/editions.html", context)


@require_POST
@door("reports.view")
def issue(request: HttpRequest, pk: int) -> HttpResponse:
    person = person_of(request)
    paper = access.fetch(person, Submission, pk)
    made = workflow.issue(person, paper)
    if made.file is None:
        messages.success(request, _("The PDF is being set; it takes a few seconds."))
    return redirect("editions", paper.pk)


@require_safe
@door("reports.view")
def edition(request: HttpRequest, pk: int) -> HttpResponseBase:
    """The PDF, through the door of its paper."""
    made = access.fetch(person_of(request), Edition, pk)
    if made.file is None:
        raise Http404
    return files.download(made.file)
