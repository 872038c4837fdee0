"""manage.py import_file: the whole way in the foreground, JSON on standard output, exit codes 0 to 3."""

import json
from io import StringIO

import pytest
from django.core.management import call_command

from jobs.models import Job
from metrics.models import Analysis, Metric, Observation, Series, Source, Upload
from teams.models import Unit, Workspace

pytestmark = pytest.mark.django_db
CALLS = "date,unit,calls\n2024-01-01,Alder Team North,10\n2024-01-02,Alder Team North,12\n"
MAPPING = {
    "shape": "measured",
    "date": "date",
    "period": "day",
    "unit_column": "unit",
    "metrics": [{"name": "Calls", "kind": "count", "value": {"plus": ["calls"]}}],
}


@pytest.fixture
def alder(world):
    """Alder alone in the workspace, its zone UTC."""
    Workspace.objects.create(pk=1, zone="UTC")
    Unit.objects.filter(path__startswith=world.b.organisation.path).update(archived_at="2024-01-01T00:00:00Z")
    return world.a


@pytest.fixture
def run(tmp_path):
    def run(text, *options, mapping=None, name="calls.csv", source="Desk"):
        file = text if hasattr(text, "read_bytes") else tmp_path / name
        if file is not text:
            file.write_bytes(text if isinstance(text, bytes) else text.encode())
        given = list(options)
        if mapping is not None:
            (tmp_path / "mapping.json").write_text(json.dumps(mapping))
            given += ["--mapping", str(tmp_path / "mapping.json")]
        out = StringIO()
        with pytest.raises(SystemExit) as ended:
            call_command("import_file", str(file), "--source", source, "--json", *given, stdout=out, stderr=StringIO())
        return ended.value.code, json.loads(out.getvalue())

    return run


def test_a_file_is_imported_analysed_and_told(alder, run):
    code, told = run(CALLS, mapping=MAPPING)
    assert (code, told["status"]) == (0, "done")
    assert told["counts"] == {**dict.fromkeys(told["counts"], 0), "new": 2}
    touched = {(one["metric"], one["unit"], one["sum"]) for one in told["series"]}
    assert touched == {
        ("Calls", "Alder Team North", False),
        ("Calls", "Alder Customer Service", True),
        ("Calls", "Alder Group", True),
    }
    assert Analysis.objects.filter(series__metric__name="Calls").count() == 3
    assert not Job.objects.exclude(state="done").exists()


def test_the_same_file_again_is_unchanged_and_noticed(alder, run):
    _code, first = run(CALLS, mapping=MAPPING)
    code, again = run(CALLS)
    assert (code, again["status"], again["counts"]["same"]) == (0, "unchanged", 2)
    assert again["same_file_as"] == [first["upload"]["id"]]


def test_the_mapping_is_remembered_for_the_next_file_of_the_source(alder, run):
    run(CALLS, mapping=MAPPING)
    code, told = run(CALLS.replace("10", "11"), "--known-at", "2030-01-01")
    assert (code, told["reason"]["code"]) == (1, "known_in_the_future")
    code, told = run(CALLS.replace("10", "11"))
    assert (code, told["counts"]["changed"], told["counts"]["same"]) == (0, 1, 1)


def test_an_older_file_changes_nothing(alder, run):
    run(CALLS, mapping=MAPPING)
    code, told = run(CALLS.replace("10", "9"), "--known-at", "2024-02-01")
    assert (code, told["status"], told["counts"]["older"]) == (0, "unchanged", 1)
    assert sorted(set(Observation.objects.values_list("numerator", flat=True))) == [10, 12]


def test_without_enough_known_it_asks(alder, run):
    code, told = run("when,team,amount\n01/02/2024,Alder Team North,5\n")
    assert (code, told["status"]) == (3, "questions")
    assert [column["header"] for column in told["columns"]] == ["when", "team", "amount"]
    asked = {question["code"]: question for question in told["questions"]}
    assert "date_order" in asked or "layout_unknown" in asked
    assert all(question["words"] and question["answer_with"] for question in told["questions"])
    assert (Observation.objects.count(), Upload.objects.get().state) == (0, "received")


def test_dates_that_could_be_read_two_ways_are_asked_about(alder, run):
    text = "date,unit,calls\n01/02/2024,Alder Team North,5\n03/04/2024,Alder Team North,6\n"
    code, told = run(text)
    assert code == 3
    question = next(one for one in told["questions"] if one["code"] == "date_order")
    assert set(question["choices"]) == {"dmy", "mdy"}
    code, told = run(text, mapping={**MAPPING, "date_order": "dmy"})
    assert (code, str(told["first_day"])) == (0, "2024-02-01")


def test_unknown_units_are_asked_about_and_made_when_told(alder, run):
    text = CALLS.replace("Alder Team North", "Canteen")
    code, told = run(text, mapping=MAPPING)
    assert (code, [one["code"] for one in told["questions"]]) == (3, ["units"])
    assert told["questions"][0]["evidence"] == ["Canteen"]
    code, told = run(text, "--create-units", mapping=MAPPING)
    assert (code, told["made"]["units"]) == (0, 1)
    code, _told = run(text.replace("Canteen", "Kiosk"), mapping={**MAPPING, "create_units": True})
    assert (code, Unit.objects.filter(name="Kiosk").count()) == (0, 1)


