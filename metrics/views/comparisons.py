"""Before and after: ask for a comparison, read it, choose the series beside it."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from metrics import charts, wording
from metrics.charts.effects import with_levels
from metrics.forms.comparisons import AgainstForm, CompareForm
from metrics.models import Analysis, Comparison, Mark
from metrics.queries import analyses
from metrics.queries import comparisons as questions
from metrics.queries import metrics as of_metrics
from metrics.tables.effects import effect_part, seen_by, told_of
from metrics.views.links import point_url
from metrics.views.series import fetch_series, get_or_post
from metrics.workflow import comparisons as workflow
from teams import access, answers
from teams.access import door
from teams.refusals import Refused


@get_or_post
@door("metrics.mark")
def compare(request: HttpRequest, pk: int) -> HttpResponse:
    one = fetch_series(request, pk, "metrics.mark")
    asked = {name: request.GET[name] for name in ("day", "label") if request.GET.get(name)}
    form = CompareForm(request.POST or None, initial=asked)
    if form.is_valid():
        try:
            made = workflow.compare(request.user, one, **form.cleaned_data)  # type: ignore[arg-type]
            messages.success(request, _("Before and after are being compared."))
            return redirect(made)
        except Refused as refused:
            answers.refuse(form, refused)
    context = {"series": one, "form": form, "title": _("Compare before and after"), "verb": _("Compare")}
    return answers.page(request, "metrics/series_form.html", context)


@require_safe
@door("metrics.view")
def comparison(request: HttpRequest, pk: int) -> HttpResponse:
    """One comparison: the chart with both levels, the sentences, the dates tried with nothing done."""
    return _page(request, access.fetch(request.user, Comparison, pk), None)


@require_POST
@door("metrics.mark")
def set_against(request: HttpRequest, pk: int) -> HttpResponse:
    one = access.fetch(request.user, Comparison, pk, "metrics.mark")
    name = told_of(request.user, one).against
    form = AgainstForm(questions.candidates(request.user, one), one.against, request.POST, name=name)  # type: ignore[arg-type]
    if form.is_valid():
        try:
            workflow.set_against(request.user, one, form.picked)  # type: ignore[arg-type]
            messages.success(request, _("The comparison is being computed again."))
            return redirect(one)
        except Refused as refused:
            answers.refuse(form, refused)
    return _page(request, one, form)


@require_POST
@door("metrics.mark")
def remove_comparison(request: HttpRequest, pk: int) -> HttpResponse:
    one = access.fetch(request.user, Comparison, pk, "metrics.mark")
    workflow.remove(request.user, one)  # type: ignore[arg-type]
    messages.success(request, _("The comparison is gone; the trail keeps it."))
    return redirect("series", pk=one.series_id)


def _page(request: HttpRequest, found: Comparison, form: AgainstForm | None) -> HttpResponse:
    person: Any = request.user
    one = questions.with_series(found.pk)
    may_change = access.may(person, "metrics.mark", one.series.unit)
    marks = of_metrics.marks(one.series)
    told = told_of(person, one, questions.at_once(one, marks, questions.of_series(one.series)))
    if may_change and form is None:
        form = AgainstForm(questions.candidates(person, one), one.against, name=told.against)
    analysis = analyses.analysis_of(one.series)
    context = {
        "comparison": one,
        "series": one.series,
        "part": effect_part(seen_by(person, one, one.facts), told),
        "chart": _chart(person, one, marks, analysis) if analysis is not None else None,
        "settings_line": wording.settings_line(analysis) if analysis is not None else "",
        "form": form if may_change else None,
        "may_remove": may_change and not one.thing_id,
    }
    return answers.page(request, "metrics/comparison.html", context)


def _chart(person: Any, one: Comparison, marks: list[Mark], analysis: Analysis) -> dict[str, Any]:
    url_of = point_url(one.series) if access.may(person, "metrics.rows", one.series.unit) else None
    if questions.own_mark(one, marks) is None:
        # A day that a person named stands on the chart of its comparison alone.
        marks = [*marks, Mark(series=one.series, kind=Mark.Kind.NOTE, day=one.day, label=one.label)]
    rebases = of_metrics.rebases(one.series)
    drawn = charts.figure(analysis, marks, rebases, analyses.behind(one.series, charts.SHOWN), url_of)
    return with_levels(drawn, one.facts, one.until.toordinal(), one.day.toordinal())
