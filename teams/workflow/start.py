"""The first administrator: made once, while there is nobody, with the workspace and its first organisation."""

from __future__ import annotations

import zoneinfo

from django.db import IntegrityError, transaction
from django.utils.translation import gettext_lazy as _

from teams import roles, trail
from teams.models import Person, Role, TrailHead, Unit, Workspace
from teams.refusals import Refused
from teams.workflow.signing_in import check_strength


def start(*, workspace: str, zone: str, organisation: str, name: str, email: str, password: str) -> Person:
    """Name the workspace, found the organisation and make its administrator.

    Raises Refused: ``started`` (somebody is there already), ``zone``, ``weak``, ``organisation``.
    """
    if zone not in zoneinfo.available_timezones():
        raise Refused("zone", _("This time zone is not known."), {"zone": _("This time zone is not known.")})
    check_strength(password, Person(name=name, email=email))
    try:
        with transaction.atomic():
            # The head's row is a lock that two first pages open at once have to share.
            TrailHead.objects.get_or_create(pk=1)
            TrailHead.objects.select_for_update().get(pk=1)
            if Person.objects.exists():
                raise Refused("started", _("Somebody has set up this workspace already. Sign in."))
            Workspace.objects.update_or_create(pk=1, defaults={"name": workspace, "zone": zone})
            unit = Unit.objects.create(name=organisation, kind=Unit.Kind.ORGANISATION)
            unit.path = f"/{unit.pk}/"
            unit.save(update_fields=["path"])
            person = Person.objects.create_user(email, name, password)
            Role.objects.create(person=person, unit=unit, name=roles.ADMINISTRATOR)
            after = {"workspace": workspace, "zone": zone, "organisation": organisation, "name": name}
            trail.record(person, "start", unit, {}, after)
    except IntegrityError:
        words = _("There is an organisation of this name already.")
        raise Refused("organisation", words, {"organisation": words}) from None
    return person
