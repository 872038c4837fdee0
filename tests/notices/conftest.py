"""Kinds of notices that only tests know."""

import pytest

from notices import kinds


@pytest.fixture(autouse=True)
def _known_kinds(monkeypatch):
    monkeypatch.setattr(kinds, "KINDS", dict(kinds.KINDS))
    kinds.register("tests.agree", sentence="The plan of “%(title)s” waits for you.", button="Read the plan")
    kinds.register("tests.done", sentence="%(name)s has finished “%(title)s”.", button="Look at it")
