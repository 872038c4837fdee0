"""What one column holds, learnt from every one of its cells in one pass and in bounded memory."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass, field

from metrics.files.dates import GRAIN, MONTH, parse_day, parse_moment
from metrics.files.evidence import DateProfile, NumberProfile
from metrics.files.found import Column, Role
from metrics.files.headers import is_mark
from metrics.files.mapping import FALSE, MISSING, TRUE
from metrics.files.numbers import is_censored, parse_clock, parse_words, readings, tidy
from metrics.files.plan import letter_of

DISTINCT = 5_001
SAMPLES = 5
_MAIL = re.compile(r"[\w.+\-]+@[\w\-]+\.[\w.\-]+")
_PERSONAL = re.compile(
    r"\b(e ?mail|mail|phone|telephone|mobile|ip address|ipaddress|first name|last name|full name|surname|customer name|"
    r"contact name|user name|requester|requester email|latitude|longitude|address|postcode|date of birth|birthday|"
    r"agent name|caller|assignee|submitter|opened by|resolved by|created by|updated by)\b"
)
_WRITTEN = {form for mark in MISSING if mark for form in (mark, mark.upper(), mark.capitalize())}
_BOOLS = {word for word in (*TRUE, *FALSE) if not word.isdigit()}


def role_of(cells: list[str]) -> Role:
    """What most cells of a sample are; marks for "nothing" do not count."""
    real = [cell.strip() for cell in cells if not is_mark(cell)]
    if not real:
        return "empty"
    enough = 0.8 * len(real)
    tests: tuple[tuple[Role, Callable[[str], bool]], ...] = (
        ("bool", _is_bool),
        ("number", _is_number),
        ("percent", _is_percent),
        ("date", _is_date),
        ("duration", _is_duration),
    )
    for role, test in tests:
        if sum(1 for cell in real if test(cell)) >= enough:
            return "date" if role == "number" and all(_is_compact(cell) for cell in real) else role
    return "text"


def _is_bool(text: str) -> bool:
    return text.casefold() in _BOOLS


def _is_number(text: str) -> bool:
    # 3.14.2024 and 2024-01 are dates; 12.05 is a number.
    return is_censored(tidy(text)) or (bool(readings(text)) and not text.endswith("%"))


def _is_percent(text: str) -> bool:
    return text.endswith("%") and bool(readings(text))


def _is_compact(text: str) -> bool:
    return len(text) == 8 and text.isdigit() and parse_day(text, "ymd") > 0


def _is_date(text: str) -> bool:
    return any(parse_moment(text, order)[0] != -1 for order in ("dmy", "mdy"))


def _is_duration(text: str) -> bool:
    return not isinstance(parse_clock(text), str) or not isinstance(parse_words(text), str)


@dataclass(slots=True)
class Profile:
    """Everything learnt about one column; ``add`` takes its cells batch by batch."""

    position: int
    letter: str
    header: str
    key: str
    role: Role
    samples: list[str] = field(default_factory=list)
    filled: int = 0
    blank: int = 0
    marks: Counter[str] = field(default_factory=Counter)
    distinct: set[str] | None = field(default_factory=set)
    dates: DateProfile = field(default_factory=DateProfile)
    numbers: NumberProfile = field(default_factory=NumberProfile)
    mails: bool = False

    def add(self, cells: list[str], first_row: int) -> None:
        blank = cells.count("")
        self.blank += blank
        self.filled += len(cells) - blank
        unique = set(cells)
        for mark in unique & _WRITTEN:
            self.marks[mark] += cells.count(mark)
        if self.distinct is not None:
            self.distinct |= unique
            if len(self.distinct) > DISTINCT:
                self.distinct = None
        if len(self.samples) < SAMPLES:
            self._sample(cells)
        if self.role == "date":
            self.dates.add(cells, first_row)
        elif self.role in ("number", "percent"):
            self.numbers.add(cells)

    def _sample(self, cells: list[str]) -> None:
        for cell in cells:
            if len(self.samples) < SAMPLES and not is_mark(cell):
                self.samples.append(cell[:120])
                self.mails = self.mails or bool(_MAIL.search(cell))

    def result(self) -> Column:
        role = self.role
        distinct = DISTINCT if self.distinct is None else len(self.distinct - {""})
        if role in ("number", "text") and self._is_id(distinct):
            role = "id"
        return Column(
            position=self.position,
            letter=self.letter,
            header=self.header,
            key=self.key,
            samples=tuple(self.samples),
            role=role,
            filled=self.filled,
            blank=self.blank,
            marks=tuple(sorted(self.marks.items())),
            distinct=distinct,
            dates=self.dates.result(self.distinct),
            month_header=parse_day(self.header.strip(), "ymd") >= GRAIN * MONTH,
            numbers=self.numbers.result(),
            personal=self.mails or bool(_PERSONAL.search(self.key)),
        )

    def _is_id(self, distinct: int) -> bool:
        named = bool(re.search(r"(^|\s)(id|key|number|no|nr|ref|reference|ticket|case|#)$", self.key))
        return named and distinct >= min(self.filled, DISTINCT) * 0.95 and self.numbers.result().point_only == 0


def start_profiles(names: tuple[str, ...], keys: tuple[str, ...], body: list[list[str]], first: int) -> list[Profile]:
    """One empty profile per column, its role judged from a sample of data rows; ``first`` is the first letter's
    position (a sheet's used range may begin at column B)."""
    profiles = []
    for position, (name, key) in enumerate(zip(names, keys, strict=True)):
        role = role_of([row[position] for row in body if position < len(row)])
        profiles.append(Profile(position, letter_of(position + first), name, key, role))
    return profiles
