"""The apps that answer for their own objects: one place puts their threads and finds together.

Each app gives ``thread_of(person, thing)`` and ``search(person, words)``; both answer through the doors.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import improvements.queries
import metrics.queries
import notices.queries
import processes.queries
import reports.queries
import reviews.queries.reviews
import reviews.queries.threads
import teams.queries
from teams.links import Hit, ThreadLink
from teams.models import Person

THREADS: tuple[Callable[[Person, Any], list[ThreadLink]], ...] = (
    teams.queries.thread_of,
    notices.queries.thread_of,
    processes.queries.thread_of,
    metrics.queries.thread_of,
    reviews.queries.threads.thread_of,
    improvements.queries.thread_of,
    reports.queries.thread_of,
)
# From the top floor down: what was decided comes before what was measured.
SEARCHES: tuple[Callable[[Person, str], list[Hit]], ...] = (
    improvements.queries.search,
    reviews.queries.reviews.search,
    metrics.queries.search,
    processes.queries.search,
    teams.queries.search,
)


def thread_of(person: Person, thing: Any) -> list[ThreadLink]:
    """The neighbours of ``thing`` in every app, those it came from first, each once."""
    links = {(link.relation, link.url): link for part in THREADS for link in part(person, thing)}
    return sorted(links.values(), key=lambda link: link.relation, reverse=True)


def search(person: Person, words: str) -> list[Hit]:
    """Finds in every app; nothing for fewer than two letters."""
    words = " ".join(words.split())
    if len(words) < 2:
        return []
    return [hit for part in SEARCHES for hit in part(person, words)]
