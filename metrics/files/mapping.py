"""What a file means: which column is what. Frozen, JSON in and out, checked."""

from __future__ import annotations

from dataclasses import asdict, dataclass, field, replace
from typing import Any, Literal
from zoneinfo import ZoneInfo

from metrics.files.mapping_json import MappingError, Nested, build, wrong_field
from metrics.files.plan import Problem

VERSION = 1
MISSING = ("", "?", "-", "--", "–", "—", "n/a", "na", "#n/a", "null", "none", "nan", "*", ":", ".")
MISSING_TEXT = ("",)
TRUE = ("true", "yes", "y", "1", "t", "ja", "oui", "si", "sí", "met", "within sla", "good")
FALSE = ("false", "no", "n", "0", "f", "nein", "non", "missed", "breached", "sla violated", "bad")

Shape = Literal["measured", "cases"]
Period = Literal["day", "week", "month"]
Measure = Literal["number", "percent", "seconds", "minutes", "hours", "days", "clock", "words"]
ORDERS = ("ymd", "dmy", "mdy", "serial")
MEASURES = ("number", "percent", "seconds", "minutes", "hours", "days", "clock", "words")
KINDS = ("proportion", "count", "rate", "duration", "score")
# Keys that no column of a file can have (``headers.normalised`` leaves no star): see ``Wide``.
HEADING, CELL = "*headings", "*cells"


@dataclass(frozen=True, slots=True)
class Amount:
    """A sum of columns less a sum of columns: ``plus`` and ``minus`` are column keys.

    ``measure`` says what the cells hold. A percentage becomes a share (87 % -> 0.87), every duration becomes
    seconds: "clock" is [-]H:MM[:SS] with H above 24 allowed, "words" is "1 day 3 hours" or "1d 3h".
    """

    plus: tuple[str, ...]
    minus: tuple[str, ...] = ()
    measure: Measure = "number"


@dataclass(frozen=True, slots=True)
class MetricFrom:
    """One metric of a measured file: a plain ``value``, or ``numerator`` and ``denominator``.

    ``name`` is the metric's name (ignored where the mapping has a ``metric_column``). With kind "proportion" a
    numerator above its denominator or below 0 rejects the row; with kind "count" a value below 0 does. Without
    a kind a missing denominator leaves a plain value; with one it makes the figure missing.
    """

    name: str
    value: Amount | None = None
    numerator: Amount | None = None
    denominator: Amount | None = None
    kind: str = ""


@dataclass(frozen=True, slots=True)
class Dimension:
    """A dimension (service, product, channel): from a ``column``, or the same ``fixed`` word in every row."""

    name: str
    column: str = ""
    fixed: str = ""


@dataclass(frozen=True, slots=True)
class Condition:
    """Only rows whose cell is (or is not) one of ``values`` are read; the others are counted as excluded."""

    column: str
    values: tuple[str, ...]
    keep: bool = True


@dataclass(frozen=True, slots=True)
class Flag:
    """A yes or no read from a column: yes where the cell is one of ``yes``, or above ``above`` where that is set.

    No where it is one of ``no`` (or not above); anything else rejects the row; a missing mark is "not known".
    """

    name: str
    column: str
    yes: tuple[str, ...] = TRUE
    no: tuple[str, ...] = FALSE
    above: float | None = None


@dataclass(frozen=True, slots=True)
class Score:
    """Satisfaction: ``good`` and ``bad`` are the words or numbers counted; anything in ``unanswered`` is not
    an answer. ``low`` and ``high`` bound a numeric scale; a cell outside it rejects the row."""

    column: str
    good: tuple[str, ...] = ("good", "4", "5")
    bad: tuple[str, ...] = ("bad", "1", "2", "3")
    unanswered: tuple[str, ...] = ("not offered", "offered", "n/a", "unoffered", "0")
    low: float | None = None
    high: float | None = None


@dataclass(frozen=True, slots=True)
class Scoring:
    """One row is what one person (``rater``) scored (``score``) of a contact; both are column keys, or ``HEADING`` and
    ``CELL`` where each person has a column of their own (``Mapping.wide`` names these columns).

    ``scale``: the cells are a "number" (within ``low`` and ``high`` where they are set) or a "category". A contact
    whose cell is one of ``unscored`` was not scored.
    """

    rater: str
    score: str
    scale: str = "number"
    unscored: tuple[str, ...] = ("n/a", "not scored", "not applicable")
    low: float | None = None
    high: float | None = None


