"""Services, products, channels and processes: made, edited, put away."""

from __future__ import annotations

from typing import TypeVar

from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _

from processes.models import Feature, Offered, Process, Service, Step
from processes.workflow import making
from teams import access, shelf, trail
from teams.models import Person, Unit
from teams.refusals import Refused

O = TypeVar("O", bound=Offered)  # noqa: E741
FIELDS = ("name", "code")


def create(person: Person, kind: type[O], unit: Unit, name: str, code: str = "") -> O:
    """A service, product or channel of the unit. Raises Refused (``no_name``, ``name_taken``)."""
    access.require(person, "processes.edit", unit)
    name = named(name)
    try:
        with transaction.atomic():
            made: O = kind._default_manager.create(unit=unit, name=name, code=code.strip())
            trail.record(person, f"create_{kind._meta.model_name}", made, {}, trail.values(made, "unit", *FIELDS))
    except IntegrityError:
        raise taken() from None
    return made


def edit(person: Person, thing: Offered, name: str, code: str = "") -> None:
    """Rename it, or change the code by which files name it. Raises Refused (``no_name``, ``name_taken``)."""
    access.require(person, "processes.edit", thing)
    name = named(name)
    try:
        with transaction.atomic():
            current = type(thing)._default_manager.select_for_update().get(pk=thing.pk)
            before = trail.values(current, *FIELDS)
            current.name, current.code = name, code.strip()
            current.save(update_fields=FIELDS)
            verb = f"edit_{current._meta.model_name}"
            trail.record(person, verb, current, before, trail.values(current, *FIELDS))
    except IntegrityError:
        raise taken() from None


def create_process(person: Person, service: Service, name: str) -> Process:
    """A process of a service, with its first version as it is. Raises Refused (``no_name``, ``name_taken``)."""
    access.require(person, "processes.edit", service)
    name = named(name)
    if Process.objects.filter(service=service, name__iexact=name).exists():
        raise taken()
    with transaction.atomic():
        made = making.new_process(service, name).process
        trail.record(person, "create_process", made, {}, trail.values(made, "service", "name"))
    return made


def rename_process(person: Person, process: Process, name: str) -> Process:
    """Give a process another name. Raises Refused (``no_name``, ``name_taken``)."""
    access.require(person, "processes.edit", process)
    name = named(name)
    try:
        with transaction.atomic():
            current = Process.objects.select_for_update().get(pk=process.pk)
            before = trail.values(current, "name")
            current.name = name
            current.save(update_fields=["name"])
            trail.record(person, "rename_process", current, before, trail.values(current, "name"))
    except IntegrityError:
        raise taken() from None
    return current


def archive(person: Person, thing: Offered | Process | Feature | Step) -> None:
    """Put it away: it is offered no more where something new is made; what points to it stays.

    Raises Refused (``not_now``).
    """
    shelf.put_away(person, "processes.edit", thing)


def restore(person: Person, thing: Offered | Process | Feature | Step) -> None:
    """Take it out of the archive. Raises Refused (``not_now``)."""
    shelf.take_out(person, "processes.edit", thing)


def named(name: str) -> str:
    """The name without blanks around it. Raises Refused (``no_name``)."""
    if not name.strip():
        words = _("Give it a name.")
        raise Refused("no_name", words, {"name": words})
    return name.strip()


def taken() -> Refused:
    words = _("There is one of this name already.")
    return Refused("name_taken", words, {"name": words})
