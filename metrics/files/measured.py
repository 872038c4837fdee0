"""Blocks of a measured file to chunks: a figure per metric, unit, dimensions and period."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from metrics.files.blocks import Block
from metrics.files.chunks import Floats, Keys, MeasuredChunk, Reading, Values
from metrics.files.columns import BLANK, TOTAL, AmountColumn, KeyColumn, MomentColumn
from metrics.files.dates import DAY, GRAIN, MONTH, NAIVE, WEEK, WHY
from metrics.files.found import Column, Sniffed
from metrics.files.keyed import KeyedColumns, is_total, located
from metrics.files.mapping import Amount, Mapping, MetricFrom
from metrics.files.plan import Limits
from metrics.files.zones import EPOCH, Clock, period_starts

_FINEST = {"day": DAY, "week": WEEK, "month": MONTH}
Mask = NDArray[np.bool_]


class MeasuredReader:
    """Turns the blocks of one file into ``MeasuredChunk``s and books them in ``reading``."""

    def __init__(
        self, sniffed: Sniffed, mapping: Mapping, limits: Limits, workspace: Clock, latest: int, reading: Reading
    ) -> None:
        self.mapping, self.workspace, self.latest, self.reading = mapping, workspace, latest, reading
        self.date_column = located(sniffed, mapping.date)
        missing = frozenset(mark.casefold() for mark in mapping.missing)
        self.dates = MomentColumn(self.date_column, mapping.date_order, missing)
        self.keys = KeyedColumns(sniffed, mapping, limits)
        self.metric_column = located(sniffed, mapping.metric_column) if mapping.metric_column else None
        self.metric = KeyColumn("metric", mapping, limits, self.metric_column) if self.metric_column else None
        self.amounts: dict[tuple[str, str], AmountColumn] = {
            (key, amount.measure): AmountColumn(located(sniffed, key), amount.measure, mapping)
            for metric in mapping.metrics
            for amount in (metric.value, metric.numerator, metric.denominator)
            if amount
            for key in (*amount.plus, *amount.minus)
        }

    def chunk(self, block: Block) -> MeasuredChunk:
        unit, dimensions = self.keys.parse(block)
        metric = self._metric(block)
        day = self._days(block)
        cells = {key: self._amount(block, column) for key, column in self.amounts.items()}
        values = {item.name: self._values(block, item, cells) for item in self.mapping.metrics}
        without = np.logical_and.reduce([np.isnan(value.numerator) for value in values.values()])
        rejected = block.account(self.reading, without)
        keep = block.kept(without)
        every = bool(keep.all())
        self._span(day if every else day[keep])
        return MeasuredChunk(
            row_number=block.number if every else block.number[keep],
            day=(day if every else day[keep]).astype(np.int32),
            unit=Keys(unit if every else unit[keep], self.keys.unit.names),
            dimensions={
                name: Keys(codes if every else codes[keep], self.keys.dimensions[name].names)
                for name, codes in dimensions.items()
            },
            metric=Keys(metric if every else metric[keep], self.metric.names) if self.metric else None,
            values=values if every else {name: _kept(value, keep) for name, value in values.items()},
            rejected=rejected,
            warnings=block.warnings,
        )

    def _metric(self, block: Block) -> NDArray[np.int32]:
        if self.metric is None or self.metric_column is None:
            return np.zeros(len(block.rows), np.int32)
        codes = self.metric.parse(block.cells(self.metric_column))
        block.exclude(codes == TOTAL, "total")
        for place in np.flatnonzero(codes == BLANK).tolist():
            block.reject(place, "metric_missing", self.metric_column)
        return codes

    def _days(self, block: Block) -> NDArray[np.int64]:
        """The first day of each row's period; rows without a usable date are rejected."""
        cells = block.cells(self.date_column)
        found = self.dates.parse(cells)
        for place in np.flatnonzero(found.missing).tolist():
            block.reject(place, "date_missing", self.date_column, cells[place])
        for place in np.flatnonzero(found.bad).tolist():
            if is_total(cells[place], self.mapping):
                block.excluded.setdefault(place, "total")
            else:
                why = WHY.get(int(found.day[place]), "date_unreadable")
                block.reject(place, why, self.date_column, cells[place], order=self.mapping.date_order)
        grain, day = np.divmod(found.day, GRAIN)
        for place in np.flatnonzero((grain > _FINEST[self.mapping.period]) & (found.day > 0)).tolist():
            block.reject(place, "date_too_coarse", self.date_column, cells[place], period=self.mapping.period)
        known = (found.offset != NAIVE) & (found.day > 0)
        if known.any():
            moments = (day[known] - EPOCH) * 86_400 + found.seconds[known] - found.offset[known] * 60
            day[known] = self.workspace.local_days(moments)
        if self.latest:
            for place in np.flatnonzero((day > self.latest) & (found.day > 0)).tolist():
                block.reject(place, "date_future", self.date_column, cells[place], latest=self.latest)
        return period_starts(day, self.mapping.period)

    def _span(self, days: NDArray[np.int64]) -> None:
        if len(days):
            first, last = int(days.min()), int(days.max())
            self.reading.first_day = min(self.reading.first_day or first, first)
            self.reading.last_day = max(self.reading.last_day, last)

    def _amount(self, block: Block, column: AmountColumn) -> Floats:
        cells = block.cells(column.column)
        values = column.parse(cells)
        if column.bad:
            for place, cell in enumerate(cells):
                if cell in column.bad:
                    params = {"decimal": self.mapping.decimal, "measure": column.measure}
                    block.reject(place, column.bad[cell], column.column, cell, **params)
        return values

    def _values(self, block: Block, metric: MetricFrom, cells: dict[tuple[str, str], Floats]) -> Values:
        if metric.value is not None:
            value = _sum(metric.value, cells)
            if metric.kind in ("count", "duration", "proportion"):
                self._check(block, value < 0, "number_negative", metric.value, value)
            if metric.kind == "proportion":
                self._check(block, value > 1, "above_whole", metric.value, value)
            return Values(value, np.full(len(value), np.nan))
        assert metric.numerator is not None
        numerator = _sum(metric.numerator, cells)
        if metric.denominator is None:
            return Values(numerator, np.full(len(numerator), np.nan))
        denominator = _sum(metric.denominator, cells)
        self._check_ratio(block, metric, numerator, denominator)
        if not metric.kind:
            return Values(numerator, np.where(np.isnan(numerator), np.nan, denominator))
        gone = np.isnan(numerator) | np.isnan(denominator)
        if gone.any():
            numerator, denominator = np.where(gone, np.nan, numerator), np.where(gone, np.nan, denominator)
        return Values(numerator, denominator)

    def _check_ratio(self, block: Block, metric: MetricFrom, numerator: Floats, denominator: Floats) -> None:
        assert metric.numerator is not None and metric.denominator is not None
        self._check(block, denominator < 0, "number_negative", metric.denominator, denominator)
        if metric.kind in ("proportion", "count", "duration"):
            self._check(block, numerator < 0, "number_negative", metric.numerator, numerator)
        empty = (denominator == 0) & (numerator != 0) & ~np.isnan(numerator)
        self._check(block, empty, "denominator_zero", metric.denominator, denominator)
        if metric.kind == "proportion":
            above = (numerator > denominator) & ~empty
            self._check(block, above, "above_whole", metric.numerator, numerator, denominator)

    def _check(
        self, block: Block, wrong: Mask, code: str, amount: Amount, value: Floats, whole: Floats | None = None
    ) -> None:
        """Reject the rows where a figure cannot be; a difference is named by its first column."""
        if not wrong.any():
            return
        column: Column = self.amounts[(amount.plus[0], amount.measure)].column
        for place in np.flatnonzero(wrong).tolist():
            params = {"numerator": float(value[place])}
            if whole is not None:
                params["denominator"] = float(whole[place])
            block.reject(place, code, column, f"{value[place]:g}", **params)


def _sum(amount: Amount, cells: dict[tuple[str, str], Floats]) -> Floats:
    """The columns added and subtracted; missing where any of them is."""
    total = cells[(amount.plus[0], amount.measure)]
    for key in amount.plus[1:]:
        total = total + cells[(key, amount.measure)]
    for key in amount.minus:
        total = total - cells[(key, amount.measure)]
    return total


def _kept(values: Values, keep: Mask) -> Values:
    return Values(values.numerator[keep], values.denominator[keep])
