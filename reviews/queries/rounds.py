"""The only readers of answers: one's own while a round is open, everybody's once it is revealed."""

from __future__ import annotations

from collections import Counter, defaultdict
from dataclasses import dataclass

from django.db.models import Count, Q
from django.utils.translation import gettext as _now
from django.utils.translation import gettext_lazy as _

from reviews import states
from reviews.models import Answer, Invitation, Question, Review, Round, StepOutcome, Subject
from teams import access
from teams.models import Person
from teams.refusals import Refused

CHOICES = tuple(Answer.Choice.values)
COLLEAGUE, MANAGER = Invitation.Seat.COLLEAGUE.value, Invitation.Seat.MANAGER.value


@dataclass(frozen=True)
class RoundLine:
    """A round in the list of its review: how many were invited and have finished, never what they said."""

    round: Round
    invited: int
    finished: int
    questions: int


def rounds(review: Review) -> list[RoundLine]:
    """The rounds of a review, newest first. One query."""
    rows = Round.objects.filter(review=review).annotate(
        invited=Count("invitations", distinct=True),
        finished=Count("invitations", filter=Q(invitations__finished_at__isnull=False), distinct=True),
        asked=Count("questions", distinct=True),
    )
    return [RoundLine(row, row.invited, row.finished, row.asked) for row in rows.order_by("-opened_at", "-pk")]


def guests(round: Round) -> list[Invitation]:
    """Who was invited, and whether they have finished."""
    return list(Invitation.objects.filter(round=round).select_related("person").order_by("person__name"))


def questions(round: Round) -> list[Question]:
    """The questions of a round, step by step."""
    rows = Question.objects.filter(round=round).select_related("subject__step", "subject__feature")
    in_order = rows.alias(is_feature=Q(subject__feature__isnull=False))
    return list(in_order.order_by("is_feature", "subject__position", "subject_id", "pk"))


def own_invitation(person: Person, pk: int) -> Invitation | None:
    """The person's own invitation to round ``pk``; somebody who stands in for them has none."""
    rows = access.visible_to(person, Invitation).filter(round=pk, person=person)
    return rows.select_related("round__review__unit", "round__opened_by").first()


def own_answers(person: Person, round: Round) -> dict[int, Answer]:
    """{question id: answer} of this person alone."""
    return {answer.question_id: answer for answer in Answer.objects.filter(question__round=round, person=person)}


def only_one_of_a_kind(invitation: Invitation) -> bool:
    """Whether nobody else sits in this seat, so that the answers could be told apart after the reveal."""
    others = Invitation.objects.filter(round=invitation.round_id, seat=invitation.seat).exclude(pk=invitation.pk)
    return not others.exists()


@dataclass(frozen=True)
class Bar:
    """One choice of one question: how many, of them colleagues and managers; ``share`` in per cent of all."""

    code: str
    words: str
    number: int
    colleagues: int
    managers: int
    share: int


@dataclass(frozen=True)
class Comment:
    """A comment with its answer and seat, without a name."""

    answer: int
    choice: str
    seat: str
    text: str


@dataclass(frozen=True)
class Revealed:
    """The answers to one question. ``agreement``: share of the commonest answer, ``gap``: the difference between
    managers and colleagues in the share of "fine as it is", both in per cent among those who could say; None where
    one of the groups is empty."""

    question: Question
    answered: int
    bars: list[Bar]
    agreement: int | None
    gap: int | None
    comments: list[Comment]

    @property
    def gap_words(self) -> str:
        """How far managers and colleagues are apart, in words; "" where one of the groups is empty."""
        if self.gap is None:
            return ""
        if self.gap == 0:
            return _now("managers and colleagues see it alike")
        words = (
            _now("managers say “fine as it is” more often than colleagues, by %(n)s percentage points")
            if self.gap > 0
            else _now("colleagues say “fine as it is” more often than managers, by %(n)s percentage points")
        )
        return words % {"n": abs(self.gap)}


@dataclass(frozen=True)
class RevealedSubject:
    """A step with its questions; ``widest`` marks the step where the answers are split most."""

    subject: Subject
    questions: list[Revealed]
    outcome: StepOutcome | None
    split: int
    widest: bool


