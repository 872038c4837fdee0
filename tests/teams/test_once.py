"""A form sent twice, without any script, does its work once."""

import datetime as dt
import re
import threading

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from cxreview import once
from metrics.models import Mark
from reviews.models import Review
from teams.models import SentForm
from tests.metrics import making
from tests.metrics.filling import form_of

pytestmark = pytest.mark.django_db


def strict(client_of, person):
    """Signed in as the person, with the token that a browser has to send."""
    client = Client(enforce_csrf_checks=True)
    client.cookies = client_of(person).cookies
    return client


def review_form(client, side):
    """The form as the page holds it, with its token, filled in."""
    page = client.get(reverse("new-review"))
    _action, fields = form_of(page, "question")
    given = {"question": "Why do letters wait?", "new_service": "Letters", "unit": side.team.pk}
    given |= {"start_point": "A letter comes", "end_point": "It is answered", "decision_maker": side.decision_maker.pk}
    return {name: value for name, value in ({**fields, **given}).items() if value is not None}


def test_a_review_sent_twice_from_one_page_is_one_review(world, client_of):
    client = strict(client_of, world.a.supervisor)
    fields = review_form(client, world.a)

    first, second = (client.post(reverse("new-review"), fields) for _time in range(2))

    assert (first.status_code, second.status_code) == (302, 302), first.content.decode()
    assert first["Location"] == second["Location"] == Review.objects.get().get_absolute_url()


def test_the_same_words_from_another_page_are_another_wish(world, client_of):
    client = strict(client_of, world.a.supervisor)
    one = making.steady(world.a.team)

    for _time in range(2):
        action = f"/series/{one.pk}/note"
        _action, fields = form_of(client.get(action), "label")
        assert client.post(action, {**fields, "label": "Rain", "day": "2025-02-03"}).status_code == 302

    assert Mark.objects.filter(label="Rain").count() == 2


def test_what_was_refused_may_be_sent_again(world, client_of):
    client = strict(client_of, world.a.supervisor)
    fields = review_form(client, world.a) | {"question": ""}

    answers = [client.post(reverse("new-review"), fields).status_code for _time in range(2)]

    assert (answers, SentForm.objects.count()) == ([422, 422], 0)


def test_one_that_was_refused_meanwhile_is_looked_at_itself(world, client_of, monkeypatch):
    """The first is still on its way when the second comes, and is refused: the second gets an answer of its own."""
    client = strict(client_of, world.a.supervisor)
    fields = review_form(client, world.a)
    client.post(reverse("new-review"), fields)
    SentForm.objects.update(location="")
    monkeypatch.setattr(once.time, "sleep", lambda _seconds: SentForm.objects.all().delete())

    assert client.post(reverse("new-review"), fields).status_code == 302
    assert Review.objects.count() == 2


def test_a_fault_leaves_the_form_to_be_sent_again(world, client_of, monkeypatch):
    client = strict(client_of, world.a.supervisor)
    fields = review_form(client, world.a)

    def broken(*args, **more):
        raise RuntimeError("no luck")

    monkeypatch.setattr("reviews.workflow.create", broken)
    with pytest.raises(RuntimeError):
        client.post(reverse("new-review"), fields)

    assert not SentForm.objects.exists()
    monkeypatch.undo()
    assert client.post(reverse("new-review"), fields).status_code == 302


def test_one_that_is_still_on_its_way_is_not_begun_again(world, client_of, monkeypatch):
    client = strict(client_of, world.a.supervisor)
    fields = review_form(client, world.a)
    client.post(reverse("new-review"), fields)
    SentForm.objects.update(location="")
    monkeypatch.setattr(once, "WAIT", 0.05)

    answer = client.post(reverse("new-review"), fields)

    assert (answer.status_code, Review.objects.count()) == (409, 1)
    assert "This was sent a moment ago" in answer.content.decode()


def test_forms_are_forgotten_after_a_while(world, client_of):
    client = strict(client_of, world.a.supervisor)
    client.post(reverse("new-review"), review_form(client, world.a))
    SentForm.objects.update(at=timezone.now() - dt.timedelta(minutes=11))

    client.post(reverse("new-review"), review_form(client, world.a))

    assert SentForm.objects.count() == 1


@pytest.mark.django_db(transaction=True)
def test_two_at_the_same_moment_make_one_review(world, client_of):
    client = strict(client_of, world.a.supervisor)
    fields = review_form(client, world.a)
    found = []

    def send():
        from django.db import connection

        own = Client(enforce_csrf_checks=True)
        own.cookies = client.cookies
        answer = own.post(reverse("new-review"), fields)
        found.append((answer.status_code, answer.get("Location", "")))
        connection.close()

    threads = [threading.Thread(target=send) for _number in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    assert set(found) == {(302, Review.objects.get().get_absolute_url())}
    assert re.fullmatch(r"/reviews/\d+.*", found[0][1])
