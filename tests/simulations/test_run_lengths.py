"""The points between false alarms of the kept run, held against the exact figure of a Markov chain."""

from itertools import product

import numpy as np
import pytest
from django.conf import settings
from scipy.stats import norm

from metrics.kept_runs import FILE, read
from metrics.simulations.incontrol import LATEST, _pairs
from metrics.trends.counts import D2

FAR = 2.66 * D2  # the limit in sigma; the near line lies at two thirds of it
STEPS = 6
GRID = 120


def pairs_by_chain(latest):
    """Points until three on one side hold two between near line and limit (``latest``: the last of them does). The state
    is the last two points, each by its side and whether it lies in between."""
    between = float(norm.cdf(FAR) - norm.cdf(2 * FAR / 3))
    kinds = {(side, near): between if near else 0.5 - between for side in (1, -1) for near in (0, 1)}
    states = [*product(kinds, repeat=0), *product(kinds, repeat=1), *product(kinds, repeat=2)]
    place = {state: number for number, state in enumerate(states)}
    moves = np.zeros((len(states), len(states)))
    for state, (kind, chance) in product(states, kinds.items()):
        three = (*state, kind)
        near = sum(point[1] for point in three) >= 2 and (kind[1] == 1 or not latest)
        if len(three) < 3 or len({point[0] for point in three}) > 1 or not near:
            moves[place[state], place[three[-2:]]] += chance
    return float(np.linalg.solve(np.eye(len(states)) - moves, np.ones(len(states)))[0])


def trends_by_chain():
    """Points until so many steps in one direction: the state is how many there are and where the last value lies among
    all (a fall from u is a rise from 1 - u)."""
    higher = (np.triu(np.ones((GRID, GRID)), 1) + np.eye(GRID) / 2) / GRID
    turned = higher.T @ np.eye(GRID)[::-1]
    chain = np.eye((STEPS - 1) * GRID)
    for step in range(STEPS - 1):
        rows = slice(step * GRID, (step + 1) * GRID)
        chain[rows, :GRID] -= turned
        if step + 2 < STEPS:
            chain[rows, rows.stop : rows.stop + GRID] -= higher
    once = np.linalg.solve(chain, np.ones(len(chain)))[:GRID]
    return float(2 + ((higher + turned) @ once).mean())


def ewma_by_chain(weight=0.2, sigmas=2.86, nodes=401, opening=60):
    """Points until the smoothed value leaves limits that open as they do in use: after so many points they stand still,
    and the expected rest is known for each place between them (Gauss-Legendre); before, what is left is carried on."""
    at, mass = np.polynomial.legendre.leggauss(nodes)
    widths = sigmas * np.sqrt(weight / (2 - weight) * (1 - (1 - weight) ** (2.0 * np.arange(1, opening + 1))))
    last = sigmas * np.sqrt(weight / (2 - weight))

    def moves(start, end):
        return norm.pdf((end[None, :] - (1 - weight) * start[:, None]) / weight) / weight

    rest = np.linalg.solve(np.eye(nodes) - moves(last * at, last * at) * last * mass, np.ones(nodes))
    place, left, passed = np.zeros(1), np.ones(1), 0.0
    for width in widths:
        passed += left.sum()
        left = left @ moves(place, width * at) * width * mass
        place = width * at
    after = 1 + moves(place, last * at) @ (rest * last * mass)
    return float(passed + left @ after)


def test_the_chains_are_those_of_the_rules():
    assert pairs_by_chain(latest=False) == pytest.approx(924.4, abs=0.5)
    assert pairs_by_chain(latest=True) == pytest.approx(1153.1, abs=0.5)
    assert trends_by_chain() == pytest.approx(2881, abs=25)
    # Lucas and Saccucci 1990: 500 points with limits that stand still from the first on.
    assert ewma_by_chain(weight=0.25, sigmas=2.998, opening=0) == pytest.approx(500, abs=3)
    assert 350 < ewma_by_chain() < 380


@pytest.mark.parametrize(
    ("rule", "exact"),
    [
        ("outside", 1 / (2 * norm.sf(FAR))),
        ("two of three", pairs_by_chain(latest=False)),
        (LATEST, pairs_by_chain(latest=True)),
        ("trend", trends_by_chain()),
        ("EWMA", ewma_by_chain()),
    ],
)
def test_the_kept_run_agrees_with_the_chain(rule, exact):
    run = read(settings.BASE_DIR / FILE)["run-lengths"]
    [measured] = [row[run.columns.index("no change")] for row in run.rows if row[0] == rule]
    # The time to a rare alarm spreads as much as it is long; four standard errors.
    assert measured == pytest.approx(exact, rel=4 / run.repeats**0.5)


def test_a_pair_is_known_with_the_third_point_and_shown_where_that_is_marked():
    near = np.array([[1, 1, 0, 0, 1, 0, 1, 1, 1]], bool)
    above = np.array([[1, 1, 1, 0, 1, 1, 1, 0, 1]], bool)
    complete, latest = _pairs(near, above)
    assert np.flatnonzero(complete).tolist() == [2, 6]
    assert np.flatnonzero(latest).tolist() == [6]
