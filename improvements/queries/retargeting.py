"""The target that an action of the kind target change is about."""

from __future__ import annotations

from django.db.models.functions import Coalesce

from improvements.models import Action
from metrics import states
from metrics.models import Target
from teams import access
from teams.models import Person


def proposals_of(person: Person, action: Action) -> list[Target]:
    """The proposals that the action led to, as far as the person may see them, the newest first."""
    if action.kind != Action.Kind.RETARGET:
        return []
    rows = access.visible_to(person, Target).filter(thing_kind=action._meta.label_lower, thing_id=str(action.pk))
    return list(rows.select_related("metric", "unit", "person", "decided_by").order_by("-at", "-pk"))


def agreed(action: Action) -> bool:
    """Whether the target of the action has come into force since it began, by its own proposal or by another."""
    if action.series is None or action.target is None or action.started_on is None:
        return False
    rows = Target.objects.filter(
        metric=action.series.metric_id,
        unit__in=action.series.unit.line_ids,
        kind=Target.Kind.TARGET,
        value=action.target,
        ends=False,
        state__in=(states.IN_FORCE, states.SUPERSEDED),
    )
    return rows.annotate(came=Coalesce("decided_at", "at")).filter(came__date__gte=action.started_on).exists()
