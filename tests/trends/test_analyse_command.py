from io import StringIO

import pytest
from django.core.management import CommandError, call_command

from .conftest import rows_of

SERIES = (
    "series_id,direction,target,rebase_dates,fix_after_n,screen_outliers\n"
    "chat,increase,80,,,TRUE\n"
    "post,decrease,,2024-01-15;2024-02-05,12,FALSE\n"
)
TABLES = (
    "Tables written: xmr_expected_points.csv, xmr_expected_series.csv, xmr_qicharts2_expected.csv, "
    "mannkendall_expected.csv\n"
    "Mode: product. Where our rules differ from the reference's, so do the tables; --mode compat takes its own.\n"
)
POINTS = "series_id,date,value\nchat,2024-01-08,82\nchat,2024-01-01,81\npost,2024-01-01,\n"


@pytest.fixture
def folder(tmp_path):
    (tmp_path / "xmr_series.csv").write_text(SERIES, encoding="utf-8")
    (tmp_path / "xmr_points.csv").write_text(POINTS, encoding="utf-8")
    return tmp_path


def run(folder, *options):
    out = StringIO()
    call_command("analyse", str(folder), "--output", str(folder / "out"), *options, stdout=out)
    return out.getvalue()


def change(folder, name, old, new):
    file = folder / name
    file.write_text(file.read_text(encoding="utf-8").replace(old, new), encoding="utf-8")


def test_it_writes_what_the_reference_writes(oracle, tmp_path):
    call_command("analyse", str(oracle / "own"), mode="compat", output=tmp_path, stdout=StringIO())

    for name in ("xmr_expected_points.csv", "xmr_expected_series.csv"):
        columns = list(rows_of(oracle / "own" / name)[0])
        assert list(rows_of(tmp_path / name)[0]) == columns
    assert rows_of(tmp_path / "xmr_expected_series.csv")[0] == rows_of(oracle / "own" / "xmr_expected_series.csv")[0]


def test_points_are_written_in_order_of_date(folder):
    assert run(folder) == "2 series analysed\n" + TABLES

    rows = rows_of(folder / "out" / "xmr_expected_points.csv")
    assert [(row["series_id"], row["seq"], row["date"], row["value"]) for row in rows] == [
        ("chat", "1", "2024-01-01", "81"),
        ("chat", "2", "2024-01-08", "82"),
        ("post", "1", "2024-01-01", ""),
    ]


def test_a_series_with_two_points_on_one_date_is_refused_and_the_others_are_not(folder):
    change(folder, "xmr_points.csv", "2024-01-08", "2024-01-01")

    assert run(folder) == "1 series analysed\n1 series refused (two points on one date)\n" + TABLES
    rows = rows_of(folder / "out" / "xmr_expected_series.csv")
    assert [(row["series_id"], row["status"]) for row in rows] == [("chat", "error"), ("post", "ok")]


@pytest.mark.parametrize(
    ("name", "old", "new", "said"),
    [
        ("xmr_points.csv", "2024-01-08", "08/01/2024", "line 2, column date: this is not a date"),
        ("xmr_points.csv", ",82", ",82 %", "line 2, column value: this is not a number (82 %)"),
        ("xmr_points.csv", "post,", "mail,", "column series_id: this is not listed in the table of the series (mail)"),
        ("xmr_points.csv", ",2024-01-01,81", "", "line 3: the row has fewer cells than the header"),
        ("xmr_points.csv", "value", "number", "line 1, column value: this column is missing"),
        ("xmr_series.csv", "increase", "up", "line 2, column direction: this must be increase"),
        ("xmr_series.csv", "FALSE", "no", "line 3, column screen_outliers: this must be TRUE or FALSE (no)"),
        ("xmr_series.csv", ",12,", ",5,", "column fix_after_n: this must be empty, or 12 or more points (5)"),
        ("xmr_series.csv", ",12,", ",a,", "column fix_after_n: this is not a whole number (a)"),
        ("xmr_series.csv", "2024-02-05", "2024-02-30", "line 3, column rebase_dates: this is not a date"),
        ("xmr_series.csv", "post,", "chat,", "column series_id: this is listed twice (chat)"),
    ],
)
def test_a_table_that_cannot_be_read_says_where_and_why(folder, name, old, new, said):
    change(folder, name, old, new)

    with pytest.raises(CommandError) as caught:
        run(folder)

    assert f"{name}, " in str(caught.value)
    assert said in str(caught.value)
    assert not (folder / "out").exists()


def test_a_missing_or_unreadable_table_is_named(folder):
    (folder / "xmr_points.csv").write_bytes(b"series_id,date,value\ncaf\xe9,2024-01-01,1\n")
    with pytest.raises(CommandError, match=r"xmr_points.csv: the file is not text in UTF-8"):
        run(folder)

    (folder / "xmr_points.csv").unlink()
    with pytest.raises(CommandError, match=r"xmr_points.csv: the file is not there"):
        run(folder)


def test_the_tables_that_are_read_are_never_overwritten(folder):
    with pytest.raises(CommandError, match="name another one"):
        call_command("analyse", str(folder), "--output", str(folder))