def reveal(person: Person, round: Round) -> list[RevealedSubject]:
    """All answers of a closed round, without names, the widest split marked.

    Raises Refused (``not_revealed``) while it is open; Http404 through the door of the round.
    """
    current = access.fetch(person, Round, round.pk)
    if not current.is_revealed:
        raise Refused("not_revealed", _("The answers are unseen until the reviewer closes the round."))
    seats = dict(Invitation.objects.filter(round=current).values_list("person", "seat"))
    given: dict[int, list[Answer]] = defaultdict(list)
    for answer in Answer.objects.filter(question__round=current).order_by("pk"):
        given[answer.question_id].append(answer)
    by_subject: dict[int, list[Revealed]] = defaultdict(list)
    subjects: dict[int, Subject] = {}
    for question in questions(current):
        subjects[question.subject_id] = question.subject
        by_subject[question.subject_id].append(_revealed(question, given[question.pk], seats))
    return _subjects(subjects, by_subject)


def _subjects(subjects: dict[int, Subject], by_subject: dict[int, list[Revealed]]) -> list[RevealedSubject]:
    outcomes = {row.subject_id: row for row in StepOutcome.objects.filter(subject__in=subjects)}
    splits = {pk: max((_split(each) for each in rows), default=0) for pk, rows in by_subject.items()}
    widest = max(splits, key=lambda pk: splits[pk], default=None)
    return [
        RevealedSubject(subject, by_subject[pk], outcomes.get(pk), splits[pk], bool(splits[pk]) and pk == widest)
        for pk, subject in subjects.items()
    ]


def _split(revealed: Revealed) -> int:
    """How far the answers are from one voice, in per cent, or the gap between the seats where that is wider."""
    apart = 100 - revealed.agreement if revealed.agreement is not None else 0
    return max(apart, abs(revealed.gap or 0))


def _revealed(question: Question, answers: list[Answer], seats: dict[int, str]) -> Revealed:
    counts = {
        seat: Counter(each.choice for each in answers if seats.get(each.person_id) == seat)
        for seat in (COLLEAGUE, MANAGER)
    }
    total = Counter(each.choice for each in answers)
    sure = {choice: count for choice, count in total.items() if choice != Answer.Choice.UNSURE}
    words = dict(Answer.Choice.choices)
    return Revealed(
        question=question,
        answered=len(answers),
        bars=[
            Bar(
                choice,
                str(words[choice]),
                total[choice],
                counts[COLLEAGUE][choice],
                counts[MANAGER][choice],
                round(100 * total[choice] / len(answers)) if answers else 0,
            )
            for choice in CHOICES
        ],
        agreement=round(100 * max(sure.values()) / sum(sure.values())) if sure else None,
        gap=_gap(counts),
        # In the order of their words: the order of arrival would tell who wrote what.
        comments=[
            Comment(each.pk, str(words[each.choice]), _seat(seats.get(each.person_id, "")), each.comment)
            for each in sorted(answers, key=lambda each: each.comment.casefold())
            if each.comment
        ],
    )


def _seat(seat: str) -> str:
    return str(dict(Invitation.Seat.choices).get(seat, ""))


def _gap(counts: dict[str, Counter[str]]) -> int | None:
    shares = []
    for seat in (MANAGER, COLLEAGUE):
        sure = sum(count for choice, count in counts[seat].items() if choice != Answer.Choice.UNSURE)
        if not sure:
            return None
        shares.append(100 * counts[seat][Answer.Choice.KEEP] / sure)
    return round(shares[0] - shares[1])


def revealed_about(subject: Subject) -> list[Revealed]:
    """What was answered about one step in the revealed rounds of its review, for its page (asked by the caller)."""
    found = []
    rows = Question.objects.filter(subject=subject, round__state=states.ROUND_CLOSED).select_related("round")
    asked = list(rows.order_by("round__closed_at", "pk"))
    answers = list(Answer.objects.filter(question__in=asked).order_by("pk"))
    seats = {
        (row.round_id, row.person_id): row.seat
        for row in Invitation.objects.filter(round__in=[q.round_id for q in asked])
    }
    for question in asked:
        own = [answer for answer in answers if answer.question_id == question.pk]
        here = {person: seat for (round_id, person), seat in seats.items() if round_id == question.round_id}
        found.append(_revealed(question, own, here))
    return found
