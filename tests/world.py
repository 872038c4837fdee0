"""Two look-alike organisations, Alder and Birch: the same units, roles and people, told apart by their names alone.

Every name in one holds its own word, so that a page of the one that shows the other's word has leaked.
"""

from __future__ import annotations

from dataclasses import dataclass, fields

from django.contrib.auth.hashers import make_password

from teams import roles
from teams.models import Person, Role, Unit

PASSWORD = "correct horse battery staple"

# Who holds which role for which unit; the names begin with the letter of their organisation.
CAST = {
    "supervisor": (roles.SUPERVISOR, "department", {"Alder": "Amara", "Birch": "Boris"}),
    "decision_maker": (roles.DECISION_MAKER, "organisation", {"Alder": "Aled", "Birch": "Beth"}),
    "team_lead": (roles.TEAM_LEAD, "team", {"Alder": "Asel", "Birch": "Bolat"}),
    "colleague": (roles.COLLEAGUE, "team", {"Alder": "Anna", "Birch": "Bora"}),
    "administrator": (roles.ADMINISTRATOR, "organisation", {"Alder": "Arthur", "Birch": "Bronwen"}),
    "second_supervisor": (roles.SUPERVISOR, "department", {"Alder": "Agnes", "Birch": "Bruno"}),
    "second_team_lead": (roles.TEAM_LEAD, "other_team", {"Alder": "Ahmed", "Birch": "Bella"}),
    "second_colleague": (roles.COLLEAGUE, "team", {"Alder": "Alba", "Birch": "Basil"}),
    "other_colleague": (roles.COLLEAGUE, "other_team", {"Alder": "Arman", "Birch": "Byung"}),
}
ROLES = ("supervisor", "decision_maker", "team_lead", "colleague", "administrator")


@dataclass
class Side:
    """One organisation: units by their place, people by their part."""

    word: str
    organisation: Unit
    department: Unit
    team: Unit
    other_team: Unit
    supervisor: Person
    decision_maker: Person
    team_lead: Person
    colleague: Person
    administrator: Person
    second_supervisor: Person
    second_team_lead: Person
    second_colleague: Person
    other_colleague: Person

    @property
    def people(self) -> list[Person]:
        return [getattr(self, field.name) for field in fields(self) if field.name in CAST]

    @property
    def units(self) -> list[Unit]:
        return [self.organisation, self.department, self.team, self.other_team]


@dataclass
class World:
    """``a`` is Alder, ``b`` is Birch; tests of the doors look from the one at the other."""

    a: Side
    b: Side

    @property
    def alder(self) -> Side:
        return self.a

    @property
    def birch(self) -> Side:
        return self.b


def build() -> World:
    """Both organisations; about twenty statements."""
    password = make_password(PASSWORD)
    return World(_side("Alder", password), _side("Birch", password))


def _unit(name: str, kind: str, parent: Unit | None = None) -> Unit:
    unit = Unit.objects.create(name=name, kind=kind, parent=parent)
    unit.path = f"{parent.path if parent else '/'}{unit.pk}/"
    unit.save(update_fields=["path"])
    return unit


def _side(word: str, password: str) -> Side:
    organisation = _unit(f"{word} Group", Unit.Kind.ORGANISATION)
    department = _unit(f"{word} Customer Service", Unit.Kind.DEPARTMENT, organisation)
    units = {
        "organisation": organisation,
        "department": department,
        "team": _unit(f"{word} Team North", Unit.Kind.TEAM, department),
        "other_team": _unit(f"{word} Team South", Unit.Kind.TEAM, department),
    }
    people = {
        part: Person(email=f"{names[word].lower()}@{word.lower()}.example", name=f"{names[word]} {word}")
        for part, (_role, _place, names) in CAST.items()
    }
    for person in people.values():
        person.password = password
    Person.objects.bulk_create(people.values())
    Role.objects.bulk_create(
        Role(person=people[part], unit=units[place], name=role) for part, (role, place, _names) in CAST.items()
    )
    return Side(word=word, **units, **people)  # type: ignore[arg-type]
