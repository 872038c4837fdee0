"""The metric page: chart, table and export are one stored computation."""

import csv
import datetime as dt
import io
import json
import re

import openpyxl
import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from metrics import analysing
from metrics.models import Observation, Rebase, Signal
from metrics.queries.analyses import analysis_of, rows_of
from metrics.wording import figure
from metrics.workflow import inquiries, marks, targets
from tests.metrics import making, restoring

pytestmark = pytest.mark.django_db
HIGH_THEN_LOW = [60, 61, 59, 60, 62, 60, 59, 61, *making.STEADY, 40, 41, 39, 40, 42, 40, 39, 41]


def chart_of(page, name="series-chart"):
    found = re.search(rf'<script id="{name}" type="application/json">(.*?)</script>', page.content.decode(), re.S)
    return restoring.whole(json.loads(found[1]))


def reach(chart):
    """By how much a number on the chart may differ from the stored one: a seventh of a pixel."""
    low, high = chart["layout"]["yaxis"]["range"]
    return (high - low) / 2_000


def trace(chart, name):
    return next(one for one in chart["data"] if one["name"] == name)


def table_of(page):
    """The cells of the table behind the chart, oldest first."""
    body = re.search(r"The table behind the chart.*?<tbody>(.*?)</tbody>", page.content.decode(), re.S)[1]
    rows = [re.findall(r"<t[hd][^>]*>(.*?)</t[hd]>", row, re.S) for row in re.findall(r"<tr>(.*?)</tr>", body, re.S)]
    return [[re.sub(r"<[^>]+>", "", cell).strip() for cell in row] for row in reversed(rows)]


def csv_of(answer):
    return list(csv.reader(io.StringIO(b"".join(answer.streaming_content).decode("utf-8-sig"))))


def with_everything(world):
    """A series with a gap, a target, a rebase and a mark."""
    one = making.series(
        making.metric(world.a.department), world.a.team, [*making.STEADY, None, 40, 41, 39, 40, 42, 40, 39, 41]
    )
    targets.set_target(world.a.supervisor, one.metric, world.a.department, 45, dt.date(2024, 6, 1), "Plan")
    marks.note(world.a.supervisor, one, dt.date(2025, 2, 3), "New <b>rota</b>")
    Rebase.objects.create(
        series=one,
        day=dt.date(2024, 7, 1),
        reason="Moved",
        person=world.a.supervisor,
        at=one.metric.definitions.get().at,
    )
    analysing.analyse_series([one.pk])
    return one


def test_chart_table_and_export_show_the_same_stored_analysis(world, client_of):
    one = with_everything(world)
    client = client_of(world.a.supervisor)
    page = client.get(f"/series/{one.pk}")

    stored = rows_of(analysis_of(one))
    chart = chart_of(page)
    exported = csv_of(client.get(f"/series/{one.pk}", {"export": "csv"}))
    told = [dict(zip(exported[0], row, strict=True)) for row in exported[1:]]
    shown = table_of(page)

    assert len(stored) == len(told) == len(shown) == 21
    assert [row.value for row in stored] == [float(row["value"]) for row in told]
    assert trace(chart, "points")["y"] == pytest.approx([row.value for row in stored], abs=reach(chart))
    assert trace(page.context["chart"], "points")["y"] == [row.value for row in stored]
    days = [dt.date.fromordinal(row.day).isoformat() for row in stored]
    assert trace(chart, "points")["x"] == days == [row["period begins"] for row in told]
    for name, title in (
        ("mean", "mean"),
        ("lower", "lower limit"),
        ("upper", "upper limit"),
        ("target", "target then"),
    ):
        drawn = [value for value in trace(chart, name)["y"] if value is not None]
        kept = [getattr(row, name) for row in stored if getattr(row, name) is not None]
        assert [value for value in trace(page.context["chart"], name)["y"] if value is not None] == kept
        assert drawn == pytest.approx(kept, abs=reach(chart))
        assert kept == [float(row[title]) for row in told if row[title]]
    assert [row[1] for row in shown] == [figure(row.value, 1) for row in stored]
    assert [row[7] for row in shown] == [row["rule"] for row in told]
    assert {"improvement", "concern", "common cause", "too few values"} >= {row["kind of point"] for row in told}


