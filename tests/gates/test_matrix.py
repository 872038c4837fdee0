"""Every address × method × identity × own or other organisation has one outcome, and no other (R1, R2, R4, R6, R10,
R27, R36); see tests/gates/rows.py for how a row becomes cells."""

import re

import pytest
from django.apps import apps
from django.db import connection
from django.forms import BaseForm

from tests.gates.routes import APPS, REGISTRY, addresses, app_of, sent
from tests.gates.rows import IDENTITIES, STRANGER
from tests.gates.stage import words
from tests.world import ROLES

pytestmark = pytest.mark.django_db
ROUTES = sorted(REGISTRY)
HEADERS = {
    "Content-Security-Policy": "script-src 'self'",
    "X-Content-Type-Options": "nosniff",
    "X-Frame-Options": "DENY",
    "Referrer-Policy": "same-origin",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cache-Control": "no-store",
}
OTHER_METHODS = ("PUT", "PATCH", "DELETE")


@pytest.mark.parametrize("app", APPS)
def test_every_address_has_a_row(app):
    """R1: an address without a row fails the build. Write its row in tests/gates/<app>.py."""
    without = [name for name, entry in addresses().items() if app_of(entry) == app and name not in REGISTRY]
    assert without == []


def test_every_row_has_an_address():
    assert sorted(set(REGISTRY) - set(addresses())) == []


def test_a_write_without_an_entry_says_why():
    silent = [name for name, (_app, row) in REGISTRY.items() if row.post and row.post.trail != 1 and not row.post.why]
    assert silent == []


@pytest.mark.parametrize("stage", ROUTES, indirect=True)
def test_each_identity_gets_exactly_what_the_row_says(stage):
    """R1, R6, R10, R27, R36: the status of every cell; a denial and a read change no row, a write appends its entry,
    every answer, denials included, has its headers, and no page shows a word of the other organisation."""
    wrong = [
        (method, answer.status_code)
        for method in OTHER_METHODS
        for answer, _body, _caught in [stage.ask(method, stage.url(stage.at_a), stage.world.a, "administrator")]
        if answer.status_code != 405
    ]
    for part, own, side, at in stage.cells():
        for method in ("GET", "POST"):
            expected = stage.row.expected(method, part, own)
            data = sent(stage.row.post.data(at)) if method == "POST" and stage.row.post else {}
            answer, body, caught = stage.ask(method, stage.url(at), side, part, data if method == "POST" else None)
            got = (answer.status_code, caught.trail)
            if got != (expected.status, expected.trail):
                wrong.append((method, part, "own" if own else "other", got, (expected.status, expected.trail)))
            wrong += [
                (method, part, own, header) for header, of_it in HEADERS.items() if of_it not in answer.get(header, "")
            ]
            if (method == "GET" or expected.trail == 0) and caught.writes:
                wrong.append((method, part, "own" if own else "other", caught.tables))
            if own and method == "GET" and stage.world.b.word.lower() in words(body, answer).lower():
                wrong.append((method, part, "a word of the other organisation"))
            if part == STRANGER and expected.status == 302 and not stage.row.public and "/sign-in" not in answer.url:
                wrong.append((method, part, answer.url))
    assert wrong == []


ASKED = [name for name in ROUTES if getattr(REGISTRY[name][1].get, "queries", None)]


@pytest.mark.parametrize("stage", ASKED, indirect=True)
def test_no_list_or_export_shows_a_word_of_the_other_organisation(stage):
    """R6: as every role, however it is asked for; exports and their headers, too."""
    leaks = []
    for part in IDENTITIES:
        for query in stage.row.get.queries:
            answer, body, caught = stage.ask("GET", stage.url(stage.at_a, query), stage.world.a, part)
            if stage.world.b.word.lower() in words(body, answer).lower():
                leaks.append((part, query))
            assert answer.status_code != 500, (part, query)
            assert caught.writes == [], (part, query)
    assert leaks == []


def faceless(body):
    """A page without what differs from one asking to the next: the token of the form."""
    return re.sub(rb'value="[A-Za-z0-9]{64}"', b"", body)


