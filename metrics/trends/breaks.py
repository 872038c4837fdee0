"""Where a series may have moved to another level: proposals for new limits, never applied by themselves.

For every place the running sum of distances from the mean is held against the ordinary variation (CUSUM); the largest
is compared with stable series of the same length whose neighbours are as alike (Monte Carlo with a fixed seed). A level
that goes and comes back hardly moves that sum, so stretches within are held against the rest too (Levin and Kline 1985).
Then each part is scanned again, and every step is looked for once more between its neighbours (Bai 1997), because a first
cut that knew of no other may lie between two. Whether there is a step is thereby settled; its place is then the one that
is expected to be least far off, over all places and their likelihoods with the metric's own likeness of neighbours: the
single likeliest place lies more than two points off more often (``manage.py simulate change-points``). Rules that begin
new limits at every run of eight would do so in 12 % of stable series of 52 points and in 29 % of those of 104; this keeps
to 5 %.
"""

from dataclasses import dataclass, replace
from functools import lru_cache
from itertools import pairwise

import numpy as np
from numpy.typing import ArrayLike

from .arrays import Floats, Ints
from .nulls import stable

LEAST = 16  # points in a stretch that is scanned
EDGE = 5  # points on either side of a step
ALPHA = 0.05
# How much of the chance of a false proposal each of the two scans may use.
STEPS, BUMPS = 0.8, 0.2
DRAWS = 4_000
SEED = 20
MOST_POINTS = 600
MOST_BREAKS = 6
# Places whose squared statistic lies within this of the best belong to the interval; measured to hold the true place
# about 19 times in 20 for steps of 1.5 sigma.
DROP = 6.0
PHI_STEP = 0.05
# A place this many points off, or more, is wrong; one nearer is worse by the square of how far it is off.
WRONG = 3


@dataclass(frozen=True)
class Break:
    """A step between two levels. place: index (of the values given) of the first point of the new level; first, last:
    where that point may lie. before, after: means of the stretches beside it; sigma: the step over the ordinary
    variation. chance: share of stable series that would show as much, never below 1 / (DRAWS + 1)."""

    place: int
    first: int
    last: int
    before: float
    after: float
    sigma: float
    chance: float


def find_breaks(values: ArrayLike, phi: float = 0.0) -> list[Break]:
    """The steps of one phase in order of time. values: nan = missing; phi: lag-1 autocorrelation of such series, 0 to
    .95 (of the metric, not of this one series: a step alone makes neighbours look alike). Of long series the last 600
    points are scanned. Empty where there are fewer than 16 points or nothing varies."""
    given = np.asarray(values, np.float64)
    present = np.flatnonzero(np.isfinite(given))[-MOST_POINTS:]
    if len(present) < LEAST:
        return []
    y = given[present]
    largest = float(np.abs(y).max())
    if not largest > 0:
        return []
    y = y / largest
    places: list[int] = []
    _scan(y, 0, phi, ALPHA, places)
    found = _placed(y, _settled(y, sorted(places), phi), phi)
    ends = [0, *(one.place for one in found), len(y)]
    means = [float(y[start:end].mean()) for start, end in pairwise(ends)]
    spread = _spread(y)
    return [
        Break(
            place=int(present[one.place]),
            first=int(present[one.first]),
            last=int(present[one.last]),
            before=means[number] * largest,
            after=means[number + 1] * largest,
            sigma=(means[number + 1] - means[number]) / spread,
            chance=one.chance,
        )
        for number, one in enumerate(found)
    ]


@dataclass(frozen=True)
class _Step:
    """The largest step of a stretch, in places of the whole; apart: whether most values follow it."""

    place: int
    first: int
    last: int
    chance: float
    apart: bool


def _scan(y: Floats, offset: int, phi: float, alpha: float, places: list[int]) -> None:
    """Adds where the level changes, roughly; ``_settled`` says where exactly."""
    if len(y) < LEAST or len(places) >= MOST_BREAKS or not _spread(y) > 0:
        return
    step = _largest_step(y, 0, phi)
    if step.chance <= alpha * STEPS and step.apart:
        cuts = [step.place]
    else:
        cuts = _bump(y, phi, alpha * BUMPS)
    places += [offset + cut for cut in cuts]
    for start, end in pairwise([0, *cuts, len(y)] if cuts else []):
        # More looks share the chance that one had.
        _scan(y[start:end], offset + start, phi, alpha / (len(cuts) + 1), places)


