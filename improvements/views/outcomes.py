"""The outcome of an action: before and after on the control chart, and the verdict."""

from __future__ import annotations

import datetime as dt
from typing import Any

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.formats import date_format
from django.utils.translation import gettext as _now
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_http_methods, require_safe

from improvements import states, wording
from improvements.charts import change_label, outcome_figure
from improvements.forms.actions import VerdictForm
from improvements.models import Action, OutcomeCheck
from improvements.queries import lists
from improvements.queries.actions import may_plan_under, may_watch
from improvements.queries.outcomes import effect_of, facts_of, reading_of, watched
from improvements.workflow import outcomes as workflow
from improvements.workflow import watching
from metrics.charts.effects import with_levels
from metrics.models import Mark, Metric, Rebase
from metrics.queries import comparisons
from metrics.queries import metrics as of_metrics
from metrics.tables.effects import effect_part, seen_by, told_of
from metrics.trends import outcome as trends
from metrics.wording import amount, day_of, decimals_of, outcome_line, spread_of
from metrics.wording import figure as bare
from reviews import states as review_states
from reviews.ends import open_ends
from reviews.models import Review
from teams import access, answers, files
from teams.access import door, person_of
from teams.models import Person
from teams.refusals import Refused

get_or_post = require_http_methods(["GET", "HEAD", "POST"])


@get_or_post
@door("improvements.view")
def outcome(request: HttpRequest, pk: int) -> HttpResponse:
    """What the chart says, and what the verifier makes of it; a verdict is kept with the reading it stands on."""
    person = person_of(request)
    thing = access.fetch(person, Action, pk, related=lists.BESIDE)
    if thing.done_on is None:
        raise Http404
    if request.method == "POST":
        access.require(person, "improvements.verify", thing)
    checks = lists.checks_of(thing)
    rebases = of_metrics.rebases(thing.series) if thing.series else []
    facts = _facts(thing, checks, rebases)
    form = VerdictForm(workflow.MOVES, facts.get("offered", ""), facts.get("inputs", ""), request.POST or None)
    if request.method == "POST" and _kept(request, form, workflow.verify, thing):
        return redirect(thing)
    context = _context(person, thing, checks, facts, rebases)
    verifies = access.may(person, "improvements.verify", thing)
    context["may_watch"] = may_watch(person, thing, verifies)
    context["form"] = form if thing.state == states.DONE and verifies and person.pk != thing.owner_id else None
    return answers.page(request, "improvements/outcome.html", context)


@get_or_post
@door("improvements.verify")
def watch(request: HttpRequest, pk: int) -> HttpResponse:
    """An action that worked, looked at again: the chart as it stands now, and whether the effect lasts."""
    person = person_of(request)
    thing = access.fetch(person, Action, pk, "improvements.verify", related=lists.BESIDE)
    possible = [verdict for verdict, move in watching.MOVES.items() if states.ACTION.allows(thing.state, move)]
    if not possible and request.method != "POST":
        return redirect("outcome", thing.pk)
    rebases = of_metrics.rebases(thing.series) if thing.series else []
    facts = watched(reading_of(thing, rebases)) if thing.done_on else {}
    form = VerdictForm(
        possible or watching.MOVES, facts.get("offered", ""), facts.get("inputs", ""), request.POST or None
    )
    if request.method == "POST" and _kept(request, form, watching.watch, thing):
        return redirect(thing)
    context = _context(person, thing, lists.checks_of(thing), facts, rebases)
    context["may_watch"] = may_watch(person, thing, True)
    return answers.page(request, "improvements/outcome.html", {**context, "form": form, "watching": True})


def _kept(request: HttpRequest, form: VerdictForm, verb: Any, thing: Action) -> bool:
    """Whether the verdict is kept; what is refused stands at the form."""
    if not form.is_valid():
        return False
    given = form.cleaned_data
    try:
        verb(person_of(request), thing, given["verdict"], given["why"], given["seen"])
    except Refused as refused:
        answers.refuse(form, refused)
        return False
    messages.success(request, _("Your verdict is kept."))
    return True


def _facts(thing: Action, checks: list[OutcomeCheck], rebases: list[Rebase]) -> dict[str, Any]:
    """The reading as the data stand now; once the verdict is spoken, the reading it was spoken on."""
    if thing.state != states.DONE and checks:
        return dict(checks[0].facts)
    reading = reading_of(thing, rebases)
    return {**facts_of(reading), "effect": effect_of(thing)} if reading else {}


def _effect(person: Person, thing: Action, facts: dict[str, Any], marks: list[Mark]) -> dict[str, Any]:
    """What the comparison before and after says, and where it is; a verdict keeps the one that it was spoken on."""
    found = comparisons.of_thing(thing)
    if found is None:
        return {}
    read = seen_by(person, found, facts.get("effect", found.facts))
    # Who may read the action need not see the series; the words were frozen for them, the page was not.
    sees = access.may(person, "metrics.view", found)
    others = comparisons.at_once(found, marks, comparisons.of_series(found.series)) if sees else ()
    return {"part": effect_part(read, told_of(person, found, others)), "comparison": found if sees else None}


