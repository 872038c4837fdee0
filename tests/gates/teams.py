"""Who gets what from the pages of teams."""

import datetime as dt
from types import SimpleNamespace

from django.db import transaction
from django.utils import timezone

from teams import clock, tokens, trail
from teams.models import Draft, Person, Role, StandIn, Unit
from tests.gates.rows import Cell, Get, Post, Row, only
from tests.world import PASSWORD, ROLES

ADMIN = only("administrator")
NEW = "seven purple otters sing"


def scene(side):
    """Besides the people and units of the side: somebody invited, somebody who left, an archived team, an absence."""
    at = SimpleNamespace(side=side)
    at.invited = Person.objects.create_user(f"new@{side.word.lower()}.example", f"New {side.word}")
    at.leaver = Person.objects.create_user(f"gone@{side.word.lower()}.example", f"Gone {side.word}", PASSWORD)
    at.leaver.is_active = False
    at.leaver.save()
    at.role = Role.objects.create(person=side.team_lead, unit=side.other_team, name="colleague")
    for person in (at.invited, at.leaver):
        Role.objects.create(person=person, unit=side.team, name="colleague")
    at.closed = Unit.objects.create(
        name=f"{side.word} Team West", kind="team", parent=side.department, archived_at=timezone.now()
    )
    at.closed.path = f"{side.department.path}{at.closed.pk}/"
    at.closed.save()
    at.field = Unit.objects.create(name=f"{side.word} Field Service", kind="department", parent=side.organisation)
    at.field.path = f"{side.organisation.path}{at.field.pk}/"
    at.field.save()
    today = clock.today()
    at.away = StandIn.objects.create(
        person=side.supervisor,
        stand_in=side.second_supervisor,
        first_day=today + dt.timedelta(days=30),
        last_day=today + dt.timedelta(days=40),
    )
    at.draft = Draft.objects.create(
        person=side.supervisor,
        kind="teams.unit",
        object_id=str(side.team.pk),
        words={"name": f"{side.word} words"},
        kept_at=clock.now(),
    )
    with transaction.atomic():
        at.entry = trail.record(side.supervisor, "rename_unit", side.team, {"name": "a"}, {"name": side.team.name})
    return at


def days():
    today = clock.today()
    return {"first_day": today.isoformat(), "last_day": (today + dt.timedelta(days=3)).isoformat()}


def person(at):
    return {"pk": at.side.team_lead.pk}


def unit(at):
    return {"pk": at.side.team.pk}


SIGNED_IN_ALREADY = {("GET", role): Cell(302) for role in ROLES} | {("POST", role): Cell(302) for role in ROLES}
TOLD_ONCE = "shows the session's own words; what is saved is the page that they are sent to"

ROWS = [
    Row("start", Get(status=404), Post(status=404, trail=0, why="there is somebody already"), public=True),
    Row(
        "sign-in",
        Get(),
        Post(lambda at: {"email": at.side.colleague.email, "password": PASSWORD}),
        public=True,
        cells=SIGNED_IN_ALREADY,
    ),
    Row("sign-out", post=Post()),
    Row("resume", Get(status=302), Post(trail=0, why=TOLD_ONCE)),
    Row(
        "password-change",
        Get(),
        Post(lambda at: {"password_old": PASSWORD, "password": NEW, "password_again": NEW}),
    ),
    Row("password-reset", Get(), Post(lambda at: {"email": at.side.colleague.email}), public=True),
    Row(
        "choose-password",
        Get(),
        Post(lambda at: {"password": NEW, "password_again": NEW}),
        args=lambda at: {"token": tokens.make(Person.objects.get(pk=at.invited.pk), tokens.INVITATION)},
        public=True,
    ),
    Row("me", Get(), Post(lambda at: {"name": "Somebody", "wants_mail": "on"})),
    Row("stand-ins", Get(), Post(lambda at: {"stand_in": at.side.second_colleague, **days()})),
    Row(
        "end-stand-in",
        post=Post(may=only("supervisor", "administrator")),
        args=lambda at: {"pk": at.away.pk},
        sees=only("supervisor", "decision_maker", "administrator"),
    ),
    Row("drafts", Get()),
    Row("drop-draft", post=Post(), args=lambda at: {"pk": at.draft.pk}, sees=only("supervisor")),
    Row("admin", Get(), door=ADMIN),
    Row("people", Get(queries=("?export=csv", "?export=xlsx", "?q=a&sort=-email", "?page=2"))),
    Row(
        "invite",
        Get(),
        Post(
            lambda at: {"name": "Zara", "email": "zara@new.example", "role": "colleague", "unit": at.side.team},
        ),
        door=ADMIN,
    ),
    Row(
        "person",
        Get(),
        Post(lambda at: {"name": "Another Name", "email": "another@new.example"}, may=ADMIN),
        args=person,
    ),
    Row(
        "give-role",
        post=Post(lambda at: {"role": "supervisor", "unit": at.side.department}),
        args=person,
        door=ADMIN,
    ),
    Row("disable", post=Post(), args=person, door=ADMIN),
    Row("enable", post=Post(), args=lambda at: {"pk": at.leaver.pk}, door=ADMIN),
    Row("invite-again", post=Post(), args=lambda at: {"pk": at.invited.pk}, door=ADMIN),
    Row(
        "stand-in-for",
        post=Post(lambda at: {"stand_in": at.side.second_colleague, **days()}),
        args=person,
        door=ADMIN,
    ),
    Row("take-role", post=Post(), args=lambda at: {"pk": at.role.pk}, door=ADMIN),
    Row(
        "move-role", post=Post(lambda at: {"unit": at.side.department}), args=lambda at: {"pk": at.role.pk}, door=ADMIN
    ),
    Row(
        "units",
        Get(),
        Post(lambda at: {"name": "New team", "kind": "team", "parent": at.side.department, "code": ""}, may=ADMIN),
    ),
    Row("unit", Get(), Post(lambda at: {"name": "Front desk", "code": "FD"}, may=ADMIN), args=unit),
    Row("move-unit", post=Post(lambda at: {"parent": at.field}), args=unit, door=ADMIN),
    Row("archive-unit", post=Post(), args=unit, door=ADMIN),
    Row("restore-unit", post=Post(), args=lambda at: {"pk": at.closed.pk}, door=ADMIN),
    Row("trail", Get(queries=("?export=csv", "?export=xlsx", "?kind=teams.unit", "?from=2018-01-01")), door=ADMIN),
    Row("verify-trail", post=Post(status=200, trail=0, why="reads the whole trail; writes nothing"), door=ADMIN),
    Row("trail-entry", Get(), args=lambda at: {"number": at.entry.number}, door=ADMIN),
]
