"""A scratch installation for each set-up: a folder, a database and a queue of its own, gone afterwards."""

from __future__ import annotations

import os
import shutil
import tempfile
import uuid
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from urllib.parse import urlsplit, urlunsplit

import psycopg
import redis

LEASE, REAP = 4.0, 2.0


@dataclass(frozen=True)
class Setup:
    """``postgresql``, ``redis``: whether it uses them; ``workers``: how many run side by side."""

    name: str
    postgresql: bool
    redis: bool
    workers: int


SETUPS = {
    setup.name: setup
    for setup in (
        Setup("sqlite-local", False, False, 1),
        Setup("sqlite-redis", False, True, 1),
        Setup("pg-redis", True, True, 1),
        Setup("pg-redis-4", True, True, 4),
    )
}


@contextmanager
def scratch(setup: Setup, postgresql: str, redis_url: str) -> Iterator[dict[str, str]]:
    """The environment of a new installation. ``postgresql`` names a server, ``redis_url`` an empty database."""
    folder = tempfile.mkdtemp(prefix=f"cxreview-{setup.name}-")
    env = {name: value for name, value in os.environ.items() if name not in ("DATABASE_URL", "REDIS_URL")}
    env |= {
        "CXREVIEW_VAR": folder,
        "CXREVIEW_SCRATCH": "1",
        "CXREVIEW_MAIL": "off",
        "CXREVIEW_JOB_LEASE": str(LEASE),
        "CXREVIEW_JOB_REAP": str(REAP),
        # Killed every few seconds, a job would soon have had its ordinary five tries.
        "CXREVIEW_JOB_ATTEMPTS": "100",
        "CXREVIEW_EXTRA_TASKS": "cxreview.kills.ledger",
        "DJANGO_SETTINGS_MODULE": "cxreview.settings",
    }
    try:
        with _database(setup, postgresql) as database, _queue(setup, redis_url) as queue:
            yield {**env, **database, **queue}
    finally:
        shutil.rmtree(folder, ignore_errors=True)


@contextmanager
def _database(setup: Setup, server: str) -> Iterator[dict[str, str]]:
    if not setup.postgresql:
        yield {}
        return
    split = urlsplit(server)
    name = f"cxreview_kills_{uuid.uuid4().hex[:12]}"
    home = urlunsplit(("postgresql", split.netloc, "/postgres", "", ""))
    with psycopg.connect(home, autocommit=True) as connection:
        connection.execute(f'CREATE DATABASE "{name}"')
    try:
        yield {"DATABASE_URL": urlunsplit(("postgresql", split.netloc, f"/{name}", "", ""))}
    finally:
        with psycopg.connect(home, autocommit=True) as connection:
            connection.execute(f'DROP DATABASE "{name}" WITH (FORCE)')


@contextmanager
def _queue(setup: Setup, url: str) -> Iterator[dict[str, str]]:
    if not setup.redis:
        yield {}
        return
    with redis.Redis.from_url(url) as client:
        if client.dbsize():
            raise RuntimeError(f"{url} is not empty: give the address of a Redis database that nobody else uses")
        try:
            yield {"REDIS_URL": url}
        finally:
            client.flushdb()
