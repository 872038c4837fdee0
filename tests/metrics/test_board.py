"""The signal board: what concerns comes first, what is stable is one line, and the queries stay constant."""

import csv
import datetime as dt
import io
import re

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from jobs import workflow as jobs
from metrics import analysing
from metrics.charts import sparkline
from metrics.models import Signal
from metrics.queries.analyses import analysis_of, points_of
from metrics.wording.outlooks import band_word
from metrics.workflow import marks, metrics, targets
from metrics.workflow import signals as acknowledging
from tests.metrics import making

pytestmark = pytest.mark.django_db


def names(page):
    """The metrics of the page's tables, in order."""
    return re.findall(
        r'<th scope="rowgroup" class="board-name"><a href="[^"]+" data-row-link>([^<]+)</a>', page.content.decode()
    )


def rows_of(answer):
    return list(csv.reader(io.StringIO(b"".join(answer.streaming_content).decode("utf-8-sig"))))


def three_kinds(world):
    """A metric that falls, one that falls and of which less is better, and one that is stable."""
    making.falling(world.a.team, "Answered in time")
    making.falling(world.a.team, "Waiting", direction=-1)
    making.steady(world.a.team, "Calls")


def test_concern_comes_first_and_what_is_stable_is_one_line(world, client_of):
    three_kinds(world)

    page = client_of(world.a.supervisor).get("/signals")

    assert names(page) == ["Answered in time", "Waiting", "Calls"]
    assert "2 metrics that ask for a look" in page.content.decode()
    assert "1 stable metric" in page.content.decode()
    assert page.content.decode().index("1 stable metric") < page.content.decode().index(">Calls</a>")


def test_concern_that_cannot_meet_its_target_comes_before_the_rest(world, client_of, clock_at):
    clock_at(dt.date(2025, 12, 1))
    making.falling(world.a.team, "A only concern")
    one = making.falling(world.a.team, "B concern and target")
    cannot = making.steady(world.a.team, "C cannot")
    for missed in (one, cannot):
        targets.set_target(world.a.supervisor, missed.metric, world.a.team, 99, dt.date(2024, 1, 1), "Plan")
    jobs.run_pending()

    page = client_of(world.a.supervisor).get("/signals")

    assert names(page) == ["B concern and target", "A only concern", "C cannot"]
    words = "The target lies outside the usual range, on the wrong side: unless something changes, it will be missed."
    assert page.content.decode().count(words) == 2
    header, *rows = rows_of(client_of(world.a.supervisor).get("/signals", {"export": "csv"}))
    assert [row[header.index("signal")].endswith(words) for row in rows] == [True, False, True]


def test_a_row_says_what_happened_and_names_icon_target_and_last_event(world, client_of, clock_at):
    clock_at(dt.date(2025, 11, 10))
    one = making.falling(world.a.team, measure="%")
    marks.note(world.a.supervisor, one, dt.date(2025, 2, 3), "New rota")
    targets.set_target(world.a.supervisor, one.metric, world.a.department, 45, dt.date(2024, 1, 1), "Plan")

    text = client_of(world.a.supervisor).get("/signals").content.decode()

    assert "has been below its average of 46.6\u202f% for 8 months, since February 2025 (now 41.0\u202f%)." in text
    assert 'aria-label="Concern, downwards"' in text
    assert "New rota (3 February 2025)" in text
    # The last month, September 2025, ended on the 30th: 41 days before.
    assert ">41 days<" in text


def test_a_row_says_how_likely_the_next_period_meets_its_target(world, client_of):
    """Not while its level is moving or has moved: then what the chance rests on no longer holds."""
    marked = making.series(making.metric(world.a.team, "Marked once"), world.a.team, [*making.STEADY, 42])
    fallen = making.falling(world.a.team, "Fallen")
    for one in (marked, fallen):
        targets.set_target(world.a.supervisor, one.metric, world.a.team, 50, dt.date(2024, 1, 1), "Plan")
    analysing.analyse_series([marked.pk, fallen.pk])
    client = client_of(world.a.supervisor)

    page = client.get("/signals").content.decode()
    header, *rows = rows_of(client.get("/signals", {"export": "csv"}))

    chance = marked.analyses.get().target_chance
    told = {row[0]: row[header.index("chance that the next period meets it")] for row in rows}
    assert (float(told["Marked once"]), told["Fallen"]) == (pytest.approx(chance), "")
    assert re.findall(r'title="That the next period meets it">([^<]*)<', page) == [band_word(chance)] == ["even odds"]
    assert band_word(None) == ""


def test_filters_live_in_the_address(world, client_of):
    three_kinds(world)
    making.falling(world.a.other_team, "South")
    client = client_of(world.a.supervisor)

    assert names(client.get("/signals", {"variation": "concern"})) == ["Answered in time", "South"]
    assert names(client.get("/signals", {"variation": "common_cause"})) == ["Calls"]
    assert names(client.get("/signals", {"unit": world.a.other_team.pk})) == ["South"]
    assert names(client.get("/signals", {"unit": world.a.department.pk, "variation": "improvement"})) == ["Waiting"]
    assert names(client.get("/signals", {"unit": world.b.team.pk})) == names(client.get("/signals"))


