"""A survey says how sure its points are, how many answered of those asked, and whether it is weighted."""

from __future__ import annotations

from metrics.queries import certainty
from metrics.views.sections.page import Page, Section
from metrics.wording import surveys
from teams import access


def section(page: Page) -> Section | None:
    metric = page.series.metric
    survey = page.survey
    if survey is None:
        return None
    rows, basis = certainty.beside(page.series, page.rows)
    return Section(
        "survey",
        {
            "survey": survey,
            "metric": metric,
            "sentences": surveys.latest(metric, survey, rows),
            "basis": surveys.BASES.get(basis or "", ""),
            "method": surveys.METHODS[survey.kind],
            "may_edit": access.may(page.person, "metrics.edit", metric.unit),
        },
    )
