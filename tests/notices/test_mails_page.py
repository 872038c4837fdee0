"""The administrator's page of mails that did not leave."""

import pytest

from notices import workflow
from notices.models import Outbox

pytestmark = pytest.mark.django_db


@pytest.fixture
def failed(world):
    workflow.tell([world.a.colleague], "tests.agree", world.a.team, "/reviews/7", {"title": "x"})
    Outbox.objects.update(error="SMTPException: full", claimed_at="2026-01-01T00:00Z")
    return Outbox.objects.get()


def test_it_lists_what_failed_and_sends_again(world, failed, client_of):
    client = client_of(world.a.administrator)
    assert "SMTPException: full" in client.get("/mails").content.decode()
    client.post(f"/mails/{failed.pk}/again")
    assert "Every mail has left" in client.get("/mails").content.decode()


def test_it_is_shut_to_others(world, failed, client_of):
    assert client_of(world.a.supervisor).get("/mails").status_code == 403
    assert "SMTPException" not in client_of(world.b.administrator).get("/mails").content.decode()
    assert client_of(world.b.administrator).post(f"/mails/{failed.pk}/again").status_code == 404
