"""The path planned to a target: drawn, written down and told, and judged by nobody but the reader."""

import datetime as dt
import io

import openpyxl
import pytest
from django.db import IntegrityError, transaction

from improvements.charts import figure as paper_figure
from improvements.paper.measures import chart as paper_chart
from improvements.paper.measures import points_table, read
from improvements.queries.measured import measured
from jobs import workflow as jobs
from metrics import analysing, charts, trajectories
from metrics.models import Analysis, Target
from metrics.queries.analyses import analysis_of, rows_of
from metrics.trajectories import Path, Planned
from metrics.wording.trajectories import trajectory_told
from metrics.workflow import targets
from reports.typesetting.charts import draw
from teams.models import TrailEntry
from teams.refusals import Refused
from tests.metrics import making
from tests.metrics.test_series_page import chart_of, csv_of, table_of, trace

pytestmark = pytest.mark.django_db
BEGAN, BY = dt.date(2024, 7, 1), dt.date(2025, 5, 31)
GOAL = Planned(50.0, BEGAN, BY)


@pytest.fixture
def series(world):
    return making.series(making.metric(world.a.department, measure="%"), world.a.team, making.STEADY)


def agree(world, series, value=60, day=BEGAN, trajectory=GOAL, **more):
    made = targets.set_target(
        world.a.supervisor, series.metric, world.a.team, value, day, "The plan", trajectory=trajectory, **more
    )
    analysing.analyse_series([series.pk])
    return made


def planned(series):
    return {dt.date.fromordinal(row.day).month: row.planned for row in rows_of(analysis_of(series))[:12]}


def test_it_leads_straight_from_the_first_period_to_the_one_of_the_day(world, series):
    agree(world, series)

    days = {month: dt.date(2024, month, 1).toordinal() - BEGAN.toordinal() for month in range(7, 13)}
    length = dt.date(2025, 5, 1).toordinal() - BEGAN.toordinal()
    expected = {month: 50 + 10 * passed / length for month, passed in days.items()}
    assert planned(series) == {**dict.fromkeys(range(1, 7)), **expected}
    [path] = trajectories.paths_of(analysis_of(series).settings)
    assert path.on(dt.date(2025, 5, 1).toordinal()) == 60.0
    assert path.on(dt.date(2025, 6, 1).toordinal()) is None


def test_it_changes_nothing_that_is_judged(world, series):
    """Limits, rules, icons and the chance of the target are those of the same target without a trajectory."""
    agree(world, series, trajectory=None)
    judged = ("target", "variation", "assurance", "target_chance", "outlook", "mean", "lower", "upper", "notes")
    before = Analysis.objects.values_list(*judged).get(series=series)
    rules = [(row.rules, row.kind, row.target) for row in rows_of(analysis_of(series))]

    agree(world, series)

    assert Analysis.objects.values_list(*judged).get(series=series) == before
    assert [(row.rules, row.kind, row.target) for row in rows_of(analysis_of(series))] == rules


def test_a_newer_version_without_one_ends_it_from_its_day_on(world, series):
    agree(world, series)
    agree(world, series, 58, dt.date(2024, 10, 1), None)

    found = planned(series)

    assert [month for month, value in found.items() if value is not None] == [7, 8, 9]
    assert trajectory_told(analysis_of(series), rows_of(analysis_of(series))) == ""


def test_of_a_target_that_came_into_force_later_only_the_rest_counts(world, series):
    """Approved in October: what was planned for the summer was agreed by nobody then."""
    agree(world, series, day=dt.date(2024, 10, 1))
    assert [month for month, value in planned(series).items() if value is not None] == [10, 11, 12]


def test_the_chart_draws_it_beyond_the_latest_point_and_says_where_it_leads(world, series, client_of):
    agree(world, series)
    chart = chart_of(client_of(world.a.colleague).get(f"/series/{series.pk}"))

    line = trace(chart, "trajectory")
    assert (line["x"], line["y"]) == (["2024-07-01", "2025-05-01"], [50.0, 60.0])
    assert (line["line"]["dash"], trace(chart, "target")["line"]["dash"]) == ("longdash", "dot")
    assert max(day for one in chart["data"] if one["name"] == "points" for day in one["x"]) == "2025-01-01"
    [label] = [one for one in chart["layout"]["annotations"] if "trajectory" in one["text"]]
    assert (label["text"], label["x"]) == ("trajectory to 60\u202f%<br>by 31 May 2025", "2025-05-01")
    low, high = chart["layout"]["yaxis"]["range"]
    assert low < 50 < 60 < high
    told = [words.partition("trajectory ")[2] for words in chart["words"]["points"]]
    assert told[:9] == ["", "", "", "", "", "", "50.0\u202f%", "51.0\u202f%", "52.0\u202f%"]