def _figure(
    thing: Action, facts: dict[str, Any], metric: Metric, marks: list[Mark], rebases: list[Rebase]
) -> dict[str, Any]:
    others = [one for one in marks if one.thing_id != str(thing.pk)]
    drawn = outcome_figure(facts, metric, thing.target, change_label(), others, rebases)
    until, change = (dt.date.fromisoformat(facts[name]).toordinal() for name in ("baseline_until", "change_on"))
    return with_levels(drawn, facts["effect"], until, change) if facts.get("effect") else drawn


def _context(
    person: Person, thing: Action, checks: list[OutcomeCheck], facts: dict[str, Any], rebases: list[Rebase]
) -> dict[str, Any]:
    metric = thing.series.metric if thing.series else None
    marks = of_metrics.marks(thing.series) if thing.series and facts else []
    return {
        "action": thing,
        "recommendation": thing.recommendation,
        "checks": checks,
        "facts": facts,
        "told": told(facts, metric, thing.target) if metric and facts else {},
        "figure": _figure(thing, facts, metric, marks, rebases) if metric and facts else None,
        "effect": _effect(person, thing, facts, marks) if metric and facts else {},
        "settings_line": outcome_line(facts.get("definition")) if metric and facts else "",
        "rows": rows(facts, metric) if metric and facts else [],
        "may_follow": thing.state in states.FAILED and may_plan_under(person, thing),
        "may_close": thing.state == states.EFFECTIVE and _may_close(person, thing.recommendation.review),
        "review": thing.recommendation.review,
    }


def _may_close(person: Person, review: Review) -> bool:
    """Whether closing the review is offered: nothing that hangs on it is open any more."""
    possible = review_states.REVIEW.allows(review.state, "close") and access.may(person, "reviews.edit", review)
    return possible and not open_ends(review)


def told(facts: dict[str, Any], metric: Metric, target: float | None) -> dict[str, Any]:
    """The reading in sentences and figures."""
    upper, mean = facts["upper"], facts["mean"]
    decimals = decimals_of(spread_of(mean, facts["lower"], upper), metric.kind)

    def figure(value: float | None) -> str:
        return amount(value, metric, decimals)

    def exact(value: float | None) -> str:
        """Means and limits are what a verdict is checked against: two digits more than a single value deserves."""
        return amount(value, metric, decimals + 2)

    enough = facts["enough_on"]
    return {
        "verdict": dict(OutcomeCheck.Verdict.choices)[facts["offered"]],
        "code": facts["offered"],
        "reasons": [wording.OUTCOME_REASONS[one] for one in _telling(facts)],
        "mean": exact(mean),
        "limits": f"{exact(facts['lower'])} – {exact(upper)}",
        "mean_after": exact(facts["mean_after"]),
        "difference": _difference(facts["difference"], metric, decimals + 2),
        "target": figure(target),
        "before": facts["before"],
        "after": facts["after"],
        "outside": sum(1 for side in facts["outside"] if side),
        "title": _title(facts, metric, figure),
        "missing": _missing(facts["missing_points"]) if facts["missing_points"] else "",
        "enough_on": date_format(dt.date.fromisoformat(enough)) if enough else "",
        "change_on": day_of(dt.date.fromisoformat(facts["change_on"]).toordinal(), metric.period),
    }


def _telling(facts: dict[str, Any]) -> list[str]:
    """The reasons worth saying: while points are missing, nothing is held against the few that are there."""
    if facts["offered"] != states.TOO_EARLY:
        return list(facts["reasons"])
    return [one for one in facts["reasons"] if one in (trends.TOO_FEW_AFTER, trends.TRIAL_BASELINE)]


def _difference(value: float | None, metric: Metric, decimals: int) -> str:
    """The difference with its sign; of percentages in percentage points."""
    if value is not None and metric.measure == "%":
        words = _now("%(points)s percentage points") % {"points": bare(value, decimals)}
    else:
        words = amount(value, metric, decimals)
    return f"+{words}" if value is not None and value > 0 else words


def _title(facts: dict[str, Any], metric: Metric, figure: Any) -> str:
    if facts["mean_after"] is None:
        return _now("%(metric)s: no value since the change yet") % {"metric": metric.name}
    return _now("%(metric)s averaged %(before)s before the change and %(after)s since") % {
        "metric": metric.name,
        "before": figure(facts["mean"]),
        "after": figure(facts["mean_after"]),
    }


def _missing(count: int) -> str:
    return ngettext("%(n)s more point is needed.", "%(n)s more points are needed.", count) % {"n": count}


def rows(facts: dict[str, Any], metric: Metric) -> list[dict[str, Any]]:
    """The table under the chart: the points after the change, read by the limits of before."""
    decimals = decimals_of(spread_of(facts["mean"], facts["lower"], facts["upper"]), metric.kind)
    lines = zip(facts["after_days"], facts["after_values"], facts["outside"], facts["shifted"], strict=True)
    return [
        {
            "day": day_of(day, metric.period),
            "value": amount(value, metric, decimals),
            "outside": outside,
            "shifted": shifted,
        }
        for day, value, outside, shifted in lines
    ]


@require_safe
@door("improvements.view")
def proof(request: HttpRequest, pk: int) -> Any:
    """The file that proves an action, through the door of the action."""
    thing = access.fetch(person_of(request), Action, pk)
    if thing.proof_file is None:
        raise Http404
    return files.download(thing.proof_file)