@pytest.mark.parametrize(
    "stage",
    [name for name, (_app, row) in sorted(REGISTRY.items()) if row.args and not row.public],
    indirect=True,
)
def test_what_is_anothers_looks_like_what_is_not_there(stage):
    """R2: the body of a 404 does not tell whether the object exists."""
    url = stage.url(stage.at_b)
    ids = {str(value) for value in stage.row.args(stage.at_b).values()}
    nowhere = url
    for value in ids:
        nowhere = nowhere.replace(
            f"/{value}", "/987654321" if value.isdigit() else "/00000000-0000-4000-8000-000000000000"
        )
    method = "GET" if stage.row.get else "POST"
    differing = []
    for part in ROLES:
        data = {} if method == "POST" else None
        there, body_there, _ = stage.ask(method, url, stage.world.a, part, data)
        missing, body_missing, _ = stage.ask(method, nowhere, stage.world.a, part, data)
        if (there.status_code, faceless(body_there)) != (missing.status_code, faceless(body_missing)):
            differing.append((part, there.status_code, missing.status_code))
    assert differing == []


def doers(row):
    """Who of the own organisation may write."""
    return [part for part in ROLES if row.post and row.expected("POST", part, True).status == row.post.status]


WRITES = [name for name in ROUTES if REGISTRY[name][1].post]


@pytest.mark.parametrize("stage", WRITES, indirect=True)
def test_an_id_of_the_other_organisation_in_a_form_writes_nothing(stage):
    """R2: each object named in the data is replaced by the twin's, one at a time."""
    own, twin = stage.row.post.data(stage.at_a), stage.row.post.data(stage.at_b)
    wrong = []
    for field in own:
        if sent(own)[field] == sent(twin)[field] or sent(own)[field] == own[field] or not stage.row.post.twins:
            continue
        for part in doers(stage.row):
            data = sent({**own, field: twin[field]})
            answer, _body, caught = stage.ask("POST", stage.url(stage.at_a), stage.world.a, part, data)
            if answer.status_code not in (403, 404, 422) or caught.writes:
                wrong.append((part, field, answer.status_code, caught.tables))
    assert wrong == []


HOSTILE = {"BooleanField": "on", "IntegerField": "999999", "FloatField": "9e9", "DecimalField": "999999"}


def every_field():
    """The names of all fields of all our models, with a value that would do harm."""
    found = {}
    for model in apps.get_models():
        if model.__module__.split(".")[0] in APPS:
            for field in model._meta.concrete_fields:
                found.setdefault(field.name, HOSTILE.get(field.get_internal_type(), "1"))
                found.setdefault(field.attname, "1")
    return found


def settled(caught):
    """The writes without what differs from one moment to the next: times, seals, sessions, hashes of passwords."""
    if connection.vendor != "sqlite":
        # PostgreSQL's numbers are not given back by a rollback: the statements alone are compared.
        return [sql for _verb, _table, sql, _values in caught.writes]
    moving = re.compile(
        r"[0-9a-f]{32,64}|\d{4}-\d\d-\d\d[T ]\d\d:\d\d:\d\d[.0-9]*(\+00:00)?|md5\$\w+\$|![A-Za-z0-9]{40}"
    )

    def plain(value):
        if isinstance(value, memoryview):
            return bytes(value)
        return [plain(item) for item in value] if isinstance(value, (list, tuple)) else value

    return [(sql, moving.sub("", str(plain(values)))) for _verb, _table, sql, values in caught.writes]


@pytest.mark.parametrize("stage", WRITES, indirect=True)
def test_fields_that_are_not_in_the_form_change_nothing(stage, monkeypatch):
    """R4: every field of every model is sent along; what is written stays the same."""
    known: set[str] = set()
    clean = BaseForm.full_clean

    def watch(form):
        known.update(form.add_prefix(field) for field in form.fields)
        return clean(form)

    monkeypatch.setattr(BaseForm, "full_clean", watch)
    own = sent(stage.row.post.data(stage.at_a))
    for part in doers(stage.row)[:1]:
        _answer, _body, plain = stage.ask("POST", stage.url(stage.at_a), stage.world.a, part, own)
        hostile = {field: value for field, value in every_field().items() if field not in known and field not in own}
        _answer, _body, loaded = stage.ask("POST", stage.url(stage.at_a), stage.world.a, part, {**hostile, **own})
        assert settled(loaded) == settled(plain)


@pytest.mark.parametrize("stage", WRITES, indirect=True)
def test_a_write_without_the_forms_token_is_refused(stage):
    """R10."""
    for part in [*doers(stage.row)[:1], STRANGER]:
        data = sent(stage.row.post.data(stage.at_a))
        answer, _body, caught = stage.ask(
            "POST", stage.url(stage.at_a), stage.world.a, part, data, enforce_csrf_checks=True
        )
        assert (answer.status_code, caught.writes) == (403, [])