def test_nobody_sees_the_board_of_others(world, client_of):
    three_kinds(world)

    assert names(client_of(world.b.supervisor).get("/signals")) == []
    assert names(client_of(world.a.other_colleague).get("/signals")) == []
    assert len(names(client_of(world.a.colleague).get("/signals"))) == 3


def test_an_archived_metric_leaves_the_board(world, client_of):
    one = making.falling(world.a.team)
    metrics.archive(world.a.supervisor, making_metric_for(world, one))

    assert names(client_of(world.a.supervisor).get("/signals")) == []


def making_metric_for(world, one):
    """Owned by the department, so that its supervisor may archive it."""
    one.metric.unit = world.a.department
    one.metric.save()
    return one.metric


def test_the_export_holds_every_row_with_the_figures_of_the_analysis(world, client_of):
    three_kinds(world)

    rows = rows_of(client_of(world.a.supervisor).get("/signals", {"export": "csv"}))

    header, *body = rows
    assert header[:4] == ["metric", "where", "change", "target met?"]
    assert [row[0] for row in body] == ["Answered in time", "Waiting", "Calls"]
    steady = dict(zip(header, body[2], strict=True))
    assert (float(steady["mean"]), steady["change"]) == (pytest.approx(sum(making.STEADY) / 13), "Common cause")


def test_the_export_is_a_workbook_too(world, client_of):
    three_kinds(world)

    answer = client_of(world.a.supervisor).get("/signals", {"export": "xlsx"})

    assert answer.content[:2] == b"PK"


def many(world, count):
    metric = making.metric(world.a.organisation, "Many")
    from metrics.models import Series
    from processes.models import Channel

    channels = Channel.objects.bulk_create(
        Channel(unit=world.a.organisation, name=f"Channel {number}") for number in range(count)
    )
    made = Series.objects.bulk_create(Series(metric=metric, unit=world.a.team, channel=each) for each in channels)
    for number, one in enumerate(made):
        making.observe(one, making.STEADY if number % 2 else [*making.STEADY, 10, 10, 10, 10, 10, 10, 10, 10])
    analysing.analyse_series([one.pk for one in made])


def queries_of(client, address):
    client.get(address)
    with CaptureQueriesContext(connection) as seen:
        assert client.get(address).status_code == 200
    return len(seen)


@pytest.mark.parametrize(
    "address",
    [
        "/signals",
        "/signals?variation=concern",
        "/signals?view=quadrants",
        "/metrics",
        "/inquiries",
        "/imports",
        "/sources",
    ],
)
def test_one_row_costs_as_many_queries_as_fifty(world, client_of, address):
    client = client_of(world.a.supervisor)
    making.falling(world.a.team)
    making.steady(world.a.team)
    few = queries_of(client, address)

    many(world, 50)

    assert queries_of(client, address) == few
    assert few <= 15


def test_what_the_icons_mean_is_one_click_away(world, client_of):
    client = client_of(world.a.colleague)

    assert 'href="/signals/icons"' in client.get("/signals").content.decode()
    page = client.get("/signals/icons").content.decode()
    assert "Cannot meet the target" in page
    assert "Improvement, upwards" in page


def test_an_empty_board_offers_the_next_step_to_who_may_take_it(world, client_of):
    assert "No metric has data yet" in client_of(world.a.colleague).get("/signals").content.decode()
    assert 'href="/imports/new"' not in client_of(world.a.colleague).get("/signals").content.decode()
    assert 'href="/imports/new"' in client_of(world.a.supervisor).get("/signals").content.decode()


def test_the_quadrants_count_change_against_target_and_lead_to_the_rows(world, client_of):
    three_kinds(world)
    client = client_of(world.a.supervisor)

    page = client.get("/signals", {"view": "quadrants"}).content.decode()

    counted = re.findall(r'href="/signals\?variation=(\w+)&amp;assurance=(\w+)">(\d+)<', page)
    assert counted == [("concern", "none", "1"), ("improvement", "none", "1"), ("common_cause", "none", "1")]
    assert names(client.get("/signals", {"variation": "improvement", "assurance": "none"})) == ["Waiting"]
    assert re.findall(r'<li><a href="/series/\d+">([^<]+)</a>', page) == ["Answered in time", "Waiting", "Calls"]


def judged(world):
    analysing.judge([world.a.organisation.pk])


