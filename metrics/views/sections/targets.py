"""The targets of a series: the chance of meeting the one in force, what could be one, and all that were set."""

from __future__ import annotations

from metrics.queries import closer as looks
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
        look = looks.look_of(one)
        fresh = look is not None and look.inputs_hash == analysis.inputs_hash
        season = look.facts.get("season") if look is not None and fresh else None
        part |= {
            "chance": outlooks.chance_told(one, analysis),
            "expected": outlooks.expected_told(one, analysis, season),
            "offers": outlooks.offers(one, analysis),
            "best": outlooks.best_told(one, analysis),
        }
    return Section("targets", part)