def test_the_workbook_holds_the_same_as_the_csv(world, client_of):
    one = with_everything(world)
    client = client_of(world.a.supervisor)

    book = openpyxl.load_workbook(io.BytesIO(client.get(f"/series/{one.pk}", {"export": "xlsx"}).content))
    rows = [list(row) for row in book.active.iter_rows(values_only=True)]

    text = csv_of(client.get(f"/series/{one.pk}", {"export": "csv"}))
    assert rows[0] == text[0]
    assert [row[1] for row in rows[1:]] == [float(row[1]) for row in text[1:]]


def test_the_line_is_broken_where_a_period_is_missing(world, client_of):
    one = with_everything(world)

    line = trace(chart_of(client_of(world.a.supervisor).get(f"/series/{one.pk}")), "line")

    assert line["y"].index(None) == 13
    assert line["connectgaps"] is False


def test_marked_points_differ_in_colour_and_shape(world, client_of):
    one = making.falling(world.a.team)

    marker = trace(chart_of(client_of(world.a.supervisor).get(f"/series/{one.pk}")), "points")["marker"]

    assert (marker["color"][-1], marker["symbol"][-1]) == ("var(--cx-concern)", "diamond")
    assert (marker["color"][0], marker["symbol"][0]) != (marker["color"][-1], marker["symbol"][-1])


def test_words_of_people_never_become_markup_in_the_chart(world, client_of):
    one = with_everything(world)

    chart = chart_of(client_of(world.a.supervisor).get(f"/series/{one.pk}"))

    labels = [note["text"] for note in chart["layout"]["annotations"]]
    assert "New &lt;b&gt;rota&lt;/b&gt;" in labels


def test_nothing_of_a_chart_can_be_sent_away(world, client_of):
    one = making.steady(world.a.team)

    config = chart_of(client_of(world.a.supervisor).get(f"/series/{one.pk}"))["config"]

    assert (config["showSendToCloud"], config["plotlyServerURL"], config["displaylogo"]) == (False, "", False)


def test_a_long_history_is_drawn_at_its_end_and_exported_whole(world, client_of):
    one = making.series(making.metric(world.a.department, period="day"), world.a.team, [])
    first = dt.date(2018, 1, 1).toordinal()
    Observation.objects.bulk_create(
        Observation(series=one, day=first + place, numerator=50 + place % 7) for place in range(2100)
    )
    analysing.analyse_series([one.pk])
    client = client_of(world.a.supervisor)

    page, all_of_it = client.get(f"/series/{one.pk}"), client.get(f"/series/{one.pk}", {"points": "all"})

    assert len(trace(chart_of(page), "points")["y"]) == 260
    assert "The chart leaves out 1840 older points" in page.content.decode()
    assert f'href="/series/{one.pk}?points=all"' in page.content.decode()
    assert trace(chart_of(page), "points")["y"] == trace(chart_of(all_of_it), "points")["y"][-260:]
    assert len(trace(chart_of(all_of_it), "points")["y"]) == 2000
    assert "100 older points are in the export only." in all_of_it.content.decode()
    assert "Signals are told of the latest 260 points" in page.content.decode()
    assert len(csv_of(client.get(f"/series/{one.pk}", {"export": "csv"}))) == 2101


def test_the_table_turns_its_pages_with_the_latest_points_first(world, client_of):
    one = making.series(making.metric(world.a.department), world.a.team, [50 + place % 7 for place in range(120)])
    analysing.analyse_series([one.pk])
    client = client_of(world.a.supervisor)

    pages = [client.get(f"/series/{one.pk}", {"table": number, "second": "on"}) for number in (1, 2, 3)]
    words = [re.search(r"Points \d+ to \d+ of \d+", page.content.decode())[0] for page in pages]

    stored = [figure(row.value, 1) for row in rows_of(analysis_of(one))]
    assert [row[1] for page in reversed(pages) for row in table_of(page)] == stored
    assert words == ["Points 1 to 52 of 120", "Points 53 to 104 of 120", "Points 105 to 120 of 120"]
    assert 'href="?second=on&amp;table=3#points"' in pages[1].content.decode()
    assert '<details class="block on-paper" id="points" open>' in pages[1].content.decode()
    assert '<details class="block on-paper" id="points">' in client.get(f"/series/{one.pk}").content.decode()


