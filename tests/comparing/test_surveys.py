"""Every point of a survey has its interval, its n and its response rate, on page, chart and in the file."""

import csv
import io

import openpyxl
import pytest

from jobs import workflow as jobs
from metrics.models import Survey
from metrics.trends.intervals import net_promoter, wilson
from metrics.workflow import surveys
from tests.comparing import making
from tests.metrics import making as plain

pytestmark = pytest.mark.django_db
SATISFIED = [24, 26, 25, 27, 24, 25, 26, 24, 25, 26, 25, 24, 26, 25]


def declared(side, metric, kind, **more):
    survey = surveys.declare(side.supervisor, metric, kind, "no", **more)
    jobs.run_pending()
    return survey


def file_of(client, series):
    file = b"".join(client.get(f"/series/{series.pk}", {"export": "csv"}).streaming_content).decode("utf-8-sig")
    header, *rows = csv.reader(io.StringIO(file))
    return [dict(zip(header, row, strict=True)) for row in rows]


def test_a_share_has_wilson_intervals_and_a_response_rate(world, client_of):
    side = world.a
    metric, sent = making.share(side.department), plain.metric(side.department, "Surveys sent", kind="count")
    one = making.counted(metric, side.team, SATISFIED, [30] * 14)
    plain.series(sent, side.team, [120] * 14)
    declared(side, metric, Survey.Kind.SHARE, asked=sent)
    client = client_of(side.supervisor)

    first = file_of(client, one)[0]
    page = client.get(f"/series/{one.pk}")
    low, high = wilson(24, 30)

    assert float(first["95 % interval from"]) == pytest.approx(100 * float(low))
    assert float(first["95 % interval to"]) == pytest.approx(100 * float(high))
    assert (first["n"], first["response rate"]) == ("30.0", "25.0")
    assert "120 were asked, so 25 % answered." in page.content.decode()
    assert "not weighted" in page.content.decode()
    assert {words.split("; ", 2)[2] for words in page.context["chart"]["words"]["points"]} == {
        f"n = 30; 95 % interval {100 * float(wilson(hits, 30)[0]):.1f}\u202f% to {100 * float(wilson(hits, 30)[1]):.1f}"
        "\u202f%; 25 % answered"
        for hits in (24, 25, 26, 27)
    }
    assert page.context["chart"]["data"][-1]["error_y"]["arrayminus"][0] == pytest.approx(80 - 100 * float(low))


def test_a_net_promoter_score_takes_its_promoters_from_their_own_metric(world, client_of):
    side = world.a
    metric = plain.metric(side.department, "NPS", kind="score", scale=100)
    promoters = plain.metric(side.department, "Promoters", kind="count")
    one = making.counted(metric, side.team, [12] * 14, [30] * 14)
    plain.series(promoters, side.team, [17] * 14)
    declared(side, metric, Survey.Kind.PROMOTERS, promoters=promoters)
    client = client_of(side.supervisor)

    first = file_of(client, one)[0]
    text = client.get(f"/series/{one.pk}").content.decode()
    _score, low, high = net_promoter(17, 8, 5)

    assert float(first["95 % interval from"]) == pytest.approx(100 * float(low))
    assert float(first["95 % interval to"]) == pytest.approx(100 * float(high))
    assert "with 30 of them a single point is known to ±26 only" in text


def test_a_score_without_its_promoters_has_the_widest_interval(world, client_of):
    side = world.a
    metric = plain.metric(side.department, "NPS", kind="score", scale=100)
    one = making.counted(metric, side.team, [12] * 14, [30] * 14)
    declared(side, metric, Survey.Kind.PROMOTERS)
    client = client_of(side.supervisor)
    _score, low, _high = net_promoter(21, 0, 9)

    assert float(file_of(client, one)[0]["95 % interval from"]) == pytest.approx(100 * float(low))
    assert "the interval is the widest" in client.get(f"/series/{one.pk}").content.decode()


