"""One list on a page: filtered, sorted and paged as the address says."""

from __future__ import annotations

import datetime as dt
import math
from collections.abc import Iterable, Iterator, Sequence
from typing import Any

from django.core.paginator import Paginator
from django.db.models import QuerySet
from django.http import HttpRequest
from django.http.response import HttpResponseBase
from django.utils import timezone
from django.utils.formats import date_format

from teams import exports
from teams.lists.parts import Bar, Cell, Column, Filter, Head, Line, Pager, Rows, Words


class Listing:
    """Filter, sort and page ``rows`` (a queryset, or a list of anything) as the query string of ``request`` says.

    Names in the query string: each filter's key, ``sort`` (a column's key, "-" in front for descending), ``page``,
    ``export`` (csv or xlsx); ``keep`` are further ones that the filter bar carries along. With ``prefix`` several lists live on one page. Whatever is unknown is ignored.
    """

    def __init__(
        self,
        request: HttpRequest,
        rows: Rows,
        columns: Sequence[Column],
        filters: Sequence[Filter] = (),
        default_sort: str = "",
        per_page: int = 50,
        prefix: str = "",
        caption: Words = "",
        keep: Sequence[str] = (),
    ) -> None:
        self.request, self.columns, self.prefix, self.caption = request, columns, prefix, caption
        self.id = f"{prefix or 'the'}-list"
        # Names that are no filters, but that filtering must not lose.
        self.kept = [(key, request.GET[key][:200]) for key in keep if request.GET.get(key)]
        self.filters = self._read(filters)
        self._unfiltered = rows
        self._all = self._sort(self._filter(rows, filters), default_sort)
        self.paginator = Paginator(self._all, per_page)
        self.page = self.paginator.get_page(request.GET.get(self._name("page")))

    # What was asked

    def _name(self, key: str) -> str:
        return f"{self.prefix}-{key}" if self.prefix else key

    def _asked(self, one: Filter) -> str:
        return self.request.GET.get(self._name(one.key), one.default).strip()

    def _read(self, filters: Sequence[Filter]) -> list[Bar]:
        bars = []
        for one in filters:
            text = self._asked(one)
            options = [(str(value), words, str(value) == text) for value, words in one.choices]
            bars.append(Bar(self._name(one.key), one.label, one.kind, text, options, one.default))
        return bars

    def _filter(self, rows: Any, filters: Sequence[Filter]) -> Any:
        for one in filters:
            text = self._asked(one)
            value = one.parse(text) if text else None
            if value is not None:
                rows = one.narrow(rows, value)
        return rows

    def _sort(self, rows: Any, default: str) -> Any:
        asked = self.request.GET.get(self._name("sort"), "") or default
        known = {column.key: column for column in self.columns if column.sort}
        self.sort = asked if asked.removeprefix("-") in known else default
        self.sort_name, self.sort_asked = self._name("sort"), self.sort if self.sort != default else ""
        column = known.get(self.sort.removeprefix("-"))
        down = self.sort.startswith("-")
        if column is None:
            # Without an order pages would overlap; the row's own order stands, with the key as the last word.
            return rows if not isinstance(rows, QuerySet) or rows.ordered else rows.order_by("pk")
        if isinstance(rows, QuerySet):
            names = column.sort if isinstance(column.sort, tuple) else (column.key,)
            return rows.order_by(*[_turned(name) if down else name for name in names], "pk")
        ranked = [(column.of(row), row) for row in rows]
        filled = sorted((pair for pair in ranked if not _empty(pair[0])), key=lambda pair: _rank(pair[0]), reverse=down)
        return [row for _value, row in [*filled, *(pair for pair in ranked if _empty(pair[0]))]]

    # What the page shows

    @property
    def size(self) -> int:
        return self.paginator.count

    @property
    def filtered(self) -> bool:
        """Whether a filter was chosen, or an empty list is empty because of a usual one ("not archived")."""
        if any(bar.value != bar.usual for bar in self.filters):
            return True
        return not self.size and any(bar.value for bar in self.filters) and self._is_anything_there()

    def _is_anything_there(self) -> bool:
        rows = self._unfiltered
        return rows.exists() if isinstance(rows, QuerySet) else bool(rows)

    @property
    def _seen(self) -> list[Column]:
        return [column for column in self.columns if column.page]

    @property
    def lines(self) -> list[Line]:
        """The rows of this page, cell by cell."""
        return [Line(row, getattr(row, "pk", None), self._cells(row)) for row in self.page.object_list]

    def _cells(self, row: Any) -> list[Cell]:
        cells = []
        for place, column in enumerate(self._seen):
            shown = column.shown(row) if column.shown else column.of(row)
            link = column.link(row) if column.link else ""
            code = column.code(row) if column.code else ""
            width = "day" if isinstance(shown, dt.date) else column.width
            cells.append(Cell(_words(shown), link, code, column.number, place == 0, width))
        return cells

    @property
    def heads(self) -> list[Head]:
        heads = []
        for column in self._seen:
            now = ""
            if column.key == self.sort.removeprefix("-"):
                now = "descending" if self.sort.startswith("-") else "ascending"
            turned = f"-{column.key}" if now == "ascending" else column.key
            url = self.url(sort=turned, page=None) if column.sort else ""
            heads.append(Head(column.key, column.title, column.measure, column.number, url, now))
        return heads

    def url(self, **changes: str | int | None) -> str:
        """This page's address with some names of the query string changed (None takes one out)."""
        query = self.request.GET.copy()
        query.pop(self._name("export"), None)
        for key, value in changes.items():
            if value is None:
                query.pop(self._name(key), None)
            else:
                query[self._name(key)] = str(value)
        return f"{self.request.path}?{query.urlencode()}" if query else self.request.path

    @property
    def clear_url(self) -> str:
        return self.request.path

    @property
    def open_url(self) -> str:
        """The list without any filter, the usual ones too."""
        return self.url(page=None, **{bar.key: "" if bar.usual else None for bar in self.filters})

    @property
    def previous_url(self) -> str:
        return self.url(page=self.page.previous_page_number()) if self.page.has_previous() else ""

    @property
    def next_url(self) -> str:
        return self.url(page=self.page.next_page_number()) if self.page.has_next() else ""

    @property
    def pager(self) -> Pager:
        return Pager(self.page.number, self.paginator.num_pages, self.previous_url, self.next_url)

    @property
    def csv_url(self) -> str:
        return self.url(export=exports.CSV, page=None)

    @property
    def xlsx_url(self) -> str:
        return self.url(export=exports.XLSX, page=None)

    # Export

    @property
    def export_asked(self) -> str:
        """ "csv", "xlsx" or ""."""
        asked = self.request.GET.get(self._name("export"), "")
        return asked if asked in (exports.CSV, exports.XLSX) else ""

    def export(self, name: str) -> HttpResponseBase | None:
        """The whole filtered and sorted list as a file where the address asks for one, else None."""
        if not self.export_asked:
            return None
        columns = [column for column in self.columns if column.export]
        header = [f"{column.title} ({column.measure})" if column.measure else column.title for column in columns]
        values = ([column.of(row) for column in columns] for row in self._every())
        return exports.response(name, self.export_asked, header, values)

    def _every(self) -> Iterator[Any] | Iterable[Any]:
        return self._all.iterator(chunk_size=2000) if isinstance(self._all, QuerySet) else self._all


def _turned(name: str) -> str:
    return name[1:] if name.startswith("-") else f"-{name}"


def _empty(value: Any) -> bool:
    """What has no value stands last, whichever way the list is sorted."""
    return value is None or value == "" or (isinstance(value, float) and math.isnan(value))


def _rank(value: Any) -> tuple[int, Any]:
    """Numbers and days before words, so that a mixed column still has an order."""
    if isinstance(value, (int, float, dt.date)):
        return (0, value.toordinal() if isinstance(value, dt.date) else value)
    return (1, str(value).casefold())


def _words(shown: Any) -> Any:
    """What a cell says; days and moments in their short form, which stands on one line of a narrow column."""
    if isinstance(shown, dt.datetime):
        return date_format(timezone.localtime(shown) if timezone.is_aware(shown) else shown, "SHORT_DATETIME_FORMAT")
    if isinstance(shown, dt.date):
        return date_format(shown, "SHORT_DATE_FORMAT")
    return "" if shown is None else shown
