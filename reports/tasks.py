"""Background work of reports: the only place that sets pages."""

from __future__ import annotations

from jobs.registry import Run, work
from reports import workflow
from reports.models import Edition
from reports.typesetting import render as set_pages
from reports.wording import RENDER


@work(RENDER)
def render(run: Run) -> None:
    """Set the edition from the frozen content of its paper and keep it, at most once."""
    edition = Edition.objects.select_related("submission__recommendation__review__unit", "asked_by").get(
        pk=run.arguments["edition"]
    )
    if edition.file is not None:
        return
    run.progress(0, 1)
    printed = workflow.head()
    paper = edition.submission
    pdf = set_pages(paper.content, paper.state_hash, printed, edition.language, paper.at)
    with run.commit(done=1, total=1):
        workflow.keep(edition, pdf, printed)
