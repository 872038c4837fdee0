"""A mapping may name a column by its header as it stands in the file; the product keeps the column's key."""

from __future__ import annotations

from typing import Any

from django.utils.translation import gettext as _

from metrics.files.headers import normalised
from metrics.files.mapping import CELL, HEADING
from teams.refusals import Refused

ONE = {
    "date",
    "unit_column",
    "metric_column",
    "column",
    "id",
    "opened",
    "first_response",
    "resolved",
    "closed",
    "updated",
    "reopens",
}
MANY = {"plus", "minus", "columns"}


def keyed(mapping: Any, sniffed: dict[str, Any]) -> Any:
    """The mapping (JSON) with headers replaced by the keys of the columns found in the file.

    Raises Refused (``repeated_header``) for a header that stands over several columns: which is meant, nobody knows.
    """
    keys = {column["key"] for column in sniffed.get("columns", [])}
    by_header: dict[str, list[dict[str, Any]]] = {}
    for column in sniffed.get("columns", []):
        by_header.setdefault(column["header"], []).append(column)

    def key(name: Any) -> Any:
        if not isinstance(name, str) or not name or name in keys or name in (HEADING, CELL):
            return name
        found = by_header.get(name, [])
        if len(found) > 1:
            raise _repeated(name, found)
        return found[0]["key"] if found else normalised(name) if normalised(name) in keys else name

    def walk(part: Any) -> Any:
        if isinstance(part, list):
            return [walk(item) for item in part]
        if not isinstance(part, dict):
            return part
        return {name: _replaced(name, value, key, walk) for name, value in part.items()}

    return walk(mapping)


def _repeated(name: str, found: list[dict[str, Any]]) -> Refused:
    told = {
        "header": name,
        "letters": ", ".join(column["letter"] for column in found),
        "keys": ", ".join(f"“{column['key']}”" for column in found),
    }
    words = _("“%(header)s” stands over more than one column (%(letters)s). Say which is meant: %(keys)s.")
    return Refused("repeated_header", words % told)


def _replaced(name: str, value: Any, key: Any, walk: Any) -> Any:
    if name in ONE:
        return key(value)
    if name in MANY and isinstance(value, list):
        return [key(item) for item in value]
    return walk(value)
