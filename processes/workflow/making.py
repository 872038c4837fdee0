"""Rows made for a caller that writes its own trail entry."""

from __future__ import annotations

from decimal import Decimal

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from processes.models import Feature, Process, ProcessVersion, Service, Step
from teams import clock
from teams.models import Unit
from teams.refusals import Refused


def new_service(unit: Unit, name: str) -> Service:
    """A service of the unit, or the one it has under this name already."""
    _named(name)
    found = Service.objects.filter(unit=unit, name__iexact=name.strip()).first()
    return found or Service.objects.create(unit=unit, name=name.strip())


def new_process(service: Service, name: str) -> ProcessVersion:
    """A process with its first version, as it is; or the newest such version of the one of this name."""
    _named(name)
    process, _made = Process.objects.get_or_create(service=service, name=name.strip()[:120])
    found = process.versions.filter(kind=ProcessVersion.Kind.AS_IS).order_by("-number").first()
    return found or ProcessVersion.objects.create(process=process, number=1, made_at=clock.now())


def new_step(
    version: ProcessVersion,
    name: str,
    *,
    who: str = "",
    description: str = "",
    minutes: Decimal | None = None,
    cost: Decimal | None = None,
) -> Step:
    """A step after the last one of the version."""
    _named(name)
    with transaction.atomic():
        last = version.steps.select_for_update().order_by("-position").first()
        return Step.objects.create(
            process_version=version,
            position=last.position + 1 if last else 1,
            name=name.strip(),
            who=who.strip(),
            description=description.strip(),
            minutes=minutes,
            cost=cost,
        )


def new_feature(service: Service, name: str, drives: str = "") -> Feature:
    """A feature of service delivery, or the one the service has under this name already."""
    _named(name)
    found = Feature.objects.filter(service=service, name__iexact=name.strip()).first()
    return found or Feature.objects.create(service=service, name=name.strip(), drives=drives.strip())


def _named(name: str) -> None:
    if not name.strip():
        raise Refused("no_name", _("Give it a name."), {"name": _("Give it a name.")})
