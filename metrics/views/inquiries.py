"""Questions on signals: the list, one question, and its verbs."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import redirect, render
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_POST, require_safe

from metrics import states, wording
from metrics.forms.asking import AnswerForm, AskForm, LookForm
from metrics.models import Analysis, Inquiry, Signal
from metrics.queries import inquiries as questions
from metrics.queries import metrics as measured
from metrics.queries import signals as found
from metrics.queries import standings
from metrics.queries.analyses import analysis_of, rows_of
from metrics.queries.closer import season_of
from metrics.tables import inquiries as table
from metrics.views.board import signal_context
from metrics.views.links import point_url, review_url
from metrics.workflow import inquiries as verbs
from teams import access, answers
from teams.access import door, person_of
from teams.lists import CHOICE, Filter, Listing
from teams.refusals import Refused


def _of(rows: QuerySet[Inquiry], value: str) -> QuerySet[Inquiry]:
    if value == "open":
        return rows.exclude(state=states.ANSWERED)
    return rows.filter(state=value)


STATES = Filter("state", _("State"), _of, CHOICE, [("open", _("open")), *Inquiry.State.choices])


@require_safe
@door("metrics.view")
def inquiries(request: HttpRequest) -> HttpResponseBase:
    rows = questions.inquiries(person_of(request))
    words = Filter("words", _("Words"), ("question", "answer", "notes"))
    listing = Listing(request, rows, table.COLUMNS, [STATES, words], "-asked_at", caption=_("Questions on signals"))
    return listing.export("questions") or render(request, "metrics/inquiries.html", {"listing": listing})


@require_POST
@door("metrics.ask")
def ask(request: HttpRequest, pk: int) -> HttpResponse:
    signal = access.fetch(request.user, Signal, pk, "metrics.ask")
    form = AskForm(questions.may_be_asked(signal), request.POST)
    if form.is_valid():
        try:
            return redirect(verbs.ask(person_of(request), signal, **form.cleaned_data))
        except Refused as refused:
            answers.refuse(form, refused)
    return answers.page(request, "metrics/signal.html", signal_context(request.user, pk, ask=form))


@require_safe
@door("metrics.view")
def inquiry(request: HttpRequest, pk: int) -> HttpResponse:
    """One question with the signal, the rows behind it and what may be done now."""
    access.fetch(request.user, Inquiry, pk)
    return render(request, "metrics/inquiry.html", _context(request, pk))


@require_POST
@door("metrics.answer")
def look_into(request: HttpRequest, pk: int) -> HttpResponse:
    one = access.fetch(request.user, Inquiry, pk, "metrics.answer")
    form = LookForm(request.POST)
    if form.is_valid():
        try:
            made = verbs.look_into(person_of(request), one, **form.cleaned_data)
            messages.success(request, _("Your notes are kept."))
            return redirect(made)
        except Refused as refused:
            # The words of both stand on the page now: sent again, they replace what was shown.
            form.data = {**request.POST.dict(), "seen": Inquiry.objects.get(pk=pk).notes}
            answers.refuse(form, refused)
    return answers.page(request, "metrics/inquiry.html", _context(request, pk, look=form))


@require_POST
@door("metrics.answer")
def answer_inquiry(request: HttpRequest, pk: int) -> HttpResponse:
    one = access.fetch(request.user, Inquiry, pk, "metrics.answer")
    form = AnswerForm(request.POST)
    if form.is_valid():
        try:
            given = form.cleaned_data
            made = verbs.answer(person_of(request), one, given["answer"], given["leads_to"])
            messages.success(request, _("The question is answered."))
            return redirect(made)
        except Refused as refused:
            answers.refuse(form, refused)
    return answers.page(request, "metrics/inquiry.html", _context(request, pk, answer=form))


def _context(
    request: HttpRequest, pk: int, look: LookForm | None = None, answer: AnswerForm | None = None
) -> dict[str, Any]:
    person = person_of(request)
    one = questions.inquiries(person).get(pk=pk)
    signal = found.signals(person).select_related("series__closer_look").filter(pk=one.signal_id).first()
    may = one.state != states.ANSWERED and access.may(person, "metrics.answer", one)
    context: dict[str, Any] = {
        "inquiry": one,
        "state_words": one.get_state_display(),
        "look": (look or LookForm(initial={"notes": one.notes, "seen": one.notes})) if may else None,
        "unsent": None if may else look or answer,
        "answer": (answer or AnswerForm()) if may else None,
        "signal": signal,
    }
    if signal is not None:
        judged = standings.standings([signal.series_id]).get(signal.series_id)
        analysis = analysis_of(signal.series_id)
        season = season_of(signal.series, analysis)
        context["narration"] = wording.narrate(signal, measured.marks(signal.series), judged, season)
        context["rows"] = _behind(person, signal, analysis)
        wants_review = one.leads_to == Inquiry.LeadsTo.REVIEW
        context["review_url"] = review_url(person, signal) if wants_review else ""
    return context


def _behind(person: Any, signal: Signal, analysis: Analysis | None) -> list[table.Behind]:
    """The values that the signal is made of, each with the address of the rows behind it for who may read them."""
    if analysis is None:
        return []
    url_of = point_url(signal.series) if access.may(person, "metrics.rows", signal.series.unit) else None
    rows = [row for row in rows_of(analysis) if signal.first_day <= row.day <= signal.last_day]
    return table.behind(signal.series.metric, rows[-table.SHOWN :], analysis.amr, url_of)
