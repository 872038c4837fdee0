"""A file through the pages: dropped, asked about, planned, committed, undone."""

import csv
import datetime as dt
import io

import pytest

from jobs import workflow as jobs
from metrics.models import Metric, Observation, Series, Source, Upload
from metrics.queries.analyses import analysis_of
from teams.models import TrailEntry
from tests.metrics import making
from tests.metrics.bringing import MEASURED, commit, drop, in_time, say, text_file
from tests.metrics.filling import form_of

pytestmark = pytest.mark.django_db


def test_a_file_becomes_a_chart(world, client_of):
    client = client_of(world.a.supervisor)
    upload = drop(client, world.a, MEASURED)

    upload = say(
        client,
        upload,
        date="month",
        period="month",
        unit_column="team",
        **{
            "metric-0-name": "In time",
            "metric-0-value": "C",
            "metric-0-denominator": "D",
            "metric-0-kind": "proportion",
            "metric-0-direction": "1",
        },
    )
    assert upload.state == "planned"
    assert (upload.plan["counts"]["new"], upload.plan["counts"]["rejected"]) == (2, 0)

    assert commit(client, upload).status_code == 302

    assert upload.state == "done"
    metric = Metric.objects.get(name="In time")
    assert (metric.direction, metric.measure) == (1, "%")
    series = Series.objects.get(metric=metric, unit=world.a.team)
    assert (analysis_of(series).latest, analysis_of(series).n) == (85, 2)
    page = client.get(f"/imports/{upload.pk}").content.decode()
    assert "In time" in page


def test_a_known_layout_needs_three_steps(world, client_of):
    """Drop, check, commit: the second file of a source is planned without a question."""
    client = client_of(world.a.supervisor)
    first = drop(client, world.a, MEASURED)
    say(client, first, date="month", period="month", unit_column="team", **in_time())
    commit(client, first)

    second = drop(client, world.a, MEASURED + "2024-03-01,Alder Team North,90,100\n")

    assert second.state == "planned"
    assert {name: second.plan["counts"][name] for name in ("new", "changed", "same")} == {
        "new": 1,
        "changed": 0,
        "same": 2,
    }


def test_the_plan_shows_what_changes_before_and_after(world, client_of):
    client = client_of(world.a.supervisor)
    first = drop(client, world.a, MEASURED)
    say(client, first, date="month", period="month", unit_column="team", **in_time())
    commit(client, first)

    second = drop(client, world.a, MEASURED.replace("85,100", "70,100"))

    page = client.get(f"/imports/{second.pk}").content.decode()
    assert '<td class="number">85\u202f%</td><td class="number">70\u202f%</td>' in page
    page = client.get(f"/imports/{second.pk}/changes/changed").content.decode()
    assert f"What changes with {second.name}" in page and "1 in all · " in page
    listed = client.get(f"/imports/{second.pk}/changes/changed").content.decode()
    assert "1 February 2024" in listed


def test_rejected_rows_are_listed_downloaded_and_left_out_only_when_confirmed(world, client_of):
    client = client_of(world.a.supervisor)
    upload = drop(client, world.a, MEASURED + "2024-02-31,Alder Team North,80,100\n")
    say(client, upload, date="month", period="month", unit_column="team", **in_time())
    assert upload.plan["counts"]["rejected"] == 1

    page = client.get(f"/imports/{upload.pk}").content.decode()
    assert "2024-02-31" in page
    listed = client.get(f"/imports/{upload.pk}/rejected").content.decode()
    assert "2024-02-31" in listed
    file = b"".join(client.get(f"/imports/{upload.pk}/rejected", {"export": "csv"}).streaming_content)
    rows = list(csv.reader(io.StringIO(file.decode("utf-8-sig"))))
    assert rows[0] == ["row", "column", "value", "reason", "month", "team", "answered", "all"]
    assert rows[1][:3] == ["4", "month", "2024-02-31"]
    assert rows[1][4:] == ["2024-02-31", "Alder Team North", "80", "100"]

    refused = commit(client, upload)
    assert (refused.status_code, upload.state) == (422, "planned")
    # Once, in the summary above the form: the form itself does not repeat it.
    assert refused.content.decode().count("Some rows were rejected") == 1
    assert commit(client, upload, accept_valid="on").status_code == 302
    assert (upload.state, Observation.objects.filter(upload=upload).count()) == ("done", 2)


