"""Recognise known exports by their header and propose a mapping; ask what cannot be decided."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import replace

from metrics.files.checks import ORDERS, SLIPS, date_columns, events, number_columns
from metrics.files.found import Column, Sniffed
from metrics.files.known import METRICS, UNITS, dimensions_of, known, plain, scorings
from metrics.files.mapping import CELL, HEADING, Amount, Mapping, Measure, MetricFrom, Score, Wide
from metrics.files.plan import Question
from metrics.files.spread import periods_in, spread

MANY = 500
"""More different words than this make no list of units to choose from."""
PERIODS = 3
"""So many headings that are periods are no accident."""


def suggest(sniffed: Sniffed) -> tuple[Mapping | None, list[Question]]:
    """A mapping (None where no layout fits) and everything still to be asked, the file's own questions included.

    A mapping with open ``required`` questions must not be read before they are answered: what it holds in the
    field a question is ``about`` is a placeholder, not a guess to be used.
    """
    if sniffed.refused:
        return None, []
    found = known(sniffed) or scorings(sniffed) or plain(sniffed)
    if found is None:
        return _wide(sniffed) or _draft(sniffed)
    name, mapping = found
    mapping = replace(mapping, layout=name, delimiter="", sheet="")
    return _settled(sniffed, mapping)


def _settled(sniffed: Sniffed, mapping: Mapping) -> tuple[Mapping, list[Question]]:
    questions, sniffed = list(sniffed.questions), spread(sniffed, mapping)
    mapping, asked = _order(sniffed, mapping)
    questions += asked
    mapping, asked = _zone(sniffed, mapping)
    questions += asked
    mapping, asked = _decimal(sniffed, mapping)
    questions += asked
    mapping, asked = _period(sniffed, mapping)
    questions += asked
    questions += [*_repeated(sniffed, mapping), *events(sniffed, mapping)]
    return mapping, [*questions, *_unit(sniffed, mapping), *_scale(sniffed, mapping)]


def _repeated(sniffed: Sniffed, mapping: Mapping) -> Iterator[Question]:
    """A mapped column whose name stands over another column too: which of them is meant?"""
    for key in mapping.columns():
        if sniffed.column(f"{key} (2)"):
            same = [item for item in sniffed.columns if re.fullmatch(re.escape(key) + r"( \(\d+\))?", item.key)]
            letters = {item.key: item.letter for item in same}
            yield Question("repeated_header", key, tuple(letters), {"letters": letters}, column=same[0].header)


def _order(sniffed: Sniffed, mapping: Mapping) -> tuple[Mapping, list[Question]]:
    """One column that proves an order settles it for the whole file: one program wrote it."""
    columns = [column for column in date_columns(sniffed, mapping) if column.role == "date"]
    orders = {column.key: column.dates.order for column in columns}
    proved = {order for order in orders.values() if order in ORDERS}
    if "contradiction" in orders.values() or len(proved) > 1:
        first = next((item for item in columns if item.dates.dmy_only), columns[0])
        second = next((item for item in columns if item.dates.mdy_only), columns[0])
        pair = (first.dates.example_dmy, second.dates.example_mdy)
        rows = {"dmy_row": first.dates.row_dmy, "mdy_row": second.dates.row_mdy}
        return mapping, [Question("dates_contradict", "date_order", (), rows, pair, first.header)]
    if proved:
        return replace(mapping, date_order=proved.pop()), []
    unsure = [column for column in columns if column.dates.order == "ask"]
    if unsure:
        why = {"cells": unsure[0].dates.both}
        evidence = (unsure[0].dates.example_both,)
        return mapping, [Question("date_order", "date_order", ORDERS, why, evidence, unsure[0].header)]
    serials = [column for column in columns if column.dates.serials]
    if not serials and columns:
        return mapping, []
    columns = serials or date_columns(sniffed, mapping)
    if columns and all(column.role in ("number", "id") or column.dates.serials for column in columns):
        sample = columns[0].samples[:1]
        return mapping, [Question("date_serials", "date_order", ("serial",), {}, sample, columns[0].header)]
    return mapping, []


def _zone(sniffed: Sniffed, mapping: Mapping) -> tuple[Mapping, list[Question]]:
    """Cases need the zone their clock stood in, unless every time carries its offset."""
    if sniffed.zone:
        return replace(mapping, zone=sniffed.zone), []
    if mapping.shape == "measured":
        return mapping, []
    naive = [column for column in date_columns(sniffed, mapping) if _is_naive(column)]
    if mapping.cases and mapping.cases.scoring:
        # A day is a day of the house, wherever a clock stood.
        naive = [column for column in naive if column.dates.with_time]
    if not naive:
        return mapping, []
    why = {"column": naive[0].header}
    return mapping, [Question("zone", "zone", (), why, naive[0].samples[:2], naive[0].header)]


def _is_naive(column: Column) -> bool:
    dates = column.dates
    real = dates.dmy_only + dates.mdy_only + dates.both + dates.same + dates.ymd + dates.serials
    return real > dates.with_offset


def _decimal(sniffed: Sniffed, mapping: Mapping) -> tuple[Mapping, list[Question]]:
    columns = number_columns(sniffed, mapping)
    points = sum(column.numbers.point_only for column in columns)
    commas = sum(column.numbers.comma_only for column in columns)
    if min(points, commas) > SLIPS * max(points, commas):
        shown = tuple(cell for column in columns for cell in column.samples[:2])[:4]
        return mapping, [Question("decimal", "decimal", (".", ","), {"contradiction": True}, shown)]
    if points or commas:
        return replace(mapping, decimal="." if points > commas else ","), []
    unsure = [column for column in columns if column.numbers.both]
    if not unsure:
        return mapping, []
    evidence = (unsure[0].numbers.example_both,)
    return mapping, [Question("decimal", "decimal", (".", ","), {}, evidence, unsure[0].header)]


def _period(sniffed: Sniffed, mapping: Mapping) -> tuple[Mapping, list[Question]]:
    if mapping.shape != "measured" or mapping.layout == "nhs-ae":
        return mapping, []
    column = sniffed.column(mapping.date)
    if column and column.dates.period:
        return replace(mapping, period=column.dates.period), []
    evidence = column.samples[:2] if column else ()
    return mapping, [
        Question("period", "period", ("day", "week", "month"), {}, evidence, column.header if column else "")
    ]


def _unit(sniffed: Sniffed, mapping: Mapping) -> Iterator[Question]:
    """Who the figures belong to may be the uploader's own unit, so this can be left unanswered."""
    if mapping.unit_column or mapping.unit_fixed:
        return
    used = set(mapping.columns())
    # Below periods every row is something of its own: with words beside them, one of these says whose it is.
    needed = mapping.date == HEADING and any(
        column.role == "text" and column.distinct > 1 for column in sniffed.columns
    )
    choices = [
        column.key
        for column in sniffed.columns
        if column.role == "text" and 1 < column.distinct <= MANY and column.key not in used
    ]
    yield Question("unit", "unit_column", tuple(choices), required=needed and bool(choices))


