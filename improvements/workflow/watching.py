"""Watching on: an action that worked is looked at again later, and somebody says whether what it brought has lasted.

Whoever calls ``watch`` names the verdict; a clock that watches by itself would tell the verifier and call nothing else.
"""

from __future__ import annotations

from django.db import transaction

from improvements import states
from improvements.models import Action, OutcomeCheck
from improvements.queries.outcomes import reading_of, watched
from improvements.workflow import verdicts
from improvements.workflow.actions import hold_action
from notices import workflow as notices
from teams.models import Person

MOVES = {states.SUSTAINED: "sustain", states.LAPSED: "lapse"}


def watch(person: Person, action: Action, verdict: str, why: str = "", seen: str | None = None) -> OutcomeCheck:
    """Keep whether the effect lasts, with the reading it stands on; ``seen`` as in ``verify``.

    Raises Refused: ``not_now``, ``own_action``, ``own_verifier``, ``why_different``, ``changed_meanwhile``.
    """
    with transaction.atomic():
        current = hold_action(action)
        move = MOVES[verdict]
        verdicts.allowed(person, current, move)
        facts = watched(reading_of(current))
        made, _entry = verdicts.keep(person, current, verdict, why, facts, seen=seen, move=move, verb=move)
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
