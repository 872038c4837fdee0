"""How far the people who score agree: under the agreement itself, and under the scores that rest on it."""

from __future__ import annotations

from metrics.queries import agreements
from metrics.tables import agreements as table
from metrics.views.sections.page import Page, Section
from metrics.wording import agreements as wording


def section(page: Page) -> Section | None:
    metric = page.series.metric
    if metric.source_id is None or metric.derived not in agreements.OF_SCORINGS:
        return None
    found = agreements.agreement_of(page.series)
    if found is None:
        return Section("agreement", {"none": wording.NONE_YET})
    own = found.series_id == page.series.pk
    return Section(
        "agreement",
        {
            "told": wording.narrate_agreement(found.series.metric, found.facts),
            "chosen": wording.chosen_line(found.facts),
            "lines": table.period_lines(found.series.metric, found.facts) if own else [],
            "link": "" if own else found.series.get_absolute_url(),
        },
    )
