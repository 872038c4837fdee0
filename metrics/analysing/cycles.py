"""Confirmed, Watch, Quiet: judged over all series of an organisation at once, from what their analyses stored.

No observation is read here: after an import the series touched are analysed anew, and the standing of the others follows
from their stored scans in the same few queries, however many there are.
"""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Iterable, Sequence
from typing import Any

import numpy as np
from django.db import transaction

from metrics import bulk
from metrics.analysing import announcing, nulls
from metrics.analysing.announcing import Row
from metrics.models import Analysis, Cycle, Series, Standing
from metrics.queries import ages
from metrics.trends import Settings, fleet
from metrics.trends.chance import icon_rate
from metrics.trends.nulls import chances, keys
from metrics.trends.scan import LEAST
from teams import clock
from teams.models import Unit

DEFAULT = Settings()
SLICE = 10_000  # a database takes only so many ids in one question
SPECIAL = ("improvement", "concern", "neutral_high", "neutral_low")


def organisations_of(series_ids: Iterable[int]) -> list[int]:
    """The organisations to which these series belong, ascending; one query for each 10,000 series."""
    ids = list(series_ids)
    found: set[int] = set()
    for first in range(0, len(ids), SLICE):
        rows = Series.objects.filter(pk__in=ids[first : first + SLICE])
        found.update(
            int(path.strip("/").split("/")[0])
            for path in rows.order_by().values_list("unit__path", flat=True).distinct()
        )
    return sorted(found)


def judge(
    organisations: Iterable[int], settings: Settings = DEFAULT, q: float = fleet.Q, method: fleet.Method = "bh"
) -> list[Cycle]:
    """Judge all series of these organisations and announce what is newly Confirmed; one ``Cycle`` each.

    About ten queries for an organisation, however many series it has. Safe to run twice: what has not changed is neither
    written nor announced again.
    """
    units = Unit.objects.filter(pk__in=list(organisations)).order_by("pk")
    return [_judge(unit, settings, q, method) for unit in units]


def _judge(organisation: Unit, settings: Settings, q: float, method: fleet.Method) -> Cycle:
    with transaction.atomic():
        Unit.objects.select_for_update(of=("self",)).get(pk=organisation.pk)
        rows = _rows(organisation, settings)
        group = np.array([row.metric for row in rows], np.int64)
        scans, own, rest = (_floats(rows, name) for name in ("scan", "own_phi", "rest_phi"))
        shared = fleet.shared_phi(group, own, rest)
        phi = np.array([shared[metric] for metric in group.tolist()], np.float64)
        size = np.array([row.scan_n for row in rows], np.int64)
        known = np.isfinite(scans)
        p = chances(np.abs(scans), size, phi, nulls.load(keys(size[known], phi[known])))
        # By the values of the phase in force: after new limits a series is as short as they are.
        told = icon_rate(size, phi)
        held = announcing.announce(organisation, rows, fleet.passing(p, q, method), p)
        standing = [_standing(row, row.series in held) for row in rows]
        _store(rows, p, told, standing)
        return Cycle.objects.create(
            organisation=organisation,
            at=clock.now(),
            settings_key=settings.key,
            method=method,
            q=q,
            phi={str(metric): round(value, 4) for metric, value in shared.items()},
            periods=_periods(rows, told),
            series=len(rows),
            judged=int(known.sum()),
            confirmed=standing.count(Standing.CONFIRMED),
            watch=standing.count(Standing.WATCH),
            chance=float(told.sum()),
        )


def _rows(organisation: Unit, settings: Settings) -> list[Row]:
    found = Analysis.objects.filter(
        settings_key=settings.key, series__unit__path__startswith=organisation.path, series__metric__archived_at=None
    )
    return [Row(*values) for values in found.order_by("pk").values_list(*announcing.COLUMNS)]


def _floats(rows: Sequence[Row], name: str) -> np.ndarray:
    return np.array([getattr(row, name) for row in rows], np.float64)


def _standing(row: Row, confirmed: bool) -> str:
    if confirmed:
        return Standing.CONFIRMED.value
    if row.variation in SPECIAL:
        return Standing.WATCH.value
    return Standing.TOO_FEW.value if row.scan_n < LEAST else Standing.QUIET.value


def _store(rows: list[Row], p: np.ndarray, told: np.ndarray, standing: list[str]) -> None:
    """Write what differs, in one statement."""
    fresh = zip([None if math.isnan(one) else one for one in p.tolist()], told.tolist(), standing, strict=True)
    changed = [(row.pk, *now) for row, now in zip(rows, fresh, strict=True) if (row.p, row.chance, row.standing) != now]
    if changed:
        ids, *values = (list(column) for column in zip(*changed, strict=True))
        named = (("p", "float8"), ("chance", "float8"), ("standing", "text"))
        columns = [(name, kind, column) for (name, kind), column in zip(named, values, strict=True)]
        bulk.update(Analysis._meta.db_table, ids, columns)


def _periods(rows: list[Row], told: np.ndarray) -> dict[str, dict[str, Any]]:
    """By period, how many series have had new values lately and how many marks chance alone shows among them: as the
    board counts."""
    begins = ages.last_begins(clock.today().toordinal())
    count: Counter[str] = Counter()
    chance: Counter[str] = Counter()
    for row, rate in zip(rows, told.tolist(), strict=True):
        if ages.silent_row(row.period, row.latest_day, begins):
            continue
        count[row.period] += 1
        chance[row.period] += rate
    return {period: {"series": count[period], "chance": round(chance[period], 4)} for period in sorted(count)}
