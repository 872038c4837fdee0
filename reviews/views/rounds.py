"""The challenge stage: rounds, invitations, the reveal, and the page of those who answer."""

from __future__ import annotations

import datetime as dt
from typing import Any

from django.contrib import messages
from django.db.models import QuerySet
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _now
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from reviews import workflow
from reviews.forms.judging import OutcomeForm
from reviews.forms.rounds import AnswerForm, GuestsForm, RoundForm
from reviews.models import Invitation, Question, Review, Round, StepOutcome, Subject
from reviews.queries import judgements, rounds
from reviews.queries import reviews as queries
from reviews.views.frame import attempt, frame, get_review, posted
from teams import access, clock, roles
from teams.access import SIGNED_IN, door, person_of
from teams.models import Person
from teams.numbers import whole

TWO_WEEKS = dt.timedelta(days=14)
LEADS = {roles.TEAM_LEAD, roles.SUPERVISOR}


@require_safe
@door("reviews.view")
def review_challenge(request: HttpRequest, pk: int) -> HttpResponse:
    review = get_review(request, pk)
    mine = Invitation.objects.filter(
        round__review=review, round__state=Round.State.OPEN, person=person_of(request), finished_at=None
    )
    context = frame(
        request,
        review,
        "challenge",
        lines=rounds.rounds(review),
        to_answer=list(mine.select_related("round")),
        strip=judgements.strip(review),
    )
    return render(request, "reviews/review_challenge.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
@door("reviews.edit")
def new_round(request: HttpRequest, pk: int) -> HttpResponse:
    review = get_review(request, pk, "reviews.edit")
    people = queries.affected(person_of(request), review.unit)
    subjects = list(judgements.under_review(review))
    form = RoundForm(subjects, people, posted(request), initial=_usual(review, subjects, people))
    if request.method == "POST" and form.is_valid():
        values = form.cleaned_data
        made = attempt(
            form,
            lambda: workflow.open_round(
                person_of(request),
                review,
                values["title"],
                values["closes_on"],
                form.asked,
                form.guests,
            ),
        )
        if made is not None:
            messages.success(request, _("The round is open and those invited are told."))
            return redirect(made)
    context = frame(request, review, "challenge", form=form)
    return render(request, "reviews/new_round.html", context, status=422 if form.errors else 200)


def _usual(review: Review, subjects: list[Subject], people: QuerySet[Person]) -> dict[str, Any]:
    """A round that can be sent as it is: the way each step is done, asked of everybody who works there."""
    colleagues, managers = _seats(review, people)
    return {
        "title": _now("What do you think of these steps?"),
        "closes_on": clock.today() + TWO_WEEKS,
        "questions": [f"{subject.pk}:{Question.About.MEANS}" for subject in subjects],
        "colleagues": colleagues,
        "managers": managers,
    }


def _seats(review: Review, people: QuerySet[Person]) -> tuple[list[int], list[int]]:
    """(colleagues, managers): who leads is asked as a manager, who works there as a colleague, others not at first."""
    held: dict[int, set[str]] = {}
    for pk, name in people.order_by().values_list("pk", "roles__name"):
        held.setdefault(pk, set()).add(name)
    managers = [pk for pk, names in held.items() if names & LEADS and pk != review.supervisor_id]
    colleagues = [pk for pk, names in held.items() if roles.COLLEAGUE in names and pk not in managers]
    return colleagues, managers


@require_safe
@door("reviews.view")
def round(request: HttpRequest, pk: int) -> HttpResponse:
    """An open round says who has finished; a closed one reveals the answers."""
    shown = access.fetch(person_of(request), Round, pk)
    review = get_review(request, shown.review_id)
    context = frame(request, review, "challenge", round=shown, questions=rounds.questions(shown))
    guests = rounds.guests(shown)
    context |= {"guests": guests, "finished": sum(guest.finished_at is not None for guest in guests)}
    if not shown.is_revealed:
        context["overdue"] = shown.closes_on < clock.today()
        return render(request, "reviews/round.html", context)
    revealed = rounds.reveal(person_of(request), shown)
    judges = context["can"]["judge"]
    context["revealed"] = [
        (each, OutcomeForm(instance=each.outcome or StepOutcome(), prefix="outcome") if judges else None)
        for each in revealed
    ]
    return render(request, "reviews/reveal.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
@door("reviews.edit")
def invite_more(request: HttpRequest, pk: int) -> HttpResponse:
    shown = access.fetch(person_of(request), Round, pk, "reviews.edit")
    review = get_review(request, shown.review_id)
    known = Invitation.objects.filter(round=shown).values("person")
    people = queries.affected(person_of(request), review.unit).exclude(pk__in=known)
    form = GuestsForm(people, posted(request))
    invited = None
    if request.method == "POST" and form.is_valid():
        invited = attempt(form, lambda: workflow.invite(person_of(request), shown, form.guests))
    if invited:
        messages.success(request, _("They are invited and told."))
        return redirect(shown)
    context = frame(request, review, "challenge", round=shown, form=form)
    return render(request, "reviews/invite_more.html", context, status=422 if form.errors else 200)


@require_POST
@door("reviews.edit")
def remind_round(request: HttpRequest, pk: int) -> HttpResponse:
    shown = access.fetch(person_of(request), Round, pk, "reviews.edit")
    told = workflow.remind(person_of(request), shown)
    words = ngettext("%(n)s person is reminded.", "%(n)s people are reminded.", told)
    messages.success(request, words % {"n": told})
    return redirect(shown)


@require_POST
@door("reviews.edit")
def close_round(request: HttpRequest, pk: int) -> HttpResponse:
    shown = workflow.close_round(person_of(request), access.fetch(person_of(request), Round, pk, "reviews.edit"))
    messages.success(request, _("The round is closed. These are the answers."))
    return redirect(shown)


@require_http_methods(["GET", "HEAD", "POST"])
@door(SIGNED_IN)
def answer(request: HttpRequest, pk: int) -> HttpResponse:
    """The page of somebody invited: one question at a time, or (``all``) the whole round at once."""
    invitation = rounds.own_invitation(person_of(request), pk)
    if invitation is None:
        raise Http404
    shown = invitation.round
    questions, known = rounds.questions(shown), rounds.own_answers(person_of(request), shown)
    whole = "all" in request.GET
    place = _place(request, questions, known)
    asked = dict(enumerate(questions, start=1))
    if not whole and place is not None:
        asked = {place + 1: questions[place]}
    form = AnswerForm(asked, known, posted(request))
    if request.method == "POST" and form.is_valid():
        done = attempt(form, lambda: workflow.answer(person_of(request), shown, form.answers))
        if done is not None:
            return redirect(_onwards(request, shown, place, len(questions), whole))
    context = {
        "invitation": invitation,
        "round": shown,
        "review": shown.review,
        "form": form,
        "whole": whole,
        "place": place,
        "number": place + 1 if place is not None else 0,
        "previous": place or 0,
        "total": len(questions),
        "answered": len(known),
        "rows": form.rows,
        "alone": rounds.only_one_of_a_kind(invitation),
        "may_answer": not shown.is_revealed and shown.review.state == Review.State.UNDER_WAY,
    }
    return render(request, "reviews/answer.html", context, status=422 if form.errors else 200)


def _place(request: HttpRequest, questions: list[Question], known: dict[int, Any]) -> int | None:
    """Which question is shown: the one asked for (1, 2 …), else the first unanswered; None when all are answered."""
    asked = whole(request.GET.get("question", "")) or 0
    if 1 <= asked <= len(questions):
        return asked - 1
    return next((place for place, question in enumerate(questions) if question.pk not in known), None)


def _onwards(request: HttpRequest, shown: Round, place: int | None, total: int, whole: bool) -> str:
    """The next question, or the page that says thank you."""
    if whole or place is None or place + 1 >= total:
        return request.path
    return f"{request.path}?question={place + 2}"
