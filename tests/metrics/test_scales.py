"""Values of any size on the pages: a right answer or a plain "not enough", never a fault."""

import copy
import datetime as dt
import math
import re
from itertools import product

import pytest

from jobs import workflow as jobs
from metrics import analysing
from metrics.analysing import closer
from metrics.charts.effects import with_levels
from metrics.models import CloserLook
from metrics.wording.closer import drift_told
from metrics.wording.figures import NOTHING, amount, length
from metrics.workflow import comparisons, targets
from tests.metrics import making

pytestmark = pytest.mark.django_db
NOISE = [(place * 7919 % 101 - 50) / 50 for place in range(60)]
SHAPES = {
    "season": [50 - 10 * math.cos(2 * math.pi * place / 12) + noise for place, noise in enumerate(NOISE)],
    "drift": [40 + 0.3 * place + 3 * noise for place, noise in enumerate(NOISE)],
    "step": [52 + 2 * noise + (20 if place >= 36 else 0) for place, noise in enumerate(NOISE)],
    "both sides": [(-1) ** place * (60 + noise) for place, noise in enumerate(NOISE)],
}
KINDS = {
    "score": {"measure": "points"},
    "share": {"measure": "%", "direction": -1},
    "time": {"kind": "duration", "measure": "days"},
    "count": {"kind": "count", "direction": 0},
}
NEVER_BELOW_0 = [("both sides", "time"), ("both sides", "count")]


def looked_at(world, shape, scale, kind):
    metric = making.metric(world.a.department, **KINDS[kind])
    made = making.series(metric, world.a.team, [scale * value for value in SHAPES[shape]])
    with_target = kind != "count"
    if with_target:
        targets.set_target(
            world.a.supervisor, metric, world.a.team, value=55 * scale, from_day=dt.date(2024, 6, 1), reason="Agreed",
            source="", agreed_with="",
        )  # fmt: skip
    analysing.analyse_series([made.pk])
    closer.look_at([made.pk])
    found = comparisons.compare(world.a.supervisor, made, dt.date(2027, 1, 1), "Rota 7")
    jobs.run_pending()
    found.refresh_from_db()
    return made, found


@pytest.mark.parametrize(("shape", "kind"), [one for one in product(SHAPES, KINDS) if one not in NEVER_BELOW_0])
@pytest.mark.parametrize("scale", [1e-305, 1e120, 3e306])
def test_every_page_has_an_answer(world, client_of, shape, scale, kind):
    made, found = looked_at(world, shape, scale, kind)
    client = client_of(world.a.supervisor)

    for address in (
        made.get_absolute_url(),
        found.get_absolute_url(),
        "/signals",
        "/signals?view=quadrants",
        "/compare",
    ):
        answer = client.get(address)
        assert answer.status_code == 200
        # The tokens of forms are drawn anew each time, and any three letters come up in one of them some day.
        text = re.sub(r'(?<="csrfmiddlewaretoken" value=")[^"]+', "", answer.content.decode())
        assert "NaN" not in text
        assert "Infinity" not in text


def test_what_no_number_can_hold_is_told_by_a_dash(world):
    metric = making.metric(world.a.department, **KINDS["time"])
    assert (length(math.inf), length(-math.inf), amount(1e306, metric)) == (NOTHING, NOTHING, NOTHING)


@pytest.mark.parametrize(
    ("lost", "told"), [("slope", "no slow drift can be told"), ("low", "– to –"), ("high", "– to –")]
)
def test_a_drift_whose_numbers_are_not_known_is_told_without_them(world, lost, told):
    made, _found = looked_at(world, "drift", 1.0, "score")
    facts = CloserLook.objects.get(series=made).facts["drift"]
    assert told in drift_told(made, made.analyses.get(), facts | {lost: None}).fact


@pytest.mark.parametrize("lost", ["level", "difference"])
def test_levels_that_are_not_known_are_not_drawn(world, lost):
    _made, found = looked_at(world, "step", 1.0, "score")
    figure = {"data": [{"x": [dt.date.fromordinal(making.month(place)).isoformat() for place in range(60)]}]}
    spans = (dt.date(2026, 12, 31).toordinal(), dt.date(2027, 1, 1).toordinal())
    assert len(with_levels(figure, found.facts, *spans)["data"]) == 3
    facts = copy.deepcopy(found.facts)
    (facts if lost == "level" else facts["change"])[lost] = None
    assert with_levels(figure, facts, *spans) == figure