def test_unknown_units_are_matched(world, client_of):
    client = client_of(world.a.supervisor)
    rows = "month,team,answered,all\n2024-01-01,Nord,80,100\n2024-01-01,Elsewhere,1,100\n2024-01-01,New desk,50,100\n"
    upload = drop(client, world.a, rows)
    say(client, upload, date="month", period="month", unit_column="team", **in_time())
    assert [question["code"] for question in upload.questions] == ["units"]

    address = f"/imports/{upload.pk}/names"
    _action, fields = form_of(client.get(address), "units-others")
    names = [line.split(" (")[0] for line in ("Nord (1", "Elsewhere (1", "New desk (1")]
    order = upload.questions[0]["evidence"]
    chosen = {"Nord": str(world.a.team.pk), "Elsewhere": "leave_out", "New desk": "create"}
    answers = {f"units-name-{order.index(name)}": chosen[name] for name in names}
    assert client.post(address, {**fields, **answers}).status_code == 302
    jobs.run_pending()
    upload.refresh_from_db()

    assert (upload.plan["counts"]["new"], upload.plan["counts"]["left_out"]) == (2, 1)
    commit(client, upload)
    measured = Series.objects.filter(metric__name="In time", rolled_up=False).values_list("unit__name", flat=True)
    assert sorted(measured) == ["Alder Team North", "New desk"]


def test_many_unknown_names_are_folded_below_the_choice_for_all(world, client_of):
    client = client_of(world.a.supervisor)
    rows = "".join(f"2024-01-01,Desk {place},80,100\n" for place in range(60))
    upload = drop(client, world.a, "month,team,answered,all\n" + rows)
    say(client, upload, date="month", period="month", unit_column="team", **in_time())

    page = client.get(f"/imports/{upload.pk}/names").content.decode()

    before, folded = page.split("<details><summary>42 more names</summary>")
    assert (before.count("<select"), folded.count("<select")) == (9, 42)
    assert "10 more names are not listed below; this decides about them too." in before


def test_an_import_that_is_done_leads_to_the_board_and_groups_its_thousands(world, client_of):
    client = client_of(world.a.supervisor)
    days = [(dt.date(2020, 1, 1) + dt.timedelta(place)).isoformat() for place in range(1100)]
    rows = "".join(f"{day},Alder Team North,80,100\n" for day in days)
    upload = drop(client, world.a, "day,team,answered,all\n" + rows)
    say(client, upload, date="day", period="day", unit_column="team", **in_time())
    commit(client, upload)

    page = client.get(f"/imports/{upload.pk}").content.decode()

    assert "<dd>1,100 · <a" in page
    assert '<a class="btn btn-primary" href="/signals">See what it shows</a>' in page


def test_names_left_open_are_asked_again(world, client_of):
    client = client_of(world.a.supervisor)
    upload = drop(client, world.a, "month,team,answered,all\n2024-01-01,Nord,80,100\n")
    say(client, upload, date="month", period="month", unit_column="team", **in_time())

    answer = client.post(f"/imports/{upload.pk}/names", {"units-others": "", "units-name-0": ""})

    assert answer.status_code == 422
    assert "Choose for each name" in answer.content.decode()


