"""All series of one analysis, as flat sorted arrays."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

import numpy as np
from numpy.typing import ArrayLike

from . import codes
from .arrays import Bools, Codes, Floats, Ints


class BatchError(ValueError):
    """The input arrays do not fit together."""


class DuplicateDate(BatchError):
    """Two points of one series have the same date."""

    def __init__(self, series: int, name: str, day: int) -> None:
        self.series, self.name, self.day = series, name, day
        when = date.fromordinal(day).isoformat() if 1 <= day <= date.max.toordinal() else f"day {day}"
        super().__init__(f"series {name!r} has more than one value on {when}")


@dataclass(frozen=True, eq=False)
class Batch:
    """Series s owns the points starts[s]:starts[s + 1], in order of day; make one with `build` or
    `from_rows`.

    values float64[n] (nan = missing), starts int64[s + 1], days int64[n] (proleptic ordinals), direction
    int8[s] (+1 higher is better, -1 lower is better, 0 neither), target float64[s] (nan = none), rebase
    int64[r, 2] (series index, day), fix_after int64[s] (baseline points of each phase, 0 = the settings'
    number), screen bool[s], order int64[n] (place of each point in the input) or None if it was sorted. chart
    int8[s]: the chart wanted (codes.XMR ..); numerators, denominators float64[n] (nan = none) or None, for charts of
    counts: value = numerator / denominator * scale; scale float64[s]. fixed bool[s]: a person chose this chart. least,
    most float64[s]: the ends of the scale of the values (-inf, inf = none), beyond which no limit is drawn.
    """

    values: Floats
    starts: Ints
    days: Ints
    direction: Codes
    target: Floats
    rebase: Ints
    fix_after: Ints
    screen: Bools
    chart: Codes
    fixed: Bools
    scale: Floats
    least: Floats
    most: Floats
    numerators: Floats | None = None
    denominators: Floats | None = None
    names: Sequence[str] | None = None
    order: Ints | None = None

    @property
    def size(self) -> int:
        return len(self.starts) - 1

    def name(self, series: int) -> str:
        return str(series) if self.names is None else self.names[series]

    @classmethod
    def build(
        cls,
        values: ArrayLike,
        starts: ArrayLike,
        days: ArrayLike,
        *,
        direction: ArrayLike | None = None,
        target: ArrayLike | None = None,
        rebase: Iterable[tuple[int, int]] = (),
        fix_after: ArrayLike | None = None,
        screen: ArrayLike | None = None,
        chart: ArrayLike | None = None,
        fixed: ArrayLike | None = None,
        scale: ArrayLike | None = None,
        least: ArrayLike | None = None,
        most: ArrayLike | None = None,
        numerators: ArrayLike | None = None,
        denominators: ArrayLike | None = None,
        names: Sequence[str] | None = None,
    ) -> "Batch":
        """Check, sort each series by day and return the batch.

        Raises DuplicateDate (with series and day) and BatchError if lengths or codes do not fit.
        """
        value, start, day = _float(values), _int(starts), _int(days)
        _check_shape(value, start, day)
        size = len(start) - 1
        day, value, order = _sort(value, start, day, names)
        above, below = _counts(numerators, value, order), _counts(denominators, value, order)
        batch = cls(
            values=value,
            starts=start,
            days=day,
            direction=_per_series(direction, size, 0, np.int8, "direction"),
            target=_per_series(target, size, np.nan, np.float64, "target"),
            rebase=np.array([(int(s), int(d)) for s, d in rebase], np.int64).reshape(-1, 2),
            fix_after=_per_series(fix_after, size, 0, np.int64, "fix_after"),
            screen=_per_series(screen, size, True, np.bool_, "screen"),
            chart=_per_series(chart, size, codes.XMR, np.int8, "chart"),
            fixed=_per_series(fixed, size, False, np.bool_, "fixed"),
            scale=_per_series(scale, size, 1.0, np.float64, "scale"),
            least=_per_series(least, size, -np.inf, np.float64, "least"),
            most=_per_series(most, size, np.inf, np.float64, "most"),
            numerators=above,
            denominators=below,
            names=names,
            order=order,
        )
        _check_codes(batch)
        return batch

    @classmethod
    def from_rows(cls, series: ArrayLike, days: ArrayLike, values: ArrayLike, size: int, **options: Any) -> "Batch":
        """The same from rows in any order: the series index of each row, and how many series there are."""
        owner, day, value = _int(series), _int(days), _float(values)
        if not len(owner) == len(day) == len(value):
            raise BatchError("series, days and values differ in length")
        if len(owner) and not (owner.min() >= 0 and owner.max() < size):
            raise BatchError(f"a series index is not within 0..{size - 1}")
        place = None if (np.diff(owner) >= 0).all() else np.argsort(owner, kind="stable")
        if place is not None:
            owner, day, value = owner[place], day[place], value[place]
            for name in ("numerators", "denominators"):
                if options.get(name) is not None:
                    options[name] = _float(options[name])[place]
        batch = cls.build(value, np.searchsorted(owner, np.arange(size + 1)), day, **options)
        if place is None:
            return batch
        order = place if batch.order is None else place[batch.order]
        return cls(**{**batch.__dict__, "order": order})


def _float(array: ArrayLike) -> Floats:
    return np.ascontiguousarray(array, np.float64)


def _int(array: ArrayLike) -> Ints:
    return np.ascontiguousarray(array, np.int64)


def _counts(array: ArrayLike | None, values: Floats, order: Ints | None) -> Floats | None:
    if array is None:
        return None
    result = _float(array)
    if result.shape != values.shape:
        raise BatchError(f"{len(result)} counts for {len(values)} values")
    return result if order is None else result[order]


def _per_series(array: ArrayLike | None, size: int, default: Any, dtype: Any, what: str) -> Any:
    if array is None:
        return np.full(size, default, dtype)
    result = np.ascontiguousarray(array, dtype)
    if result.shape != (size,):
        raise BatchError(f"{what} has shape {result.shape}, but there are {size} series")
    return result


def _check_shape(values: Floats, starts: Ints, days: Ints) -> None:
    if values.ndim != 1 or days.shape != values.shape or starts.ndim != 1 or len(starts) == 0:
        raise BatchError("values and days must be flat and of one length, starts flat and not empty")
    if starts[0] != 0 or starts[-1] != len(values) or (np.diff(starts) < 0).any():
        raise BatchError(f"starts must rise from 0 to {len(values)}")


def _check_codes(batch: Batch) -> None:
    if len(batch.direction) and not np.isin(batch.direction, (-1, 0, 1)).all():
        raise BatchError("direction must be -1, 0 or +1")
    if not (batch.least <= batch.most).all():
        raise BatchError("a scale must end above where it begins")
    if (batch.fix_after < 0).any():
        raise BatchError("fix_after must not be negative")
    owner = batch.rebase[:, 0]
    if len(owner) and not (owner.min() >= 0 and owner.max() < batch.size):
        raise BatchError("a rebase date names a series that is not there")
    if batch.names is not None and len(batch.names) != batch.size:
        raise BatchError(f"{len(batch.names)} names for {batch.size} series")


def _steps(days: Ints, starts: Ints) -> Ints:
    """Days since the point before; 1 at the start of every series, so that it never counts as disorder."""
    step = np.empty(len(days), np.int64)
    np.subtract(days[1:], days[:-1], out=step[1:])
    step[starts[:-1][np.diff(starts) > 0]] = 1
    return step


def _sort(values: Floats, starts: Ints, days: Ints, names: Sequence[str] | None) -> tuple[Ints, Floats, Ints | None]:
    if not len(values):
        return days, values, None
    step = _steps(days, starts)
    if step.min() > 0:
        return days, values, None
    order = np.lexsort((days, np.repeat(np.arange(len(starts) - 1), np.diff(starts))))
    days, values = days[order], values[order]
    twice = np.flatnonzero(_steps(days, starts) == 0)
    if len(twice):
        series = int(np.searchsorted(starts, twice[0], side="right")) - 1
        raise DuplicateDate(series, str(series) if names is None else names[series], int(days[twice[0]]))
    return days, values, order
