"""The definition that holds, in the words of whoever wrote it."""

from __future__ import annotations

from metrics.queries import certainty
from metrics.queries.agreements import OF_SCORINGS
from metrics.views.sections.page import Page, Section
from teams import access


def section(page: Page) -> Section:
    metric = page.series.metric
    usable = metric.kind in certainty.KINDS and page.survey is None and metric.derived not in OF_SCORINGS
    return Section(
        "definition",
        {
            # ``queries.metrics.series`` reads the text along with the series.
            "text": getattr(page.series, "definition", "") or "",
            "may_survey": usable and access.may(page.person, "metrics.edit", metric.unit),
        },
    )
