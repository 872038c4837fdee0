"""The stage on which one row is played: both organisations with what the row needs, and whatever a request did
undone after it."""

from __future__ import annotations

import copy
import io
import itertools
import zipfile
from collections.abc import Iterator
from contextlib import suppress
from dataclasses import dataclass
from typing import Any

from django.db import transaction
from django.http import HttpResponse
from django.test import Client
from django.urls import reverse
from pypdf import PdfReader
from pypdf.errors import PdfReadError

from teams.models import Person
from tests.gates import trap
from tests.gates.routes import REGISTRY, scenes
from tests.gates.rows import IDENTITIES, STRANGER
from tests.world import ROLES, Side, World, build


def signed_in(person: Person) -> str:
    """The key of a session of that person."""
    client = Client()
    client.force_login(person)
    return client.cookies["sessionid"].value


@dataclass
class Theatre:
    """Both organisations and a session for each role of each; built once, copied for each stage."""

    world: World
    sessions: dict[tuple[str, str], str]

    @classmethod
    def open(cls) -> Theatre:
        world = build()
        parts = itertools.product((world.a, world.b), ROLES)
        return cls(world, {(side.word, part): signed_in(getattr(side, part)) for side, part in parts})


class Stage:
    """Both scenes of a row; a browser of its own for each request."""

    def __init__(self, name: str, theatre: Theatre) -> None:
        self.name = name
        self.app, self.row = REGISTRY[name]
        # A copy: what people hold is remembered on them, and each scene gives other roles.
        self.world = copy.deepcopy(theatre.world)
        self.sessions = theatre.sessions
        self.at_a, self.at_b = scenes(self.app, self.world)
        # What the row asks for is made now: made inside a test it would be undone with it, yet remembered.
        for at in (self.at_a, self.at_b):
            self.url(at)
            if self.row.post:
                self.row.post.data(at)

    def url(self, at: Any, query: str = "") -> str:
        return reverse(self.row.name, kwargs=self.row.args(at) if self.row.args else {}) + query

    def ask(
        self,
        method: str,
        url: str,
        side: Side,
        part: str,
        data: dict[str, Any] | None = None,
        **options: Any,
    ) -> tuple[HttpResponse, bytes, trap.Caught]:
        """(answer, its body, what was written) of one request by one identity, undone afterwards."""
        client = Client(raise_request_exception=False, **options)
        if part != STRANGER:
            client.cookies["sessionid"] = self.sessions[side.word, part]
        with transaction.atomic():
            with trap.writes() as caught:
                answer: Any = client.generic(method, url) if data is None else client.post(url, data)
                body = answer.getvalue()
            transaction.set_rollback(True)
        return answer, body, caught

    def send(self, url: str, side: Side, part: str, given: dict[str, Any]) -> int:
        """The status of a POST of these very bytes (``data``, ``content_type``), undone afterwards."""
        client = Client(raise_request_exception=False)
        if part != STRANGER:
            client.cookies["sessionid"] = self.sessions[side.word, part]
        with transaction.atomic():
            status = client.generic("POST", url, **given).status_code
            transaction.set_rollback(True)
        return status

    def cells(self) -> Iterator[tuple[str, bool, Side, Any]]:
        """(identity, own?, side of the person, scene of the page)."""
        for part in IDENTITIES:
            yield part, True, self.world.a, self.at_a
            # A page of nobody's is asked for by the twin with what is the twin's.
            other = self.at_a if self.row.args else self.at_b
            yield part, False, self.world.b, other


def words(body: bytes, answer: HttpResponse) -> str:
    """What can be read in an answer: text as it is, workbooks unpacked, the text and the facts of a PDF."""
    if body[:5] == b"%PDF-":
        # A file that somebody uploaded may only begin like a PDF: then its letters are read as they are.
        with suppress(PdfReadError):
            reader = PdfReader(io.BytesIO(body))
            return "".join(page.extract_text() for page in reader.pages) + str(reader.metadata) + str(answer.headers)
    if body[:2] == b"PK":
        with zipfile.ZipFile(io.BytesIO(body)) as book:
            return "".join(book.read(name).decode("utf-8", "replace") for name in book.namelist())
    return body.decode("utf-8", "replace") + str(answer.headers)
