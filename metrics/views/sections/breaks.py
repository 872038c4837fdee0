"""Change points that are proposed, with their evidence: to be taken up by a person with a reason, or dismissed."""

from __future__ import annotations

import datetime as dt

from django.urls import reverse

from metrics.queries import breaks as questions
from metrics.queries.closer import look_of
from metrics.views.sections.page import Page, Section
from metrics.wording.breaks import break_told


def section(page: Page) -> Section | None:
    found = questions.proposals(page.series, page.analysis)
    look = look_of(page.series)
    if not found or look is None or page.analysis is None:
        return None
    pk, adjusted = page.series.pk, bool(look.facts["breaks"].get("adjusted"))
    rebase = reverse("rebase", args=[pk])
    lines = [
        {
            "told": break_told(one.facts, page.series.metric, page.analysis.amr, adjusted, page.marks),
            "dismissed": one.dismissed,
            "rebase": f"{rebase}?day={dt.date.fromordinal(one.facts['day']).isoformat()}",
            "dismiss": reverse("dismiss", args=[pk, one.facts["day"]]),
        }
        for one in found
    ]
    return Section("breaks", {"lines": lines, "may_rebase": page.may("metrics.rebase")})
