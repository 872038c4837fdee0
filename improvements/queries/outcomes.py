"""Whether an action worked: the points before and after it on one chart, read by the same statistics as every chart."""

from __future__ import annotations

import datetime as dt
import math
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from improvements import states
from improvements.models import Action
from metrics.models import Rebase, Series
from metrics.queries import comparisons, observations
from metrics.queries.agreements import ends_of
from metrics.queries.analyses import analysis_of
from metrics.queries.metrics import rebases as of_series
from metrics.trends import Outcome, outcome, periods, read_outcome

WORSENED = "worsened"
LASTS = {outcome.EFFECTIVE: states.SUSTAINED, outcome.NOT_EFFECTIVE: states.LAPSED}


@dataclass(frozen=True, eq=False)
class Reading:
    """What the chart says of an action: the statistics, the points before, and when enough points can be known."""

    found: Outcome
    offered: str
    reasons: tuple[str, ...]
    before_days: np.ndarray
    before_values: np.ndarray
    baseline_until: dt.date
    change_on: dt.date
    enough_on: dt.date | None
    inputs_hash: str
    definition: int | None


def change_of(action: Action, period: str) -> tuple[dt.date, dt.date]:
    """Last day of the baseline and first day after: the period in which it was done counts as after, the one in which
    it was begun no longer as before; what lies between belongs to neither."""
    if action.done_on is None:
        raise LookupError("an action that is not done has no outcome")
    after = periods.first_day(action.done_on, period)
    begun = periods.first_day(action.started_on or action.done_on, period)
    return min(begun, after) - dt.timedelta(days=1), after


def reading_of(action: Action, rebases: Sequence[Rebase] | None = None) -> Reading | None:
    """The reading of a done action as the stored observations stand now, None where it has no metric.

    ``rebases``: of its series, where the caller has read them (``metrics.queries.metrics.rebases``).
    """
    series = action.series
    if series is None or action.done_on is None:
        return None
    period = series.metric.period
    until, change_on = change_of(action, period)
    days, values = _phase(series, until, of_series(series) if rebases is None else rebases)
    found = read_outcome(
        values,
        days,
        until.toordinal(),
        change_on.toordinal(),
        series.metric.direction,
        action.target,
        action.needed_points,
        scale=ends_of(series.metric.derived),
    )
    offered, reasons = _offered(action, found)
    before = days <= until.toordinal()
    analysis = analysis_of(series)
    return Reading(
        found=found,
        offered=offered,
        reasons=reasons,
        before_days=days[before],
        before_values=values[before],
        baseline_until=until,
        change_on=change_on,
        enough_on=_enough_on(found, change_on, period),
        inputs_hash=analysis.inputs_hash if analysis else "",
        definition=analysis.settings.get("definition") if analysis else None,
    )


def effect_of(action: Action) -> dict[str, Any]:
    """How large the change was and how sure that is, as the comparison stored with the metric says; {} before it is
    computed or without a metric."""
    found = comparisons.of_thing(action)
    return dict(found.facts) if found else {}


def _phase(series: Series, until: dt.date, rebases: Sequence[Rebase]) -> tuple[np.ndarray, np.ndarray]:
    """Days and values from the last rebase that the baseline knows of: what lies before it is another process."""
    arrays = observations.arrays([series.pk], {series.pk: series.metric.scale})
    known = [one.day.toordinal() for one in rebases if one.withdrawn_at is None and one.day <= until]
    chosen = arrays.days >= max(known) if known else np.ones(len(arrays.days), bool)
    return arrays.days[chosen], arrays.values[chosen]


def _offered(action: Action, found: Outcome) -> tuple[str, tuple[str, ...]]:
    """The verdict offered. What holds a level worked if nothing got worse and the level is on its side."""
    if action.rule != Action.Rule.HOLDS or found.reading == outcome.TOO_EARLY:
        return found.reading, found.reasons
    reasons = [one for one in found.reasons if one not in (outcome.NO_SPECIAL_CAUSE, outcome.CONTRADICTED)]
    if found.worsening:
        reasons.insert(0, WORSENED)
    weak = [one for one in reasons if one != outcome.TRIAL_BASELINE]
    return outcome.NOT_EFFECTIVE if weak else outcome.EFFECTIVE, tuple(reasons)


def _enough_on(found: Outcome, change_on: dt.date, period: str) -> dt.date | None:
    """The first day on which the missing points can be known; None when none is missing."""
    if not found.missing_points:
        return None
    present = found.after_days[~np.isnan(found.after_values)]
    last = dt.date.fromordinal(int(present[-1])) if len(present) else periods.later(change_on, period, -1)
    return periods.later(last, period, found.missing_points + 1)


def facts_of(reading: Reading) -> dict[str, Any]:
    """The reading as plain JSON, kept with the verdict so that it can be read and drawn again, whatever comes after."""
    found = reading.found
    return {
        "offered": reading.offered,
        "reasons": list(reading.reasons),
        "missing_points": found.missing_points,
        "enough_on": reading.enough_on.isoformat() if reading.enough_on else None,
        "baseline_until": reading.baseline_until.isoformat(),
        "change_on": reading.change_on.isoformat(),
        "mean": _plain(found.mean),
        "amr": _plain(found.amr),
        "lower": _plain(found.lpl),
        "upper": _plain(found.upl),
        "before": found.before,
        "after": found.after,
        "mean_after": _plain(found.mean_after),
        "difference": _plain(found.difference),
        "sigma": _plain(found.sigma),
        "target_met": found.target_met,
        "improving": found.improving,
        "worsening": found.worsening,
        "before_days": reading.before_days.tolist(),
        "before_values": [_plain(value) for value in reading.before_values.tolist()],
        "after_days": found.after_days.tolist(),
        "after_values": [_plain(value) for value in found.after_values.tolist()],
        "outside": found.outside.tolist(),
        "shifted": found.shifted.tolist(),
        "inputs": reading.inputs_hash,
        "definition": reading.definition,
    }


def watched(reading: Reading | None) -> dict[str, Any]:
    """The facts of a later look at an action that worked: what the chart still says is that it lasts, or that it lapsed.

    Empty where the action has no metric. Where the chart no longer says either, it offers nothing ("too early").
    """
    if reading is None:
        return {}
    facts = facts_of(reading)
    return facts | {"offered": LASTS.get(facts["offered"], facts["offered"])}


def _plain(value: float) -> float | None:
    return float(value) if math.isfinite(value) else None
