"""Exports we know by their header, each with the mapping it needs. Headers are compared normalised."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass

from metrics.files.found import Sniffed
from metrics.files.mapping import (
    CELL,
    HEADING,
    Amount,
    CaseColumns,
    Dimension,
    Flag,
    Mapping,
    MetricFrom,
    Score,
    Scoring,
    Wide,
)

TEMPLATES = {
    "measured": ("period", "unit", "metric", "numerator", "denominator", "service", "product", "channel"),
    "cases": (
        *("id", "opened", "first response", "resolved", "closed", "updated", "unit", "service", "product", "channel"),
        *("reopens", "within limit", "satisfaction"),
    ),
    "scorings": ("contact", "scored by", "score", "scored on", "team"),
}
"""The headers of the files that can be downloaded to be filled in. A plain value goes into ``numerator``."""
DIMENSIONS = ("service", "product", "channel")
DATES = ("period", "date", "day", "week", "month", "week starting", "month starting", "reporting period")
UNITS = (
    *("unit", "team", "department", "organisation", "organization", "org", "org code", "site", "branch", "office"),
    *("team name", "unit name"),
)
METRICS = ("metric", "measure", "indicator", "kpi", "metric name")
CONTACTS = (
    *("contact", "contact id", "interaction", "interaction id", "conversation", "conversation id", "call", "call id"),
    *("ticket", "ticket id", "case", "case id", "case number", "message id", "item", "item id"),
)
RATERS = (
    *(
        "scored by",
        "rater",
        "scorer",
        "evaluator",
        "evaluated by",
        "reviewer",
        "reviewed by",
        "assessor",
        "assessed by",
    ),
    *("grader", "graded by", "auditor", "quality analyst", "qa analyst"),
)
SCORES = (
    *("score", "qa score", "quality score", "total score", "overall score", "evaluation score", "rating", "grade"),
    *("verdict", "result"),
)
SCORED_ON = (
    *("scored on", "scored at", "evaluated on", "evaluation date", "reviewed on", "review date", "graded at", "date"),
    *("created at",),
)
_RATER = re.compile(
    r"(?:rater|scorer|evaluator|assessor|reviewer|grader|auditor|listener|analyst|scored by|rated by) ?(?:no\.? ?)?(?:[a-z]|[0-9]{1,2})$"
)
VALUES = ("value", "figure", "result", "numerator")


@dataclass(frozen=True, slots=True)
class Layout:
    """A known export: the headers it must have, and the mapping made from the headers that are there."""

    name: str
    needs: tuple[str, ...]
    build: Callable[[Sniffed], Mapping]


def _has(sniffed: Sniffed, *names: str) -> str:
    """The first of these columns that the file has, "" for none."""
    return next((name for name in names if sniffed.column(name)), "")


def _minutes(sniffed: Sniffed, *names: str) -> Amount | None:
    name = _has(sniffed, *names)
    return Amount((name,), measure="minutes") if name else None


def dimensions_of(sniffed: Sniffed) -> tuple[Dimension, ...]:
    """The columns that are called service, product or channel."""
    return tuple(
        Dimension(name, name) for name in DIMENSIONS if (column := sniffed.column(name)) and column.role != "empty"
    )


def _nhs(sniffed: Sniffed) -> Mapping:
    attendances = Amount(("attendances",))
    within = Amount(("attendances",), ("breaches",))
    metric = MetricFrom("Within 4 hours", numerator=within, denominator=attendances, kind="proportion")
    return Mapping("measured", date="period", period="month", unit_column="org code", metrics=(metric,))


def _itsm(sniffed: Sniffed) -> Mapping:
    cases = CaseColumns(
        id="number",
        opened="opened at",
        resolved="resolved at",
        closed="closed at",
        updated=_has(sniffed, "sys updated at", "sys updated on"),
        reopens=_has(sniffed, "reopen count"),
        within_limit=Flag("within limit", "made sla"),
        flags=(Flag("reassigned", "reassignment count", above=0),) if _has(sniffed, "reassignment count") else (),
    )
    return Mapping("cases", cases=cases)


def _nyc311(sniffed: Sniffed) -> Mapping:
    # The city's "closed" is the only end a request has: it stands for resolved as well.
    cases = CaseColumns(id="unique key", opened="created date", resolved="closed date", closed="closed date")
    return Mapping("cases", cases=cases)


def _questions(sniffed: Sniffed) -> Mapping:
    flags = (Flag("solved", "is solved"), Flag("answered", "num answers", above=0))
    return Mapping("cases", cases=CaseColumns(id="id", opened="created", updated="updated", flags=flags))


def _zendesk(sniffed: Sniffed) -> Mapping:
    satisfaction = _has(sniffed, "satisfaction score")
    cases = CaseColumns(
        id=_has(sniffed, "id", "ticket id"),
        opened="created at",
        resolved="solved at",
        updated=_has(sniffed, "updated at"),
        first_response_duration=_minutes(sniffed, "first reply time in minutes"),
        reopens=_has(sniffed, "reopens"),
        satisfaction=Score(satisfaction) if satisfaction else None,
    )
    return Mapping("cases", cases=cases)


def _freshdesk(sniffed: Sniffed) -> Mapping:
    status = _has(sniffed, "resolution status")
    flag = Flag("within limit", status, ("within sla",), ("sla violated",)) if status else None
    cases = CaseColumns(
        id="ticket id",
        opened="created time",
        # A moment, in spite of its name; the "(in hrs)" columns hold business hours and are often empty.
        first_response=_has(sniffed, "initial response time"),
        resolved=_has(sniffed, "resolved time"),
        closed=_has(sniffed, "closed time"),
        updated=_has(sniffed, "last update time", "last updated time"),
        within_limit=flag,
    )
    return Mapping("cases", cases=cases)


def _intercom(sniffed: Sniffed) -> Mapping:
    rating = _has(sniffed, "conversation rating")
    first = _has(sniffed, "first response time", "first response time seconds", "first response time (seconds)")
    cases = CaseColumns(
        id="conversation id",
        opened="conversation started at",
        closed=_has(sniffed, "closed at", "conversation closed at", "last closed at"),
        updated=_has(sniffed, "updated at"),
        first_response_duration=Amount((first,), measure="seconds") if first else None,
        satisfaction=Score(rating, low=1, high=5) if rating else None,
    )
    return Mapping("cases", cases=cases)


def _template_cases(sniffed: Sniffed) -> Mapping:
    within, satisfaction = _has(sniffed, "within limit"), _has(sniffed, "satisfaction")
    cases = CaseColumns(
        id="id",
        opened="opened",
        first_response=_has(sniffed, "first response"),
        resolved=_has(sniffed, "resolved"),
        closed=_has(sniffed, "closed"),
        updated=_has(sniffed, "updated"),
        reopens=_has(sniffed, "reopens"),
        within_limit=Flag("within limit", within) if within else None,
        satisfaction=Score(satisfaction) if satisfaction else None,
    )
    return Mapping("cases", unit_column=_has(sniffed, "unit"), dimensions=dimensions_of(sniffed), cases=cases)


LAYOUTS = (
    Layout("nhs-ae", ("period", "org code", "attendances", "breaches"), _nhs),
    Layout("servicenow", ("number", "opened at", "resolved at", "closed at", "made sla"), _itsm),
    Layout("nyc-311", ("unique key", "created date", "closed date"), _nyc311),
    Layout("support-questions", ("id", "created", "updated", "is solved", "num answers"), _questions),
    Layout("zendesk", ("created at", "solved at", "status"), _zendesk),
    Layout("freshdesk", ("ticket id", "created time"), _freshdesk),
    Layout("intercom", ("conversation id", "conversation started at"), _intercom),
    Layout("template-cases", ("id", "opened"), _template_cases),
)


def known(sniffed: Sniffed) -> tuple[str, Mapping] | None:
    """The layout whose headers are all there, with its mapping; None where there is none."""
    for layout in LAYOUTS:
        if all(sniffed.column(name) for name in layout.needs):
            return layout.name, layout.build(sniffed)
    return None


def scorings(sniffed: Sniffed) -> tuple[str, Mapping] | None:
    """What several people scored of contacts: a column each for contact, person, score and day, called so."""
    contact, rater = _has(sniffed, *CONTACTS), _has(sniffed, *RATERS)
    score, day = _has(sniffed, *SCORES), _has(sniffed, *SCORED_ON)
    column = sniffed.column(score) if score else None
    if contact and day and not (rater and score):
        return _rater_columns(sniffed, contact, day)
    if not (contact and rater and day) or column is None:
        return None
    scale = "number" if column.role in ("number", "percent") else "category"
    cases = CaseColumns(id=contact, opened=day, scoring=Scoring(rater, score, scale))
    unit, dimensions = _has(sniffed, *UNITS), dimensions_of(sniffed)
    return "scorings", Mapping("cases", period="month", unit_column=unit, dimensions=dimensions, cases=cases)


def _rater_columns(sniffed: Sniffed, contact: str, day: str) -> tuple[str, Mapping] | None:
    """The same with a column for each person, called "Rater A", "Scorer 2" …: two of them or more."""
    found = [one for one in sniffed.columns if one.key not in (contact, day) and _RATER.match(one.key)]
    if len(found) < 2:
        return None
    roles = {one.role for one in found if one.role != "empty"}
    scale = "number" if roles <= {"number", "percent"} else "category"
    cases = CaseColumns(id=contact, opened=day, scoring=Scoring(HEADING, CELL, scale))
    unit, dimensions = _has(sniffed, *UNITS), dimensions_of(sniffed)
    wide = Wide(tuple(one.key for one in found))
    mapping = Mapping("cases", period="month", unit_column=unit, dimensions=dimensions, cases=cases, wide=wide)
    return "scorings", mapping


def plain(sniffed: Sniffed) -> tuple[str, Mapping] | None:
    """A measured file that says in plain words what is what, as our own template does."""
    date, unit, metric = _has(sniffed, *DATES), _has(sniffed, *UNITS), _has(sniffed, *METRICS)
    value, whole = _has(sniffed, *VALUES), _has(sniffed, "denominator")
    column = sniffed.column(date) if date else None
    if column is None or column.role != "date" or not value:
        return None
    shown = sniffed.column(value)
    name = shown.header if shown else value
    if whole:
        figure = MetricFrom(name, numerator=Amount((value,)), denominator=Amount((whole,)))
    else:
        figure = MetricFrom(name, value=Amount((value,)))
    mapping = Mapping(
        "measured",
        date=date,
        unit_column=unit,
        metric_column=metric,
        metrics=(figure,),
        dimensions=dimensions_of(sniffed),
    )
    return "template-measured", mapping
