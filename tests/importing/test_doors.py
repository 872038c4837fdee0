"""Whose files, whose units: rows outside the uploader's units are rejected, other organisations do not exist."""

import datetime as dt

import pytest
from django.core.exceptions import PermissionDenied
from django.core.files.base import ContentFile

from metrics.models import Metric, Observation, Source, Upload
from metrics.queries import uploads as questions
from metrics.workflow import sources, uploads
from metrics.workflow.typed_values import Typed
from teams.models import TrailEntry, Unit
from teams.refusals import Refused
from tests.importing.conftest import Desk
from tests.importing.test_order import MAPPING

pytestmark = pytest.mark.django_db
HEAD = "day,team,calls,answered\n"


def planned(desk, text, **choices):
    upload = desk.bring(HEAD + text)
    return desk.map(upload, MAPPING, choices=choices or None)


def test_rows_of_a_unit_beside_ones_own_are_rejected(world, desk):
    asel = Desk(world.a.team_lead, world.a.team)
    upload = planned(asel, "2024-01-01,Alder Team North,10,8\n2024-01-01,Alder Team South,10,8\n")
    assert upload.plan["counts"]["rejected"] == 1
    (row,) = questions.rejected(upload)
    assert (row.row, row.problems[0]["code"], row.problems[0]["value"]) == (3, "unit_outside", "Alder Team South")
    with pytest.raises(Refused) as refused:
        asel.commit(upload)
    assert refused.value.code == "rejected_rows"
    asel.commit(upload, accept_valid=True)
    assert {one.series.unit for one in Observation.objects.select_related("series__unit")} == {world.a.team}


def test_a_unit_of_another_organisation_is_as_unknown_as_any_word(world, desk):
    theirs = planned(desk, "2024-01-01,Birch Team North,10,8\n")
    nobodys = planned(desk, "2024-01-01,Nobody knows,10,8\n")
    shapes = [
        [(one["code"], one["choices"], one["why"]["names"]) for one in upload.questions] for upload in (theirs, nobodys)
    ]
    assert shapes[0] == shapes[1] == [("units", ["create", "leave_out"], 1)]


def test_a_choice_cannot_point_out_of_ones_units(world, desk):
    upload = planned(desk, "2024-01-01,North,10,8\n", units={"North": world.b.team.pk})
    assert upload.plan["reasons"] == {"unit_outside": 1}
    assert upload.plan["counts"]["new"] == 0


def test_a_name_may_be_matched_by_hand(world, desk):
    upload = planned(desk, "2024-01-01,North,10,8\n", units={"North": world.a.team.pk})
    desk.commit(upload)
    assert Observation.objects.filter(series__unit=world.a.team).count() == 2


def test_names_left_out_are_counted(desk):
    upload = planned(desk, "2024-01-01,Alder Team North,10,8\n2024-01-01,Canteen,10,8\n", other_units="leave_out")
    assert upload.plan["counts"]["left_out"] == 2
    desk.commit(upload)
    assert not Unit.objects.filter(name="Canteen").exists()


def test_a_unit_is_made_below_the_upload_s_own(world, desk):
    desk.commit(planned(desk, "2024-01-01,Canteen,10,8\n", units={"Canteen": "create"}))
    made = Unit.objects.get(name="Canteen")
    assert (made.parent, made.kind, made.path) == (world.a.department, "team", f"{world.a.department.path}{made.pk}/")


def test_nothing_is_made_by_a_plan(desk):
    upload = planned(desk, "2024-01-01,Canteen,10,8\n", other_units="create")
    assert upload.plan["made"] == {"units": 1, "metrics": 2, "series": 2}
    assert (Unit.objects.filter(name="Canteen").count(), Metric.objects.count()) == (0, 0)


@pytest.mark.parametrize("somebody", ["colleague", "decision_maker"])
def test_who_may_not_import_is_refused(world, desk, somebody):
    person, source = getattr(world.a, somebody), desk.source()
    with pytest.raises(PermissionDenied):
        uploads.receive(person, source, world.a.department, ContentFile(b"a,b\n1,2\n", "a.csv"))
    assert (Upload.objects.count(), TrailEntry.objects.filter(verb="receive").count()) == (0, 0)


