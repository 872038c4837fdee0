"""Tables of gaps, correlations and splits: what the charts draw, in rows."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from typing import Any

from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from metrics.charts import pairs as drawing
from metrics.models import Metric
from metrics.wording import amount, day_of, decimals_of, figure, rule_words
from metrics.wording import pairs as wording
from metrics.wording.figures import difference

Facts = dict[str, Any]
File = tuple[list[Any], list[list[Any]]]


def gap_lines(metric: Metric, facts: Facts) -> list[list[str]]:
    """Period, one, other, gap, limits, rule; newest first."""
    decimals = wording.gap_decimals(metric, facts)
    rows = zip(drawing.gap_rows(facts), facts["one"], facts["other"], strict=True)
    return [
        [
            day_of(row.day, metric.period),
            amount(one, metric, decimals),
            amount(other, metric, decimals),
            difference(row.value, metric, decimals, short=True),
            difference(row.lower, metric, decimals, short=True),
            difference(row.upper, metric, decimals, short=True),
            rule_words(row.rules),
        ]
        for row, one, other in reversed(list(rows))
    ]


def gap_file(facts: Facts, one: str, other: str) -> File:
    """The same for a file, oldest first, numbers as they are stored."""
    header = [_("period begins"), one, other, _("gap"), _("mean"), _("lower limit"), _("upper limit"), _("rule")]
    rows = zip(drawing.gap_rows(facts), facts["one"], facts["other"], strict=True)
    return header, [
        [dt.date.fromordinal(row.day), a, b, row.value, row.mean, row.lower, row.upper, rule_words(row.rules)]
        for row, a, b in rows
    ]


def lags(facts: Facts) -> list[list[str]]:
    """How much later, correlation, interval, pairs; one row per lag."""
    return [
        [
            figure(lag, 0),
            figure(facts["r"][lag], 2),
            ""
            if facts["low"][lag] is None
            else _("%(low)s to %(high)s")
            % {"low": figure(facts["low"][lag], 2), "high": figure(facts["high"][lag], 2)},
            figure(facts["pairs"][lag], 0),
        ]
        for lag in range(len(facts["r"]))
    ]


def correlation_file(facts: Facts, metric: Metric, other: Metric) -> File:
    """Period, both values, and what is left of them; oldest first."""
    left = _("%(name)s, trend and past taken out")
    header = [_("period begins"), metric.name, other.name, left % {"name": metric.name}, left % {"name": other.name}]
    rows = zip(facts["days"], facts["one"], facts["other"], facts["left"], facts["right"], strict=True)
    return header, [[dt.date.fromordinal(day), *rest] for day, *rest in rows]


def teams(metric: Metric, other: Metric, facts: Facts, names: dict[int, str]) -> list[list[str]]:
    """Name and both values drawn to the middle, by name."""
    digits = [
        decimals_of((max(line) - min(line)) / 4 if line else None, one.kind)
        for line, one in _sides(metric, other, facts)
    ]
    rows = [
        [names[unit], amount(one, metric, digits[0]), amount(two, other, digits[1])]
        for unit, one, two in zip(facts["ids"], facts["one"], facts["other"], strict=True)
        if unit in names
    ]
    return sorted(rows, key=lambda row: row[0].casefold())


def _sides(metric: Metric, other: Metric, facts: Facts) -> list[tuple[list[float], Metric]]:
    return [(facts["one"], metric), (facts["other"], other)]


MOVED: dict[int, str | Promise] = {
    1: gettext_lazy("rose by more than chance"),
    -1: gettext_lazy("fell by more than chance"),
    0: gettext_lazy("no clear change"),
}


@dataclass(frozen=True)
class MixLine:
    """One part of a total, ready to be shown."""

    name: str
    before: str
    after: str
    share_before: str
    share_after: str
    rates: str
    mix: str
    moved: str | Promise


def mix_lines(metric: Metric, facts: Facts, names: dict[int, str]) -> list[MixLine]:
    """One line per part that the reader sees, by name."""
    decimals = wording.mix_decimals(metric, facts)

    def share(value: float | None) -> str:
        return "" if value is None else f"{figure(100 * value, 0)}\u202f%"

    lines = [
        MixLine(
            name=names[part["id"]],
            before=amount(part["before"], metric, decimals),
            after=amount(part["after"], metric, decimals),
            share_before=share(part["share_before"]),
            share_after=share(part["share_after"]),
            rates=difference(part["rates"], metric, decimals, short=True),
            mix=difference(part["mix"], metric, decimals, short=True),
            moved=MOVED[part["moved"]],
        )
        for part in facts["parts"]
        if part["id"] in names
    ]
    return sorted(lines, key=lambda line: line.name.casefold())