def test_two_versions_draw_two_stretches_and_the_last_is_named(world, series):
    agree(world, series)
    agree(world, series, 70, dt.date(2024, 11, 1), Planned(52.0, dt.date(2024, 11, 1), dt.date(2025, 12, 31)))
    chart = charts.figure(analysis_of(series))

    line = trace(chart, "trajectory")

    assert line["x"] == ["2024-07-01", "2024-10-31", "2024-11-01", "2024-11-01", "2025-12-01"]
    assert (line["y"][0], line["y"][2:]) == (50.0, [None, 52.0, 70.0])
    assert [one["text"] for one in chart["layout"]["annotations"] if "trajectory" in one["text"]] == [
        "trajectory to 70\u202f%<br>by 31 December 2025"
    ]


def test_table_file_and_printed_chart_have_it_too(world, series, client_of):
    agree(world, series)
    client = client_of(world.a.colleague)
    page = client.get(f"/series/{series.pk}")
    stored = rows_of(analysis_of(series))

    assert '<th scope="col" class="number">Trajectory</th>' in page.content.decode()
    shown = [row[7] for row in table_of(page)]
    assert shown == ["" if row.planned is None else f"{row.planned:.1f}" for row in stored]
    header, *lines = csv_of(client.get(f"/series/{series.pk}?export=csv"))
    place = header.index("trajectory then")
    assert [line[place] for line in lines] == ["" if row.planned is None else repr(row.planned) for row in stored]
    answer = client.get(f"/series/{series.pk}?export=xlsx")
    sheet = openpyxl.load_workbook(io.BytesIO(answer.content)).active
    written = [row[place] for row in sheet.iter_rows(min_row=2, values_only=True)]
    assert written == pytest.approx([row.planned for row in stored])  # fifteen digits

    paths = trajectories.paths_of(analysis_of(series).settings)
    assert draw(series.metric, stored, [], [], paths) != draw(series.metric, stored, [], [])


def test_a_paper_draws_the_same_path_and_its_table_has_it(world, series):
    agree(world, series)
    analysis = analysis_of(series)
    paper = read(measured(analysis))

    assert trace(paper_figure(paper), "trajectory") == trace(charts.figure(analysis), "trajectory")
    block = points_table(paper)
    assert [head["text"] for head in block["heads"]] == ["Period", "Value", "Mean", "Limits", "Trajectory", "Rule"]
    told = [row["cells"][4]["text"] for row in block["rows"]]
    assert (
        told == ["" if row.planned is None else f"{row.planned:.1f}\u202f%" for row in rows_of(analysis)][-len(told) :]
    )

    [told] = [words for words in paper_chart(paper)["notes"] if "trajectory" in words]
    assert told == trajectory_told(analysis, rows_of(analysis))

    agree(world, series, trajectory=None)
    assert not any("trajectory" in words for words in paper_chart(read(measured(analysis_of(series))))["notes"])
    block = points_table(read(measured(analysis_of(series))))
    assert [head["text"] for head in block["heads"]] == ["Period", "Value", "Mean", "Limits", "Rule"]


def test_a_chart_without_one_is_drawn_as_before(world, series, client_of):
    agree(world, series, trajectory=None)
    page = client_of(world.a.colleague).get(f"/series/{series.pk}")
    chart = chart_of(page)

    assert "trajectory" not in {one["name"] for one in chart["data"]}
    assert "rajectory" not in page.content.decode().replace("trajectory then", "")
    assert "trajectories" not in analysis_of(series).settings


def test_it_is_set_on_the_form_and_its_trail_says_so(world, series, client_of):
    client, address = client_of(world.a.supervisor), f"/series/{series.pk}/target"
    given = {"unit": world.a.team.pk, "value": "60", "from_day": "2024-07-01", "reason": "The plan", "source": "Plan",
             "agreed_with": "Helen"}  # fmt: skip

    assert client.post(address, {**given, "start_value": "50"}).status_code == 422
    assert client.post(address, {**given, "reach_by": "2025-05-31"}).status_code == 422
    assert client.post(address, {**given, "start_day": "2024-07-01"}).status_code == 422
    assert not Target.objects.exists()
    assert client.post(address, {**given, "start_value": "50", "reach_by": "2025-05-31"}).status_code == 302
    jobs.run_pending()

    made = Target.objects.get()
    assert (made.start_value, made.start_day, made.reach_by) == (50.0, BEGAN, BY)
    after = TrailEntry.objects.get(verb="set_target").after
    assert (after["start_value"], after["start_day"], after["reach_by"]) == (50.0, "2024-07-01", "2025-05-31")
    page = client.get(f"/series/{series.pk}").content.decode()
    assert "trajectory from 50\u202f% on 1 July 2024 to 60\u202f% by 31 May 2025" in page
    assert (
        "from 50\u202f% on 1 July 2024 to 60\u202f% by 31 May 2025"
        in client.get(made.get_absolute_url()).content.decode()
    )


def test_one_proposed_counts_only_when_it_is_approved(world, series, clock_at):
    clock_at(dt.datetime(2024, 9, 16, 9, tzinfo=dt.UTC))
    made = targets.propose(world.a.team_lead, series, world.a.team, 60, dt.date(2024, 9, 16), "Why", trajectory=GOAL)
    analysing.analyse_series([series.pk])
    assert set(planned(series).values()) == {None}

    targets.approve(world.a.supervisor, made)
    jobs.run_pending()

    assert [month for month, value in planned(series).items() if value is not None] == [10, 11, 12]


