"""The steps of a process in order, and the features of a service: added, edited, moved."""

from __future__ import annotations

from typing import Any

from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _

from processes.models import Feature, ProcessVersion, Service, Step
from processes.workflow import making
from processes.workflow.offered import named, taken
from teams import access, edits, trail
from teams.models import Person
from teams.refusals import Refused

STEP_FIELDS = ("name", "who", "description", "minutes", "cost")
FEATURE_FIELDS = ("name", "drives")


def add_step(person: Person, version: ProcessVersion, given: dict[str, Any]) -> Step:
    """Add a step at the end. Raises Refused (``no_name``)."""
    access.require(person, "processes.edit", version)
    with transaction.atomic():
        made = making.new_step(version, **{field: given[field] for field in STEP_FIELDS if field in given})
        trail.record(person, "add_step", made, {}, trail.values(made, "process_version", "position", *STEP_FIELDS))
    return made


def edit_step(person: Person, step: Step, version: int, base: dict[str, Any], mine: dict[str, Any]) -> Step:
    """Change a step's words and figures; edits of different fields merge. Raises Conflict, Refused (``no_name``)."""
    access.require(person, "processes.edit", step)
    named(mine["name"])
    return edits.save(person, step, version, base, mine, "edit_step")


def move_step(person: Person, step: Step, earlier: bool) -> Step:
    """Let a step change places with its neighbour. Raises Refused (``at_the_end``)."""
    access.require(person, "processes.edit", step)
    with transaction.atomic():
        steps = list(Step.objects.select_for_update().filter(process_version=step.process_version_id, archived_at=None))
        places = [one.pk for one in steps]
        here = places.index(step.pk) if step.pk in places else -1
        there = here - 1 if earlier else here + 1
        if here < 0 or not 0 <= there < len(steps):
            raise Refused("at_the_end", _("There is no step on that side."))
        current = steps[here]
        before = trail.values(current, "position")
        steps[here], steps[there] = steps[there], steps[here]
        for position, one in enumerate(steps, start=1):
            one.position = position
        Step.objects.bulk_update(steps, ["position"])
        trail.record(person, "move_step", current, before, trail.values(current, "position"))
    return current


def add_feature(person: Person, service: Service, name: str, drives: str = "") -> Feature:
    """Add a feature of service delivery. Raises Refused (``no_name``, ``name_taken``)."""
    access.require(person, "processes.edit", service)
    name = named(name)
    if Feature.objects.filter(service=service, name__iexact=name).exists():
        raise taken()
    with transaction.atomic():
        made = making.new_feature(service, name, drives)
        trail.record(person, "add_feature", made, {}, trail.values(made, "service", *FEATURE_FIELDS))
    return made


def edit_feature(person: Person, feature: Feature, version: int, base: dict[str, Any], mine: dict[str, Any]) -> Feature:
    """Change a feature's words. Raises Conflict, Refused (``no_name``, ``name_taken``)."""
    access.require(person, "processes.edit", feature)
    named(mine["name"])
    try:
        return edits.save(person, feature, version, base, mine, "edit_feature")
    except IntegrityError:
        raise taken() from None
