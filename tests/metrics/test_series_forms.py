"""What people set on the metric page: targets, limits that begin anew, notes and typed values."""

import datetime as dt

import pytest

from jobs import workflow as jobs
from metrics.models import Mark, Rebase, Target
from metrics.queries.analyses import analysis_of, rows_of
from metrics.workflow import marks
from teams.models import TrailEntry
from tests.metrics import making
from tests.metrics.test_series_page import chart_of

pytestmark = pytest.mark.django_db


def test_a_target_is_set_with_a_reason(world, client_of):
    one = making.steady(world.a.team)
    client = client_of(world.a.supervisor)
    given = {"unit": world.a.team.pk, "value": "45", "from_day": "2024-06-01", "reason": "Agreed in May"}
    told = {"source": "Plan 2024", "agreed_with": "Helen Price"}

    # A target without a source, or that nobody else answers for, is a wish.
    for missing in told:
        part = {name: words for name, words in told.items() if name != missing}
        assert client.post(f"/series/{one.pk}/target", {**given, **part}).status_code == 422
    assert not Target.objects.exists()
    assert client.post(f"/series/{one.pk}/target", {**given, **told}).status_code == 302
    jobs.run_pending()

    target = Target.objects.get()
    assert (target.value, target.state, target.person, target.reason) == (
        45,
        "in_force",
        world.a.supervisor,
        "Agreed in May",
    )
    assert TrailEntry.objects.filter(verb="set_target").count() == 1
    assert (target.source, target.agreed_with) == ("Plan 2024", "Helen Price")
    text = client.get(f"/series/{one.pk}").content.decode()
    assert "Agreed in May" in text
    assert "target 45.0" in text


@pytest.mark.parametrize(
    ("page", "given", "words"),
    [
        ("target", {"value": "x", "from_day": "2024-06-01", "reason": "Why"}, "Enter a number."),
        ("target", {"value": "45", "from_day": "2024-06-01", "reason": "  "}, "This field is required."),
        ("rebase", {"day": "2024-13-01", "reason": "Why"}, "Enter a valid date."),
        ("rebase", {"day": "2030-01-01", "reason": "Why"}, "There is no value on or after this day yet."),
        ("note", {"day": "2024-06-01", "label": ""}, "This field is required."),
    ],
)
def test_a_form_that_does_not_pass_is_shown_again(world, client_of, page, given, words):
    one = making.steady(world.a.team)

    rest = {"unit": world.a.team.pk, "source": "Plan", "agreed_with": "Helen"}
    answer = client_of(world.a.supervisor).post(f"/series/{one.pk}/{page}", {**rest, **given})

    assert (answer.status_code, words in answer.content.decode()) == (422, True)


def test_a_target_for_a_unit_out_of_reach_is_no_choice(world, client_of):
    one = making.steady(world.a.team)
    given = {"unit": world.a.organisation.pk, "value": "45", "from_day": "2024-06-01", "reason": "Why"}
    given |= {"source": "Plan", "agreed_with": "Helen"}

    assert client_of(world.a.supervisor).post(f"/series/{one.pk}/target", given).status_code == 422
    assert not Target.objects.exists()


def test_limits_begin_anew_and_the_rebase_is_withdrawn(world, client_of):
    one = making.falling(world.a.team)
    client = client_of(world.a.supervisor)

    assert client.post(f"/series/{one.pk}/rebase", {"day": "2025-02-01", "reason": "Rota"}).status_code == 302
    jobs.run_pending()
    assert "new limits" in [note["text"] for note in chart_of(client.get(f"/series/{one.pk}"))["layout"]["annotations"]]

    assert client.post(f"/rebases/{Rebase.objects.get().pk}/withdraw").status_code == 302
    assert client.post(f"/rebases/{Rebase.objects.get().pk}/withdraw").status_code == 422


def test_a_note_stands_on_the_chart_and_goes(world, client_of):
    one = making.steady(world.a.team)
    client = client_of(world.a.team_lead)

    assert client.post(f"/series/{one.pk}/note", {"day": "2024-03-03", "label": "Phones down"}).status_code == 302
    assert "Phones down" in client.get(f"/series/{one.pk}").content.decode()

    assert client.post(f"/notes/{Mark.objects.get().pk}/remove").status_code == 302
    assert not Mark.objects.exists()
    assert list(TrailEntry.objects.order_by("number").values_list("verb", flat=True)) == ["note", "remove_note"]


def test_a_mark_of_something_else_is_not_removed_by_hand(world, client_of):
    one = making.steady(world.a.team)
    made = marks.mark(None, one, Mark.Kind.ACTION, dt.date(2024, 5, 1), "Action", one.metric)

    assert client_of(world.a.team_lead).post(f"/notes/{made.pk}/remove").status_code == 422
    assert Mark.objects.filter(pk=made.pk).exists()


def test_the_same_thing_marked_again_moves_its_mark(world):
    one = making.steady(world.a.team)
    marks.mark(None, one, Mark.Kind.ACTION, dt.date(2024, 5, 1), "Action", one.metric)
    marks.mark(None, one, Mark.Kind.ACTION, dt.date(2024, 6, 1), "Action", one.metric)

    assert [mark.day for mark in Mark.objects.all()] == [dt.date(2024, 6, 1)]
    assert marks.unmark(one.metric) == 1


def test_values_are_typed_in(world, client_of):
    one = making.steady(world.a.team)
    client = client_of(world.a.team_lead)
    given = {"form-TOTAL_FORMS": "6", "form-INITIAL_FORMS": "0"}
    given |= {
        "form-0-day": "2025-02-11",
        "form-0-numerator": "53",
        "form-2-day": "2025-03-01",
        "form-2-numerator": "54",
    }

    assert client.post(f"/series/{one.pk}/values", given).status_code == 302
    jobs.run_pending()

    values = [row.value for row in rows_of(analysis_of(one))]
    assert values[-2:] == [53, 54]
    history = client.get(f"/series/{one.pk}/points/2025-02-01").content.decode()
    assert "Asel Alder" in history


def test_values_that_are_wrong_are_pointed_out(world, client_of):
    one = making.steady(world.a.team)
    given = {"form-TOTAL_FORMS": "6", "form-INITIAL_FORMS": "0", "form-1-day": "2025-02-11", "form-1-numerator": ""}

    answer = client_of(world.a.team_lead).post(f"/series/{one.pk}/values", given)

    assert answer.status_code == 422
    assert "Nothing was saved yet" in answer.content.decode()