@dataclass(frozen=True, slots=True)
class CaseColumns:
    """One row per case. All are column keys; ``id`` and ``opened`` are needed.

    ``first_response_duration`` and ``resolution_duration`` are used where they are filled, else the moments.
    ``within_limit`` is the helpdesk's own flag; ``limit_seconds`` computes one from ``limit_of``
    ("first_response" or "resolution") instead. ``flags`` are further yes/no columns, each a share of its own.
    With a ``scoring`` a row is one person's score of a contact: ``id`` is the contact, ``opened`` the day of scoring.
    """

    id: str
    opened: str
    first_response: str = ""
    resolved: str = ""
    closed: str = ""
    updated: str = ""
    first_response_duration: Amount | None = None
    resolution_duration: Amount | None = None
    reopens: str = ""
    within_limit: Flag | None = None
    limit_seconds: float | None = None
    limit_of: str = "resolution"
    satisfaction: Score | None = None
    flags: tuple[Flag, ...] = ()
    scoring: Scoring | None = None


@dataclass(frozen=True, slots=True)
class Wide:
    """Headings that are data (months, units, metrics as columns): each cell is read as a row of its own.

    The mapping names ``HEADING`` as its date, its unit, its metric or one dimension, and ``CELL`` in its metrics.
    ``columns``: keys of the columns meant; () every column with a period above it where the headings are dates, else
    every column of figures that the mapping does not name.
    """

    columns: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Mapping:
    """How one source's files are read. Columns are named by ``Column.key``, so their order may change.

    ``date_order`` is "ymd", "dmy", "mdy", "serial" or an explicit strptime format (with "%").
    ``zone`` is the IANA name of the zone that cells without an offset are in. ``sheet`` "" is the first visible
    one. ``header_rows`` () means "as found". ``unit_column`` and ``unit_fixed`` both empty means that the file
    does not say, so the caller's unit holds and the chunk's only unit name is "".
    """

    shape: Shape
    date: str = ""
    date_order: str = "ymd"
    zone: str = "UTC"
    decimal: str = "."
    period: Period = "day"
    sheet: str = ""
    header_rows: tuple[int, ...] = ()
    encoding: str = ""
    delimiter: str = ""
    unit_column: str = ""
    unit_fixed: str = ""
    dimensions: tuple[Dimension, ...] = ()
    metric_column: str = ""
    metrics: tuple[MetricFrom, ...] = ()
    cases: CaseColumns | None = None
    wide: Wide | None = None
    conditions: tuple[Condition, ...] = ()
    missing: tuple[str, ...] = MISSING
    missing_text: tuple[str, ...] = MISSING_TEXT
    total_words: tuple[str, ...] = ()
    layout: str = ""
    version: int = field(default=VERSION)

    def to_json(self) -> dict[str, Any]:
        return asdict(self)

    @classmethod
    def from_json(cls, data: Any) -> Mapping:
        """A checked mapping; raises ``MappingError`` that lists every wrong field."""
        mapping: Mapping = build(cls, data, NESTED)
        wrong = problems_of(mapping)
        if wrong:
            raise MappingError(wrong)
        return mapping

    def columns(self) -> tuple[str, ...]:
        """Every column of the file that the mapping names, each once, in a steady order."""
        keys = [self.date, self.unit_column, self.metric_column]
        keys += [dimension.column for dimension in self.dimensions]
        keys += [condition.column for condition in self.conditions]
        for metric in self.metrics:
            for amount in (metric.value, metric.numerator, metric.denominator):
                keys += amount_columns(amount)
        if self.cases:
            keys += _case_columns(self.cases)
        if self.wide:
            keys += self.wide.columns
        return tuple(dict.fromkeys(key for key in keys if key and key not in (HEADING, CELL)))


def headed(mapping: Mapping) -> list[str]:
    """What the mapping reads from the headings of columns: fields and dimensions by name."""
    found = [name for name in ("date", "unit_column", "metric_column") if getattr(mapping, name) == HEADING]
    return found + [one.name for one in mapping.dimensions if one.column == HEADING]


def amount_columns(amount: Amount | None) -> list[str]:
    """The column keys of an amount, none for none."""
    return [*amount.plus, *amount.minus] if amount else []


def _case_columns(cases: CaseColumns) -> list[str]:
    keys = [cases.id, cases.opened, cases.first_response, cases.resolved, cases.closed, cases.updated]
    keys += [cases.reopens, *amount_columns(cases.first_response_duration)]
    keys += amount_columns(cases.resolution_duration)
    keys += [flag.column for flag in (cases.within_limit, *cases.flags) if flag]
    keys += [cases.scoring.rater, cases.scoring.score] if cases.scoring else []
    return keys + ([cases.satisfaction.column] if cases.satisfaction else [])


