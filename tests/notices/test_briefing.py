"""A briefing is told to named people, who say that they have read it."""

import pytest
from django.core.exceptions import PermissionDenied

from notices import queries, workflow
from notices.models import Receipt
from teams.models import TrailEntry
from teams.refusals import Refused

pytestmark = pytest.mark.django_db


@pytest.fixture
def briefing(world):
    side = world.a
    told = [side.colleague, side.second_colleague]
    return workflow.brief(side.supervisor, side.team, told, "Why we look", "We want faster answers.", side.team)


def test_each_person_told_has_a_line(world, briefing):
    (line,) = queries.waiting_for(world.a.colleague)
    assert (line.sentence, line.url) == (
        "Amara Alder told you about “Why we look”. Please read it and say that you have.",
        briefing.get_absolute_url(),
    )
    assert queries.waiting_for(world.a.other_colleague) == []


def test_the_author_does_not_get_her_own_briefing(world):
    side = world.a
    told = [side.supervisor, side.colleague]
    briefing = workflow.brief(side.supervisor, side.team, told, "Why we look", "We want faster answers.", side.team)
    assert queries.waiting_for(side.supervisor) == []
    assert [receipt.person for receipt in queries.readers_of(briefing).receipts] == [side.colleague]


def test_telling_nobody_is_refused(world):
    with pytest.raises(Refused) as refused:
        workflow.brief(world.a.supervisor, world.a.team, [], "Why", "Because", world.a.team)
    assert refused.value.code == "nobody_told"


def test_reading_is_kept_once(world, briefing, client_of):
    her = world.a.colleague
    page = client_of(her).get(briefing.get_absolute_url())
    assert "I have read it" in page.content.decode()
    client = client_of(her)
    for _time in range(2):
        assert client.post(f"/briefings/{briefing.pk}/read").status_code == 302
    assert queries.waiting_for(her) == []
    assert Receipt.objects.filter(person=her, read_at__isnull=False).count() == 1
    assert list(TrailEntry.objects.values_list("verb", flat=True)) == ["read", "brief"]


def test_the_author_and_the_supervisor_see_who_has_read_it(world, briefing, client_of):
    workflow.read(world.a.colleague, briefing)
    page = client_of(world.a.second_supervisor).get(briefing.get_absolute_url()).content.decode()
    assert "1 of 2 people" in page
    assert "I have read it" not in page


def test_a_colleague_does_not_see_who_has_read_it(world, briefing, client_of):
    page = client_of(world.a.colleague).get(briefing.get_absolute_url()).content.decode()
    assert "Who has read it" not in page


def test_others_do_not_find_it(world, briefing, client_of):
    for person in (world.a.other_colleague, world.b.supervisor, world.b.administrator):
        assert client_of(person).get(briefing.get_absolute_url()).status_code == 404
        assert client_of(person).post(f"/briefings/{briefing.pk}/read").status_code == 404


def test_who_was_not_told_cannot_say_that_they_read_it(world, briefing, client_of):
    assert client_of(world.a.supervisor).post(f"/briefings/{briefing.pk}/read").status_code == 403
    with pytest.raises(PermissionDenied):
        workflow.read(world.a.supervisor, briefing)


def test_its_object_knows_of_it(world, briefing):
    assert [link.title for link in queries.thread_of(world.a.supervisor, world.a.team)] == ["Why we look"]
    assert queries.thread_of(world.b.supervisor, world.a.team) == []


def test_text_is_shown_as_it_was_written(world, client_of):
    side = world.a
    briefing = workflow.brief(
        side.supervisor, side.team, [side.colleague], "<b>x</b>", "<script>alert(1)</script>", side.team
    )
    page = client_of(side.colleague).get(briefing.get_absolute_url()).content.decode()
    assert "<script>alert" not in page
    assert "&lt;script&gt;alert(1)&lt;/script&gt;" in page
