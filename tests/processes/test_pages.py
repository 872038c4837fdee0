"""Services with their processes and features: made, edited, put in order, put away."""

import pytest

from processes import queries
from processes.models import Channel, Feature, Process, Service, Step
from processes.workflow import offered, steps
from teams.models import TrailEntry
from teams.refusals import Refused
from tests.metrics.filling import form_of

pytestmark = pytest.mark.django_db


def a_service(side, name="Help desk"):
    return offered.create(side.supervisor, Service, side.department, name)


def a_process(side, *names):
    process = offered.create_process(side.supervisor, a_service(side), "From call to answer")
    version = process.versions.get()
    return process, [steps.add_step(side.supervisor, version, {"name": name}) for name in names]


@pytest.mark.parametrize("kind", ["service", "product", "channel"])
def test_what_is_offered_is_made_renamed_and_put_away(world, client_of, kind):
    client = client_of(world.a.supervisor)
    many = f"/{kind}s"

    assert (
        client.post(f"{many}/new", {"name": "Phone", "unit": world.a.department.pk, "code": "tel"}).status_code == 302
    )
    assert "Phone" in client.get(many).content.decode()
    model = {"service": Service, "channel": Channel}.get(kind) or queries.Product
    one = model.objects.get()
    assert client.post(f"{many}/{one.pk}/edit", {"name": "Calls", "code": ""}).status_code == 302
    assert client.post(f"{many}/{one.pk}/archive").status_code == 302

    one.refresh_from_db()
    assert (one.name, one.code) == ("Calls", "")
    assert "Calls" not in client.get(many).content.decode()
    assert "Calls" in client.get(many, {"state": "archived"}).content.decode()
    assert client.post(f"{many}/{one.pk}/archive").status_code == 422


def test_a_name_is_there_once_in_a_unit(world, client_of):
    a_service(world.a)

    answer = client_of(world.a.supervisor).post("/services/new", {"name": "Help desk", "unit": world.a.department.pk})

    assert answer.status_code == 422
    assert "There is one of this name already." in answer.content.decode()


def test_a_colleague_looks_and_does_not_edit(world, client_of):
    service = a_service(world.a)
    client = client_of(world.a.colleague)

    assert client.get(f"/services/{service.pk}").status_code == 200
    assert client.get(f"/services/{service.pk}/edit").status_code == 403
    assert client.post(f"/services/{service.pk}/processes/new", {"name": "P"}).status_code == 403
    assert client_of(world.b.colleague).get(f"/services/{service.pk}").status_code == 404


def test_steps_stand_in_order_and_change_places(world, client_of):
    process, (first, second, third) = a_process(world.a, "Call", "Listen", "Answer")
    client = client_of(world.a.supervisor)

    client.post(f"/process-steps/{third.pk}/earlier")
    client.post(f"/process-steps/{first.pk}/later")

    in_use, _away = queries.steps_of(queries.version_of(process))
    assert [(step.position, step.name) for step in in_use] == [(1, "Answer"), (2, "Call"), (3, "Listen")]
    page = client.get(f"/processes/{process.pk}").content.decode()
    assert page.index("Answer</strong>") < page.index("Call</strong>") < page.index("Listen</strong>")
    assert second.pk == in_use[2].pk


def test_the_first_step_has_nothing_before_it(world):
    _process, (first, _last) = a_process(world.a, "Call", "Answer")

    with pytest.raises(Refused) as refused:
        steps.move_step(world.a.supervisor, first, earlier=True)

    assert refused.value.code == "at_the_end"


def test_two_people_edit_a_step(world, client_of):
    _process, (step,) = a_process(world.a, "Call")
    first, second = client_of(world.a.supervisor), client_of(world.a.second_supervisor)
    address = f"/process-steps/{step.pk}/edit"
    _action, seen = form_of(first.get(address), "version")

    assert first.post(address, {**seen, "minutes": "3"}).status_code == 302
    assert second.post(address, {**seen, "who": "Clerk"}).status_code == 302
    answer = second.post(address, {**seen, "minutes": "5"})

    step.refresh_from_db()
    assert (step.minutes, step.who, answer.status_code) == (3, "Clerk", 409)


def test_a_step_put_away_leaves_the_order_and_returns(world, client_of):
    process, (first, second) = a_process(world.a, "Call", "Answer")
    client = client_of(world.a.supervisor)

    client.post(f"/process-steps/{first.pk}/archive")
    in_use, away = queries.steps_of(queries.version_of(process))
    assert ([step.name for step in in_use], [step.name for step in away]) == (["Answer"], ["Call"])
    client.post(f"/process-steps/{first.pk}/restore")

    assert Step.objects.filter(archived_at=None).count() == 2
    assert second.name == "Answer"


def test_a_process_is_renamed_and_kept_apart_from_its_like(world, client_of):
    process, _steps = a_process(world.a)
    client = client_of(world.a.supervisor)

    assert (
        client.post(f"/services/{process.service_id}/processes/new", {"name": "from CALL to answer"}).status_code == 422
    )
    assert client.post(f"/processes/{process.pk}/rename", {"name": "From letter to answer"}).status_code == 302
    assert Process.objects.get().name == "From letter to answer"


def test_features_are_added_edited_and_put_away(world, client_of):
    service = a_service(world.a)
    client = client_of(world.a.supervisor)

    client.post(f"/services/{service.pk}/features/new", {"name": "Opening hours", "drives": "Evenings count"})
    feature = Feature.objects.get()
    _action, seen = form_of(client.get(f"/features/{feature.pk}/edit"), "version")
    assert client.post(f"/features/{feature.pk}/edit", {**seen, "name": "Hours"}).status_code == 302
    assert client.post(f"/features/{feature.pk}/archive").status_code == 302

    feature.refresh_from_db()
    assert (feature.name, feature.drives, feature.archived_at is None) == ("Hours", "Evenings count", False)
    verbs = list(TrailEntry.objects.order_by("number").values_list("verb", flat=True))
    assert verbs == ["create_service", "add_feature", "edit_feature", "archive_feature"]


def test_threads_and_search_stay_within_the_doors(world):
    process, (step,) = a_process(world.a, "Call")
    a_service(world.b)

    assert [link.url for link in queries.thread_of(world.a.colleague, process.service)] == [f"/processes/{process.pk}"]
    assert [link.url for link in queries.thread_of(world.a.colleague, step)] == [f"/processes/{process.pk}"]
    assert [hit.title for hit in queries.search(world.a.colleague, "help desk")] == ["Help desk"]
    assert queries.thread_of(world.b.colleague, step) == []
