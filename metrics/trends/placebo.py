"""Two doubts about a change: would another date have shown as much, and did it begin on the date at all?"""

from dataclasses import dataclass

import numpy as np

from . import prais
from .arrays import Bools, Floats, Ints

LEAST_BEFORE, LEAST_SIDE = 8, 4
MOST_DATES = 40
EARLIER, LATER = 8, 4
# How much better than the date itself another beginning must fit (fall of -2 log likelihood). The best of a dozen
# beginnings fits better by chance than one alone, so more is asked than the 3.84 of a single one.
BETTER = 7.5
CERTAIN = 0.99  # of the step itself at its best place, which is the best of a dozen too


@dataclass(frozen=True)
class Placebo:
    """The change that the same model finds at a date on which nothing was done, with its 95 % interval."""

    day: int
    difference: float
    low: float
    high: float


def dates(values: Floats, steps: Ints, days: Ints, after: Bools) -> list[Placebo]:
    """The same comparison at dates before the change, with as many points after each as the change has.

    At least 8 points lie before each date; none of the points after the change is used. Empty where there is no room
    or no variation."""
    early = np.flatnonzero(~after)
    width = int(after.sum())
    last = len(early) - width
    if last < LEAST_BEFORE:
        return []
    y, times = values[early], steps[early]
    alone = prais.fit(y, times, np.ones((len(y), 1)))
    if alone is None:
        return []
    places = np.unique(np.linspace(LEAST_BEFORE, last, min(MOST_DATES, last - LEAST_BEFORE + 1)).astype(np.int64))
    found = []
    for place in places.tolist():
        fitted = prais.fit(y[: place + width], times[: place + width], _step_at(place + width, place), alone.rho)
        if fitted is not None:
            difference, low, high, _ = fitted.interval(np.array([0.0, 1.0]))
            found.append(Placebo(int(days[early[place]]), difference, low, high))
    return found


def onset(values: Floats, steps: Ints, after: Bools) -> tuple[int | None, int]:
    """(index of the point at which the step fits best, how many steps that is after the change: negative = earlier);
    (None, 0) where the change's own date fits as well, or no step is shown at the best place either.

    A step put a few points too late leaves a run of residuals on one side, which looks as if neighbours were alike and
    would then explain the run away: how alike they are is learnt where the step fits best by plain least squares."""
    size = len(values)
    if not after.any():
        return None, 0
    first = int(np.argmax(after))
    with np.errstate(all="ignore"):
        plain = _fits(values, steps, first, 0.0)
        if first not in plain:
            return None, 0
        place = min(plain, key=lambda one: plain[one].rss)
        alike = [prais.fit(values, steps, _step_at(size, one)) for one in (first, place)]
        fits = _fits(values, steps, first, min(one.rho for one in alike if one is not None))
        if first not in fits:
            return None, 0
        best = min(fits, key=lambda one: fits[one].rss)
        _, low, high, _ = fits[best].interval(np.array([0.0, 1.0]), CERTAIN)
        if size * np.log(fits[first].rss / fits[best].rss) <= BETTER or low <= 0 <= high:
            return None, 0
    return best, int(steps[best] - steps[first])


def _fits(values: Floats, steps: Ints, first: int, rho: float) -> dict[int, prais.Fit]:
    """A step at each place near the change; without those that leave nothing unexplained."""
    low, high = max(LEAST_SIDE, first - EARLIER), min(len(values) - LEAST_SIDE, first + LATER)
    tried = {place: prais.fit(values, steps, _step_at(len(values), place), rho) for place in range(low, high + 1)}
    return {place: one for place, one in tried.items() if one is not None and one.rss > 0}


def _step_at(size: int, place: int) -> Floats:
    return np.column_stack([np.ones(size), np.arange(size) >= place]).astype(np.float64)
