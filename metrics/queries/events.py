"""One event told once: a change in a team shows in its department and in the organisation as well."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass

from metrics.models import Signal


@dataclass(frozen=True)
class Event:
    """The signal that leads, and those of the same metric above or below it that say the same."""

    signal: Signal
    also: tuple[Signal, ...] = ()


def events(found: Iterable[Signal]) -> list[Event]:
    """Signals of one metric, service, product, channel and direction in units of one line, at the same time, are one event.

    It is told of the lowest unit that holds all of it: of the team where only one moves, of the department where two do.
    In the order of the signals that lead; they must come with their series and its unit.
    """
    found = list(found)
    alike = defaultdict(list)
    for signal in found:
        one = signal.series
        alike[one.metric_id, one.service_id, one.product_id, one.channel_id, signal.direction].append(signal)
    made = [event for group in alike.values() for event in _of(group)]
    place = {signal.pk: number for number, signal in enumerate(found)}
    return sorted(made, key=lambda event: place[event.signal.pk])


def _of(group: list[Signal]) -> list[Event]:
    group = sorted(group, key=lambda signal: len(signal.series.unit.path))
    below: dict[int, list[Signal]] = {signal.pk: [] for signal in group}
    roots = []
    for place, signal in enumerate(group):
        # The nearest of those above it.
        above = next((one for one in reversed(group[:place]) if _holds(one, signal)), None)
        roots.append(signal) if above is None else below[above.pk].append(signal)
    return [_event(root, below) for root in roots]


def _holds(above: Signal, signal: Signal) -> bool:
    inside = signal.series.unit.path.startswith(above.series.unit.path) and signal.series_id != above.series_id
    return inside and signal.first_day <= above.last_day and above.first_day <= signal.last_day


def _event(root: Signal, below: dict[int, list[Signal]]) -> Event:
    leads, also = root, []
    while len(below[leads.pk]) == 1:
        also.append(leads)
        leads = below[leads.pk][0]
    rest = list(below[leads.pk])
    for signal in rest:
        rest.extend(below[signal.pk])
    return Event(leads, (*also, *rest))
