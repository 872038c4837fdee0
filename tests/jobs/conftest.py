"""Kinds of work that only tests know."""

import pytest

from jobs import registry
from jobs.registry import Work


@pytest.fixture
def works(monkeypatch):
    """works("tests.add", function) registers a kind of work until the test ends."""
    monkeypatch.setattr(registry, "WORKS", {})
    monkeypatch.setattr(registry, "load", lambda: None)

    def register(name, function, ended=None):
        registry.WORKS[name] = Work(name, function, ended)

    return register
