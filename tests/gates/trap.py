"""What a request wrote: every INSERT, UPDATE and DELETE that reached a row, caught at the connection."""

from __future__ import annotations

import re
from contextlib import contextmanager
from dataclasses import dataclass, field

from django.db import connection

WRITE = re.compile(r"\s*(INSERT|UPDATE|DELETE|REPLACE|MERGE|TRUNCATE|ALTER|CREATE|DROP|COPY)\b", re.I)
TABLE = re.compile(r'(?:INTO|UPDATE|FROM|TABLE|COPY)\s+"?(\w+)"?', re.I)
# Not what people work on: the session itself, and how often a password was guessed.
APART = {"django_session", "teams_signinattempt"}


@dataclass
class Caught:
    """``writes``: (verb, table, text of the statement, its values) of each statement that changed a row."""

    writes: list[tuple[str, str, str, object]] = field(default_factory=list)

    @property
    def tables(self) -> list[str]:
        return [f"{verb} {table}" for verb, table, _sql, _values in self.writes]

    @property
    def trail(self) -> int:
        """How many entries were appended to the trail."""
        return sum((verb, table) == ("INSERT", "teams_trailentry") for verb, table, _sql, _values in self.writes)


@contextmanager
def writes():
    """Inside the block every write to a row of ours is caught."""
    caught = Caught()

    def watch(execute, sql, params, many, context):
        result = execute(sql, params, many, context)
        found = WRITE.match(sql)
        if found:
            verb = found[1].upper()
            table = TABLE.search(sql)
            name = table[1] if table else ""
            reached = verb not in ("UPDATE", "DELETE") or context["cursor"].rowcount != 0
            if reached and name not in APART:
                caught.writes.append((verb, name, sql, params))
        return result

    with connection.execute_wrapper(watch):
        yield caught
