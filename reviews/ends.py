"""What keeps a review from being closed and a finding addressed: apps above register checks, since a review cannot see
what hangs on it."""

from __future__ import annotations

from collections.abc import Callable

from django.utils.functional import Promise

from reviews.models import Finding, Review

# Given a review, sentences that say what has not ended yet.
Check = Callable[[Review], list[str | Promise]]

# Given a finding: does something of the app above answer it?
Answers = Callable[[Finding], bool]

_checks: list[Check] = []
_answers: list[Answers] = []


def register(check: Check) -> Check:
    """Add a check; to be used where an app is loaded (as a decorator, too)."""
    if check not in _checks:
        _checks.append(check)
    return check


def open_ends(review: Review) -> list[str | Promise]:
    """Everything that has not ended yet, in words; empty means that the review may be closed."""
    return [words for check in _checks for words in check(review)]


def register_answers(answers: Answers) -> Answers:
    """Add what tells whether a finding is answered; used as ``register`` is."""
    if answers not in _answers:
        _answers.append(answers)
    return answers


def is_answered(finding: Finding) -> bool:
    """Whether a recommendation that stands or an action that goes on answers the finding."""
    return any(answers(finding) for answers in _answers)
