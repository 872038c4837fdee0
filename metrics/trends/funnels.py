"""Funnels: many units at one time, with limits that narrow with the size of the unit (design section 1.6).

Sources: Spiegelhalter 2005 (limits, overdispersion); Spiegelhalter et al. 2012 (winsorising); NHS Digital
2018 (SHMI).
"""

from dataclasses import dataclass
from typing import Literal

import numpy as np
from numpy.typing import ArrayLike
from scipy.stats import binom, chi2, poisson

from .arrays import Codes, Floats
from .dispersion import Z998, overdispersion

Z95 = 1.959964
# Lower and upper 95 %, lower and upper 99.8 %: in sigma, and as quantiles.
SIGMAS = (-Z95, Z95, -Z998, Z998)
LEVELS = (0.025, 0.975, 0.001, 0.999)


@dataclass(frozen=True, eq=False)
class Funnel:
    """Per unit float64[n]: value (a share, a rate or a ratio), and limits around target: lcl95, ucl95,
    lcl998, ucl998 by chance alone; od* widened by tau2, the variance between units beyond chance (on the
    scale of the transformed values), and with exact limits never narrower than those; phi is the
    overdispersion (1 = chance alone). outside int8[n]: +1 above, -1 below the 99.8 % limits, the widened
    ones if tau2 > 0."""

    value: Floats
    target: float
    lcl95: Floats
    ucl95: Floats
    lcl998: Floats
    ucl998: Floats
    odlcl95: Floats
    oducl95: Floats
    odlcl998: Floats
    oducl998: Floats
    phi: float
    tau2: float
    outside: Codes


def funnel_shares(hits: ArrayLike, n: ArrayLike, *, adjust: bool = True, exact: bool = False) -> Funnel:
    """Shares hits / n around the pooled share; a unit with n of 0 is missing.

    Limits on the arcsine scale, or the exact binomial ones for small n (the widened ones are arcsine, and
    the exact ones where these are further out)."""
    hits, n = _pair(hits, n)
    target = float(np.nansum(hits) / np.nansum(n)) if np.nansum(n) > 0 else float("nan")
    with np.errstate(all="ignore"):
        share, scale = hits / n, 1 / (2 * np.sqrt(n))
        middle = np.arcsin(np.sqrt(target))
        z = (np.arcsin(np.sqrt(share)) - middle) / scale
        phi, tau2 = overdispersion(z, scale, "winsorise") if adjust else (0.0, 0.0)

        def lines(extra: float) -> list[Floats]:
            width = np.sqrt(scale**2 + extra)
            return [np.sin(np.clip(middle + z * width, 0, np.pi / 2)) ** 2 for z in SIGMAS]

        plain = lines(0.0)
        wide = lines(tau2)
        if exact:
            plain = [binom.ppf(level, n, target) / n for level in LEVELS]
            wide = _outer(plain, wide) if tau2 > 0 else plain
        return _funnel(share, target, plain, wide, phi, tau2)


def funnel_ratios(
    observed: ArrayLike, expected: ArrayLike, *, method: Literal["SHMI", "CQC"] = "SHMI", adjust: bool = True
) -> Funnel:
    """Ratios observed / expected around 1, exact Poisson limits; overdispersion on the log scale with the
    extreme tenths left out (SHMI), or on the square root scale with them pulled in (CQC). An expected of 0
    is missing."""
    observed, expected = _pair(observed, expected)
    with np.errstate(all="ignore"):
        ratio = observed / expected
        plain = poisson_limits(expected)
        if method == "SHMI":
            scale = 1 / np.sqrt(expected)
            z = np.log(np.where(observed > 0, ratio, 0.5 / expected)) / scale
        else:
            scale = 1 / (2 * np.sqrt(expected))
            z = (np.sqrt(ratio) - 1) / scale
        phi, tau2 = (0.0, 0.0)
        if adjust:
            phi, tau2 = overdispersion(z, scale, "truncate" if method == "SHMI" else "winsorise")
        steps = [sigmas * np.sqrt(scale**2 + tau2) for sigmas in SIGMAS]
        wide = [np.exp(step) if method == "SHMI" else np.maximum(1 + step, 0) for step in steps]
        wide = [np.where(np.isfinite(line), line, np.nan) for line in wide]  # too small a unit for any upper limit
        return _funnel(ratio, 1.0, plain, wide, phi, tau2)


def funnel_rates(events: ArrayLike, exposure: ArrayLike, *, adjust: bool = True, exact: bool = False) -> Funnel:
    """Events per exposure (complaints per contact) around the pooled rate: ratios to pooled rate x
    exposure, turned back into rates, because the usual limits for ratios of counts are far too narrow for
    rare events.

    exact: the plain limits are the Poisson quantiles of the expected number. The ones of the reference are the
    interval of a count as large as the expected: they call no event at all unusual where 3 are expected, which
    happens to 1 in 20. Widened, the limits are those of the log scale, or the exact ones where these are further out."""
    events, exposure = _pair(events, exposure)
    total = float(np.nansum(exposure))
    rate = float(np.nansum(events)) / total if total > 0 else float("nan")
    found = funnel_ratios(events, rate * exposure, adjust=adjust)
    lines = [getattr(found, f"{kind}{side}") for kind in ("", "od") for side in ("lcl95", "ucl95", "lcl998", "ucl998")]
    scaled = [line * rate for line in lines]
    plain, wide = scaled[:4], scaled[4:]
    if exact:
        plain = _poisson_quantiles(rate * exposure, exposure)
        wide = _outer(plain, wide) if found.tau2 > 0 else plain
    with np.errstate(all="ignore"):
        # Divided once, as the limits are: a count that is the limit itself must not lie beyond it by its last digit.
        value = np.where(np.isnan(found.value), np.nan, events / exposure)
    return _funnel(value, rate, plain, wide, found.phi, found.tau2)


