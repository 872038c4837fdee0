"""Whatever stands in a form or an address, the answer is never "something went wrong" (500)."""

import os
import traceback
from urllib.parse import quote_from_bytes

import pytest
from django.core.files.base import File
from django.core.signals import got_request_exception
from django.http import QueryDict

from tests.gates.routes import REGISTRY, sent
from tests.world import ROLES

pytestmark = pytest.mark.django_db
ROUTES = sorted(REGISTRY)
WRITES = [name for name in ROUTES if REGISTRY[name][1].post]
# The build tries a few on each field, in turn; CXREVIEW_HOSTILE=all tries each on each.
ALL = os.environ.get("CXREVIEW_HOSTILE") == "all"
EACH = 1
FORM = "application/x-www-form-urlencoded"

HOSTILE = [
    b"x" * 10_000,
    "😀‮​Ａ\u0301".encode() * 20,
    b"a\0b",
    b"\xed\xa0\x80",
    b"\xff\xfe",
    b"9" * 30,
    b"9" * 5_000,
    b"9223372036854775808",
    b"-1",
    b"0",
    b"1e999",
    b"-1e308",
    b"NaN",
    b"1e-320",
    "٣".encode(),
    b"0001-01-01",
    b"9999-12-31",
    b"99999-01-01",
    b"2023-02-29",
    b"[]",
    b"{}",
    b"null",
    b"[" * 3_000,
    b'{"a": {"b": 1}}',
    b"",
    b"../../etc/passwd",
    b"%00",
    b"csv",
]


@pytest.fixture
def faults():
    """Whatever a view let escape."""
    found = []

    def note(sender, **given):
        found.append(traceback.format_exc(limit=-4))

    got_request_exception.connect(note)
    yield found
    got_request_exception.disconnect(note)


def doer(row, method):
    asked = row.post if method == "POST" else row.get
    return next((part for part in ROLES if row.expected(method, part, True).status == asked.status), None)


def encoded(pairs):
    return "&".join(f"{quote_from_bytes(name.encode())}={quote_from_bytes(value)}" for name, value in pairs)


def flat(data):
    for name, value in data.items():
        for each in value if isinstance(value, list) else [value]:
            yield name, str(each).encode()


def few(number):
    return HOSTILE if ALL else [HOSTILE[(number * EACH + step) % len(HOSTILE)] for step in range(EACH)]


def post(stage, part, pairs):
    """As ``Stage.ask``, with the very bytes."""
    client_options = {"content_type": FORM, "data": encoded(pairs)}
    return stage.send(stage.url(stage.at_a), stage.world.a, part, client_options)


@pytest.mark.parametrize("stage", WRITES, indirect=True)
def test_no_field_of_a_form_breaks_its_page(stage, faults):
    part = doer(stage.row, "POST") or "supervisor"
    # What files may hold is asked in tests/importing.
    data = {name: v for name, v in sent(stage.row.post.data(stage.at_a)).items() if not isinstance(v, File)}
    own = list(flat(data))
    wrong = []
    for number, name in enumerate(data):
        for value in few(number + len(stage.name)):
            kept = [pair for pair in own if pair[0] != name]
            status = post(stage, part, [*kept, (name, value)])
            if status >= 500:
                wrong.append((name, value[:40], status, faults[-1:]))
    for value in few(len(stage.name)):
        status = post(stage, part, [("surplus", value)])
        if status >= 500:
            wrong.append(("surplus", value[:40], status, faults[-1:]))
    assert wrong == []


# What once broke a page, always tried: of a form and of an address.
FIELDS = [
    ("new-action", "findings", b"9" * 30),
    ("new-action", "needed_points", b"9" * 30),
    ("edit-plan", "base", b"9" * 5_000),
    ("edit-plan", "base", b"[" * 3_000),
    ("edit-action", "base", b"9" * 5_000),
]
QUERIES = [("answer", "question", b"9" * 5_000), ("answer", "question", "²".encode())]
QUERIES += [("new-action", "follows", b"9" * 5_000), ("new-action", "follows", "²".encode())]


@pytest.mark.parametrize(("stage", "field", "value"), FIELDS, indirect=["stage"])
def test_what_was_sent_in_a_form_is_refused_in_words(stage, field, value, faults):
    kept = [pair for pair in flat(sent(stage.row.post.data(stage.at_a))) if pair[0] != field]
    status = post(stage, doer(stage.row, "POST"), [*kept, (field, value)])
    assert (status, faults) == (422, [])


@pytest.mark.parametrize(("stage", "name", "value"), QUERIES, indirect=["stage"])
def test_what_an_address_asks_for_that_cannot_be_is_passed_over(stage, name, value, faults):
    url = stage.url(stage.at_a, "?" + encoded([(name, value)]))
    answer, _body, _caught = stage.ask("GET", url, stage.world.a, doer(stage.row, "GET"))
    assert (answer.status_code, faults) == (200, [])


@pytest.fixture
def asked_for(monkeypatch):
    """The names that views read from the query of an address."""
    known = {}
    for verb in ("get", "getlist", "__getitem__", "__contains__"):
        real = getattr(QueryDict, verb)

        def watched(self, key, *rest, _real=real, **more):
            known[str(key)] = True
            return _real(self, key, *rest, **more)

        monkeypatch.setattr(QueryDict, verb, watched)
    return known


@pytest.mark.parametrize("stage", [name for name in ROUTES if REGISTRY[name][1].get], indirect=True)
def test_no_address_breaks_its_page(stage, faults, asked_for):
    part = doer(stage.row, "GET") or "anonymous"
    stage.ask("GET", stage.url(stage.at_a), stage.world.a, part)
    names = [*asked_for, "surplus"]
    wrong = []
    for number, name in enumerate(names):
        for value in few(number + len(stage.name)):
            query = "?" + encoded([(name, value)])
            answer, _body, _caught = stage.ask("GET", stage.url(stage.at_a, query), stage.world.a, part)
            if answer.status_code >= 500 and stage.name != "health":
                wrong.append((query[:60], answer.status_code, faults[-1:]))
    assert wrong == []
