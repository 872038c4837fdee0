"""What a list is made of: columns and filters as a view names them, and what the page shows of them."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from typing import Any

from django.db.models import Q, QuerySet
from django.utils.functional import Promise

Words = str | Promise
Rows = QuerySet[Any] | Sequence[Any]

CHOICE, TEXT, DAY = "choice", "text", "day"


@dataclass(frozen=True)
class Column:
    """One column: ``value`` is an attribute ("unit", "unit.name") or a function of the row, for page and export.

    ``sort``: names for ``order_by`` (a queryset) or True (a list, by the value); empty means not sortable.
    ``shown``: what the page shows instead of the value (a state's word, a formatted number); ``link``: its address.
    ``number``: right-aligned, with ``measure`` (the unit) in the header. ``code``: a class for the cell's badge.
    ``export`` and ``page``: whether the file and the page have it. ``width``: "narrow" for what is always short, "long"
    for sentences; else as wide as a few words. A day or a moment stands on one line, in its short form.
    """

    key: str
    title: Words
    value: str | Callable[[Any], Any]
    sort: tuple[str, ...] | bool = ()
    shown: Callable[[Any], Any] | None = None
    link: Callable[[Any], str] | None = None
    code: Callable[[Any], str] | None = None
    number: bool = False
    measure: Words = ""
    export: bool = True
    page: bool = True
    width: str = ""

    def of(self, row: Any) -> Any:
        """The cell's value; attributes that are functions are called, nothing found is None."""
        if callable(self.value):
            return self.value(row)
        found = row
        for part in self.value.split("."):
            found = found.get(part) if isinstance(found, dict) else getattr(found, part, None)
            found = found() if callable(found) else found
        return found


@dataclass(frozen=True)
class Filter:
    """One filter of the bar. ``apply`` is a lookup ("unit"), several names (any contains the words), or a function.

    A CHOICE filter ignores what is not among its ``choices`` ((value, words), …); a DAY filter what is no day.
    """

    key: str
    label: Words
    apply: str | tuple[str, ...] | Callable[[Any, Any], Any]
    kind: str = TEXT
    choices: Sequence[tuple[Any, Words]] = ()
    default: str = ""

    def parse(self, text: str) -> Any:
        """The value asked for, None where the text means nothing."""
        if self.kind == CHOICE:
            return text if text in {str(value) for value, _words in self.choices} else None
        if self.kind == DAY:
            try:
                return dt.date.fromisoformat(text)
            except ValueError:
                return None
        return text[:200].replace("\x00", "") or None

    def narrow(self, rows: Any, value: Any) -> Any:
        """The rows that pass. A list needs ``apply`` to be a function (rows, value) → rows."""
        if callable(self.apply):
            return self.apply(rows, value)
        if isinstance(self.apply, str):
            return rows.filter(**{self.apply: value})
        condition = Q()
        for name in self.apply:
            condition |= Q(**{f"{name}__icontains": value})
        return rows.filter(condition)


@dataclass(frozen=True)
class Cell:
    """One cell as the page shows it."""

    shown: Any
    link: str = ""
    code: str = ""
    number: bool = False
    leads: bool = False
    width: str = ""


@dataclass(frozen=True)
class Line:
    """One row as the page shows it; ``row`` is the object, ``pk`` its id for a tick box of a bulk action."""

    row: Any
    pk: Any
    cells: list[Cell]


@dataclass(frozen=True)
class Head:
    """One column's header: ``sorted`` is "ascending", "descending" or "" and ``url`` sorts by it."""

    key: str
    title: Words
    measure: Words
    number: bool
    url: str
    sorted: str


@dataclass(frozen=True)
class Bar:
    """One filter as the bar shows it. ``options``: (value, words, is chosen); ``usual``: its value when none is asked."""

    key: str
    label: Words
    kind: str
    value: str
    options: list[tuple[str, Words, bool]] = field(default_factory=list)
    usual: str = ""


@dataclass(frozen=True)
class Pager:
    """Where we are among the pages, for ``components/pager.html``."""

    number: int
    pages: int
    previous_url: str
    next_url: str