def test_dates_that_can_be_read_two_ways_are_asked_about_and_never_guessed(world, client_of):
    client = client_of(world.a.supervisor)
    upload = drop(client, world.a, "month,team,answered,all\n01/02/2024,Alder Team North,80,100\n")

    assert "Is the day or the month written first?" in client.get(f"/imports/{upload.pk}").content.decode()
    address = f"/imports/{upload.pk}/map"
    _action, fields = form_of(client.get(address), "date_order")
    assert fields["date_order"] == ""
    given = {**fields, "date": "month", "period": "month", "unit_column": "team", **in_time()}
    assert client.post(address, given).status_code == 422

    client.post(address, {**given, "date_order": "dmy"})
    jobs.run_pending()
    upload.refresh_from_db()

    assert upload.plan["days"] == [dt.date(2024, 2, 1).toordinal()] * 2


def test_the_template_of_a_metric_asks_for_nothing_but_the_period(world, client_of):
    client = client_of(world.a.supervisor)
    metric = making.metric(world.a.department, kind="rate", period="day", numerator="answered", denominator="all")
    template = b"".join(client.get(f"/metrics/{metric.pk}/template").streaming_content).decode("utf-8-sig")

    upload = drop(client, world.a, template)
    assert [question["code"] for question in upload.questions] == ["period"]
    say(client, upload, period="day")

    assert (upload.state, upload.plan["counts"]["new"], upload.plan["made"]) == ("planned", 1, {"series": 1})


def test_a_letter_that_is_no_column_is_pointed_out(world, client_of):
    client = client_of(world.a.supervisor)
    upload = drop(client, world.a, MEASURED)
    address = f"/imports/{upload.pk}/map"
    _action, fields = form_of(client.get(address), "date_order")

    answer = client.post(address, {**fields, "date": "month", "metric-0-name": "In time", "metric-0-value": "C − X"})

    assert answer.status_code == 422
    assert "There is no column X in this file." in answer.content.decode()


def test_an_import_is_undone(world, client_of):
    client = client_of(world.a.supervisor)
    upload = drop(client, world.a, MEASURED)
    say(client, upload, date="month", period="month", unit_column="team", **in_time())
    commit(client, upload)

    assert client.post(f"/imports/{upload.pk}/undo").status_code == 302
    jobs.run_pending()

    upload.refresh_from_db()
    assert upload.state == "undone"
    assert not Observation.objects.exists()
    series = Series.objects.get(metric__name="In time", unit=world.a.team)
    assert analysis_of(series).n == 0
    assert "Taken back on" in client.get(f"/imports/{upload.pk}").content.decode()


def test_an_import_is_cancelled(world, client_of):
    client = client_of(world.a.supervisor)
    upload = drop(client, world.a, MEASURED)

    assert client.post(f"/imports/{upload.pk}/cancel").status_code == 302

    upload.refresh_from_db()
    assert upload.state == "cancelled"
    assert client.post(f"/imports/{upload.pk}/cancel").status_code == 422
    assert "Cancelled before anything was stored." in client.get(f"/imports/{upload.pk}").content.decode()


def test_a_file_that_cannot_be_read_is_refused_with_words(world, client_of):
    client = client_of(world.a.supervisor)
    upload = drop(client, world.a, "month,team,answered,all\n")

    page = client.get(f"/imports/{upload.pk}").content.decode()

    assert upload.state == "refused"
    assert "There is only a header row, no data." in page


def test_an_empty_file_is_answered_at_the_form(world, client_of):
    client = client_of(world.a.supervisor)

    answer = client.post("/imports/new", {"file": text_file(""), "new_source": "Desk", "unit": world.a.department.pk})

    assert answer.status_code == 422
    assert not Upload.objects.exists()


def test_a_new_source_needs_a_name(world, client_of):
    client = client_of(world.a.supervisor)

    answer = client.post("/imports/new", {"file": text_file(MEASURED), "unit": world.a.department.pk})

    assert answer.status_code == 422
    assert "Choose a source, or give the new one a name." in answer.content.decode()


