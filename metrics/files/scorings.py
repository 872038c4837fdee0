"""One person's score of one contact: the two names that together are its id, and the score as a number or a category."""

from __future__ import annotations

import unicodedata
from dataclasses import replace

import numpy as np
from numpy.typing import NDArray

from metrics.files.blocks import Block
from metrics.files.chunks import Floats
from metrics.files.columns import BLANK, TEXT_LENGTH, TOTAL, AmountColumn, KeyColumn
from metrics.files.found import Sniffed
from metrics.files.keyed import located
from metrics.files.mapping import Mapping, Measure, Scoring
from metrics.files.plan import Limits

CATEGORIES = 30
"""More different words than this are remarks, not scores."""
BETWEEN = " · "
Flags = dict[str, NDArray[np.int8]]


def joined(contact: str, rater: str) -> str:
    """The id of a scoring. What the rater's name must not hold is replaced by what looks like it."""
    return contact + BETWEEN + rater.replace("·", "‧")


def parted(external_id: str) -> tuple[str, str]:
    """Contact and rater of an id; both as they are compared: case and how letters are composed do not matter."""
    contact, _between, rater = external_id.rpartition(BETWEEN)
    return contact, unicodedata.normalize("NFKC", rater).casefold()


class ScoringColumns:
    """The columns of rater and score of one file."""

    def __init__(self, sniffed: Sniffed, mapping: Mapping, scoring: Scoring, limits: Limits) -> None:
        self.scoring, self.mapping = scoring, mapping
        self.rater_column, self.score_column = located(sniffed, scoring.rater), located(sniffed, scoring.score)
        self.rater = KeyColumn("rater", mapping, limits, self.rater_column)
        self.words = KeyColumn("score", mapping, replace(limits, categories=CATEGORIES), self.score_column)
        self._missing = frozenset(mark.casefold() for mark in (*mapping.missing, *scoring.unscored))
        percent = self.score_column.role == "percent"
        measure: Measure = "percent" if percent else "number"
        marks = replace(mapping, missing=(*mapping.missing, *scoring.unscored))
        self.number, self.times = AmountColumn(self.score_column, measure, marks), 100.0 if percent else 1.0

    def ids(self, block: Block, contacts: list[str]) -> list[str]:
        """The id of each row from its contact and its rater."""
        cells = block.cells(self.rater_column)
        codes = self.rater.parse(cells)
        block.exclude(codes == TOTAL, "total")
        found = []
        for place, (contact, code) in enumerate(zip(contacts, codes.tolist(), strict=True)):
            if code == BLANK:
                block.reject(place, "rater_missing", self.rater_column)
            name = joined(contact, self.rater.names[code] if code >= 0 else "")
            if len(name) > TEXT_LENGTH and len(contact) <= TEXT_LENGTH:
                block.reject(place, "rater_too_long", self.rater_column, cells[place], limit=TEXT_LENGTH)
            found.append(name)
        return found

    def scores(self, block: Block) -> tuple[Floats, Flags]:
        """Numbers (nan where the score is a category), and for categories a yes at the one that was given."""
        cells = block.cells(self.score_column)
        blank = np.fromiter((cell.strip().casefold() in self._missing for cell in cells), bool, len(cells))
        block.exclude(blank, "unscored")
        if self.scoring.scale == "category":
            return np.full(len(cells), np.nan), self._flags(block, cells, blank)
        values = self.number.parse(cells)
        for place, cell in enumerate(cells if self.number.bad else ()):
            if cell in self.number.bad:
                block.reject(place, self.number.bad[cell], self.score_column, cell, decimal=self.mapping.decimal)
        block.exclude(np.isnan(values) & ~blank & ~_in(cells, self.number.bad), "unscored")
        values = np.round(values * self.times, 9)
        low, high = self.scoring.low, self.scoring.high
        for place in np.flatnonzero((values < _or(low, -np.inf)) | (values > _or(high, np.inf))).tolist():
            block.reject(place, "score_outside", self.score_column, cells[place], low=low, high=high)
        return values, {}

    def _flags(self, block: Block, cells: list[str], blank: NDArray[np.bool_]) -> Flags:
        given = [word if not empty else "" for word, empty in zip(cells, blank.tolist(), strict=True)]
        codes = self.words.parse(given)
        block.exclude(codes == TOTAL, "total")
        # Two spellings of one word are one category.
        folded = [unicodedata.normalize("NFKC", name).casefold() for name in self.words.names]
        first = np.array([folded.index(name) for name in folded] or [0], np.int64)
        of_cell = np.where(codes >= 0, first[np.maximum(codes, 0)], -1)
        return {
            folded[kind]: np.where(of_cell == kind, 1, -1).astype(np.int8)
            for kind in np.unique(of_cell[of_cell >= 0]).tolist()
        }


def _in(cells: list[str], known: dict[str, str]) -> NDArray[np.bool_]:
    return np.fromiter((cell in known for cell in cells), bool, len(cells))


def _or(value: float | None, otherwise: float) -> float:
    return otherwise if value is None else value
