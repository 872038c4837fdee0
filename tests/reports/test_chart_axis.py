"""The axis of a printed chart says its unit, as it does on the page."""

import pytest
from matplotlib.figure import Figure

from metrics.models import Metric
from reports.typesetting.charts import _measured


def ticks(measure, low, high, step):
    axes = Figure().add_axes((0, 0, 1, 1))
    axes.set_ylim(low, high)
    axes.set_yticks([low + step * place for place in range(3)])
    _measured(axes, Metric(measure=measure, kind="score"))
    return [label.get_text() for label in axes.get_yticklabels()]


@pytest.mark.parametrize(
    ("measure", "low", "high", "step", "shown"),
    [
        ("%", 80, 90, 5, ["80%", "85%", "90%"]),
        ("%", 0.1, 0.7, 0.3, ["0.1%", "0.4%", "0.7%"]),
        ("hours", 1, 2, 0.5, ["1.0 h", "1.5 h", "2.0 h"]),
        ("contacts", 1000, 2000, 500, ["1,000", "1,500", "2,000"]),
        ("", -0.02, 0.02, 0.02, ["−0.02", "0.00", "0.02"]),
    ],
)
def test_each_tick_carries_the_unit_and_no_more_decimals_than_needed(measure, low, high, step, shown):
    assert ticks(measure, low, high, step) == shown
