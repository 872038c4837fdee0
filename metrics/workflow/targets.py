"""Targets, benchmarks and tolerances: set by hand by those with authority, or proposed and approved by somebody else.

A newer version takes the older one's place from its day on; what was in force before stays in the history.
"""

from __future__ import annotations

import datetime as dt
import math
from typing import Any

from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.db.models import Model
from django.utils.translation import gettext as _

from metrics import states
from metrics.models import Analysis, Metric, Series, Target
from metrics.queries.analyses import DEFAULT_KEY
from metrics.queries.targets import ending
from metrics.trajectories import Planned
from metrics.wording.targets import told_value
from metrics.workflow import analyses
from metrics.workflow.trajectories import out_of_reach, plan
from notices import workflow as notices
from teams import access, clock, moves, trail
from teams.models import Person, TrailEntry, Unit
from teams.refusals import Refused

RECORDED = (
    "metric", "unit", "kind", "value", "upper", "start_value", "start_day", "reach_by", "from_day", "reason", "source",
    "agreed_with",
)  # fmt: skip
DECIDED = ("state", "from_day", "decided_by", "decided_at", "word")


def set_target(
    person: Person,
    metric: Metric,
    unit: Unit,
    value: float,
    from_day: dt.date,
    reason: str,
    *,
    source: str = "",
    agreed_with: str = "",
    kind: str = Target.Kind.TARGET,
    upper: float | None = None,
    trajectory: Planned | None = None,
) -> Target:
    """Set a target for a unit (and all below it that have none of their own), in force from a day on; ``trajectory``: the
    path on which it is to be reached.

    Raises Refused (``no_reason``, ``no_number``, ``no_band``, ``no_path``, ``archived``).
    """
    _check(metric, kind, value, upper, reason)
    _check_reach(metric, value, upper)
    access.require(person, "metrics.target", unit)
    with transaction.atomic():
        _one_at_a_time(metric)
        before = _value_in_force(metric, unit, kind, from_day)
        target = _written(person, metric, unit, (kind, value, upper), from_day, (reason, source, agreed_with))
        plan(target, trajectory)
        moves.move(target, states.TARGET, "approve")
        target.save()
        _supersede(target)
        trail.record(person, "set_target", target, before, trail.values(target, *RECORDED))
        analyses.enqueue_metric(metric, below=unit, person=person)
    return target


def propose(
    person: Person, series: Series, unit: Unit, value: float, from_day: dt.date, reason: str, **more: Any
) -> Target:
    """Propose a target for a unit on the line of a series, with what its chart says kept beside it; those who may
    approve it are told. Raises Refused as ``set_target``."""
    access.require(person, "metrics.propose_target", unit)
    with transaction.atomic():
        target = propose_for(person, series, unit, value, from_day, reason, **more)
        entry = trail.record(person, "propose_target", target, {}, trail.values(target, *RECORDED))
        tell_approvers(target, entry)
    return target


def propose_for(
    person: Person,
    series: Series,
    unit: Unit,
    value: float,
    from_day: dt.date,
    reason: str,
    *,
    source: str = "",
    agreed_with: str = "",
    kind: str = Target.Kind.TARGET,
    upper: float | None = None,
    trajectory: Planned | None = None,
    thing: Model | None = None,
) -> Target:
    """The same for a verb that has asked its own door and records it (an action of the kind target change); it calls
    ``tell_approvers`` with its trail entry."""
    _check(series.metric, kind, value, upper, reason)
    _check_reach(series.metric, value, upper)
    outlook = Analysis.objects.filter(series=series, settings_key=DEFAULT_KEY).values_list("outlook", flat=True).first()
    made = _written(person, series.metric, unit, (kind, value, upper), from_day, (reason, source, agreed_with))
    plan(made, trajectory)
    made.facts = {"series": series.pk, "outlook": outlook or {}}
    if thing is not None:
        made.thing_kind, made.thing_id = thing._meta.label_lower, str(thing.pk)
    made.save()
    return made


