"""The process that reads workbooks may run out of memory or time, or die: the reader says so and lives on."""

import pytest

from metrics.files import Limits, Refused, read, sniff
from metrics.files import workbook as workbook_module
from tests.files.desk import refused, sheet_file, value_mapping

META = (
    '{"sheets": [{"name": "S", "visible": true}], "sheet": "S", "first_column": 0, "columns": 3, '
    '"empty_formulas": 0, "error_cells": 0, "hidden_rows": 0, "uncalculated": []}'
)


@pytest.fixture
def book(tmp_path):
    rows = [["date", "unit", "value"], *([f"2024-01-{1 + row % 28:02d}", "North", row] for row in range(200))]
    return sheet_file(tmp_path, rows)


def other_child(tmp_path, monkeypatch, code):
    script = tmp_path / "child.py"
    script.write_text(f"import os, sys, time\n{code}\n")
    monkeypatch.setattr(workbook_module, "CHILD", script)


def test_out_of_memory(book):
    assert refused(book, limits=Limits(child_bytes=5_000_000))[0] == "workbook_memory"


def test_out_of_time(book, tmp_path, monkeypatch):
    other_child(tmp_path, monkeypatch, "time.sleep(60)")
    assert refused(book, limits=Limits(child_seconds=1)) == ("workbook_time", {"limit": 1})


def test_out_of_processor_time(book, tmp_path, monkeypatch):
    busy = "import resource; resource.setrlimit(resource.RLIMIT_CPU, (1, 2))\nwhile True: pass"
    other_child(tmp_path, monkeypatch, busy)
    assert refused(book, limits=Limits(child_seconds=30))[0] == "workbook_time"


def test_a_child_that_dies_at_once(book, tmp_path, monkeypatch):
    other_child(tmp_path, monkeypatch, "os.abort()")
    assert refused(book)[0] == "workbook_memory"


def test_a_sheet_cut_short_is_never_taken_for_whole(book, tmp_path, monkeypatch):
    sniffed = sniff(book)
    rows = "date,unit,value\\n2024-01-01,North,0\\n"
    code = f"print('''{META}'''); print('''{rows}''', end=''); sys.stdout.flush(); os._exit(9)"
    other_child(tmp_path, monkeypatch, code)
    assert refused(book)[0] == "workbook_memory"
    with pytest.raises(Refused) as error:
        list(read(book, sniffed, value_mapping()))
    assert error.value.problem.code == "workbook_memory"


def test_stopping_early_ends_the_child(book):
    reader = read(book, sniff(book), value_mapping(), chunk_rows=10)
    assert len(next(reader)) > 0
    reader.close()
    assert list(reader) == []
    assert not reader.reading.complete


def test_the_child_knows_nothing_of_the_parents_settings(book, tmp_path, monkeypatch):
    monkeypatch.setenv("SECRET_KEY", "hush")
    found = tmp_path / "found"
    other_child(tmp_path, monkeypatch, f"open({str(found)!r}, 'w').write(os.environ.get('SECRET_KEY', 'nothing'))")
    refused(book)
    assert found.read_text() == "nothing"
