"""Verbs of a challenge round: open, invite, answer, remind, close (which reveals).

Until a round is closed no entry of the trail, no notice and no answer of the server holds what anybody answered.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager

from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from notices import workflow as notices
from reviews import states
from reviews.models import Answer, Invitation, Question, Review, Round, Subject
from reviews.workflow.amending import locked
from reviews.workflow.working import said, working
from teams import access, clock, moves, trail
from teams.models import Person
from teams.refusals import Refused

# (subject, about, words of the question)
Asked = tuple[Subject, str, str]
# (person, seat)
Guest = tuple[Person, str]


def open_round(
    person: Person,
    review: Review,
    title: str,
    closes_on: dt.date,
    questions: Sequence[Asked],
    guests: Sequence[Guest],
) -> Round:
    """Ask colleagues and managers about steps and features; each is told, and answers unseen by the others.

    Raises Refused (``no_title``, ``past``, ``no_question``, ``nobody``).
    """
    with working(person, review, "work", "reviews.edit") as current:
        title = said(title, "no_title", _("Give the round a title."), "title")
        _check(current, closes_on, questions)
        made = Round.objects.create(
            review=current, title=title[:160], closes_on=closes_on, opened_by=person, opened_at=clock.now()
        )
        Question.objects.bulk_create(
            Question(round=made, subject=subject, about=about, text=text.strip()) for subject, about, text in questions
        )
        invited = _invite(person, made, guests)
        if not invited:
            words = _("Invite at least one colleague or manager.")
            raise Refused("nobody", words, {"guests": words})
        after = {**trail.values(made, "title", "closes_on", "state"), "questions": len(questions)}
        trail.record(person, "open_round", made, {}, {**after, "invited": [guest.person_id for guest in invited]})
    return made


def _check(review: Review, closes_on: dt.date, questions: Sequence[Asked]) -> None:
    if closes_on < clock.today():
        words = _("This day has passed. Choose today or a later day.")
        raise Refused("past", words, {"closes_on": words})
    if not any(text.strip() for _subject, _about, text in questions):
        words = _("Choose at least one question.")
        raise Refused("no_question", words, {"questions": words})
    if any(subject.review_id != review.pk for subject, _about, _text in questions):
        raise Refused("other_review", _("A question is about a step of another review."))


def _invite(person: Person, round: Round, guests: Iterable[Guest]) -> list[Invitation]:
    known = set(Invitation.objects.filter(round=round).values_list("person_id", flat=True))
    new = {guest.pk: (guest, seat) for guest, seat in guests if guest.is_active and guest.pk not in known}
    made = Invitation.objects.bulk_create(
        Invitation(round=round, person=guest, seat=seat) for guest, seat in new.values()
    )
    notices.tell(
        [guest for guest, _seat in new.values()],
        "reviews.answer",
        round,
        reverse("answer", args=[round.pk]),
        {"person": person.name, "title": round.review.title},
        waits=True,
        due_on=round.closes_on,
        event=f"reviews.answer:{round.pk}",
    )
    return made


def invite(person: Person, round: Round, guests: Sequence[Guest]) -> list[Invitation]:
    """Invite more people to an open round; those invited already stay as they are."""
    with _open(person, round, "invite", "reviews.edit") as current:
        invited = _invite(person, current, guests)
        if not invited:
            words = _("Everybody chosen is invited already.")
            raise Refused("nobody", words, {"guests": words})
        trail.record(person, "invite", current, {}, {"invited": [guest.person_id for guest in invited]})
    return invited


def answer(person: Person, round: Round, answers: dict[int, tuple[str, str]]) -> Invitation:
    """Store the person's own answers ({question id: (choice, comment)}); changeable until the round is closed.

    Only who was invited answers, no stand-in: it is their view that is asked for. The trail says that they have
    answered, never what. Raises Refused (``other_round``, ``no_such_answer``, ``not_now``), PermissionDenied.
    """
    with _open(person, round, "answer", "reviews.answer") as current:
        invitation = Invitation.objects.select_for_update().filter(round=current, person=person).first()
        if invitation is None:
            raise PermissionDenied("reviews.answer")
        _store(person, current, answers)
        asked = Question.objects.filter(round=current)
        given = Answer.objects.filter(question__round=current, person=person)
        was = invitation.finished_at
        if was is None and given.count() == asked.count():
            invitation.finished_at = clock.now()
            invitation.save(update_fields=["finished_at"])
            notices.settle(current, "reviews.answer", person)
        finished = invitation.finished_at is not None
        trail.record(person, "answer", invitation, {"finished": was is not None}, {"finished": finished})
    return invitation


def _store(person: Person, round: Round, answers: dict[int, tuple[str, str]]) -> None:
    known = set(Question.objects.filter(round=round, pk__in=answers).values_list("pk", flat=True))
    if known != set(answers):
        raise Refused("other_round", _("This question does not belong to the round."))
    for pk, (choice, comment) in answers.items():
        if choice not in Answer.Choice.values:
            raise Refused("no_such_answer", _("Choose one of the four answers."))
        Answer.objects.update_or_create(
            question_id=pk,
            person=person,
            defaults={"choice": choice, "comment": comment.strip(), "at": clock.now()},
        )


def remind(person: Person, round: Round) -> int:
    """Remind those who have not finished, at most once a day; how many were reminded."""
    with _open(person, round, "invite", "reviews.edit") as current:
        late = Invitation.objects.filter(round=current, finished_at=None).select_related("person")
        told = notices.tell(
            [invitation.person for invitation in late],
            "reviews.answer_reminder",
            current,
            reverse("answer", args=[current.pk]),
            {"person": person.name, "title": current.review.title},
            due_on=current.closes_on,
            event=f"reviews.answer_reminder:{current.pk}:{clock.today()}",
        )
        if not told:
            raise Refused("reminded", _("Everybody who has not finished was reminded today already."))
        trail.record(person, "remind", current, {}, {"told": sorted(notice.person_id for notice in told)})
    return len(told)


def close_round(person: Person, round: Round) -> Round:
    """Close the round, which reveals the answers to those who may see the review."""
    with _open(person, round, "close", "reviews.edit") as current:
        before = trail.values(current, "state")
        moves.move(current, states.ROUND, "close")
        current.closed_at = clock.now()
        current.save(update_fields=["state", "closed_at"])
        trail.record(person, "close_round", current, before, trail.values(current, "state", "closed_at"))
        notices.settle(current)
        answered = Person.objects.filter(
            pk__in=Answer.objects.filter(question__round=current).values("person"), is_active=True
        )
        seen = [guest for guest in answered if access.may(guest, "reviews.view", current)]
        notices.tell(
            seen,
            "reviews.round_closed",
            current,
            current.get_absolute_url(),
            {"title": current.title},
            event=f"reviews.round_closed:{current.pk}",
        )
    return current


@contextmanager
def _open(person: Person, round: Round, move: str, permission: str) -> Iterator[Round]:
    """The frame of a verb on a round: hold review and round, ask both tables, ask the door."""
    with transaction.atomic():
        review = locked(round.review)
        current = Round._base_manager.select_for_update().get(pk=round.pk)
        current.review = review
        moves.check(review, states.REVIEW, "work")
        moves.check(current, states.ROUND, move)
        access.require(person, permission, current)
        yield current
