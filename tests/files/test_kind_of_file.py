"""What a file is: read, or refused for a reason that can be said (imports.md, cases 1 to 21)."""

import gzip
import io
import re
import zipfile
from contextlib import closing

import pytest

from metrics.files import Limits, sniff
from metrics.files.plan import LIMITS
from metrics.files.workbook import open_workbook
from metrics.wording import problems
from tests.files.desk import asked, bytes_file, outcome, refused, sheet_file, text_file, value_mapping, warned

PLAIN = "date,unit,value\n2024-01-01,North,1\n2024-01-02,North,2\n"
OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\0" * 600


def zipped(members: dict[str, bytes]) -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as package:
        for name, data in members.items():
            package.writestr(name, data)
    return out.getvalue()


REFUSED = {
    "empty": (b"", "empty_file"),
    "blank lines": (b"\n\n  \n", "empty_file"),
    "header only": (b"date,unit,value\n", "header_only"),
    "header only, no newline": (b"date,unit,value", "header_only"),
    "password": (OLE + "EncryptedPackage".encode("utf-16-le"), "password_protected"),
    "old excel": (OLE + "Workbook".encode("utf-16-le"), "legacy_xls"),
    "html as xls": (b"<html><table><tr><td>1</td></tr></table></html>", "wrong_type"),
    "xml as xls": (b"<?xml version='1.0'?><Workbook/>", "wrong_type"),
    "json": (b'[{"date": "2024-01-01"}]', "wrong_type"),
    "pdf": (b"%PDF-1.7\n%binary", "wrong_type"),
    "gzip": (gzip.compress(PLAIN.encode()), "archive"),
    "zip with a csv": (zipped({"data.csv": PLAIN.encode()}), "archive"),
    "ods": (zipped({"content.xml": b"<x/>", "mimetype": b"application/vnd.oasis"}), "other_workbook"),
    "numbers": (zipped({"Index/Document.iwa": b"x"}), "other_workbook"),
    "xlsb": (zipped({"xl/workbook.bin": b"x"}), "other_workbook"),
    "word": (zipped({"word/document.xml": b"<x/>"}), "wrong_type"),
    "cut zip": (zipped({"xl/workbook.xml": b"<x/>"})[:-30], "workbook_damaged"),
}


@pytest.mark.parametrize("name", REFUSED)
def test_refused_by_content(tmp_path, name):
    data, code = REFUSED[name]
    assert refused(bytes_file(tmp_path, data))[0] == code


def test_a_file_that_is_gone(tmp_path):
    assert refused(tmp_path / "nothing.csv") == ("not_found", {})


def test_too_large_before_it_is_read(tmp_path):
    path = text_file(tmp_path, PLAIN)
    assert refused(path, limits=Limits(text_bytes=20)) == ("too_large", {"size": len(PLAIN), "limit": 20})


def test_binary_says_where(tmp_path):
    path = bytes_file(tmp_path, b"date,unit,value\n2024-01-01,No\0rth,1\n")
    assert refused(path) == ("binary", {"offset": 29})


def test_binary_far_into_the_file(tmp_path):
    rows = b"2024-01-01,North,1\n" * 20_000
    path = bytes_file(tmp_path, b"date,unit,value\n" + rows + b"\0")
    assert refused(path) == ("binary", {"offset": 16 + len(rows)})


def test_ten_thousand_columns(tmp_path):
    header = ",".join(f"c{number}" for number in range(10_000))
    path = text_file(tmp_path, f"{header}\n{header}\n")
    assert refused(path) == ("too_many_columns", {"columns": 10_000, "limit": 1_000})


def test_a_line_without_end(tmp_path):
    path = bytes_file(tmp_path, b"date,unit,value\n" + b"x" * 6_000_000)
    assert refused(path)[0] == "line_too_long"


def test_a_million_columns(tmp_path):
    assert refused(bytes_file(tmp_path, b"a," * 1_000_000))[0] in ("too_many_columns", "header_only")


def test_unclosed_quote_names_its_line(tmp_path):
    path = text_file(tmp_path, 'date,unit,value\n2024-01-01,"North,1\n2024-01-02,North,2\n2024-01-03,North,3\n')
    assert refused(path) == ("unclosed_quote", {"line": 2})


