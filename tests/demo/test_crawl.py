"""Everybody of the demonstration follows every link from home: no page fails, no link leads nowhere."""

import random
import re
from collections import Counter, defaultdict

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from cxreview.demo import cast
from improvements.models import Action, Recommendation, Submission
from metrics.models import Comparison, Metric, Series, Signal, Target, Upload
from reviews.models import Review
from teams import access, clock
from teams.models import Person
from tests.demo.links import links_of, pattern_of

pytestmark = pytest.mark.django_db
EXAMPLES = 4
# A list can be asked in hundreds of ways (filters by orders by views by forms): each by itself, and of those that ask for
# several at once each person follows some, in an order of their own, so that together they see most.
WAYS = 30
# Questions to the database a page may ask, however much it shows.
CEILING = 15
# Red where no worker runs, as in a test.
NOT_WELL = {("/health", 503)}


# Pages of one thing each, which only those who may see it can open.
THINGS = {
    "series": Series, "signals": Signal, "metrics": Metric, "targets": Target, "imports": Upload, "reviews": Review,
    "recommendations": Recommendation, "submissions": Submission, "actions": Action, "comparisons": Comparison,
}  # fmt: skip


def crawl(client, order, start="/"):
    """{address: (status, where the link stood, questions asked)} of all pages reachable, a few of each pattern, and {link:
    where it stood} of all links; order: whose order the links of a page are followed in."""
    found, seen, ways, queue = {}, Counter(), Counter(), [(start, "")]
    links = {}
    draw = random.Random(order)
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
        draw.shuffle(following)
        for link in following:
            links.setdefault(link, address)
            pattern = pattern_of(link)
            path = pattern.partition("?")[0] if "&" in pattern else ""
            if link in known or seen[pattern] >= EXAMPLES or ways[path] >= WAYS:
                continue
            known.add(link)
            seen[pattern] += 1
            ways[path] += bool(path)
            queue.append((link, address))
    return found, links


def dead(person, links):
    """Those of the links, followed or not, that lead to the page of a thing which this person cannot see."""
    asked = defaultdict(dict)
    for link, stood in links.items():
        if told := re.match(r"/([a-z]+)/(\d+)(?![^?#/])", link):
            asked[told[1]].setdefault(int(told[2]), stood)
    found = {}
    for kind, model in THINGS.items():
        seen = set(access.visible_to(person, model).filter(pk__in=asked[kind]).values_list("pk", flat=True))
        found |= {f"/{kind}/{pk}": stood for pk, stood in asked[kind].items() if pk not in seen}
    return found


@pytest.mark.parametrize("part", cast.CAST, ids=lambda part: part.key)
def test_every_link_leads_to_a_page(demo, part, client_of):
    with clock.at(demo):
        person = Person.objects.get(email=part.email)
        found, links = crawl(client_of(person), part.key)
        assert dead(person, links) == {}
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
