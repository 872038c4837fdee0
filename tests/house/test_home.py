"""Home of a new workspace: what is still lacking, for whoever can mend it."""

import pytest

from cxreview.first_steps import first_steps
from metrics.models import Series
from teams.models import Person, Unit
from tests.reviews import making

pytestmark = pytest.mark.django_db
STEPS = ["Add units", "Invite somebody", "Import a file", "Begin a review"]


def steps(person):
    return [str(step.verb) for step in first_steps(person)]


def test_the_first_administrator_is_told_what_to_do(client, client_of):
    given = {"workspace": "Harbour", "zone": "UTC", "organisation": "Harbour Water", "name": "Ada Min"}
    password = "seven purple otters sing"
    client.post("/start", {**given, "email": "ada@harbour.example", "password": password, "password_again": password})
    page = client.get("/").content.decode()
    assert [words for words in STEPS if f">{words}<" in page] == ["Add units", "Invite somebody", "Import a file"]
    ada = Person.objects.get()
    Unit.objects.create(name="Desk", kind="team", parent=Unit.objects.get(), path=f"{Unit.objects.get().path}99/")
    assert "Add units" not in steps(ada)


def test_a_supervisor_imports_and_begins_and_then_nothing_is_left_to_say(world, client_of):
    amara = world.a.supervisor
    assert steps(amara) == ["Import a file", "Begin a review"]
    making.planned(world.a)
    making.a_series(world.a)
    assert (Series.objects.count(), steps(amara)) == (1, [])
    assert "First steps" not in client_of(amara).get("/").content.decode()


def test_who_cannot_take_a_step_is_not_told_of_it(world):
    assert steps(world.a.colleague) == []
    assert steps(world.a.administrator) == ["Import a file"]
