import re

import pytest
from django.core import mail
from django.urls import reverse

from teams import throttle
from teams.models import Person, SignInAttempt, TrailEntry
from tests.world import PASSWORD


@pytest.fixture
def asel(world):
    return world.a.team_lead


def guess(client, person, password="not the password", **headers):
    return client.post(reverse("sign-in"), {"email": person.email, "password": password}, **headers)


def test_signs_in_goes_on_to_where_one_wanted_and_leaves_a_line(client, asel):
    answer = client.post("/sign-in", {"email": "ASEL@alder.example ", "password": PASSWORD, "next": "/units"})
    assert (answer.status_code, answer.url) == (302, "/units")
    assert client.get("/me").status_code == 200
    assert list(TrailEntry.objects.values_list("verb", "person")) == [("sign_in", asel.pk)]


@pytest.mark.parametrize("elsewhere", ["https://evil.example/", "//evil.example", "javascript:alert(1)"])
def test_never_goes_on_to_another_site(client, asel, elsewhere):
    answer = client.post("/sign-in", {"email": asel.email, "password": PASSWORD, "next": elsewhere})
    assert answer.url == "/"


def test_a_wrong_password_and_an_unknown_address_look_alike(client, asel):
    wrong = guess(client, asel)
    unknown = client.post("/sign-in", {"email": "nobody@alder.example", "password": "x"})
    assert (wrong.status_code, unknown.status_code) == (422, 422)

    def words(answer):
        return re.sub(r'value="[^"]*"', "", answer.content.decode())

    assert words(wrong) == words(unknown)
    assert "not right" in words(wrong)


def test_an_unknown_address_costs_a_hash_like_a_known_one(client, asel, monkeypatch):
    hashed = []
    from django.contrib.auth.hashers import MD5PasswordHasher

    encode = MD5PasswordHasher.encode
    monkeypatch.setattr(MD5PasswordHasher, "encode", lambda *args: hashed.append(1) or encode(*args))
    counts = []
    invited = Person.objects.create_user("ainur@alder.example", "Ainur Alder")
    shut = world_person = Person.objects.create_user("aziz@alder.example", "Aziz Alder", PASSWORD)
    Person.objects.filter(pk=shut.pk).update(is_active=False)
    for email in (asel.email, "nobody@alder.example", invited.email, world_person.email):
        hashed.clear()
        client.post("/sign-in", {"email": email, "password": "wrong"})
        counts.append(len(hashed))
    assert counts == [1, 1, 1, 1]


def test_the_session_gets_a_new_key(client, asel):
    session = client.session
    session["before"] = "kept"
    session.save()
    before = client.cookies["sessionid"].value
    guess(client, asel, PASSWORD)
    assert client.cookies["sessionid"].value != before


def test_the_eleventh_guess_is_not_looked_at_even_if_it_is_right(client, asel):
    answers = [guess(client, asel).status_code for _ in range(10)]
    last = guess(client, asel, PASSWORD)
    assert answers == [422] * 10
    assert last.status_code == 429
    assert "Wait 5 minutes" in last.content.decode()


def test_after_five_minutes_guesses_are_looked_at_again(client, asel, monkeypatch):
    for _ in range(10):
        guess(client, asel)
    now = throttle.time.time()
    monkeypatch.setattr(throttle.time, "time", lambda: now + 301)
    assert guess(client, asel, PASSWORD).status_code == 302


def test_right_passwords_do_not_use_up_the_guesses(client_of, asel):
    for _ in range(12):
        assert guess(client_of(None), asel, PASSWORD).status_code == 302
    assert [row.times for row in SignInAttempt.objects.all()] == [[], []]


def test_a_stranger_cannot_shut_out_somebody_on_their_own_device(client_of, asel):
    own, stranger = client_of(None), client_of(None)
    guess(own, asel, PASSWORD)
    own.post("/sign-out")
    for _ in range(11):
        last = guess(stranger, asel, REMOTE_ADDR="203.0.113.9")
    assert last.status_code == 429
    assert guess(own, asel, PASSWORD).status_code == 302


def test_a_device_that_is_shut_out_has_only_its_own_guesses_used_up(client_of, asel):
    own = client_of(None)
    guess(own, asel, PASSWORD)
    own.post("/sign-out")
    statuses = [guess(own, asel).status_code for _ in range(11)]
    assert statuses == [422] * 10 + [429]


def test_a_forged_device_is_a_stranger(client_of, asel):
    forger = client_of(None)
    forger.cookies["device"] = "eyJpZCI6IngifQ:1:forged"
    statuses = [guess(forger, asel).status_code for _ in range(11)]
    assert statuses[-1] == 429


def test_a_source_that_tries_many_accounts_is_stopped(client, world):
    statuses = [
        client.post("/sign-in", {"email": f"p{n}@alder.example", "password": "x"}).status_code for n in range(61)
    ]
    assert statuses == [422] * 60 + [429]


