"""Months, weeks, units or metrics as columns, read as one row per cell."""

import datetime as dt

import pytest

from metrics.files import (
    CELL,
    HEADING,
    Amount,
    Dimension,
    Mapping,
    MappingError,
    MetricFrom,
    Refused,
    Wide,
    check,
    read,
    sniff,
    suggest,
)
from tests.files.desk import sheet_file, text_file

MONTHS = "team,metric,Jan-24,Feb-24,Mar-24,Total\n"


def wide(**fields):
    given = {"date": HEADING, "period": "month", "unit_column": "team", "wide": Wide()} | fields
    return Mapping("measured", metrics=(MetricFrom("Calls", value=Amount((CELL,))),), **given)


def read_all(path, mapping):
    """(unit, metric or "", day, value) of every cell, what was rejected, and the account."""
    reader = read(path, sniff(path), mapping)
    cells, rejected = [], []
    for chunk in reader:
        rejected += [(row.row, row.problems[0].code, row.problems[0].where.column) for row in chunk.rejected]
        units = [chunk.unit.names[code] for code in chunk.unit.codes]
        metrics = [chunk.metric.names[code] for code in chunk.metric.codes] if chunk.metric else [""] * len(chunk)
        days = [dt.date.fromordinal(day).isoformat() for day in chunk.day.tolist()]
        cells += zip(units, metrics, days, chunk.values["Calls"].numerator.tolist(), strict=True)
    assert reader.reading.balanced
    return cells, rejected, reader.reading


def test_each_cell_below_a_month_is_a_row(tmp_path):
    path = text_file(tmp_path, f"{MONTHS}North,Calls,1,2,3,6\nSouth,Calls,4,,6,10\n")
    cells, rejected, reading = read_all(path, wide(metric_column="metric"))
    assert cells == [
        ("North", "Calls", "2024-01-01", 1.0),
        ("North", "Calls", "2024-02-01", 2.0),
        ("North", "Calls", "2024-03-01", 3.0),
        ("South", "Calls", "2024-01-01", 4.0),
        ("South", "Calls", "2024-03-01", 6.0),
    ]
    assert (rejected, reading.rows, reading.without_values) == ([], 6, 1)


def test_a_cell_that_is_no_number_is_listed_with_its_own_column(tmp_path):
    path = text_file(tmp_path, f"{MONTHS}North,Calls,1,many,3,6\nTotal,Calls,1,2,3,6\n")
    cells, rejected, reading = read_all(path, wide(metric_column="metric"))
    assert [value for *_rest, value in cells] == [1.0, 3.0]
    assert (rejected, reading.excluded) == ([(2, "number_unreadable", "Feb-24")], {"total": 3})


def test_units_as_columns(tmp_path):
    path = text_file(tmp_path, "month,North,South,Total\n2024-01-01,1,2,3\n2024-02-01,4,5,9\n")
    cells, _rejected, reading = read_all(path, wide(date="month", unit_column=HEADING))
    assert [(unit, day, value) for unit, _metric, day, value in cells] == [
        ("North", "2024-01-01", 1.0),
        ("South", "2024-01-01", 2.0),
        ("North", "2024-02-01", 4.0),
        ("South", "2024-02-01", 5.0),
    ]
    assert reading.excluded == {"total": 2}


def test_metrics_as_columns(tmp_path):
    path = text_file(tmp_path, "week,team,Calls,E-mails\n2024-W01,North,1,2\n2024-W02,North,3,4\n")
    cells, _rejected, _reading = read_all(path, wide(date="week", period="week", metric_column=HEADING))
    assert [(metric, day, value) for _unit, metric, day, value in cells] == [
        ("Calls", "2024-01-01", 1.0),
        ("E-mails", "2024-01-01", 2.0),
        ("Calls", "2024-01-08", 3.0),
        ("E-mails", "2024-01-08", 4.0),
    ]


def test_months_of_a_workbook_are_true_dates(tmp_path):
    months = [dt.date(2024, month, 1) for month in (1, 2, 3)]
    path = sheet_file(tmp_path, [["team", *months], ["North", 1, 2, 3], ["South", 4, 5, 6]])
    mapping, asked = suggest(sniff(path))
    assert (mapping.date, mapping.period, [one.code for one in asked if one.required]) == (HEADING, "month", ["wide"])
    cells, _rejected, _reading = read_all(path, wide())
    assert [(unit, day) for unit, _metric, day, _value in cells][:3] == [
        ("North", "2024-01-01"),
        ("North", "2024-02-01"),
        ("North", "2024-03-01"),
    ]


def test_the_order_of_day_and_month_in_headings_is_asked(tmp_path):
    path = text_file(tmp_path, "team,01/02/2024,02/02/2024,03/02/2024\nNorth,1,2,3\n")
    _mapping, asked = suggest(sniff(path))
    assert {one.code for one in asked} >= {"date_order", "wide"}


def test_whose_the_rows_are_is_asked_where_no_column_is_called_so(tmp_path):
    path = text_file(tmp_path, "desk,town,Jan-24,Feb-24,Mar-24\nA,Ely,1,2,3\nB,Ely,4,5,6\n")
    _mapping, asked = suggest(sniff(path))
    assert [(one.code, one.choices, one.required) for one in asked] == [("unit", ("desk",), True), ("wide", (), True)]


def test_next_months_columns_need_no_new_mapping(tmp_path):
    path = text_file(tmp_path, "team,Feb-24,Mar-24,Apr-24\nNorth,2,3,4\n")
    cells, _rejected, _reading = read_all(path, wide())
    assert [day for _unit, _metric, day, _value in cells] == ["2024-02-01", "2024-03-01", "2024-04-01"]


def test_a_file_without_such_headings_is_refused(tmp_path):
    path = text_file(tmp_path, "team,calls\nNorth,2\n")
    assert [one.code for one in check(sniff(path), wide()) if one.severity == "refuse"] == ["nothing_wide"]
    with pytest.raises(Refused):
        read(path, sniff(path), wide())


@pytest.mark.parametrize(
    "wrong",
    [
        {"wide": None},
        {"unit_column": HEADING},
        {"date": "month"},
        {"dimensions": (Dimension("channel", column=HEADING),)},
        {"metrics": (MetricFrom("Calls", value=Amount(("calls",))),)},
    ],
)
def test_a_mapping_that_contradicts_itself_is_told(wrong):
    given = {**wide().to_json(), **{name: value for name, value in wrong.items() if name != "metrics"}}
    for name in ("dimensions", "metrics"):
        if name in wrong:
            given[name] = [Mapping("measured", **{name: wrong[name]}).to_json()[name][0]]
    with pytest.raises(MappingError):
        Mapping.from_json(given)
