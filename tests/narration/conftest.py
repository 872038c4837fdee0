"""Each sample that an import turns into series, brought and analysed, for all that is told of it."""

import datetime as dt
import random

import pytest

from metrics import analysing
from metrics.analysing import closer
from teams.models import Workspace
from tests.importing.conftest import Desk

from . import everywhere
from .imported import SAMPLES, bring

SEED = 7


@pytest.fixture(params=SAMPLES)
def sample(request, world, samples, clock_at):
    """(desk, all series, some of them drawn with a seed, what is said of the file) after the import, on the day of the last value."""
    Workspace.objects.create(pk=1, zone="UTC")
    desk = Desk(world.a.supervisor, world.a.department)
    clock_at(dt.datetime(2026, 3, 4, 12, tzinfo=dt.UTC))
    bring(desk, samples, SAMPLES[request.param])
    rows = everywhere.all_series()
    chosen = random.Random(SEED).sample(rows, min(len(rows), SAMPLES[request.param].most))
    clock_at(dt.date.fromordinal(max(one.last_day for one in rows)))
    closer.look_at([one.pk for one in chosen])
    analysing.judge([world.a.organisation.pk])
    return desk, rows, sorted(chosen, key=lambda one: one.pk), SAMPLES[request.param]