def test_confirmed_comes_before_watch_and_the_line_says_what_chance_would_show(world, client_of, clock_at):
    clock_at(dt.date(2025, 6, 1))
    for place in range(10):
        making.steady(world.a.team, f"Calls {place}")
    making.falling(world.a.team, "Z really falls")
    one = making.series(making.metric(world.a.team, "A marked once"), world.a.team, [*making.STEADY, 42])
    analysing.analyse_series([one.pk])
    judged(world)

    page = client_of(world.a.supervisor).get("/signals")

    assert names(page)[:2] == ["Z really falls", "A marked once"]
    text = page.content.decode()
    # Ten series of 13, one of 14 and one of 21 values without autocorrelation: each has an icon in 1.6 to 1.7 %.
    assert "1 on watch; about 0.2 would appear even if nothing had changed" in text
    assert text.index(">Confirmed<") < text.index(">Watch<")
    assert names(client_of(world.a.supervisor).get("/signals", {"standing": "watch"})) == ["A marked once"]


def test_a_filter_is_kept_for_oneself_and_the_view_survives_filtering(world, client_of):
    three_kinds(world)
    client = client_of(world.a.supervisor)
    kept = f"unit={world.a.team.pk}&view=quadrants"

    answer = client.post("/signals/filters", {"name": "My team", "query": kept})

    assert answer.url == f"/signals?{kept}"
    page = client.get(answer.url).content.decode()
    assert '<input type="hidden" name="view" value="quadrants">' in page
    assert 'aria-current="true">My team</a>' in page
    assert "My team" not in client_of(world.a.colleague).get("/signals").content.decode()


def test_a_filter_without_a_name_is_not_kept(world, client_of):
    client = client_of(world.a.supervisor)

    page = client.post("/signals/filters", {"name": " ", "query": "variation=concern"}, follow=True)

    assert "Give the filter a name." in page.content.decode()


def test_the_print_view_holds_every_row_that_asks_for_a_look(world, client_of):
    many(world, 60)

    assert len(names(client_of(world.a.supervisor).get("/signals", {"variation": "concern"}))) == 25
    assert len(names(client_of(world.a.supervisor).get("/signals", {"variation": "concern", "print": "1"}))) == 30


def test_a_confirmed_change_stays_on_the_board_until_acknowledged(world, client_of):
    one = making.falling(world.a.team)
    judged(world)
    making.observe(one, [*making.STEADY, *making.STEADY], first=21)
    analysing.analyse_series([one.pk])
    judged(world)
    told = Signal.objects.get(rule="scan", direction=-1)
    assert told.current is False
    client = client_of(world.a.supervisor)
    assert f'href="/signals/{told.pk}"' in client.get("/signals").content.decode()

    acknowledging.acknowledge(world.a.supervisor, told, "It is over")

    assert f'href="/signals/{told.pk}"' not in client.get("/signals").content.decode()


def test_a_long_unit_is_said_once_in_a_row_below_the_name(world, client_of):
    making.falling(world.a.team, "Complaints", measure="per 1,000 contacts")

    page = client_of(world.a.supervisor).get("/signals").content.decode()

    row = page[page.index("<tbody>") : page.index("</tr>", page.index("<tbody>"))]
    assert (row.count("per 1,000 contacts"), row.count(f"{world.a.team.name} · per 1,000 contacts")) == (1, 1)


def test_a_sparkline_marks_its_points_by_one_path_for_each_tone(world, client_of):
    one = making.falling(world.a.team)

    spark = sparkline(points_of(analysis_of(one)))

    assert {dots.tone: dots.path.count("h0") for dots in spark.dots} == {"improvement": 13, "concern": 8}
    page = client_of(world.a.supervisor).get("/signals").content.decode()
    assert page.count('<path class="spark-dots spark-concern"') == 1
    # Those who do not see the picture are told how many values it shows, and how many of them are marked.
    assert (
        'aria-label="the last 21 values, 13 marked as improvement, 8 marked as concern; Jan 2024 to Sep 2025; no target"'
        in page
    )
    assert "<circle" not in page


def test_the_preview_of_a_row_says_its_days_and_its_target(world, client_of):
    one = making.falling(world.a.team, measure="%")
    targets.set_target(world.a.supervisor, one.metric, world.a.team, 45, dt.date(2024, 1, 1), "Plan")
    far = making.falling(world.a.team, "Far away")
    targets.set_target(world.a.supervisor, far.metric, world.a.team, 999, dt.date(2024, 1, 1), "Plan")
    making.falling(world.a.team, "Without")
    jobs.run_pending()

    page = client_of(world.a.supervisor).get("/signals").content.decode()

    told = re.findall(r'class="spark-told" aria-hidden="true">([^<]+)<', page)
    assert sorted(told) == [
        "Jan 2024 to Sep 2025; no target",
        "Jan 2024 to Sep 2025; target 45.0\u202f%",
        "Jan 2024 to Sep 2025; target 999.0",
    ]
    # The words of the picture say the same, to who cannot see it.
    assert page.count("marked as concern; Jan 2024 to Sep 2025; target 45.0\u202f%") == 1
    # A target far from the values is said and not drawn.
    assert page.count('class="spark-target"') == 1
