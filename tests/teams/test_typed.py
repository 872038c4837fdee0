import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse

from metrics.models import Mark
from teams.models import Role, TrailEntry, Unit
from tests.metrics import making
from tests.world import PASSWORD


@pytest.fixture
def expired(world, client_of):
    """A browser in which Arthur had signed in, and whose session is over."""
    client = client_of(None)
    client.post("/sign-in", {"email": world.a.administrator.email, "password": PASSWORD})
    del client.cookies["sessionid"]
    return client


def sign_in(client, person):
    return client.post("/sign-in", {"email": person.email, "password": PASSWORD})


def test_what_was_typed_is_given_back_after_signing_in_and_saved_when_told(world, expired):
    address = reverse("unit", args=[world.a.team.pk])
    words = 'Alder "Front" <Desk>\r\nand more'
    assert expired.post(address, {"name": words, "code": "FD"}).url.startswith("/sign-in")
    assert "What you typed is kept" in expired.get("/sign-in").content.decode()
    assert sign_in(expired, world.a.administrator).url == "/resume"
    page = expired.get("/resume")
    form = page.context["typed"]
    assert (form.path, [(field.name, field.value) for field in form.fields]) == (
        address,
        [("name", words), ("code", "FD")],
    )
    assert f'action="{address}"' in page.content.decode()
    assert "&lt;Desk&gt;" in page.content.decode()
    assert Unit.objects.get(pk=world.a.team.pk).name == "Alder Team North"
    assert expired.post(address, {"name": "Alder Front Desk", "code": "FD"}).status_code == 302
    assert Unit.objects.get(pk=world.a.team.pk).name == "Alder Front Desk"


def test_several_values_of_one_field_are_all_kept(world, expired):
    expired.post("/units", {"name": ["one", "two"]})
    sign_in(expired, world.a.administrator)
    fields = expired.get("/resume").context["typed"].fields
    assert [(field.name, field.value) for field in fields] == [("name", "one"), ("name", "two")]


def test_somebody_else_at_the_same_desk_does_not_see_it(world, expired):
    expired.post("/units", {"name": "a private thought"})
    assert sign_in(expired, world.a.supervisor).url == "/"
    assert expired.get("/resume").url == "/"
    assert "typed" not in expired.session


def test_passwords_are_never_kept(world, expired):
    expired.post("/password-change", {"password_old": PASSWORD, "password": "x", "password_again": "x"})
    assert "typed" not in expired.session


def test_files_are_named_to_be_chosen_again(world, expired):
    file = SimpleUploadedFile("march.csv", b"a,b\n")
    expired.post("/units", {"name": "x", "file": file})
    sign_in(expired, world.a.administrator)
    assert expired.get("/resume").context["typed"].files == ["march.csv"]


def test_a_stranger_cannot_fill_the_sessions(world, client):
    client.post("/units", {"name": "x" * 1000})
    assert "sessionid" not in client.cookies


def test_too_much_is_not_kept(world, expired):
    expired.post("/units", {"name": "x" * 200_001})
    assert "typed" not in expired.session


def test_it_can_be_thrown_away(world, expired):
    expired.post("/units", {"name": "x"})
    sign_in(expired, world.a.administrator)
    assert expired.post("/resume").url == "/"
    assert expired.get("/resume").url == "/"
    assert list(TrailEntry.objects.values_list("verb", flat=True)) == ["sign_in", "sign_in"]


def test_a_fragment_sends_the_whole_page_to_sign_in(world, client):
    headers = {"HX-Request": "true", "HX-Current-URL": "http://testserver/units?page=2"}
    answer = client.get("/people", headers=headers)
    assert (answer.status_code, answer["HX-Redirect"]) == (401, "/sign-in?next=%2Funits%3Fpage%3D2")


def test_after_signing_in_one_is_back_on_the_page(world, client):
    assert client.get("/units?page=2").url == "/sign-in?next=%2Funits%3Fpage%3D2"
    answer = client.post("/units", {"name": "x"}, headers={"Referer": "http://evil.example/units"})
    assert answer.url == "/sign-in"


def late(client_of, person, **headers):
    client = client_of(person, enforce_csrf_checks=True)
    client.cookies["csrftoken"] = "a" * 32
    sent = {"name": "Alder East", "code": "", "csrfmiddlewaretoken": "b" * 32}
    return client.post("/units", sent, headers=headers)


def test_a_form_older_than_the_last_sign_in_is_shown_to_be_sent_again(world, client_of):
    answer = late(client_of, world.a.administrator, Origin="http://testserver")
    assert answer.status_code == 403
    assert [(field.name, field.value) for field in answer.context["typed"].fields] == [
        ("name", "Alder East"),
        ("code", ""),
    ]
    assert "csrfmiddlewaretoken" in answer.content.decode()
    assert not Unit.objects.filter(name="Alder East").exists()


@pytest.mark.parametrize("origin", ["http://evil.example", "null", "https://testserver"])
def test_a_form_from_another_site_is_not_put_before_anybody(world, client_of, origin):
    answer = late(client_of, world.a.administrator, Origin=origin)
    assert (answer.status_code, "Alder East" in answer.content.decode()) == (403, False)


def test_a_stranger_is_shown_nothing_of_it(world, client_of):
    answer = late(client_of, None, Origin="http://testserver")
    assert (answer.status_code, "Alder East" in answer.content.decode()) == (403, False)


def test_words_sent_by_somebody_who_lost_the_role_meanwhile_are_shown_to_them(world, client_of):
    one = making.steady(world.a.team)
    client = client_of(world.a.team_lead)
    assert client.get(f"/series/{one.pk}/note").status_code == 200
    Role.objects.filter(person=world.a.team_lead).update(name=Role.Name.COLLEAGUE)

    refused = client.post(f"/series/{one.pk}/note", {"day": "2025-02-03", "label": "The lift <b>stood</b> still"})

    page = refused.content.decode()
    assert (refused.status_code, Mark.objects.count()) == (403, 0)
    assert "What you wrote is not lost" in page
    assert "The lift &lt;b&gt;stood&lt;/b&gt; still" in page


def test_words_for_a_unit_that_was_moved_away_are_shown_to_their_author(world, client_of):
    one = making.steady(world.a.team)
    client = client_of(world.a.supervisor)
    world.a.team.path = world.b.team.path + "77/"
    world.a.team.save()

    refused = client.post(
        f"/series/{one.pk}/rebase", {"day": "2024-06-01", "reason": "A new desk", "password": "my secret"}
    )

    page = refused.content.decode()
    assert (refused.status_code, "A new desk" in page, "my secret" in page) == (404, True, False)


def test_a_page_that_is_only_looked_for_shows_no_words(world, client_of):
    assert "What you wrote" not in client_of(world.a.supervisor).get("/series/999?label=words").content.decode()
