"""Series of which little can be said: all values alike, or fewer than 13. Words, icon and status claim the same, on every
face: page, table, board, file and paper."""

import datetime as dt

import pytest

from improvements.paper.measures import read, sentence
from improvements.queries.measured import measured
from metrics import analysing, wording
from metrics.models import Analysis, Metric, Rebase, Series
from metrics.queries.analyses import analysis_of
from metrics.workflow import targets
from teams import clock
from tests.comparing import making as counted
from tests.metrics import making

from .test_board import rows_of as rows_of_file

pytestmark = pytest.mark.django_db
CLAIMS = ("Common cause", "common cause", "Quiet", "Watch", "Will meet the target", "Cannot meet the target",
          "May meet the target or miss it", "Cannot")  # fmt: skip


def with_target(world, values, target, rebased=None, **more):
    metric = making.metric(world.a.department, **more)
    one = making.series(metric, world.a.team, values)
    targets.set_target(
        world.a.supervisor, metric, world.a.team, value=target, from_day=dt.date(2024, 1, 1), reason="Agreed", source="",
        agreed_with="",
    )  # fmt: skip
    if rebased is not None:
        day = dt.date.fromordinal(making.month(rebased))
        Rebase.objects.create(series=one, day=day, reason="New rota", person=world.a.supervisor, at=clock.now())
    analysing.analyse_series([one.pk])
    return one


FEW = {
    "three": ([50, 51, 49], None),
    "twelve": (making.STEADY[:12], None),
    "twelve alike": ([50] * 12, None),
    "three since new limits": ([*making.STEADY, 60, 61, 59], 13),
}


@pytest.mark.parametrize("judged", [True, False])
@pytest.mark.parametrize("target", [20.0, 50.0, 90.0])
@pytest.mark.parametrize("case", FEW)
def test_nothing_claims_more_than_too_early_to_tell(world, client_of, case, target, judged):
    one = with_target(world, *FEW[case][:1], target, FEW[case][1])
    Analysis.objects.update(standing="quiet")  # as it was before the limits began anew
    if judged:
        analysing.judge([world.a.organisation.pk])
    client = client_of(world.a.supervisor)

    page = client.get(f"/series/{one.pk}")
    board = client.get("/signals", {"each": 1}).content.decode()
    [_header, row] = rows_of_file(client.get("/signals", {"export": "csv"}))
    paper = read(measured(Analysis.objects.select_related("drawn").get(series=one)))

    assert "too early to tell" in page.content.decode()
    assert "too early to tell" in sentence(paper)
    icons = (page.context["variation"], page.context["assurance"], paper.variation, paper.assurance)
    assert {str(icon.words) for icon in icons} == {"Too few values"}
    assert row[2:5] == ["Too few values"] * 3
    line = board.split("1 metric with too few values to tell")[-1].split("</tbody>")[0]
    assert one.get_absolute_url() in line
    assert not [words for words in CLAIMS if words in line]


def test_the_table_knows_no_cause_of_a_phase_with_few_values(world, client_of):
    one = with_target(world, [*making.STEADY, 60, 61, 59], 50.0, rebased=13)
    page = client_of(world.a.supervisor).get(f"/series/{one.pk}")
    assert [str(line.kind) for line in page.context["lines"]] == ["too few values"] * 3 + ["common cause"] * 13
    [_header, *rows] = rows_of_file(client_of(world.a.supervisor).get(f"/series/{one.pk}", {"export": "csv"}))
    assert ["too few values" in row for row in rows] == [False] * 13 + [True] * 3


def test_a_rule_that_marks_one_of_few_values_is_told_by_words_and_icon(world, client_of):
    one = with_target(world, [*making.STEADY[:11], 90], 50.0)
    analysing.judge([world.a.organisation.pk])
    page = client_of(world.a.supervisor).get(f"/series/{one.pk}")
    assert "too early to tell" not in page.content.decode().split("<main")[1]
    assert str(page.context["variation"].words) == "Improvement, upwards"
    assert str(page.context["assurance"].words) == "Too few values"
    assert "above the usual range" in page.context["headline"]


def test_thirteen_values_bear_their_icons(world, client_of):
    one = with_target(world, making.STEADY, 50.0)
    analysing.judge([world.a.organisation.pk])
    page = client_of(world.a.supervisor).get(f"/series/{one.pk}")
    icons = [str(page.context[name].words) for name in ("variation", "assurance")]
    assert icons == ["Common cause", "May meet the target or miss it"]
    board = client_of(world.a.supervisor).get("/signals").content.decode()
    assert "1 quiet metric whose target may be met or missed" in board


def test_the_quadrants_keep_few_values_apart(world, client_of):
    with_target(world, [50, 51, 49], 20.0)
    client = client_of(world.a.supervisor)
    [row] = [fields for words, fields in client.get("/signals", {"view": "quadrants"}).context["quadrants"]
             if str(words) == "too few values"]  # fmt: skip
    assert [(str(field.head), field.metrics) for field in row if field.metrics] == [("too few values", 1)]
    assert [len(client.get(field.url).context["lines"]) for field in row if field.url] == [1]


def alike(world, kind):
    if kind == "share":
        return counted.counted(counted.share(world.a.team), world.a.team, [50, 100, 45] * 5, [100, 200, 90] * 5)
    value = {"count": 7, "duration": 90, "score": 42.5, "rate": 3}[kind]
    return making.series(making.metric(world.a.department, kind=kind), world.a.team, [value] * 15)


@pytest.mark.parametrize("kind", [Metric.Kind.SCORE, Metric.Kind.COUNT, Metric.Kind.DURATION, "share"])
def test_all_alike_is_said_in_the_headline_of_every_chart(world, client_of, kind):
    """Also where limits leave room for chance in counting."""
    one = alike(world, kind)
    analysing.analyse_series([one.pk])
    words = {"score": "42.5", "count": "7", "duration": "90", "share": "50\u202f%"}[kind]
    page = client_of(world.a.supervisor).get(f"/series/{one.pk}")
    assert f"nothing points to a change. All values are the same: {words}." in page.context["headline"]
    paper = read(measured(Analysis.objects.select_related("drawn").get(series=one)))
    assert sentence(paper) == page.context["headline"]


def test_one_that_differs_is_not_all_alike(world):
    one = making.series(making.metric(world.a.department, kind="count"), world.a.team, [7] * 14 + [8])
    analysing.analyse_series([one.pk])
    assert "All values" not in wording.headline(one, analysis_of(one), None)


def test_few_values_alike_are_too_early_and_alike(world):
    one = making.series(making.metric(world.a.department), world.a.team, [50] * 5)
    analysing.analyse_series([one.pk])
    assert wording.headline(one, analysis_of(one), None).endswith(
        "too early to tell. There are 5 values so far, and 13 are needed. All of them are the same: 50."
    )
    assert Series.objects.count() == 1