def test_a_mean_has_an_interval_from_the_spread_of_the_answers(world, client_of):
    side = world.a
    metric = plain.metric(side.department, "Ease", kind="score")
    spread = plain.metric(side.department, "Spread of ease", kind="score")
    one = making.counted(metric, side.team, [50] * 14, [10] * 14)
    plain.series(spread, side.team, [2.0] * 14)
    declared(side, metric, Survey.Kind.MEAN, spread=spread)

    first = file_of(client_of(side.supervisor), one)[0]

    # t(0.975, 9) = 2.262157
    assert float(first["95 % interval from"]) == pytest.approx(5 - 2.262157 * 2 / 10**0.5, abs=1e-6)


@pytest.mark.parametrize(
    ("promoters", "middle", "detractors", "half"),
    [(27, 2, 1, 18), (24, 4, 2, 21), (18, 8, 4, 25), (15, 9, 6, 27)],
)
def test_thirty_answers_say_how_wide_a_net_promoter_score_is(world, client_of, promoters, middle, detractors, half):
    side = world.a
    metric = plain.metric(side.department, "NPS", kind="score", scale=100)
    given = plain.metric(side.department, "Promoters", kind="count")
    one = making.counted(metric, side.team, [promoters - detractors] * 14, [promoters + middle + detractors] * 14)
    plain.series(given, side.team, [promoters] * 14)
    declared(side, metric, Survey.Kind.PROMOTERS, promoters=given)

    text = client_of(side.supervisor).get(f"/series/{one.pk}").content.decode()

    assert f"Few answers: with 30 of them a single point is known to ±{half}" in text
    assert "Read the run, not the point." in text


@pytest.mark.parametrize(
    ("weighted", "said"), [("no", "not weighted"), ("yes", "weighted"), ("unknown", "nobody has said")]
)
def test_it_is_said_whether_a_survey_is_weighted(world, client_of, weighted, said):
    side = world.a
    metric = making.share(side.department)
    one = making.counted(metric, side.team, SATISFIED, [30] * 14)
    surveys.declare(side.supervisor, metric, Survey.Kind.SHARE, weighted)
    jobs.run_pending()

    page = client_of(side.supervisor).get(f"/series/{one.pk}")
    part = next(section.part for section in page.context["sections"] if section.key == "survey")

    assert said in part["survey"].get_weighted_display()
    assert f"95 % · {part['survey'].get_weighted_display()}</p>" in page.content.decode()
    assert "How many were asked is not known, so neither is the response rate." in part["sentences"]


@pytest.mark.parametrize("weighted", Survey.Weighted.values)
def test_each_exported_row_says_whether_it_is_weighted(world, client_of, weighted):
    side = world.a
    metric = making.share(side.department)
    one = making.counted(metric, side.team, SATISFIED, [30] * 13 + [0])
    surveys.declare(side.supervisor, metric, Survey.Kind.SHARE, weighted)
    jobs.run_pending()
    client = client_of(side.supervisor)

    rows = file_of(client, one)
    book = client.get(f"/series/{one.pk}", {"export": "xlsx"}).content
    sheet = list(openpyxl.load_workbook(io.BytesIO(book)).active.values)

    said = str(Survey.Weighted(weighted).label)
    # At the end, where no program that reads the older columns by their place is put off; a month without answers has none.
    assert [list(row)[-1] for row in rows] == ["weighting"] * 14
    assert [row["weighting"] for row in rows] == [said] * 13 + [""]
    assert [row[-1] for row in sheet] == ["weighting", *[said] * 13, None]


def test_the_rows_of_what_is_no_survey_say_nothing_of_weights(world, client_of):
    one = plain.steady(world.a.team)
    assert {row["weighting"] for row in file_of(client_of(world.a.supervisor), one)} == {""}


@pytest.mark.parametrize("kind", Survey.Kind.values)
def test_odd_answers_have_no_interval_and_break_nothing(world, client_of, kind):
    side = world.a
    metric = plain.metric(side.department, "Odd", kind="score")
    one = making.counted(metric, side.team, [5, 0, -3, 10**9], [0, 4, 1, 1])
    declared(side, metric, kind)

    assert client_of(side.supervisor).get(f"/series/{one.pk}").status_code == 200


def test_what_is_no_survey_has_no_interval(world, client_of):
    one = plain.steady(world.a.team)

    page = client_of(world.a.supervisor).get(f"/series/{one.pk}")

    assert "error_y" not in page.context["chart"]["data"][-1]