def problems_of(mapping: Mapping) -> list[Problem]:
    """Everything that makes a mapping unusable, as problems with the code ``mapping_field``."""
    wrong = [
        wrong_field(name, getattr(mapping, name))
        for name, allowed in (
            ("version", (VERSION,)),
            ("shape", ("measured", "cases")),
            ("decimal", (".", ",")),
            ("period", ("day", "week", "month")),
        )
        if getattr(mapping, name) not in allowed
    ]
    if mapping.date_order not in ORDERS and "%" not in mapping.date_order:
        wrong.append(wrong_field("date_order", mapping.date_order))
    if not _known_zone(mapping.zone):
        wrong.append(wrong_field("zone", mapping.zone))
    return wrong + (_measured_problems(mapping) if mapping.shape == "measured" else _case_problems(mapping))


def _measured_problems(mapping: Mapping) -> list[Problem]:
    wrong = [] if mapping.date else [wrong_field("date", "")]
    if not mapping.metrics or (mapping.metric_column and len(mapping.metrics) != 1):
        wrong.append(wrong_field("metrics", len(mapping.metrics)))
    wrong += _wide_problems(mapping)
    for metric in mapping.metrics:
        plain = metric.value is not None and metric.numerator is None and metric.denominator is None
        ratio = metric.value is None and metric.numerator is not None
        if not (plain or ratio) or metric.kind not in ("", *KINDS):
            wrong.append(wrong_field("metrics", metric.name))
        for amount in (metric.value, metric.numerator, metric.denominator):
            if amount and (not amount.plus or amount.measure not in MEASURES):
                wrong.append(wrong_field("metrics", metric.name))
    return wrong


def _wide_problems(mapping: Mapping) -> list[Problem]:
    """Headings are one thing, and every figure is a cell below one; without them nothing may name either."""
    amounts = [one for metric in mapping.metrics for one in (metric.value, metric.numerator, metric.denominator) if one]
    keys = [key for amount in amounts for key in amount_columns(amount)]
    if mapping.wide is None:
        return [wrong_field("wide", "")] if headed(mapping) or CELL in keys else []
    wrong = [] if len(headed(mapping)) == 1 else [wrong_field("wide", ", ".join(headed(mapping)))]
    return wrong + ([] if set(keys) == {CELL} else [wrong_field("metrics", ", ".join(keys))])


def _case_problems(mapping: Mapping) -> list[Problem]:
    cases = mapping.cases
    if cases is None:
        return [wrong_field("cases", "")]
    wrong = [wrong_field(f"cases.{name}", "") for name in ("id", "opened") if not getattr(cases, name)]
    if cases.limit_of not in ("first_response", "resolution"):
        wrong.append(wrong_field("cases.limit_of", cases.limit_of))
    for amount in (cases.first_response_duration, cases.resolution_duration):
        if amount and amount.measure in ("number", "percent"):
            wrong.append(wrong_field("cases.duration", amount.measure))
    if cases.scoring:
        told = cases.scoring
        wrong += [wrong_field(f"scoring.{name}", "") for name in ("rater", "score") if not getattr(told, name)]
        wrong += [wrong_field("scoring.scale", told.scale)] if told.scale not in ("number", "category") else []
    return wrong + _raters_problems(mapping, cases)


def _raters_problems(mapping: Mapping, cases: CaseColumns) -> list[Problem]:
    """With a column for each person the heading is who scored and the cell is the score, and nothing else is either."""
    told = (cases.scoring.rater, cases.scoring.score) if cases.scoring else ("", "")
    others = _beside(mapping, cases)
    wrong = [wrong_field("wide", name) for name in sorted(others) if name in (HEADING, CELL)]
    if mapping.wide is None:
        return wrong + [wrong_field("scoring", name) for name in told if name in (HEADING, CELL)]
    if told != (HEADING, CELL):
        return [*wrong, wrong_field("scoring", ", ".join(told))]
    # Which columns are people is never guessed when a file is read: any other column of figures would be one, too.
    wrong += [wrong_field("wide.columns", "")] if not mapping.wide.columns else []
    return wrong + [wrong_field("wide.columns", key) for key in mapping.wide.columns if key in others]


def _beside(mapping: Mapping, cases: CaseColumns) -> set[str]:
    """The columns that say something else than a score."""
    dimensions = [one.column for one in mapping.dimensions]
    return {
        mapping.unit_column,
        *dimensions,
        *(one.column for one in mapping.conditions),
        *_case_columns(replace(cases, scoring=None)),
    }


def _known_zone(name: str) -> bool:
    try:
        ZoneInfo(name)
    except (KeyError, ValueError, OSError):
        return False
    return True


NESTED: Nested = {
    "dimensions": (Dimension, True),
    "metrics": (MetricFrom, True),
    "conditions": (Condition, True),
    "cases": (CaseColumns, False),
    "wide": (Wide, False),
    "value": (Amount, False),
    "numerator": (Amount, False),
    "denominator": (Amount, False),
    "first_response_duration": (Amount, False),
    "resolution_duration": (Amount, False),
    "within_limit": (Flag, False),
    "satisfaction": (Score, False),
    "flags": (Flag, True),
    "scoring": (Scoring, False),
}
