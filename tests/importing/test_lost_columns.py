"""A later file of a source lacks a column that its mapping names: which one is said, and what can be done about it."""

import io
import json

import openpyxl
import pytest
from django.core.management import call_command

from metrics.models import Case, Upload
from metrics.wording import problems
from tests.importing.test_doors import MAPPING
from tests.importing.test_scorings import NUMBERS
from tests.importing.test_scorings_wide import HEADED, MEANING, NAMED, beside, planned

pytestmark = pytest.mark.django_db
WITHOUT_CAI = beside([scores[:2] for scores in NUMBERS], "2024-02", "Contact,Scored on,Team,Ann,Bo")
SAID = (
    "“Cai”, somebody who scores, has no column in this file. It has: Contact, Scored on, Team, Ann, Bo. "
    "Read the file without it, or change the mapping if the column has another name now."
)


def known(desk):
    """A source whose files have a column for Ann, Bo and Cai."""
    return desk.commit(planned(desk, beside(NUMBERS)), accept_truncated=True, accept_valid=True)


def told(upload):
    return [problems.told(one) for one in upload.problems]


def page_of(client_of, desk, upload, more=""):
    return client_of(desk.person).get(upload.get_absolute_url() + more).content.decode()


def test_a_person_without_a_column_is_named_and_the_file_can_be_read_without(desk, client_of):
    known(desk)
    # A file without an end of line asks whether it is whole when it is committed, as any other does.
    upload = desk.bring(WITHOUT_CAI.rstrip(), "february.csv", "Wide")
    assert (upload.state, told(upload), upload.questions) == ("received", [SAID], [])
    page = page_of(client_of, desk, upload)
    assert "Read it without “Cai”" in page and "Change the mapping" in page

    assert client_of(desk.person).post(f"/imports/{upload.pk}/plan").status_code == 302
    upload = desk.work(upload)
    assert (upload.state, upload.mapping["wide"], upload.plan["counts"]["new"]) == (
        "planned", {"columns": ["ann", "bo"]}, 10,
    )  # fmt: skip
    assert "“Cai”, a column that was read from this source before, is not in this file." in page_of(
        client_of, desk, upload
    )
    desk.commit(upload, accept_truncated=True)
    march = desk.bring(beside(NUMBERS, "2024-03"), "march.csv", "Wide")
    assert "Not read: “Cai”." in page_of(client_of, desk, march)
    assert "a column that was read" not in page_of(client_of, desk, march)


def test_or_the_column_has_another_name_and_the_form_knows_all_the_rest(desk, client_of):
    known(desk)
    upload = desk.bring(beside(NUMBERS, "2024-02", "Contact,Scored on,Team,Ann,Bo,Cai M."), "february.csv", "Wide")
    form = client_of(desk.person).get(f"/imports/{upload.pk}/map").context["form"]
    assert (form.initial["raters"], form.initial["contact"], form.initial["opened"]) == (
        ["ann", "bo"], "contact", "scored on",
    )  # fmt: skip
    upload = desk.map(upload, {**upload.mapping, "wide": {"columns": ["ann", "bo", "cai m."]}})
    assert (upload.state, upload.plan["counts"]["new"]) == ("planned", 15)


def test_headings_that_are_recognised_are_asked_about_no_less(desk):
    desk.commit(desk.bring(beside(NUMBERS, head=HEADED), "january.csv", "Wide"), accept_truncated=True)
    text = beside([scores[:2] for scores in NUMBERS], "2024-02", "Contact,Scored on,Team,Rater A,Rater B")
    upload = desk.bring(text, "february.csv", "Wide")
    assert (upload.state, [(one["code"], one["value"]) for one in upload.problems]) == (
        "received", [("person_missing", "Rater C")],
    )  # fmt: skip


def test_without_anybody_s_column_there_is_nothing_to_go_on_with(desk, client_of):
    known(desk)
    upload = desk.bring(beside([(1, 2)] * 3, "2024-02", "Contact,Scored on,Team,Length,Pauses"), "calls.csv", "Wide")
    assert [(one["code"], one["value"]) for one in upload.problems] == [
        ("column_missing", name) for name in ("Ann", "Bo", "Cai")
    ]
    page = page_of(client_of, desk, upload)
    assert "Say what is what" in page and "Read it without" not in page and "Plan it again" not in page


