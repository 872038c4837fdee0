"""A reader who follows every link from where they begin."""

from __future__ import annotations

import html
import re
from collections import Counter, deque
from typing import Any
from urllib.parse import parse_qs, urlsplit

from django.test import Client
from django.urls import resolve

from tests.gates.stage import words

LINK = re.compile(r'\s(?:href|hx-get|data-url)="([^"#]+)')
# What differs from one asking to the next: the token of a form, and when a workbook was written.
TOKEN = re.compile(r'value="[A-Za-z0-9]{64}"|<dcterms:.*?</dcterms:\w+>')
# Of pages that are alike each reader opens so many.
ALIKE = 2


def sort_of(url: str) -> tuple[Any, ...]:
    """Addresses of one sort show the same page of different things; files of one list are alike however sorted."""
    parts = urlsplit(url)
    found, asked = resolve(parts.path), parse_qs(parts.query)
    keys = ["export", asked["export"][0]] if "export" in asked else sorted(asked)
    return (found.url_name, found.kwargs.get("kind"), found.kwargs.get("status"), *keys)


def links_of(text: str) -> list[str]:
    """The addresses on a page that lie in the product."""
    found = (html.unescape(link) for link in LINK.findall(text))
    return [link for link in found if link.startswith("/") and not link.startswith(("//", "/static/"))]


def crawl(session: str, start: tuple[str, ...]) -> dict[str, str]:
    """{address: what can be read there} for who holds the session."""
    client = Client()
    client.cookies["sessionid"] = session
    waiting, known = deque(start), set(start)
    seen: Counter[tuple[Any, ...]] = Counter()
    read: dict[str, str] = {}
    while waiting:
        url = waiting.popleft()
        sort = sort_of(url)
        seen[sort] += 1
        if seen[sort] > ALIKE and url not in start:
            continue
        answer: Any = client.get(url)
        text = words(answer.getvalue(), answer)
        read[url] = TOKEN.sub("", text)
        if answer["Content-Type"].startswith("text/html"):
            new = [link for link in dict.fromkeys(links_of(text)) if link not in known]
            known.update(new)
            waiting.extend(new)
    return read
