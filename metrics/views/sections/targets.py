"""The targets of a series: the chance of meeting the one in force, what could be one, and all that were set."""

from __future__ import annotations

from typing import Any

from metrics.queries import closer as looks
from metrics.queries import metrics as questions
from metrics.queries.agreed import holding
from metrics.views.sections.page import Page, Section
from metrics.wording import outlooks, told_value
from metrics.wording.targets import holds_told, judging_told
from metrics.wording.trajectories import planned_told
from teams import clock


def section(page: Page) -> Section:
    along: list[Any] = questions.targets(page.person, page.series)
    found = [target for target in along if target.seen]
    one, analysis, today = page.series, page.analysis, clock.today()
    seen = {target.pk: target for target in found}
    holds = holding(one.metric_id, one.unit.line_ids, today.toordinal(), along)
    # As this person sees them, with their units.
    held = {kind: seen[target.pk] for kind, target in holds.items() if target.pk in seen}
    part: dict[str, object] = {
        "versions": [
            {
                "target": target,
                "value": told_value(target),
                "planned": planned_told(target),
                "holds": holds_told(target, held, today, along),
                "here": target in held.values(),
            }
            for target in found
        ],
        "judging": judging_told(found, held, today),
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
