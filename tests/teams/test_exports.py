import csv
import datetime as dt
import io
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st
from python_calamine import CalamineWorkbook

from teams import exports
from teams.cells import defuse, restore
from teams.refusals import Refused

FORMULAS = [
    f"{front}{sign}cmd|' /C calc'!A0"
    for sign in "=+-@|%"
    for front in ("", " ", "\u00a0", '"', ' "', "'", "\t", "\r", "\n", " \t")
]


def csv_of(rows):
    text = "".join(exports.csv_lines(["text"], [[row] for row in rows]))
    return [line[0] for line in csv.reader(io.StringIO(text.removeprefix("\ufeff"), newline=""))][1:]


def xlsx_of(rows):
    book = CalamineWorkbook.from_filelike(io.BytesIO(exports.xlsx_bytes(["text"], [[row] for row in rows])))
    return [line[0] for line in book.get_sheet_by_index(0).to_python()][1:]


@pytest.mark.parametrize("text", FORMULAS)
def test_a_text_that_could_be_a_formula_gets_an_apostrophe(text):
    assert csv_of([text]) == ["'" + text]
    assert xlsx_of([text]) == ["'" + text]


@pytest.mark.parametrize("value", [-5, -0.25, Decimal("-12.50"), "-5", "-0.25", "+3e4"])
def test_negative_numbers_are_left_alone(value):
    assert csv_of([value]) == [str(value)]


def test_numbers_stay_numbers_in_a_workbook():
    assert xlsx_of([-5, -0.25]) == [-5.0, -0.25]


def test_days_are_iso_nothing_is_empty_and_no_number_is_empty():
    assert csv_of([dt.date(2026, 3, 3), None, float("nan"), True]) == ["2026-03-03", "", "", "yes"]


@given(st.lists(st.text(st.characters(exclude_categories=["Cs"]), min_size=1), min_size=1))
def test_a_csv_export_read_back_loses_no_character(texts):
    assert [restore(text) for text in csv_of(texts)] == texts


@given(st.lists(st.text(st.characters(exclude_categories=["Cs"]), min_size=1, max_size=40), min_size=1, max_size=5))
def test_a_workbook_read_back_loses_no_character(texts):
    assert [restore(str(text)) for text in xlsx_of(texts)] == texts


@given(st.text())
def test_restore_undoes_defuse(text):
    assert restore(defuse(text)) == text


def test_a_workbook_refuses_what_it_cannot_hold():
    with pytest.raises(Refused) as refused:
        exports.xlsx_bytes(["text"], [["x" * 32_768]])
    assert refused.value.code == "too_long_text"
    with pytest.raises(Refused) as refused:
        exports.xlsx_bytes(["n"], ([n] for n in range(exports.XLSX_ROWS + 1)))
    assert refused.value.code == "too_many_rows"
