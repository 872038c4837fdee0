"""What an analysis is computed from: observations, targets, rebases and the definition's number, for all series."""

from __future__ import annotations

import hashlib
import json
from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any, NamedTuple

import numpy as np

from metrics.models import Definition, Rebase, Series
from metrics.queries import observations
from metrics.queries.agreed import Agreed, Steps, agreed
from metrics.queries.agreements import ends_of
from metrics.trends import Batch, choice
from teams import clock

# Raised when the arithmetic changes, so that stored analyses of an older one count as stale.
METHOD = 9
OF_METRIC = ("metric__direction", "metric__kind", "metric__scale", "metric__derived", "metric__chart")


class Place(NamedTuple):
    """A series by its keys, and the facts of its metric that an analysis rests on.

    ``direction``: which way is better; ``kind``: proportion, count, rate, duration or score; ``scale``: a value is
    numerator / denominator × scale; ``derived``: what is computed from cases ("volume" …), "" for what is brought;
    ``chart``: the one asked for ("automatic", else of ``metrics.trends.choice``);
    ``line``: the ids of its unit and those above it, from the top down.
    """

    pk: int
    metric: int
    direction: int
    kind: str
    scale: float
    derived: str
    chart: str
    line: list[int]

    @property
    def ends(self) -> tuple[float, float]:
        """The ends of the scale, beyond which no limit is drawn."""
        return ends_of(self.derived)


@dataclass(frozen=True)
class Inputs:
    """One entry per series in every list; observations flat, those of series s at starts[s]:starts[s + 1].

    ``values`` = numerator / denominator × scale (no denominator: numerator × scale); ``numerators`` and
    ``denominators`` (nan where there is none) as they were brought, ``contacts``: how many contacts lie behind a value
    (nan where that is not known). ``targets``: steps (day, value), oldest first; ``target``: the value in force today, nan without one.
    ``rebases``: (day, reason), oldest first. Days are proleptic ordinals, values in the metric's unit.
    """

    series: list[Place]
    starts: np.ndarray
    days: np.ndarray
    values: np.ndarray
    numerators: np.ndarray
    denominators: np.ndarray
    contacts: np.ndarray
    agreed: list[Agreed]
    targets: list[Steps]
    target: np.ndarray
    rebases: list[list[tuple[int, str]]]
    definitions: list[int]

    def hash_of(self, index: int, settings_key: str) -> str:
        """SHA-256 over everything that the analysis of this series depends on: equal hash, equal analysis."""
        place = slice(self.starts[index], self.starts[index + 1])
        target = self.target[index]
        row = self.series[index]
        facts = [
            METHOD,
            settings_key,
            [row.direction, row.kind, row.scale, row.derived, row.chart],
            self.agreed[index].facts(),
            None if np.isnan(target) else float(target),
            self.rebases[index],
            self.definitions[index],
        ]
        digest = hashlib.sha256(json.dumps(facts).encode())
        digest.update(np.ascontiguousarray(self.days[place], "<i8").tobytes())
        for numbers in (self.values, self.numerators, self.denominators, self.contacts):
            digest.update(np.ascontiguousarray(numbers[place], "<f8").tobytes())
        return digest.hexdigest()

    def batch(self, chosen: Sequence[int]) -> Batch:
        """The chosen series as one batch for ``metrics.trends``."""
        parts = [slice(self.starts[index], self.starts[index + 1]) for index in chosen]
        nothing = np.zeros(0)
        return Batch.build(
            np.concatenate([nothing, *(self.values[part] for part in parts)]),
            np.concatenate([[0], np.cumsum([part.stop - part.start for part in parts], dtype=np.int64)]),
            np.concatenate([nothing.astype(np.int64), *(self.days[part] for part in parts)]),
            direction=[self.series[index].direction for index in chosen],
            target=self.target[list(chosen)],
            chart=[choice.wanted(self.series[index].kind, self.series[index].chart) for index in chosen],
            fixed=[self.series[index].chart != choice.NAMES[choice.AUTOMATIC] for index in chosen],
            scale=[self.series[index].scale for index in chosen],
            least=[self.series[index].ends[0] for index in chosen],
            most=[self.series[index].ends[1] for index in chosen],
            numerators=np.concatenate([nothing, *(self.numerators[part] for part in parts)]),
            denominators=np.concatenate([nothing, *(self.denominators[part] for part in parts)]),
            rebase=[(place, day) for place, index in enumerate(chosen) for day, _why in self.rebases[index]],
        )

    def facts_of(self, index: int) -> dict[str, Any]:
        """What is stored beside rules and points: the facts that the settings line and the chart tell."""
        return {
            **self.agreed[index].facts(),
            "rebases": self.rebases[index],
            "definition": self.definitions[index],
            "kind": self.series[index].kind,
            "chart_asked": self.series[index].chart,
        }


def read(series_ids: Iterable[int]) -> Inputs:
    """Read all that the analyses of these series need: five queries, however many series there are.

    The series rows are locked, so that of two workers the later one reads what the earlier one wrote.
    """
    wanted = sorted(set(series_ids))
    rows = Series.objects.select_for_update(of=("self",)).filter(pk__in=wanted).order_by("pk")
    keys = rows.values_list("pk", "metric_id", *OF_METRIC, "unit__path", "partial_day")
    series = [
        Place(pk, metric, direction, kind, scale, derived, chart, [int(part) for part in path.strip("/").split("/")])
        for pk, metric, direction, kind, scale, derived, chart, path, _partial in keys
    ]
    ids = [row.pk for row in series]
    arrays = observations.arrays(ids, {row.pk: row.scale for row in series})
    _leave_out_partial(arrays, [row[-1] for row in keys])
    found = agreed([(row.metric, row.line) for row in series])
    steps = [one.targets for one in found]
    today = clock.today().toordinal()
    return Inputs(
        series=series,
        starts=arrays.starts,
        days=arrays.days,
        values=arrays.values,
        numerators=arrays.numerators,
        denominators=arrays.denominators,
        contacts=arrays.contacts,
        agreed=found,
        targets=steps,
        target=np.array([_in_force(of_one, today) for of_one in steps], np.float64),
        rebases=_rebases(ids),
        definitions=_definitions(series),
    )


def _leave_out_partial(arrays: observations.Arrays, partial: list[int | None]) -> None:
    """A period that is not over has no value yet that a rule could use."""
    for index, day in enumerate(partial):
        if day is not None:
            place = slice(arrays.starts[index], arrays.starts[index + 1])
            here = np.flatnonzero(arrays.days[place] == day) + arrays.starts[index]
            for numbers in (arrays.values, arrays.numerators, arrays.denominators, arrays.contacts):
                numbers[here] = np.nan


def _in_force(steps: Steps, day: int) -> float:
    found = next((value for from_day, value in reversed(steps) if from_day <= day), None)
    return float("nan") if found is None else found


def _rebases(ids: list[int]) -> list[list[tuple[int, str]]]:
    found: dict[int, list[tuple[int, str]]] = defaultdict(list)
    rows = Rebase.objects.filter(series__in=ids, withdrawn_at=None).order_by("day")
    for series, day, reason in rows.values_list("series_id", "day", "reason"):
        found[series].append((day.toordinal(), reason))
    return [found[pk] for pk in ids]


def _definitions(series: list[Place]) -> list[int]:
    metrics = {row.metric for row in series}
    numbers: dict[int, int] = {}
    for metric, number in Definition.objects.filter(metric__in=metrics).values_list("metric_id", "number"):
        numbers[metric] = max(number, numbers.get(metric, 0))
    return [numbers.get(row.metric, 0) for row in series]