def test_unclosed_quote_that_another_quote_seems_to_close(tmp_path):
    text = 'date,unit,value\n2024-01-01,"North,1\n2024-01-02,North,2\n2024-01-03,"North",3\n'
    assert refused(text_file(tmp_path, text)) == ("unclosed_quote", {"line": 2})


def test_unclosed_quote_on_the_last_line(tmp_path):
    path = text_file(tmp_path, 'date,unit,value\n2024-01-01,North,1\n2024-01-02,"North,2\n')
    assert refused(path) == ("unclosed_quote", {"line": 3})


def test_unclosed_quote_in_a_long_file(tmp_path):
    rows = "2024-01-01,North,1\n" * 30_000
    path = text_file(tmp_path, f'date,unit,value\n{rows}2024-01-02,"South,1\n{rows}')
    assert refused(path) == ("unclosed_quote", {"line": 30_002})


@pytest.mark.parametrize("delimiter", [",", ";", "\t", "|"])
@pytest.mark.parametrize("name", ["a.csv", "a.txt"])
def test_delimiter_by_content(tmp_path, delimiter, name):
    found = outcome(text_file(tmp_path, PLAIN.replace(",", delimiter), name), value_mapping())
    assert (found.sniffed.delimiter, found.column("value")) == (delimiter, [1, 2])


def test_delimiter_that_the_file_declares(tmp_path):
    found = outcome(
        text_file(tmp_path, "sep=;\n" + PLAIN.replace(",", ";")), value_mapping(header_rows=(2,)), header_rows=(2,)
    )
    assert (found.sniffed.delimiter, found.column("value")) == (";", [1, 2])


def test_semicolons_with_decimal_commas(tmp_path):
    text = "date;unit;value\n2024-01-01;North;1,5\n2024-01-02;North;2,25\n"
    found = outcome(text_file(tmp_path, text), value_mapping(decimal=","))
    assert (found.sniffed.delimiter, found.column("value")) == (";", [1.5, 2.25])


ENCODINGS = ["utf-8", "utf-8-sig", "utf-16", "utf-16-le", "utf-16-be", "cp1252"]


@pytest.mark.parametrize("encoding", ENCODINGS)
def test_encodings(tmp_path, encoding):
    text = "date,unit,value\n2024-01-01,Zürich,1\n2024-01-02,Café,2\n"
    found = outcome(text_file(tmp_path, text, encoding=encoding), value_mapping())
    assert (found.units(), found.sniffed.columns[0].key) == (["Zürich", "Café"], "date")
    assert found.sniffed.encoding_guessed == (encoding in ("utf-16-le", "utf-16-be", "cp1252"))


def test_encoding_corrected_by_a_person(tmp_path):
    path = text_file(tmp_path, "date,unit,value\n2024-01-01,Ärzte,1\n2024-01-02,Ärzte,2\n", encoding="mac_roman")
    assert outcome(path, value_mapping(), encoding="mac_roman").units() == ["Ärzte", "Ärzte"]


def test_an_encoding_nobody_knows(tmp_path):
    assert refused(text_file(tmp_path, PLAIN), encoding="utf-99")[0] == "unreadable_text"


def test_a_few_bad_bytes_are_counted(tmp_path):
    data = ("date,unit,value\n" + "2024-01-01,Zürich,1\n" * 20).encode() + b"2024-01-02,S\xfcd,2\n"
    found = outcome(bytes_file(tmp_path, data), value_mapping())
    assert (found.sniffed.encoding, found.sniffed.bad_bytes, found.reading.bad_bytes) == ("utf-8", 1, 1)
    assert found.units()[-1] == "S\ufffdd"
    assert "bad_bytes" in warned(found.sniffed)


@pytest.mark.parametrize(("ending", "seen"), [("\r\n", "\r\n"), ("\r", "\r"), ("\n", "\n")])
def test_line_endings(tmp_path, ending, seen):
    found = outcome(text_file(tmp_path, PLAIN.replace("\n", ending)), value_mapping())
    assert (found.sniffed.line_ending, found.column("value")) == (seen, [1, 2])


def test_mixed_line_endings(tmp_path):
    text = "date,unit,value\r\n2024-01-01,North,1\n2024-01-02,North,2\r\n2024-01-03,North,3\r"
    assert outcome(text_file(tmp_path, text), value_mapping()).column("value") == [1, 2, 3]


