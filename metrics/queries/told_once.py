"""Rows of the board of one change, so that it is one line: a total whose change its part tells, or parts of one change."""

from __future__ import annotations

from typing import Any

from django.db.models import Q, QuerySet

from metrics.models import Analysis, Signal
from metrics.queries.events import Moved, stars
from metrics.queries.signals import tells

NO_CHANGE, CANNOT = ("common_cause", "too_few"), "consistent_fail"
# As ``signals.TOLD`` has it, seen from an analysis.
OPEN_SCAN = Q(series__signals__rule=Signal.Rule.SCAN, series__signals__state=Signal.State.OPEN)
TOLD = Q(Q(series__signals__current=True) | OPEN_SCAN, series__signals__gone=False)
SIGNAL = tuple(f"series__signals__{name}" for name in ("direction", "first_day", "last_day", "rule", "points", "pk"))
PLACE = ("series__unit__path", "series__service_id", "series__product_id", "series__channel_id")


def told_once(rows: QuerySet[Analysis]) -> dict[int, list[int]]:
    """{series that leads: those above and below it whose change is the same}; one query, without the points.

    Nothing folds under what is less urgent, under another kind of change, or out of "cannot meet its target".
    """
    plain = rows.select_related(None).order_by().filter(TOLD)
    best: dict[int, tuple[Any, Moved]] = {}
    kinds: dict[int, tuple[str, str]] = {}
    names = ("series_id", "series__metric_id", "rank", "change", "assurance", *PLACE, *SIGNAL)
    for pk, metric, rank, change, assurance, path, *rest in plain.values_list(*names):
        service, product, channel, direction, first, last, rule, points, signal = rest
        told = (tells(rule, points), -signal)
        if pk not in best or told > best[pk][0]:
            best[pk] = told, Moved(pk, (metric, direction), path, (service, product, channel), first, last, rank)
            kinds[pk] = change, assurance

    def may(lead: Moved, other: Moved) -> bool:
        (change, assurance), (its_change, its_assurance) = kinds[lead.key], kinds[other.key]
        return its_change in (change, *NO_CHANGE) and (its_assurance != CANNOT or assurance == CANNOT)

    return {lead: also for lead, also in stars([one for _told, one in best.values()], may).items() if also}
