"""What both shapes share: columns found by key, unit and dimensions, rows filtered, total rows left out."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from metrics.files.blocks import Block
from metrics.files.columns import BLANK, TOTAL, TOTALS, KeyColumn
from metrics.files.found import Column, Sniffed
from metrics.files.mapping import Mapping
from metrics.files.plan import Limits, refusal


def located(sniffed: Sniffed, key: str) -> Column:
    """The column of that key; raises ``Refused`` that names the columns there are."""
    column = sniffed.column(key)
    if column is None:
        raise refusal("column_missing", value=key, column=key, columns=[item.header for item in sniffed.columns][:100])
    return column


def is_total(text: str, mapping: Mapping) -> bool:
    """True of "Grand Total" and its like, in any column that names something."""
    low = " ".join(text.split()).casefold()
    return low in TOTALS or low in {word.casefold() for word in mapping.total_words}


class KeyedColumns:
    """Unit and dimensions of a file, fixed or from columns; ``names`` of each grow as the file is read."""

    def __init__(self, sniffed: Sniffed, mapping: Mapping, limits: Limits) -> None:
        self.mapping = mapping
        self.unit_column = located(sniffed, mapping.unit_column) if mapping.unit_column else None
        self.unit = KeyColumn("unit", mapping, limits, self.unit_column)
        self._dimension_columns = {
            item.name: located(sniffed, item.column) if item.column else None for item in mapping.dimensions
        }
        self.dimensions = {
            item.name: KeyColumn(item.name, mapping, limits, self._dimension_columns[item.name])
            for item in mapping.dimensions
        }
        self._conditions = [(located(sniffed, item.column), item) for item in mapping.conditions]

    def parse(self, block: Block) -> tuple[NDArray[np.int32], dict[str, NDArray[np.int32]]]:
        """Codes of the unit and of each dimension; a blank dimension is the word ""."""
        self._filter(block)
        dimensions = {item.name: self._dimension(block, item.name, item.fixed) for item in self.mapping.dimensions}
        return self._unit(block), dimensions

    def _filter(self, block: Block) -> None:
        for column, condition in self._conditions:
            wanted = {word.casefold() for word in condition.values}
            cells = block.cells(column)
            found = np.fromiter((cell.strip().casefold() in wanted for cell in cells), bool, len(cells))
            block.exclude(found != condition.keep, "filtered")

    def _unit(self, block: Block) -> NDArray[np.int32]:
        if self.unit_column is None:
            return self.unit.fixed(self.mapping.unit_fixed, len(block.rows))
        codes = self.unit.parse(block.cells(self.unit_column))
        if codes.min(initial=0) < 0:
            block.exclude(codes == TOTAL, "total")
            for place in np.flatnonzero(codes == BLANK).tolist():
                block.reject(place, "unit_missing", self.unit_column)
        return codes

    def _dimension(self, block: Block, name: str, fixed: str) -> NDArray[np.int32]:
        column, keys = self._dimension_columns[name], self.dimensions[name]
        if column is None:
            return keys.fixed(fixed, len(block.rows))
        codes = keys.parse(block.cells(column))
        if codes.min(initial=0) < 0:
            block.exclude(codes == TOTAL, "total")
            blank = codes == BLANK
            if blank.any():
                codes = np.where(blank, keys.fixed("", 1)[0], codes).astype(np.int32)
        return codes
