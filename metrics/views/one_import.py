"""One import on its way: what was found and is asked, the plan, the progress, what came of it."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import redirect, render
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from jobs.models import Job
from metrics import states
from metrics.forms.imports import CommitForm
from metrics.models import Upload
from metrics.queries import sources as questions
from metrics.queries import uploads as found
from metrics.queries.plans import making_of
from metrics.queries.scorings import scorings
from metrics.queries.takeback import take_back
from metrics.queries.vanished import vanished
from metrics.tables import imports as table
from metrics.wording import agreements, figure
from metrics.wording.periods import gap_words, partial_words
from metrics.workflow import uploads as workflow
from teams import access, answers, exports, moves
from teams.access import door
from teams.lists import Listing
from teams.numbers import whole
from teams.refusals import Refused

CHANGES_SHOWN = 20
NAMES_SHOWN = 20
CHANGES_PAGE = 100
MOST_PAGES = 1_000_000


def fetch_upload(request: HttpRequest, pk: int, permission: str | None = None) -> Upload:
    """The upload with its source, unit, person and file, through the door."""
    return access.fetch(request.user, Upload, pk, permission, related=("source", "unit", "person", "file"))


@require_safe
@door("metrics.rows")
def import_page(request: HttpRequest, pk: int) -> HttpResponse:
    upload = fetch_upload(request, pk)
    return render(request, "metrics/import.html", _context(request, upload, None))


def _context(request: HttpRequest, upload: Upload, form: CommitForm | None) -> dict[str, Any]:
    person: Any = request.user
    may_import = access.may(person, "metrics.import", upload)
    job = questions.job_of(upload)
    waits = upload.state == states.RECEIVED and (job is None or not job.unfinished)
    context = {
        "upload": upload,
        "job": job if job is not None and access.visible_to(person, Job).filter(pk=job.pk).exists() else None,
        "problems": table.problem_lines(upload.problems),
        "asked": table.question_lines(upload.questions),
        "may_import": may_import,
        "may_map": may_import and waits and upload.file_id is not None,
        "may_plan": may_import and waits and bool(upload.mapping) and _nothing_asked(upload),
        "lost": [one["value"] for one in upload.problems if one["code"] == "person_missing"],
        "names_only": bool(upload.questions) and all(one["code"] in table.NAMES for one in upload.questions),
        "may_remap": may_import and upload.state == states.PLANNED and upload.file_id is not None,
        "may_cancel": may_import and upload.state in (states.RECEIVED, states.PLANNED),
        "may_undo": may_import and upload.state == states.DONE,
        "may_commit": may_import and upload.state == states.PLANNED,
        "known": table.known_line(upload) if upload.file_id else None,
        "facts": table.file_facts(upload, found.preview(upload)),
    }
    summary = found.summary(upload)
    if summary is not None:
        context |= _planned(upload, summary, form)
    return context


# What ends when the file is planned once more with the mapping that it has; everything else needs another mapping.
ENDS_BY_PLANNING = {"plan_failed", "plan_cleared", "plan_cancelled", "person_missing"}


def _nothing_asked(upload: Upload) -> bool:
    mended = all(one["code"] in ENDS_BY_PLANNING for one in upload.problems)
    return upload.file_id is not None and mended and not any(one["required"] for one in upload.questions)


def _planned(upload: Upload, summary: found.Summary, form: CommitForm | None) -> dict[str, Any]:
    making = making_of(upload)
    effects = found.effects(upload, making)
    return {
        "summary": summary,
        "counts": table.count_lines(summary.counts),
        "reasons": table.reason_lines(summary.reasons),
        "warned": table.reason_lines(summary.warned),
        "worth": [*table.file_lines(upload), *table.repeated_lines(upload.plan.get("repeated", []))],
        "effects": effects,
        "units_made": effects.new_units[:NAMES_SHOWN],
        "units_more": max(0, len(effects.new_units) - NAMES_SHOWN),
        "new_metrics": table.new_metric_lines(questions.new_metrics(upload, making)),
        "made": table.made_words(summary.made),
        "first_cases": "source_version" in upload.plan and not effects.metrics,
        "scored": agreements.planned(upload.plan.get("scored")),
        "of_scores": scorings(upload),
        "vanished": upload.plan.get("vanished", 0),
        "periods": [words for words in (partial_words(upload.plan), gap_words(upload.plan)) if words],
        "changed": table.change_table(found.changes(upload, "changed", 0, CHANGES_SHOWN, making)),
        "rejected": table.rejected_lines(found.rejected(upload)[:CHANGES_SHOWN]),
        "form": form or CommitForm(upload.plan, initial={"seen": summary.hash}),
    }


@require_POST
@door("metrics.import")
def commit_import(request: HttpRequest, pk: int) -> HttpResponse:
    upload = fetch_upload(request, pk, "metrics.import")
    summary = found.summary(upload)
    if summary is None:
        words = _(
            "There is no plan of this import to take over: it is being looked at, or was changed in another window."
        )
        raise Refused("no_plan", words)
    form = CommitForm(upload.plan, request.POST)
    if form.is_valid():
        try:
            workflow.commit(request.user, upload, **form.cleaned_data)  # type: ignore[arg-type]
            messages.success(request, _("The plan is being taken over. You can leave this page and come back."))
            return redirect(upload)
        except Refused as refused:
            answers.refuse(form, refused)
    return answers.page(request, "metrics/import.html", _context(request, fetch_upload(request, pk), form))


@require_POST
@door("metrics.import")
def plan_import(request: HttpRequest, pk: int) -> HttpResponse:
    """Plan the file anew with the mapping it has."""
    upload = workflow.plan_again(request.user, fetch_upload(request, pk, "metrics.import"))  # type: ignore[arg-type]
    messages.success(request, _("The plan is being made."))
    return redirect(upload)


@require_POST
@door("metrics.import")
def cancel_import(request: HttpRequest, pk: int) -> HttpResponse:
    upload = workflow.cancel(request.user, fetch_upload(request, pk, "metrics.import"))  # type: ignore[arg-type]
    messages.success(request, _("The import is cancelled. Nothing of it was stored."))
    return redirect(upload)


@require_http_methods(["GET", "HEAD", "POST"])
@door("metrics.import")
def undo_import(request: HttpRequest, pk: int) -> HttpResponse:
    """What would go and what would stay; then take it back."""
    upload = fetch_upload(request, pk, "metrics.import")
    if request.method != "POST":
        moves.check(upload, states.UPLOAD, "undo")
        return render(request, "metrics/undo_import.html", {"upload": upload, "back": take_back(upload)})
    upload = workflow.undo(request.user, upload)  # type: ignore[arg-type]
    messages.success(request, _("The import is being taken back: every value returns to what stood before."))
    return redirect(upload)


@require_safe
@door("metrics.rows")
def rejected_rows(request: HttpRequest, pk: int) -> HttpResponseBase:
    """The rows that are no part of the plan, with row, column, value and reason; as a file with their cells."""
    upload = fetch_upload(request, pk)
    form = request.GET.get("export", "")
    if form in (exports.CSV, exports.XLSX):
        header = [*table.REJECTED_HEADER, *found.headers_of(upload)]
        return exports.response(
            f"rejected-{upload.pk}", form, header, table.rejected_cells(found.rejected_rows(upload))
        )
    listing = Listing(request, found.rejected(upload), table.REJECTED, caption=_("Rejected rows"))
    return render(request, "metrics/rejected_rows.html", {"upload": upload, "listing": listing})


@require_safe
@door("metrics.rows")
def vanished_cases(request: HttpRequest, pk: int) -> HttpResponseBase:
    """The cases of these days that came with an older file and are not in this one."""
    upload = fetch_upload(request, pk)
    scores = scorings(upload)
    words = _("Scores that are not in the file") if scores else _("Cases that are not in the file")
    columns = table.VANISHED_SCORES if scores else table.VANISHED
    listing = Listing(request, vanished(upload), columns, caption=words)
    file = listing.export(f"vanished-{upload.pk}")
    context = {"upload": upload, "listing": listing, "words": words, "scores": scores}
    return file or render(request, "metrics/vanished_cases.html", context)


@require_safe
@door("metrics.rows")
def changes(request: HttpRequest, pk: int, status: str) -> HttpResponse:
    """The planned values with one status, a hundred at a time."""
    upload = fetch_upload(request, pk)
    summary = found.summary(upload)
    if summary is None or status not in found.STATUSES:
        raise Http404
    page = max(1, min(whole(request.GET.get("page", "")) or 1, MOST_PAGES))
    first = (page - 1) * CHANGES_PAGE
    context = {
        "upload": upload,
        "status": table.COUNT_WORDS[status],
        "title": table.LIST_TITLES[status] % {"file": upload.name},
        "count": figure(summary.counts[status], 0),
        "table": table.change_table(found.changes(upload, status, first, CHANGES_PAGE)),
        "pager": table.pager(page, summary.counts[status], CHANGES_PAGE, request.path),
    }
    return render(request, "metrics/changes.html", context)
