"""A workbook with several sheets: the one that is read is judged by its own cells, and the plan says what was not read."""

import io

import openpyxl
import pytest

from tests.importing.test_doors import MAPPING

pytestmark = pytest.mark.django_db

HEAD = ["day", "team", "Handled"]
METRIC = {"name": "Handled", "kind": "count", "value": {"plus": ["handled"]}}
MEANING = {**MAPPING, "date": "day", "unit_column": "team", "metrics": [METRIC], "date_order": "ymd", "period": "day"}
UNREAD = "Sheets with formulas that were never calculated were not read: Notes."


def workbook(figures, notes=("=SUM(1,2)",), hidden=()):
    """Sheets Figures and Notes as bytes; both have the columns of ``HEAD``."""
    book = openpyxl.Workbook()
    book.active.title = "Figures"
    for title, cells in (("Figures", figures), ("Notes", notes)):
        sheet = book[title] if title in book.sheetnames else book.create_sheet(title)
        sheet.append(HEAD)
        for number, cell in enumerate(cells):
            sheet.append([f"2024-01-{1 + number:02d}", "Alder Team North", cell])
        sheet.sheet_state = "hidden" if title in hidden else "visible"
    out = io.BytesIO()
    book.save(out)
    return out.getvalue()


def test_formulas_of_a_sheet_that_is_not_read_do_not_refuse_the_file_and_the_plan_names_it(desk, client_of):
    upload = desk.bring(workbook([10, 20]), "figures.xlsx")
    assert (upload.state, upload.problems) == ("received", [])
    upload = desk.map(upload, {**MEANING, "sheet": "Figures"})
    assert (upload.state, upload.plan["counts"]["new"]) == ("planned", 2)
    assert UNREAD in client_of(desk.person).get(upload.get_absolute_url()).content.decode()


def test_the_sheet_that_is_chosen_is_refused_for_its_own(desk):
    upload = desk.map(desk.bring(workbook([10, 20]), "figures.xlsx"), {**MEANING, "sheet": "Notes"})
    assert (upload.state, upload.problems[0]["code"]) == ("refused", "formulas_without_values")
    assert upload.problems[0]["where"]["sheet"] == "Notes"


def test_the_sheet_that_a_source_names_is_refused_and_no_other_is_looked_at_in_its_place(desk):
    first = desk.map(desk.bring(workbook([10, 20], [1, 2]), "january.xlsx"), {**MEANING, "sheet": "Notes"})
    desk.commit(first, accept_truncated=True, accept_valid=True)
    upload = desk.bring(workbook([10, 20]), "february.xlsx")
    assert (upload.state, upload.problems[0]["code"]) == ("refused", "formulas_without_values")
    assert upload.problems[0]["where"]["sheet"] == "Notes"


def test_a_hidden_sheet_is_named_in_the_plan_unless_it_is_the_one_that_is_read(desk, client_of):
    content, page = workbook([10, 20], [1, 2], hidden=("Notes",)), client_of(desk.person)
    upload = desk.map(desk.bring(content, "figures.xlsx"), {**MEANING, "sheet": "Figures"})
    assert "Hidden sheets were not read: Notes." in page.get(upload.get_absolute_url()).content.decode()
    upload = desk.map(desk.bring(content, "again.xlsx", "Other"), {**MEANING, "sheet": "Notes"})
    assert (upload.state, upload.plan["counts"]["new"]) == ("planned", 2)
    assert "Hidden sheets were not read" not in page.get(upload.get_absolute_url()).content.decode()