@pytest.mark.parametrize(
    ("kind", "upper", "trajectory"),
    [
        ("benchmark", None, GOAL),
        ("tolerance", 70, GOAL),
        ("target", None, Planned(float("nan"), BEGAN, BY)),
        ("target", None, Planned(60.0, BEGAN, BY)),
        ("target", None, Planned(61.0, BEGAN, BY)),
        ("target", None, Planned(50.0, BEGAN, dt.date(2024, 7, 31))),
        ("target", None, Planned(50.0, dt.date(2023, 1, 1), dt.date(2024, 5, 31))),
        ("target", None, Planned(50.0, BEGAN, dt.date(9999, 12, 31))),
        ("target", None, Planned(50.0, dt.date(1, 1, 1), BY)),
    ],
)
def test_what_leads_nowhere_is_refused(world, series, kind, upper, trajectory):
    with pytest.raises(Refused) as refused:
        agree(world, series, kind=kind, upper=upper, trajectory=trajectory)
    assert (refused.value.code, Target.objects.count()) == ("no_path", 0)


@pytest.mark.parametrize(
    ("kind", "start", "words"),
    [
        ("proportion", 150.0, "No value of this metric lies above 100\u202f%. Give one that it can reach."),
        ("proportion", -5.0, "No value of this metric lies below 0\u202f%. Give one that it can reach."),
        ("duration", -3.0, "No value of this metric lies below 0\u202f%. Give one that it can reach."),
        ("count", -1.0, "No value of this metric lies below 0\u202f%. Give one that it can reach."),
    ],
)
def test_none_begins_where_no_value_can_lie(world, kind, start, words):
    metric = making.metric(world.a.department, kind=kind, scale=100, measure="%")
    made = making.series(metric, world.a.team, making.STEADY)
    with pytest.raises(Refused) as refused:
        agree(world, made, trajectory=Planned(start, BEGAN, BY))
    assert (refused.value.code, refused.value.fields) == ("no_path", {"start_value": words})


@pytest.mark.parametrize("half", [{"start_value": None}, {"start_day": None}, {"reach_by": None}, {"reach_by": BEGAN}])
def test_no_half_of_one_is_kept(world, series, half):
    made = agree(world, series)
    with pytest.raises(IntegrityError), transaction.atomic():
        Target.objects.filter(pk=made.pk).update(**half)


def test_an_end_has_none(world, series):
    made = agree(world, series)
    ended = targets.end(world.a.team_lead, made, dt.date(2030, 1, 1), "Over")
    assert (ended.start_value, ended.start_day, ended.reach_by) == (None, None, None)


def test_limits_that_were_cut_do_not_narrow_what_is_usual():
    assert trajectories.usual_around(80.0, 95.0, 85.0, 100.0, "xmr") == (70.0, 90.0)
    assert trajectories.usual_around(6.0, 4.0, 2.0, 8.0, "log") == (3.0, 12.0)
    assert trajectories.usual_around(6.0, 4.0, 4.0, 4.0, "xmr") is None
    assert trajectories.usual_around(0.0, 4.0, 2.0, 8.0, "log") is None


def test_a_run_is_broken_by_the_other_side_the_plan_itself_and_what_was_not_planned():
    assert trajectories.run([(3, 1), (0, 1), (None, 1), (0, 1), (-1, 1)]) == -3
    assert trajectories.run([(0, 1), (1, 1), (2, 1)]) == 1
    assert trajectories.run([(2, None), (2, 1), (2, 1)]) == 2
    assert (trajectories.run([(1, 1)]), trajectories.run([])) == (0, 0)


@pytest.mark.parametrize(("direction", "start", "goal"), [(-1, 40.0, 50), (-1, 50.0, 50), (0, 50.0, 50), (1, 60.0, 50)])
def test_a_way_that_begins_beyond_its_end_is_refused(world, direction, start, goal):
    made = making.series(making.metric(world.a.department, direction=direction), world.a.team, making.STEADY)
    with pytest.raises(Refused) as refused:
        agree(world, made, goal, trajectory=Planned(start, BEGAN, BY))
    assert (refused.value.code, set(refused.value.fields)) == ("no_path", {"start_value"})


@pytest.mark.parametrize("goal", [40, 60])
def test_where_neither_side_is_better_both_ways_are_open(world, goal):
    made = making.series(making.metric(world.a.department, direction=0), world.a.team, making.STEADY)
    assert agree(world, made, goal).start_value == 50.0


def test_a_falling_path_has_its_words_below(world):
    series = making.series(making.metric(world.a.department, direction=-1), world.a.team, making.STEADY)
    agree(world, series, 40)
    chart = charts.figure(analysis_of(series))
    [label] = [one for one in chart["layout"]["annotations"] if "trajectory" in one["text"]]
    assert (label["yanchor"], label["yshift"]) == ("top", -3)


def test_the_height_is_exact_at_both_ends():
    path = Path(0, float("inf"), 10, 0.1, 17, 0.7, 20)
    assert (path.at(10), path.at(17), path.at(19)) == (0.1, 0.7, 0.7)
