import datetime as dt

import pytest
from django.core.exceptions import PermissionDenied
from django.http import Http404

from processes.models import Service
from teams import access, clock, roles
from teams.access import door
from teams.models import Person, Role, StandIn, TrailEntry, Unit
from tests.world import ROLES


@pytest.fixture
def services(world):
    """One service of the organisation, one of each team."""
    return {
        place: Service.objects.create(name=place, unit=getattr(world.a, place))
        for place in ("organisation", "team", "other_team")
    }


def seen(person, model):
    return set(access.visible_to(person, model))


def test_a_role_reaches_all_below_its_unit_and_nothing_beside(world):
    assert seen(world.a.supervisor, Unit) == set(world.a.units)
    assert seen(world.a.team_lead, Unit) == {world.a.team, world.a.department, world.a.organisation}


def test_what_units_above_own_may_be_looked_at_not_changed(world, services):
    lead, supervisor = world.a.team_lead, world.a.supervisor
    assert seen(lead, Service) == {services["organisation"], services["team"]}
    assert access.may(supervisor, "processes.edit", services["team"])
    assert not access.may(supervisor, "processes.edit", services["organisation"])
    assert access.may(world.a.administrator, "processes.edit", services["organisation"])


@pytest.mark.parametrize("part", ROLES)
def test_nobody_sees_anybody_of_the_other_organisation(world, part):
    assert seen(getattr(world.a, part), Person).isdisjoint(world.b.people)
    assert seen(getattr(world.a, part), Role).isdisjoint(Role.objects.filter(person__in=world.b.people))


def test_colleagues_know_the_people_above_them(world):
    assert world.a.supervisor in seen(world.a.colleague, Person)
    assert not access.may(world.a.colleague, "teams.administer", world.a.supervisor)


def test_what_one_may_not_see_is_not_there_what_one_may_not_do_is_refused(world, services):
    with pytest.raises(Http404):
        access.fetch(world.b.administrator, Service, services["team"].pk, "processes.edit")
    with pytest.raises(PermissionDenied):
        access.fetch(world.a.colleague, Service, services["team"].pk, "processes.edit")
    assert access.fetch(world.a.supervisor, Service, services["team"].pk, "processes.edit") == services["team"]


@pytest.mark.parametrize("pk", ["x", "", "9" * 40, -1, "1 OR 1=1"])
def test_an_id_that_is_none_is_not_there(world, pk):
    with pytest.raises(Http404):
        access.fetch(world.a.administrator, Unit, pk)


def test_somebody_disabled_may_nothing(world):
    world.a.administrator.is_active = False
    assert seen(world.a.administrator, Unit) == set()
    assert not access.may(world.a.administrator, "teams.administer", world.a.team)


def test_a_person_named_twice_makes_no_row_appear_twice(world):
    Role.objects.create(person=world.a.supervisor, unit=world.a.organisation, name=roles.SUPERVISOR)
    assert access.visible_to(world.a.supervisor, Unit).count() == 4


def test_a_model_without_a_way_to_a_unit_is_seen_by_those_named_alone(world):
    from teams.models import Draft

    moment = dt.datetime(2026, 3, 3, tzinfo=dt.UTC)
    Draft.objects.create(person=world.a.colleague, kind="x", object_id="1", kept_at=moment)
    counts = {part: len(seen(getattr(world.a, part), Draft)) for part in ROLES}
    assert counts == {**dict.fromkeys(ROLES, 0), "colleague": 1}


@pytest.mark.parametrize(("day", "sees"), [(1, False), (2, True), (4, True), (5, False)])
def test_a_session_holds_for_somebody_away_in_these_days_only(world, client_of, clock_at, day, sees):
    """The person of a session is read with a day more at both ends; what counts are the days agreed."""
    clock_at(dt.date(2026, 3, day))
    StandIn.objects.create(
        person=world.a.supervisor,
        stand_in=world.b.colleague,
        first_day=dt.date(2026, 3, 2),
        last_day=dt.date(2026, 3, 4),
    )

    answer = client_of(world.b.colleague).get(f"/people/{world.a.team_lead.pk}")

    assert (answer.status_code == 200) == sees


def test_a_stand_in_acts_within_the_same_authority_in_these_days_only(world, clock_at):
    colleague = world.a.colleague
    StandIn.objects.create(
        person=world.a.supervisor, stand_in=colleague, first_day=dt.date(2026, 3, 2), last_day=dt.date(2026, 3, 4)
    )
    may = []
    for day in (1, 2, 4, 5):
        clock_at(dt.date(2026, 3, day))
        access.forget(colleague)
        may.append(access.may(colleague, "reviews.create"))
    assert may == [False, True, True, False]


def test_nobody_acts_for_somebody_disabled(world):
    today = clock.today()
    StandIn.objects.create(
        person=world.a.supervisor, stand_in=world.a.colleague, first_day=today, last_day=today + dt.timedelta(days=1)
    )
    Person.objects.filter(pk=world.a.supervisor.pk).update(is_active=False)
    assert not access.may(world.a.colleague, "reviews.create")


def test_holders_are_found_up_the_line(world):
    assert set(access.holders("reviews.create", world.a.team)) == {world.a.supervisor, world.a.second_supervisor}


def test_a_permission_that_is_not_in_the_table_is_a_fault_of_ours():
    with pytest.raises(LookupError):
        door("teams.nonsense")
    for ask in (access.may, lambda person, perm: access.visible_to(person, Unit, perm)):
        with pytest.raises(LookupError):
            ask(None, "teams.nonsense")


def test_one_unit_is_not_enough_to_administer_somebody_of_two(world):
    both = world.a.colleague
    Role.objects.create(person=both, unit=world.b.team, name=roles.COLLEAGUE)
    assert not access.administers(world.a.administrator, both)
    assert access.administers(world.a.administrator, world.a.team_lead)
    assert not access.administers(world.a.administrator, world.b.colleague)


def test_asking_costs_the_same_however_much_there_is(world, django_assert_num_queries):
    Unit.objects.bulk_create(
        Unit(name=f"Desk {n}", kind="team", parent=world.a.department, path=f"{world.a.department.path}{900 + n}/")
        for n in range(50)
    )
    person = Person.objects.get(pk=world.a.supervisor.pk)
    with django_assert_num_queries(2):
        assert access.visible_to(person, Unit).count() == 54
    assert not TrailEntry.objects.exists()
