"""The register of the gates: every address of the product has a row (tests/gates/rows.py) in tests/gates/<app>.py."""

from __future__ import annotations

import importlib
from importlib.util import find_spec
from typing import Any

from django.db.models import Model
from django.urls import URLPattern, get_resolver

from tests.gates.rows import Row

APPS = ("teams", "jobs", "notices", "processes", "metrics", "reviews", "improvements", "reports", "cxreview")


def addresses() -> dict[str, URLPattern]:
    """Every address of the product by its name, from the resolver."""

    def walk(patterns):
        for entry in patterns:
            yield from walk(entry.url_patterns) if hasattr(entry, "url_patterns") else [entry]

    return {entry.name or str(entry.pattern): entry for entry in walk(get_resolver().url_patterns)}


def app_of(entry: URLPattern) -> str:
    return entry.callback.__module__.split(".")[0]


def modules() -> dict[str, Any]:
    """The rows that are written, by app."""
    return {
        app: importlib.import_module(f"tests.gates.{app}")
        for app in APPS
        if find_spec(f"tests.gates.{app}") is not None
    }


REGISTRY: dict[str, tuple[str, Row]] = {
    row.name: (app, row) for app, module in modules().items() for row in module.ROWS
}


def scenes(app: str, world: Any) -> tuple[Any, Any]:
    """What the app's rows need, for Alder and for Birch."""
    build = modules()[app].scene
    return build(world.a), build(world.b)


def sent(data: dict[str, Any]) -> dict[str, Any]:
    """The data of a POST as a browser would send it: objects by their id."""

    def plain(value):
        if isinstance(value, Model):
            return value.pk
        return [plain(item) for item in value] if isinstance(value, (list, tuple)) else value

    return {name: plain(value) for name, value in data.items()}
