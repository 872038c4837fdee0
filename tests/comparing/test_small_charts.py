"""The small charts of a comparison: groups added up from several series are drawn on the chart of the metric."""

import base64
import html

import numpy as np
import pytest

from jobs import workflow as jobs
from metrics import analysing
from metrics.models import Analysis, Series, Study
from metrics.queries import analyses
from metrics.trends import choice, codes, unpack
from metrics.wording.charts import NAMES
from metrics.wording.notes import settings_line
from teams.models import Role, Unit
from tests.comparing import making
from tests.metrics import making as plain

pytestmark = pytest.mark.django_db
SIZES = np.array([40, 160, 80, 320, 60, 240, 40, 160, 80, 320, 60, 240, 40, 160, 80, 320])
TURNS = np.array([0, 2, -1, 1, 0, -2, 1, -1, 2, 0, -1, 1, -2, 0, 1, -1])


def departments(world, metric, hits, sizes):
    """One department whose two teams are added up, another that brings the very sums itself."""
    other = Unit.objects.create(name="Alder Field Service", kind=Unit.Kind.DEPARTMENT, parent=world.a.organisation)
    other.path = f"{world.a.organisation.path}{other.pk}/"
    other.save(update_fields=["path"])
    Role.objects.create(person=world.a.supervisor, unit=world.a.organisation, name="supervisor")
    for team, part in ((world.a.team, 1), (world.a.other_team, 3)):
        making.counted(metric, team, [part * one for one in hits], [one and part * one for one in sizes])
    whole = making.counted(metric, other, [4 * one for one in hits], [one and 4 * one for one in sizes])
    analysing.analyse_series([whole.pk])
    return whole


@pytest.mark.parametrize(
    ("given", "hits", "sizes", "chart"),
    [
        ({"kind": "proportion", "scale": 100.0}, SIZES // 2 + TURNS, SIZES, codes.P),
        ({"kind": "rate", "scale": 1_000.0}, SIZES // 10 + TURNS.clip(0), SIZES, codes.U),
        ({"kind": "count"}, 10 + TURNS, [None] * 16, codes.C),
        ({"kind": "duration"}, np.round(SIZES * np.exp(0.4 * TURNS), 3), SIZES, codes.LOG),
        ({"kind": "proportion", "scale": 100.0, "chart": "xmr"}, SIZES // 2 + TURNS, SIZES, codes.XMR),
    ],
)
def test_a_sum_is_drawn_as_a_series_with_the_same_values(world, client_of, given, hits, sizes, chart):
    metric = plain.metric(world.a.organisation, "Told", **given)
    whole = departments(world, metric, np.asarray(hits).tolist(), np.asarray(sizes, object).tolist())

    client_of(world.a.supervisor).post("/compare", {"metric": metric.pk, "by": "department"})
    jobs.run_pending()

    facts = Study.objects.get().facts
    [[group, text]] = facts["points"].items()
    assert int(group) == world.a.department.pk
    summed, stored = unpack(base64.b64decode(text)), unpack(analyses.tails([whole.pk])[whole.pk])
    assert (summed.chart, stored.chart) == (chart, chart)
    assert summed.values == pytest.approx(stored.values)
    assert summed.point_type.tolist() == stored.point_type.tolist()
    for name in ("phase_upl", "phase_lpl", "phase_mean"):
        assert getattr(summed, name) == pytest.approx(getattr(stored, name), nan_ok=True), name

    # Both are told to be made by the same rules, which the page of the series says, too.
    page = client_of(world.a.supervisor).get("/compare", {"metric": metric.pk, "by": "department"})
    line = settings_line(Analysis.objects.get(series=whole))
    assert page.context["small_lines"] == [(line, "")]
    assert str(NAMES[choice.NAMES[chart]]) in line
    assert page.context["small_summed"] == [world.a.department.name]
    text = html.unescape(page.content.decode())
    assert text.partition("Each one in time, on one scale")[2].count(line) == 1
    assert f"Of those added up for this comparison ({world.a.department.name}) only its periods are drawn." in text


def test_where_the_small_charts_differ_each_is_said(world, client_of):
    """One on a p′ chart, and one that came without its counts and so is on an XmR chart."""
    metric = plain.metric(world.a.organisation, "Told", kind="proportion", scale=1.0)
    making.counted(metric, world.a.team, (SIZES // 2 + TURNS).tolist(), SIZES.tolist())
    plain.series(metric, world.a.other_team, ((SIZES // 2 + TURNS) / SIZES).tolist())
    ids = list(Series.objects.filter(metric=metric).values_list("pk", flat=True))
    analysing.analyse_series(ids)
    Role.objects.create(person=world.a.supervisor, unit=world.a.organisation, name="supervisor")

    client = client_of(world.a.supervisor)
    client.post("/compare", {"metric": metric.pk, "by": "unit"})
    jobs.run_pending()
    page = client.get("/compare", {"metric": metric.pk, "by": "unit"})

    lines = page.context["small_lines"]
    assert {names for _line, names in lines} == {world.a.team.name, world.a.other_team.name}
    charts = {names: line.partition(" ")[0] for line, names in lines}
    assert charts == {world.a.team.name: "p′", world.a.other_team.name: "XmR"}
    text = html.unescape(page.content.decode())
    assert all(f"{names}: {line}" in text for line, names in lines)
    assert "added up for this comparison" not in text
