"""What the simulation of before and after measures beside ours: the textbook's intervals, from whole matrices."""

import numpy as np
import pytest
from scipy.stats import t as student

from metrics.simulations.effects import alike, textbooks


@pytest.mark.parametrize(("before", "after", "lag"), [(12, 8, 2), (24, 12, 3), (78, 12, 3), (100, 100, 4)])
def test_newey_west_is_the_sandwich_of_their_paper(before, after, lag):
    n = before + after
    x = np.array([[1.0, float(time >= before)] for time in range(n)])
    y = alike(n, 0.3, np.random.default_rng(3)) + 2 * x[:, 1]
    bread = np.linalg.inv(x.T @ x)
    beta = bread @ x.T @ y
    rest = y - x @ beta
    quantile = student.ppf(0.975, n - 2)
    plain, ours, eight = (float(half[0]) for _off, half in textbooks(y[None, :], x))

    assert plain == pytest.approx(quantile * np.sqrt(bread[1, 1] * rest @ rest / (n - 2)))
    for found, far in ((ours, lag), (eight, 8)):
        meat = np.zeros((2, 2))
        for one in range(n):
            for other in range(max(0, one - far), min(n, one + far + 1)):
                weight = 1 - abs(one - other) / (far + 1)
                meat += weight * rest[one] * rest[other] * np.outer(x[one], x[other])
        assert found == pytest.approx(quantile * np.sqrt((bread @ meat @ bread)[1, 1] * n / (n - 2)))
    assert [float(off[0]) for off, _half in textbooks(y[None, :], x)] == pytest.approx([beta[1] - 2] * 3)
