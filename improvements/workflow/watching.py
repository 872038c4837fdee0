"""Watching on: an action that worked is looked at again later, and somebody says whether what it brought has lasted.

Whoever calls ``watch`` names the verdict; a clock that watches by itself would tell the verifier and call nothing else.
"""

from __future__ import annotations

from typing import Any

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from improvements import states
from improvements.models import Action, OutcomeCheck
from improvements.queries.outcomes import reading_of, watched
from improvements.workflow.actions import hold_action
from improvements.workflow.outcomes import not_the_owner
from notices import workflow as notices
from teams import access, clock, moves, trail
from teams.models import Person
from teams.refusals import Refused

MOVES = {states.SUSTAINED: "sustain", states.LAPSED: "lapse"}


def watch(person: Person, action: Action, verdict: str, why: str = "", seen: str | None = None) -> OutcomeCheck:
    """Keep whether the effect lasts, with the reading it stands on; ``seen`` as in ``verify``.

    Raises Refused: ``not_now``, ``own_action``, ``own_verifier``, ``why_different``, ``changed_meanwhile``.
    """
    with transaction.atomic():
        current = hold_action(action)
        moves.check(current, states.ACTION, MOVES[verdict])
        access.require(person, "improvements.verify", current)
        not_the_owner(person, current)
        facts: dict[str, Any] = watched(reading_of(current))
        if seen is not None and facts.get("inputs", "") != seen:
            raise Refused("changed_meanwhile", _("New values came in while you were reading. Look at the chart again."))
        offered = facts.get("offered", verdict)
        if verdict != offered and not why.strip():
            words = _("Your verdict differs from what the chart says. Say why.")
            raise Refused("why_different", words, {"why": words})
        before = trail.values(current, "state")
        moves.move(current, states.ACTION, MOVES[verdict])
        current.save(update_fields=["state"])
        made = OutcomeCheck.objects.create(
            action=current,
            offered=offered,
            verdict=verdict,
            why=why.strip(),
            facts=facts,
            owner=current.owner,
            verifier=person,
            at=clock.now(),
        )
        after = trail.values(current, "state") | trail.values(made, "offered", "verdict", "why")
        trail.record(person, "sustain" if verdict == states.SUSTAINED else "lapse", current, before, after)
        _tell(person, current, made)
    return made


def _tell(person: Person, action: Action, made: OutcomeCheck) -> None:
    review = action.recommendation.review
    told = {one.pk: one for one in (action.owner, review.supervisor, review.decision_maker)}
    told.pop(person.pk, None)
    facts = {"person": person.name, "title": action.what}
    kind = f"improvements.watched.{made.verdict}"
    event = f"improvements.watched:{made.pk}"
    notices.tell(told.values(), kind, action, made.get_absolute_url(), facts, event=event)