def _largest_step(y: Floats, offset: int, phi: float) -> _Step:
    places, distance = _distances(y[None, :])
    distance = distance[0]
    best = int(distance.argmax())
    place = int(places[best])
    drop = DROP * (1 + _step(phi)) / (1 - _step(phi))
    near = places[distance**2 >= distance[best] ** 2 - drop]
    return _Step(
        offset + place, offset + int(near[0]), offset + int(near[-1]), chance_of(float(distance[best]), len(y), phi),
        _apart(y[:place], y[place:]),
    )  # fmt: skip


def _apart(before: Floats, after: Floats) -> bool:
    """Where nearly all values are the same, a single other one moves a mean and no level."""
    return float(np.median(after) - np.median(before)) * float(after.mean() - before.mean()) > 0


def _bump(y: Floats, phi: float, alpha: float) -> list[int]:
    """The first point of a stretch on another level and the first after it; [] where chance may have made it."""
    distance, start, width = _stretches(y[None, :])
    null = _nulls(_length(len(y)), _step(phi))[1]
    if _share(null, float(distance[0])) > alpha:
        return []
    inside = slice(int(start[0]), int(start[0] + width[0]))
    return [inside.start, inside.stop] if _apart(np.delete(y, inside), y[inside]) else []


def _settled(y: Floats, places: list[int], phi: float) -> list[_Step]:
    """Each step where it is largest between its neighbours; one that is none there is left out."""
    found: list[_Step] = []
    for _turn in range(MOST_BREAKS):
        found = []
        for after in [*places, len(y)][1:]:
            start = found[-1].place if found else 0
            if after - start < 2 * EDGE or not _spread(y[start:after]) > 0:
                continue
            step = _largest_step(y[start:after], start, phi)
            if step.chance <= ALPHA and step.apart:
                found.append(step)
        if [one.place for one in found] == places:
            break
        places = [one.place for one in found]
    return found


def _placed(y: Floats, steps: list[_Step], phi: float) -> list[_Step]:
    """The same steps, each at the place that is expected to be least far off between its neighbours, with where else it
    may lie and its chance between the same neighbours. One that moves changes what lies between the others, so all are
    placed again until none moves."""
    places = [step.place for step in steps]
    for _turn in range(MOST_BREAKS):
        before = list(places)
        for number in range(len(places)):
            start, end = _beside(places, number, len(y))
            if end - start >= 2 * EDGE:
                places[number] = start + _least_off(y[start:end], _step(phi))
        if places == before:
            break
    found: list[_Step] = []
    for number, (step, place) in enumerate(zip(steps, places, strict=True)):
        start, end = _beside(places, number, len(y))
        if end - start >= 2 * EDGE and _spread(y[start:end]) > 0:
            step = _largest_step(y[start:end], start, phi)
        found.append(replace(step, place=place, first=min(place, step.first), last=max(place, step.last)))
    return found


def _beside(places: list[int], number: int, size: int) -> tuple[int, int]:
    """The stretch between the neighbours of a place: from the step before it up to the one after it."""
    return places[number - 1] if number else 0, places[number + 1] if number + 1 < len(places) else size


def _least_off(y: Floats, phi: float) -> int:
    places, likely = _likely(y, phi)
    away = np.subtract.outer(places, places)
    return int(places[(np.minimum(away**2, WRONG**2) @ likely).argmin()])


