"""What a new review may be filled with: from a signal, or from what is usual."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass, field
from typing import Any

from django.utils.translation import gettext as _

from metrics import wording
from metrics.models import Signal, Target
from metrics.queries import analyses
from metrics.wording.figures import end_of
from reviews.models import Criterion
from teams import clock

TWO_YEARS = 730


@dataclass(frozen=True)
class Suggestion:
    """First values of the form, and the criterion that goes with them in words and as fields."""

    initial: dict[str, Any]
    criterion: dict[str, Any] = field(default_factory=dict)
    words: str = ""


def from_nothing() -> Suggestion:
    """The last two years until today."""
    today = clock.today()
    return Suggestion({"first_day": today - dt.timedelta(days=TWO_YEARS - 1), "last_day": today})


def from_signal(signal: Signal) -> Suggestion:
    """Unit, service, period and question from a signal, and one criterion on its metric."""
    series, metric = signal.series, signal.series.metric
    last = dt.date.fromordinal(end_of(series.last_day or signal.last_day, metric.period))
    first = max(last - dt.timedelta(days=TWO_YEARS - 1), dt.date.fromordinal(series.first_day or signal.first_day))
    initial = {
        "title": _("%(metric)s, %(place)s") % {"metric": metric.name, "place": series.place},
        "question": _("%(fact)s Why, and what should change?") % {"fact": wording.narrate(signal).fact},
        "unit": series.unit_id,
        "service": series.service_id,
        "first_day": first,
        "last_day": last,
        "suggested": True,
    }
    criterion = criterion_on(signal)
    return Suggestion(initial, criterion, _in_words(criterion))


def criterion_on(signal: Signal) -> dict[str, Any]:
    """One criterion: with a target whether it can be relied on, without one whether a concern is seen."""
    series, metric = signal.series, signal.series.metric
    analysis = analyses.analysis_of(series)
    target = analysis.target if analysis and metric.direction else None
    measure = f"{metric.name} ({metric.measure})" if metric.measure else metric.name
    fields = {"metric": metric, "series": series, "measure": measure}
    if target is None:
        return {
            **fields,
            "name": _("%(metric)s shows no concern") % {"metric": metric.name},
            "rule": Criterion.Rule.NO_CONCERN,
            "threshold": None,
            "source": _("The control chart itself"),
        }
    decimals = wording.decimals_of(analysis.amr if analysis else None, metric.kind)
    return {
        **fields,
        "name": _("%(metric)s can be relied on to meet %(target)s")
        % {"metric": metric.name, "target": wording.amount(target, metric, decimals)},
        "rule": Criterion.Rule.ASSURANCE,
        "threshold": target,
        "source": _source_of_target(signal) or _("The target in force"),
    }


def _source_of_target(signal: Signal) -> str:
    rows = Target.objects.filter(
        metric=signal.series.metric_id,
        unit__in=signal.series.unit.line_ids,
        state=Target.State.IN_FORCE,
        kind=Target.Kind.TARGET,
        ends=False,
    )
    target = rows.order_by("-unit__path", "-from_day").first()
    return target.source if target else ""


def _in_words(criterion: dict[str, Any]) -> str:
    rule = Criterion.Rule(criterion["rule"]).label
    return _("%(name)s (concluded by: %(rule)s; source: %(source)s)") % {
        "name": criterion["name"],
        "rule": rule,
        "source": criterion["source"],
    }