@pytest.mark.parametrize("asked", ["0", "-1", "99999999999999999999", "two", "1.5", "\x00"])
def test_a_page_of_the_table_that_is_not_there_is_the_nearest(world, client_of, asked):
    one = making.steady(world.a.team)

    page = client_of(world.a.supervisor).get(f"/series/{one.pk}", {"table": asked})

    assert (page.status_code, len(table_of(page))) == (200, 13)


def test_the_title_is_the_finding_and_the_rules_stand_below(world, client_of):
    one = making.falling(world.a.team, measure="%")

    text = client_of(world.a.supervisor).get(f"/series/{one.pk}").content.decode()

    assert re.search(r"<figcaption[^>]*>Answered in time, Alder Team North, has been below", text)
    assert "XmR chart for single values: limits from the changes between neighbours · shift and trend of 7" in text
    assert "points · limits from all points of a phase" in text
    assert "version 1 of the definition" in text


def test_too_few_points_is_said(world, client_of):
    one = making.series(making.metric(world.a.department), world.a.team, [50, 51, 49])
    analysing.analyse_series([one.pk])

    text = client_of(world.a.supervisor).get(f"/series/{one.pk}").content.decode()

    assert "Only 3 values so far: with 13 the limits can be trusted." in text


def test_a_series_not_analysed_yet_says_so(world, client_of):
    one = making.series(making.metric(world.a.department), world.a.team, [50])

    assert "not analysed yet" in client_of(world.a.supervisor).get(f"/series/{one.pk}").content.decode()


def test_a_point_leads_to_the_rows_behind_it(world, client_of):
    one = making.steady(world.a.team)
    client = client_of(world.a.team_lead)
    address = trace(chart_of(client.get(f"/series/{one.pk}")), "points")["customdata"][0]

    assert address == f"/series/{one.pk}/points/2024-01-01"
    text = client.get(address).content.decode()
    assert "What lies behind January 2024" in text
    assert "stands now" in text
    assert client.get(f"/series/{one.pk}/points/2023-01-01").status_code == 404
    assert client.get(f"/series/{one.pk}/points/nonsense").status_code == 404


def test_a_colleague_sees_the_chart_but_not_the_rows(world, client_of):
    one = making.steady(world.a.team)
    client = client_of(world.a.colleague)

    page = client.get(f"/series/{one.pk}")

    assert page.status_code == 200
    assert set(trace(chart_of(page), "points")["customdata"]) == {""}
    assert client.get(f"/series/{one.pk}/points/2024-01-01").status_code == 403


def test_the_doors_of_a_series(world, client_of):
    one = making.steady(world.a.team)
    pages = ["", "/points/2024-01-01", "/target", "/rebase", "/note", "/values"]
    people = {
        "supervisor": world.a.supervisor,
        "team lead": world.a.team_lead,
        "decision-maker": world.a.decision_maker,
        "colleague": world.a.colleague,
        "administrator": world.a.administrator,
        "lead of another team": world.a.second_team_lead,
        "other organisation": world.b.supervisor,
    }

    told = {
        name: [client_of(person).get(f"/series/{one.pk}{page}").status_code for page in pages]
        for name, person in people.items()
    }

    assert told == {
        "supervisor": [200, 200, 200, 200, 200, 200],
        "team lead": [200, 200, 403, 403, 200, 200],
        "decision-maker": [200, 200, 403, 403, 403, 403],
        "colleague": [200, 403, 403, 403, 403, 403],
        "administrator": [200, 200, 403, 403, 403, 200],
        "lead of another team": [404, 404, 404, 404, 404, 404],
        "other organisation": [404, 404, 404, 404, 404, 404],
    }


def test_the_page_costs_the_same_with_more_signals_and_marks(world, client_of):
    one = making.falling(world.a.team)
    client = client_of(world.a.supervisor)

    def cost():
        client.get(f"/series/{one.pk}")
        with CaptureQueriesContext(connection) as seen:
            client.get(f"/series/{one.pk}")
        return len(seen)

    few = cost()
    now = one.metric.definitions.get().at
    Signal.objects.bulk_create(
        Signal(series=one, rule="outside", direction=1, point_type="improvement", first_day=day, last_day=day, points=1,
               current=False, first_seen_at=now)
        for day in range(738000, 738030)
    )  # fmt: skip
    for day in range(1, 20):
        marks.note(world.a.supervisor, one, dt.date(2024, 3, day), f"Note {day}")

    assert cost() == few
    # No list page: every section may ask once.
    assert few <= 20


