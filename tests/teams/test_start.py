import threading

import pytest
from django.core.management import CommandError, call_command
from django.db import connection
from django.test import Client

from cxreview.management.commands import serve
from teams.models import Person, Role, TrailEntry, Unit, Workspace

GIVEN = {
    "workspace": "Alder reviews",
    "zone": "UTC",
    "organisation": "Alder Group",
    "name": "Arthur Alder",
    "email": "Arthur@alder.example",
    "password": "seven purple otters sing",
    "password_again": "seven purple otters sing",
}


@pytest.mark.django_db
def test_an_empty_workspace_begins_at_the_first_page(client):
    assert client.get("/").url == "/sign-in?next=%2F"
    assert client.get("/sign-in").url == "/start"
    assert client.get("/start").status_code == 200


@pytest.mark.django_db
def test_the_first_page_makes_workspace_organisation_and_administrator(client):
    assert client.post("/start", GIVEN).url == "/"
    arthur = Person.objects.get()
    role = Role.objects.get()
    assert (arthur.email, role.name, role.unit.path) == ("arthur@alder.example", "administrator", f"/{role.unit.pk}/")
    assert (Workspace.objects.get().name, Workspace.objects.get().zone) == ("Alder reviews", "UTC")
    assert client.get("/me").status_code == 200
    assert list(TrailEntry.objects.values_list("verb", flat=True)) == ["start"]


@pytest.mark.django_db
@pytest.mark.parametrize(
    "change",
    [{"password": "short", "password_again": "short"}, {"password_again": "x"}, {"zone": "Mars"}, {"email": "x"}],
)
def test_what_cannot_be_is_explained_and_nothing_is_made(client, change):
    assert client.post("/start", {**GIVEN, **change}).status_code == 422
    assert (Person.objects.count(), Unit.objects.count()) == (0, 0)


def test_the_first_page_is_gone_once_there_is_somebody(world, client):
    assert client.get("/start").status_code == 404
    assert client.post("/start", GIVEN).status_code == 404


def test_two_first_pages_at_once_make_one_administrator(transactional_db):
    statuses = []

    def begin(n):
        try:
            statuses.append(Client().post("/start", {**GIVEN, "email": f"p{n}@alder.example"}).status_code)
        finally:
            connection.close()

    threads = [threading.Thread(target=begin, args=[n]) for n in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert (Person.objects.count(), statuses.count(302)) == (1, 1)


@pytest.mark.django_db
def test_where_others_could_come_the_first_page_asks_for_the_word_from_the_console(client, settings):
    settings.START_GUARDED = True
    for word in ("", "?token=guessed", "?token=ÿ"):
        assert client.get(f"/start{word}").status_code == 403
        assert client.post(f"/start{word}", GIVEN).status_code == 403
    assert (Person.objects.count(), Unit.objects.count()) == (0, 0)
    told = serve.first_page("https://cx.example").split()[-1]
    assert told.startswith("https://cx.example/start?token=")
    token = told.rpartition("=")[2]
    assert f'name="token" value="{token}"' in client.get(f"/start?token={token}").content.decode()
    assert client.post("/start", {**GIVEN, "token": token}).status_code == 302
    assert (Person.objects.count(), serve.first_page("https://cx.example")) == (1, "")


@pytest.mark.django_db
def test_the_command_does_the_same(monkeypatch, capsys):
    monkeypatch.setenv("CXREVIEW_PASSWORD", GIVEN["password"])
    call_command("first_administrator", "arthur@alder.example", "--name=Arthur", "--organisation=Alder Group")
    assert "may sign in as the administrator of Alder Group" in capsys.readouterr().out
    with pytest.raises(CommandError, match="Somebody has set up this workspace already"):
        call_command("first_administrator", "b@alder.example", "--name=B", "--organisation=Alder Group")


@pytest.mark.django_db
def test_the_command_refuses_what_is_no_address_or_a_weak_password(monkeypatch):
    monkeypatch.setenv("CXREVIEW_PASSWORD", "short")
    for email in ("x", "arthur@alder.example"):
        with pytest.raises(CommandError):
            call_command("first_administrator", email, "--name=A", "--organisation=Alder")
    assert not Person.objects.exists()
