"""The invented organisation is founded: units, people, their password."""

from __future__ import annotations

from django.db import transaction

from cxreview.demo import cast, data
from cxreview.demo.stage import Stage, Story
from teams import access, trail
from teams.models import Person, Unit, Workspace
from teams.workflow import people, units
from teams.workflow.start import start


def story(stage: Stage) -> Story:
    yield stage.on(60, "Mon 09:00")
    first = cast.CAST[0]
    nia = start(
        workspace=cast.WORKSPACE,
        zone=cast.ZONE,
        organisation=cast.ORGANISATION,
        name=first.name,
        email=first.email,
        password=cast.PASSWORD,
    )
    _say_that_it_is_invented(nia)
    yield stage.on(60, "Mon 09:20")
    top = stage.unit(cast.ORGANISATION)
    for department, teams in data.TEAMS.items():
        made = units.add_unit(nia, top, department, Unit.Kind.DEPARTMENT)
        for team in teams:
            units.add_unit(nia, made, team, Unit.Kind.TEAM)
    yield stage.on(60, "Mon 10:00")
    for part in cast.CAST[1:]:
        people.invite(nia, part.email, part.name, stage.unit(part.unit), part.role, part.limit)
    # One hash for all: choosing twenty passwords one by one would take longer than all the rest.
    Person.objects.exclude(pk=nia.pk).update(password=nia.password)
    yield stage.on(12, "Mon 09:10")
    nia = stage.person("nia")
    access.forget(nia)
    people.give_role(nia, stage.person("marcus"), stage.unit("Billing South"), "team_lead")
    yield stage.on(10, "Fri 16:45")
    extra = stage.person("marcus").roles.get(unit=stage.unit("Billing South"))
    people.take_role(nia, extra)


def _say_that_it_is_invented(person: Person) -> None:
    with transaction.atomic():
        workspace = Workspace.objects.get(pk=1)
        before = trail.values(workspace, "is_demo")
        workspace.is_demo = True
        workspace.save(update_fields=["is_demo"])
        trail.record(person, "make_demo", workspace, before, trail.values(workspace, "is_demo"))
