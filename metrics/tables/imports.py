"""Imports told in lines: problems, questions, counts, planned changes, rejected rows."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Any

from django.utils.formats import date_format
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from metrics.models import Metric, RejectedRow, Upload
from metrics.queries.uploads import Change, Preview
from metrics.wording import figure, problems
from teams.cells import unguarded
from teams.lists import Column, Pager

Words = str | Promise
# Questions about names in the file, answered on a page of their own.
NAMES = ("units", "metrics")
COUNT_WORDS: dict[str, Words] = {
    "new": gettext_lazy("new"),
    "changed": gettext_lazy("changed"),
    "same": gettext_lazy("the same"),
    "older": gettext_lazy("older than what is known"),
    "rejected": gettext_lazy("rejected"),
    "excluded": gettext_lazy("not data (totals, notes, blank rows)"),
    "left_out": gettext_lazy("left out as you said"),
    "without_values": gettext_lazy("without values"),
}
LISTED = ("new", "changed", "same", "older")


@dataclass(frozen=True)
class ProblemLine:
    """One problem: where it was found, the cell, what it means."""

    where: str
    value: str
    words: str


def problem_lines(found: Iterable[dict[str, Any]]) -> list[ProblemLine]:
    return [ProblemLine(problems.where(one), str(one.get("value", "")), problems.told(one)) for one in found]


@dataclass(frozen=True)
class QuestionLine:
    """One question: its words, the column it is about and the cells that show why it is asked."""

    about: str
    words: str
    column: str
    evidence: str
    required: bool


def question_lines(asked: Iterable[dict[str, Any]]) -> list[QuestionLine]:
    return [
        QuestionLine(
            about=str(one.get("about", "")),
            words=problems.asked(one),
            column=str(one.get("column", "")),
            evidence=", ".join(str(cell) for cell in list(one.get("evidence", ()))[:5]),
            required=bool(one.get("required", True)),
        )
        for one in asked
    ]


@dataclass(frozen=True)
class CountLine:
    """One count of the plan; ``listed``: its rows have a page."""

    key: str
    words: Words
    rows: int
    listed: bool

    @property
    def told(self) -> str:
        return figure(self.rows, 0)


def count_lines(counts: dict[str, int]) -> list[CountLine]:
    return [
        CountLine(name, COUNT_WORDS[name], count, name in LISTED and count > 0)
        for name, count in counts.items()
        if count or name in ("new", "changed", "same", "rejected")
    ]


def reason_lines(reasons: dict[str, int]) -> list[tuple[str, int]]:
    """(what is wrong, how many rows), the most frequent first."""
    told = ((problems.told({"code": code, "value": "…"}), count) for code, count in reasons.items())
    return sorted(told, key=lambda pair: -pair[1])


def made_words(made: dict[str, int]) -> list[str]:
    """What committing makes: "2 new units"."""
    words = {
        "units": lambda n: ngettext("%(n)s new unit", "%(n)s new units", n),
        "metrics": lambda n: ngettext("%(n)s new metric", "%(n)s new metrics", n),
        "series": lambda n: ngettext("%(n)s new series", "%(n)s new series", n),
        "service": lambda n: ngettext("%(n)s new service", "%(n)s new services", n),
        "product": lambda n: ngettext("%(n)s new product", "%(n)s new products", n),
        "channel": lambda n: ngettext("%(n)s new channel", "%(n)s new channels", n),
    }
    return [words[name](count) % {"n": figure(count, 0)} for name, count in made.items() if name in words and count]


def new_metric_lines(directions: dict[str, int]) -> list[tuple[str, Words]]:
    """(name, which direction is better) of the metrics that the plan makes."""
    words = dict(Metric.Direction.choices)
    return [(name, words[direction]) for name, direction in directions.items()]


@dataclass(frozen=True)
class ChangeLine:
    """One planned value as the page shows it."""

    row: str
    where: str
    day: str
    old: str
    new: str


def change_lines(changes: Iterable[Change]) -> list[ChangeLine]:
    return [
        ChangeLine(
            row=figure(one.row, 0) if one.row else "",
            where=one.where or _("case %(id)s") % {"id": one.case},
            day=date_format(one.day, "DATE_FORMAT"),
            old=_number(one.old),
            new=_number(one.new),
        )
        for one in changes
    ]


def _number(value: float | None) -> str:
    return "" if value is None else f"{value:.6g}"


REJECTED_HEADER = [gettext_lazy("row"), gettext_lazy("column"), gettext_lazy("value"), gettext_lazy("reason")]


def _first(row: RejectedRow) -> dict[str, Any]:
    return row.problems[0] if row.problems else {}


def _column_of(problem: dict[str, Any]) -> str:
    place = problem.get("where") or {}
    return str(place.get("column") or place.get("letter") or "")


REJECTED = [
    Column("row", gettext_lazy("row"), "row", sort=("row", "pk"), number=True),
    Column("column", gettext_lazy("column"), lambda row: _column_of(_first(row))),
    Column("value", gettext_lazy("value"), lambda row: str(_first(row).get("value", ""))),
    Column("reason", gettext_lazy("reason"), lambda row: " ".join(problems.told(one) for one in row.problems)),
]


VANISHED = [
    Column("case", gettext_lazy("case"), "external_id", sort=("external_id",)),
    Column("opened", gettext_lazy("opened on"), lambda row: dt.date.fromordinal(row.day), sort=("day", "external_id")),
]


@dataclass(frozen=True)
class RejectedLine:
    """One rejected row as the page of the import shows it."""

    row: int
    column: str
    value: str
    words: str


def rejected_lines(rows: Iterable[RejectedRow]) -> list[RejectedLine]:
    return [
        RejectedLine(row.row, _column_of(problem), str(problem.get("value", "")), problems.told(problem))
        for row in rows
        for problem in row.problems
    ]


def rejected_cells(rows: Iterable[tuple[RejectedRow, dict[str, Any]]]) -> Iterator[list[Any]]:
    """One line per problem of a rejected row, with the row's own cells behind it: guarded once, not twice, on export."""
    for row, problem in rows:
        yield [
            row.row,
            _column_of(problem),
            str(problem.get("value", "")),
            problems.told(problem),
            *map(unguarded, row.cells),
        ]


