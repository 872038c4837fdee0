"""A name that stands over two columns: a mapping that names it is refused, and a plan says which of them is read."""

import pytest

from metrics.models import Observation
from metrics.workflow import uploads
from teams.refusals import Refused
from tests.importing.test_doors import MAPPING

pytestmark = pytest.mark.django_db

FILE = "day,team,Handled,good,Handled\n2024-01-01,Alder Team North,10,8,20\n2024-01-02,Alder Team North,10,8,20\n"


def mapped(desk, column):
    """The mapping of ``test_doors``, with another name where it counts what was handled."""
    upload = desk.bring(FILE)
    keys = [one["key"] for one in upload.facts["sniffed"]["columns"]]
    metric = {"name": "Handled", "kind": "count", "value": {"plus": [column]}}
    mapping = {
        **MAPPING,
        "date": "day",
        "unit_column": "team",
        "metrics": [metric],
        "date_order": "ymd",
        "period": "day",
    }
    return upload, mapping, keys


def test_a_header_over_two_columns_is_refused_with_both_named(desk):
    upload, mapping, _keys = mapped(desk, "Handled")

    with pytest.raises(Refused) as refused:
        uploads.map(desk.person, upload, mapping)

    assert refused.value.code == "repeated_header"
    assert str(refused.value.message) == (
        "“Handled” stands over more than one column (C, E). Say which is meant: “handled”, “handled (2)”."
    )


@pytest.mark.parametrize(
    ("key", "value", "read", "not_read"), [("handled", 10, "C", "E"), ("handled (2)", 20, "E", "C")]
)
def test_a_key_says_which_and_the_plan_tells_it(desk, client_of, key, value, read, not_read):
    upload, mapping, keys = mapped(desk, key)
    assert keys == ["day", "team", "handled", "good", "handled (2)"]

    upload = desk.map(upload, mapping)

    page = client_of(desk.person).get(f"/imports/{upload.pk}").content.decode()
    assert f"“Handled” stands over more than one column: {read} is read, {not_read} not." in page
    desk.commit(upload)
    assert set(Observation.objects.filter(upload=upload).values_list("numerator", flat=True)) == {value}


def test_a_name_that_stands_once_is_not_spoken_of(desk):
    upload, mapping, _keys = mapped(desk, "good")

    assert desk.map(upload, mapping).plan["repeated"] == []
