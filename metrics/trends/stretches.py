"""Two stretches of one series side by side: their levels, and by how much they differ, with an honest interval.

Neighbouring periods resemble each other, so the number of points is cut by what they share: n (1 - phi) / (1 + phi), phi
the autocorrelation of both stretches together, corrected for their length and never below 0. Pages ask for this, so it needs no scipy. Sources: Welch 1947;
Bayley and Hammersley 1946 (effective number); trends 3.2 (correction of phi).
"""

import math
from dataclasses import dataclass
from statistics import NormalDist
from typing import Literal

import numpy as np

from .arrays import Floats
from .likeness import corrected

How = Literal["values", "counts", "times"]
FEWEST = 4  # points of a stretch below which nothing is said of a difference


@dataclass(frozen=True)
class Stretch:
    """points: values that are not missing. level: their mean; for shares and rates all events over all that was counted;
    for times the geometric mean (nan without any). counted: what was counted (nan where that is not known)."""

    points: int
    level: float
    counted: float


@dataclass(frozen=True)
class Compared:
    """difference = second level - first (of times: second / first), from low to high with 95 % confidence; nan where
    fewer than FEWEST points, or no variation, leave nothing to say. apart: whether the interval leaves out no change."""

    first: Stretch
    second: Stretch
    difference: float
    low: float
    high: float
    apart: bool


def compared(values: Floats, counted: Floats, inside: tuple[np.ndarray, np.ndarray], how: How) -> Compared:
    """Compare the points inside[0] with those inside[1] (bool[n] each, not overlapping).

    values float64[n] (nan = missing); counted float64[n]: the denominators, used where how is "counts"; "times": of
    logarithms (all values above 0); "values": as they are.
    """
    with np.errstate(all="ignore"):
        x = np.log(values) if how == "times" else values
        weight = counted if how == "counts" else np.ones(len(values))
        parts = [_part(x, weight, counted, chosen) for chosen in inside]
        phi = _phi([rest for _, rest, _ in parts])
        stretches = [
            Stretch(one.points, math.exp(one.level) if how == "times" else one.level, one.counted)
            for one, _, _ in parts
        ]
        one, other = parts
        if min(one[0].points, other[0].points) < FEWEST:
            return Compared(stretches[0], stretches[1], math.nan, math.nan, math.nan, apart=False)
        difference = other[0].level - one[0].level
        fewer = (1 - phi) / (1 + phi)
        errors = [error / fewer for _, _, error in parts]
        free = [max(stretch.points * fewer - 1, 2.0) for stretch, _, _ in parts]
        error = sum(errors)
        degrees = error**2 / sum(part**2 / of for part, of in zip(errors, free, strict=True)) if error > 0 else math.nan
        margin = t_quantile(degrees) * math.sqrt(error) if error > 0 else math.nan
        low, high = difference - margin, difference + margin
        apart = bool(low > 0 or high < 0)
        if how == "times":
            difference, low, high = math.exp(difference), math.exp(low), math.exp(high)
        return Compared(stretches[0], stretches[1], difference, low, high, apart)


def _part(x: Floats, weight: Floats, counted: Floats, chosen: np.ndarray) -> tuple[Stretch, Floats, float]:
    """The stretch, what lies around its level (standardised by weight, gaps stay nan), and the variance of the level."""
    here, heavy = x[chosen], weight[chosen]
    known = ~np.isnan(here) & (heavy > 0)
    points = int(known.sum())
    total = float(heavy[known].sum())
    level = float((here[known] * heavy[known]).sum() / total) if points else math.nan
    rest = np.where(known, (here - level) * np.sqrt(heavy), np.nan)
    spread = float(np.nansum(rest**2)) / (points - 1) if points > 1 else math.nan
    below = counted[chosen][known]
    return (
        Stretch(points, level, float(below.sum()) if points else math.nan),
        rest,
        spread / total if total else math.nan,
    )


def _phi(rests: list[Floats]) -> float:
    """Lag-1 autocorrelation of both stretches together, (r + 1/n) / (1 - 3/n), at least 0 and at most 0.9."""
    above = below = 0.0
    points = 0
    for rest in rests:
        pairs = rest[1:] * rest[:-1]
        above += float(np.nansum(pairs))
        below += float(np.nansum(rest**2))
        points += int((~np.isnan(rest)).sum())
    mean = points / len(rests)
    if not below > 0 or mean <= 3:
        return 0.0
    return min(max(corrected(above / below, mean), 0.0), 0.9)


def t_quantile(degrees: float, outside: float = 0.05) -> float:
    """Beyond +/- this lies a share `outside` of Student's t with so many degrees of freedom (2 or more, not only whole
    ones), to nine digits. Hill's approximation (1970, algorithm 396), which of few degrees is right to two or three
    digits, made exact by Newton's steps."""
    if degrees <= 2:
        return math.sqrt(2 / (outside * (2 - outside)) - 2)
    found = _hill(degrees, outside)
    log_height = math.lgamma((degrees + 1) / 2) - math.lgamma(degrees / 2) - math.log(math.pi * degrees) / 2
    for _step in range(4):
        height = math.exp(log_height - (degrees + 1) / 2 * math.log1p(found**2 / degrees))
        found += (_beyond(found, degrees) - outside) / (2 * height)
    return found


def _beyond(t: float, degrees: float) -> float:
    """The share of Student's t beyond +/- t: an incomplete beta function by its continued fraction (Lentz 1976)."""
    square = t**2
    a, b, x = degrees / 2, 0.5, degrees / (degrees + square)
    turned = x >= (a + 1) / (a + b + 2)
    if turned:
        a, b, x = b, a, square / (degrees + square)
    front = math.lgamma(a + b) - math.lgamma(a) - math.lgamma(b) + a * math.log(x) + b * math.log1p(-x)
    c, d = 1.0, 1 / (1 - (a + b) * x / (a + 1))
    sum_ = d
    for m in range(1, 500):
        for term in (
            m * (b - m) * x / ((a + 2 * m - 1) * (a + 2 * m)),
            -(a + m) * (a + b + m) * x / ((a + 2 * m) * (a + 2 * m + 1)),
        ):
            d, c = 1 / (1 + term * d), 1 + term / c
            sum_ *= c * d
        if abs(c * d - 1) < 1e-15:
            break
    share = math.exp(front) * sum_ / a
    return 1 - share if turned else share


def _hill(degrees: float, outside: float) -> float:
    a = 1 / (degrees - 0.5)
    b = 48 / a**2
    c = ((20700 * a / b - 98) * a - 16) * a + 96.36
    d = ((94.5 / (b + c) - 3) / b + 1) * math.sqrt(a * math.pi / 2) * degrees
    y = (d * outside) ** (2 / degrees)
    if y <= 0.05 + a:
        y = ((1 / (((degrees + 6) / (degrees * y) - 0.089 * d - 0.822) * (degrees + 2) * 3) + 0.5 / (degrees + 4)) * y
             - 1) * (degrees + 1) / (degrees + 2) + 1 / y  # fmt: skip
        return math.sqrt(degrees * y)
    x = NormalDist().inv_cdf(outside / 2)
    y = x * x
    if degrees < 5:
        c += 0.3 * (degrees - 4.5) * (x + 0.6)
    c += (((0.05 * d * x - 5) * x - 7) * x - 2) * x + b
    y = (((((0.4 * y + 6.3) * y + 36) * y + 94.5) / c - y - 3) / b + 1) * x
    return math.sqrt(degrees * math.expm1(a * y * y))
