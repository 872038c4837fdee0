import datetime as dt
import re

import pytest
from django.core import mail
from django.urls import reverse

from teams.forms.people import InviteForm
from teams.models import Person, Role, StandIn, TrailEntry, Unit
from tests.reviews import making as reviews
from tests.world import PASSWORD, ROLES


@pytest.fixture
def admin(world, client_of):
    return client_of(world.a.administrator)


def entries():
    return list(TrailEntry.objects.order_by("number").values_list("verb", flat=True))


def given(world, **changes):
    sent = {"name": "Ainur Alder", "email": "ainur@alder.example", "role": "colleague", "unit": world.a.team.pk}
    return {**sent, **changes}


def test_everybody_finds_the_people_of_their_units(world, client_of):
    for part in ROLES:
        page = client_of(getattr(world.a, part)).get("/people").content.decode()
        assert "Asel Alder" in page
        assert "Birch" not in page


def test_only_administrators_are_offered_to_invite(world, client_of):
    offered = {part: b"/people/invite" in client_of(getattr(world.a, part)).get("/people").content for part in ROLES}
    assert offered == {**dict.fromkeys(ROLES, False), "administrator": True}


def test_invites_by_mail_and_the_invited_chooses_a_password(world, admin, client, django_capture_on_commit_callbacks):
    with django_capture_on_commit_callbacks(execute=True):
        answer = admin.post("/people/invite", given(world))
    ainur = Person.objects.get(email="ainur@alder.example")
    assert answer.url == reverse("person", args=[ainur.pk])
    assert mail.outbox[0].subject == "You are invited to CX Review"
    assert "Arthur Alder has made an account for you" in mail.outbox[0].body
    link = re.search(r"https?://[^/]+(/\S+)", mail.outbox[0].body)[1]
    new = "seven purple otters sing"
    assert client.post(link, {"password": new, "password_again": new}).status_code == 302
    assert client.get("/me").status_code == 200
    assert entries() == ["invite", "choose_password"]


@pytest.mark.parametrize(
    ("change", "words"),
    [
        ({"email": "no address"}, "valid"),
        ({"email": "BORIS@birch.example"}, "exists already"),
        ({"role": "king"}, "valid"),
        ({"name": ""}, "required"),
        ({"limit": "-1"}, "greater"),
    ],
)
def test_an_invitation_that_cannot_be_is_explained(world, admin, change, words):
    answer = admin.post("/people/invite", given(world, **change))
    assert (answer.status_code, words in answer.content.decode()) == (422, True)
    assert entries() == []


def test_nobody_is_invited_into_another_organisation(world, admin):
    answer = admin.post("/people/invite", given(world, unit=world.b.team.pk))
    assert answer.status_code == 422
    assert not Person.objects.filter(email="ainur@alder.example").exists()


def test_an_invitation_is_sent_again_and_the_first_link_is_spent(
    world, admin, client, django_capture_on_commit_callbacks
):
    with django_capture_on_commit_callbacks(execute=True):
        admin.post("/people/invite", given(world))
        ainur = Person.objects.get(email="ainur@alder.example")
        admin.post(reverse("invite-again", args=[ainur.pk]))
    first, second = (re.search(r"https?://[^/]+(/\S+)", message.body)[1] for message in mail.outbox)
    assert (client.get(first).status_code, client.get(second).status_code) == (404, 200)
    assert admin.post(reverse("invite-again", args=[world.a.colleague.pk])).status_code == 422


# Each of these ends the sessions of the person on their next request.


def changes(world):
    asel, role = world.a.team_lead, world.a.team_lead.roles.get()
    Role.objects.create(person=asel, unit=world.a.other_team, name="colleague")
    return {
        "disable": (reverse("disable", args=[asel.pk]), {}),
        "give_role": (reverse("give-role", args=[asel.pk]), {"role": "supervisor", "unit": world.a.department.pk}),
        "take_role": (reverse("take-role", args=[role.pk]), {}),
        "move": (reverse("move-role", args=[role.pk]), {"unit": world.a.department.pk}),
        "edit_person": (reverse("person", args=[asel.pk]), {"name": "Asel", "email": "a.nurlan@alder.example"}),
    }


@pytest.mark.parametrize("verb", ["disable", "give_role", "take_role", "move", "edit_person"])
def test_sessions_end_on_the_next_request(world, admin, client_of, verb):
    asel = client_of(world.a.team_lead)
    assert asel.get("/me").status_code == 200
    address, sent = changes(world)[verb]
    assert admin.post(address, sent).status_code == 302
    assert asel.get("/me").status_code == 302
    assert entries() == [verb]


@pytest.mark.parametrize("part", [part for part in ROLES if part != "administrator"])
@pytest.mark.parametrize("verb", ["disable", "give_role", "take_role", "move", "edit_person"])
def test_nobody_else_administers(world, client_of, part, verb):
    address, sent = changes(world)[verb]
    assert client_of(getattr(world.a, part)).post(address, sent).status_code == 403
    assert entries() == []


