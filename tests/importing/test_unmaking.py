"""An undo asks first and says what goes; units that the import made go with it where nothing else uses them."""

import datetime as dt

import pytest

from metrics.models import Mark, Metric, Observation, Series, Upload
from metrics.workflow import targets, uploads
from reviews import workflow
from reviews.evidence import POINT
from reviews.models import Evidence
from teams import clock
from teams.models import Role, TrailEntry, Unit
from teams.refusals import Refused
from tests.importing.test_doors import planned
from tests.reviews import making as reviewing

pytestmark = pytest.mark.django_db

CANTEEN = "2024-01-01,Canteen,10,8\n2024-01-01,Alder Team North,10,9\n"


def made(desk, text=CANTEEN):
    return desk.commit(planned(desk, text, other_units="create"))


def canteen():
    return Unit.objects.filter(name="Canteen").first()


def test_a_unit_that_only_this_import_used_goes_with_it(desk):
    upload = made(desk)
    assert Series.objects.filter(unit=canteen()).count() == 2

    upload = desk.undo(upload)

    assert (canteen(), upload.plan["units_removed"]) == (None, ["Canteen"])
    assert not Observation.objects.exists()
    entry = TrailEntry.objects.get(verb="remove_made")
    assert (entry.person, entry.before) == (None, {"units": ["Canteen"]})
    # The same file can be taken over once more.
    assert made(desk).state == "done"
    assert canteen() is not None


def role(desk, unit):
    Role.objects.create(person=desk.person, unit=unit, name=Role.Name.SUPERVISOR)


def mark(desk, unit):
    Mark.objects.create(
        series=Series.objects.filter(unit=unit).first(),
        kind="note",
        day=dt.date(2024, 1, 1),
        label="Opened",
        person=desk.person,
        at=clock.now(),
    )


def target(desk, unit):
    metric = Metric.objects.filter(series__unit=unit).first()
    targets.set_target(desk.person, metric, unit, 90, dt.date(2024, 1, 1), "Plan")


def below(desk, unit):
    Unit.objects.create(name="Kitchen", kind="team", parent=unit, path=f"{unit.path}999/")


def another_file(desk, unit):
    desk.commit(planned(desk, "2024-02-01,Canteen,10,8\n"))


def a_plan(desk, unit):
    planned(desk, "2024-01-01,Canteen,10,7\n", units={"Canteen": unit.pk})


@pytest.mark.parametrize("use", [role, mark, target, below, another_file, a_plan])
def test_a_unit_that_something_else_uses_stays(desk, use):
    upload = made(desk)
    use(desk, canteen())

    upload = desk.undo(upload)

    assert (canteen() is not None, upload.plan["units_removed"]) == (True, [])


def test_a_unit_of_whose_figures_evidence_speaks_stays(desk, world):
    """Evidence names its point by words, no foreign key: the keeper of reviews tells of it."""
    upload = made(desk)
    review = reviewing.under_way(world.a, world.a.team)
    words = {"title": "Few meals", "condition": "Two of ten.", "effect": "", "cause": ""}
    finding = workflow.write_finding(world.a.supervisor, review, words)
    point = f"{Series.objects.filter(unit=canteen()).first().pk}:{dt.date(2024, 1, 1).toordinal()}"
    Evidence.objects.create(
        review=review, kind=POINT, thing_id=point, finding=finding, person=desk.person, at=clock.now()
    )

    assert desk.undo(upload).plan["units_removed"] == []


def test_the_page_of_another_undone_import_of_a_removed_unit_still_answers(desk, world, client_of):
    first = made(desk)
    second = desk.commit(planned(desk, "2024-02-01,Canteen,10,8\n"))
    desk.undo(second)
    desk.undo(first)

    assert canteen() is None
    client = client_of(world.a.supervisor)
    for upload in (first, second):
        for address in (f"/imports/{upload.pk}", f"/imports/{upload.pk}/changes/new"):
            assert client.get(address).status_code == 200
    assert (
        "With it went what it had made and nothing else used: Canteen."
        in client.get(f"/imports/{first.pk}").content.decode()
    )


def test_a_plan_made_for_a_unit_that_went_meanwhile_is_made_anew(desk):
    upload = made(desk)
    waiting = planned(desk, "2024-02-01,Canteen,10,8\n")
    Upload.objects.filter(pk=waiting.pk).update(state="cancelled")
    desk.undo(upload)
    Upload.objects.filter(pk=waiting.pk).update(state="planned")

    with pytest.raises(Refused) as refused:
        uploads.commit(desk.person, Upload.objects.get(pk=waiting.pk))

    assert refused.value.code == "stale"


def test_an_undo_asks_first_and_says_what_goes_and_what_stays(desk, world, client_of):
    upload = made(desk)
    client = client_of(world.a.supervisor)
    assert f'href="/imports/{upload.pk}/undo"' in client.get(f"/imports/{upload.pk}").content.decode()

    page = client.get(f"/imports/{upload.pk}/undo").content.decode()

    assert "4 values that it brought, unless another import says them too" in page
    assert "that it changed return" not in page
    assert "Units that it made, where nothing else uses them: Canteen" in page
    assert "4 series are computed again" in page
    assert "Metrics that it made, with their definition:" in page
    assert Upload.objects.get(pk=upload.pk).state == "done"
    assert client.post(f"/imports/{upload.pk}/undo").status_code == 302
    answer = client.get(f"/imports/{upload.pk}/undo")
    assert answer.status_code == 422 and "This cannot be done now" in answer.content.decode()
