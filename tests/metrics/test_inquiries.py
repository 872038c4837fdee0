"""A question on a signal: asked, looked into, answered."""

import datetime as dt

import pytest
from django.core.exceptions import PermissionDenied

from cxreview import parts
from cxreview.hand_over import give_all
from metrics.models import Inquiry, Signal
from metrics.workflow import inquiries, signals
from notices.models import Notice
from teams.models import TrailEntry
from teams.refusals import Refused
from tests.metrics import making
from tests.metrics.filling import form_of

pytestmark = pytest.mark.django_db


@pytest.fixture
def signal(world):
    making.falling(world.a.team)
    return Signal.objects.get(rule="shift", direction=-1)


def ask(world, signal, **more):
    given = {"question": "What was different in February?", "asked_of": world.a.colleague, **more}
    return inquiries.ask(world.a.supervisor, signal, **given)


def waiting(person):
    return list(Notice.objects.filter(person=person, waits=True, settled_at=None).values_list("kind", flat=True))


def test_a_question_waits_for_the_person_asked(world, signal, client_of, clock_at):
    clock_at(dt.date(2026, 3, 2))
    made = ask(world, signal, due_on=dt.date(2026, 3, 9))

    assert (made.state, made.asked_by, made.asked_at.date()) == ("asked", world.a.supervisor, dt.date(2026, 3, 2))
    assert waiting(world.a.colleague) == ["metrics.asked"]
    home = client_of(world.a.colleague).get("/").content.decode()
    assert "asks about a signal: What was different in February?" in home
    entry = TrailEntry.objects.get(verb="ask")
    assert (entry.person, entry.after["state"]) == (world.a.supervisor, "asked")


def test_it_is_looked_into_and_answered_and_who_asked_is_told(world, signal):
    made = ask(world, signal)

    inquiries.look_into(world.a.colleague, made, "Read the rota.")
    made = inquiries.look_into(world.a.colleague, Inquiry.objects.get(), "Read the rota: two were ill.")
    assert (made.state, made.notes, made.looked_by) == (
        "looked_into",
        "Read the rota: two were ill.",
        world.a.colleague,
    )

    made = inquiries.answer(world.a.colleague, made, "Two colleagues were ill.", "watch")

    assert (made.state, made.answer, made.leads_to, made.answered_by) == (
        "answered",
        "Two colleagues were ill.",
        "watch",
        world.a.colleague,
    )
    assert waiting(world.a.colleague) == []
    told = Notice.objects.get(person=world.a.supervisor, kind="metrics.answered")
    assert told.url == made.get_absolute_url()
    entries = TrailEntry.objects.filter(verb__in=["look_into", "answer"]).order_by("number")
    assert list(entries.values_list("verb", flat=True)) == [
        "look_into",
        "look_into",
        "answer",
    ]


@pytest.mark.parametrize(
    ("more", "code"),
    [
        ({"question": " "}, "no_question"),
        ({"due_on": dt.date(2020, 1, 1)}, "past"),
    ],
    ids=["no words", "a day that is past"],
)
def test_a_question_is_refused(world, signal, more, code):
    with pytest.raises(Refused) as refused:
        ask(world, signal, **more)

    assert refused.value.code == code


def test_nobody_is_asked_who_cannot_see_the_metric(world, signal):
    with pytest.raises(Refused) as refused:
        ask(world, signal, asked_of=world.a.other_colleague)

    assert refused.value.code == "who"


def test_an_answer_says_what_it_leads_to_and_stands(world, signal):
    made = ask(world, signal)
    with pytest.raises(Refused) as refused:
        inquiries.answer(world.a.colleague, made, "Ill", "")
    assert refused.value.code == "leads_to"

    made = inquiries.answer(world.a.colleague, made, "Ill", "nothing")

    with pytest.raises(Refused) as again:
        inquiries.look_into(world.a.colleague, made, "More")
    assert again.value.code == "not_now"


def test_a_colleague_answers_what_they_were_asked_and_nothing_else(world, signal):
    made = ask(world, signal, asked_of=world.a.team_lead)

    with pytest.raises(PermissionDenied):
        inquiries.answer(world.a.colleague, made, "Ill", "nothing")
    with pytest.raises(PermissionDenied):
        inquiries.ask(world.a.colleague, signal, "Why?", world.a.team_lead)


