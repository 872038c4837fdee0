"""How long what chance alone has Confirmed stays so, while new values come (design of trends, section 3.2, 4)."""

from __future__ import annotations

from dataclasses import dataclass, field
from itertools import pairwise

import numpy as np

from metrics.simulations.report import Bound, Report, Simulation, average
from metrics.trends import fleet, nulls
from metrics.trends.arrays import Bools, Floats
from metrics.trends.scan import Scan, scan

SERIES, POINTS, CYCLES = 1000, 52, 26
FOLLOWED = 13  # cycles, over which each is followed
SOON = 4
TAKEN = "phi 0.3, taken for 0"
# What is true, and whether it is judged with the autocorrelation of the fleet.
TRUTHS = (("phi 0.0", 0.0, True), ("phi 0.3", 0.3, True), (TAKEN, 0.3, False))


@dataclass
class Told:
    """A change that was called Confirmed in one series: its side and the points it spans, and in which cycles it was
    told as ours is, and in which it passed anew by itself."""

    direction: int
    first: int
    last: int
    begun: int
    held: list[int] = field(default_factory=list)
    passed: list[int] = field(default_factory=list)

    def shares(self, direction: int, first: int, last: int) -> int:
        """How many points it shares with another; none where that lies on the other side."""
        return max(0, min(self.last, last) - max(self.first, first) + 1) if self.direction == direction else 0


def follow(values: Floats, points: int, shared: bool = True) -> list[Told]:
    """Every change that is told while these series (rows, all of one metric) grow from so many points to all of theirs,
    one a cycle. It is told once it passes among all, and from then on until chance would make as much of it more often
    than ``fleet.RELEASE``; what is told again and shares a point with it is the same one. ``shared``: judged with the
    autocorrelation of the fleet, else as if there were none."""
    known: dict[int, list[Told]] = {}
    for cycle, n in enumerate(range(points, values.shape[1] + 1)):
        found, p, passes = _judged(values[:, :n], shared)
        told = passes.copy()
        told[list(known)] |= p[list(known)] <= fleet.RELEASE
        for series in np.flatnonzero(told).tolist():
            direction, width = int(found.direction[series]), int(found.window[series])
            mine = known.get(series, [])
            same = max(mine, key=lambda one: one.shares(direction, n - width, n - 1), default=None)
            if same is None or not same.shares(direction, n - width, n - 1):
                if not passes[series]:
                    continue
                same = Told(direction, n - width, n - 1, cycle)
                known.setdefault(series, []).append(same)
            same.first, same.last = min(same.first, n - width), n - 1
            same.held.append(cycle)
            if passes[series]:
                same.passed.append(cycle)
    return [one for mine in known.values() for one in mine]


def _judged(values: Floats, shared: bool) -> tuple[Scan, Floats, Bools]:
    count, n = values.shape
    found = scan(np.ascontiguousarray(values).reshape(-1), np.arange(0, count * n + 1, n))
    group = np.zeros(count, np.int64)
    phi = np.full(count, fleet.shared_phi(group, found.own_phi, found.rest_phi)[0] if shared else 0.0)
    p = nulls.chances(found.statistic, found.n, phi, {key: nulls.table(*key) for key in nulls.keys(found.n, phi)})
    return found, p, fleet.passing(p)


def run(repeats: int, rng: np.random.Generator) -> Report:
    """Stable series that grow by one point a cycle: of a thousand, how many are told anew in a cycle and how many stand at
    a time; of those told early enough, in how many of the next 13 cycles each is told (its first among them), the share
    that still is 4 and 13 cycles later, and the share that comes and goes. "each alone": if every cycle decided by itself,
    and let go what does not pass anew."""
    rows: list[tuple[str | float | int, ...]] = []
    for name, phi, shared in TRUTHS:
        told = [
            one
            for _repeat in range(repeats)
            for one in follow(nulls.stable(SERIES, POINTS + CYCLES, phi, rng), POINTS, shared)
        ]
        new = sum(one.begun > 0 for one in told) / repeats / CYCLES
        standing, alone = (
            sum(len(cycles) for cycles in parts) / repeats / (CYCLES + 1)
            for parts in ([one.held for one in told], [one.passed for one in told])
        )
        followed = [one for one in told if one.begun <= CYCLES - FOLLOWED]
        courses = [_course(one) for one in followed]
        rows.append(
            (name, new, standing, alone, *(average([course[place] for course in courses]) for place in range(5)))
        )
    columns = (
        "new", "standing", "standing, each alone", "cycles told", "told 4 later", "told 13 later", "comes and goes",
        "comes and goes, each alone",
    )  # fmt: skip
    return Report(("series", *columns), rows)


def _course(one: Told) -> tuple[float, float, float, float, float]:
    held, passed = ([cycle - one.begun for cycle in cycles] for cycles in (one.held, one.passed))
    near, alone = ([cycle for cycle in cycles if cycle < FOLLOWED] for cycles in (held, passed))
    return len(near), SOON in held, FOLLOWED in held, spells(near) > 1, spells(alone) > 1


def spells(cycles: list[int]) -> int:
    """In how many stretches without a gap these cycles lie."""
    return 1 + sum(later > one + 1 for one, later in pairwise(cycles))


SIMULATIONS = (
    Simulation(
        "staying",
        run,
        ci_repeats=5,
        full_repeats=150,
        bounds=(
            *(Bound(name, "standing", 0.0, 1.5) for name, _phi, _shared in TRUTHS[:2]),
            *(Bound(name, "new", 0.0, 0.25) for name, _phi, _shared in TRUTHS[:2]),
            # It neither goes at once nor stays for good.
            *(Bound(name, "cycles told", 2.0, 10.0) for name, _phi, _shared in TRUTHS[:2]),
            *(Bound(name, "told 13 later", 0.0, 0.35) for name, _phi, _shared in TRUTHS[:2]),
            # Hundreds are told there, so that their course is known well.
            Bound(TAKEN, "cycles told", 5.5, 7.5),
            Bound(TAKEN, "told 4 later", 0.6, 0.75),
            Bound(TAKEN, "told 13 later", 0.01, 0.09),
            Bound(TAKEN, "comes and goes", 0.05, 0.15),
            Bound(TAKEN, "standing", 0.0, 1.5, textbook=True),
            Bound(TAKEN, "new", 0.0, 0.25, textbook=True),
        ),
        source="1,000 stable series, one new value a cycle: what chance has Confirmed goes again within weeks",
    ),
)
