"""Blocks of a case file to chunks: one row per ticket, call or response."""

from __future__ import annotations

import re

import numpy as np
from numpy.typing import NDArray

from metrics.files.blocks import Block
from metrics.files.chunks import NEVER, CaseChunk, Floats, Keys, Moments, Reading
from metrics.files.columns import TEXT_LENGTH, AmountColumn, MomentColumn
from metrics.files.dates import GRAIN, NAIVE, WHY
from metrics.files.found import Column, Sniffed
from metrics.files.keyed import KeyedColumns, is_total, located
from metrics.files.mapping import Amount, CaseColumns, Flag, Mapping
from metrics.files.plan import Limits, refusal
from metrics.files.scorings import ScoringColumns
from metrics.files.verdicts import FlagColumn, ScoreColumn
from metrics.files.zones import EPOCH, Clock
from teams.cells import unguarded

MOMENTS = ("opened", "first_response", "resolved", "closed", "updated")
_ROUNDED = re.compile(r"\d(?:[.,]\d+)?[eE]\+?\d+\Z")
_BEFORE = (
    ("response_before_opened", "first_response"),
    ("resolved_before_opened", "resolved"),
    ("closed_before_opened", "closed"),
)


class CaseReader:
    """Turns the blocks of one file into ``CaseChunk``s and books them in ``reading``."""

    def __init__(
        self, sniffed: Sniffed, mapping: Mapping, limits: Limits, workspace: Clock, latest: int, reading: Reading
    ) -> None:
        assert mapping.cases is not None
        self.mapping, self.cases, self.reading = mapping, mapping.cases, reading
        self.workspace, self.latest = workspace, latest
        self.clock = Clock(mapping.zone)
        self.sniffed = sniffed
        self.keys = KeyedColumns(sniffed, mapping, limits)
        self.id_column = located(sniffed, self.cases.id)
        missing = frozenset(mark.casefold() for mark in mapping.missing)
        self.moments = {
            name: MomentColumn(located(sniffed, getattr(self.cases, name)), mapping.date_order, missing)
            for name in MOMENTS
            if getattr(self.cases, name)
        }
        self.durations = {
            name: [AmountColumn(located(sniffed, key), amount.measure, mapping) for key in amount.plus]
            for name in ("first_response_duration", "resolution_duration")
            if (amount := _amount(self.cases, name))
        }
        self.reopens = (
            AmountColumn(located(sniffed, self.cases.reopens), "number", mapping) if self.cases.reopens else None
        )
        self.within = self._flag(self.cases.within_limit)
        self.flags = {flag.name: self._flag(flag) for flag in self.cases.flags}
        score = self.cases.satisfaction
        self.score_column = located(sniffed, score.column) if score else None
        self.score = ScoreColumn(score, mapping) if score else None
        told = self.cases.scoring
        self.scoring = ScoringColumns(sniffed, mapping, told, limits) if told else None

    def _flag(self, flag: Flag | None) -> tuple[Column, FlagColumn] | None:
        return (located(self.sniffed, flag.column), FlagColumn(flag, self.mapping)) if flag else None

    def chunk(self, block: Block) -> CaseChunk:
        unit, dimensions = self.keys.parse(block)
        ids = self._ids(block)
        moments = {name: self._moment(block, name) for name in MOMENTS}
        durations = {name: self._duration(block, name) for name in ("first_response_duration", "resolution_duration")}
        reopens = self._reopens(block)
        within = self._flags(block, self.within)
        flags = {name: self._flags(block, flag) for name, flag in self.flags.items()}
        satisfied, score = self._score(block)
        if self.scoring:
            ids = self.scoring.ids(block, ids)
            score, flags = self.scoring.scores(block)
            # Who scores a contact once more has the last word.
            moments["updated"] = np.maximum(moments["updated"], moments["opened"])
        self._contradictions(block, moments)
        rejected = block.account(self.reading)
        keep = block.kept()
        self._span(moments["opened"][keep])
        return CaseChunk(
            row_number=block.number[keep],
            external_id=[name for name, kept in zip(ids, keep.tolist(), strict=True) if kept],
            unit=Keys(unit[keep], self.keys.unit.names),
            dimensions={
                name: Keys(codes[keep], self.keys.dimensions[name].names) for name, codes in dimensions.items()
            },
            **{name: found[keep] for name, found in moments.items()},
            first_response_seconds=durations["first_response_duration"][keep],
            resolution_seconds=durations["resolution_duration"][keep],
            reopens=reopens[keep],
            within_limit=within[keep],
            satisfied=satisfied[keep],
            score=score[keep],
            flags={name: verdict[keep] for name, verdict in flags.items()},
            rejected=rejected,
            warnings=block.warnings,
        )

    def _ids(self, block: Block) -> list[str]:
        ids = [cell.strip() for cell in block.cells(self.id_column)]
        if any(name.startswith("'") for name in ids):
            ids = [unguarded(name) for name in ids]
        odd = [place for place, name in enumerate(ids) if not _is_plain(name)]
        for place in odd:
            name = ids[place]
            if not name:
                block.reject(place, "id_missing", self.id_column)
            elif len(name) > TEXT_LENGTH:
                block.reject(place, "id_too_long", self.id_column, name, limit=TEXT_LENGTH)
            elif _ROUNDED.match(name):
                raise refusal("ids_rounded", block.where(place, self.id_column), name, example=name)
            elif is_total(name, self.mapping):
                block.excluded.setdefault(place, "total")
        return ids

    def _moment(self, block: Block, name: str) -> Moments:
        """Seconds since 1970 UTC; a date that cannot be read rejects its row, a missing opening too."""
        if name not in self.moments:
            return np.full(len(block.rows), NEVER, np.int64)
        column = self.moments[name].column
        cells = block.cells(column)
        found = self.moments[name].parse(cells)
        for place in np.flatnonzero(found.bad).tolist():
            why = WHY.get(int(found.day[place]), "date_unreadable")
            block.reject(place, why, column, cells[place], order=self.mapping.date_order)
        if name == "opened":
            for place in np.flatnonzero(found.missing).tolist():
                block.reject(place, "date_missing", column, cells[place])
        grain, day = np.divmod(found.day, GRAIN)
        good = found.day > 0
        for place in np.flatnonzero((grain > 0) & good).tolist():
            block.reject(place, "date_too_coarse", column, cells[place], period="day")
        moments = (day - EPOCH) * 86_400 + found.seconds
        naive = good & (found.offset == NAIVE)
        moments = np.where(good & ~naive, moments - found.offset * 60, moments)
        if self.scoring:
            # A day without a time is a day of the house.
            bare = naive & (found.seconds == 0)
            moments[bare] = self.workspace.instants(moments[bare])[0]
            naive &= ~bare
        if naive.any() and self.mapping.zone != "UTC":
            moments[naive] = self._in_zone(block, column, np.flatnonzero(naive), moments[naive])
        if self.latest and name in ("opened", "resolved", "closed"):
            end = (self.latest + 2 - EPOCH) * 86_400
            for place in np.flatnonzero((moments >= end) & good).tolist():
                block.reject(place, "date_future", column, cells[place], latest=self.latest)
        return np.where(good, moments, NEVER)

    def _in_zone(self, block: Block, column: Column, places: NDArray[np.intp], local: Moments) -> Moments:
        instants, skipped, repeated = self.clock.instants(local)
        cells = block.cells(column)
        for code, found in (("time_skipped", skipped), ("time_repeated", repeated)):
            for position in found:
                place = int(places[position])
                block.warn(self.reading, place, code, column, cells[place], zone=self.mapping.zone)
        return instants

    def _duration(self, block: Block, name: str) -> Floats:
        """Seconds; a negative duration is said and counts as missing, since the case itself is real."""
        total = np.full(len(block.rows), np.nan)
        for number, column in enumerate(self.durations.get(name, ())):
            cells = block.cells(column.column)
            values = column.parse(cells)
            self._reject_bad(block, column, cells)
            total = values if number == 0 else total + values
        negative = total < 0
        if negative.any():
            column = self.durations[name][0]
            cells = block.cells(column.column)
            for place in np.flatnonzero(negative).tolist():
                block.warn(self.reading, place, "duration_negative", column.column, cells[place])
                self._contradict("duration_negative")
            total = np.where(negative, np.nan, total)
        return total

    def _reject_bad(self, block: Block, column: AmountColumn, cells: list[str]) -> None:
        if column.bad:
            for place, cell in enumerate(cells):
                if cell in column.bad:
                    params = {"measure": column.measure, "decimal": self.mapping.decimal}
                    block.reject(place, column.bad[cell], column.column, cell, **params)

    def _reopens(self, block: Block) -> NDArray[np.int32]:
        if self.reopens is None:
            return np.full(len(block.rows), -1, np.int32)
        cells = block.cells(self.reopens.column)
        values = self.reopens.parse(cells)
        self._reject_bad(block, self.reopens, cells)
        wrong = (values < 0) | (values != np.floor(values)) & ~np.isnan(values) | (values > 1_000_000)
        for place in np.flatnonzero(wrong).tolist():
            block.reject(place, "count_unreadable", self.reopens.column, cells[place])
        return np.where(np.isnan(values) | wrong, -1, values).astype(np.int32)

    def _flags(self, block: Block, flag: tuple[Column, FlagColumn] | None) -> NDArray[np.int8]:
        if flag is None:
            return np.full(len(block.rows), -1, np.int8)
        column, parser = flag
        cells = block.cells(column)
        verdicts = parser.parse(cells)
        if parser.bad:
            for place, cell in enumerate(cells):
                if cell in parser.bad:
                    yes, no = list(parser.flag.yes[:5]), list(parser.flag.no[:5])
                    block.reject(place, "flag_unreadable", column, cell, yes=yes, no=no)
        return verdicts

    def _score(self, block: Block) -> tuple[NDArray[np.int8], Floats]:
        if self.score is None or self.score_column is None:
            return np.full(len(block.rows), -1, np.int8), np.full(len(block.rows), np.nan)
        cells = block.cells(self.score_column)
        verdicts, numbers = self.score.parse(cells)
        for place, cell in enumerate(cells if self.score.bad else ()):
            if cell in self.score.bad:
                params = {"low": self.score.score.low, "high": self.score.score.high}
                block.reject(place, self.score.bad[cell], self.score_column, cell, **params)
        return verdicts, numbers

    def _contradictions(self, block: Block, moments: dict[str, Moments]) -> None:
        """Count and show what happened before the case was opened; derived times leave these out."""
        opened = moments["opened"]
        for code, name in _BEFORE:
            early = (moments[name] < opened) & (moments[name] != NEVER) & (opened != NEVER)
            if early.any():
                column = self.moments[name].column
                cells = block.cells(column)
                for place in np.flatnonzero(early).tolist():
                    block.warn(self.reading, place, code, column, cells[place])
                    self._contradict(code)

    def _contradict(self, code: str) -> None:
        self.reading.contradictions[code] = self.reading.contradictions.get(code, 0) + 1

    def _span(self, opened: Moments) -> None:
        if len(opened):
            ends = self.workspace.local_days(np.array([opened.min(), opened.max()]))
            first, last = int(ends[0]), int(ends[1])
            self.reading.first_day = min(self.reading.first_day or first, first)
            self.reading.last_day = max(self.reading.last_day, last)


def _is_plain(name: str) -> bool:
    """True of nearly every id: it needs no closer look."""
    return name[-1:].isdigit() and "e" not in name and "E" not in name and len(name) <= TEXT_LENGTH


def _amount(cases: CaseColumns, name: str) -> Amount | None:
    amount: Amount | None = getattr(cases, name)
    return amount
