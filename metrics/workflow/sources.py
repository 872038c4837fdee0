"""Where files come from: made, edited, put away."""

from __future__ import annotations

from zoneinfo import ZoneInfo

from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _

from metrics.models import Source
from teams import access, shelf, trail
from teams.models import Person, Unit
from teams.refusals import Refused


def create(person: Person, unit: Unit, name: str, *, zone: str = "") -> Source:
    """A source of the unit. Raises Refused (``no_name``, ``name_taken``, ``zone``)."""
    access.require(person, "metrics.import", unit)
    name = _named(name)
    _known(zone)
    try:
        with transaction.atomic():
            source = Source.objects.create(unit=unit, name=name, zone=zone)
            trail.record(person, "create_source", source, {}, trail.values(source, "unit", "name", "zone"))
    except IntegrityError:
        raise _taken() from None
    return source


def on_the_way(unit: Unit, name: str) -> Source:
    """A source that is stored together with its first file (``uploads.receive``). Raises Refused (``no_name``)."""
    return Source(unit=unit, name=_named(name))


def store(source: Source) -> None:
    """Store such a source; the caller's own entry in the trail tells of it. Raises Refused (``name_taken``)."""
    try:
        with transaction.atomic():
            source.save(force_insert=True)
    except IntegrityError:
        raise _taken() from None


def edit(person: Person, source: Source, *, name: str, zone: str = "") -> Source:
    """Rename a source, or say in which zone its clock stands. Raises Refused as ``create`` does."""
    access.require(person, "metrics.import", source)
    name = _named(name)
    _known(zone)
    try:
        with transaction.atomic():
            current = Source.objects.select_for_update().get(pk=source.pk)
            before = trail.values(current, "name", "zone")
            current.name, current.zone = name, zone
            if zone and current.mapping:
                current.mapping = {**current.mapping, "zone": zone}
                current.mapping_version += 1
            current.save()
            trail.record(person, "edit_source", current, before, trail.values(current, "name", "zone"))
    except IntegrityError:
        raise _taken() from None
    return current


def forget(person: Person, source: Source) -> Source:
    """Forget the saved mapping: the next file is asked about as if it were the first."""
    access.require(person, "metrics.import", source)
    with transaction.atomic():
        current = Source.objects.select_for_update().get(pk=source.pk)
        before = trail.values(current, "mapping", "mapping_version")
        current.mapping, current.fingerprint, current.choices = {}, "", {}
        current.save()
        trail.record(person, "forget_mapping", current, before, trail.values(current, "mapping", "mapping_version"))
    return current


def archive(person: Person, source: Source) -> Source:
    """Put a source away: it takes no more files; its data stay. Raises Refused (``not_now``)."""
    return shelf.put_away(person, "metrics.import", source)


def restore(person: Person, source: Source) -> Source:
    """Take a source out of the archive. Raises Refused (``not_now``)."""
    return shelf.take_out(person, "metrics.import", source)


def _named(name: str) -> str:
    name = name.strip()
    if not name or len(name) > 120:
        words = _("Give the source a name of at most 120 characters.")
        raise Refused("no_name", words, {"name": words})
    return name


def _known(zone: str) -> None:
    try:
        if zone:
            ZoneInfo(zone)
    except (KeyError, ValueError, OSError):
        words = _("“%(zone)s” is not a time zone. Write it like Europe/London.") % {"zone": zone}
        raise Refused("zone", words, {"zone": words}) from None


def _taken() -> Refused:
    words = _("This unit has a source of this name.")
    return Refused("name_taken", words, {"name": words})
