"""Signals that a person may see: the latest of each series, those since a moment, all of one series."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import TypeVar

from django.db.models import Q, QuerySet

from metrics.models import Signal
from metrics.queries.events import SEEN, Seen, events
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
# Of runs of one length the one that says most leads; being near a limit says least.
TELLS = {"scan": 4, "outside": 3, "shift": 2, "trend": 1, "two_of_three": 0}


def leading(found: Iterable[Row]) -> dict[int, Row]:
    """{series: the one signal that tells most}: a confirmed change, else the longest run, of any rule but "two of three"
    where there is one."""
    best: dict[int, Row] = {}
    for signal in found:
        known = best.get(signal.series_id)
        if known is None or tells(signal.rule, signal.points) > tells(known.rule, known.points):
            best[signal.series_id] = signal
    return best


def tells(rule: str, points: int) -> tuple[bool, bool, int, int]:
    """How much a run says; the greatest leads."""
    return (rule == "scan", rule != "two_of_three", points, TELLS.get(rule, 0))


def current_of(series_ids: Iterable[int]) -> dict[int, Signal]:
    """The leading signal of each series among those that are told; one query, without joins."""
    rows = Signal.objects.filter(TOLD, series__in=list(series_ids), gone=False).order_by("pk")
    return leading(rows)


def current_in_order(series_ids: Iterable[int]) -> list[Signal]:
    """The signals of these series that touch their last points, in the order of ``of_series``; one query, without joins."""
    rows = Signal.objects.filter(series__in=list(series_ids), current=True, gone=False)
    return list(rows.order_by("-last_day", "-first_day", "pk"))


def news(person: Person, limit: int = 5) -> tuple[list[Event], int]:
    """Open signals that are told and that the person has not looked at yet, one per series, and each event once.

    The first ``limit`` events (concern before others, Confirmed before the rest, latest first) and how many more
    signals there are.
    """
    rows = access.visible_to(person, Signal).filter(
        TOLD, gone=False, state=Signal.State.OPEN, series__metric__archived_at=None
    )
    if person.signals_seen_at is not None:
        rows = rows.filter(first_seen_at__gt=person.signals_seen_at)
    told = list(leading(Seen(*row) for row in rows.order_by("pk").values_list(*SEEN)).values())
    told.sort(key=lambda seen: (seen.point_type != "concern", seen.rule != "scan", -seen.last_day, seen.pk))
    shown = events(told)[:limit]
    by_key = Signal.objects.select_related(*WITH_SERIES).in_bulk([pk for lead, also in shown for pk in (lead, *also)])
    whole = [Event(by_key[lead], tuple(by_key[pk] for pk in also)) for lead, also in shown]
    return whole, len(told) - sum(1 + len(event.also) for event in whole)


def of_series(series_id: int, limit: int = 50) -> list[Signal]:
    """The signals of one series, those seen now first, the latest first; the caller has fetched it by its door."""
    rows = Signal.objects.select_related(*WITH_SERIES, "acknowledged_by").filter(series=series_id)
    return list(rows.order_by("gone", "-last_day", "-first_day", "pk")[:limit])
