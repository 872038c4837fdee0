"""What happened: the marks on the chart and the rebases, with who set them and why."""

from __future__ import annotations

from metrics.views.sections.page import Page, Section


def section(page: Page) -> Section:
    return Section(
        "happened",
        {
            "marks": page.marks,
            "rebases": page.rebases,
            "may_note": page.may("metrics.mark"),
            "may_rebase": page.may("metrics.rebase"),
        },
    )
