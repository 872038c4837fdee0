"""Every page of the demonstration as each role: nothing that axe finds, nothing wider than a phone, no fault told."""

import datetime as dt
from collections import Counter, defaultdict

import pytest

from teams.models import Person
from tests.browser import NARROW, WIDE, desk  # noqa: F401
from tests.demo.links import elements_of, links_of, pattern_of

pytestmark = [pytest.mark.browser, pytest.mark.once, pytest.mark.django_db(transaction=True)]
PEOPLE = {
    "administrator": "nia",
    "decision maker": "helen",
    "supervisor": "tom",
    "team lead": "joanne",
    "colleague": "aisha",
}
# These look different in each state.
EXAMPLES = {"/reviews/N": 4, "/actions/N": 4, "/submissions/N": 3, "/imports/N": 3, "/rounds/N": 2}
# Downloads and pages of another length are no other pages.
SAME = ("export=", "page=", "sort=")


# By page, the kinds of elements that have been looked at for people of one role or another.
LOOKED_AT: defaultdict[str, set] = defaultdict(set)


def addresses(client):
    """{address: kinds of elements} of each page that can be reached from home (a few where the state changes the page)."""
    found, seen, queue, known = {}, Counter(), ["/"], {"/"}
    while queue:
        address = queue.pop(0)
        answer = client.get(address)
        html = answer.get("Content-Type", "").startswith("text/html") and not answer.streaming
        if answer.status_code != 200 or not html:
            continue
        if b"<html" in answer.content:
            found[address] = elements_of(answer.content.decode())
        for link in links_of(answer.content.decode(), address):
            pattern = pattern_of(link)
            if link in known or any(word in link for word in SAME) or seen[pattern] >= EXAMPLES.get(pattern, 1):
                continue
            known.add(link)
            seen[pattern] += 1
            queue.append(link)
    return found


@pytest.fixture
def played(transactional_db, settings):
    """The demonstration, with the clock of the live server standing on its last day."""
    from cxreview.demo import making

    now = dt.datetime(2026, 3, 4, 12, tzinfo=dt.UTC)
    making.make(now)
    settings.CLOCK_FILE.write_text(now.isoformat())
    return now


@pytest.mark.parametrize("role", PEOPLE)
def test_axe_finds_nothing_and_nothing_sticks_out(played, desk, client_of, role):  # noqa: F811
    person = Person.objects.get(email=f"{PEOPLE[role]}@demo.example")
    desk.sign_in_as(person)
    wrong, shown = {}, addresses(client_of(person))
    for address, elements in shown.items():
        page = pattern_of(address).partition("?")[0]
        # The same elements with other words in them were looked at already: of this role, or of one before.
        if elements <= LOOKED_AT[page]:
            continue
        LOOKED_AT[page] |= elements
        if desk.go(address).status >= 400:
            continue
        for width in (WIDE, NARROW):
            desk.resize(width)
            found = desk.violations()
            if width == NARROW and desk.overflow() > 0:
                found.append(f"wider than the phone by {desk.overflow()} px")
            if found:
                wrong[address, width] = found
    assert wrong == {}
    assert len(shown) > 15
