"""What the cells of a column prove about the order of its dates and the mark of its decimals."""

from __future__ import annotations

import datetime as dt
from collections import Counter
from dataclasses import dataclass, field, replace
from typing import Any, Literal

import numpy as np

from metrics.files.dates import DAY, GRAIN, MONTH, NAIVE, parse_day, parse_time, split_moment, three_numbers
from metrics.files.found import DateEvidence, NumberEvidence
from metrics.files.headers import is_mark
from metrics.files.iso import iso_moments
from metrics.files.numbers import is_censored, parse_number, readings, tidy

REMEMBERED = 100_000
PLAIN_DIGITS = b"0123456789-\n"


@dataclass(slots=True)
class DateProfile:
    """Counts of what the date cells prove."""

    counts: dict[str, int] = field(default_factory=dict)
    examples: dict[str, tuple[str, int]] = field(default_factory=dict)
    offsets: set[str] = field(default_factory=set)
    _days: dict[str, tuple[str, ...]] = field(default_factory=dict)
    _times: dict[str, tuple[str, ...]] = field(default_factory=dict)

    def add(self, cells: list[str], first_row: int) -> None:
        moments = iso_moments(cells)
        if moments is not None:
            real = len(cells) - int(np.isnat(moments).sum())
            self._count("ymd", real, "", 0)
            self._count("with_time", sum(1 for cell in cells if len(cell) > 10), "", 0)
            return
        if len(self._days) > REMEMBERED:
            self._days.clear()
        if not self._in_parts(cells, first_row):
            self._whole(cells, first_row)

    def _count(self, kind: str, times: int, cell: str, row: int) -> None:
        if times and kind not in self.counts:
            self.examples[kind] = (cell, row)
        self.counts[kind] = self.counts.get(kind, 0) + times

    def _in_parts(self, cells: list[str], first_row: int) -> bool:
        """Count dates and times apart, each distinct one once; False where some date has a blank within."""
        parts = [cell.partition(" ") for cell in cells]
        heads, tails = Counter([part[0] for part in parts]), Counter([part[2] for part in parts])
        kinds = {head: self._days.get(head) or self._learn_day(head) for head in heads}
        if len(tails) > 1 and ("unreadable",) in kinds.values():
            return False
        for head, times in heads.items():
            for kind in kinds[head]:
                place = 0
                if kind not in self.counts:
                    place = next(place for place, part in enumerate(parts) if part[0] == head)
                self._count(kind, times, cells[place], first_row + place)
        for tail, times in tails.items():
            if tail not in self._times:
                self._times[tail] = self._time_kinds(tail)
            for kind in self._times[tail]:
                place = 0
                if kind not in self.counts:
                    place = next(place for place, part in enumerate(parts) if part[2] == tail)
                self._count(kind, times, cells[place], first_row + place)
        return True

    def _learn_day(self, head: str) -> tuple[str, ...]:
        self._days[head] = ("mark",) if is_mark(head) else date_kinds(head)
        return self._days[head]

    def _whole(self, cells: list[str], first_row: int) -> None:
        for cell, times in Counter(cells).items():
            day, time = split_moment(cell)
            kinds = ("mark",) if is_mark(cell) else (*date_kinds(day), *self._time_kinds(time))
            for kind in kinds:
                place = cells.index(cell) if kind not in self.counts else 0
                self._count(kind, times, cell, first_row + place)

    def _time_kinds(self, text: str) -> tuple[str, ...]:
        if not text.strip():
            return ()
        time = parse_time(text)
        if time is None:
            return ("unreadable",)
        if time[1] == NAIVE:
            return ("with_time",)
        self.offsets.add(f"{'-' if time[1] < 0 else '+'}{abs(time[1]) // 60:02d}:{abs(time[1]) % 60:02d}")
        return ("with_time", "with_offset")

    def result(self, cells: set[str] | None) -> DateEvidence:
        fields = ("dmy_only", "mdy_only", "both", "same", "ymd", "coarse", "unreadable", "with_time", "with_offset")
        counts: dict[str, Any] = {name: self.counts.get(name, 0) for name in (*fields, "two_digit_years", "serials")}
        blank = ("", 0)
        evidence = DateEvidence(**counts)
        return replace(
            evidence,
            period=spacing(cells, evidence.order) if cells else "",
            offsets=tuple(sorted(self.offsets)),
            example_dmy=self.examples.get("dmy_only", blank)[0],
            example_mdy=self.examples.get("mdy_only", blank)[0],
            example_both=self.examples.get("both", blank)[0],
            example_unreadable=self.examples.get("unreadable", blank)[0],
            row_dmy=self.examples.get("dmy_only", blank)[1],
            row_mdy=self.examples.get("mdy_only", blank)[1],
        )