def file_facts(upload: Upload, preview: Preview) -> list[tuple[Words, str]]:
    """What was found in the file, in words and figures."""
    found = preview.facts
    facts: list[tuple[Words, Any]] = [
        (gettext_lazy("Rows"), figure(found["rows"], 0) if found.get("rows") else ""),
        (gettext_lazy("Columns"), len(preview.columns) or ""),
        (gettext_lazy("Sheet"), found.get("sheet", "")),
        (gettext_lazy("Letters"), found.get("encoding", "")),
        (gettext_lazy("Separator"), {"\t": _("tab")}.get(found.get("delimiter", ""), found.get("delimiter", ""))),
        (gettext_lazy("Layout recognised"), upload.mapping.get("layout", "")),
        (gettext_lazy("Hash"), upload.sha256),
    ]
    return [(words, str(value)) for words, value in facts if value != ""]


KNOWN_FROM: dict[str, Words] = {
    "person": gettext_lazy("as it was given"),
    "line": gettext_lazy("as the file says: “%(text)s”"),
    "column": gettext_lazy("as a column of the file says: “%(text)s”"),
    "receipt": gettext_lazy("when the file came, for nobody gave a day and the file names none"),
}


@dataclass(frozen=True)
class KnownLine:
    """When what the file says was known, who says so, and a day in the file's name that says otherwise."""

    at: str
    words: str
    hint: str
    hint_day: str


def known_line(upload: Upload) -> KnownLine | None:
    if upload.known_at is None:
        return None
    told, source = {one["place"]: one for one in upload.facts.get("known_said", [])}, upload.facts.get("known_from", "")
    words = str(KNOWN_FROM.get(source, "")) % {"text": told.get(source, {}).get("text", "")}
    hint = told.get("name")
    day = hint["moment"][:10] if hint else ""
    other = bool(hint) and source == "receipt" and day != upload.known_at.date().isoformat()
    shown = date_format(dt.date.fromisoformat(day), "DATE_FORMAT") if other else ""
    return KnownLine(date_format(upload.known_at, "DATETIME_FORMAT"), words, shown, day if other else "")


def pager(page: int, count: int, per_page: int, path: str) -> Pager:
    """The pages of a list that is read piece by piece."""
    pages = max(1, -(-count // per_page))
    number = min(page, pages)
    back = f"{path}?page={number - 1}" if number > 1 else ""
    on = f"{path}?page={number + 1}" if number < pages else ""
    return Pager(number, pages, back, on)
