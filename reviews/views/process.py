"""The process stage: the heat strip, and one step or feature with its judgements."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_POST, require_safe

from metrics import wording
from metrics.models import Signal
from metrics.queries.signals import WITH_SERIES
from reviews import workflow
from reviews.forms.judging import JudgementForm, OutcomeForm
from reviews.models import Criterion, Evidence, Finding, Judgement, Review, StepOutcome, Subject
from reviews.queries import judgements, rounds
from reviews.views.frame import attempt, frame, get_review
from teams import access
from teams.access import door, person_of

SIGNALS = 30


@require_safe
@door("reviews.view")
def review_process(request: HttpRequest, pk: int) -> HttpResponse:
    review = get_review(request, pk)
    strip = judgements.strip(review)
    open_rows = (row for row in (*strip.steps, *strip.features) if not all(tile.rating for tile in row.tiles))
    first_open = next((row.subject for row in open_rows), None)
    context = frame(request, review, "process", strip=strip, first_open=first_open)
    return render(request, "reviews/review_process.html", context)


def _subject(request: HttpRequest, pk: int, permission: str | None = None) -> Subject:
    return access.fetch(
        person_of(request), Subject, pk, permission, related=("step", "feature", "review", "outcome__person")
    )


@require_safe
@door("reviews.view")
def step(request: HttpRequest, pk: int) -> HttpResponse:
    return _step_page(request, _subject(request, pk))


def _step_page(
    request: HttpRequest, subject: Subject, open_form: Any = None, respect: str = "", outcome_form: Any = None
) -> HttpResponse:
    """The page of a step; a form that was refused is shown again with what was typed."""
    review = get_review(request, subject.review_id)
    known: StepOutcome | None = getattr(subject, "outcome", None)
    context = frame(request, review, "process", subject=subject, known_outcome=known)
    signals = _signals(request, review)
    cards = []
    for card in judgements.cards(subject):
        form = open_form if open_form is not None and card.respect == respect else None
        if form is None and context["can"]["judge"]:
            form = JudgementForm(signals, instance=card.judgement or Judgement(), prefix=card.respect)
        cards.append((card, form))
    if outcome_form is None and context["can"]["judge"]:
        outcome_form = OutcomeForm(instance=known or StepOutcome(), prefix="outcome")
    context |= {
        "cards": cards,
        "outcome_form": outcome_form,
        "answers": rounds.revealed_about(subject),
        "findings": list(Finding.objects.filter(subject=subject).exclude(state=Finding.State.MERGED)),
        "neighbours": _neighbours(subject),
    }
    wrong = bool((open_form is not None and open_form.errors) or (outcome_form is not None and outcome_form.errors))
    return render(request, "reviews/step.html", context, status=422 if wrong else 200)


def _signals(request: HttpRequest, review: Review) -> list[tuple[str, str]]:
    """Signals of the series of the criteria, to be linked as evidence."""
    series = Criterion.objects.filter(review=review, series__isnull=False).values("series")
    rows = access.visible_to(person_of(request), Signal).filter(series__in=series).select_related(*WITH_SERIES)
    return [(str(signal.pk), wording.narrate(signal).fact) for signal in rows[:SIGNALS]]


def _neighbours(subject: Subject) -> dict[str, Subject | None]:
    """The step or feature before and after this one, for going through them."""
    rows = list(judgements.under_review(subject.review))
    here = next(place for place, row in enumerate(rows) if row.pk == subject.pk)
    return {
        "previous": rows[here - 1] if here else None,
        "next": rows[here + 1] if here + 1 < len(rows) else None,
    }


@require_POST
@door("reviews.judge")
def judge(request: HttpRequest, pk: int, respect: str) -> HttpResponse:
    subject = _subject(request, pk, "reviews.judge")
    known = Judgement.objects.filter(subject=subject, respect=respect).first()
    form = JudgementForm(_signals(request, subject.review), request.POST, instance=known or Judgement(), prefix=respect)
    if form.is_valid():
        done = attempt(
            form,
            lambda: workflow.judge(
                person_of(request),
                subject,
                respect,
                form.base_version,
                form.base_values,
                form.mine,
                form.links,
            ),
        )
        if done is not None:
            messages.success(request, _("%(about)s is judged.") % {"about": f"{subject}, {done.get_respect_display()}"})
            return redirect(done)
    return _step_page(request, subject, open_form=form, respect=respect)


@require_POST
@door("reviews.judge")
def step_outcome(request: HttpRequest, pk: int) -> HttpResponse:
    subject = _subject(request, pk, "reviews.judge")
    known = StepOutcome.objects.filter(subject=subject).first()
    form = OutcomeForm(request.POST, instance=known or StepOutcome(), prefix="outcome")
    if form.is_valid():
        done = attempt(
            form,
            lambda: workflow.choose_outcome(
                person_of(request),
                subject,
                form.base_version,
                form.base_values,
                form.mine,
            ),
        )
        if done is not None:
            messages.success(request, _("The outcome of “%(step)s” is recorded.") % {"step": subject})
            return redirect(_back_to_round(request, subject) or subject.get_absolute_url())
    return _step_page(request, subject, outcome_form=form)


def _back_to_round(request: HttpRequest, subject: Subject) -> str:
    """The reveal page from which the outcome was chosen, by the id of its round; else nowhere."""
    for line in rounds.rounds(subject.review):
        if str(line.round.pk) == request.POST.get("round", ""):
            return f"{line.round.get_absolute_url()}#step-{subject.pk}"
    return ""


@require_POST
@door("reviews.find")
def remove_evidence(request: HttpRequest, pk: int) -> HttpResponse:
    evidence = access.fetch(person_of(request), Evidence, pk)
    thing = evidence.finding or evidence.judgement
    workflow.remove_evidence(person_of(request), evidence)
    messages.success(request, _("The link to the evidence is taken away; the trail keeps it."))
    return redirect(thing.get_absolute_url() if thing else evidence.review.get_absolute_url())