def spacing(cells: set[str], order: str) -> Literal["", "day", "week", "month"]:
    """The period that the distinct dates of a column are apart, "" where it cannot be told."""
    if order not in ("dmy", "mdy", "ymd"):
        return ""
    packed = {parse_day(split_moment(cell)[0], order) for cell in cells if not is_mark(cell)}
    days = [day % GRAIN for day in packed if day > 0]
    if len(days) < 2:
        return "month" if packed and all(day >= GRAIN * MONTH for day in packed) else ""
    if all(dt.date.fromordinal(day).day == 1 for day in days):
        return "month"
    return "week" if len({day % 7 for day in days}) == 1 else "day"


def date_kinds(text: str) -> tuple[str, ...]:
    """What a date without its time proves about the order of day and month."""
    parts = three_numbers(text)
    if parts is None or len(parts[0]) >= 3:
        day = parse_day(text, "ymd")
        if day == -1:
            serial = text.replace(".", "", 1).isdigit() and parse_day(text, "serial") > 0
            return ("serials",) if serial else ("unreadable",)
        return ("coarse",) if day >= GRAIN * (DAY + 1) else ("ymd",)
    first, second = parse_day(text, "dmy"), parse_day(text, "mdy")
    short = ("two_digit_years",) if len(parts[2]) == 2 else ()
    if first < 0 and second < 0:
        # 31/02 is a date that cannot be, 1/1/1970 one that means "none": neither proves an order.
        return ("unreadable",) if -1 in (first, second) else ("same",)
    if first < 0:
        return ("mdy_only", *short)
    if second < 0:
        return ("dmy_only", *short)
    return ("same" if first == second else "both", *short)


@dataclass(slots=True)
class NumberProfile:
    """Counts of what the number cells prove."""

    counts: dict[str, int] = field(default_factory=dict)
    examples: dict[str, str] = field(default_factory=dict)
    proved: str = ""

    def add(self, cells: list[str]) -> None:
        packed = "\n".join(cells).encode("utf-8", "replace")
        rest = packed.translate(None, PLAIN_DIGITS)
        if not rest:
            self._count("plain", len(cells))
            # A share needs one cell at most 1; whole numbers are looked at in the first batches only.
            self._sizes(cells[:200])
            return
        if self.proved == "." and not rest.strip(b"."):
            self._count("point_only", len(cells))
            self._sizes(cells[:200])
            return
        for cell in cells:
            self._one(cell)

    def _count(self, name: str, times: int = 1) -> None:
        self.counts[name] = self.counts.get(name, 0) + times

    def _sizes(self, cells: list[str]) -> None:
        for cell in cells:
            value = parse_number(cell, self.proved or ".")
            if isinstance(value, float):
                self._count("above_one" if abs(value) > 1 else "at_most_one")

    def _one(self, cell: str) -> None:
        if is_mark(cell):
            return
        clean = tidy(cell)
        if clean.endswith("%"):
            self._count("percent_sign")
        if is_censored(clean):
            self._count("censored")
            return
        kind = readings(cell)
        name = {"plain": "plain", "point": "point_only", "comma": "comma_only", "both": "both"}.get(kind, "unreadable")
        if name in ("both", "unreadable"):
            self.examples.setdefault(name, cell[:80])
        self._count(name)
        if kind == "point":
            self.proved = self.proved or "."
        if kind and not clean.endswith("%"):
            self._sizes([cell])

    def result(self) -> NumberEvidence:
        names = ("plain", "point_only", "comma_only", "both", "percent_sign", "above_one", "at_most_one", "censored")
        return NumberEvidence(
            **{name: self.counts.get(name, 0) for name in (*names, "unreadable")},
            example_both=self.examples.get("both", ""),
            example_unreadable=self.examples.get("unreadable", ""),
        )
