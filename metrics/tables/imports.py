"""Imports told in lines: problems, questions, counts, planned changes, rejected rows."""

from __future__ import annotations

import datetime as dt
import math
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Any

from django.utils import timezone
from django.utils.formats import date_format
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from metrics.models import Metric, RejectedRow, Upload
from metrics.queries.scorings import Scored, whose
from metrics.queries.uploads import Change, Preview
from metrics.wording import figure, problems
from metrics.wording.figures import SECONDS, THIN
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
LIST_TITLES: dict[str, Words] = {
    "new": gettext_lazy("What is new in %(file)s"),
    "changed": gettext_lazy("What changes with %(file)s"),
    "same": gettext_lazy("What stays the same with %(file)s"),
    "older": gettext_lazy("What is older than what is known, in %(file)s"),
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


def repeated_lines(found: Iterable[dict[str, Any]]) -> list[str]:
    """Which of several columns of one name is read."""
    words = _("“%(column)s” stands over more than one column: %(letter)s is read, %(others)s not.")
    return [words % {**one, "others": ", ".join(one["others"])} for one in found]


# What was found in the file and is told with its plan; the rest is told of its rows or its columns.
OF_FILE = ("formulas_elsewhere", "hidden_sheets", "macros_ignored")


def file_lines(upload: Upload) -> list[str]:
    """What was not read although it is there, or was read without although the source knew it."""
    found = (upload.facts.get("sniffed") or {}).get("problems", [])
    words = _("“%(column)s”, a column that was read from this source before, is not in this file.")
    lost = [words % {"column": name} for name in upload.facts.get("lost", [])]
    return lost + [problems.told(one) for one in found if one["code"] in OF_FILE]


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
    """One planned value as the page shows it; ``by``: who scored, where it is a score."""

    row: str
    where: str
    day: str
    old: str
    new: str
    by: str = ""


@dataclass(frozen=True)
class ChangeTable:
    """Planned values, cases or scores: ``what`` and ``on`` head their columns; before and after have one only where some
    line has something to say there, for a case is new or not and has no value."""

    lines: list[ChangeLine]
    caption: Words
    what: Words
    on: Words
    after: Words

    @property
    def has_by(self) -> bool:
        return any(line.by for line in self.lines)

    @property
    def has_old(self) -> bool:
        return any(line.old for line in self.lines)

    @property
    def has_new(self) -> bool:
        return any(line.new for line in self.lines)


def change_table(changes: Iterable[Change]) -> ChangeTable:
    """The planned values of one upload, which are all of one sort."""
    found = list(changes)
    lines = [_scored_line(one, one.scored) if one.scored else _change_line(one) for one in found]
    if found and found[0].scored:
        return ChangeTable(lines, _("Planned scores"), _("Contact"), _("Scored on"), _("Score"))
    if found and found[0].case:
        return ChangeTable(lines, _("Planned cases"), _("Case"), _("Opened on"), "")
    return ChangeTable(lines, _("Planned values"), _("What"), _("Period begins"), _("After"))


def _change_line(one: Change) -> ChangeLine:
    return ChangeLine(
        _row(one), one.where or one.case, _day(one), _number(one.old, one.measure), _number(one.new, one.measure)
    )


def _scored_line(one: Change, scored: Scored) -> ChangeLine:
    return ChangeLine(_row(one), scored.contact, _day(one), scored.before, scored.after, scored.rater)


def _row(one: Change) -> str:
    return figure(one.row, 0) if one.row else ""


def _day(one: Change) -> str:
    return date_format(one.day, "DATE_FORMAT")


def _number(value: float | None, measure: str) -> str:
    """Six digits that say something, so that before and after are told apart; with the unit of shares and times, whose
    bare number would mislead."""
    if value is None:
        return ""
    wanted = 5 - math.floor(math.log10(abs(value))) if value and math.isfinite(value) else 0
    places = next(
        (some for some in range(max(0, wanted)) if round(value, some) == round(value, wanted)), max(0, wanted)
    )
    unit = measure if measure == "%" or measure.casefold() in SECONDS else ""
    return f"{figure(value, places)}{THIN}{unit}" if unit else figure(value, places)


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
VANISHED_SCORES = [
    Column("contact", gettext_lazy("contact"), lambda row: whose(row.external_id)[0], sort=("external_id",)),
    Column("rater", gettext_lazy("scored by"), lambda row: whose(row.external_id)[1]),
    Column("scored", gettext_lazy("scored on"), lambda row: dt.date.fromordinal(row.day), sort=("day", "external_id")),
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
    # Who gives a day gives no hour: it is kept as that day's noon, and told as the day.
    given = source == "person" and upload.known_at.astimezone(dt.UTC).time() == dt.time(12)
    at = date_format(timezone.localtime(upload.known_at), "DATE_FORMAT" if given else "DATETIME_FORMAT")
    return KnownLine(at, words, shown, day if other else "")


def pager(page: int, count: int, per_page: int, path: str) -> Pager:
    """The pages of a list that is read piece by piece."""
    pages = max(1, -(-count // per_page))
    number = min(page, pages)
    back = f"{path}?page={number - 1}" if number > 1 else ""
    on = f"{path}?page={number + 1}" if number < pages else ""
    return Pager(number, pages, back, on)
