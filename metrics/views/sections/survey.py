"""A survey says how sure its points are, how many answered of those asked, and whether it is weighted."""

from __future__ import annotations

from metrics.views.sections.page import Page, Section
from metrics.wording import surveys
from teams import access


def section(page: Page) -> Section | None:
    metric = page.series.metric
    survey = page.survey
    if survey is None:
        return None
    return Section(
        "survey",
        {
            "survey": survey,
            "metric": metric,
            "sentences": surveys.latest(metric, survey, page.rows),
            "basis": surveys.BASES.get(page.basis or "", ""),
            "method": surveys.METHODS[survey.kind],
            "may_edit": access.may(page.person, "metrics.edit", metric.unit),
        },
    )