def _scale(sniffed: Sniffed, mapping: Mapping) -> Iterator[Question]:
    """Numbers as satisfaction need their scale, unless the layout fixes it."""
    score = mapping.cases.satisfaction if mapping.cases else None
    column = sniffed.column(score.column) if score else None
    if score and column and score.high is None and column.role == "number":
        evidence = column.samples
        yield Question("scale", "cases.satisfaction", ("1-5", "0-10", "1-10", "0-1"), {}, evidence, column.header)


def scaled(score: Score, choice: str) -> Score:
    """A score read on one of the scales that are offered: the upper two fifths of the steps are good.

    "1-5": 4 and 5 are good; "1-10" and "0-10": 9 and 10, as net promoters are counted; "0-1": 1.
    """
    low, high = (int(edge) for edge in choice.split("-"))
    good = {5: (4, 5), 10: (9, 10), 1: (1,)}[high]
    bad = [step for step in range(low, high + 1) if step not in good]
    unanswered = tuple(word for word in score.unanswered if not (low == 0 and word == "0"))
    words = tuple(str(step) for step in good), tuple(str(step) for step in bad)
    return replace(score, good=words[0], bad=words[1], unanswered=unanswered, low=float(low), high=float(high))


def _draft(sniffed: Sniffed) -> tuple[Mapping | None, list[Question]]:
    """No layout fits: show what there is. With one date and a number there is a draft to start from."""
    dates = [column for column in sniffed.columns if column.role == "date" and not column.dates.coarse]
    numbers = [column for column in sniffed.columns if column.role in ("number", "percent", "duration")]
    why = {"columns": [column.header for column in sniffed.columns][:100]}
    keys = tuple(column.key for column in sniffed.columns)
    questions = [Question("layout_unknown", "shape", ("measured", "cases"), why)]
    if len(dates) != 1 or not numbers:
        choices = tuple(column.key for column in dates)
        return None, [*sniffed.questions, *questions, Question("date_column", "date", choices or keys)]
    metrics = (MetricFrom(numbers[0].header, value=Amount((numbers[0].key,))),)
    mapping, asked = _settled(sniffed, Mapping("measured", date=dates[0].key, metrics=metrics))
    choices = tuple(column.key for column in numbers)
    return mapping, [*questions, *asked, Question("metric", "metrics", choices)]


def _wide(sniffed: Sniffed) -> tuple[Mapping, list[Question]] | None:
    """Three periods or more as headings; what the figure is called is asked where no column says it."""
    periods = periods_in(sniffed)
    if len(periods) < PERIODS:
        return None
    mapping, asked = _settled(sniffed, wide_draft(sniffed))
    if mapping.metric_column:
        return mapping, asked
    evidence = tuple(cell for column in periods for cell in column.samples[:1])[:5]
    return mapping, [*asked, Question("wide", "metrics", (), {"periods": len(periods)}, evidence, periods[0].header)]


def wide_draft(sniffed: Sniffed) -> Mapping:
    """A mapping to start from where headings are data: periods if there are any, else units beside a date.

    A unit is read from the column that is called so; with several columns of words and none called so it is asked.
    """
    periods = len(periods_in(sniffed)) > 1
    dates = [column.key for column in sniffed.columns if column.role == "date"]
    unit = "" if not periods else next((name for name in UNITS if sniffed.column(name)), "")
    metric = next((name for name in METRICS if sniffed.column(name)), "")
    measure: Measure = "percent" if any(column.role == "percent" for column in sniffed.columns) else "number"
    return Mapping(
        "measured",
        date=HEADING if periods else dates[0] if dates else "",
        unit_column=unit if periods else HEADING,
        metric_column=metric,
        metrics=(MetricFrom("", value=Amount((CELL,), measure=measure)),),
        dimensions=dimensions_of(sniffed),
        wide=Wide(),
        layout="wide",
    )
