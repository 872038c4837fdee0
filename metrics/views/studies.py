"""Comparisons: asked in the address, answered by the worker, shown from the stored answer."""

from __future__ import annotations

import base64
from dataclasses import replace
from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, QueryDict
from django.http.response import HttpResponseBase
from django.shortcuts import redirect, render
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_http_methods

from metrics import charts, wording
from metrics.charts import groups as drawing
from metrics.forms.studies import CompareForm
from metrics.models import Metric, Series, Study
from metrics.queries import analyses, board, signals
from metrics.queries import metrics as of_metrics
from metrics.queries import studies as questions
from metrics.queries.board import Choices
from metrics.queries.studies import Asked
from metrics.tables import studies as table
from metrics.trends import Points, unpack
from metrics.wording import comparing
from metrics.wording.small import by_line, summed_line
from metrics.workflow import studies as workflow
from teams import exports
from teams.access import door

get_or_post = require_http_methods(["GET", "HEAD", "POST"])
SMALL_SHOWN, CHANGES_SHOWN = 60, 8


def given_of(request: HttpRequest) -> QueryDict | None:
    """The question as it was asked: in the body of a POST, else in the address; None where nothing is asked yet."""
    if request.method == "POST":
        return request.POST
    return request.GET if request.GET.get("metric") else None


def choices_of(person: Any) -> Choices:
    """What the filters of a comparison offer; departments where there are two to compare."""
    found = questions.departments(person)
    return replace(board.choices(person), department=found if len(found) > 1 else ())


def half_asked(request: HttpRequest, *needed: str) -> dict[str, Any] | None:
    """What an address brings that fills a form in without asking yet: a link from a metric names only the metric."""
    if request.method == "POST" or all(request.GET.get(name) for name in needed):
        return None
    return request.GET.dict()


def address(request: HttpRequest, given: QueryDict, **changes: str) -> str:
    """The address that holds the question and nothing else."""
    kept = given.copy()
    for name in ("csrfmiddlewaretoken", "export", "sort"):
        kept.pop(name, None)
    for name in [name for name, value in kept.items() if not value]:
        kept.pop(name)
    for name, value in changes.items():
        kept[name] = value
    return f"{request.path}?{kept.urlencode()}"


def state_of(request: HttpRequest, asked: Asked | None) -> dict[str, Any]:
    """The stored answer, whether it is stale, and the job that is on its way."""
    study = questions.stored(asked) if asked else None
    job = questions.job_of(request.user, study) if asked else None  # type: ignore[arg-type]
    fresh = study is not None and asked is not None and study.facts is not None and study.stamp == asked.stamp
    waiting = job is not None and (job.unfinished or (job.state == "failed" and not fresh))
    return {
        "study": study,
        "facts": study.facts if study else None,
        "fresh": fresh,
        "stale": study is not None and study.facts is not None and not fresh,
        "job": job if waiting else None,
        "asked": asked,
    }


@get_or_post
@door("metrics.view")
def compare(request: HttpRequest) -> HttpResponseBase:
    """Teams, services, products or channels side by side."""
    person: Any = request.user
    given = given_of(request)
    form = CompareForm(choices_of(person), given)
    asked: Asked | None = None
    groups: dict[int, list[Series]] = {}
    if form.is_valid():
        told = form.cleaned_data
        asked, groups = questions.groups_asked(person, told["metric"], told["by"], form.place, *form.days)
    if request.method == "POST":
        return _ask(request, asked, given, form)
    context = {"form": form, "given": given, **state_of(request, asked)}
    if asked is not None and given is not None:
        facts = context["facts"]
        asked_file = request.GET.get("export", "")
        if facts and not facts.get("problem") and asked_file in (exports.CSV, exports.XLSX):
            header, rows = table.file_of(facts, asked.names, request.GET.get("sort", ""))
            return exports.response(str(asked.metric), asked_file, header, rows)
        context |= {"metric": asked.metric, "here": address(request, given), "hidden": hidden_of(given)}
        context |= _compared(asked, context["study"], facts, groups) if facts else {}
        context |= {"file": {form: address(request, given, export=form) for form in (exports.CSV, exports.XLSX)}}
    return render(request, "metrics/compare.html", context, status=422 if given is not None and form.errors else 200)


def hidden_of(given: QueryDict) -> list[tuple[str, str]]:
    return [(name, str(value)) for name, value in given.items() if value and name not in ("export", "sort")]


def _ask(request: HttpRequest, asked: Asked | None, given: QueryDict | None, form: Any) -> HttpResponse:
    if asked is None or given is None:
        # What the person does not see is not there to be compared.
        return render(request, "metrics/compare.html", {"form": form, "given": given}, status=422)
    return asked_once(request, asked, given)


