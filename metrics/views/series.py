"""The metric page: one series with its chart, its table, and what people set on it."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from typing import Any
from urllib.parse import urlencode

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import Http404, HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import redirect, render
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from metrics import charts, wording
from metrics.forms.metrics import NoteForm, RebaseForm
from metrics.forms.targets import TargetForm
from metrics.models import Analysis, Mark, Metric, Rebase, Series, Upload
from metrics.queries import analyses, certainty
from metrics.queries import metrics as questions
from metrics.queries import signals as found
from metrics.queries.agreements import OF_SCORINGS
from metrics.queries.closer import season_of
from metrics.queries.gaps import gaps_of
from metrics.queries.opened import Opened
from metrics.queries.opened import opened as open_series
from metrics.tables import points as table
from metrics.trajectories import paths_of
from metrics.views.links import finding_url, point_url, review_url
from metrics.views.sections import Page, sections_of
from metrics.wording.figures import end_of
from metrics.wording.periods import gaps_told, not_over
from metrics.wording.stretches import freshness
from metrics.wording.trajectories import trajectory_told
from metrics.workflow import marks as mark_verbs
from metrics.workflow import rebases, targets
from teams import access, answers, clock, exports
from teams.access import door
from teams.lists import Pager
from teams.models import Unit
from teams.refusals import Refused

get_or_post = require_http_methods(["GET", "HEAD", "POST"])
CASES_SHOWN = 200
# A page of the table holds a year of weeks.
POINTS_PER_PAGE = 52
# What a page offers, by the permission it needs for the series' unit.
MENU = {
    "may_target": "metrics.target",
    "may_propose": "metrics.propose_target",
    "may_rebase": "metrics.rebase",
    "may_note": "metrics.mark",
    "may_import": "metrics.import",
    "may_rows": "metrics.rows",
}


def fetch_series(request: HttpRequest, pk: int, permission: str | None = None) -> Series:
    """The series with its metric and dimensions, through the door: 404 and 403 as ``access.fetch`` has them."""
    try:
        one = questions.series(request.user).get(pk=pk)  # type: ignore[arg-type]
    except (Series.DoesNotExist, OverflowError):
        raise Http404 from None
    if permission:
        access.require(request.user, permission, one)
    return one


@require_safe
@door("metrics.view")
def series(request: HttpRequest, pk: int) -> HttpResponseBase:
    try:
        opened = open_series(request.user, pk)  # type: ignore[arg-type]
    except (Series.DoesNotExist, OverflowError):
        raise Http404 from None
    one, analysis = opened.series, opened.analysis
    asked = request.GET.get("export", "")
    most = None if asked in (exports.CSV, exports.XLSX) else charts.SHOWN
    rows = analyses.rows_of(analysis, analyses.behind(one, most), most) if analysis else []
    rows, basis = certainty.beside(one, rows)
    if most is None:
        return _export(one, rows, asked)
    page = _page(request, opened, rows, basis)
    context: dict[str, Any] = {"series": one, "metric": one.metric, "analysis": analysis, **_may(request, one)}
    context |= _told(page, opened)
    find_of = finding_url(request.user, one, context["review_url"])
    context |= _drawn(page, point_url(one) if context["may_rows"] else None, find_of)
    context["sections"] = sections_of(page)
    return render(request, "metrics/series.html", context)


def _page(request: HttpRequest, opened: Opened, rows: list[analyses.PointRow], basis: str | None) -> Page:
    """The series with its signals and marks, read once for all sections."""
    one = opened.series
    signals = found.of_series(one.pk)
    return Page(
        person=request.user,
        series=one,
        analysis=opened.analysis,
        rows=rows,
        basis=basis,
        has_mix=opened.has_mix,
        signals=signals,
        leading=found.leading(signal for signal in signals if signal.current and not signal.gone).get(one.pk),
        marks=questions.marks(one),
        rebases=questions.rebases(one),
        asked=request.GET.dict(),
    )


def _export(one: Series, rows: list[analyses.PointRow], form: str) -> HttpResponseBase:
    survey = certainty.survey_of(one.metric)
    columns = table.columns(survey.get_weighted_display() if survey else "")
    values = ([column.of(row) for column in columns] for row in rows)
    return exports.response(str(one), form, [column.title for column in columns], values)


def _may(request: HttpRequest, one: Series) -> dict[str, bool]:
    held = {name: access.may(request.user, permission, one.unit) for name, permission in MENU.items()}
    held["may_type"] = held["may_import"] and one.metric.source_id is None and not one.rolled_up
    held["may_edit"] = access.may(request.user, "metrics.edit", one.metric.unit)
    return held


def _told(page: Page, opened: Opened) -> dict[str, Any]:
    """The sentences above and below the chart."""
    leading = page.leading
    season = season_of(page.series, page.analysis)
    return {
        "narration": wording.narrate(leading, page.marks, opened.judged, season, below=True) if leading else None,
        "headline": wording.headline(page.series, page.analysis, leading),
        "review_url": review_url(page.person, leading),
        "running": opened.running,
        "not_over": not_over(page.series),
    }


def _drawn(page: Page, url_of: Callable[[int], str] | None, find_of: Callable[[int], str] | None) -> dict[str, Any]:
    """Chart and table of the stored analysis, its icons and cautions."""
    one, analysis = page.series, page.analysis
    if analysis is None:
        return {"lines": [], "chart": None}
    decimals = wording.decimals_of(analysis.amr, one.metric.kind)
    shown = page.rows[-page.drawn :]
    second = page.asked.get("second") == "on"
    paths = paths_of(analysis.settings)
    facts = {name: getattr(analysis, name) for name in ("latest", "mean", "target")}
    return {
        "chart": charts.figure_of(one.metric, shown, page.marks, page.rebases, url_of, find_of, second, paths),
        **_table(page, analysis, url_of, find_of),
        "may_find": find_of is not None,
        "second": second,
        "trajectory": trajectory_told(analysis, page.rows),
        "has_planned": any(row.planned is not None for row in page.rows),
        "second_opinion": wording.second_opinion(analyses.points_of(analysis), one.metric),
        "freshness": freshness(analysis, one.metric, clock.today().toordinal()),
        "usual": _usual(one.metric, analysis, decimals),
        "limits_vary": analysis.settings.get("chart") in ("p", "u"),
        "has_intervals": any(row.low is not None for row in page.rows),
        "has_responses": any(row.response is not None for row in page.rows),
        "left_out": (older := len(analyses.points_of(analysis)) - len(shown)),
        "export_only": len(analyses.points_of(analysis)) - len(page.rows),
        "all_url": f"{one.get_absolute_url()}?points=all" if older and page.drawn < charts.SHOWN else "",
        "variation": wording.variation_icon(analysis.variation, one.metric.direction),
        "assurance": wording.assurance_icon(analysis.assurance, one.metric.direction),
        "figures": {name: wording.amount(value, one.metric, decimals) for name, value in facts.items()},
        "latest_period": wording.day_of(analysis.latest_day, one.metric.period),
        "notes": _cautions(one.metric, analysis),
        "settings_line": wording.settings_line(analysis),
    }


def _cautions(metric: Metric, analysis: Analysis) -> list[Any]:
    """What weakens the chart; first which periods it lacks."""
    gaps = gaps_told(gaps_of(analyses.points_of(analysis), metric.period), metric.period)
    return [*([gaps] if gaps else []), *wording.notes_of(analysis)]


def _usual(metric: Metric, analysis: Analysis, decimals: int) -> dict[str, Any] | None:
    """The limits in words; None where it is too early for any."""
    if analysis.lower is None or analysis.upper is None:
        return None
    ends = {name: wording.amount(getattr(analysis, name), metric, decimals) for name in ("lower", "upper")}
    return {**ends, "cut": wording.limits_are_cut(metric, analysis)}


def _table(
    page: Page, analysis: Analysis, url_of: Callable[[int], str] | None, find_of: Callable[[int], str] | None
) -> dict[str, Any]:
    """One page of the table behind the chart, the newest points first; the address says which."""
    asked = page.asked.get("table", "")
    here = Paginator(page.rows[::-1], POINTS_PER_PAGE).get_page(asked)
    around = (here.number - 1 if here.has_previous() else 0, here.number + 1 if here.has_next() else 0)
    kept = [(name, page.asked[name]) for name in ("points", "second") if name in page.asked]
    urls = [f"?{urlencode([*kept, ('table', str(to))])}#points" if to else "" for to in around]
    return {
        "lines": table.lines(page.series.metric, list(here)[::-1], analysis.amr, url_of, find_of),
        "pager": Pager(here.number, here.paginator.num_pages, *urls),
        "first_line": here.start_index(),
        "last_line": here.end_index(),
        "all_lines": len(page.rows),
        "table_open": bool(asked),
    }


@require_safe
@door("metrics.rows")
def point(request: HttpRequest, pk: int, day: str) -> HttpResponse:
    """The rows behind a point: what each upload said, the units summed, or the cases counted."""
    one = fetch_series(request, pk, "metrics.rows")
    first = _day(day).toordinal()
    last = end_of(first, one.metric.period)
    history = questions.history_of(one, first)
    if not history:
        raise Http404
    cases: list[Any] = []
    if one.metric.source_id is not None:
        cases = list(questions.cases_behind(request.user, one, first, last)[: CASES_SHOWN + 1])  # type: ignore[arg-type]
    parts = questions.parts_of(request.user, one, first) if one.rolled_up else []  # type: ignore[arg-type]
    scale = one.metric.scale
    brought = {row.upload.pk for row in history if row.upload} | {case.upload_id for case in cases}
    uploads = access.visible_to(request.user, Upload).filter(pk__in=brought)
    context = {
        "uploads_seen": set(uploads.values_list("pk", flat=True)),
        "series": one,
        "period": wording.day_of(first, one.metric.period),
        "thing": f"{one.pk}:{first}",
        "history": [(row, wording.amount(_value(row, scale), one.metric, 2)) for row in history],
        "parts": [(below, row, wording.amount(_value(row, scale), one.metric, 2)) for below, row in parts],
        "cases": table.case_lines(cases[:CASES_SHOWN]),
        "cases_more": len(cases) > CASES_SHOWN,
        "scored": one.metric.derived in OF_SCORINGS,
    }
    return render(request, "metrics/point.html", context)


def _value(row: Any, scale: float) -> float | None:
    if row.denominator is None:
        return float(row.numerator * scale)
    return float(row.numerator / row.denominator * scale) if row.denominator else None


def _day(text: str) -> dt.date:
    try:
        return dt.date.fromisoformat(text)
    except ValueError:
        raise Http404 from None


@get_or_post
@door("metrics.target")
def set_target(request: HttpRequest, pk: int) -> HttpResponse:
    one = fetch_series(request, pk, "metrics.target")
    units = access.visible_to(request.user, Unit, "metrics.target").filter(pk__in=one.unit.line_ids)
    form = TargetForm(units, one.metric.measure, request.POST or None, initial={"unit": one.unit_id})
    if form.is_valid():
        try:
            targets.set_target(request.user, one.metric, **form.cleaned_data)  # type: ignore[arg-type]
            messages.success(request, _("The target is set. The chart is being computed again."))
            return redirect(one)
        except Refused as refused:
            answers.refuse(form, refused)
    return _form_page(request, one, form, _("Set a target"), _("Set the target"))


@get_or_post
@door("metrics.rebase")
def rebase(request: HttpRequest, pk: int) -> HttpResponse:
    one = fetch_series(request, pk, "metrics.rebase")
    # A proposed change point leads here with its day; who sets it, and why, is never filled in.
    form = RebaseForm(request.POST or None, initial={"day": request.GET.get("day", "")})
    if form.is_valid():
        try:
            rebases.rebase(request.user, one, **form.cleaned_data)  # type: ignore[arg-type]
            messages.success(request, _("The limits begin anew. The chart is being computed again."))
            return redirect(one)
        except Refused as refused:
            answers.refuse(form, refused)
    return _form_page(request, one, form, _("Begin new limits"), _("Begin new limits"))


@require_POST
@door("metrics.rebase")
def withdraw_rebase(request: HttpRequest, pk: int) -> HttpResponse:
    one = rebases.withdraw(request.user, access.fetch(request.user, Rebase, pk, "metrics.rebase"))  # type: ignore[arg-type]
    messages.success(request, _("The rebase is withdrawn. The chart is being computed again."))
    return redirect("series", pk=one.series_id)


@get_or_post
@door("metrics.mark")
def note(request: HttpRequest, pk: int) -> HttpResponse:
    one = fetch_series(request, pk, "metrics.mark")
    form = NoteForm(request.POST or None)
    if form.is_valid():
        try:
            mark_verbs.note(request.user, one, **form.cleaned_data)  # type: ignore[arg-type]
            messages.success(request, _("The note stands on the chart."))
            return redirect(one)
        except Refused as refused:
            answers.refuse(form, refused)
    return _form_page(request, one, form, _("Note what happened"), _("Add the note"))


@require_POST
@door("metrics.mark")
def remove_note(request: HttpRequest, pk: int) -> HttpResponse:
    one = access.fetch(request.user, Mark, pk, "metrics.mark")
    mark_verbs.remove_note(request.user, one)  # type: ignore[arg-type]
    messages.success(request, _("The note is gone from the chart; the trail keeps it."))
    return redirect("series", pk=one.series_id)


def _form_page(request: HttpRequest, one: Series, form: Any, title: Any, verb: Any) -> HttpResponse:
    context = {"series": one, "form": form, "title": title, "verb": verb}
    return answers.page(request, "metrics/series_form.html", context)
