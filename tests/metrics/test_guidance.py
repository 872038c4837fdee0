"""Guidance in our own words where it is needed, folded for good by whom it no longer helps, without any script."""

import re

import pytest

from metrics.wording.guides import GUIDES
from teams.models import Person
from tests.metrics import making

FORM = re.compile(r'action="/guides/(fold|unfold)"[^>]*>.*?name="guide" value="(\w+)"', re.S)
WANTED = {1, 2, 3, 4, 5, 6, 7, 14}


def test_every_knowledge_of_managing_performance_with_figures_has_a_guide():
    assert {guide.knowledge for guide in GUIDES.values()} == WANTED


def standing(page, code):
    """What the page offers to do with this guide."""
    return {guide: verb for verb, guide in FORM.findall(page)}.get(code)


@pytest.fixture
def pages(world):
    series = making.falling(world.a.team)
    signal = series.signals.get(rule="shift", direction=-1)
    return {
        "collecting": "/imports/new",
        "patterns": "/signals",
        "single": "/signals",
        "following": f"/signals/{signal.pk}",
        "standards": f"/series/{series.pk}/target",
        "quality": "/correlate",
        "trends": f"/series/{series.pk}",
        "adjusting": f"/series/{series.pk}/target",
    }


def test_each_stands_on_the_page_where_it_is_needed(world, client_of, pages):
    client = client_of(world.a.supervisor)
    for code, address in pages.items():
        assert standing(client.get(address).content.decode(), code) == "fold", code


def test_folded_it_stays_folded_for_this_person_alone_and_opens_again(world, client_of):
    client = client_of(world.a.supervisor)
    answer = client.post("/guides/fold", {"guide": "patterns", "next": "/signals?unit=1"})

    assert (answer.status_code, answer.url) == (302, "/signals?unit=1")
    page = client.get("/signals").content.decode()
    assert (standing(page, "patterns"), standing(page, "single")) == ("unfold", "fold")
    assert standing(client_of(world.a.team_lead).get("/signals").content.decode(), "patterns") == "fold"

    client.post("/guides/unfold", {"guide": "patterns"})
    assert Person.objects.get(pk=world.a.supervisor.pk).folded_guides == []


def test_folding_twice_is_folding_once(world, client_of):
    client = client_of(world.a.supervisor)
    client.post("/guides/fold", {"guide": "patterns"})
    client.post("/guides/fold", {"guide": "patterns"})
    assert Person.objects.get(pk=world.a.supervisor.pk).folded_guides == ["patterns"]


def test_nothing_else_can_be_folded_and_the_way_back_stays_on_this_site(world, client_of):
    client = client_of(world.a.supervisor)
    assert client.post("/guides/fold", {"guide": "everything"}).status_code == 404
    assert client.post("/guides/fold", {"guide": "patterns", "next": "https://elsewhere.example/"}).url == "/"


@pytest.mark.parametrize("word", ["2", "true", "nowhere"])
def test_a_bare_word_is_no_page_to_go_on_to(world, client_of, word):
    answer = client_of(world.a.supervisor).post("/guides/fold", {"guide": "patterns", "next": word})
    assert (answer.status_code, answer.url) == (302, "/")
