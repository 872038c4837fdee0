"""A mapping may name a column by its header as it stands in the file; the product keeps the column's key."""

from __future__ import annotations

from typing import Any

from metrics.files.headers import normalised
from metrics.files.mapping import CELL, HEADING

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
    """The mapping (JSON) with headers replaced by the keys of the columns found in the file."""
    keys = {column["key"] for column in sniffed.get("columns", [])}
    by_header = {column["header"]: column["key"] for column in reversed(sniffed.get("columns", []))}

    def key(name: Any) -> Any:
        if not isinstance(name, str) or not name or name in keys or name in (HEADING, CELL):
            return name
        return by_header.get(name, normalised(name) if normalised(name) in keys else name)

    def walk(part: Any) -> Any:
        if isinstance(part, list):
            return [walk(item) for item in part]
        if not isinstance(part, dict):
            return part
        return {name: _replaced(name, value, key, walk) for name, value in part.items()}

    return walk(mapping)


def _replaced(name: str, value: Any, key: Any, walk: Any) -> Any:
    if name in ONE:
        return key(value)
    if name in MANY and isinstance(value, list):
        return [key(item) for item in value]
    return walk(value)
