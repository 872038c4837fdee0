"""The series and metrics of figures that are computed from cases: what they are, and made as they are met."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from django.db import transaction
from django.utils.text import slugify
from django.utils.translation import gettext as _

from metrics.files import Mapping
from metrics.importing.places import series_at
from metrics.models import Definition, Metric, Series, Source, Survey
from metrics.queries.agreements import AGREEMENT, QUALITY, SCORED
from teams import clock
from teams.models import Person, Unit

HOUR = 3600
MEAN, MEDIAN = ":mean", ":median"
SATISFACTION = "satisfaction"
Group = tuple[int, int, int, int]
"""Unit, service, product, channel; 0 for all."""


@dataclass(frozen=True)
class Figure:
    """What a derived metric is: its kind, and how its value comes out of a ``Derived``."""

    kind: str
    direction: int
    measure: str
    scale: float
    sums: bool


def _figure(measure: str) -> Figure:
    if measure in ("volume", SCORED):
        return Figure("count", 0, "", 1.0, True)
    if measure in (AGREEMENT, QUALITY):
        return Figure("score", 1, "", 1.0, measure == QUALITY)
    if measure.endswith((MEAN, MEDIAN)):
        return Figure("duration", -1, _("hours"), 1 / HOUR, measure.endswith(MEAN))
    direction = {"reopen_rate": -1, "within_limit": 1, "satisfaction": 1}.get(measure, 0)
    return Figure("proportion", direction, "%", 100.0, True)


def _name(measure: str) -> str:
    names = {
        "volume": _("Volume"),
        "first_response_time:mean": _("First response time, mean"),
        "first_response_time:median": _("First response time, median"),
        "resolution_time:mean": _("Resolution time, mean"),
        "resolution_time:median": _("Resolution time, median"),
        "reopen_rate": _("Reopen rate"),
        "within_limit": _("Share within the limit"),
        "satisfaction": _("Satisfaction"),
        AGREEMENT: _("Agreement of raters"),
        QUALITY: _("Quality score"),
        SCORED: _("Contacts scored"),
    }
    return names.get(measure) or _("Share: %(flag)s") % {"flag": measure.removeprefix("flag:")}


def _text(measure: str) -> str:
    """The words of its definition."""
    texts = {
        AGREEMENT: _(
            "How far the people who scored the same contact agree beyond chance, from the scorings of %(source)s: 1 is "
            "full agreement, 0 what chance gives. A contact counts in the period in which it was first scored."
        ),
        QUALITY: _(
            "Mean score of a contact, from the scorings of %(source)s: each contact once, at the mean of all who scored "
            "it. It counts in the period in which it was first scored."
        ),
        SCORED: _(
            "How many contacts were scored, from the scorings of %(source)s: each once, in the period in which it was "
            "first scored."
        ),
    }
    return texts.get(measure) or _("Computed from the cases of %(source)s.")


class FigureSeries:
    """Series and metrics of the figures of one source, made as they are met."""

    def __init__(self, source: Source, mapping: Mapping, person: Person) -> None:
        self.source, self.mapping, self.person = source, mapping, person
        self._line = dict(Unit.objects.filter(path__startswith=source.unit.path).values_list("pk", "path"))
        self._metrics = dict(Metric.objects.filter(source=source).values_list("derived", "pk"))
        rows = Series.objects.filter(metric__source=source).values_list(
            "pk", "metric", "unit", "service", "product", "channel"
        )
        self._series = {(row[1], *(part or 0 for part in row[2:])): row[0] for row in rows.iterator()}

    def groupings(self, combos: Iterable[Group]) -> Iterator[list[Group | None]]:
        """Ways to put the cases of each (unit, service, product, channel) into groups that do not overlap.

        Each unit and each unit above it up to the source's; in total, and for each dimension by itself.
        """
        combos = list(combos)
        top = len(self.source.unit.line_ids)
        lines = [self._units_of(unit) for unit, *_rest in combos]
        for depth in range(top, max(map(len, lines), default=0) + 1):
            for dimension in (None, 0, 1, 2):
                groups = [
                    self._group(line, depth, dimension, rest)
                    for line, (_unit, *rest) in zip(lines, combos, strict=True)
                ]
                if any(groups):
                    yield groups

    def _units_of(self, unit: int) -> list[int]:
        path = self._line.get(unit, "")
        return [int(part) for part in path.strip("/").split("/") if part]

    def _group(self, line: list[int], depth: int, dimension: int | None, rest: list[int]) -> Group | None:
        if len(line) < depth:
            return None
        unit = line[depth - 1]
        if dimension is None:
            return unit, 0, 0, 0
        if not rest[dimension]:
            return None
        places = [0, 0, 0]
        places[dimension] = rest[dimension]
        return unit, places[0], places[1], places[2]

    def series(self, measure: str, group: Group) -> int:
        key = (self.metric(measure), *group)
        known = self._series.get(key)
        if known is None:
            unit, service, product, channel = group
            above = any(path.startswith(self._line[unit]) and pk != unit for pk, path in self._line.items())
            known = self._series[key] = series_at(key[0], unit, service, product, channel, rolled_up=above)
        return known

    def metric(self, measure: str) -> int:
        known = self._metrics.get(measure)
        if known is None:
            known = self._metrics[measure] = self._make(measure).pk
        return known

    @transaction.atomic
    def _make(self, measure: str) -> Metric:
        figure = _figure(measure)
        name = f"{_name(measure)} · {self.source.name}"[:120]
        metric, new = Metric.objects.get_or_create(
            source=self.source,
            derived=measure,
            defaults={
                "name": name,
                "code": self._code(name),
                "unit": self.source.unit,
                "direction": figure.direction,
                "kind": figure.kind,
                "period": self.mapping.period,
                "measure": figure.measure,
                "scale": figure.scale,
                "sums": figure.sums,
            },
        )
        if new:
            text = _text(measure) % {"source": self.source.name}
            Definition.objects.create(metric=metric, number=1, text=text, person=self.person, at=clock.now())
            if measure == SATISFACTION:
                # Every answer is a row of the file: the share is counted, and nobody weighs it.
                Survey.objects.create(metric=metric, kind=Survey.Kind.SHARE, weighted=Survey.Weighted.NO)
        return metric

    def _code(self, name: str) -> str:
        code = slugify(name, allow_unicode=True)[:76] or "metric"
        taken = Metric.objects.filter(unit=self.source.unit, code=code).exists()
        return f"{code}-{self.source.pk}" if taken else code
