"""Two imports of the same figures: what is merged is what was shown, or nothing; the other is told."""

import datetime as dt

import pytest

from metrics.models import Observation, Series, Upload
from metrics.workflow import uploads
from teams.models import Unit
from teams.refusals import Refused
from tests.importing.tables import values
from tests.importing.test_order import MAPPING

pytestmark = pytest.mark.django_db
HEAD = "day,team,calls,answered\n"
ROW = "2024-01-01,Alder Team North,{},8\n"
FIRST, SECOND = dt.datetime(2024, 2, 1, tzinfo=dt.UTC), dt.datetime(2024, 2, 2, tzinfo=dt.UTC)


def planned(desk, text, known_at=FIRST, **choices):
    upload = desk.bring(HEAD + text, known_at=known_at)
    return desk.map(upload, MAPPING, choices=choices or None) if upload.state == "received" else upload


def test_the_same_import_twice_at_once_is_merged_once(desk):
    one, two = planned(desk, ROW.format(10)), planned(desk, ROW.format(10))
    assert one.plan["counts"]["new"] == two.plan["counts"]["new"] == 2
    desk.commit(one)
    with pytest.raises(Refused) as refused:
        uploads.commit(desk.person, two)
    assert refused.value.code == "stale"
    two = desk.work(two)
    assert (two.state, two.plan["counts"]["new"], two.plan["counts"]["same"]) == ("planned", 0, 2)
    assert desk.commit(two).state == "done"
    assert Observation.objects.filter(upload__isnull=False).count() == 2


def test_while_one_is_merged_the_other_waits(desk):
    one, two = planned(desk, ROW.format(10)), planned(desk, ROW.format(11), SECOND)
    desk.commit(one)
    two = desk.map(two, two.mapping)
    three = planned(desk, ROW.format(12), SECOND)
    uploads.commit(desk.person, two)
    with pytest.raises(Refused) as refused:
        uploads.commit(desk.person, three)
    assert (refused.value.code, Upload.objects.get(pk=three.pk).state) == ("busy", "planned")
    assert desk.work(two).state == "done"
    assert not Series.objects.filter(data_version__gt=0).extra(where=["data_version %% 2 = 1"]).exists()


def test_a_plan_that_was_not_seen_is_not_committed(desk):
    upload = planned(desk, ROW.format(10))
    with pytest.raises(Refused) as refused:
        uploads.commit(desk.person, upload, seen="another plan")
    assert refused.value.code == "stale"
    assert values() == []
    upload = desk.work(upload)
    assert desk.commit(upload, seen=upload.plan["hash"]).state == "done"


def test_a_unit_made_meanwhile_is_noticed(desk):
    upload = planned(desk, "2024-01-01,Canteen,10,8\n", other_units="create")
    made = Unit.objects.create(name="Canteen", kind="team", parent=desk.unit)
    Unit.objects.filter(pk=made.pk).update(path=f"{desk.unit.path}{made.pk}/")
    with pytest.raises(Refused) as refused:
        uploads.commit(desk.person, upload)
    assert refused.value.code == "stale"
    upload = desk.work(upload)
    assert upload.plan["made"] == {"metrics": 2, "series": 2}
    desk.commit(upload)
    assert Unit.objects.filter(name="Canteen").count() == 1


def test_mapping_anew_while_a_plan_is_made_keeps_the_later_mapping(desk):
    upload = desk.bring(HEAD + ROW.format(10))
    uploads.map(desk.person, upload, MAPPING)
    only_calls = {**MAPPING, "metrics": MAPPING["metrics"][1:]}
    uploads.map(desk.person, Upload.objects.get(pk=upload.pk), only_calls)
    upload = desk.work(upload)
    assert upload.plan["counts"]["new"] == 1


def test_a_cancelled_upload_leaves_nothing(desk):
    upload = planned(desk, ROW.format(10))
    upload = desk.work(uploads.cancel(desk.person, upload))
    assert (upload.state, values(), Series.objects.count()) == ("cancelled", [], 0)
    with pytest.raises(Refused) as refused:
        uploads.commit(desk.person, upload)
    assert refused.value.code == "not_now"


def test_there_is_no_cancelling_once_it_is_merged(desk):
    upload = desk.commit(planned(desk, ROW.format(10)))
    with pytest.raises(Refused) as refused:
        uploads.cancel(desk.person, upload)
    assert refused.value.code == "not_now"


def test_an_undo_waits_for_a_merge_of_the_same_figures(desk):
    one = desk.commit(planned(desk, ROW.format(10)))
    two = planned(desk, ROW.format(11), SECOND)
    uploads.commit(desk.person, two)
    with pytest.raises(Refused) as refused:
        uploads.undo(desk.person, one)
    assert refused.value.code == "busy"
    desk.work(two)
    desk.undo(one)
    assert [row[2] for row in values() if row[0][:2] == ["calls", "Alder Team North"]] == [11]
