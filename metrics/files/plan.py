"""Where something was found, what was wrong with it, and what must be asked: codes and values, never sentences."""

from __future__ import annotations

from dataclasses import asdict, dataclass, field
from typing import Any, Literal

Severity = Literal["refuse", "row", "warn", "ask"]

MEGABYTE = 1024 * 1024


@dataclass(frozen=True, slots=True)
class Where:
    """A place in a file. ``row`` counts records from 1 as a spreadsheet does (blank rows count); 0 is "the file".

    ``line`` is the line of a text file on which the record begins and differs from ``row`` only after quoted
    line breaks. ``column`` is the header as read, ``letter`` the spreadsheet letter of its position.
    """

    sheet: str = ""
    row: int = 0
    column: str = ""
    letter: str = ""
    line: int = 0


@dataclass(frozen=True, slots=True)
class Problem:
    """One thing found. ``code`` is a key of ``codes.CODES``; ``value`` is the cell as read, cut to 200 characters.

    Severity: ``refuse`` the file is not read, ``row`` this row is left out, ``warn`` read but said, ``ask`` a
    person must answer first.
    """

    code: str
    where: Where = field(default_factory=Where)
    value: str = ""
    params: dict[str, Any] = field(default_factory=dict)
    severity: Severity = "refuse"

    def to_json(self) -> dict[str, Any]:
        return asdict(self)

    @classmethod
    def from_json(cls, data: dict[str, Any]) -> Problem:
        return cls(**{**data, "where": Where(**data["where"])})


@dataclass(frozen=True, slots=True)
class Question:
    """What a person must decide. ``code`` is a key of ``codes.QUESTIONS``.

    ``about`` names the mapping field the answer sets ("date_order", "zone", ...) or, where ``of_file`` is true,
    a thing to be confirmed for this one file only ("truncated"), which no saved mapping can answer.
    ``choices`` are values that may be put into the mapping as they are; ``evidence`` are cells that show why.
    ``required`` is false where there is a safe reading without an answer.
    """

    code: str
    about: str
    choices: tuple[str, ...] = ()
    why: dict[str, Any] = field(default_factory=dict)
    evidence: tuple[str, ...] = ()
    column: str = ""
    required: bool = True
    of_file: bool = False

    def to_json(self) -> dict[str, Any]:
        return asdict(self)

    @classmethod
    def from_json(cls, data: dict[str, Any]) -> Question:
        return cls(**{**data, "choices": tuple(data["choices"]), "evidence": tuple(data["evidence"])})


class Refused(Exception):
    """The file cannot be read, or cannot be read further. Raised by ``read`` at any moment; never by ``sniff``,
    which returns a ``Sniffed`` of the kind ``refused`` instead."""

    def __init__(self, problem: Problem) -> None:
        super().__init__(problem.code)
        self.problem = problem


@dataclass(frozen=True, slots=True)
class Limits:
    """What a file may cost. Bytes, seconds and counts."""

    text_bytes: int = 200 * MEGABYTE
    packed_bytes: int = 50 * MEGABYTE
    expanded_bytes: int = 1024 * MEGABYTE
    ratio: int = 100
    members: int = 200
    columns: int = 1_000
    lines: int = 20_000_000
    line_bytes: int = 4 * MEGABYTE
    cell_characters: int = 1_000_000
    categories: int = 5_000
    child_bytes: int = 1024 * MEGABYTE
    child_seconds: int = 120


LIMITS = Limits()


def letter_of(position: int) -> str:
    """Spreadsheet letter of a column position that counts from 0: 0 -> A, 25 -> Z, 26 -> AA."""
    letters = ""
    number = position + 1
    while number:
        number, rest = divmod(number - 1, 26)
        letters = chr(65 + rest) + letters
    return letters


def refusal(code: str, where: Where | None = None, value: str = "", **params: Any) -> Refused:
    """A ``Refused`` ready to be raised."""
    return Refused(Problem(code, where or Where(), value[:200], params, "refuse"))
