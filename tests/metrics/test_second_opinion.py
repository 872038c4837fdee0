"""What the second opinion says beside the rules, in one sentence."""

import numpy as np
import pytest

from metrics import wording
from metrics.models import Metric
from metrics.trends import Batch, analyse, pack, unpack

SAME = [10, 11, 9, 10, 11, 9, 10] * 4


@pytest.mark.parametrize(
    ("values", "words"),
    [
        (SAME, "A second chart, which is quicker with small lasting changes (EWMA), finds none either."),
        (
            [*SAME, 13.5],
            "A second chart, which looks for small lasting changes (EWMA), does not see this one (yet): look whether "
            "the next values stay.",
        ),
        (
            [*SAME, *[12.5] * 7],
            "A second chart, which looks for small lasting changes (EWMA), agrees: it has been above its limits since "
            "2 February 2001.",
        ),
        (
            [*SAME, *[11.6] * 5],
            "A second chart, which is quicker with small lasting changes (EWMA), has been above its limits since "
            "4 February 2001, although no rule fires at the latest value: keep an eye on it.",
        ),
    ],
)
def test_it_is_said_in_one_sentence(values, words):
    days = np.arange(len(values)) + 730_488
    result = analyse(Batch.build(values, [0, len(values)], days, fix_after=[28]))

    assert wording.second_opinion(unpack(pack(result, 0)), Metric(period="day")) == words


@pytest.mark.parametrize("values", [[], [4], [4, 4, 4]])
def test_without_limits_it_says_nothing(values):
    result = analyse(Batch.build(values, [0, len(values)], range(1, len(values) + 1)))

    assert wording.second_opinion(unpack(pack(result, 0)), Metric(period="day")) == ""