@pytest.mark.parametrize("verb", ["disable", "give_role", "take_role", "move", "edit_person"])
def test_nobody_of_another_organisation_administers(world, client_of, verb):
    address, sent = changes(world)[verb]
    assert client_of(world.b.administrator).post(address, sent).status_code == 404
    assert entries() == []


def test_a_role_is_not_given_for_a_unit_of_another_organisation(world, admin):
    address = reverse("give-role", args=[world.a.colleague.pk])
    assert admin.post(address, {"role": "supervisor", "unit": world.b.department.pk}).status_code == 422
    assert world.a.colleague.roles.count() == 1


def test_a_limit_of_authority_is_kept_with_the_role(world, admin):
    address = reverse("give-role", args=[world.a.colleague.pk])
    admin.post(address, {"role": "decision_maker", "unit": world.a.team.pk, "limit": "5000.50"})
    assert str(Role.objects.get(person=world.a.colleague, name="decision_maker").limit) == "5000.50"


def test_the_same_role_is_not_given_twice(world, admin):
    address = reverse("give-role", args=[world.a.colleague.pk])
    answer = admin.post(address, {"role": "colleague", "unit": world.a.team.pk})
    assert (answer.status_code, "holds this role there already" in answer.content.decode()) == (422, True)


def test_the_last_role_stays(world, admin):
    answer = admin.post(reverse("take-role", args=[world.a.colleague.roles.get().pk]))
    assert (answer.status_code, "last role" in answer.content.decode()) == (422, True)


def test_an_organisation_keeps_an_administrator(world, admin):
    arthur = world.a.administrator
    Role.objects.create(person=arthur, unit=world.a.team, name="colleague")
    row = arthur.roles.get(name="administrator")
    assert admin.post(reverse("take-role", args=[row.pk])).status_code == 422
    assert admin.post(reverse("move-role", args=[row.pk]), {"unit": world.a.team.pk}).status_code == 422
    assert admin.post(reverse("disable", args=[arthur.pk])).status_code == 422
    assert Role.objects.filter(pk=row.pk, unit=world.a.organisation).exists()


def test_a_disabled_account_is_opened_again(world, admin, client):
    asel = world.a.team_lead
    admin.post(reverse("disable", args=[asel.pk]))
    assert client.post("/sign-in", {"email": asel.email, "password": PASSWORD}).status_code == 422
    assert admin.post(reverse("disable", args=[asel.pk])).status_code == 422
    admin.post(reverse("enable", args=[asel.pk]))
    assert client.post("/sign-in", {"email": asel.email, "password": PASSWORD}).status_code == 302


def test_ones_own_page_changes_name_and_mails_and_nothing_else(world, client_of):
    anna = world.a.colleague
    sent = {"name": "Anna P.", "email": "x@y.example", "is_active": "", "session_key_version": 9, "wants_mail": ""}
    assert client_of(anna).post("/me", sent).status_code == 302
    anna.refresh_from_db()
    assert (anna.name, anna.email, anna.wants_mail, anna.is_active, anna.session_key_version) == (
        "Anna P.",
        "anna@alder.example",
        False,
        True,
        1,
    )


def test_a_page_about_somebody_tells_colleagues_who_they_are_and_no_more(world, client_of):
    page = client_of(world.a.colleague).get(reverse("person", args=[world.a.team_lead.pk])).content.decode()
    assert "team lead" in page
    assert "Give a role" not in page


def test_the_list_costs_the_same_however_many_there_are(world, admin, django_assert_max_num_queries):
    costs = []
    for many in (1, 50):
        people = [Person(email=f"p{n}of{many}@alder.example", name=f"P{n} Alder") for n in range(many)]
        Person.objects.bulk_create(people)
        Role.objects.bulk_create(Role(person=person, unit=world.a.team, name="colleague") for person in people)
        with django_assert_max_num_queries(15) as counted:
            admin.get("/people")
        costs.append(len(counted))
    assert costs[0] == costs[1]


# Stand-ins


DAYS = {"first_day": "2026-03-02", "last_day": "2026-03-04"}


@pytest.fixture
def march(clock_at):
    clock_at(dt.date(2026, 3, 1))


def test_names_a_stand_in_who_may_then_do_the_same(world, client_of, march, clock_at):
    supervisor, stand_in = world.a.supervisor, world.a.second_supervisor
    answer = client_of(supervisor).post("/stand-ins", {"stand_in": stand_in.pk, **DAYS})
    assert answer.status_code == 302
    row = StandIn.objects.get()
    assert (row.person, row.stand_in, row.first_day) == (supervisor, stand_in, dt.date(2026, 3, 2))
    assert entries() == ["set_stand_in"]


