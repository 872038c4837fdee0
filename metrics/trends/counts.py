"""Charts of counts: p, u, c, their Laney forms, g and t, for one series (design section 1.4).

Sources of the formulas: Provost and Murray 2011 (p, u, c, g, t); Laney 2002 (p', u'); Nelson 1994 (t).
"""

from dataclasses import dataclass
from itertools import pairwise
from typing import Literal

import numpy as np
from numpy.typing import ArrayLike

from .arrays import Bools, Codes, Floats

Kind = Literal["p", "p'", "u", "u'", "c", "g", "t"]
D2, D4 = 1.128, 3.267
POWER = 3.6  # of days between events, to make them nearly normal


@dataclass(frozen=True, eq=False)
class CountChart:
    """Per point, float64[n] in the units of y (a share, a rate, a count or a time; nan = missing).

    centre; lcl, ucl: three sigma; lcl95, ucl95: two sigma. sigma_z float64[n]: what Laney's limits are wider by (1
    on the other charts). outside int8[n]: +1 above ucl, -1 below lcl (on the line is not outside), else 0.
    """

    y: Floats
    centre: Floats
    lcl: Floats
    ucl: Floats
    lcl95: Floats
    ucl95: Floats
    sigma_z: Floats
    outside: Codes


def count_chart(
    kind: Kind,
    numerator: ArrayLike,
    denominator: ArrayLike | None = None,
    *,
    baseline: int = 0,
    parts: ArrayLike = (),
    screen: bool = False,
    widen_only: bool = True,
) -> CountChart:
    """The chart of one series, its points in order of time.

    A count below zero, or above its whole on a p chart, cannot be and is missing.
    denominator: needed for p and u (a missing, zero or negative one makes the point missing). baseline: how many
    points of each part the limits come from, 0 = all. parts: index of the first point of every part but the first.
    screen: leave out moving ranges of 3.267 times their average and more (p', u', t). widen_only: never let p' or u'
    be narrower than p or u (sigma z at least 1); turn off to compare with other programs.
    Raises ValueError for a kind that is not known, a denominator that lacks or lengths that differ.
    """
    y, n = _ratio(kind, numerator, denominator)
    edges = [0, *sorted(int(place) for place in np.asarray(parts, np.int64).ravel()), len(y)]
    lines = np.full((6, len(y)), np.nan)
    with np.errstate(all="ignore"):
        for first, end in pairwise(edges):
            span = slice(first, end)
            base = np.zeros(end - first, np.bool_)
            base[: baseline or None] = True
            lines[:, span] = _part(kind, y[span], n[span], base, screen, widen_only)
        lines[~np.isfinite(lines)] = np.nan  # a limit beyond all numbers of this machine is none
        outside = (y > lines[2]).astype(np.int8) - (y < lines[1])
    centre, lcl, ucl, lcl95, ucl95, sigma_z = lines
    return CountChart(y, centre, lcl, ucl, lcl95, ucl95, sigma_z, outside)


def _ratio(kind: Kind, numerator: ArrayLike, denominator: ArrayLike | None) -> tuple[Floats, Floats]:
    """The value of every point, and the denominator (1 where there is none)."""
    count = np.array(numerator, np.float64)
    count[~(np.isfinite(count) & (count >= 0))] = np.nan
    if kind in ("c", "g", "t"):
        return count, np.ones(len(count))
    if kind not in ("p", "p'", "u", "u'"):
        raise ValueError(f"no chart of kind {kind!r}")
    if denominator is None:
        raise ValueError(f"a {kind} chart needs a denominator")
    n = np.array(denominator, np.float64)
    if n.shape != count.shape:
        raise ValueError("numerator and denominator differ in length")
    n[~(n > 0) | ~np.isfinite(n) | np.isnan(count)] = np.nan
    if kind in ("p", "p'"):
        with np.errstate(invalid="ignore"):
            n[count > n] = np.nan
    return count / n, n


def _part(kind: Kind, y: Floats, n: Floats, base: Bools, screen: bool, widen_only: bool) -> Floats:
    """Rows centre, lcl, ucl, lcl95, ucl95, sigma z for the points of one part."""
    base = base & ~np.isnan(y)
    none = np.full(len(y), np.nan)
    if not base.any():
        return np.array([none] * 6)
    if kind == "t":
        return _times(y, base, screen)
    centre = float((y * n)[base].sum() / n[base].sum())
    ones = np.ones(len(y))
    if kind == "g":
        middle = float(np.median(y[base]))
        return _lines(centre, np.sqrt(centre * (centre + 1)) * ones, ones, 0, np.inf, shown=middle)
    spread = np.sqrt((centre * (1 - centre) if kind in ("p", "p'") else centre) / n)
    wider = 1.0
    if kind in ("p'", "u'"):
        z = np.where(base, (y - centre) / spread, np.nan)
        wider = mean_range(z[: np.flatnonzero(base)[-1] + 1], screen) / D2
        wider = max(wider, 1.0) if widen_only else wider
    return _lines(centre, spread * wider, wider * ones, 0, 1 if kind in ("p", "p'") else np.inf)


def _times(y: Floats, base: Bools, screen: bool) -> Floats:
    """XmR of the 3.6th root, turned back; a time that is not above 0 has no root and is missing."""
    root = np.where(y > 0, y, np.nan) ** (1 / POWER)
    usable = base & ~np.isnan(root)
    if not usable.any():
        return np.full((6, len(y)), np.nan)
    spread = mean_range(root[: np.flatnonzero(usable)[-1] + 1], screen) / D2
    ones = np.ones(len(y))
    lines = _lines(float(root[usable].mean()), spread * ones, ones, 0, np.inf)
    lines[:5] **= POWER
    return lines


def mean_range(values: Floats, screen: bool) -> float:
    """Average of the absolute differences of neighbours; those with a missing value are left out (nan if all)."""
    ranges = np.abs(np.diff(values))
    ranges = ranges[~np.isnan(ranges)]
    if len(ranges) and screen:
        kept = ranges[ranges < D4 * ranges.mean()]
        ranges = kept if len(kept) else ranges
    return float(ranges.mean()) if len(ranges) else float("nan")


def _lines(
    centre: float, spread: Floats, sigma_z: Floats, low: float, high: float, shown: float | None = None
) -> Floats:
    limits = [np.clip(centre + sigmas * spread, low, high) for sigmas in (-3, 3, -2, 2)]
    return np.array([np.full(len(spread), centre if shown is None else shown), *limits, sigma_z])
