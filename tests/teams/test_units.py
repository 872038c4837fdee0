import pytest
from django.urls import reverse

from teams.models import TrailEntry, Unit
from teams.refusals import Refused
from teams.workflow import units as workflow
from tests.world import ROLES


@pytest.fixture
def admin(world, client_of):
    return client_of(world.a.administrator)


def entries():
    return list(TrailEntry.objects.order_by("number").values_list("verb", flat=True))


def new(world, **changes):
    return {"name": "Alder Team East", "kind": "team", "parent": world.a.department.pk, "code": "EAST", **changes}


def test_everybody_sees_the_tree_of_their_organisation(world, client_of):
    for part in ROLES:
        page = client_of(getattr(world.a, part)).get("/units").content.decode()
        assert page.index("Alder Group") < page.index("Alder Customer Service") < page.index("Alder Team North")
        assert "Birch" not in page


def test_adds_a_unit_below_another(world, admin):
    assert admin.post("/units", new(world)).status_code == 302
    east = Unit.objects.get(name="Alder Team East")
    assert east.path == f"{world.a.department.path}{east.pk}/"
    assert entries() == ["add_unit"]


@pytest.mark.parametrize(
    "change",
    [{"name": ""}, {"name": "Alder Team North"}, {"kind": "organisation"}, {"parent": "0"}, {"kind": "planet"}],
)
def test_a_unit_that_cannot_be_is_explained(world, admin, change):
    assert admin.post("/units", new(world, **change)).status_code == 422
    assert (Unit.objects.count(), entries()) == (8, [])


def test_no_unit_stands_below_a_team_or_in_another_organisation(world, admin):
    assert admin.post("/units", new(world, parent=world.a.team.pk)).status_code == 422
    assert admin.post("/units", new(world, parent=world.b.department.pk)).status_code == 422


def test_renames(world, admin):
    address = reverse("unit", args=[world.a.team.pk])
    assert admin.post(address, {"name": "Alder Front Desk", "code": "FD"}).status_code == 302
    entry = TrailEntry.objects.get()
    assert (entry.before["name"], entry.after) == ("Alder Team North", {"name": "Alder Front Desk", "code": "FD"})


def test_a_name_taken_by_a_brother_is_refused(world, admin):
    answer = admin.post(reverse("unit", args=[world.a.team.pk]), {"name": "Alder Team South", "code": ""})
    assert (answer.status_code, "of this name there already" in answer.content.decode()) == (422, True)


def test_moves_with_all_below(world):
    arthur, organisation = world.a.administrator, world.a.organisation
    other = workflow.add_unit(arthur, organisation, "Alder Field Service", "department")
    workflow.move_unit(arthur, world.a.department, other)
    paths = dict(Unit.objects.filter(path__startswith=other.path).values_list("name", "path"))
    top = f"/{organisation.pk}/{other.pk}/{world.a.department.pk}/"
    assert paths == {
        "Alder Field Service": other.path,
        "Alder Customer Service": top,
        "Alder Team North": f"{top}{world.a.team.pk}/",
        "Alder Team South": f"{top}{world.a.other_team.pk}/",
    }
    assert entries() == ["add_unit", "move_unit"]


@pytest.mark.parametrize(
    ("what", "where", "code"),
    [
        ("department", "department", "circle"),
        ("department", "team", "circle"),
        ("team", "other_team", "kind"),
        ("organisation", "department", "circle"),
    ],
)
def test_a_move_that_cannot_be_is_refused(world, what, where, code):
    with pytest.raises(Refused) as refused:
        workflow.move_unit(world.a.administrator, getattr(world.a, what), getattr(world.a, where))
    assert refused.value.code == code


def test_a_unit_is_not_moved_into_another_organisation(world, admin):
    address = reverse("move-unit", args=[world.a.team.pk])
    assert admin.post(address, {"parent": world.b.department.pk}).status_code == 422


def test_archives_from_the_leaves_up_and_takes_back(world, admin):
    department = reverse("archive-unit", args=[world.a.department.pk])
    assert admin.post(department).status_code == 422
    for unit in (world.a.team, world.a.other_team):
        assert admin.post(reverse("archive-unit", args=[unit.pk])).status_code == 302
    assert admin.post(department).status_code == 302
    assert admin.post(reverse("restore-unit", args=[world.a.team.pk])).status_code == 422
    assert admin.post(reverse("restore-unit", args=[world.a.department.pk])).status_code == 302
    assert admin.post(reverse("archive-unit", args=[world.a.organisation.pk])).status_code == 422
    assert entries() == ["archive_unit"] * 3 + ["restore_unit"]


@pytest.mark.parametrize("part", [part for part in ROLES if part != "administrator"])
def test_nobody_else_touches_units(world, client_of, part):
    client = client_of(getattr(world.a, part))
    team = world.a.team.pk
    statuses = [
        client.post("/units", new(world)).status_code,
        client.post(reverse("unit", args=[team]), {"name": "x"}).status_code,
        client.post(reverse("move-unit", args=[team]), {"parent": world.a.organisation.pk}).status_code,
        client.post(reverse("archive-unit", args=[team])).status_code,
    ]
    assert (statuses, entries()) == ([403] * 4, [])


def test_another_organisations_unit_is_not_there(world, client_of):
    client = client_of(world.b.administrator)
    assert client.get(reverse("unit", args=[world.a.team.pk])).status_code == 404
    assert client.post(reverse("archive-unit", args=[world.a.team.pk])).status_code == 404
