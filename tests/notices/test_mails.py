"""Mails: at most one per event and person, none lost, none to who wants none."""

import smtplib

import pytest
from django.core import mail
from django.core.exceptions import PermissionDenied
from django.core.mail.backends.locmem import EmailBackend

import jobs.workflow
from notices import queries, workflow
from notices.models import Outbox
from teams.models import TrailEntry
from teams.refusals import Refused

pytestmark = pytest.mark.django_db


def tell(side, *people):
    facts = {"title": "Slow answers"}
    return workflow.tell(people, "tests.agree", side.team, "/reviews/7", facts, waits=True)


class Broken(EmailBackend):
    def send_messages(self, messages):
        raise smtplib.SMTPServerDisconnected("the server hung up")


@pytest.fixture
def broken_post(settings):
    settings.EMAIL_BACKEND = f"{__name__}.Broken"


def send_all():
    workflow.enqueue_sending()
    return jobs.workflow.run_pending()


def test_a_mail_says_one_thing_and_where_to_go(world, settings):
    settings.BASE_URL = "https://cx.example"
    tell(world.a, world.a.decision_maker)
    assert [job.state for job in send_all()] == ["done"]
    (sent,) = mail.outbox
    assert (sent.to, sent.subject) == (["aled@alder.example"], "CX Review: Read the plan")
    assert sent.body.split("\n\n")[:3] == [
        "Hello Aled Alder,",
        "The plan of “Slow answers” waits for you.",
        "Read the plan: https://cx.example/reviews/7",
    ]
    assert sent.body.split("\n\n")[-1] == ("To switch these mails off, open your own page: https://cx.example/me\n")


def test_a_sent_mail_is_not_sent_again(world):
    tell(world.a, world.a.decision_maker)
    send_all()
    send_all()
    assert len(mail.outbox) == 1
    assert Outbox.objects.get().sent_at is not None


def test_telling_asks_for_the_sending_by_itself(world):
    tell(world.a, world.a.decision_maker)
    assert [job.work for job in jobs.workflow.run_pending()] == ["notices.send"]
    assert len(mail.outbox) == 1


def test_who_wants_no_mail_gets_none_but_sees_the_line(world):
    her = world.a.decision_maker
    her.wants_mail = False
    tell(world.a, her)
    assert Outbox.objects.count() == 0
    assert len(queries.waiting_for(her)) == 1


def test_mail_can_be_off_for_everybody(world, settings):
    settings.MAIL = False
    tell(world.a, world.a.decision_maker)
    assert Outbox.objects.count() == 0


def test_a_mail_that_failed_stays_listed_with_its_error(world, broken_post):
    tell(world.a, world.a.decision_maker)
    send_all()
    send_all()
    (failed,) = queries.mails_to_mend(world.a.administrator)
    assert (failed.error, failed.sent_at) == ("SMTPServerDisconnected: the server hung up", None)


def test_one_that_failed_does_not_hold_up_the_others(world, monkeypatch):
    tell(world.a, world.a.decision_maker)
    tell(world.b, world.b.decision_maker)
    real = EmailBackend.send_messages

    def choosy(self, messages):
        if messages[0].to == ["aled@alder.example"]:
            raise smtplib.SMTPRecipientsRefused({})
        return real(self, messages)

    monkeypatch.setattr(EmailBackend, "send_messages", choosy)
    send_all()
    assert [message.to for message in mail.outbox] == [["beth@birch.example"]]


def test_a_mail_killed_in_the_middle_is_listed_and_never_sent_by_itself(world, monkeypatch):
    class Killed(BaseException):
        pass

    def die(self, messages):
        raise Killed

    tell(world.a, world.a.decision_maker)
    monkeypatch.setattr(EmailBackend, "send_messages", die)
    with pytest.raises(Killed):
        workflow.send_next()
    monkeypatch.undo()
    send_all()
    assert mail.outbox == []
    assert [each.error for each in queries.mails_to_mend(world.a.administrator)] == ["interrupted"]


def test_the_administrator_sends_it_again(world, broken_post, settings):
    tell(world.a, world.a.decision_maker)
    send_all()
    settings.EMAIL_BACKEND = "django.core.mail.backends.locmem.EmailBackend"
    (failed,) = queries.mails_to_mend(world.a.administrator)
    workflow.send_again(world.a.administrator, failed)
    jobs.workflow.run_pending()
    assert [message.to for message in mail.outbox] == [["aled@alder.example"]]
    assert queries.mails_to_mend(world.a.administrator) == []
    assert TrailEntry.objects.values_list("verb", flat=True).get() == "send_again"


def test_a_mail_that_left_cannot_be_sent_again(world):
    tell(world.a, world.a.decision_maker)
    send_all()
    with pytest.raises(Refused) as refused:
        workflow.send_again(world.a.administrator, Outbox.objects.get())
    assert refused.value.code == "not_failed"


def test_only_the_administrator_of_those_people_sends_again(world, broken_post):
    tell(world.a, world.a.decision_maker)
    send_all()
    for person in (world.b.administrator, world.a.supervisor):
        assert queries.mails_to_mend(person) == []
        with pytest.raises(PermissionDenied):
            workflow.send_again(person, Outbox.objects.get())
