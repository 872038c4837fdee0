"""What every verdict on an action has in common, read right after the change or long after it."""

from __future__ import annotations

import datetime as dt
from typing import Any

from django.utils.translation import gettext_lazy as _

from improvements import states
from improvements.models import Action, OutcomeCheck
from improvements.workflow.actions import check_people
from teams import access, clock, moves, trail
from teams.models import Person, TrailEntry
from teams.refusals import Refused

TWICE = dt.timedelta(minutes=10)


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
    Refused: ``changed_meanwhile``, ``why_different``, ``said_already``.
    """
    if seen is not None and facts.get("inputs", "") != seen:
        raise Refused("changed_meanwhile", _("New values came in while you were reading. Look at the chart again."))
    offered = facts.get("offered", verdict)
    if verdict != offered and not why.strip():
        words = _("Your verdict differs from what the chart says. Say why.")
        raise Refused("why_different", words, {"why": words})
    _not_again(person, action, verdict, why, facts)
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


def _not_again(person: Person, action: Action, verdict: str, why: str, facts: dict[str, Any]) -> None:
    """The same word of the same person on the same values, a moment later, is a button that was pressed twice."""
    last = OutcomeCheck.objects.filter(action=action).order_by("-at", "-pk").first()
    if last is None or clock.now() - last.at > TWICE:
        return
    said = (last.verifier_id, last.verdict, last.why, last.facts.get("inputs", ""))
    if said == (person.pk, verdict, why.strip(), facts.get("inputs", "")):
        raise Refused("said_already", _("You have just said so, and it is kept."))
