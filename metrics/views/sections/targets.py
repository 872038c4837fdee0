"""The targets of a series: the chance of meeting the one in force, what could be one, and all that were set."""

from __future__ import annotations

from metrics.queries import metrics as questions
from metrics.views.sections.page import Page, Section
from metrics.wording import outlooks, told_value


def section(page: Page) -> Section:
    found = questions.targets(page.person, page.series)
    one, analysis = page.series, page.analysis
    part: dict[str, object] = {
        "versions": [{"target": target, "value": told_value(target)} for target in found],
        "may_propose": page.may("metrics.propose_target"),
    }
    if analysis is not None:
        part |= {
            "chance": outlooks.chance_told(one, analysis),
            "expected": outlooks.expected_told(one, analysis),
            "offers": outlooks.offers(one, analysis),
            "best": outlooks.best_told(one, analysis),
        }
    return Section("targets", part)
