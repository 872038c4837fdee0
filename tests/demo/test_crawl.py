"""Everybody of the demonstration follows every link from home: no page fails, no link leads nowhere."""

from collections import Counter

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from cxreview.demo import cast
from teams import clock
from teams.models import Person
from tests.demo.links import links_of, pattern_of

pytestmark = pytest.mark.django_db
EXAMPLES = 6
# Questions to the database a page may ask, however much it shows.
CEILING = 15
# Red where no worker runs, as in a test.
NOT_WELL = {("/health", 503)}


def crawl(client, start="/"):
    """{address: (status, where the link stood, questions asked)} of all pages reachable, a few of each pattern."""
    found, seen, queue = {}, Counter(), [(start, "")]
    known = {start}
    while queue:
        address, stood = queue.pop(0)
        with CaptureQueriesContext(connection) as asked:
            answer = client.get(address)
            if answer.streaming:
                b"".join(answer.streaming_content)
        found[address] = (answer.status_code, stood, len(asked))
        if answer.status_code in (301, 302):
            following = [answer["Location"]]
        elif answer.get("Content-Type", "").startswith("text/html") and not answer.streaming:
            following = links_of(answer.content.decode(), address)
        else:
            following = []
        for link in following:
            if link in known or seen[pattern_of(link)] >= EXAMPLES:
                continue
            known.add(link)
            seen[pattern_of(link)] += 1
            queue.append((link, address))
    return found


@pytest.mark.parametrize("part", cast.CAST, ids=lambda part: part.key)
def test_every_link_leads_to_a_page(demo, part, client_of):
    with clock.at(demo):
        client = client_of(Person.objects.get(email=part.email))
        found = crawl(client)
    wrong = {
        address: (status, stood)
        for address, (status, stood, _asked) in found.items()
        if status >= 400 and (address, status) not in NOT_WELL
    }
    assert wrong == {}
    # P9: the export of a page may ask what the page asks.
    dear = {address: asked for address, (_status, _stood, asked) in found.items() if asked > CEILING}
    assert dear == {}
    assert len(found) > 25