def _likely(y: Floats, phi: float) -> tuple[Ints, Floats]:
    """(places, how likely the one step of y lies at each, 1 in all): by what a level and a step leave over of the values
    once their likeness phi is taken out (Prais and Winsten 1954), which a step enters at once and then by 1 - phi."""
    y = y - y.mean()
    size, kept = len(y), np.sqrt(1 - phi * phi)
    places = np.arange(EDGE, size - EDGE + 1)
    news = np.concatenate([[kept * y[0]], y[1:] - phi * y[:-1]])
    after = size - 1 - places
    sums = np.cumsum(news[::-1])[::-1]
    along = news[places] + (1 - phi) * (sums[places] - news[places])
    # The sums of squares and products of the whitened level and step.
    level, step = kept**2 + (size - 1) * (1 - phi) ** 2, 1 + after * (1 - phi) ** 2
    both = (1 - phi) * (1 + after * (1 - phi))
    mean = kept * news[0] + (1 - phi) * (sums[0] - news[0])
    left = float((news**2).sum()) - mean**2 / level - (along - mean * both / level) ** 2 / (step - both**2 / level)
    likely = -(size - 2) / 2 * np.log(np.maximum(left, 1e-24 * float((news**2).sum())))
    likely = np.exp(likely - likely.max())
    return places, likely / likely.sum()


def _spread(y: Floats) -> float:
    return float(np.abs(np.diff(y)).mean()) / 1.128


def _distances(table: Floats) -> tuple[Ints, Floats]:
    """(places, |sum of distances from the mean| in ordinary variations, one row per series)."""
    size = table.shape[1]
    places = np.arange(EDGE, size - EDGE + 1)
    sums = np.cumsum(table - table.mean(axis=1, keepdims=True), axis=1)[:, places - 1]
    spread = np.abs(np.diff(table, axis=1)).mean(axis=1) / 1.128
    return places, np.abs(sums) / np.sqrt(places * (size - places) / size) / spread[:, None]


def _stretches(table: Floats) -> tuple[Floats, Ints, Ints]:
    """(how far the stretch that differs most from the rest lies from it, in ordinary variations; where it begins; its
    width), one of each per series. Widths grow by a quarter: one in between is hardly further."""
    size = table.shape[1]
    sums = np.cumsum(table - table.mean(axis=1, keepdims=True), axis=1)
    spread = np.abs(np.diff(table, axis=1)).mean(axis=1) / 1.128
    most = size - 2 * EDGE
    widths = np.unique((EDGE * 1.25 ** np.arange(40)).astype(np.int64))
    best = np.zeros(len(table))
    start, wide = np.full(len(table), EDGE), np.full(len(table), EDGE)
    for width in widths[widths <= most].tolist():
        away = np.abs(sums[:, EDGE - 1 + width : size - EDGE] - sums[:, EDGE - 1 : size - EDGE - width])
        away /= np.sqrt(width * (size - width) / size)
        at = away.argmax(axis=1)
        far = np.take_along_axis(away, at[:, None], axis=1)[:, 0]
        further = far > best
        best = np.where(further, far, best)
        start, wide = np.where(further, EDGE + at, start), np.where(further, width, wide)
    return best / spread, start, wide


def chance_of(distance: float, size: int, phi: float) -> float:
    """Share of stable series of about this length and autocorrelation whose largest distance is no smaller."""
    return _share(_nulls(_length(size), _step(phi))[0], distance)


def _share(null: Floats, distance: float) -> float:
    return (1 + len(null) - int(np.searchsorted(null, distance, side="left"))) / (len(null) + 1)


def _step(phi: float) -> float:
    return min(0.95, round(max(phi, 0.0) / PHI_STEP) * PHI_STEP)


def _length(size: int) -> int:
    """Lengths share a table where it hardly differs: every second one up to 60, then every tenth part."""
    if size <= 60:
        return max(LEAST, size - size % 2)
    return round(60 * 1.1 ** round(np.log(size / 60) / np.log(1.1)))


@lru_cache(maxsize=256)
def _nulls(size: int, phi: float) -> tuple[Floats, Floats]:
    """The largest distances of steps and of stretches of stable series, each sorted; the same seed gives the same table
    on every machine."""
    rng = np.random.default_rng([SEED, size, round(100 * phi)])
    steps, bumps = [], []
    for _part in range(8):
        drawn = stable(DRAWS // 8, size, phi, rng)
        steps.append(_distances(drawn)[1].max(axis=1))
        bumps.append(_stretches(drawn)[0])
    return np.sort(np.concatenate(steps)), np.sort(np.concatenate(bumps))