def test_no_final_newline_is_asked_about(tmp_path):
    sniffed = sniff(text_file(tmp_path, PLAIN.rstrip("\n")))
    assert (asked(sniffed), sniffed.rows) == (["truncated"], 2)
    assert sniffed.questions[0].of_file


def test_a_ragged_last_row_is_asked_about(tmp_path):
    found = outcome(text_file(tmp_path, PLAIN + "2024-01-03,No\n"), value_mapping())
    assert asked(found.sniffed) == ["truncated"]
    assert (found.reading.truncated, found.why()) == (True, [(4, "ragged_row", "2024-01-03,No")])


def test_control_characters_are_stripped_and_counted(tmp_path):
    text = "date,unit,value\n2024-01-01,No\x0crth\x15,1\n2024-01-02,So\u2028uth\x1a,2\n"
    found = outcome(text_file(tmp_path, text), value_mapping())
    assert (found.units(), found.reading.controls) == (["North", "South"], 3)


def test_a_long_cell(tmp_path):
    note = "long " * 60_000
    text = f'date,unit,value,note\n2024-01-01,North,1,"{note}"\n2024-01-02,North,2,short\n'
    assert outcome(text_file(tmp_path, text), value_mapping()).column("value") == [1, 2]


def test_a_cell_longer_than_any_text(tmp_path):
    text = f"date,unit,value\n2024-01-01,{'x' * 2_000_000},1\n"
    assert refused(text_file(tmp_path, text))[0] == "cell_too_long"


def test_a_workbook(tmp_path):
    rows = [["date", "unit", "value"], ["2024-01-01", "North", 1], ["2024-01-02", "North", 2.5]]
    found = outcome(sheet_file(tmp_path, rows), value_mapping())
    assert (found.sniffed.kind, found.column("value")) == ("xlsx", [1, 2.5])


def test_a_workbook_called_csv(tmp_path):
    path = sheet_file(tmp_path, [["date", "unit", "value"], ["2024-01-01", "North", 1]], name="really.csv")
    assert outcome(path, value_mapping()).column("value") == [1]


def test_macros_are_said_and_not_run(tmp_path):
    path = sheet_file(tmp_path, [["date", "unit", "value"], ["2024-01-01", "North", 1]], name="macros.xlsm")
    with zipfile.ZipFile(path, "a") as package:
        package.writestr("xl/vbaProject.bin", b"not run")
    found = outcome(path, value_mapping())
    assert (warned(found.sniffed), found.column("value")) == (["macros_ignored"], [1])


def test_a_sheet_formatted_to_its_last_row(tmp_path):
    def tail(book):
        book.active.cell(1_048_576, 1).number_format = "0"

    rows = [["date", "unit", "value"], ["2024-01-01", "North", 1], ["2024-01-02", "North", 2]]
    found = outcome(sheet_file(tmp_path, rows, change=tail), value_mapping())
    assert (found.sniffed.rows, found.column("value")) == (2, [1, 2])


def test_formulas_never_calculated(tmp_path):
    path = sheet_file(tmp_path, [["date", "unit", "value"], ["2024-01-01", "North", "=1+1"]])
    assert refused(path) == ("formulas_without_values", {"cells": 1, "cell": "C2"})


def place_of(path):
    """Sheet, row and letter that a refusal names, and its words."""
    problem = sniff(path).problems[0].to_json()
    return problems.where(problem), problems.told(problem)


def test_the_first_formula_without_a_value_is_named(tmp_path):
    rows = [
        ["date", "unit", "value"],
        *(["2024-01-01", "North", 1] for _ in range(30)),
        ["2024-02-01", "North", "=1+1"],
    ]
    path = sheet_file(tmp_path, [*rows, ["2024-03-01", "=A1", "=2"]])
    assert refused(path)[1] == {"cells": 3, "cell": "C32"}
    where, words = place_of(path)
    assert where == "sheet Sheet, row 32, column (C)"
    assert words.startswith("Cells hold formulas without values (the first is C32).")


def with_uncalculated_notes(book):
    notes = book.create_sheet("Notes")
    notes.append(["date", "unit", "value"])
    notes.cell(7, 28).value = "=SUM(Sheet!C2:C9)"


