"""Signals that a person may see: the latest of each series, those since a moment, all of one series."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from typing import TypeVar

from django.db.models import Q, QuerySet

from metrics.models import Signal
from metrics.queries.analyses import analysis_of, points_of
from metrics.queries.events import SEEN, Seen, events
from metrics.queries.ranks import NOWHERE, places
from metrics.trends import codes
from teams import access
from teams.models import Person

WITH_SERIES = ("series__metric", "series__unit", "series__service", "series__product", "series__channel")

Row = TypeVar("Row", Signal, Seen)


def signals(person: Person) -> QuerySet[Signal]:
    """All signals the person may see, with what their sentences need."""
    return access.visible_to(person, Signal).select_related(*WITH_SERIES)


@dataclass(frozen=True)
class Event:
    """The signal that leads, and those of the same metric above or below it that say the same."""

    signal: Signal
    also: tuple[Signal, ...] = ()


# Those that touch the last point, and confirmed changes about which nobody has said a word yet.
TOLD = Q(current=True) | Q(rule=Signal.Rule.SCAN, state=Signal.State.OPEN)
CODES = {
    Signal.Rule.OUTSIDE.value: codes.OUTSIDE,
    Signal.Rule.SHIFT.value: codes.SHIFT,
    Signal.Rule.TREND.value: codes.TREND,
    Signal.Rule.TWO_OF_THREE.value: codes.TWO_OF_THREE,
}
# Of runs of one length the one that says most leads; being near a limit says least.
TELLS = {"scan": 4, "outside": 3, "shift": 2, "trend": 1, "two_of_three": 0}


def leading(found: Iterable[Row]) -> dict[int, Row]:
    """{series: the one signal that tells most}: a change that is confirmed today, else one that was and is still open,
    else the longest run, of any rule but "two of three" where there is one."""
    best: dict[int, Row] = {}
    for signal in found:
        known = best.get(signal.series_id)
        if known is None or _tells(signal) > _tells(known):
            best[signal.series_id] = signal
    return best


def _tells(signal: Signal | Seen) -> tuple[bool, bool, bool, int, int]:
    """How much a run says; the greatest leads."""
    scan = signal.rule == "scan"
    return (scan and signal.current, scan, signal.rule != "two_of_three", signal.points, TELLS.get(signal.rule, 0))


def current_of(series_ids: Iterable[int]) -> dict[int, Signal]:
    """The leading signal of each series among those that are told; one query, without joins."""
    return {series: told[0] for series, told in told_of(series_ids).items()}


def told_of(series_ids: Iterable[int]) -> dict[int, list[Signal]]:
    """{series: its leading signal, then what has to be said besides}; one query, without joins.

    Besides a change that is over stands what is seen today, if anything is; besides what is seen today every confirmed
    change that is over and still open.
    """
    return in_turn(Signal.objects.filter(TOLD, series__in=list(series_ids), gone=False).order_by("pk"))


def in_turn(signals: Iterable[Row]) -> dict[int, list[Row]]:
    """The same of signals that are told, the oldest first."""
    found: dict[int, list[Row]] = defaultdict(list)
    for signal in signals:
        found[signal.series_id].append(signal)
    return {series: _in_turn(told) for series, told in found.items()}


def _in_turn(told: list[Row]) -> list[Row]:
    ordered = sorted(told, key=_tells, reverse=True)
    lead, others = ordered[0], ordered[1:]
    kept = [lead]
    if not lead.current:
        kept += [one for one in others if one.current][:1]
    return kept + [one for one in others if not one.current]


def current_in_order(series_ids: Iterable[int]) -> list[Signal]:
    """The signals of these series that touch their last points, in the order of ``of_series``; one query, without joins."""
    rows = Signal.objects.filter(series__in=list(series_ids), current=True, gone=False)
    return list(rows.order_by("-last_day", "-first_day", "pk"))


def news(person: Person, limit: int = 5) -> tuple[list[Event], int]:
    """Open signals that are told and that the person has not looked at yet, one per series, and each event once.

    The first ``limit`` events, in the order of the board and told as there, and how many more signals there are.
    """
    rows = access.visible_to(person, Signal).filter(
        TOLD, gone=False, state=Signal.State.OPEN, series__metric__archived_at=None
    )
    if person.signals_seen_at is not None:
        rows = rows.filter(first_seen_at__gt=person.signals_seen_at)
    told = in_turn(Seen(*row) for row in rows.order_by("pk").values_list(*SEEN))
    stands = places(told)
    ordered = sorted(told, key=lambda series: (stands.get(series, NOWHERE).place, series))
    shown = events({series: told[series] for series in ordered}, stands)[:limit]
    by_key = Signal.objects.select_related(*WITH_SERIES).in_bulk([pk for lead, also in shown for pk in (lead, *also)])
    whole = [Event(by_key[lead], tuple(by_key[pk] for pk in also)) for lead, also in shown]
    return whole, len(told) - sum(1 + len(event.also) for event in whole)


def confirmed_within(series_ids: Iterable[int], first: int, last: int) -> list[Signal]:
    """The confirmed changes of these series between two days that are seen today or still open; one query, by name. The
    caller has fetched the series by its door."""
    rows = Signal.objects.filter(TOLD, rule=Signal.Rule.SCAN, gone=False, series__in=list(series_ids))
    within = rows.filter(first_day__lte=last, last_day__gte=first).select_related(*WITH_SERIES)
    return list(within.order_by("series__unit__name", "series_id", "-last_day", "pk"))


def of_series(series_id: int, limit: int = 50) -> list[Signal]:
    """The signals of one series, those seen now first, the latest first; the caller has fetched it by its door."""
    rows = Signal.objects.select_related(*WITH_SERIES, "acknowledged_by").filter(series=series_id)
    return list(rows.order_by("gone", "-last_day", "-first_day", "pk")[:limit])


def days_behind(signal: Signal) -> list[int]:
    """The days (ordinals) of the points that a signal rests on: its first, its last, and what its rule marks between."""
    ends = {signal.first_day, signal.last_day}
    analysis = analysis_of(signal.series_id)
    if analysis is None or signal.rule not in CODES:
        return sorted(ends)
    points = points_of(analysis)
    high, low = codes.BITS[CODES[signal.rule]]
    marked = (points.marks & (high if signal.direction > 0 else low)) > 0
    inside = (points.days >= signal.first_day) & (points.days <= signal.last_day)
    return sorted(ends | set(points.days[marked & inside].tolist()))
