"""Rows of the board of one change, so that it is one line: a total whose change its part tells, or parts of one change."""

from __future__ import annotations

from django.db.models import Q, QuerySet

from metrics.models import Analysis, Signal
from metrics.queries.events import SEEN, Seen, events
from metrics.queries.ranks import Place
from metrics.queries.signals import in_turn

# As ``signals.TOLD`` has it, seen from an analysis.
OPEN_SCAN = Q(series__signals__rule=Signal.Rule.SCAN, series__signals__state=Signal.State.OPEN)
TOLD = Q(Q(series__signals__current=True) | OPEN_SCAN, series__signals__gone=False)
# The columns of ``Seen``, seen from there too.
SIGNAL = tuple(name if name.startswith("series") else f"series__signals__{name}" for name in SEEN)


def told_once(rows: QuerySet[Analysis]) -> dict[int, list[int]]:
    """{series that leads: those above and below it whose change is the same}; one query, without the points.

    Nothing folds under what is less urgent, under another kind of change, or out of "cannot meet its target".
    """
    plain = rows.select_related(None).order_by("series__signals__pk").filter(TOLD)
    found = []
    stands: dict[int, Place] = {}
    for series, rank, change, assurance, *row in plain.values_list("series_id", "rank", "change", "assurance", *SIGNAL):
        found.append(Seen(*row))
        stands[series] = Place(rank, change, assurance, 0)
    told = in_turn(found)
    series_of = {signals[0].pk: series for series, signals in told.items()}
    return {series_of[lead]: [series_of[one] for one in also] for lead, also in events(told, stands) if also}
