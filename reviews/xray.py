"""The X-ray: what is wrong or weak in a review as it stands, each with the place to mend it.

Errors must be mended before a paper can stand; warnings weaken it; hints may be left.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Collection, Iterator
from dataclasses import dataclass

from django.urls import reverse
from django.utils.formats import date_format
from django.utils.functional import Promise
from django.utils.translation import gettext as _now
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext

from reviews import concluding, states
from reviews.models import Criterion, Finding, Judgement, Parameter, Review, Subject
from reviews.queries import conclusions, weak
from teams import clock

ERROR, WARNING, HINT = "error", "warning", "hint"
# Below this share of those invited an answer speaks for few.
FEW_ANSWERS = 0.2
FEW_SOURCES = 3
BY_THRESHOLD = (Criterion.Rule.MEAN, Criterion.Rule.LATEST, Criterion.Rule.ASSURANCE)


@dataclass(frozen=True)
class Problem:
    """One find: how grave, in words, and where to mend it."""

    level: str
    code: str
    words: str | Promise
    url: str
    fix: str | Promise


@dataclass(frozen=True)
class Group:
    level: str
    problems: list[Problem]

    @property
    def words(self) -> str:
        """How many: "2 warnings"."""
        n = len(self.problems)
        told = {
            ERROR: ngettext("%(n)s error", "%(n)s errors", n),
            WARNING: ngettext("%(n)s warning", "%(n)s warnings", n),
            HINT: ngettext("%(n)s hint", "%(n)s hints", n),
        }
        return told[self.level] % {"n": n}


Lines = list[conclusions.CriterionLine]
Seen = dict[str, list[weak.Row]]
Check = Callable[[Review, Lines, Seen], Iterator[Problem]]


def of_plan(
    review: Review,
    lines: Lines | None = None,
    subjects: Collection[Subject] | None = None,
    parameters: Collection[Parameter] | None = None,
) -> list[Group]:
    """What can be said while the plan is made; the rest are rows of the review that a page has read already."""
    subjects = list(Subject.objects.filter(review=review)) if subjects is None else subjects
    parameters = list(Parameter.objects.filter(review=review)) if parameters is None else parameters
    kinds = {
        "step": [weak.Row("step", one.pk, "", "", 0, 0) for one in subjects if one.step_id],
        "feature": [weak.Row("feature", one.pk, "", "", 0, 0) for one in subjects if one.feature_id],
        "parameter": [weak.Row("parameter", one.pk, "", "", 0, 0) for one in parameters],
    }
    return _groups(review, lines, PLAN, kinds)


def of_work(review: Review, lines: Lines | None = None) -> list[Group]:
    """What can be said once the review is under way."""
    return _groups(review, lines, WORK, weak.rows_of(review))


def _groups(review: Review, lines: Lines | None, checks: tuple[Check, ...], seen: Seen) -> list[Group]:
    lines = conclusions.lines(review) if lines is None else lines
    problems = [problem for check in checks for problem in check(review, lines, seen)]
    return [
        Group(level, [problem for problem in problems if problem.level == level]) for level in (ERROR, WARNING, HINT)
    ]


# The plan


def _criteria(review: Review, lines: Lines, seen: Seen) -> Iterator[Problem]:
    rows = [line.criterion for line in lines]
    add = reverse("add-item", args=[review.pk, "criterion"])
    if not rows:
        yield Problem(ERROR, "no_criterion", _("The plan has no criterion."), add, _("Add a criterion"))
    if rows and all(row.rule == Criterion.Rule.BY_HAND for row in rows):
        alone = _("Every criterion is judged by hand: no measure decides anything.")
        yield Problem(WARNING, "by_hand_only", alone, add, _("Add a measured criterion"))
    for row in rows:
        if row.series_id and row.metric and not row.metric.direction and row.rule in BY_THRESHOLD:
            words = _now("“%(name)s” compares with a threshold, but its metric has no better direction.")
            url = reverse("edit-item", args=["criterion", row.pk])
            yield Problem(ERROR, "no_direction", words % {"name": row.name}, url, _("Change its rule"))


def _points(review: Review, lines: Lines, seen: Seen) -> Iterator[Problem]:
    """Too few points or stale data weaken a conclusion; said as soon as the series is chosen."""
    for line in lines:
        if not line.criterion.series_id or line.criterion.rule == Criterion.Rule.BY_HAND:
            continue
        url = reverse("edit-item", args=["criterion", line.criterion.pk])
        if line.points < concluding.FEWEST_FOR_LIMITS:
            words = ngettext(
                "“%(name)s” rests on %(n)s point in the period; 13 or more carry a conclusion.",
                "“%(name)s” rests on %(n)s points in the period; 13 or more carry a conclusion.",
                line.points,
            ) % {"name": line.criterion.name, "n": line.points}
            yield Problem(WARNING, "few_points", words, url, _("Widen the period or change the measure"))


def _subjects(review: Review, lines: Lines, seen: Seen) -> Iterator[Problem]:
    page = reverse("review-process", args=[review.pk])
    if not seen["step"]:
        yield Problem(WARNING, "no_steps", _("No step of the process is under review yet."), page, _("Add the steps"))
    if not seen["feature"]:
        words = _("No feature of service delivery is under review: features drive satisfaction and loyalty, too.")
        yield Problem(WARNING, "no_features", words, page, _("Add a feature"))


def _boundaries(review: Review, lines: Lines, seen: Seen) -> Iterator[Problem]:
    edit = reverse("edit-plan", args=[review.pk])
    if not review.inside.strip() or not review.outside.strip():
        words = _("The boundaries do not say what lies inside and what lies outside.")
        yield Problem(HINT, "no_boundaries", words, edit, _("Draw the boundaries"))
    if review.spend_limit is None:
        yield Problem(HINT, "no_spend_limit", _("No spend limit is set."), edit, _("Set a limit"))
    if not seen["parameter"]:
        url = reverse("add-item", args=[review.pk, "parameter"])
        words = _("The plan does not say what may be changed.")
        yield Problem(WARNING, "no_parameters", words, url, _("Add a parameter"))


def _people(review: Review, lines: Lines, seen: Seen) -> Iterator[Problem]:
    edit = reverse("edit-plan", args=[review.pk])
    if not review.decision_maker.is_active or not review.supervisor.is_active:
        words = _("Somebody named in this review has left.")
        yield Problem(ERROR, "owner_left", words, edit, _("Name somebody else"))


# The work


def _ratings(review: Review, lines: Lines, seen: Seen) -> Iterator[Problem]:
    respects = dict(Judgement.Respect.choices)
    for row in seen.get("judgement", ()):
        about = {"about": row.name, "respect": respects[row.more]}
        told = _now("“%(about)s” is judged on %(respect)s without evidence.") % about
        url = f"{reverse('step', args=[row.pk])}#{row.more}"
        yield Problem(ERROR, "rating_without_evidence", told, url, _("Add the evidence"))


def _compliance(review: Review, lines: Lines, seen: Seen) -> Iterator[Problem]:
    for row in seen.get("subject", ()):
        words = _now("“%(about)s” has no judgement of compliance that rests on evidence.") % {"about": row.name}
        url = f"{reverse('step', args=[row.pk])}#{states.COMPLIANCE}"
        yield Problem(WARNING, "no_compliance", words, url, _("Judge compliance"))


def _rounds(review: Review, lines: Lines, seen: Seen) -> Iterator[Problem]:
    challenge = reverse("review-challenge", args=[review.pk])
    if not seen.get("round"):
        alone = _("No colleague has been asked yet: no challenge round.")
        yield Problem(WARNING, "no_round", alone, challenge, _("Prepare a round"))
    for row in seen.get("round", ()):
        state, day = row.more.split()
        closes_on, url = dt.date.fromisoformat(day), reverse("round", args=[row.pk])
        if state == states.OPEN and closes_on < clock.today():
            words = _now("The round “%(title)s” was to end on %(day)s and is still open.")
            told = words % {"title": row.name, "day": date_format(closes_on)}
            yield Problem(WARNING, "round_overdue", told, url, _("Close the round"))
        if state == states.ROUND_CLOSED and row.first and row.second < FEW_ANSWERS * row.first:
            words = _now("Few answered the round “%(title)s”: %(finished)s of %(invited)s.")
            told = words % {"title": row.name, "finished": row.second, "invited": row.first}
            yield Problem(WARNING, "few_answers", told, url, _("Ask again, or change the method"))


def _explored(review: Review, lines: Lines, seen: Seen) -> Iterator[Problem]:
    """A question raised and never explored: nobody answered it before its round was closed."""
    for row in seen.get("question", ()):
        words = _now("A question was raised and answered by nobody: “%(text)s”") % {"text": row.name}
        yield Problem(ERROR, "not_explored", words, reverse("round", args=[row.pk]), _("Ask it again"))


def _findings(review: Review, lines: Lines, seen: Seen) -> Iterator[Problem]:
    board = reverse("review-findings", args=[review.pk])
    rows = seen.get("finding", [])
    if rows and not any(row.more.endswith(f" {Finding.Sort.STRENGTH}") for row in rows):
        yield Problem(HINT, "no_strengths", _("No strength is recorded."), board, _("Record one"))
    if review.state not in (states.CONCLUDED, states.DECIDED):
        return
    for row in rows:
        if row.more.split()[0] == states.FINDING_AGREED:
            words = _now("“%(title)s” is agreed, with no recommendation, action or reason for none.")
            url = reverse("finding", args=[row.pk])
            yield Problem(ERROR, "not_used", words % {"title": row.name}, url, _("Address it"))


def _conclusions(review: Review, lines: Lines, seen: Seen) -> Iterator[Problem]:
    for row in seen.get("conclusion", ()):
        words = _now("“%(name)s” is concluded without evidence.") % {"name": row.name}
        url = reverse("conclusion", args=[row.pk])
        yield Problem(ERROR, "concluded_without_evidence", words, url, _("Say what it rests on"))
    for line in lines:
        if line.moved:
            words = _now("The data beneath “%(name)s” have changed since it was concluded.")
            url = reverse("conclusion", args=[line.criterion.pk])
            yield Problem(WARNING, "data_moved", words % {"name": line.criterion.name}, url, _("Look at it again"))


def _methods(review: Review, lines: Lines, seen: Seen) -> Iterator[Problem]:
    """A way of collecting or analysing that proved ineffective is changed, not endured."""
    for row in seen.get("method", ()):
        words = _now("“%(name)s” fell short of what was expected.") % {"name": row.name}
        url = reverse("edit-item", args=["method", row.pk])
        yield Problem(WARNING, "fell_short", words, url, _("Change the method"))


def _sources(review: Review, lines: Lines, seen: Seen) -> Iterator[Problem]:
    kinds = seen.get("evidence", [])
    if len(kinds) == 1 and kinds[0].first >= FEW_SOURCES:
        board = reverse("review-findings", args=[review.pk])
        words = _("All evidence is of one kind: one source only.")
        yield Problem(WARNING, "one_source", words, board, _("Look for another source"))


def _dissent(review: Review, lines: Lines, seen: Seen) -> Iterator[Problem]:
    """Where everybody gave the same answer to every question, the round may have been too harmonious."""
    for row in seen.get("harmony", ()):
        if row.first > 1 and row.second == 0:
            challenge = reverse("review-challenge", args=[review.pk])
            words = _("Nobody disagreed on anything in any round.")
            yield Problem(WARNING, "no_dissent", words, challenge, _("Ask in another way"))


PLAN: tuple[Check, ...] = (_criteria, _points, _subjects, _boundaries, _people)
WORK: tuple[Check, ...] = (
    _people,
    _ratings,
    _conclusions,
    _explored,
    _findings,
    _compliance,
    _rounds,
    _methods,
    _sources,
    _dissent,
)
