"""Metrics and sources by hand: made, edited by two at once, defined anew, archived; found by words and in threads."""

import json
from importlib import import_module

import pytest

from jobs import workflow as jobs
from metrics import queries, wording
from metrics.models import Definition, Mark, Metric, Signal, Source
from metrics.queries.analyses import analysis_of
from metrics.workflow import metrics, sources
from teams.models import Draft, TrailEntry
from teams.refusals import Conflict, Refused
from tests.metrics import making
from tests.metrics.filling import form_of

pytestmark = pytest.mark.django_db

NEW = {
    "name": "Kind answers",
    "code": "kind-answers",
    "direction": "1",
    "kind": "score",
    "period": "month",
    "scale": "1",
    "definition": "Read from twenty replies.",
}


def test_a_metric_is_made_with_its_definition(world, client_of):
    answer = client_of(world.a.supervisor).post("/metrics/new", {**NEW, "unit": world.a.department.pk})

    made = Metric.objects.get(name="Kind answers")
    assert answer.url == f"/metrics/{made.pk}"
    assert [(one.number, one.text) for one in made.definitions.all()] == [(1, "Read from twenty replies.")]


def test_a_code_that_is_taken_is_pointed_out(world, client_of):
    client = client_of(world.a.supervisor)
    client.post("/metrics/new", {**NEW, "unit": world.a.department.pk})

    answer = client.post("/metrics/new", {**NEW, "unit": world.a.department.pk, "name": "Other"})

    assert answer.status_code == 422
    assert Metric.objects.count() == 1


def test_two_people_edit_different_fields_of_a_metric(world, client_of):
    one = making.metric(world.a.department)
    first, second = client_of(world.a.supervisor), client_of(world.a.second_supervisor)
    _action, seen_by_first = form_of(first.get(f"/metrics/{one.pk}/edit"), "version")
    _action, seen_by_second = form_of(second.get(f"/metrics/{one.pk}/edit"), "version")

    assert first.post(f"/metrics/{one.pk}/edit", {**seen_by_first, "name": "New name"}).status_code == 302
    assert second.post(f"/metrics/{one.pk}/edit", {**seen_by_second, "measure": "points"}).status_code == 302

    one.refresh_from_db()
    assert (one.name, one.measure, one.version) == ("New name", "points", 3)


def test_two_people_edit_the_same_words_and_nobodys_are_lost(world, client_of):
    one = making.metric(world.a.department)
    first, second = client_of(world.a.supervisor), client_of(world.a.second_supervisor)
    _action, seen = form_of(second.get(f"/metrics/{one.pk}/edit"), "version")
    first.post(f"/metrics/{one.pk}/edit", {**seen, "name": "The first name"})

    answer = second.post(f"/metrics/{one.pk}/edit", {**seen, "name": "The second name"})

    assert answer.status_code == 409
    assert "The first name" in answer.content.decode()
    assert "The second name" in answer.content.decode()
    one.refresh_from_db()
    assert one.name == "The first name"
    assert Draft.objects.get().words == {"name": "The second name"}


def test_another_chart_is_chosen_with_a_reason(world, client_of):
    one = making.series(making.metric(world.a.department, kind="duration"), world.a.team, [3, 5, 4, 9, 4])
    client = client_of(world.a.supervisor)

    answer = client.post(f"/metrics/{one.metric_id}/chart", {"chart": "xmr", "reason": "As the contract has it."})
    jobs.run_pending()

    assert answer.url == f"/metrics/{one.metric_id}"
    stored = analysis_of(one)
    assert (stored.settings["chart"], stored.settings["chart_asked"]) == ("xmr", "xmr")
    assert wording.chart_line(stored).startswith("XmR chart, chosen by a person: ")
    last = one.metric.definitions.first()
    assert (last.number, last.text, last.reason) == (2, "What Answered in time is.", "As the contract has it.")
    assert one.marks.get().label == "Chart: XmR chart of the values"
    entry = TrailEntry.objects.get(verb="choose_chart")
    assert (entry.before["chart"], entry.after["chart"]) == ("automatic", "xmr")


@pytest.mark.parametrize(
    ("chart", "reason", "code"), [("automatic", "Why not", "already"), ("t", " ", "no_reason"), ("q", "Why", "unknown")]
)
def test_a_chart_is_not_chosen_without_a_reason_or_for_nothing(world, chart, reason, code):
    with pytest.raises(Refused) as refused:
        metrics.choose_chart(world.a.supervisor, making.metric(world.a.department), chart, reason)

    assert refused.value.code == code


def test_a_changed_direction_turns_the_signals(world):
    one = making.falling(world.a.team)
    metric = owned(world, one)
    assert analysis_of(one).variation == "concern"

    metrics.edit(world.a.supervisor, metric, metric.version, {"direction": 1}, {"direction": -1})
    jobs.run_pending()

    assert analysis_of(one).variation == "improvement"


def test_what_values_rest_on_is_not_changed_under_them(world):
    metric = owned(world, making.steady(world.a.team))

    with pytest.raises(Refused) as refused:
        metrics.edit(world.a.supervisor, metric, metric.version, {"scale": 1.0}, {"scale": 100.0})

    assert (refused.value.code, list(refused.value.fields)) == ("has_data", ["scale"])


def owned(world, one):
    metric = one.metric
    metric.unit = world.a.department
    metric.save()
    return metric


def test_a_conflict_is_raised_by_the_verb_too(world):
    metric = making.metric(world.a.department)
    metrics.edit(world.a.supervisor, metric, 1, {"name": metric.name}, {"name": "One"})

    with pytest.raises(Conflict):
        metrics.edit(world.a.second_supervisor, metric, 1, {"name": metric.name}, {"name": "Two"})


