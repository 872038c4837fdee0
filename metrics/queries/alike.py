"""The other open signals of one change: it is told once on the board, and each of them waits for a word of its own."""

from __future__ import annotations

from metrics.models import Signal
from metrics.queries import board
from metrics.queries.signals import TOLD, WITH_SERIES
from metrics.queries.told_once import told_once
from teams import access
from teams.models import Person


def same_change(person: Person, signal: Signal) -> list[Signal]:
    """Those that the person may acknowledge, at the same time and in the same direction: of its own series, and of those
    that share its line of the board; three queries."""
    of_metric = board.analyses(person).filter(series__metric=signal.series.metric_id).exclude(board.CALM)
    series = {signal.series_id}
    for lead, also in told_once(of_metric).items():
        if signal.series_id in (lead, *also):
            series |= {lead, *also}
    rows = access.visible_to(person, Signal, "metrics.acknowledge").filter(TOLD, series__in=series)
    found = rows.filter(
        gone=False,
        state=Signal.State.OPEN,
        direction=signal.direction,
        first_day__lte=signal.last_day,
        last_day__gte=signal.first_day,
    ).exclude(pk=signal.pk)
    return list(found.select_related(*WITH_SERIES).order_by("series__unit__name", "series_id", "pk"))