def test_a_file_that_is_refused_leaves_no_source_behind(world, client_of):
    """Otherwise the second attempt would be told that the name is taken."""
    client = client_of(world.a.supervisor)
    given = {"new_source": "Desk", "unit": world.a.department.pk}

    refused = client.post("/imports/new", {**given, "file": text_file(MEASURED), "known_at": "2999-01-01"})
    assert (refused.status_code, Source.objects.count()) == (422, 0)

    entries = TrailEntry.objects.count()
    assert client.post("/imports/new", {**given, "file": text_file(MEASURED)}).status_code == 302
    assert (Source.objects.get().name, TrailEntry.objects.count() - entries) == ("Desk", 1)


def test_new_metrics_are_told_which_way_is_better(world, client_of):
    client = client_of(world.a.supervisor)
    upload = drop(client, world.a, MEASURED)
    say(client, upload, date="month", period="month", unit_column="team", **in_time(), **{"metric-0-direction": "0"})

    answer = client.post(f"/imports/{upload.pk}/metrics", {"metric-0": "-1"})
    assert answer.status_code == 302
    jobs.run_pending()
    upload.refresh_from_db()
    commit(client, upload)

    assert Metric.objects.get(name="In time").direction == -1


def test_cases_are_mapped(world, client_of):
    client = client_of(world.a.supervisor)
    rows = "ticket,made,done\n" + "".join(f"T{n},2024-01-{n:02} 08:00,2024-01-{n:02} 10:00\n" for n in range(1, 21))
    upload = drop(client, world.a, rows)
    say(client, upload, shape="cases", id="ticket", opened="made", resolved="done", zone="UTC")
    plan = client.get(f"/imports/{upload.pk}").content.decode()
    assert "The metrics of this source are made and computed from its cases" in plan
    assert (upload.state, upload.plan["counts"]["new"]) == ("planned", 20)

    commit(client, upload)

    assert upload.state == "done"
    assert Metric.objects.filter(source=upload.source).exists()


def test_the_doors_of_an_import(world, client_of):
    upload = drop(client_of(world.a.supervisor), world.a, MEASURED)
    address = f"/imports/{upload.pk}"

    told = {
        name: client_of(person).get(address).status_code
        for name, person in {
            "supervisor": world.a.supervisor,
            "team lead": world.a.team_lead,
            "colleague": world.a.colleague,
            "other organisation": world.b.supervisor,
        }.items()
    }

    assert told == {"supervisor": 200, "team lead": 404, "colleague": 404, "other organisation": 404}
    assert client_of(world.b.supervisor).post(f"{address}/cancel").status_code == 404
    assert client_of(world.a.decision_maker).post(f"{address}/cancel").status_code == 403
    upload.refresh_from_db()
    assert upload.state == "received"


def test_the_history_of_imports_lists_and_exports(world, client_of):
    client = client_of(world.a.supervisor)
    drop(client, world.a, MEASURED)

    page = client.get("/imports").content.decode()
    file = b"".join(client.get("/imports", {"export": "csv"}).streaming_content).decode()

    assert "figures.csv" in page
    assert file.splitlines()[1].startswith("figures.csv,received,Desk,Alder Customer Service,Amara Alder,")


def test_a_plan_that_another_window_has_changed_is_refused_in_words(world, client_of):
    client = client_of(world.a.supervisor)
    upload = drop(client, world.a, MEASURED)
    answer = client.post(f"/imports/{upload.pk}/commit", {"seen": "0" * 64})
    assert answer.status_code == 422
    assert "There is no plan of this import to take over" in answer.content.decode()


def test_a_cancelled_import_says_what_it_would_have_done(world, client_of):
    """Nothing of it was stored: it did nothing, and there are no rows left to be shown."""
    client = client_of(world.a.supervisor)
    upload = drop(client, world.a, MEASURED)
    say(client, upload, date="month", period="month", unit_column="team", **in_time())
    assert "/changes/new" in client.get(f"/imports/{upload.pk}").content.decode()
    client.post(f"/imports/{upload.pk}/cancel")
    page = client.get(f"/imports/{upload.pk}").content.decode()
    assert "What it would have done" in page and "What it did" not in page
    assert "Effects" not in page and "/changes/" not in page
