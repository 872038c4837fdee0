"""What an undo would take back and what it would leave: told before it is asked for."""

from __future__ import annotations

from dataclasses import dataclass

from metrics import states
from metrics.models import Metric, Series, Upload
from metrics.queries.plans import making_of
from metrics.queries.signals import WITH_SERIES
from teams.models import Unit

NAMED = 20


@dataclass(frozen=True)
class TakeBack:
    """``new`` and ``changed``: how many values or cases the import brought and changed; of the ``series`` that it touched
    the first by name; what it made: ``units`` and ``metrics`` by name, and how many series. ``alone``: figures that follow
    from cases, of a source of which no other import stands, so that all of them go."""

    new: int
    changed: int
    cases: bool
    series: list[Series]
    series_in_all: int
    made_series: int
    units: list[str]
    metrics: list[str]
    alone: bool

    @property
    def series_more(self) -> int:
        return self.series_in_all - len(self.series)


def take_back(upload: Upload) -> TakeBack:
    """What the undo of a merged import means, by its plan; five queries however much it brought."""
    wanted = making_of(upload)
    cases = "source_version" in upload.plan
    rows = Series.objects.select_related(*(name.removeprefix("series__") for name in WITH_SERIES))
    rows = rows.filter(metric__source=upload.source_id) if cases else rows.filter(pk__in=wanted.all_series)
    made = Metric.objects.filter(unit=upload.unit, code__in=[one["code"] for one in wanted.metrics])
    counts = upload.plan["counts"]
    others = Upload.objects.filter(source=upload.source_id, state__in=(states.MERGING, states.DONE))
    return TakeBack(
        new=counts["new"],
        changed=counts["changed"],
        cases=cases,
        series=list(rows.order_by("metric__name", "unit__name", "pk")[:NAMED]),
        series_in_all=rows.count(),
        made_series=len(wanted.made),
        units=list(Unit.objects.filter(pk__in=wanted.units_made).order_by("name").values_list("name", flat=True)),
        metrics=list(made.order_by("name").values_list("name", flat=True)),
        alone=cases and not others.exclude(pk=upload.pk).exists(),
    )
