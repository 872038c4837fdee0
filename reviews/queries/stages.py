"""The seven stages of a review as the second row of its pages, with a dot where something waits for the reader."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from django.db.models import Count, Exists, OuterRef
from django.urls import reverse
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from reviews import states
from reviews.models import Criterion, Finding, Invitation, Review, Round, Subject
from teams import access, clock
from teams.models import Person

Questions = Callable[[Person], dict[str, Exists]]
Answered = dict[str, bool]
Waiting = Callable[[Review, Answered], bool]

STAGES: tuple[tuple[str, str | Promise, str], ...] = (
    ("plan", _("Plan"), "review"),
    ("process", _("Process"), "review-process"),
    ("challenge", _("Challenge"), "review-challenge"),
    ("measure", _("Measure"), "review-measure"),
    ("findings", _("Findings"), "review-findings"),
    ("decide", _("Decide"), "review-decide"),
    ("act", _("Act & watch"), "review-act"),
)
_above: dict[str, tuple[Questions, Waiting]] = {}


def register(stage: str, questions: Questions, waiting: Waiting) -> None:
    """Let the app that owns a stage say when something waits there for the reader.

    ``questions`` ask of the review ``OuterRef("pk")``, under names of their own; ``waiting`` reads the answers.
    """
    _above[stage] = (questions, waiting)


@dataclass(frozen=True)
class Stage:
    code: str
    name: str | Promise
    url: str
    here: bool
    waits: bool


def stages(person: Person, review: Review, here: str) -> list[Stage]:
    """The stages with their addresses; ``here`` is the code of the page shown."""
    waiting = waiting_stages(person, review)
    return [
        Stage(code, name, reverse(url, args=[review.pk]), code == here, code in waiting) for code, name, url in STAGES
    ]


def waiting_stages(person: Person, review: Review) -> set[str]:
    """Codes of the stages where ``person`` has to do something. One query, whatever the apps above ask."""
    # The door of the unit says the same as that of the review, without another question to the database.
    reviewer = access.may(person, "reviews.judge", review.unit)
    # What the apps above do begins with the conclusion; before that they need not be asked.
    above = _above if review.concluded_at else {}
    asked: dict[str, Exists] = _open_ends(person) if review.state == states.UNDER_WAY else {}
    for questions, _waits in above.values():
        asked |= questions(person)
    answered = _answers(review, asked)
    found = {stage for stage, (_questions, waits) in above.items() if waits(review, answered)}
    if _plan_waits(person, review, reviewer):
        found.add("plan")
    if review.state == states.UNDER_WAY:
        found |= _work_waits(answered, reviewer)
    return found


def _answers(review: Review, asked: dict[str, Exists]) -> Answered:
    if not asked:
        return {}
    row = Review._base_manager.filter(pk=review.pk).annotate(**asked).values(*asked).get()
    return {name: bool(value) for name, value in row.items()}


def _plan_waits(person: Person, review: Review, reviewer: bool) -> bool:
    if review.agreement_is_asked:
        decides = review.decision_maker_id in access.grants(person).acts_for
        return decides and person.pk != review.supervisor_id
    ready = review.state in (states.AGREED, states.FROZEN) or bool(review.sent_back and review.state == states.PLANNED)
    return reviewer and ready


def _work_waits(answered: Answered, reviewer: bool) -> set[str]:
    mine = {"challenge"} if answered["asked"] else set()
    if not reviewer:
        return mine
    names = {"overdue": "challenge", "unjudged": "process", "unconcluded": "measure", "drafts": "findings"}
    return mine | {stage for name, stage in names.items() if answered[name]}


def _open_ends(person: Person) -> dict[str, Exists]:
    """Whether anything of each kind is open."""
    mine: dict[str, Any] = {"round__review": OuterRef("pk"), "round__state": states.OPEN}
    own = {"review": OuterRef("pk")}
    judged = Subject.objects.filter(**own).annotate(n=Count("judgements"))
    return {
        "asked": Exists(Invitation.objects.filter(**mine, person=person, finished_at=None)),
        "overdue": Exists(Round.objects.filter(**own, state=states.OPEN, closes_on__lt=clock.today())),
        "unjudged": Exists(judged.filter(n__lt=len(states.DIMENSIONS))),
        "unconcluded": Exists(Criterion.objects.filter(**own, conclusion=None)),
        "drafts": Exists(Finding.objects.filter(**own, state=states.DRAFT)),
    }