def end(
    person: Person, target: Target, from_day: dt.date, reason: str, *, source: str = "", agreed_with: str = ""
) -> Target:
    """Propose that a target (or benchmark, or tolerance) no longer holds from a day on; the history stays judged by it.
    Raises Refused (``not_now``, ``no_reason``, ``archived``, ``ending_already``)."""
    with transaction.atomic():
        current = _held(target)
        access.require(person, "metrics.propose_target", current.unit)
        if current.state != states.IN_FORCE or current.ends:
            raise Refused("not_now", _("Only what is in force can be ended."))
        _check(current.metric, current.kind, current.value, current.upper, reason)
        if ending(current):
            raise Refused("ending_already", _("Its end has been proposed already and waits for a decision."))
        agreed, words = (current.kind, current.value, current.upper), (reason, source, agreed_with)
        made = _written(person, current.metric, current.unit, agreed, from_day, words)
        made.ends = True
        made.save()
        entry = trail.record(person, "end_target", made, {}, trail.values(made, *RECORDED))
        tell_approvers(made, entry)
    return made


def _written(
    person: Person,
    metric: Metric,
    unit: Unit,
    agreed: tuple[str, float, float | None],
    from_day: dt.date,
    words: tuple[str, str, str],
) -> Target:
    """One version, not yet kept. agreed: kind, value, upper; words: reason, source, with whom it was agreed."""
    kind, value, upper = agreed
    reason, source, agreed_with = (one.strip() for one in words)
    return Target(
        metric=metric,
        unit=unit,
        kind=kind,
        value=value,
        upper=upper,
        from_day=from_day,
        reason=reason,
        source=source,
        agreed_with=agreed_with,
        person=person,
        at=clock.now(),
    )


def tell_approvers(target: Target, entry: TrailEntry) -> None:
    """It waits for everybody who may approve it, but never for who proposed it."""
    people = [one for one in access.holders("metrics.approve_target", target.unit) if one.pk != target.person_id]
    _tell(people, "approve_target", target, entry, target.person, target.reason, waits=True)


def approve(person: Person, target: Target, word: str = "") -> Target:
    """Put a proposed target into force: from its day on, but never for days that have passed, so that history stays
    judged by what held then. Raises Refused (``not_now``, ``own_proposal``)."""
    with transaction.atomic():
        _one_at_a_time(target.metric)
        current = _to_decide(person, target, "approve")
        before = trail.values(current, *DECIDED)
        moves.move(current, states.TARGET, "approve")
        current.from_day = max(current.from_day, clock.today())
        _decided(current, person, word)
        _supersede(current)
        entry = trail.record(person, "approve_target", current, before, trail.values(current, *DECIDED))
        notices.settle(current)
        _tell([current.person], "target_approved", current, entry, person, word)
        analyses.enqueue_metric(current.metric, below=current.unit, person=person)
    return current


def turn_down(person: Person, target: Target, word: str) -> Target:
    """Say no to a proposed target, and why. Raises Refused (``no_reason``, ``not_now``, ``own_proposal``)."""
    if not word.strip():
        words = _("Say why: whoever proposed it should learn from it.")
        raise Refused("no_reason", words, {"word": words})
    with transaction.atomic():
        current = _to_decide(person, target, "turn_down")
        before = trail.values(current, *DECIDED)
        moves.move(current, states.TARGET, "turn_down")
        _decided(current, person, word)
        entry = trail.record(person, "turn_down_target", current, before, trail.values(current, *DECIDED))
        notices.settle(current)
        _tell([current.person], "target_turned_down", current, entry, person, word)
    return current


def withdraw(person: Person, target: Target) -> Target:
    """Take one's own proposal back before it is decided. Raises Refused (``not_now``), PermissionDenied."""
    with transaction.atomic():
        current = _held(target)
        access.require(person, "metrics.propose_target", current.unit)
        if current.person_id != person.pk:
            raise PermissionDenied
        before = trail.values(current, "state")
        moves.move(current, states.TARGET, "withdraw")
        current.save(update_fields=["state"])
        trail.record(person, "withdraw_target", current, before, trail.values(current, "state"))
        notices.settle(current)
    return current