def asked_once(request: HttpRequest, asked: Asked, given: QueryDict) -> HttpResponse:
    """Ask the worker and lead to the address of the question; where its answer is there already, straight to that."""
    study = workflow.ask(request.user, asked)  # type: ignore[arg-type]
    if study.facts is None or study.stamp != asked.stamp:
        messages.success(request, _("The comparison is being computed."))
    return redirect(address(request, given))


def _compared(asked: Asked, study: Study, facts: dict[str, Any], groups: dict[int, list[Series]]) -> dict[str, Any]:
    """Sentences, charts and table of the stored answer."""
    problem = facts.get("problem")
    if problem and "groups" not in facts:
        return {"problem": comparing.PROBLEMS[problem]}
    metric, names = asked.metric, asked.names
    urls = {group: rows[0].get_absolute_url() for group, rows in groups.items() if len(rows) == 1}
    narration = comparing.narrate_groups(metric, facts, names)
    found = _small(facts, groups)
    sparks = _sparks(found)
    small = {group: points for group, points in found.items() if sparks.get(group) is not None}
    lines = table.lines(metric, facts, names, urls, sparks)
    return {
        "problem": comparing.PROBLEMS[problem] if problem else "",
        "narration": None if problem else narration,
        **_changed(facts, groups),
        "settings_line": comparing.groups_line(facts),
        "small_lines": _small_lines(asked, study, small, groups),
        "small_summed": [names[group] for group in small if len(groups[group]) > 1],
        "method": comparing.method_lines(facts, metric.direction),
        "chart": drawing.intervals(metric, facts, names),
        "funnel": drawing.funnel(metric, facts, names),
        "lines": lines,
        # Ready-made numbers come without what they were counted from.
        "counted": any(line.size for line in lines),
        # The second of a pair: another one than the first stands on top.
        "pairs": [*lines[1:], *lines[:1]] if len(lines) > 1 else [],
        "bands": facts["bands"],
        "period": _period(metric, facts),
    }


def _changed(facts: dict[str, Any], groups: dict[int, list[Series]]) -> dict[str, Any]:
    """The confirmed changes within the period, which a level over the whole of it does not show."""
    ids = [row.pk for rows in groups.values() for row in rows]
    found = signals.confirmed_within(ids, facts["first"], facts["last"])
    shown = [(one, wording.narrate(one).fact) for one in found[:CHANGES_SHOWN]]
    return {
        "changed": shown,
        "changed_words": comparing.changed_within(len(found)),
        "more_changed": len(found) - len(shown),
    }


def _period(metric: Metric, facts: dict[str, Any]) -> tuple[str, str]:
    return wording.day_of(facts["first"], metric.period), wording.day_of(facts["last"], metric.period)


def _small(facts: dict[str, Any], groups: dict[int, list[Series]]) -> dict[int, Points]:
    """The stored chart of each group: of its series, or of the sum that the worker analysed."""
    single = {rows[0].pk: group for group, rows in groups.items() if len(rows) == 1}
    found: dict[int, Points] = {}
    if len(groups) <= SMALL_SHOWN:
        for series, blob in analyses.tails(list(single)).items():
            found[single[series]] = unpack(blob)
        for group, text in facts.get("points", {}).items():
            if int(group) in groups:
                found[int(group)] = unpack(base64.b64decode(text))
    return found


def _small_lines(
    asked: Asked, study: Study, small: dict[int, Points], groups: dict[int, list[Series]]
) -> list[tuple[str, str]]:
    """By which rules these were made: (settings line, of which groups)."""
    single = {group: groups[group][0].pk for group in small if len(groups[group]) == 1}
    stored = analyses.made_by(list(single.values()))
    summed = len(single) < len(small)
    definition = of_metrics.definition_on(asked.metric, study.computed_at) if summed else None
    told: list[tuple[str, str]] = []
    for group in sorted(small, key=lambda group: asked.names[group].casefold()):
        own = stored.get(single.get(group, 0))
        line = wording.settings_line(own) if own else summed_line(asked.metric, small[group], definition)
        told.append((asked.names[group], line))
    return by_line(told)


def _sparks(found: dict[int, Points]) -> dict[int, charts.Spark | None]:
    """All of them on one scale."""
    reached = [span for span in map(charts.reach, found.values()) if span]
    if not reached:
        return {}
    scale = min(low for low, _high in reached), max(high for _low, high in reached)
    return {group: charts.sparkline(points, scale) for group, points in found.items()}
