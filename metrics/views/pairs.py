"""Two of a kind: a gap between two groups in time, two metrics side by side, a total and its parts."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, QueryDict
from django.http.response import HttpResponseBase
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from metrics.charts import pairs as drawing
from metrics.forms.studies import CorrelateForm, GapForm
from metrics.models import Metric, Study
from metrics.queries import asking, board, signals
from metrics.queries.studies import Asked
from metrics.tables import pairs as table
from metrics.views.series import fetch_series
from metrics.views.studies import (
    address,
    asked_once,
    choices_of,
    get_or_post,
    given_of,
    half_asked,
    hidden_of,
    state_of,
)
from metrics.wording import comparing, day_of
from metrics.wording import pairs as wording
from metrics.workflow import studies as workflow
from teams import exports
from teams.access import door

PROBLEMS = {**comparing.PROBLEMS, **wording.PROBLEMS}


def _asked(
    request: HttpRequest, asked: Asked | None, given: QueryDict | None, template: str, form: Any
) -> HttpResponse:
    if asked is None or given is None:
        return render(request, template, {"form": form, "given": given}, status=422)
    return asked_once(request, asked, given)


def _page(request: HttpRequest, asked: Asked | None, given: QueryDict | None, form: Any) -> dict[str, Any]:
    context = {"form": form, "given": given, **state_of(request, asked)}
    if asked is None or given is None:
        return context
    facts = context["facts"] or {}
    told = {"metric": asked.metric, "here": address(request, given), "hidden": hidden_of(given)}
    told["problem"] = PROBLEMS[facts["problem"]] if facts.get("problem") else ""
    told["file"] = {form: address(request, given, export=form) for form in (exports.CSV, exports.XLSX)}
    return context | told


def _file_asked(request: HttpRequest, context: dict[str, Any]) -> str:
    asked = request.GET.get("export", "")
    usable = context.get("facts") and not context.get("problem")
    return asked if usable and asked in (exports.CSV, exports.XLSX) else ""


@get_or_post
@door("metrics.view")
def gap(request: HttpRequest) -> HttpResponseBase:
    """The difference between two teams, services, products or channels in time."""
    person: Any = request.user
    given = given_of(request)
    half = half_asked(request, "metric", "one", "other")
    if request.method == "POST" and given and given.get("metric") and not (given.get("one") or given.get("other")):
        # Which two there are depends on how the metric is parted: first that, then these.
        return redirect(address(request, given))
    given = None if half is not None else given
    form = GapForm(choices_of(person), given, initial=half)
    asked = None
    if form.is_valid():
        told = form.cleaned_data
        asked = asking.gap_asked(person, told["metric"], told["by"], form.place, form.days, told["one"], told["other"])
    if request.method == "POST":
        return _asked(request, asked, given, "metrics/gap.html", form)
    context = _page(request, asked, given, form)
    if asked is not None and context["facts"] and not context["problem"]:
        facts, metric = context["facts"], asked.metric
        one, other = (asked.names[asked.question[name]] for name in ("one", "other"))
        file = _file_asked(request, context)
        if file:
            return exports.response(f"{metric} {one} {other}", file, *table.gap_file(facts, one, other))
        context |= {
            "one": one,
            "other": other,
            "narration": wording.narrate_gap(metric, facts, one, other),
            "chart": drawing.gap(metric, facts),
            "lines": table.gap_lines(metric, facts),
        }
    return render(request, "metrics/gap.html", context, status=422 if given is not None and form.errors else 200)


@get_or_post
@door("metrics.view")
def correlate(request: HttpRequest) -> HttpResponseBase:
    """Two metrics side by side for one place, and over the units below it."""
    person: Any = request.user
    given = given_of(request)
    half = half_asked(request, "metric", "other")
    given = None if half is not None else given
    choices = board.choices(person)
    form = CorrelateForm(choices, asking.agreement_metrics(choices.metric), given, initial=half)
    found: tuple[Asked, Metric] | None = None
    if form.is_valid():
        told = form.cleaned_data
        found = asking.correlation_asked(
            person,
            told["metric"],
            told["other"],
            form.place,
            form.days,
            told.get("reliability"),
            told.get("agreement", ""),
        )
    asked = found[0] if found else None
    if request.method == "POST":
        return _asked(request, asked, given, "metrics/correlate.html", form)
    context = _page(request, asked, given, form)
    if found is not None and context["facts"] and not context["problem"]:
        facts, metric, other = context["facts"], found[0].metric, found[1]
        file = _file_asked(request, context)
        if file:
            return exports.response(f"{metric} {other}", file, *table.correlation_file(facts, metric, other))
        context |= {
            "other": other,
            "narration": wording.narrate_correlation(metric, other, facts),
            "settings_line": wording.correlation_line(facts),
            "chart": drawing.side_by_side(metric, other, facts),
            "scatter": drawing.scatter(metric, other, facts),
            "lags": table.lags(facts),
            "teams": wording.teams_sentence(metric, other, facts["teams"]),
            "teams_warning": wording.teams_warning(metric, other, facts["teams"]),
            "team_lines": table.teams(metric, other, facts["teams"], found[0].names),
            "swapped": address(request, given, metric=str(other.pk), other=str(metric.pk)) if given else "",
        }
    return render(request, "metrics/correlate.html", context, status=422 if given is not None and form.errors else 200)


@get_or_post
@door("metrics.view")
def mix(request: HttpRequest, pk: int) -> HttpResponse:
    """Why a total moved: its parts, or the shares of its parts."""
    total = fetch_series(request, pk)
    asked = asking.mixes_asked(total, signals.of_series(total.pk))
    if request.method == "POST":
        for one in asked:
            workflow.ask(request.user, one, total)  # type: ignore[arg-type]
        messages.success(request, _("The parts are being looked at."))
        return redirect(reverse("mix", args=[total.pk]))
    keys = {one.key: one for one in asked}
    rows = asking.mixes_of(request.user, total)  # type: ignore[arg-type]
    shown = [_split(study, names, total.metric) for study, names in rows]
    fresh = [study for study, _names in rows if study.key in keys and study.stamp == keys[study.key].stamp]
    states = [state_of(request, one) for one in asked[:1]]
    context = {
        "series": total,
        "metric": total.metric,
        "splits": shown,
        "can": bool(asked),
        "stale": bool(rows) and len(fresh) < len(asked),
        "job": states[0]["job"] if states else None,
        "study": rows[0][0] if rows else None,
        "facts": bool(rows),
        "here": request.path,
        "hidden": [],
    }
    return render(request, "metrics/mix.html", context)


def _split(study: Study, names: dict[int, str], metric: Metric) -> dict[str, Any]:
    facts: dict[str, Any] = study.facts or {}
    by = wording.BY[study.question["by"]]
    if facts.get("problem"):
        return {"by": by, "problem": PROBLEMS[facts["problem"]]}
    return {
        "by": by,
        "narration": wording.narrate_mix(metric, facts, names),
        "warns": facts["reading"] in wording.WARNINGS,
        "split": day_of(facts["split"], metric.period),
        "lines": table.mix_lines(metric, facts, names),
    }
