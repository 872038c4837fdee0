"""An action of the kind target change: it begins with a proposal to those who approve targets, and ends with one agreed."""

from __future__ import annotations

from django.utils.translation import gettext as _

from improvements.models import Action
from improvements.queries.retargeting import agreed
from metrics.models import Target
from metrics.workflow import targets
from teams.models import Person
from teams.refusals import Refused


def propose(person: Person, action: Action) -> Target | None:
    """The proposal that the action begins with; None where it changes no target. The verb that begins the action
    records it and calls ``metrics.workflow.targets.tell_approvers``."""
    if action.kind != Action.Kind.RETARGET or action.series is None or action.target is None:
        return None
    source = _("Action: %(what)s") % {"what": action.what}
    return targets.propose_for(
        person,
        action.series,
        action.series.unit,
        action.target,
        action.due_on,
        action.what,
        source=source[:200],
        thing=action,
    )


def check_agreed(action: Action) -> None:
    """Raises Refused (``target_not_agreed``) while the target that the action is about has not been agreed."""
    if action.kind == Action.Kind.RETARGET and action.series is not None and not agreed(action):
        words = _("The target has not been agreed yet. It is done when somebody else has approved the proposal.")
        raise Refused("target_not_agreed", words)
