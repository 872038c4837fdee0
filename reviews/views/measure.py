"""The measure stage: the criteria with their charts, and the conclusions."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_http_methods, require_safe

from metrics import charts, wording
from metrics.models import Analysis, Mark, Signal
from metrics.queries import analyses
from metrics.queries.analyses import PointRow, drawn_rebases, rows_of
from metrics.queries.signals import current_of
from metrics.trajectories import paths_of
from metrics.wording import outlooks
from reviews import workflow, xray
from reviews.forms.judging import ConclusionForm
from reviews.models import Conclusion, Criterion, Finding, Judgement
from reviews.queries import conclusions
from reviews.views.frame import attempt, frame, get_review, posted
from teams import access
from teams.access import door, person_of


@dataclass(frozen=True)
class Special:
    """A point that belongs to a special cause, with the address at which a finding is raised from it."""

    day: str
    value: str
    rules: str
    kind: str
    raise_url: str


@dataclass(frozen=True)
class Pictured:
    """A criterion with its chart and its special-cause points within the period, newest first."""

    line: conclusions.CriterionLine
    title: str
    chart: dict[str, Any] | None
    chart_id: str
    special: list[Special]
    settings: str
    chance: str = ""


@require_safe
@door("reviews.view")
def review_measure(request: HttpRequest, pk: int) -> HttpResponse:
    review = get_review(request, pk)
    lines = conclusions.lines(review)
    series = [line.analysis.series_id for line in lines if line.analysis]
    rows = access.visible_to(person_of(request), Analysis).filter(series__in=series)
    seen = set(rows.values_list("series_id", flat=True))
    signals = current_of(seen)
    for line in lines:
        if line.analysis and line.analysis.series_id in signals:
            signals[line.analysis.series_id].series = line.analysis.series
    marks: dict[int, list[Mark]] = {}
    for mark in Mark.objects.filter(series__in=seen).order_by("day"):
        marks.setdefault(mark.series_id, []).append(mark)
    pictured: list[Pictured] = []
    for line in lines:
        drawn = next((each for each in pictured if each.chart and each.line.criterion.series_id == _series(line)), None)
        pictured.append(_again(line, drawn) if drawn else _pictured(line, seen, signals, marks))
    concluded = sum(line.conclusion is not None for line in lines)
    context = frame(
        request,
        review,
        "measure",
        pictured=pictured,
        concluded=concluded,
        total=len(lines),
        xray=xray.of_work(review, lines),
    )
    return render(request, "reviews/review_measure.html", context)


def _series(line: conclusions.CriterionLine) -> int | None:
    return line.criterion.series_id


def _again(line: conclusions.CriterionLine, drawn: Pictured) -> Pictured:
    """Two criteria on one series share its chart."""
    return Pictured(line, drawn.title, None, drawn.chart_id, [], drawn.settings, _chance(line))


def _chance(line: conclusions.CriterionLine) -> str:
    """What the chart's level means for the target and the criterion's threshold, in words."""
    return outlooks.criterion_told(line.analysis, line.criterion.threshold) if line.analysis else ""


def _pictured(
    line: conclusions.CriterionLine, seen: set[int], signals: dict[int, Signal], marks: dict[int, list[Mark]]
) -> Pictured:
    analysis = line.analysis
    if analysis is None or analysis.series_id not in seen:
        return Pictured(line, line.criterion.measure, None, "", [], "")
    rows = rows_of(analysis)
    review = line.criterion.review
    first, last = review.first_day.toordinal(), review.last_day.toordinal()
    within = [row for row in rows if first <= row.day <= last]
    title = wording.headline(analysis.series, analysis, signals.get(analysis.series_id))
    own = [mark for mark in marks.get(analysis.series_id, []) if first <= mark.day.toordinal() <= last]
    paths = paths_of(analysis.settings, last)
    rebases = [one for one in drawn_rebases(analysis.settings) if review.first_day <= one.day <= review.last_day]
    return Pictured(
        line=line,
        title=title,
        chart=charts.figure_of(analysis.series.metric, within, own, rebases, paths=paths) if within else None,
        chart_id=f"criterion-chart-{line.criterion.pk}",
        special=[_special(row, analysis) for row in reversed(within) if row.kind != "common_cause"],
        settings=wording.settings_line(analysis),
        chance=_chance(line),
    )


def _special(row: PointRow, analysis: Analysis) -> Special:
    metric = analysis.series.metric
    decimals = wording.decimals_of(analysis.amr, metric.kind)
    return Special(
        day=wording.day_of(row.day, metric.period),
        value=wording.amount(row.value, metric, decimals),
        rules=wording.rule_words(row.rules),
        kind=row.kind,
        raise_url=reverse("raise-finding", args=["point", f"{analysis.series_id}:{row.day}"]),
    )


@require_http_methods(["GET", "HEAD", "POST"])
@door("reviews.judge")
def conclusion(request: HttpRequest, pk: int) -> HttpResponse:
    criterion = access.fetch(person_of(request), Criterion, pk, "reviews.judge")
    review = get_review(request, criterion.review_id)
    criterion.review = review
    known = Conclusion.objects.filter(criterion=criterion).select_related("person").first()
    analysis = analyses.analysis_of(criterion.series_id) if criterion.series_id else None
    found = conclusions.rule_result(criterion, analysis)
    sees = analysis is not None and access.may(person_of(request), "metrics.view", analysis.series.unit)
    form = ConclusionForm(posted(request), instance=known or Conclusion(), initial=_first(known, found))
    if request.method == "POST" and form.is_valid():
        done = attempt(
            form,
            lambda: workflow.conclude_criterion(
                person_of(request),
                criterion,
                form.base_version,
                form.base_values,
                form.mine,
            ),
        )
        if done is not None:
            messages.success(request, _("“%(name)s” is concluded.") % {"name": criterion.name})
            return redirect("review-measure", review.pk)
    context = frame(
        request,
        review,
        "measure",
        criterion=criterion,
        known=known,
        found=found,
        chance=outlooks.criterion_told(analysis, criterion.threshold) if analysis and sees else "",
        form=form,
        findings=list(Finding.objects.filter(criterion=criterion).exclude(state=Finding.State.MERGED)),
    )
    return render(request, "reviews/conclusion.html", context, status=422 if form.errors else 200)


def _first(known: Conclusion | None, found: conclusions.RuleResult) -> dict[str, Any]:
    """The rule's result is offered first, where it has one."""
    offered = found.rating != Judgement.Rating.NOT_ENOUGH
    return {"rating": found.rating} if known is None and offered else {}
