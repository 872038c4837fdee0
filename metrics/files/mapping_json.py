"""Dataclasses from JSON, each field checked before it is believed."""

from __future__ import annotations

from dataclasses import fields
from typing import Any

from metrics.files.plan import Problem, Where

Nested = dict[str, tuple[type, bool]]


class MappingError(ValueError):
    """A mapping that says nothing sensible; ``problems`` name each field."""

    def __init__(self, problems: list[Problem]) -> None:
        super().__init__(", ".join(problem.code for problem in problems))
        self.problems = problems


def wrong_field(name: str, value: object) -> Problem:
    """The problem of one field of a mapping."""
    return Problem("mapping_field", Where(), str(value)[:200], {"field": name})


_TEXT_LISTS = {
    "plus",
    "minus",
    "values",
    "yes",
    "no",
    "good",
    "bad",
    "unanswered",
    "unscored",
    "missing",
    "missing_text",
    "columns",
}
_NUMBERS = {"above", "low", "high", "limit_seconds"}


def build(kind: type, data: Any, nested: Nested, path: str = "") -> Any:
    """A dataclass from a JSON object; ``nested`` names the fields that hold other dataclasses, and whether many.

    Raises ``MappingError`` for an unknown, a missing or a wrongly typed field.
    """
    if not isinstance(data, dict):
        raise MappingError([wrong_field(path or "mapping", data)])
    known = {item.name for item in fields(kind)}
    strange = [wrong_field(f"{path}{name}", data[name]) for name in data if name not in known]
    if strange:
        raise MappingError(strange)
    built = {name: _value(name, value, nested, f"{path}{name}") for name, value in data.items()}
    try:
        return kind(**built)
    except TypeError as missing:
        raise MappingError([wrong_field(path or "mapping", missing)]) from missing


def _value(name: str, value: Any, nested: Nested, path: str) -> Any:
    # "value" is a nested Amount in a metric and nothing else; a condition's list is called "values".
    if name in nested:
        kind, many = nested[name]
        if many:
            if not isinstance(value, list | tuple):
                raise MappingError([wrong_field(path, value)])
            return tuple(build(kind, item, nested, f"{path}.") for item in value)
        return None if value is None else build(kind, value, nested, f"{path}.")
    return _plain(name, value, path)


def _plain(name: str, value: Any, path: str) -> Any:
    if name in _TEXT_LISTS or name == "total_words":
        good = isinstance(value, list | tuple) and all(isinstance(item, str) for item in value)
    elif name == "header_rows":
        good = isinstance(value, list | tuple) and all(type(item) is int and item > 0 for item in value)
    elif name in _NUMBERS:
        good = value is None or (isinstance(value, int | float) and not isinstance(value, bool))
    elif name in ("version", "keep"):
        good = isinstance(value, int)
    else:
        good = isinstance(value, str)
    if not good:
        raise MappingError([wrong_field(path, value)])
    return tuple(value) if isinstance(value, list) else value
