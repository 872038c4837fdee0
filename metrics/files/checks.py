"""Does a mapping fit a file? What stops it, what must be said, what is still to be asked."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any

from metrics.files.found import Column, Sniffed
from metrics.files.headers import normalised
from metrics.files.mapping import Mapping, amount_columns
from metrics.files.plan import Problem, Question, Where
from metrics.files.profile import DISTINCT
from metrics.files.spread import spread, spread_columns

ORDERS = ("dmy", "mdy")
_NUMBER = re.compile(r" \(\d+\)$")
SLIPS = 0.01
"""Up to this share of cells with the other decimal mark are slips of the hand."""


def date_columns(sniffed: Sniffed, mapping: Mapping) -> list[Column]:
    """The columns that the mapping reads as dates, each once."""
    cases = mapping.cases
    keys = [mapping.date] if mapping.shape == "measured" else []
    if cases:
        keys += [cases.opened, cases.first_response, cases.resolved, cases.closed, cases.updated]
    return [column for key in dict.fromkeys(keys) if key and (column := sniffed.column(key))]


def number_columns(sniffed: Sniffed, mapping: Mapping) -> list[Column]:
    """The columns that the mapping reads as plain numbers."""
    keys: list[str] = []
    for metric in mapping.metrics:
        for amount in (metric.value, metric.numerator, metric.denominator):
            keys += amount_columns(amount) if amount and amount.measure not in ("clock", "words") else []
    if mapping.cases:
        keys += [mapping.cases.reopens]
        scoring = mapping.cases.scoring
        keys += [scoring.score] if scoring and scoring.scale == "number" else []
        for amount in (mapping.cases.first_response_duration, mapping.cases.resolution_duration):
            keys += amount_columns(amount) if amount and amount.measure not in ("clock", "words") else []
    return [column for key in dict.fromkeys(keys) if key and (column := sniffed.column(key))]


def events(sniffed: Sniffed, mapping: Mapping) -> Iterator[Question]:
    """Many rows to one id: a log of events, or a join that doubled the cases?"""
    cases = mapping.cases
    column = sniffed.column(cases.id) if cases and not cases.scoring else None
    if column and column.distinct < min(0.95 * column.filled, DISTINCT):
        why = {"rows": column.filled, "ids": column.distinct}
        yield Question("events", "events", ("cases",), why, column.samples[:2], column.header, of_file=True)


def repeated(sniffed: Sniffed, mapping: Mapping) -> list[dict[str, Any]]:
    """The columns that are read although their name stands over others, too: the name, the letter, the other letters."""
    alike: dict[str, list[Column]] = {}
    for column in sniffed.columns:
        if column.header:
            alike.setdefault(_NUMBER.sub("", column.key), []).append(column)
    read = {found.key for key in mapping.columns() if (found := sniffed.column(key))}
    return [
        {"column": one.header, "letter": one.letter, "others": [other.letter for other in same if other is not one]}
        for same in alike.values()
        for one in same
        if len(same) > 1 and one.key in read and normalised(one.header) == normalised(same[0].header)
    ]


def check(sniffed: Sniffed, mapping: Mapping, confirmed: frozenset[str] = frozenset()) -> list[Problem]:
    """What stops a saved mapping on this file (severity refuse), and what must be said (warn).

    ``confirmed`` holds the codes of this file's own questions that a person has answered; the open ones come
    back as problems with the severity ask and the same code.
    """
    if sniffed.refused:
        return list(sniffed.problems)
    lost = list(missing(sniffed, mapping))
    if lost:
        return lost
    unused = list(_unused(sniffed, mapping))
    long = spread(sniffed, mapping)
    if mapping.wide and long is sniffed:
        unused.append(Problem("nothing_wide", Where(sniffed.sheet)))
    return [
        *unused,
        *_orders(long, mapping),
        *_marks(long, mapping),
        *_periods(long, mapping),
        *_open(sniffed, mapping, confirmed),
    ]


def missing(sniffed: Sniffed, mapping: Mapping, headers: dict[str, str] | None = None) -> Iterator[Problem]:
    """The columns that the mapping names and that are not in the file. What scored people have a column each, the file
    can be read without one of them. ``headers``: what stood over a column when it was last there, by key."""
    there = [column.header for column in sniffed.columns][:100]
    people = mapping.wide.columns if mapping.cases and mapping.wide else ()
    if not any(sniffed.column(key) for key in people):
        people = ()
    for key in mapping.columns():
        if sniffed.column(key) is None:
            name = (headers or {}).get(key, key)
            code = "person_missing" if key in people else "column_missing"
            yield Problem(code, Where(sniffed.sheet), name, {"column": name, "columns": there})


def _unused(sniffed: Sniffed, mapping: Mapping) -> Iterator[Problem]:
    used = (*mapping.columns(), *(column.key for column in spread_columns(sniffed, mapping)))
    unused = [column.header for column in sniffed.columns if column.key not in used and column.header]
    if unused:
        yield Problem("columns_unused", Where(sniffed.sheet), "", {"columns": unused}, "warn")


def _orders(sniffed: Sniffed, mapping: Mapping) -> Iterator[Problem]:
    """A file whose dates prove another order than the mapping says is not read at all."""
    for column in date_columns(sniffed, mapping):
        dates = column.dates
        other = dates.mdy_only if mapping.date_order == "dmy" else dates.dmy_only
        if mapping.date_order not in (*ORDERS, "ymd") or not other:
            continue
        if mapping.date_order == "ymd" and not (dates.dmy_only or dates.mdy_only or dates.both):
            continue
        if not (dates.dmy_only and dates.mdy_only):
            # The file is of one mind; it is the mapping that is to be mended.
            code, found, row = ("dates_day_first", dates.example_dmy, dates.row_dmy)
            if dates.mdy_only:
                code, found, row = ("dates_month_first", dates.example_mdy, dates.row_mdy)
            yield Problem(code, Where(sniffed.sheet, row, column.header, column.letter), found)
            continue
        rows = {"dmy_row": dates.row_dmy, "mdy_row": dates.row_mdy}
        params = {"order": mapping.date_order, "dmy": dates.example_dmy, "mdy": dates.example_mdy, **rows}
        where = Where(sniffed.sheet, dates.row_mdy or dates.row_dmy, column.header, column.letter)
        yield Problem("dates_contradict", where, dates.example_mdy or dates.example_dmy, params)


def _marks(sniffed: Sniffed, mapping: Mapping) -> Iterator[Problem]:
    """The other decimal mark in a cell or two is a slip, and those rows are left out; in most cells it is the mark."""
    for column in number_columns(sniffed, mapping):
        numbers = column.numbers
        right, wrong = numbers.point_only, numbers.comma_only
        if mapping.decimal == ",":
            right, wrong = wrong, right
        if wrong > SLIPS * right and sniffed.kind == "csv":
            where = Where(sniffed.sheet, 0, column.header, column.letter)
            params = {"decimal": mapping.decimal, "cells": wrong}
            yield Problem("numbers_contradict", where, column.samples[0] if column.samples else "", params)


def _periods(sniffed: Sniffed, mapping: Mapping) -> Iterator[Problem]:
    column = sniffed.column(mapping.date) if mapping.shape == "measured" else None
    if column and mapping.period == "month" and column.dates.period in ("day", "week"):
        where = Where(sniffed.sheet, 0, column.header, column.letter)
        params = {"period": mapping.period, "found": column.dates.period}
        yield Problem("period_mixed", where, column.samples[0] if column.samples else "", params, "warn")


def _open(sniffed: Sniffed, mapping: Mapping, confirmed: frozenset[str]) -> Iterator[Problem]:
    answered = {"header": mapping.header_rows == sniffed.header_rows, "sheet": mapping.sheet == sniffed.sheet}
    for question in (*sniffed.questions, *events(sniffed, mapping)):
        if not answered.get(question.code) and question.code not in confirmed:
            value = question.evidence[-1] if question.evidence else ""
            yield Problem(question.code, Where(sniffed.sheet), value, question.why, "ask")
