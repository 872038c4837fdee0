"""Totals that show a special cause: their parts are looked at without anybody asking."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence

from metrics.comparing import mixes
from metrics.models import Series, Signal
from metrics.queries import asking, observations, signals
from metrics.queries.studies import Asked, fresh
from metrics.workflow import studies

# More totals than that at once wait for somebody to ask.
MOST = 50


def split_totals(series: Sequence[int]) -> int:
    """Split the change of each of these series that is a sum and has a current signal; how many were computed.

    Seven queries for any number of totals. Inside the caller's transaction.
    """
    moved = Series.objects.filter(pk__in=series, rolled_up=True, signals__current=True, signals__gone=False)
    totals = list(moved.select_related("metric__unit", "unit").distinct().order_by("pk")[:MOST])
    if not totals:
        return 0
    of: dict[int, list[Signal]] = defaultdict(list)
    for signal in signals.current_in_order([total.pk for total in totals]):
        of[signal.series_id].append(signal)
    known = asking.below(totals)
    asked = [(one, total) for total in totals for one in asking.mixes_asked(total, of[total.pk], known)]
    settled = fresh(one for one, _total in asked)
    stale = [(one, total) for one, total in asked if one.key not in settled]
    rows = observations.within(_windows([one for one, _total in stale]))
    answers = [mixes.facts_of(one.metric, one.question, rows) for one, _total in stale]
    studies.keep_splits([(*pair, facts) for pair, facts in zip(stale, answers, strict=True)])
    return len(stale)


def _windows(asked: Sequence[Asked]) -> dict[int, tuple[int, int]]:
    """{series: the first and the last day that any of the questions looks at}."""
    found: dict[int, tuple[int, int]] = {}
    for one in asked:
        first, last = mixes.window_of(one.question)
        for pk in one.series:
            known = found.get(pk, (first, last))
            found[pk] = min(first, known[0]), max(last, known[1])
    return found
