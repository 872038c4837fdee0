"""Columns of answers to arrays: yes or no, and how satisfied."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from metrics.files.chunks import Floats
from metrics.files.columns import REMEMBERED, missing_marks
from metrics.files.mapping import Flag, Mapping, Score
from metrics.files.numbers import parse_number


class FlagColumn:
    """Parses yes and no: 1, 0, and -1 for "not known"; cells that are neither are listed in ``bad``."""

    def __init__(self, flag: Flag, mapping: Mapping) -> None:
        self.flag, self.decimal = flag, mapping.decimal
        self._missing = missing_marks(mapping)
        self._yes = {word.casefold() for word in flag.yes}
        self._no = {word.casefold() for word in flag.no}
        self._known: dict[str, int] = {}
        self.bad: set[str] = set()

    def parse(self, cells: list[str]) -> NDArray[np.int8]:
        self.bad.clear()
        for cell in set(cells).difference(self._known):
            verdict = self._judge(cell.strip())
            if verdict is None:
                self.bad.add(cell)
                verdict = -1
            self._known[cell] = verdict
        verdicts = np.fromiter(map(self._known.__getitem__, cells), np.int8, len(cells))
        for cell in self.bad:
            del self._known[cell]
        if len(self._known) > REMEMBERED:
            self._known.clear()
        return verdicts

    def _judge(self, text: str) -> int | None:
        low = text.casefold()
        if self.flag.above is not None:
            value = parse_number(text, self.decimal)
            if isinstance(value, float):
                return int(value > self.flag.above)
            return -1 if low in self._missing else None
        if low in self._yes or low in self._no:
            return int(low in self._yes)
        return -1 if low in self._missing else None


class ScoreColumn:
    """Parses satisfaction: the verdict (1, 0, -1) and the number where there is one; reasons in ``bad``."""

    def __init__(self, score: Score, mapping: Mapping) -> None:
        self.score, self.decimal = score, mapping.decimal
        self._missing = missing_marks(mapping) | {word.casefold() for word in score.unanswered}
        self._good, self._bad_words = _both(score.good), _both(score.bad)
        self._known: dict[str, tuple[int, float, str]] = {}
        self.bad: dict[str, str] = {}

    def parse(self, cells: list[str]) -> tuple[NDArray[np.int8], Floats]:
        for cell in set(cells).difference(self._known):
            self._known[cell] = self._judge(cell.strip())
        found = [self._known[cell] for cell in cells]
        self.bad = {cell: self._known[cell][2] for cell in set(cells) if self._known[cell][2]}
        if len(self._known) > REMEMBERED:
            self._known.clear()
        verdicts = np.fromiter((item[0] for item in found), np.int8, len(cells))
        return verdicts, np.fromiter((item[1] for item in found), np.float64, len(cells))

    def _judge(self, text: str) -> tuple[int, float, str]:
        low = text.casefold()
        if low in self._missing:
            return -1, np.nan, ""
        number = parse_number(text, self.decimal)
        value = number if isinstance(number, float) else np.nan
        low = low if isinstance(number, str) else f"{number:g}"
        if low in self._missing:
            return -1, np.nan, ""
        outside = (self.score.low is not None and value < self.score.low) or (
            self.score.high is not None and value > self.score.high
        )
        if outside:
            return -1, np.nan, "score_outside"
        if low in self._good or low in self._bad_words:
            return int(low in self._good), value, ""
        return -1, np.nan, "score_unreadable"


def _both(words: tuple[str, ...]) -> set[str]:
    return {word.casefold() for word in words}
