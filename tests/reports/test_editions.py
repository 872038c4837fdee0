"""Editions: asked for, set by the worker at most once, downloaded through the door of their paper."""

import pytest
from django.urls import reverse

from jobs.models import Job
from jobs.workflow import run_pending
from reports.models import Edition
from reports.workflow import issue
from teams import trail
from teams.models import StoredFile, TrailEntry
from tests.improvements import making

pytestmark = pytest.mark.django_db


@pytest.fixture
def paper(world, clock_at):
    clock_at(making.TODAY)
    return making.put_forward(world.a)


def test_from_the_button_to_the_file(world, paper, client_of):
    client = client_of(world.a.decision_maker)
    address = reverse("editions", args=[paper.pk])
    assert "No PDF yet" in client.get(address).content.decode()
    assert client.post(reverse("issue", args=[paper.pk])).url == address
    assert "Being set" in client.get(address).content.decode()
    edition = Edition.objects.get()
    assert client.get(reverse("edition", args=[edition.pk])).status_code == 404
    head = TrailEntry.objects.order_by("-number").first()
    assert [job.state for job in run_pending() if job.work == "reports.render"] == ["done"]
    edition.refresh_from_db()
    assert (edition.trail_number, edition.trail_mac) == (head.number, head.mac)
    response = client.get(reverse("edition", args=[edition.pk]))
    assert (response["Content-Type"], b"".join(response)[:5]) == ("application/pdf", b"%PDF-")
    assert edition.file.name == "read-each-message-once-by-the-person-who-answers-it-1.pdf"
    assert trail.verify().bad is None


def test_asked_for_twice_it_is_set_once(world, paper):
    one = issue(world.a.decision_maker, paper)
    other = issue(world.a.supervisor, paper)
    assert (one, Job.objects.filter(work="reports.render").count()) == (other, 1)
    run_pending()
    issue(world.a.supervisor, paper)
    run_pending()
    assert (Edition.objects.count(), StoredFile.objects.count()) == (1, 1)
    assert Job.objects.filter(work="reports.render").count() == 1


@pytest.mark.parametrize("name", ["editions", "issue"])
def test_the_other_side_sees_nothing(world, paper, client_of, name):
    client = client_of(world.b.decision_maker)
    address = reverse(name, args=[paper.pk])
    response = client.get(address) if name == "editions" else client.post(address)
    assert (response.status_code, Edition.objects.count()) == (404, 0)


def test_an_edition_of_the_other_side_is_not_there(world, paper, client_of):
    edition = issue(world.a.decision_maker, paper)
    run_pending()
    assert client_of(world.b.decision_maker).get(reverse("edition", args=[edition.pk])).status_code == 404
    assert client_of(world.a.colleague).get(reverse("edition", args=[edition.pk])).status_code == 404