def test_a_signal_leads_to_a_review_for_who_may_begin_one(world, client_of):
    one = making.falling(world.a.team)
    signal = Signal.objects.get(series=one, rule="shift", direction=-1)
    link = f"?signal={signal.pk}"

    assert link in client_of(world.a.supervisor).get(f"/signals/{signal.pk}").content.decode()
    assert link not in client_of(world.a.team_lead).get(f"/signals/{signal.pk}").content.decode()
    assert client_of(world.b.supervisor).get(f"/signals/{signal.pk}").status_code == 404


def test_a_signal_is_acknowledged_on_its_page(world, client_of):
    one = making.falling(world.a.team)
    signal = Signal.objects.get(series=one, rule="shift", direction=-1)
    client = client_of(world.a.team_lead)

    assert client.post(f"/signals/{signal.pk}/acknowledge", {"word": " "}).status_code == 422
    assert client.post(f"/signals/{signal.pk}/acknowledge", {"word": "Two people ill"}).status_code == 302

    text = client.get(f"/signals/{signal.pk}").content.decode()
    assert "Two people ill" in text
    assert "acknowledged" in text
    assert client.post(f"/signals/{signal.pk}/acknowledge", {"word": "Again"}).status_code == 422
    assert client.post(f"/signals/{signal.pk}/reopen").status_code == 302


def test_looking_at_the_signals_on_home_is_remembered(world, client_of, clock_at):
    clock_at(dt.date(2026, 1, 5))

    assert client_of(world.a.colleague).post("/signals/seen").status_code == 302

    world.a.colleague.refresh_from_db()
    assert world.a.colleague.signals_seen_at == dt.datetime(2026, 1, 5, 12, tzinfo=dt.UTC)


def test_the_sections_follow_what_is_asked_and_earlier_signals_are_folded(world, client_of):
    one = making.series(making.metric(world.a.team), world.a.team, HIGH_THEN_LOW)
    analysing.analyse_series([one.pk])
    now = one.signals.filter(current=True, gone=False)
    earlier = one.signals.exclude(pk__in=now)
    assert now and earlier

    page = client_of(world.a.supervisor).get(one.get_absolute_url()).content.decode()

    headings = re.findall(r'<h2 id="(\w+)">', page)
    wanted = ["signals", "targets", "closer", "happened", "before_after", "definition"]
    assert [name for name in headings if name in wanted] == wanted
    part = page[page.index('<h2 id="signals">') : page.index('<h2 id="targets">')]
    shown, _summary, folded = part.partition("<details")
    links = [{int(pk) for pk in re.findall(r"/signals/(\d+)", text)} for text in (shown, folded)]
    assert links == [{signal.pk for signal in now}, {signal.pk for signal in earlier}]


def test_a_question_on_a_signal_stands_on_the_page_of_its_metric(world, client_of):
    one = making.falling(world.a.team)
    asked = inquiries.ask(world.a.supervisor, one.signals.first(), "What changed in February?", world.a.team_lead)

    page = client_of(world.a.supervisor).get(one.get_absolute_url()).content.decode()

    assert f'<a href="{asked.get_absolute_url()}">What changed in February?</a>' in page


def test_words_of_a_metric_are_no_markup_on_any_form(world, client_of):
    """Help texts are not escaped by the forms: what people wrote must be before it stands in one."""
    made = making.falling(world.a.team, "In time <i>now</i>", measure="<b>hours</b>")
    signal = made.signals.get(rule="shift", direction=-1)
    client = client_of(world.a.supervisor)
    for address in (
        f"/series/{made.pk}/target",
        f"/series/{made.pk}/target/propose",
        f"/reviews/new?signal={signal.pk}",
    ):
        page = client.get(address).content.decode()
        told = ("&lt;i&gt;now" in page, "<i>now" in page, "<b>hours" in page)
        assert told == (True, False, False), address
