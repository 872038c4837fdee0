"""Organisation, department, team: add, rename, move, archive."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

from django.db import IntegrityError, transaction
from django.db.models import F, Value
from django.db.models.functions import Concat, Length, Substr
from django.utils.translation import gettext_lazy as _

from teams import access, clock, trail
from teams.models import Person, Role, Unit
from teams.refusals import Refused

# Which kinds may stand below which.
BELOW = {
    Unit.Kind.ORGANISATION: (Unit.Kind.DEPARTMENT, Unit.Kind.TEAM),
    Unit.Kind.DEPARTMENT: (Unit.Kind.DEPARTMENT, Unit.Kind.TEAM),
    Unit.Kind.TEAM: (),
}


def add_unit(person: Person, parent: Unit | None, name: str, kind: str, code: str = "") -> Unit:
    """Add a unit below ``parent``; without one an organisation, whose administrator the founder becomes."""
    if (parent is None) != (kind == Unit.Kind.ORGANISATION) or (parent and kind not in BELOW[Unit.Kind(parent.kind)]):
        raise Refused("kind", _("A unit of this kind does not belong there."))
    access.require(person, "teams.administer", parent)
    if parent and parent.archived_at:
        raise Refused("archived", _("“%(unit)s” is archived.") % {"unit": parent.name})
    with _one_name(), transaction.atomic():
        unit = Unit.objects.create(name=name, kind=kind, code=code, parent=parent)
        unit.path = f"{parent.path if parent else '/'}{unit.pk}/"
        unit.save(update_fields=["path"])
        if parent is None:
            Role.objects.create(person=person, unit=unit, name=Role.Name.ADMINISTRATOR)
            access.forget(person)
        trail.record(person, "add_unit", unit, {}, trail.values(unit, "name", "kind", "code", "parent"))
    return unit


def rename_unit(person: Person, unit: Unit, name: str, code: str = "") -> Unit:
    """Change a unit's name and the code by which files know it."""
    access.require(person, "teams.administer", unit)
    with _one_name(), transaction.atomic():
        unit = Unit.objects.select_for_update().get(pk=unit.pk)
        before = trail.values(unit, "name", "code")
        unit.name, unit.code = name, code
        unit.save(update_fields=["name", "code"])
        trail.record(person, "rename_unit", unit, before, trail.values(unit, "name", "code"))
    return unit


def move_unit(person: Person, unit: Unit, parent: Unit) -> Unit:
    """Put a unit and all below it under another parent of the same organisation."""
    access.require(person, "teams.administer", unit)
    access.require(person, "teams.administer", parent)
    with _one_name(), transaction.atomic():
        # All paths of the organisation are locked, so that two moves cannot make a ring.
        top = f"/{unit.line_ids[0]}/"
        units = {row.pk: row for row in Unit.objects.select_for_update().filter(path__startswith=top).order_by("pk")}
        moved, target = units[unit.pk], units.get(parent.pk)
        if target is None or target.path.startswith(moved.path):
            raise Refused("circle", _("A unit cannot be moved below itself or into another organisation."))
        if moved.kind not in BELOW[Unit.Kind(target.kind)] or target.archived_at:
            raise Refused("kind", _("A unit of this kind does not belong there."))
        before, old = trail.values(moved, "parent", "path"), moved.path
        moved.parent, moved.path = target, f"{target.path}{moved.pk}/"
        moved.save(update_fields=["parent", "path"])
        below = Unit.objects.filter(path__startswith=old).exclude(pk=moved.pk)
        below.update(path=Concat(Value(moved.path), Substr(F("path"), Length(Value(old)) + 1)))
        trail.record(person, "move_unit", moved, before, trail.values(moved, "parent", "path"))
    return moved


def archive_unit(person: Person, unit: Unit) -> Unit:
    """Take a unit out of use; what it did stays. Refused while units below it are in use."""
    access.require(person, "teams.administer", unit)
    with transaction.atomic():
        unit = Unit.objects.select_for_update().get(pk=unit.pk)
        if unit.archived_at:
            raise Refused("archived", _("“%(unit)s” is archived.") % {"unit": unit.name})
        if Unit.objects.filter(parent=unit, archived_at__isnull=True).exists():
            raise Refused("units_below", _("Archive or move the units below it first."))
        if unit.parent_id is None:
            raise Refused("organisation", _("An organisation cannot be archived."))
        unit.archived_at = clock.now()
        unit.save(update_fields=["archived_at"])
        trail.record(person, "archive_unit", unit, {"archived_at": None}, trail.values(unit, "archived_at"))
    return unit


def restore_unit(person: Person, unit: Unit) -> Unit:
    """Take an archived unit back into use."""
    access.require(person, "teams.administer", unit)
    with transaction.atomic():
        unit = Unit.objects.select_for_update(of=("self",)).select_related("parent").get(pk=unit.pk)
        if not unit.archived_at:
            raise Refused("in_use", _("“%(unit)s” is in use.") % {"unit": unit.name})
        if unit.parent and unit.parent.archived_at:
            raise Refused("archived", _("“%(unit)s” is archived.") % {"unit": unit.parent.name})
        before, unit.archived_at = trail.values(unit, "archived_at"), None
        unit.save(update_fields=["archived_at"])
        trail.record(person, "restore_unit", unit, before, {"archived_at": None})
    return unit


@contextmanager
def _one_name() -> Iterator[None]:
    try:
        yield
    except IntegrityError:
        words = _("There is a unit of this name there already.")
        raise Refused("name", words, {"name": words}) from None
