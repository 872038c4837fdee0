"""What a page shows of a comparison before and after: sentences, figures, and the dates tried with nothing done."""

from __future__ import annotations

from typing import Any

from django.utils.translation import gettext as _

from metrics.charts.effects import strip
from metrics.models import Comparison
from metrics.wording import day_of, figure
from metrics.wording.changes import Facts, Told, change_words
from metrics.wording.effects import UNSEEN, cautions_of, contacts_words, level_words, narrate_effect
from metrics.wording.paces import pace_figures
from teams import access


def told_of(person: Any, one: Comparison, others: tuple[str, ...] = (), answers: bool | None = None) -> Told:
    """What the sentences need; a comparison series that the person may not see is not named.

    ``others``: of ``queries.comparisons.at_once``; ``answers``: whether the metric is a survey, where that is known."""
    name = ""
    if one.against is not None:
        name = one.against.place if access.may(person, "metrics.view", one.against.unit) else _("another series")
    if answers is None:
        answers = getattr(one.series.metric, "survey", None) is not None
    return Told(one.series.metric, one.label, one.day.toordinal(), name, others, answers)


def seen_by(person: Any, one: Comparison, facts: Facts) -> Facts:
    """The facts that the person may read: what changed in a comparison series that they may not see, and all that it
    can be computed from, is left out, and the reading stands on the series alone."""
    if not facts.get("net") and not facts.get("other"):
        return facts
    if one.against is not None and access.may(person, "metrics.view", one.against.unit):
        return facts
    change = facts["change"]
    ends = (change["low"], change["high"])
    shown = None not in ends and (ends[0] > 0 or ends[1] < 0)
    alone = {
        "net": None,
        "net_pace": None,
        "other": None,
        "contacts": None,
        "reading": "shown" if shown else "not_shown",
    }
    return {**facts, **alone, "cautions": [*facts["cautions"], UNSEEN]}


def effect_part(facts: Facts, told: Told) -> dict[str, Any]:
    """All that ``metrics/parts/effect.html`` shows; ``facts`` empty while it is being computed."""
    narration = narrate_effect(facts, told)
    return {
        "narration": narration,
        "reading": facts.get("reading", ""),
        "cautions": cautions_of(facts, told),
        "figures": _figures(facts, told) if facts.get("change") else [],
        "strip": strip(facts, told) if facts else None,
        "tried": _tried(facts, told) if facts else [],
    }


def _figures(facts: Facts, told: Told) -> list[tuple[str, str]]:
    """(term, value) of everything measured."""
    change = facts["change"]
    found = [
        (_("Level before"), level_words(facts, told.metric)),
        (_("Difference since"), change_words(change, told)),
        (_("In ordinary ups and downs (sigma)"), figure(facts["sigma"], 1)),
        (_("Counted since"), contacts_words(facts, told)),
        (
            _("Difference of %(series)s") % {"series": told.against},
            change_words(facts["other"], told) if facts["other"] else "",
        ),
        (_("Net of it"), change_words(facts["net"], told) if facts["net"] else ""),
        *pace_figures(facts, told),
        (_("Points before and since"), f"{facts['before']} · {facts['after']}"),
        (_("Likeness of neighbouring points (0 none, 1 full)"), figure(change["rho"], 2)),
    ]
    return [(term, value) for term, value in found if value]


def _tried(facts: Facts, told: Told) -> list[tuple[str, str]]:
    """(period, difference) of each earlier date."""
    names = ("difference", "low", "high")
    return [
        (day_of(day, told.metric.period), change_words(dict(zip(names, ends, strict=True)) | {"percent": None}, told))
        for day, *ends in facts["placebos"]
        if None not in ends
    ]
