"""``manage.py demo``: fills an empty workspace only, prints who can sign in, and takes all of it away again."""

import datetime as dt
import io

import pytest
from django.core.management import CommandError, call_command
from django.urls import reverse

from cxreview.demo import cast, making, removal
from teams import roles, trail
from teams.models import Person, Role, TrailEntry, Unit, Workspace

pytestmark = pytest.mark.django_db


def demo(*words):
    out = io.StringIO()
    call_command("demo", *words, stdout=out)
    return out.getvalue()


@pytest.fixture
def small(monkeypatch):
    """The first story alone: the organisation and its people."""
    from cxreview.demo.stories import founding

    monkeypatch.setattr(making, "STORIES", (founding.story,))


def test_it_prints_who_can_sign_in_with_what_waits(small):
    lines = demo("--as-of", "2026-03-02").splitlines()
    assert any(line.startswith("nia@demo.example") and "administrator" in line for line in lines)
    assert lines[-1] == f"Password of all: {cast.PASSWORD}"
    assert demo("--print-sign-ins").splitlines() == lines[1:]


def test_everybody_signs_in_with_the_one_password(small, client):
    demo("--as-of", "2026-03-02")
    for person in Person.objects.all():
        client.post(reverse("sign-in"), {"email": person.email, "password": cast.PASSWORD})
        assert client.session["_auth_user_id"] == str(person.pk)
        client.logout()


def test_if_empty_does_nothing_when_somebody_is_there(world):
    people, entries = Person.objects.count(), TrailEntry.objects.count()
    assert demo("--if-empty") == ""
    assert (Person.objects.count(), TrailEntry.objects.count()) == (people, entries)


def test_it_refuses_to_mix_with_real_people(world):
    with pytest.raises(CommandError, match="empty workspace"):
        demo()
    assert not removal.is_demo()


def test_a_real_workspace_prints_no_sign_ins_and_cannot_be_removed(world):
    Workspace.objects.create(pk=1, name="Alder")
    assert demo("--print-sign-ins") == ""
    with pytest.raises(CommandError, match="not the demonstration"):
        demo("--remove")
    assert Person.objects.exists()


@pytest.mark.parametrize("day", ["yesterday", "2026-02-30"])
def test_a_day_that_is_none_is_said_to_be_none(day):
    with pytest.raises(CommandError, match="is not a day"):
        demo("--as-of", day)


def test_a_story_that_fails_leaves_nothing(monkeypatch):
    from cxreview.demo.stories import founding

    def broken(stage):
        yield stage.on(59, "Mon 09:00")
        raise RuntimeError("the curtain fell")

    monkeypatch.setattr(making, "STORIES", (founding.story, broken))
    with pytest.raises(RuntimeError, match="the curtain fell"):
        making.make(dt.datetime(2026, 3, 2, tzinfo=dt.UTC))
    assert not Person.objects.exists()
    assert not TrailEntry.objects.exists()


class TestRemoval:
    @pytest.fixture
    def nia(self, small):
        demo("--as-of", "2026-03-02")
        return Person.objects.get(email="nia@demo.example")

    def test_the_administrator_is_offered_it_on_every_page_others_are_not(self, nia, client_of):
        address = reverse("remove-demo")
        assert address in client_of(nia).get(reverse("me")).content.decode()
        assert (
            address not in client_of(Person.objects.get(email="tom@demo.example")).get(reverse("me")).content.decode()
        )

    def test_one_click_leaves_an_empty_workspace_and_its_first_page(self, nia, client_of):
        client = client_of(nia)
        assert client.get(reverse("remove-demo")).status_code == 200
        answer = client.post(reverse("remove-demo"), follow=True)
        assert answer.redirect_chain == [(reverse("start"), 302)]
        assert answer.status_code == 200
        counts = [model.objects.count() for model in (Person, Unit, Role, TrailEntry, Workspace)]
        assert counts == [0, 0, 0, 0, 0]

    def test_files_and_the_anchor_of_the_trail_go_with_it(self, nia, settings, django_capture_on_commit_callbacks):
        settings.FILES_DIR.mkdir(parents=True)
        kept = settings.FILES_DIR / "kept"
        kept.write_text("a file of the demonstration")
        settings.TRAIL_ANCHOR.write_text("1 old\n")
        with django_capture_on_commit_callbacks(execute=True):
            removal.remove()
        assert (kept.exists(), settings.TRAIL_ANCHOR.exists()) == (False, False)

    def test_a_new_trail_begins(self, nia, client_of, client):
        client_of(nia).post(reverse("remove-demo"))
        given = {"workspace": "Ours", "zone": "Europe/London", "organisation": "Real", "name": "Rhian"}
        given |= {
            "email": "rhian@real.example",
            "password": "a long and quiet word",
            "password_again": "a long and quiet word",
        }
        client.post(reverse("start"), given)
        assert (Workspace.objects.get().name, removal.is_demo()) == ("Ours", False)
        assert trail.verify() == trail.Verdict(1, None, "")

    def test_only_an_administrator_may(self, nia, client_of):
        answer = client_of(Person.objects.get(email="helen@demo.example")).post(reverse("remove-demo"))
        assert answer.status_code == 403
        assert Person.objects.exists()

    def test_of_a_real_workspace_there_is_nothing_to_remove(self, world, client_of):
        Workspace.objects.create(pk=1, name="Alder")
        answer = client_of(world.a.administrator).post(reverse("remove-demo"))
        assert (answer.status_code, Person.objects.exists()) == (404, True)

    def test_the_command_removes_it_too(self, nia):
        assert "/start" in demo("--remove")
        assert not Person.objects.exists()


def test_people_hold_the_roles_of_the_cast(small):
    demo("--as-of", "2026-03-02")
    held = {(role.person.name, role.name, role.unit.name) for role in Role.objects.select_related("person", "unit")}
    assert held == {(part.name, part.role, part.unit) for part in cast.CAST}
    assert {part.role for part in cast.CAST} == set(roles.ROLES)
