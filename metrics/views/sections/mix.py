"""A total whose mix explains its move, or whose parts moved the other way: said before anything else."""

from __future__ import annotations

from metrics.queries import asking
from metrics.views.sections.page import Page, Section
from metrics.wording import pairs


def section(page: Page) -> Section | None:
    if not page.series.rolled_up or not page.series.metric.sums:
        return None
    warnings = []
    for study, names in asking.mixes_of(page.person, page.series) if page.has_mix else ():
        facts = study.facts or {}
        if facts.get("reading") in pairs.WARNINGS:
            told = pairs.narrate_mix(page.series.metric, facts, names)
            warnings.append(f"{told.fact} {told.meaning} {told.next_step}")
    return Section("mix", {"warnings": warnings, "series": page.series})