def supersede_due() -> int:
    """Put out of force what a target set for a later day has replaced by now; how many. Run nightly."""
    count = 0
    today = clock.today()
    with transaction.atomic():
        rows = Target.objects.filter(state=states.IN_FORCE, from_day__lte=today).order_by("at", "pk")
        for target in rows:
            count += _supersede(target)
    return count


def _one_at_a_time(metric: Metric) -> None:
    """Two that come into force at once would not see each other, and neither would yield."""
    Metric.objects.select_for_update(no_key=True).get(pk=metric.pk)


def _held(target: Target) -> Target:
    return Target.objects.select_for_update(of=("self",)).select_related("metric", "unit", "person").get(pk=target.pk)


def _to_decide(person: Person, target: Target, move: str) -> Target:
    """The row held for this transaction, if the move is allowed and the person may decide on it."""
    current = _held(target)
    moves.check(current, states.TARGET, move)
    access.require(person, "metrics.approve_target", current.unit)
    if current.person_id == person.pk:
        raise Refused("own_proposal", _("Whoever proposes a target cannot decide on it. It waits for somebody else."))
    return current


def _decided(target: Target, person: Person, word: str) -> None:
    target.decided_by, target.decided_at, target.word = person, clock.now(), word.strip()
    target.save(update_fields=DECIDED)


def _check(metric: Metric, kind: str, value: float, upper: float | None, reason: str) -> None:
    if metric.archived_at is not None:
        raise Refused("archived", _("This metric is archived. Take it out of the archive first."))
    if not math.isfinite(value):
        raise Refused("no_number", _("Give a number."), {"value": _("Give a number.")})
    band = upper is not None and math.isfinite(upper) and upper > value
    if kind == Target.Kind.TOLERANCE and not band:
        words = _("A tolerance is a band: give its upper end, above the lower one.")
        raise Refused("no_band", words, {"upper": words})
    if kind != Target.Kind.TOLERANCE and upper is not None:
        words = _("Only a tolerance has an upper end.")
        raise Refused("no_band", words, {"upper": words})
    if not reason.strip():
        words = _("Say why: whoever reads the chart later will ask.")
        raise Refused("no_reason", words, {"reason": words})


def _check_reach(metric: Metric, value: float, upper: float | None) -> None:
    """Not asked where one ends: what was agreed before anybody asked can still be taken back."""
    if words := out_of_reach(metric, value):
        raise Refused("no_number", words, {"value": words})
    if upper is not None and (words := out_of_reach(metric, upper)):
        raise Refused("no_band", words, {"upper": words})


def _value_in_force(metric: Metric, unit: Unit, kind: str, day: dt.date) -> dict[str, Any]:
    rows = Target.objects.filter(metric=metric, unit=unit, kind=kind, state=states.IN_FORCE, from_day__lte=day)
    old = rows.order_by("from_day", "at", "pk").last()
    return trail.values(old, "value", "from_day") if old and not old.ends else {}


def _came(target: Target) -> tuple[dt.datetime, int]:
    """When it came into being as a target in force: set, or approved."""
    return target.decided_at or target.at, target.pk


def _supersede(target: Target) -> int:
    """Older versions of the same unit and kind yield once this one's day has come."""
    if target.from_day > clock.today():
        return 0
    older = Target.objects.filter(
        metric=target.metric_id, unit=target.unit_id, kind=target.kind, state=states.IN_FORCE
    ).exclude(pk=target.pk)
    count = 0
    for old in older:
        if _came(old) > _came(target) or old.from_day > clock.today():
            continue
        moves.move(old, states.TARGET, "supersede")
        old.save(update_fields=["state"])
        count += 1
    return count


def _tell(
    people: list[Person], kind: str, target: Target, entry: TrailEntry, person: Person, reason: str, waits: bool = False
) -> None:
    facts = {
        "title": target.metric.name,
        "unit": target.unit.name,
        "value": told_value(target),
        "person": person.name,
        "reason": reason,
    }
    event = f"metrics.{kind}:{target.pk}:{entry.number}"
    notices.tell(people, f"metrics.{kind}", target, target.get_absolute_url(), facts, waits=waits, event=event)
