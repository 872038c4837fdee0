"""The verdict on an action, by somebody who is not its owner, beside the one that the chart offers."""

from __future__ import annotations

import datetime as dt
from typing import Any

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from improvements import states
from improvements.models import Action, OutcomeCheck
from improvements.queries.outcomes import effect_of, facts_of, reading_of
from improvements.workflow import verdicts
from improvements.workflow.actions import hold_action
from improvements.workflow.closing import offer_closing
from notices import workflow as notices
from teams.models import Person
from teams.refusals import Refused

MOVES = {
    states.EFFECTIVE: "verify_effective",
    states.NOT_EFFECTIVE: "verify_not_effective",
    states.TOO_EARLY: "verify_too_early",
}


def verify(person: Person, action: Action, verdict: str, why: str = "", seen: str | None = None) -> OutcomeCheck:
    """Keep the verdict with the reading it stands on. "Too early" leaves the action where it is.

    ``seen``: hash of the inputs that the page was drawn from. Raises Refused: ``not_now``, ``own_action``,
    ``own_verifier``, ``no_reading``, ``why_different``, ``changed_meanwhile``.
    """
    with transaction.atomic():
        current = hold_action(action)
        verdicts.allowed(person, current, MOVES[verdict])
        reading = reading_of(current)
        if reading is None and verdict == states.TOO_EARLY:
            raise Refused("no_reading", _("Without a metric no further points will come; say whether it worked."))
        facts: dict[str, Any] = {**facts_of(reading), "effect": effect_of(current)} if reading else {}
        made, entry = verdicts.keep(person, current, verdict, why, facts, seen=seen, move=MOVES[verdict], verb="verify")
        _tell(person, current, made)
        offer_closing(current.recommendation.review, entry)
    return made


def _tell(person: Person, action: Action, made: OutcomeCheck) -> None:
    if made.verdict == states.TOO_EARLY:
        _wait_on(action, made)
    else:
        notices.settle(action)
    review = action.recommendation.review
    told = {one.pk: one for one in (action.owner, review.supervisor, review.decision_maker)}
    told.pop(person.pk, None)
    facts = {"person": person.name, "title": action.what}
    url = made.get_absolute_url()
    kind = f"improvements.verified.{made.verdict}"
    notices.tell(told.values(), kind, action, url, facts, event=f"improvements.verified:{made.pk}")


def _wait_on(action: Action, made: OutcomeCheck) -> None:
    """The line on the verifier's page moves to the day on which enough points can be known."""
    enough = made.facts.get("enough_on")
    if not enough or action.verifier is None:
        return
    notices.settle(action, "improvements.verify")
    notices.tell(
        [action.verifier],
        "improvements.verify",
        action,
        action.get_absolute_url(),
        {"person": action.owner.name, "title": action.what},
        waits=True,
        due_on=dt.date.fromisoformat(enough),
        event=f"improvements.verify:{action.pk}:{made.pk}",
    )
