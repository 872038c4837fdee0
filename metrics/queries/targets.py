"""Targets of a metric, proposals, and the analyses that say what could be one."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from django.http import Http404

from metrics import states
from metrics.models import Analysis, Metric, Target
from metrics.queries.analyses import DEFAULT_KEY
from metrics.queries.standings import latest_cycles, organisation_of
from metrics.trends.fleet import shared_phi
from teams import access
from teams.models import Person

BESIDE = ("series__metric", "series__unit", "series__service", "series__product", "series__channel")
SHOWN = 500


def targets_of(person: Person, metric: Metric) -> list[Target]:
    """Every version for a metric that the person may see, the newest first."""
    rows = access.visible_to(person, Target).filter(metric=metric)
    rows = rows.select_related("metric", "unit", "person", "decided_by")
    return list(rows.order_by("-from_day", "-pk")[:SHOWN])


def target(person: Person, pk: int) -> Target:
    """One version with what its page shows. Raises Http404."""
    access.fetch(person, Target, pk)
    found = Target.objects.select_related("metric", "unit", "person", "decided_by").filter(pk=pk).first()
    if found is None:
        raise Http404
    return found


def ending(one: Target) -> Target | None:
    """The proposal to end what holds for this unit that waits for a decision; None where there is none."""
    rows = Target.objects.filter(metric=one.metric_id, unit=one.unit_id, kind=one.kind, ends=True)
    return rows.filter(state=states.PROPOSED).first()


def outlooks_of(person: Person, metric: Metric) -> list[Analysis]:
    """The analyses of the metric's series that the person may see, with their outlook and without their points."""
    rows = access.visible_to(person, Analysis).filter(settings_key=DEFAULT_KEY, series__metric=metric)
    rows = rows.select_related(*BESIDE).defer("settings", "notes", "inputs_hash")
    return list(rows.order_by("series__unit__path", "series"))


@dataclass(frozen=True)
class Places:
    """The series of one metric that stand for themselves (no sums), with what they share: the likeness of neighbouring
    periods by the latest judgement of all series, before the first one by their own."""

    rows: list[Analysis]
    phi: float


def places_of(metric: Metric, rows: list[Analysis]) -> Places:
    """Of the analyses of a metric (``outlooks_of``); one query."""
    own = [row for row in rows if not row.series.rolled_up]
    if not own:
        return Places([], 0.0)
    cycle = next(iter(latest_cycles({organisation_of(own[0].series.unit.path)}).values()), None)
    shared = cycle.phi.get(str(metric.pk)) if cycle else None
    if shared is None:
        phis = (np.array([getattr(row, name) for row in own], np.float64) for name in ("own_phi", "rest_phi"))
        shared = shared_phi(np.zeros(len(own), np.int64), *phis)[0]
    return Places(own, float(shared))


def analysis_behind(person: Person, one: Target) -> Analysis | None:
    """The analysis of the series that a proposal was read from, else of the unit's own series; None without one."""
    rows = access.visible_to(person, Analysis).filter(settings_key=DEFAULT_KEY, series__metric=one.metric_id)
    rows = rows.select_related(*BESIDE).defer("settings", "notes", "inputs_hash")
    chosen = one.facts.get("series")
    if chosen is not None:
        return rows.filter(series=chosen).first()
    return rows.filter(
        series__unit=one.unit_id, series__service=None, series__product=None, series__channel=None
    ).first()