def test_the_page_shows_the_values_behind_the_signal_with_their_rows(world, signal, client_of):
    made = ask(world, signal, asked_of=world.a.team_lead)

    page = client_of(world.a.team_lead).get(made.get_absolute_url()).content.decode()

    assert "The 8 values behind it" in page
    assert f'href="/series/{signal.series_id}/points/2025-02-01"' in page
    assert "has been below its average" in page


def test_the_page_of_the_signal_asks_and_shows_what_was_asked(world, signal, client_of):
    client = client_of(world.a.supervisor)

    answer = client.post(f"/signals/{signal.pk}/ask", {"question": "Who was away?", "asked_of": world.a.colleague.pk})

    assert answer.url == Inquiry.objects.get().get_absolute_url()
    page = client.get(f"/signals/{signal.pk}").content.decode()
    assert "Who was away?" in page
    refused = client.post(f"/signals/{signal.pk}/ask", {"question": "Who?"})
    assert refused.status_code == 422


def test_only_an_answer_that_leads_to_a_review_offers_one(world, signal, client_of):
    made = inquiries.answer(world.a.colleague, ask(world, signal), "The tool broke.", "review")
    client = client_of(world.a.supervisor)
    start = f'href="/reviews/new?signal={signal.pk}"'

    assert start in client.get(made.get_absolute_url()).content.decode()
    Inquiry.objects.update(leads_to="nothing")
    assert start not in client.get(made.get_absolute_url()).content.decode()


def test_thread_and_search_know_it(world, signal):
    made = ask(world, signal)
    supervisor = world.a.supervisor

    assert [link.url for link in parts.thread_of(supervisor, made)] == [signal.get_absolute_url()]
    assert made.get_absolute_url() in [link.url for link in parts.thread_of(supervisor, signal)]
    assert [hit.url for hit in parts.search(supervisor, "different February")] == [made.get_absolute_url()]
    assert parts.search(world.b.supervisor, "different February") == []


def test_a_leavers_questions_go_to_the_heir(world, signal):
    made = ask(world, signal)

    give_all(world.a.administrator, world.a.colleague, world.a.team_lead)

    made.refresh_from_db()
    assert made.asked_of == world.a.team_lead
    assert (waiting(world.a.colleague), waiting(world.a.team_lead)) == ([], ["metrics.asked"])


def test_notes_that_came_meanwhile_are_not_written_over(world, signal, client_of):
    made = ask(world, signal)
    address = f"/inquiries/{made.pk}/look-into"
    _action, fields = form_of(client_of(world.a.colleague).get(f"/inquiries/{made.pk}"), "notes")
    inquiries.look_into(world.a.team_lead, made, "Two were ill.")

    refused = client_of(world.a.colleague).post(address, {**fields, "notes": "The rota changed."})

    page = refused.content.decode()
    assert (refused.status_code, Inquiry.objects.get().notes) == (422, "Two were ill.")
    assert f"{world.a.team_lead.name} wrote meanwhile: “Two were ill.”" in page
    assert "Your notes are kept" not in page
    _action, fields = form_of(refused, "notes")
    assert fields["notes"] == "The rota changed."
    again = client_of(world.a.colleague).post(address, {**fields, "notes": "Two were ill. The rota changed."})
    assert (again.status_code, Inquiry.objects.get().notes) == (302, "Two were ill. The rota changed.")


def test_an_answer_that_comes_second_is_shown_to_its_author(world, signal, client_of):
    made = ask(world, signal)
    inquiries.answer(world.a.team_lead, made, "Two were ill.", "watch")

    refused = client_of(world.a.colleague).post(
        f"/inquiries/{made.pk}/answer", {"answer": "The rota changed.", "leads_to": "watch"}
    )

    page = refused.content.decode()
    assert (refused.status_code, Inquiry.objects.get().answer) == (422, "Two were ill.")
    assert ("This cannot be done now" in page, "The rota changed." in page, "Two were ill." in page) == (True,) * 3


def test_a_word_on_a_signal_that_comes_second_is_shown_to_its_author(world, signal, client_of):
    signals.acknowledge(world.a.team_lead, signal, "Two were ill.")

    refused = client_of(world.a.supervisor).post(
        f"/signals/{signal.pk}/acknowledge", {"word": "The rota <b>changed</b>."}
    )

    page = refused.content.decode()
    assert (refused.status_code, Signal.objects.get(pk=signal.pk).word) == (422, "Two were ill.")
    assert "This cannot be done now" in page
    assert "The rota &lt;b&gt;changed&lt;/b&gt;." in page