def test_nobody_imports_into_another_organisation(world, desk):
    upload = planned(desk, "2024-01-01,Alder Team North,10,8\n")
    boris = world.b.supervisor
    for verb in (uploads.commit, uploads.cancel):
        with pytest.raises(PermissionDenied):
            verb(boris, upload)
    with pytest.raises(PermissionDenied):
        uploads.map(boris, upload, MAPPING)
    with pytest.raises(PermissionDenied):
        uploads.receive(boris, desk.source(), world.b.department, ContentFile(b"a,b\n1,2\n", "a.csv"))
    upload = desk.commit(upload)
    with pytest.raises(PermissionDenied):
        uploads.undo(boris, upload)


def test_a_source_serves_its_own_units_only(world, desk):
    own = sources.create(world.a.team_lead, world.a.team, "North only")
    with pytest.raises(Refused) as refused:
        uploads.receive(world.a.supervisor, own, world.a.department, ContentFile(b"a,b\n1,2\n", "a.csv"))
    assert refused.value.code == "outside_source"


def test_two_sources_of_one_name_in_one_unit_are_refused(world, desk):
    desk.source("Phone")
    with pytest.raises(Refused) as refused:
        sources.create(world.a.supervisor, world.a.department, "Phone")
    assert refused.value.code == "name_taken"
    assert Source.objects.filter(name="Phone").count() == 1


def test_typed_values_stay_in_their_unit(world, desk):
    desk.commit(planned(desk, "2024-01-01,Alder Team North,10,8\n"))
    metric = Metric.objects.get(code="calls")
    with pytest.raises(Refused) as refused:
        uploads.typed(world.a.supervisor, world.a.department, [Typed(metric, world.b.team, dt.date(2024, 1, 2), 5)])
    assert list(refused.value.fields) == ["0-unit"]


def test_typed_values_are_an_upload_like_any_other(world, desk):
    desk.commit(planned(desk, "2024-01-01,Alder Team North,10,8\n"))
    metric = Metric.objects.get(code="calls")
    values = [Typed(metric, world.a.team, dt.date(2024, 1, day), 5.0 + day) for day in (1, 2)]
    upload = desk.work(uploads.typed(world.a.supervisor, world.a.department, values))
    assert (upload.state, upload.plan["counts"]["new"], upload.plan["counts"]["changed"]) == ("done", 1, 1)
    rows = Observation.objects.filter(series__metric=metric, series__unit=world.a.team).order_by("day")
    assert [row.numerator for row in rows] == [6, 7]
    summed = Observation.objects.filter(series__metric=metric, series__unit=world.a.department).order_by("day")
    assert [(row.numerator, row.parts) for row in summed] == [(6, 1), (7, 1)]
    desk.undo(upload)
    assert [row.numerator for row in rows.all()] == [10]


def test_rows_of_a_unit_in_the_archive_are_rejected(world, desk):
    Unit.objects.filter(pk=world.a.team.pk).update(archived_at="2024-01-01T00:00:00Z")
    upload = planned(desk, "2024-01-01,Alder Team North,10,8\n", other_units="create")
    assert upload.plan["reasons"] == {"unit_archived": 1}


def test_names_that_differ_in_case_and_blanks_are_one(desk):
    text = "2024-01-01,Canteen,10,8\n2024-01-02, canteen ,11,8\n2024-01-03,CANTEEN,12,8\n"
    upload = desk.commit(planned(desk, text, other_units="create"))
    assert upload.plan["made"]["units"] == 1
    assert Unit.objects.filter(name__iexact="canteen").count() == 1


def test_a_code_that_is_taken_in_the_archive_gets_a_number(desk):
    desk.commit(planned(desk, "2024-01-01,Alder Team North,10,8\n"))
    Metric.objects.filter(code="calls").update(archived_at="2024-01-01T00:00:00Z")
    desk.commit(planned(desk, "2024-01-02,Alder Team North,10,8\n"))
    assert set(Metric.objects.values_list("code", flat=True)) == {"answered", "calls", "calls-2"}
