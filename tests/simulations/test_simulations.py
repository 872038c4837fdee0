"""Each simulation, with few repeats, keeps to its bounds; the full runs are a command."""

import numpy as np
import pytest

from metrics.simulations import SIMULATIONS


@pytest.mark.parametrize("name", sorted(SIMULATIONS))
def test_the_error_rates_are_as_promised(name):
    simulation = SIMULATIONS[name]

    report = simulation.run(simulation.ci_repeats, np.random.default_rng(20))

    broken = [bound for bound in simulation.bounds if not bound.holds(report)]
    assert broken == [], report
