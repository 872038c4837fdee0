"""Before and after: a sentence for each action, and for each date that a person asked for."""

from __future__ import annotations

from django.urls import reverse
from django.utils.http import urlencode

from metrics.models import Comparison, Mark
from metrics.queries import comparisons as questions
from metrics.tables.effects import seen_by, told_of
from metrics.views.sections.page import Page, Section
from metrics.wording.changes import Told
from metrics.wording.effects import narrate_effect


def _told(page: Page, one: Comparison, found: list[Comparison]) -> Told:
    others = questions.at_once(one, page.marks, found)
    return told_of(page.person, one, others, answers=page.survey is not None)


def section(page: Page) -> Section | None:
    found = questions.of_series(page.series)
    for one in found:
        one.series = page.series
    may_compare = page.may("metrics.mark") and page.analysis is not None
    if not found and not may_compare:
        return None
    told = [(one, seen_by(page.person, one, one.facts), _told(page, one, found)) for one in found]
    address = reverse("compare", args=[page.series.pk])
    days = {one.day for one in found}
    known = {(one.thing_kind, one.thing_id) for one in found if one.thing_id}
    offered = [
        (mark, f"{address}?{urlencode({'day': mark.day.isoformat(), 'label': mark.label})}")
        for mark in page.marks
        if may_compare
        and mark.kind == Mark.Kind.ACTION
        and (mark.thing_kind, mark.thing_id) not in known
        and mark.day not in days
    ]
    return Section(
        "before_after",
        {
            "comparisons": [(one, narrate_effect(facts, words)) for one, facts, words in told],
            "offered": offered,
            "address": address if may_compare else "",
        },
    )
