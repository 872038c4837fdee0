"""Totals that show a special cause: their parts are looked at without anybody asking."""

from __future__ import annotations

from collections.abc import Sequence

from metrics.comparing.answering import answer
from metrics.models import Series
from metrics.queries import asking, signals
from metrics.queries.studies import stamp_of
from metrics.workflow import studies

# More totals than that at once wait for somebody to ask.
MOST = 50


def split_totals(series: Sequence[int]) -> int:
    """Split the change of each of these series that is a sum and has a current signal; how many were computed."""
    moved = Series.objects.filter(pk__in=series, rolled_up=True, signals__current=True, signals__gone=False)
    totals = list(moved.select_related("metric__unit", "unit").distinct().order_by("pk")[:MOST])
    count = 0
    for total in totals:
        for asked in asking.mixes_asked(total, signals.of_series(total.pk)):
            study = studies.made(asked, total)
            if study.facts is not None and study.stamp == asked.stamp:
                continue
            rows = Series.objects.filter(pk__in=asked.series).select_related("metric")
            studies.keep(study, stamp_of(rows), answer(study))
            count += 1
    return count
