"""What every verdict on an action has in common, read right after the change or long after it."""

from __future__ import annotations

from typing import Any

from django.utils.translation import gettext_lazy as _

from improvements import states
from improvements.models import Action, OutcomeCheck
from improvements.workflow.actions import check_people
from teams import access, clock, moves, trail
from teams.models import Person, TrailEntry
from teams.refusals import Refused


def allowed(person: Person, action: Action, move: str) -> None:
    """Asks the state, the doors, and that neither the owner nor their team judges. Raises Refused."""
    moves.check(action, states.ACTION, move)
    access.require(person, "improvements.verify", action)
    if person.pk == action.owner_id:
        raise Refused("own_action", _("You carried it out. Somebody else has to say whether it worked."))
    check_people(Action(owner=action.owner, unit=action.unit, verifier=person))


def keep(
    person: Person,
    action: Action,
    verdict: str,
    why: str,
    facts: dict[str, Any],
    *,
    seen: str | None,
    move: str,
    verb: str,
) -> tuple[OutcomeCheck, TrailEntry]:
    """Keep the verdict with the facts it stands on, beside what they offered; the action makes the move.

    ``action``: held for update, asked by ``allowed``. ``seen``: hash of the inputs that the page was drawn from. Raises
    Refused: ``changed_meanwhile``, ``why_different``.
    """
    if seen is not None and facts.get("inputs", "") != seen:
        raise Refused("changed_meanwhile", _("New values came in while you were reading. Look at the chart again."))
    offered = facts.get("offered", verdict)
    if verdict != offered and not why.strip():
        words = _("Your verdict differs from what the chart says. Say why.")
        raise Refused("why_different", words, {"why": words})
    before = trail.values(action, "state")
    moves.move(action, states.ACTION, move)
    action.save(update_fields=["state"])
    made = OutcomeCheck.objects.create(
        action=action,
        offered=offered,
        verdict=verdict,
        why=why.strip(),
        facts=facts,
        owner=action.owner,
        verifier=person,
        at=clock.now(),
    )
    after = trail.values(action, "state") | trail.values(made, "offered", "verdict", "why")
    return made, trail.record(person, verb, action, before, after)