def test_a_new_definition_is_a_version_and_a_mark_on_every_chart(world, client_of):
    one, other = (
        making.steady(world.a.team),
        making.series(making.metric(world.a.department, "Other"), world.a.team, []),
    )
    metric = owned(world, one)
    given = {"text": "Without test calls.", "reason": "They are not ours", "from_day": "2024-06-01", "number": "1"}

    assert client_of(world.a.supervisor).post(f"/metrics/{metric.pk}/define", given).status_code == 302
    jobs.run_pending()

    last = Definition.objects.get(metric=metric, number=2)
    assert (last.text, last.person) == ("Without test calls.", world.a.supervisor)
    assert [(mark.series_id, mark.kind, mark.label) for mark in Mark.objects.all()] == [
        (one.pk, "definition", "Definition 2")
    ]
    assert analysis_of(one).settings["definition"] == 2
    assert other.metric_id != metric.pk
    page = client_of(world.a.colleague).get(f"/metrics/{metric.pk}").content.decode()
    assert page.index("Version 2") < page.index("Version 1")


def test_a_definition_written_over_a_newer_one_is_shown_with_it(world, client_of):
    metric = owned(world, making.steady(world.a.team))
    metrics.define(world.a.second_supervisor, metric, 1, "Theirs.", "Clearer", None)
    client = client_of(world.a.supervisor)

    answer = client.post(f"/metrics/{metric.pk}/define", {"text": "Mine.", "reason": "Shorter", "number": "1"})

    assert answer.status_code == 422
    text = answer.content.decode()
    assert "Theirs." in text
    _action, fields = form_of(answer, "number")
    assert (fields["text"], fields["number"]) == ("Mine.", "2")
    assert client.post(f"/metrics/{metric.pk}/define", fields).status_code == 302


def test_a_metric_is_archived_and_taken_out_again(world, client_of):
    metric = owned(world, making.steady(world.a.team))
    client = client_of(world.a.supervisor)

    client.post(f"/metrics/{metric.pk}/archive")
    assert "Contacts answered" not in client.get("/metrics").content.decode()
    assert "Contacts answered" in client.get("/metrics", {"state": "archived"}).content.decode()
    assert client.post(f"/metrics/{metric.pk}/archive").status_code == 422
    client.post(f"/metrics/{metric.pk}/restore")

    assert "Contacts answered" in client.get("/metrics").content.decode()
    verbs = TrailEntry.objects.order_by("number").values_list("verb", flat=True)
    assert list(verbs) == ["archive_metric", "restore_metric"]


def test_a_source_is_made_renamed_and_archived(world, client_of):
    client = client_of(world.a.team_lead)

    made = client.post("/sources/new", {"name": "Desk", "unit": world.a.team.pk, "zone": "Europe/London"})
    source = Source.objects.get()
    assert made.url == f"/sources/{source.pk}"
    assert client.post(f"/sources/{source.pk}/edit", {"name": "Phones", "zone": "Nowhere"}).status_code == 422
    assert client.post(f"/sources/{source.pk}/edit", {"name": "Phones", "zone": "UTC"}).status_code == 302
    assert client.post(f"/sources/{source.pk}/archive").status_code == 302

    source.refresh_from_db()
    assert (source.name, source.zone, source.archived_at is None) == ("Phones", "UTC", False)
    assert "Phones" not in client.get("/sources").content.decode()


def test_the_search_finds_metrics_by_name_code_and_definition_and_only_ones_own(world):
    making.metric(world.a.department, "First response", code="frt")
    making.metric(world.b.department, "First response", code="frt")
    sources.create(world.a.supervisor, world.a.department, "First desk")

    def found(words):
        return [hit.title for hit in queries.search(world.a.supervisor, words)]

    assert found("first resp") == ["First response"]
    assert found("frt") == ["First response"]
    assert found("what response") == ["First response"]
    assert found("first") == ["First response", "First desk"]
    assert found("birch") == []
    assert [hit.title for hit in queries.search(world.a.colleague, "first")] == ["First response"]


def test_the_thread_of_a_series_leads_to_its_metric_and_its_signals(world):
    one = making.falling(world.a.team)
    shift = Signal.objects.get(series=one, rule="shift", direction=-1)

    links = queries.thread_of(world.a.supervisor, one)

    assert ("from", f"/metrics/{one.metric_id}") in [(link.relation, link.url) for link in links]
    assert ("depends", f"/signals/{shift.pk}") in [(link.relation, link.url) for link in links]
    assert queries.thread_of(world.b.supervisor, one) == []
    assert [link.url for link in queries.thread_of(world.a.supervisor, shift)] == [f"/series/{one.pk}"]


def test_a_thread_that_is_cut_says_so(world, client_of, monkeypatch):
    one = making.falling(world.a.team)
    making.series(one.metric, world.a.department, making.STEADY)
    monkeypatch.setattr(import_module("metrics.queries.search"), "LIMIT", 1)

    links = queries.thread_of(world.a.supervisor, one.metric)

    assert [bool(link.url) for link in links] == [True, False]
    page = client_of(world.a.supervisor).get(f"/thread/metrics.metric/{one.metric_id}").content.decode()
    assert "Only the first 1 are listed here." in page


def test_the_hidden_base_of_a_form_must_be_what_it_was(world, client_of):
    one = making.metric(world.a.department)
    client = client_of(world.a.supervisor)
    _action, fields = form_of(client.get(f"/metrics/{one.pk}/edit"), "version")

    assert json.loads(fields["base"])["name"] == "Answered in time"
    assert client.post(f"/metrics/{one.pk}/edit", {**fields, "base": "[1]"}).status_code == 422
