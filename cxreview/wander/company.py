"""Those who wander: an organisation with two of each part, a person in two parts at once, and somebody from elsewhere."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass, field

from jobs.workflow import run_pending
from metrics.models import Metric, Series
from metrics.workflow import metrics, uploads
from metrics.workflow.typed_values import Typed
from processes.models import Service
from processes.workflow import offered
from teams import access, clock, roles
from teams.models import Person, Unit
from teams.workflow import people, stand_ins, start, units

FIRST_DAY = dt.datetime(2026, 3, 2, 9, tzinfo=dt.UTC)
LAST_DAY = dt.date(2999, 12, 31)
MONTHS = 24
# Who tries: (name, role, place).
PARTS = (
    ("author", roles.SUPERVISOR, "department"),
    ("colleague of the author", roles.SUPERVISOR, "department"),
    ("decision-maker", roles.DECISION_MAKER, "organisation"),
    ("other decision-maker", roles.DECISION_MAKER, "department"),
    ("owner", roles.TEAM_LEAD, "team"),
    ("other team lead", roles.TEAM_LEAD, "other team"),
    ("colleague", roles.COLLEAGUE, "team"),
    ("other colleague", roles.COLLEAGUE, "other team"),
    ("both", roles.SUPERVISOR, "department"),
)


@dataclass
class Company:
    """People by their part, units by their place, and a measure with two years of steady months."""

    people: dict[str, Person] = field(default_factory=dict)
    units: dict[str, Unit] = field(default_factory=dict)
    series: Series | None = None
    service: Service | None = None

    def again(self) -> None:
        """Read the people anew, so that nothing remembered from an undone sequence stays."""
        rows = Person.objects.in_bulk([person.pk for person in self.people.values()])
        self.people = {part: rows[person.pk] for part, person in self.people.items()}


def gather() -> Company:
    """A new workspace. Raises Refused (``started``) where somebody is there already."""
    company = Company()
    with clock.at(FIRST_DAY):
        founder = start.start(
            workspace="Wanderers",
            zone="UTC",
            organisation="Wanderers",
            name="Administrator",
            email="administrator@wander.example",
            password="nine idle foxes wander",
        )
        company.people["administrator"] = founder
        company.units["organisation"] = Unit.objects.get(parent=None)
        _units(company, founder)
        _people(company, founder)
        _figures(company)
    company.again()
    return company


def _units(company: Company, founder: Person) -> None:
    places = (
        ("department", "organisation", Unit.Kind.DEPARTMENT),
        ("team", "department", Unit.Kind.TEAM),
        ("other team", "department", Unit.Kind.TEAM),
    )
    for name, above, kind in places:
        company.units[name] = units.add_unit(founder, company.units[above], name.capitalize(), kind)
    company.units["elsewhere"] = units.add_unit(founder, None, "Elsewhere", Unit.Kind.ORGANISATION)


def _people(company: Company, founder: Person) -> None:
    for part, role, place in (*PARTS, ("stranger", roles.SUPERVISOR, "elsewhere")):
        address = f"{part.replace(' ', '-')}@wander.example"
        company.people[part] = people.invite(founder, address, part.capitalize(), company.units[place], role)
    people.give_role(founder, company.people["both"], company.units["department"], roles.DECISION_MAKER)
    # The author may act for the decision-maker: but not on what is the author's own.
    for away, stand_in in (("decision-maker", "author"), ("other decision-maker", "colleague of the author")):
        person = company.people[away]
        stand_ins.set_stand_in(person, person, company.people[stand_in], clock.today(), LAST_DAY)
    for person in company.people.values():
        access.forget(person)


def _figures(company: Company) -> None:
    author, team = company.people["author"], company.units["team"]
    company.service = offered.create(author, Service, company.units["department"], "Help desk")
    given = {
        "name": "Answered in time",
        "code": "in-time",
        "direction": Metric.Direction.HIGHER,
        "kind": Metric.Kind.SCORE,
        "period": Metric.Period.MONTH,
    }
    metric = metrics.create(author, company.units["department"], given, "Share of letters answered in a week.")
    days = [dt.date(2024 + month // 12, month % 12 + 1, 1) for month in range(MONTHS)]
    values = [Typed(metric, team, day, 80 + (place * 7) % 5 / 2, None) for place, day in enumerate(days)]
    uploads.typed(author, team, values)
    run_pending()
    company.series = Series.objects.get(metric=metric, unit=team)