@pytest.mark.parametrize(
    ("proxies", "forwarded", "remote", "source"),
    [
        (0, "198.51.100.7", "203.0.113.9", "203.0.113.9"),
        (1, "198.51.100.7", "10.0.0.1", "198.51.100.7"),
        (1, "1.2.3.4, 198.51.100.7", "10.0.0.1", "198.51.100.7"),
        (2, "1.2.3.4, 198.51.100.7, 10.0.0.2", "10.0.0.1", "198.51.100.7"),
        (1, "", "10.0.0.1", "10.0.0.1"),
        (0, "", "2001:db8::1:2:3:4", "2001:db8::"),
        (0, "", "", "unknown"),
    ],
)
def test_the_source_is_believed_as_far_as_proxies_are_trusted(rf, settings, proxies, forwarded, remote, source):
    settings.TRUSTED_PROXIES = proxies
    request = rf.get("/", REMOTE_ADDR=remote, headers={"X-Forwarded-For": forwarded})
    assert throttle.source_of(request) == source


def test_somebody_disabled_cannot_sign_in(client, asel):
    Person.objects.filter(pk=asel.pk).update(is_active=False)
    assert guess(client, asel, PASSWORD).status_code == 422


def link_in(message):
    return re.search(r"https?://\S+?(/choose-password/\S+)", message.body)[1]


def test_a_forgotten_password_is_chosen_anew_by_a_link_that_works_once(
    client_of, asel, django_capture_on_commit_callbacks
):
    old_session = client_of(asel)
    stranger = client_of(None)
    with django_capture_on_commit_callbacks(execute=True):
        assert stranger.post("/password-reset", {"email": asel.email}).url == "/sign-in"
    assert mail.outbox[0].to == [asel.email]
    link = link_in(mail.outbox[0])
    new = "seven purple otters sing"
    assert stranger.get(link).status_code == 200
    assert stranger.post(link, {"password": new, "password_again": new}).url == "/"
    assert stranger.get("/me").status_code == 200
    assert old_session.get("/me").status_code == 302
    assert client_of(None).get(link).status_code == 404
    assert guess(client_of(None), asel, new).status_code == 302
    assert list(TrailEntry.objects.order_by("number").values_list("verb", flat=True)) == [
        "ask_for_link",
        "choose_password",
        "sign_in",
    ]


def test_no_mail_goes_to_an_address_without_an_account(client, world, django_capture_on_commit_callbacks):
    with django_capture_on_commit_callbacks(execute=True):
        assert client.post("/password-reset", {"email": "nobody@alder.example"}).url == "/sign-in"
    assert mail.outbox == []


def test_links_are_mailed_three_times_in_a_quarter_of_an_hour(client, asel):
    statuses = [client.post("/password-reset", {"email": asel.email}).status_code for _ in range(4)]
    assert statuses == [302, 302, 302, 422]


@pytest.mark.parametrize("password", ["short", "password1234", "alder.example"])
def test_a_weak_password_is_refused_with_the_reason(client_of, asel, password):
    client = client_of(asel)
    sent = {"password_old": PASSWORD, "password": password, "password_again": password}
    answer = client.post("/password-change", sent)
    assert answer.status_code == 422
    asel.refresh_from_db()
    assert asel.check_password(PASSWORD)


def test_changing_the_password_keeps_this_session_and_ends_the_others(client_of, asel):
    here, there = client_of(asel), client_of(asel)
    new = "seven purple otters sing"
    sent = {"password_old": PASSWORD, "password": new, "password_again": new}
    assert here.post("/password-change", sent).status_code == 302
    assert here.get("/me").status_code == 200
    assert there.get("/me").status_code == 302


def test_the_present_password_is_asked_for_and_guesses_are_counted(client_of, asel):
    client = client_of(asel)
    new = "seven purple otters sing"
    sent = {"password_old": "wrong", "password": new, "password_again": new}
    statuses = [client.post("/password-change", sent).status_code for _ in range(11)]
    assert statuses == [422] * 11
    sent["password_old"] = PASSWORD
    assert client.post("/password-change", sent).status_code == 422


def test_signed_out_means_dead_on_the_server(client_of, asel):
    client = client_of(asel)
    cookie = client.cookies["sessionid"].value
    assert client.post("/sign-out").url == "/sign-in"
    client.cookies["sessionid"] = cookie
    assert client.get("/me").status_code == 302


def test_signing_out_by_a_link_is_not_possible(client_of, asel):
    assert client_of(asel).get("/sign-out").status_code == 405


def test_the_sign_in_page_leads_on_who_is_signed_in(client_of, asel):
    assert client_of(asel).get("/sign-in?next=/units").url == "/units"


def test_without_a_mail_server_nobody_is_promised_a_mail(world, client, settings):
    settings.EMAIL_BACKEND = "django.core.mail.backends.console.EmailBackend"
    page = client.post("/password-reset", {"email": "nobody@alder.example"}, follow=True).content.decode()
    assert ("no mail server is set up" in page, "is on its way" in page) == (True, False)