def test_a_sheet_that_is_not_read_may_hold_formulas_without_values(tmp_path):
    rows = [["date", "unit", "value"], ["2024-01-01", "North", 1]]
    found = outcome(sheet_file(tmp_path, rows, change=with_uncalculated_notes), value_mapping())
    assert (found.column("value"), warned(found.sniffed)) == ([1], ["formulas_elsewhere"])
    told = problems.told(found.sniffed.problems[0].to_json())
    assert told == "Sheets with formulas that were never calculated were not read: Notes."


def test_the_chosen_sheet_is_refused_for_its_own_formulas_alone(tmp_path):
    path = sheet_file(tmp_path, [["date", "unit", "value"], ["2024-01-01", "North", "=1+1"]], change=two_sound_sheets)
    assert place_of(path)[0] == "sheet Sheet, row 2, column (C)"
    assert warned(sniff(path, sheet="Sound")) == ["formulas_elsewhere"]
    assert outcome(path, value_mapping(sheet="Sound"), sheet="Sound").column("value") == [2]
    assert refused(path, sheet="Notes") == ("formulas_without_values", {"cells": 1, "cell": "AB7"})


def two_sound_sheets(book):
    sound = book.create_sheet("Sound")
    for row in (["date", "unit", "value"], ["2024-01-01", "North", 2]):
        sound.append(row)
    with_uncalculated_notes(book)


def test_errors_and_hidden_rows_of_another_sheet_are_not_told_of_the_one_that_is_read(tmp_path):
    def more(book):
        other = book.create_sheet("Other")
        other["A1"].value, other["A1"].data_type = "#DIV/0!", "e"
        other.row_dimensions[1].hidden = True

    rows = [["date", "unit", "value"], ["2024-01-01", "North", 1]]
    path = sheet_file(tmp_path, rows, change=more)
    assert warned(sniff(path)) == []
    assert {"hidden_cells", "cell_error_missing"} <= {one.code for one in look_at(path, "Other")}


def look_at(path, sheet):
    """What is said of a sheet when it is opened, whether or not there is a table in it."""
    with closing(open_workbook(path, LIMITS, sheet=sheet)) as book:
        return book.problems


def test_where_sheets_and_their_members_cannot_be_matched_every_one_must_be_calculated(tmp_path):
    """A workbook that lists a sheet which the reader does not see: which member is read cannot be told."""
    rows = [["date", "unit", "value"], ["2024-01-01", "North", 1]]
    path, other = sheet_file(tmp_path, rows, change=with_uncalculated_notes), tmp_path / "o.xlsx"
    with zipfile.ZipFile(path) as package, zipfile.ZipFile(other, "w") as out:
        for name in package.namelist():
            text = package.read(name)
            seen = text.replace(b"<sheets>", b'<!-- <sheet name="Ghost" r:id="rId9"/> --><sheets>')
            out.writestr(name, seen if name == "xl/workbook.xml" else text)
    assert refused(other)[0] == "formulas_without_values"


@pytest.mark.parametrize("length", [10, 255, 256, 257, 70_000, 140_000])
@pytest.mark.parametrize("before", [0, 3_000])
def test_a_formula_longer_than_what_is_read_at_once_is_named_too(tmp_path, length, before):
    """The cell may have begun in an earlier block than the one in which its formula ends, wherever the blocks are cut."""
    rows = [["date", "unit", "value"], *(["2024-01-01", "North", 1] for _ in range(before))]
    path = sheet_file(tmp_path, [*rows, ["2024-02-01", "North", "=" + "1+" * (length // 2) + "1"]])
    assert refused(path)[1]["cell"] == f"C{before + 2}"


def test_cells_that_do_not_say_where_they_are_are_counted(tmp_path):
    path, other = (
        sheet_file(tmp_path, [["date", "unit", "value"], ["2024-01-01", "North", "=1+1"]]),
        tmp_path / "o.xlsx",
    )
    with zipfile.ZipFile(path) as package, zipfile.ZipFile(other, "w") as out:
        for name in package.namelist():
            text = package.read(name)
            out.writestr(name, re.sub(rb' r="[A-Z]+[0-9]+"', b"", text) if "worksheets/" in name else text)
    assert refused(other) == ("formulas_without_values", {"cells": 1, "cell": "–"})
    assert place_of(other)[0] == "sheet Sheet"
