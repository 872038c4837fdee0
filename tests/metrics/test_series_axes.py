"""The axes and labels of a series' chart say what they hold, in the room that they have."""

import pytest

from metrics import analysing
from tests.metrics import making
from tests.metrics.test_series_page import chart_of

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize(
    ("values", "ticks", "bottom"),
    [([42], ["2024-01-01"], True), ([5, 7], ["2024-01-01", "2024-02-01"], True), ([0] * 20, None, False)],
)
def test_the_axes_of_few_values_and_of_nothing_but_zeros_say_no_more_than_they_hold(
    world, client_of, values, ticks, bottom
):
    one = making.series(making.metric(world.a.department, kind="count"), world.a.team, values)
    analysing.analyse_series([one.pk])

    layout = chart_of(client_of(world.a.supervisor).get(f"/series/{one.pk}"))["layout"]

    assert layout["xaxis"].get("tickvals") == ticks
    assert (layout["yaxis"]["range"] == [-0.06, 1.0]) is not bottom
    assert (layout["yaxis"]["exponentformat"], layout["yaxis"]["separatethousands"]) == ("none", True)


def test_a_long_unit_leaves_the_chart_its_room(world, client_of):
    long = making.falling(world.a.team, "Calls", measure="galwadau fesul mil o gysylltiadau")
    short = making.falling(world.a.team, "Contacts", measure="contacts")
    client = client_of(world.a.supervisor)

    told = {
        one.metric.name: {label["text"] for label in chart_of(client.get(f"/series/{one.pk}"))["layout"]["annotations"]}
        for one in (long, short)
    }

    assert "mean 46.6" in told["Calls"]
    assert "mean 46.6\u202fcontacts" in told["Contacts"]
