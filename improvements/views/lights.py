"""The five letters as a page shows them: word, status, reasons with the field that mends them, open checks."""

from __future__ import annotations

from typing import Any

from improvements import smart, wording
from improvements.models import Action
from metrics.wording import amount, day_of, decimals_of, spread_of

ICONS = {smart.OK: "check-circle-fill", smart.ATTENTION: "exclamation-triangle-fill", smart.MISSING: "circle"}


def lights(letters: tuple[smart.Letter, ...]) -> list[dict[str, Any]]:
    """One entry per letter."""
    return [
        {
            "letter": one.letter,
            "word": wording.LETTERS[one.letter],
            "status": one.status,
            "status_words": wording.STATUSES[one.status],
            "icon": ICONS[one.status],
            "reasons": [{"words": wording.reason(reason), "field": f"id_{reason.field}"} for reason in one.reasons],
            "open": [wording.OPEN_CHECKS[code] for code in one.open_checks],
        }
        for one in letters
    ]


def level(action: Action) -> dict[str, str]:
    """The baseline and the target of an action in words, {} where nothing is measured."""
    series, facts = action.series, action.baseline
    if series is None or not facts:
        return {}
    metric = series.metric
    lower, upper = facts.get("lower"), facts.get("upper")
    decimals = decimals_of(spread_of(facts["mean"], lower, upper), metric.kind)

    def told(value: float | None) -> str:
        return amount(value, metric, decimals)

    return {
        "metric": f"{metric.name}, {series.place}",
        "baseline": told(facts["mean"]),
        "limits": f"{told(lower)} – {told(upper)}",
        "best": told(facts.get("best")),
        "target": told(action.target),
        "until": day_of(facts.get("last_day"), metric.period),
        "n": str(facts.get("n", "")),
    }
