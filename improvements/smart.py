"""The five letters of an action, each computed from facts (design: product.md 5.4). Pure; words are made elsewhere.

Every letter is ``ok``, ``attention`` or ``missing``; there is never one score for all. A check that the product
cannot make yet is named among ``open_checks``, so that no light looks greener than what was looked at.
"""

from __future__ import annotations

import datetime as dt
import math
import re
from collections.abc import Callable
from dataclasses import dataclass

OK, ATTENTION, MISSING = "ok", "attention", "missing"
LETTERS = ("S", "M", "A", "R", "T")

# Vague without a number beside them; stems, so that "improving" and "better" are found and "button" is not.
VAGUE = re.compile(r"\b(improv\w*|better|more|soon|ensur\w*|try|tries|trying|tried)\b", re.IGNORECASE)
NUMBER = re.compile(r"\d")

DETECTABILITY, CAPACITY = "detectability", "capacity"
PROPORTION = "proportion"


@dataclass(frozen=True)
class Baseline:
    """The stored analysis in numbers, in the metric's own unit; nan or None where there is none."""

    mean: float | None
    best: float | None = None
    n: int = 0


@dataclass(frozen=True)
class Facts:
    """What is known of an action when its letters are read.

    ``direction``: +1 higher is better, -1 lower, 0 neither. ``points_after``: whole periods of the metric between
    the due date and the day of the check. ``next_review``: first day of the next review of the service, if planned.
    """

    what: str
    changes_step: bool
    holds: bool
    has_step: bool
    has_team: bool
    has_series: bool
    direction: int
    kind: str
    scale: float
    baseline: Baseline
    target: float | None
    beyond_best_reason: str
    has_owner: bool
    authority: bool
    outside_parameters: bool
    agreed_findings: int
    criteria: int
    due_on: dt.date | None
    today: dt.date
    check_on: dt.date | None
    points_after: int
    needed_points: int
    next_review: dt.date | None = None


@dataclass(frozen=True)
class Reason:
    """Why a letter is not ok: a code, the field of the form that mends it, and a word or number of the sentence."""

    code: str
    field: str
    status: str = ATTENTION
    detail: str = ""


@dataclass(frozen=True)
class Letter:
    letter: str
    status: str
    reasons: tuple[Reason, ...] = ()
    open_checks: tuple[str, ...] = ()


def read(facts: Facts) -> tuple[Letter, ...]:
    """The letters S, M, A, R, T in order."""
    checks: dict[str, Callable[[Facts], list[Reason]]] = {
        "S": _specific,
        "M": _measurable,
        "A": _achievable,
        "R": _relevant,
        "T": _timely,
    }
    return tuple(_letter(letter, checks[letter](facts)) for letter in LETTERS)


def blocking(letters: tuple[Letter, ...]) -> list[Reason]:
    """What must be mended before the action can be approved."""
    return [reason for letter in letters for reason in letter.reasons if reason.status == MISSING]


def _letter(letter: str, reasons: list[Reason]) -> Letter:
    statuses = {reason.status for reason in reasons}
    status = MISSING if MISSING in statuses else ATTENTION if statuses else OK
    return Letter(letter, status, tuple(reasons), (DETECTABILITY, CAPACITY) if letter == "A" else ())


def vague_words(text: str) -> list[str]:
    """The vague words of a text that names no number, in order, each once."""
    if NUMBER.search(text):
        return []
    return list(dict.fromkeys(found.group(0).lower() for found in VAGUE.finditer(text)))


def _specific(facts: Facts) -> list[Reason]:
    reasons = []
    if not facts.what.strip():
        reasons.append(Reason("no_words", "what", MISSING))
    if not facts.has_team:
        reasons.append(Reason("no_team", "unit"))
    if not facts.has_step:
        reasons.append(Reason("no_step", "step", MISSING if facts.changes_step else ATTENTION))
    words = vague_words(facts.what)
    if words:
        reasons.append(Reason("vague", "what", ATTENTION, ", ".join(words)))
    return reasons


def _known(value: float | None) -> bool:
    return value is not None and math.isfinite(value)


def _measurable(facts: Facts) -> list[Reason]:
    if not facts.has_series:
        return [Reason("no_metric", "series", MISSING)]
    reasons = []
    if not _known(facts.baseline.mean):
        reasons.append(Reason("no_baseline", "series", MISSING))
    if not _known(facts.target):
        reasons.append(Reason("no_target", "target", MISSING))
        return reasons
    if facts.direction == 0:
        reasons.append(Reason("no_direction", "series"))
    if facts.kind == PROPORTION and not 0 <= (facts.target or 0) <= facts.scale:
        reasons.append(Reason("not_the_unit", "target", MISSING))
    elif _wrong_side(facts):
        reasons.append(Reason("wrong_side", "target", MISSING))
    return reasons


def _wrong_side(facts: Facts) -> bool:
    """A change must aim beyond the baseline; what holds a level must have it on the right side already."""
    if facts.target is None or facts.baseline.mean is None or not _known(facts.baseline.mean) or facts.direction == 0:
        return False
    gain = facts.direction * (facts.target - facts.baseline.mean)
    return gain > 0 if facts.holds else gain <= 0


def _achievable(facts: Facts) -> list[Reason]:
    reasons = []
    if not facts.has_owner:
        reasons.append(Reason("no_owner", "owner", MISSING))
    if not facts.authority:
        code = "outside_parameters" if facts.outside_parameters else "no_approval"
        reasons.append(Reason(code, "recommendation", MISSING))
    if _beyond_best(facts) and not facts.beyond_best_reason.strip():
        reasons.append(Reason("beyond_best", "beyond_best_reason"))
    return reasons


def _beyond_best(facts: Facts) -> bool:
    best, target = facts.baseline.best, facts.target
    return best is not None and target is not None and _known(best) and facts.direction * (target - best) > 0


def _relevant(facts: Facts) -> list[Reason]:
    reasons = []
    if not facts.agreed_findings:
        reasons.append(Reason("no_finding", "findings", MISSING))
    if not facts.criteria:
        reasons.append(Reason("no_criterion", "criteria", MISSING))
    return reasons


def _timely(facts: Facts) -> list[Reason]:
    if facts.due_on is None:
        return [Reason("no_date", "due_on", MISSING)]
    reasons = []
    if facts.due_on <= facts.today:
        reasons.append(Reason("date_passed", "due_on", MISSING))
    if facts.next_review and facts.due_on >= facts.next_review:
        reasons.append(Reason("after_next_review", "due_on"))
    if facts.check_on is None:
        reasons.append(Reason("no_check", "check_on"))
    elif facts.check_on <= facts.due_on:
        reasons.append(Reason("check_before_due", "check_on", MISSING))
    elif facts.points_after < facts.needed_points:
        reasons.append(Reason("too_few_points", "check_on", ATTENTION, str(facts.points_after)))
    return reasons
