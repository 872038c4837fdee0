"""Every form that is sent carries its token: an include with "only" would leave it behind, and no client of the tests asks."""

import re
from pathlib import Path

from django.test import Client

from metrics.workflow import targets
from tests.metrics import making

TEMPLATES = Path(__file__).resolve().parents[1] / "templates"
INCLUDE = re.compile(r'{% include "([^"]+)"([^%]*)%}')


def sending():
    """The templates that hold a token, themselves or by what they include."""
    words = {str(path.relative_to(TEMPLATES)): path.read_text() for path in TEMPLATES.rglob("*.html")}
    found = {name for name, text in words.items() if "csrf_token" in text}
    while more := {
        name
        for name, text in words.items()
        if name not in found and any(other in found for other, _rest in INCLUDE.findall(text))
    }:
        found |= more
    return words, found


def test_no_include_leaves_the_token_behind():
    words, found = sending()
    assert "components/form.html" in found
    cut_off = [
        (name, other)
        for name, text in words.items()
        for other, rest in INCLUDE.findall(text)
        if other in found and rest.split()[-1:] == ["only"]
    ]
    assert cut_off == []


def test_a_target_is_approved_from_its_page(world):
    series = making.series(making.metric(world.a.department, measure="%"), world.a.team, making.STEADY)
    made = targets.propose(world.a.team_lead, series, world.a.team, 90, making.FIRST, "The plan")
    client = Client(enforce_csrf_checks=True)
    client.force_login(world.a.supervisor)
    page = client.get(made.get_absolute_url()).content.decode()
    form = page[page.index(f"/targets/{made.pk}/approve") :]
    token = re.search(r'name="csrfmiddlewaretoken" value="(\w+)"', form[: form.index("</form>")])
    assert token
    answer = client.post(f"/targets/{made.pk}/approve", {"word": "", "csrfmiddlewaretoken": token.group(1)})
    assert (answer.status_code, answer["Location"]) == (302, made.get_absolute_url())
