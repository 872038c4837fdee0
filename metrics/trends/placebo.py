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
BETTER = 6.0


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
        design = np.column_stack([np.ones(place + width), np.arange(place + width) >= place]).astype(np.float64)
        fitted = prais.fit(y[: place + width], times[: place + width], design, alone.rho)
        if fitted is not None:
            difference, low, high, _ = fitted.interval(np.array([0.0, 1.0]))
            found.append(Placebo(int(days[early[place]]), difference, low, high))
    return found


def onset(values: Floats, steps: Ints, after: Bools, rho: float) -> tuple[int | None, int]:
    """(index of the point at which the step fits best, how many steps that is after the change: negative = earlier);
    (None, 0) where the change's own date fits as well."""
    first = int(np.argmax(after))
    size = len(values)
    low, high = max(LEAST_SIDE, first - EARLIER), min(size - LEAST_SIDE, first + LATER)
    fits: dict[int, float] = {}
    for place in range(low, high + 1):
        design = np.column_stack([np.ones(size), np.arange(size) >= place]).astype(np.float64)
        fitted = prais.fit(values, steps, design, rho)
        if fitted is not None and fitted.rss > 0:
            fits[place] = fitted.rss
    if first not in fits:
        return None, 0
    best = min(fits, key=lambda place: fits[place])
    if size * np.log(fits[first] / fits[best]) <= BETTER:
        return None, 0
    return best, int(steps[best] - steps[first])
