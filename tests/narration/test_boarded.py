"""The line above the board: both of its numbers are in the data, and neither passes when it is changed."""

import datetime as dt

import numpy as np
import pytest
from django.utils import translation

from metrics import analysing
from metrics.models import Series
from metrics.queries import board
from metrics.wording.standing import board_line
from processes.models import Channel
from tests.metrics import making

from .boarded import line_facts
from .checking import unexplained

pytestmark = pytest.mark.django_db


@pytest.fixture(params=[0.0, 0.5])
def fleet(request, world, clock_at):
    """40 series of three metrics, of which two fell for long and three have a single odd value."""
    clock_at(dt.date(2026, 9, 10))
    rng = np.random.default_rng(3)
    metrics = [making.metric(world.a.department, f"Line {letter}") for letter in "abc"]
    made = []
    for place in range(40):
        values = rng.standard_normal(30 + place % 3)
        for at in range(1, len(values)):
            values[at] += request.param * values[at - 1]
        values[-8:] -= 6 if place in (3, 17) else 0
        values[-1] = 3.4 if place in (20, 21, 22) else values[-1]
        channel = Channel.objects.create(unit=world.a.department, name=f"Line {place}")
        made.append(making.series(metrics[place % 3], world.a.team, (50 + values).tolist(), channel=channel))
    analysing.analyse_series([one.pk for one in made])
    analysing.judge([world.a.organisation.pk])
    return board.summary(board.analyses(world.a.supervisor)), line_facts(Series.objects.select_related("metric"))


@pytest.mark.parametrize("language", ["en-gb", "de"])
def test_both_numbers_are_in_the_data(fleet, language):
    summary, facts = fleet
    with translation.override(language):
        assert unexplained(board_line(summary.watch, summary.chance), facts) == []
    assert summary.watch > 0
    assert summary.confirmed >= 2


@pytest.mark.parametrize(("more", "by_chance"), [(1, 0), (0, 5)])
def test_a_changed_number_is_caught(fleet, more, by_chance):
    summary, facts = fleet
    assert unexplained(board_line(summary.watch + more, summary.chance + by_chance), facts) != []