def _poisson_quantiles(expected: Floats, exposure: Floats) -> list[Floats]:
    """Lower and upper 95 %, lower and upper 99.8 % quantiles of the events, per exposure."""
    with np.errstate(all="ignore"):
        return [poisson.ppf(level, expected) / exposure for level in LEVELS]


def _outer(exact: list[Floats], widened: list[Floats]) -> list[Floats]:
    """The outer of two sets of limits (lower, upper, lower, upper). The scales on which limits are widened are narrower
    than chance itself where little is expected: widened by a little they would set equal units apart."""
    outer = (np.minimum, np.maximum, np.minimum, np.maximum)
    return [further(one, other) for further, one, other in zip(outer, exact, widened, strict=True)]


def counts_compared(events: ArrayLike, exposure: ArrayLike, *, adjust: bool = True) -> Funnel:
    """Ratios of two counts on the log scale, as FunnelPlotR draws them: only to compare with it.

    The limits leave the scatter of the events out and so are far too narrow for rare ones: use `funnel_rates`."""
    events, exposure = _pair(events, exposure)
    with np.errstate(all="ignore"):
        target = float(np.nansum(events) / np.nansum(exposure)) if np.nansum(exposure) > 0 else float("nan")
        scale = np.sqrt(events / (events + 0.5) ** 2 + exposure / (exposure + 0.5) ** 2)
        z = (np.log((events + 0.5) / (exposure + 0.5)) - np.log(target)) / scale
        phi, tau2 = overdispersion(z, scale, "winsorise") if adjust else (0.0, 0.0)
        plain, wide = (
            [target * np.exp(sigmas * np.sqrt(1 / (4 * exposure) + extra)) for sigmas in SIGMAS]
            for extra in (0.0, tau2)
        )
        return _funnel(events / exposure, target, plain, wide, phi, tau2)


def share_curves(n: ArrayLike, target: float, tau2: float) -> list[Floats]:
    """Lower and upper 95 %, lower and upper 99.8 % limits of a share at any sizes n, as `funnel_shares` draws them
    where they are exact: exact binomial, or widened where that is further out."""
    size = np.asarray(n, np.float64)
    exact = [binom.ppf(level, size, target) / size for level in LEVELS]
    if not tau2:
        return exact
    middle, width = np.arcsin(np.sqrt(target)), np.sqrt(1 / (4 * size) + tau2)
    return _outer(exact, [np.sin(np.clip(middle + z * width, 0, np.pi / 2)) ** 2 for z in SIGMAS])


def rate_curves(exposure: ArrayLike, rate: float, tau2: float) -> list[Floats]:
    """The same four limits of a rate at any exposures, as `funnel_rates` draws them where they are exact: exact Poisson,
    or widened on the log scale where that is further out."""
    expected = np.asarray(exposure, np.float64) * rate
    exact = _poisson_quantiles(expected, np.asarray(exposure, np.float64))
    if not tau2:
        return exact
    width = np.sqrt(1 / expected + tau2)
    return _outer(exact, [np.exp(z * width) * rate for z in SIGMAS])


def poisson_limits(expected: Floats) -> list[Floats]:
    """Exact limits of observed / expected: lower and upper 95 %, lower and upper 99.8 %."""
    limits = []
    for tail in (0.025, 0.001):
        limits.append(chi2.ppf(tail, 2 * expected) / 2 / expected)
        limits.append(chi2.ppf(1 - tail, 2 * (expected + 1)) / 2 / expected)
    return limits


def _pair(count: ArrayLike, size: ArrayLike) -> tuple[Floats, Floats]:
    count, size = np.array(count, np.float64), np.array(size, np.float64)
    if count.shape != size.shape or count.ndim != 1:
        raise ValueError("the two columns of a funnel must be flat and of one length")
    missing = ~((size > 0) & np.isfinite(size) & (count >= 0) & np.isfinite(count))
    count[missing] = size[missing] = np.nan
    return count, size


def _funnel(value: Floats, target: float, plain: list[Floats], wide: list[Floats], phi: float, tau2: float) -> Funnel:
    lcl95, ucl95, lcl998, ucl998 = plain
    odlcl95, oducl95, odlcl998, oducl998 = wide
    low, high = (odlcl998, oducl998) if tau2 > 0 else (lcl998, ucl998)
    with np.errstate(invalid="ignore"):
        outside = (value > high).astype(np.int8) - (value < low)
    return Funnel(value, target, lcl95, ucl95, lcl998, ucl998, odlcl95, oducl95, odlcl998, oducl998, phi, tau2, outside)
