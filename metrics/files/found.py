"""What was found in a file before anybody said what it means."""

from __future__ import annotations

from dataclasses import asdict, dataclass, field
from typing import Any, Literal

from metrics.files.plan import Problem, Question

Kind = Literal["csv", "xlsx", "refused"]
Role = Literal["empty", "id", "date", "number", "percent", "duration", "bool", "text"]


@dataclass(frozen=True, slots=True)
class DateEvidence:
    """Counts over the whole column of the cells that only one order of day, month and year can read.

    ``same`` are those that day first and month first read alike (2/2/2024), ``ymd`` those that no order changes,
    ``coarse`` those without a day ("Oct 2025"). ``period`` is month where every date is the first of one, week
    where all fall on one day of the week, else day; "" where that cannot be told.
    """

    dmy_only: int = 0
    mdy_only: int = 0
    both: int = 0
    same: int = 0
    ymd: int = 0
    coarse: int = 0
    two_digit_years: int = 0
    unreadable: int = 0
    with_time: int = 0
    with_offset: int = 0
    offsets: tuple[str, ...] = ()
    serials: int = 0
    period: Literal["", "day", "week", "month"] = ""
    example_dmy: str = ""
    example_mdy: str = ""
    example_both: str = ""
    example_unreadable: str = ""
    row_dmy: int = 0
    row_mdy: int = 0

    @property
    def order(self) -> str:
        """dmy, mdy or ymd where the cells prove it or it does not matter; "contradiction" where they prove both;
        "ask" where they could be read both ways."""
        if self.dmy_only and self.mdy_only:
            return "contradiction"
        if self.dmy_only:
            return "dmy"
        if self.mdy_only:
            return "mdy"
        if self.both:
            return "ask"
        return "dmy" if self.same else "ymd"


@dataclass(frozen=True, slots=True)
class NumberEvidence:
    """Counts over the whole column of cells that only one decimal mark can read."""

    plain: int = 0
    point_only: int = 0
    comma_only: int = 0
    both: int = 0
    percent_sign: int = 0
    above_one: int = 0
    at_most_one: int = 0
    censored: int = 0
    unreadable: int = 0
    example_both: str = ""
    example_unreadable: str = ""

    @property
    def decimal(self) -> str:
        """ "." or "," where the cells prove it or nothing depends on it; "contradiction" or "ask" otherwise."""
        if self.point_only and self.comma_only:
            return "contradiction"
        if self.comma_only:
            return ","
        if self.point_only:
            return "."
        return "ask" if self.both else "."


@dataclass(frozen=True, slots=True)
class Column:
    """One column. ``key`` is the unique name a mapping uses; ``header`` is as read; ``samples`` are the first
    real cells. ``marks`` are the cells that stand for "nothing" ("?", "NA") with how often each occurs.
    ``distinct`` stops counting at 5,001."""

    position: int
    letter: str
    header: str
    key: str
    samples: tuple[str, ...] = ()
    role: Role = "text"
    filled: int = 0
    blank: int = 0
    marks: tuple[tuple[str, int], ...] = ()
    distinct: int = 0
    dates: DateEvidence = field(default_factory=DateEvidence)
    numbers: NumberEvidence = field(default_factory=NumberEvidence)
    personal: bool = False
    month_header: bool = False


@dataclass(frozen=True, slots=True)
class Sheet:
    name: str
    visible: bool = True


@dataclass(frozen=True, slots=True)
class Aside:
    """A row that is not data: ``kind`` is preamble, zone, period, note, total or blank."""

    row: int
    kind: str
    text: str
    value: str = ""


@dataclass(frozen=True, slots=True)
class Sniffed:
    """Everything known about a file before it is mapped.

    ``header_rows`` are row numbers (from 1). ``first_row`` and ``last_row`` bound the data. ``rows`` counts the
    data rows between them that are not blank, ``ragged`` those of another width, ``records`` every record of the
    file. ``problems`` with the severity ``refuse`` mean that the file cannot be read (``kind`` is then
    ``refused``). ``questions`` are those the file itself raises, whatever it is mapped to.
    """

    kind: Kind
    name: str = ""
    size: int = 0
    sha256: str = ""
    encoding: str = ""
    encoding_guessed: bool = False
    delimiter: str = ""
    line_ending: str = ""
    final_newline: bool = True
    sheets: tuple[Sheet, ...] = ()
    sheet: str = ""
    header_rows: tuple[int, ...] = ()
    columns: tuple[Column, ...] = ()
    asides: tuple[Aside, ...] = ()
    first_row: int = 0
    last_row: int = 0
    rows: int = 0
    ragged: int = 0
    records: int = 0
    lines: int = 0
    bad_bytes: int = 0
    controls: int = 0
    zone: str = ""
    reporting_period: str = ""
    preview: tuple[tuple[str, ...], ...] = ()
    problems: tuple[Problem, ...] = ()
    questions: tuple[Question, ...] = ()

    @property
    def refused(self) -> bool:
        return self.kind == "refused"

    def column(self, key: str) -> Column | None:
        """The column of that key, None where there is none."""
        return next((column for column in self.columns if column.key == key), None)

    def to_json(self) -> dict[str, Any]:
        return asdict(self)

    @classmethod
    def from_json(cls, data: dict[str, Any]) -> Sniffed:
        """The inverse of ``to_json``, also after a round trip through JSON text."""
        return cls(
            **{
                **data,
                "sheets": tuple(Sheet(**sheet) for sheet in data["sheets"]),
                "header_rows": tuple(data["header_rows"]),
                "columns": tuple(_column(column) for column in data["columns"]),
                "asides": tuple(Aside(**aside) for aside in data["asides"]),
                "preview": tuple(tuple(row) for row in data["preview"]),
                "problems": tuple(Problem.from_json(problem) for problem in data["problems"]),
                "questions": tuple(Question.from_json(question) for question in data["questions"]),
            }
        )


def _column(data: dict[str, Any]) -> Column:
    dates = DateEvidence(**{**data["dates"], "offsets": tuple(data["dates"]["offsets"])})
    numbers = NumberEvidence(**data["numbers"])
    lists = {"samples": tuple(data["samples"]), "marks": tuple((mark, times) for mark, times in data["marks"])}
    return Column(**{**data, **lists, "dates": dates, "numbers": numbers})