@pytest.mark.parametrize(
    ("change", "words"),
    [
        ({"last_day": "2026-03-01"}, "before the first"),
        ({"first_day": "2026-02-01", "last_day": "2026-02-03"}, "in the past"),
        ({"first_day": "yesterday"}, "valid date"),
    ],
)
def test_days_that_cannot_be_are_explained(world, client_of, march, change, words):
    sent = {"stand_in": world.a.second_supervisor.pk, **DAYS, **change}
    answer = client_of(world.a.supervisor).post("/stand-ins", sent)
    assert (answer.status_code, words in answer.content.decode()) == (422, True)


def test_two_stand_ins_for_one_day_are_refused(world, client_of, march):
    client = client_of(world.a.supervisor)
    client.post("/stand-ins", {"stand_in": world.a.second_supervisor.pk, **DAYS})
    again = client.post("/stand-ins", {"stand_in": world.a.team_lead.pk, **DAYS, "first_day": "2026-03-04"})
    assert (again.status_code, StandIn.objects.count()) == (422, 1)


def test_nobody_of_another_organisation_stands_in(world, client_of, march):
    answer = client_of(world.a.supervisor).post("/stand-ins", {"stand_in": world.b.supervisor.pk, **DAYS})
    assert answer.status_code == 422


def test_an_administrator_names_a_stand_in_for_somebody_ill_and_ends_it(world, admin, march):
    address = reverse("stand-in-for", args=[world.a.supervisor.pk])
    assert admin.post(address, {"stand_in": world.a.second_supervisor.pk, **DAYS}).status_code == 302
    assert admin.post(reverse("end-stand-in", args=[StandIn.objects.get().pk])).status_code == 302
    assert entries() == ["set_stand_in", "end_stand_in"]


def test_a_stand_in_cannot_end_it_nor_lengthen_it(world, client_of, march):
    client_of(world.a.supervisor).post("/stand-ins", {"stand_in": world.a.second_supervisor.pk, **DAYS})
    other = client_of(world.a.second_supervisor)
    assert other.post(reverse("end-stand-in", args=[StandIn.objects.get().pk])).status_code == 403
    assert StandIn.objects.count() == 1


# Handing over


def test_what_a_leaver_leaves_is_handed_over_with_one_line_for_the_whole(world, admin):
    address = reverse("hand-over", args=[world.a.supervisor.pk])
    assert admin.get(address).status_code == 200
    answer = admin.post(address, {"heir": world.a.second_supervisor.pk})
    assert answer.url == reverse("person", args=[world.a.supervisor.pk])
    assert entries() == ["hand_over_all"]


def test_the_administrator_reads_what_went_over_and_to_whom(world, admin):
    address = reverse("hand-over", args=[world.a.supervisor.pk])
    heir = {"heir": world.a.second_supervisor.pk}
    page = admin.post(address, heir, follow=True).content.decode()
    assert "Nothing was open: there was nothing to hand over." in page
    review = reviews.planned(world.a)
    page = admin.post(address, heir, follow=True).content.decode()
    assert f"1 item was handed over to {world.a.second_supervisor.name}: “{review}”." in page


def test_nothing_is_handed_to_another_organisation(world, admin, client_of):
    address = reverse("hand-over", args=[world.a.supervisor.pk])
    assert admin.post(address, {"heir": world.b.supervisor.pk}).status_code == 422
    assert client_of(world.b.administrator).get(address).status_code == 404
    assert client_of(world.a.supervisor).get(address).status_code == 403


@pytest.mark.parametrize(
    ("backend", "words"),
    [
        ("django.core.mail.backends.console.EmailBackend", "No mail server is set up here"),
        ("django.core.mail.backends.locmem.EmailBackend", "is on its way by mail"),
    ],
)
def test_an_invitation_says_where_its_link_is(world, client_of, settings, backend, words):
    settings.EMAIL_BACKEND = backend
    given = {"name": "Ada Alder", "email": "ada@alder.example", "role": "colleague", "unit": world.a.team.pk}
    page = client_of(world.a.administrator).post("/people/invite", given, follow=True).content.decode()
    assert ("Ada Alder is invited." in page, words in page) == (True, True)


def test_the_only_unit_is_chosen_already(world):
    only = Unit.objects.filter(pk=world.a.team.pk)
    assert InviteForm(only)["unit"].value() == world.a.team.pk
    assert InviteForm(Unit.objects.all())["unit"].value() is None


def test_only_who_keeps_the_accounts_sees_when_somebody_last_signed_in(world, client_of):
    for person, shown in ((world.a.administrator, True), (world.a.supervisor, False), (world.a.colleague, False)):
        client = client_of(person)
        assert ("Last sign-in" in client.get("/people").content.decode()) is shown
        exported = b"".join(client.get("/people?export=csv&sort=last").streaming_content).decode("utf-8-sig")
        assert ("Last sign-in" in exported) is shown
