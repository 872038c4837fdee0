"""Months as columns through the product: recognised, asked, planned, remembered; by page and by command."""

import pytest
from django.urls import reverse

from metrics.models import Observation, Source
from tests.importing.test_import_file import alder, run  # noqa: F401

pytestmark = pytest.mark.django_db
WIDE = "team,Jan-24,Feb-24,Mar-24\nAlder Team North,10,11,12\nAlder Team South,20,,22\n"
NEXT = "team,Feb-24,Mar-24,Apr-24\nAlder Team North,11,12,13\nAlder Team South,,22,23\n"


def values(**chosen):
    return sorted(Observation.objects.filter(upload__isnull=False, **chosen).values_list("numerator", flat=True))


def test_the_page_shows_the_cells_asks_what_they_are_and_remembers(client, desk):
    upload = desk.bring(WIDE)
    assert [one["code"] for one in upload.questions if one["required"]] == ["wide"]
    client.force_login(desk.person)
    page = client.get(reverse("map-import", args=[upload.pk]))
    assert page.context["long"].rows[:2] == [["Alder Team North", "Jan-24", "10"], ["Alder Team North", "Feb-24", "11"]]
    form = {"shape": "wide", "headings": "date", "date_order": "ymd", "period": "month", "unit_column": "team"}
    form |= {"measure": "number", "kind": "count", "direction": "0", "decimal": ".", "zone": "UTC"}
    assert client.post(reverse("map-import", args=[upload.pk]), form).status_code == 422
    client.post(reverse("map-import", args=[upload.pk]), form | {"name": "Calls"})
    upload = desk.work(upload)
    assert (upload.state, upload.plan["counts"]["new"], upload.plan["counts"]["without_values"]) == ("planned", 5, 1)
    desk.commit(upload)
    assert values() == [10, 11, 12, 20, 22]
    later = desk.bring(NEXT)
    assert (later.state, later.plan["counts"]["new"], later.plan["counts"]["same"]) == ("planned", 2, 3)


def test_a_table_of_units_is_mapped_by_the_page(client, desk):
    upload = desk.bring("month,Alder Team North,Alder Team South\n2024-01-01,1,2\n2024-02-01,3,4\n")
    client.force_login(desk.person)
    page = client.get(reverse("map-import", args=[upload.pk]), {"shape": "wide"})
    assert page.context["long"].rows[0] == ["2024-01-01", "Alder Team North", "1"]
    form = {"shape": "wide", "headings": "unit_column", "date": "month", "date_order": "ymd", "period": "month"}
    form |= {"name": "Calls", "measure": "number", "kind": "count", "direction": "0", "decimal": ".", "zone": "UTC"}
    client.post(reverse("map-import", args=[upload.pk]), form)
    desk.commit(desk.work(upload))
    assert (values(series__unit__name="Alder Team North"), values()) == ([1, 3], [1, 2, 3, 4])


def test_the_command_asks_and_is_answered(alder, run):  # noqa: F811
    code, told = run(WIDE)
    asked = [(one["code"], one["answer_with"]) for one in told["questions"]]
    assert (code, asked) == (3, [("wide", "metrics")])
    answer = {"metrics": [{"name": "Calls", "kind": "count", "value": {"plus": ["*cells"]}}]}
    code, told = run(WIDE, mapping=answer)
    assert (code, told["counts"]["new"], Source.objects.get().mapping["wide"]) == (0, 5, {"columns": []})
    code, told = run(NEXT)
    assert (code, told["counts"]["new"], told["counts"]["same"]) == (0, 2, 3)