def test_an_unknown_metric_is_asked_about(alder, run):
    text = "date,unit,metric,value\n2024-01-01,Alder Team North,Hugs,3\n"
    mapping = {**MAPPING, "metric_column": "metric"}
    mapping["metrics"] = [{"name": "value", "kind": "count", "value": {"plus": ["value"]}}]
    code, told = run(text, mapping=mapping)
    assert (code, told["questions"][0]["code"], told["questions"][0]["evidence"]) == (3, "metrics", ["Hugs"])
    code, told = run(text, mapping={**mapping, "create_metrics": True})
    assert (code, Metric.objects.get().name) == (0, "Hugs")


def test_rejected_rows_are_not_left_out_in_silence(alder, run):
    text = CALLS + "2024-01-03,Alder Team North,many\n"
    code, told = run(text, mapping=MAPPING)
    assert (code, told["status"], told["counts"]["rejected"]) == (2, "rejected", 1)
    (row,) = told["rejected"]
    assert (row["row"], row["column"], row["value"], row["code"]) == (4, "calls", "many", "number_unreadable")
    assert (row["reason"], Observation.objects.count()) == ("“many” cannot be read as a number.", 0)
    code, told = run(text, "--accept-valid", mapping=MAPPING)
    assert (code, told["counts"]["new"]) == (0, 2)


def test_plan_only_stores_nothing(alder, run):
    code, told = run(CALLS, "--plan-only", mapping=MAPPING)
    assert (code, told["status"], told["counts"]["new"]) == (0, "planned", 2)
    assert (Observation.objects.count(), Series.objects.count(), Metric.objects.count()) == (0, 0, 0)


def test_a_file_cut_off_is_asked_about(alder, run):
    code, told = run(CALLS.rstrip("\n"), mapping=MAPPING)
    assert (code, [one["code"] for one in told["questions"]]) == (3, ["truncated"])
    code, _told = run(CALLS.rstrip("\n"), "--accept-truncated", mapping=MAPPING)
    assert code == 0


def test_a_newer_file_with_fewer_rows_of_the_same_days_is_asked_about(alder, run):
    run(CALLS, mapping=MAPPING)
    code, told = run("".join(CALLS.splitlines(keepends=True)[:2]))
    assert (code, [one["code"] for one in told["questions"]]) == (3, ["truncated"])


@pytest.mark.parametrize(
    ("content", "reason"),
    [
        (b"", "empty_file"),
        (b"date,unit,calls\n", "header_only"),
        (b"PK\x05\x06" + bytes(18), None),
        (b"\xd0\xcf\x11\xe0" + bytes(600), None),
        (b"%PDF-1.7\n" + bytes(range(256)) * 4, None),
        (b"\x00" * 500, None),
    ],
)
def test_what_is_no_table_is_refused_with_the_reason(alder, run, content, reason):
    code, told = run(content, mapping=MAPPING)
    assert (code, told["status"]) == (1, "refused")
    assert told["reason"].get("words") or told["reason"].get("reason")
    assert reason in (None, told["reason"]["code"])
    assert Observation.objects.count() == 0


def test_a_mapping_that_cannot_be_names_each_wrong_field(alder, run):
    code, told = run(CALLS, mapping={**MAPPING, "decimal": "x", "zone": "Nowhere/Land"})
    assert (code, told["reason"]["code"]) == (1, "mapping")
    assert set(told["reason"]["fields"]) == {"decimal", "zone"}


def test_a_column_that_is_not_there_is_named(alder, run):
    code, told = run(CALLS, mapping={**MAPPING, "unit_column": "branch"})
    assert (code, told["reason"]["code"], told["reason"]["value"]) == (1, "column_missing", "branch")


def test_a_file_that_is_not_there_is_refused(alder, run, tmp_path):
    out = StringIO()
    with pytest.raises(SystemExit) as ended:
        call_command("import_file", str(tmp_path / "none.csv"), "--source", "Desk", stdout=out, stderr=StringIO())
    assert (ended.value.code, json.loads(out.getvalue())["status"]) == (1, "refused")
    assert Source.objects.count() == 0


def test_of_several_organisations_one_has_to_be_named(world, run):
    code, told = run(CALLS, mapping=MAPPING)
    assert (code, told["questions"][0]["choices"]) == (3, ["Alder Group", "Birch Group"])
    code, _told = run(CALLS, "--unit", "Alder Customer Service", mapping=MAPPING)
    assert (code, Source.objects.get().unit) == (0, world.a.department)


def test_a_person_who_may_not_is_refused(alder, run):
    code, told = run(CALLS, "--person", alder.colleague.email, mapping=MAPPING)
    assert (code, told["status"]) == (1, "refused")


def test_an_empty_installation_says_what_to_do(db, run):
    code, told = run(CALLS, mapping=MAPPING)
    assert (code, told["status"]) == (1, "refused")
    assert told["questions"][0]["words"]


def test_ids_that_come_more_than_once_are_asked_about(alder, run):
    rows = [
        f"T{number % 4},2024-01-{number + 1:02}T08:00:00Z,2024-01-{number + 1:02}T09:00:00Z" for number in range(20)
    ]
    text = "\n".join(["id,opened,resolved", *rows]) + "\n"
    mapping = {"shape": "cases", "zone": "UTC", "period": "day"}
    mapping["cases"] = {"id": "id", "opened": "opened", "resolved": "resolved"}
    code, told = run(text, mapping=mapping)
    assert (code, [(one["code"], one["answer_with"]) for one in told["questions"]]) == (3, [("events", "confirmed")])
    code, told = run(text, mapping={**mapping, "confirmed": ["events"]})
    assert (code, told["reasons"]) == (2, {"case_twice": 20})
    assert Source.objects.get().choices == {}