def test_another_column_is_named_too_and_has_to_be_said(desk, client_of):
    known(desk)
    upload = desk.bring(WITHOUT_CAI.replace("Scored on", "When"), "february.csv", "Wide")
    assert [(one["code"], one["value"]) for one in upload.problems] == [
        ("column_missing", "Scored on"), ("person_missing", "Cai"),
    ]  # fmt: skip
    page = page_of(client_of, desk, upload)
    assert "Say what is what" in page and "Plan it again" not in page and "Read it without" not in page


def test_figures_whose_column_went_are_told_with_the_mapping_that_was_known(desk, client_of):
    head = "seen,team,Handled,good\n"
    metric = {"name": "Handled", "kind": "count", "value": {"plus": ["handled"]}}
    meaning = {**MAPPING, "date": "seen", "unit_column": "team", "metrics": [metric], "date_order": "ymd"}
    first = desk.map(desk.bring(head + "2024-01-01,Alder Team North,10,8\n"), {**meaning, "period": "day"})
    desk.commit(first, accept_truncated=True)
    upload = desk.bring("seen,team,Answered,good\n2024-01-02,Alder Team North,10,8\n", "next.csv")
    assert (upload.state, told(upload)) == (
        "received",
        [
            "The column “Handled” is not in this file. It has: seen, team, Answered, good. Say which column it is "
            "now, or export the file again with it."
        ],
    )
    form = client_of(desk.person).get(f"/imports/{upload.pk}/map").context["form"]
    assert (form.initial["date"], form.initial["unit_column"]) == ("seen", "team")
    assert "Say what is what" in page_of(client_of, desk, upload)


def test_the_sheet_that_the_source_names_is_the_one_whose_columns_are_told(desk):
    def book(head):
        made = openpyxl.Workbook()
        made.active.title = "Cover"
        for title, rows in (("Cover", [["Made", "By"], ["today", "me"]]), ("Scores", [head, *lines])):
            sheet = made[title] if title in made.sheetnames else made.create_sheet(title)
            for row in rows:
                sheet.append(row[: len(head)])
        out = io.BytesIO()
        made.save(out)
        return out.getvalue()

    lines = [line.split(",") for line in beside(NUMBERS).splitlines()[1:]]
    upload = desk.map(
        desk.bring(book(NAMED.split(",")), "january.xlsx", "Wide"),
        {**MEANING, "sheet": "Scores", "wide": {"columns": ["ann", "bo", "cai"]}},
    )
    desk.commit(upload, accept_truncated=True)
    upload = desk.bring(book(NAMED.split(",")[:-1]), "february.xlsx", "Wide")
    assert [(one["code"], one["value"], one["where"]["sheet"]) for one in upload.problems] == [
        ("person_missing", "Cai", "Scores")
    ]


@pytest.mark.parametrize(
    ("answers", "code", "stored"), [({}, 1, 0), ({"wide": {"columns": ["ann", "bo"]}}, 0, 10), ({"zone": "UTC"}, 1, 0)]
)
def test_the_command_leaves_nobody_out_unasked(desk, tmp_path, capsys, answers, code, stored):
    known(desk)
    file, mapping = tmp_path / "february.csv", tmp_path / "mapping.json"
    file.write_text(WITHOUT_CAI)
    mapping.write_text(json.dumps(answers))
    before = Case.objects.count()
    options = {"source": "Wide", "unit": desk.unit.name, "person": desk.person.email, "mapping": mapping, "json": True}
    with pytest.raises(SystemExit) as ended:
        call_command("import_file", file, **options)
    answer = json.loads(capsys.readouterr().out)
    assert (ended.value.code, Case.objects.count() - before) == (code, stored)
    assert code == 0 or answer["reason"]["reason"] == SAID
    assert Upload.objects.filter(name="february.csv").count() == 1
