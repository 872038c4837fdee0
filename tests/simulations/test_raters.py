"""What the simulation of agreement measures beside ours: the same statistics, from sums over contacts."""

import numpy as np
import pytest

from metrics.simulations.raters import CASES, Scored, sums_of, values_of
from metrics.trends.raters import agreement, choose


@pytest.mark.parametrize("case", CASES, ids=lambda case: case.name)
def test_the_bootstrap_draws_the_statistic_that_is_told(case):
    rng = np.random.default_rng(5)
    seen = set()
    for _turn in range(20):
        table, given = case.draw(rng)
        rater, item = np.nonzero(given)
        statistic = choose(item, rater, numbers=not case.sure)
        [value] = values_of(sums_of(table, given).sum(0, keepdims=True), statistic)
        assert value == pytest.approx(agreement(item, rater, table[given], statistic).value, rel=1e-9, nan_ok=True)
        seen.add(statistic)
    assert seen <= {"cohen"} if case.people == 2 and case.sure else seen <= {"fleiss", "alpha", "alpha_interval"}


@pytest.mark.parametrize("case", [Scored(20_000, 3, sure=0.8, common=0.7), Scored(20_000, 3, agreed=0.5, missing=0.2)])
def test_the_truth_is_what_many_contacts_come_to(case):
    table, given = case.draw(np.random.default_rng(6))
    rater, item = np.nonzero(given)
    statistic = choose(item, rater, numbers=not case.sure)
    assert agreement(item, rater, table[given], statistic).value == pytest.approx(case.truth, abs=0.02)
