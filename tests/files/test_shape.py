"""Where the table is and which rows are data (imports.md, cases 22 to 39)."""

import pytest

from metrics.files import Amount, Dimension, Mapping, MetricFrom, Refused, check, read, sniff, suggest
from tests.files.desk import asked, outcome, refused, sheet_file, text_file, value_mapping, warned

ROWS = "2024-01-01,North,1\n2024-01-02,North,2\n"


@pytest.mark.parametrize(
    "above",
    [
        "Reporting period 2025-01-01 to 2025-01-31\n\n\n",
        "2025-1\n\n",
        "A title\nFilter: all\n\nCreated by: Ann\n\n\n\n\n\n\n\n",
        "Title,,\n,,\nOwner,Ann,\n,,\n",
    ],
)
def test_header_below_a_preamble(tmp_path, above):
    row = above.count("\n") + 1
    found = outcome(
        text_file(tmp_path, f"{above}date,unit,value\n{ROWS}"), value_mapping(header_rows=(row,)), header_rows=()
    )
    assert (found.sniffed.header_rows, asked(found.sniffed)) == ((row,), ["header"])
    assert found.column("row_number") == [row + 1, row + 2]


def test_the_preamble_gives_the_reporting_period(tmp_path):
    sniffed = sniff(text_file(tmp_path, f"Reporting period 2025-01-01 to 2025-01-31\n\n\ndate,unit,value\n{ROWS}"))
    assert sniffed.reporting_period == "2025-01-01/2025-01-31"


@pytest.mark.parametrize(
    ("below", "kind"),
    [
        ("\nTimezone: Europe/Berlin\n", "zone"),
        ("Reporting period 2025-01-01 to 2025-01-31\n", "period"),
        ("\nConfidential Information - Do Not Distribute\n", "note"),
        ("The report generated is in UTC timezone\n", "zone"),
        ("Notes:\n1. First\n2. Second\n", "note"),
    ],
)
def test_footers_are_no_data(tmp_path, below, kind):
    found = outcome(text_file(tmp_path, f"date,unit,value\n{ROWS}{below}"), value_mapping())
    assert (found.column("value"), found.rejected) == ([1, 2], [])
    assert found.sniffed.asides[0].kind == kind
    assert found.sniffed.rows == 2
    assert sum(found.reading.excluded.values()) == below.strip().count("\n") + 1


def test_the_zone_of_a_footer_is_used(tmp_path):
    text = f"date,unit,value\n{ROWS}\nTimezone: Europe/Berlin\n"
    assert sniff(text_file(tmp_path, text)).zone == "Europe/Berlin"


def test_the_zone_of_a_header_is_used(tmp_path):
    text = (
        "Conversation ID,Conversation started at (America/Lima),Updated at (America/Lima)\n"
        "1,2025-01-01 10:00:00,2025-01-02 10:00:00\n2,2025-01-01 11:00:00,2025-01-02 11:00:00\n"
    )
    mapping, questions = suggest(sniff(text_file(tmp_path, text)))
    assert (mapping.zone, [question.code for question in questions if question.required]) == ("America/Lima", [])
    opened = outcome(text_file(tmp_path, text), mapping).column("opened")
    assert opened[0] == 1_735_743_600  # 10:00 in Lima is 15:00 UTC


def test_two_header_rows_are_joined(tmp_path):
    text = (
        ",,Calls,,Mails,\ndate,unit,offered,answered,offered,answered\n"
        "2024-01-01,North,10,8,5,5\n2024-01-02,North,12,9,6,6\n"
    )
    sniffed = sniff(text_file(tmp_path, text))
    keys = [column.key for column in sniffed.columns]
    assert keys == ["date", "unit", "calls offered", "calls answered", "mails offered", "mails answered"]
    assert (sniffed.header_rows, asked(sniffed), warned(sniffed)) == ((1, 2), ["header"], ["header_joined"])


def test_three_header_rows(tmp_path):
    text = (
        "StartDate,Finished,Q1\nStart Date,Finished,How was it?\n"
        '"{""ImportId"":""startDate"",""timeZone"":""America/Denver""}","{""ImportId"":""finished""}","{""ImportId"":""q1""}"\n'
        "2024-01-01 10:00:00,1,5\n2024-01-02 10:00:00,1,4\n2024-01-03 10:00:00,0,3\n"
    )
    sniffed = sniff(text_file(tmp_path, text))
    assert (sniffed.header_rows, sniffed.rows) == ((1, 2, 3), 3)


def test_duplicate_headers_are_numbered(tmp_path):
    sniffed = sniff(text_file(tmp_path, "date,unit,value,value\n2024-01-01,North,1,9\n2024-01-02,North,2,8\n"))
    assert [column.key for column in sniffed.columns] == ["date", "unit", "value", "value (2)"]
    assert warned(sniffed) == ["column_repeated"]


def test_a_blank_header(tmp_path):
    sniffed = sniff(text_file(tmp_path, "date,unit,value,\n2024-01-01,North,1,x\n2024-01-02,North,2,y\n"))
    assert sniffed.columns[3].key == "column 4"
    assert warned(sniffed) == ["column_without_header"]


def test_headers_are_compared_without_their_dress(tmp_path):
    text = f'" Date\u00a0",UNIT,"Va\nlue"\n{ROWS}'
    found = outcome(text_file(tmp_path, text), value_mapping(metrics=(MetricFrom("value", value=Amount(("va lue",))),)))
    assert found.column("value") == [1, 2]


def test_total_rows_are_left_out_and_counted(tmp_path):
    text = f"date,unit,value\n{ROWS}2024-01-02,Grand Total,3\nTotal,,3\n,Summe,3\n"
    found = outcome(text_file(tmp_path, text), value_mapping())
    assert (found.column("value"), found.reading.excluded, found.rejected) == ([1, 2], {"total": 3}, [])


def test_merged_cells_fill_their_range_only(tmp_path):
    def merge(book):
        book.active.merge_cells("B2:B3")

    rows = [["date", "unit", "value"], ["2024-01-01", "North", 1], ["2024-01-02", None, 2], ["2024-01-03", None, 3]]
    found = outcome(sheet_file(tmp_path, rows, change=merge), value_mapping())
    assert found.units() == ["North", "North"]
    assert found.why() == [(4, "unit_missing", "")]


def test_hidden_sheets_are_named_and_the_visible_one_is_read(tmp_path):
    def hide(book):
        book.active.title = "Secret"
        book.active.sheet_state = "hidden"
        shown = book.create_sheet("Shown")
        for row in (["date", "unit", "value"], ["2024-01-01", "North", 7]):
            shown.append(row)

    found = outcome(sheet_file(tmp_path, [["date", "unit", "value"]], change=hide), value_mapping())
    assert (found.sniffed.sheet, found.column("value")) == ("Shown", [7])
    assert warned(found.sniffed) == ["hidden_sheets"]


def two_sheets(book):
    other = book.create_sheet("Other")
    for row in (["date", "unit", "value"], ["2024-01-01", "North", 9]):
        other.append(row)


def test_several_sheets_are_asked_about(tmp_path):
    path = sheet_file(tmp_path, [["date", "unit", "value"], ["2024-01-01", "North", 1]], change=two_sheets)
    sniffed = sniff(path)
    assert (asked(sniffed), sniffed.questions[0].choices) == (["sheet"], ("Sheet", "Other"))
    found = outcome(path, value_mapping(sheet="Other"), sheet="Other")
    assert (found.column("value"), asked(found.sniffed)) == ([9], [])
    assert refused(path, sheet="Third")[0] == "sheet_missing"


def test_months_without_figures_are_no_data(tmp_path):
    found = outcome(
        text_file(tmp_path, f"date,unit,value\n{ROWS}2024-01-03,North,\n2024-01-04,North,-\n"), value_mapping()
    )
    assert (found.column("value"), found.reading.without_values) == ([1, 2], 2)


@pytest.mark.parametrize("bad", ["2024-01-02,North", "2024-01-02,North,2,3", "2024-01-02"])
def test_ragged_rows_are_listed_and_shift_nothing(tmp_path, bad):
    text = f"date,unit,value\n2024-01-01,North,1\n{bad}\n2024-01-03,North,3\n"
    found = outcome(text_file(tmp_path, text), value_mapping())
    assert (found.column("value"), found.why()) == ([1, 3], [(3, "ragged_row", bad)])
    assert found.rejected[0].problems[0].params == {"found": bad.count(",") + 1, "expected": 3}


def test_a_delimiter_after_every_last_column(tmp_path):
    text = "date,unit,value\n2024-01-01,North,1,\n2024-01-02,North,2,\n"
    assert outcome(text_file(tmp_path, text), value_mapping()).column("value") == [1, 2]


def test_quoted_line_breaks_keep_the_count_of_lines(tmp_path):
    text = 'date,unit,value\n2024-01-01,"No\nrth ""A""",1\n2024-01-02,North,x\n'
    found = outcome(text_file(tmp_path, text), value_mapping())
    assert found.units() == ['No rth "A"']
    where = found.rejected[0].problems[0].where
    assert (where.row, where.line, where.column, where.letter) == (3, 4, "value", "C")


def test_months_as_columns_are_asked_about(tmp_path):
    text = "unit,Jan-24,Feb-24,Mar-24,Apr-24\nNorth,1,2,3,4\nSouth,5,6,7,8\n"
    mapping, questions = suggest(sniff(text_file(tmp_path, text)))
    assert (mapping.date, mapping.unit_column, mapping.period) == ("*headings", "unit", "month")
    assert [(question.code, question.required) for question in questions] == [("wide", True)]


def test_a_weekly_block_under_a_monthly_one(tmp_path):
    text = f"date,unit,value\n{ROWS}\ndate,unit,value\n2024-01-08,North,1\n"
    assert asked(sniff(text_file(tmp_path, text))) == ["two_tables"]


def test_columns_are_found_by_name(tmp_path):
    text = "value,new,unit,date\n1,a,North,2024-01-01\n2,b,North,2024-01-02\n"
    found = outcome(text_file(tmp_path, text), value_mapping())
    assert found.column("value") == [1, 2]
    assert [item.params["columns"] for item in check(found.sniffed, value_mapping())] == [["new"]]


def test_a_column_that_went_away(tmp_path):
    path = text_file(tmp_path, "date,unit,amount\n2024-01-01,North,1\n")
    sniffed = sniff(path)
    problem = check(sniffed, value_mapping())[0]
    assert (problem.code, problem.params["column"]) == ("column_missing", "value")
    with pytest.raises(Refused) as error:
        read(path, sniffed, value_mapping())
    assert error.value.problem.code == "column_missing"


def test_a_header_that_moved(tmp_path):
    path = text_file(tmp_path, f"date,unit,value\n{ROWS}")
    with pytest.raises(Refused) as error:
        read(path, sniff(path), value_mapping(header_rows=(3,)))
    assert (error.value.problem.code, error.value.problem.params) == ("header_moved", {"expected": [3], "found": [1]})


def test_a_file_that_changed_after_it_was_looked_at(tmp_path):
    path = text_file(tmp_path, f"date,unit,value\n{ROWS}")
    sniffed = sniff(path)
    text_file(tmp_path, f"date,unit,value\n{ROWS}{ROWS}")
    with pytest.raises(Refused) as error:
        list(read(path, sniffed, value_mapping()))
    assert error.value.problem.code == "changed_file"


def test_dimensions_and_metrics_from_columns(tmp_path):
    text = "date,unit,metric,value,channel\n2024-01-01,North,Calls,1,phone\n2024-01-01,North,Mails,2,\n"
    mapping = value_mapping(
        metric_column="metric", dimensions=(Dimension("channel", "channel"), Dimension("service", fixed="A"))
    )
    chunk = outcome(text_file(tmp_path, text), mapping).chunks[0]
    assert [chunk.metric.names[code] for code in chunk.metric.codes] == ["Calls", "Mails"]
    assert [chunk.dimensions["channel"].names[code] for code in chunk.dimensions["channel"].codes] == ["phone", ""]
    assert chunk.dimensions["service"].names == ["A"]


def test_codes_mean_the_same_word_in_every_chunk(tmp_path):
    rows = "".join(f"2024-01-01,Unit {number % 7},{number}\n" for number in range(3_000))
    found = outcome(text_file(tmp_path, f"date,unit,value\n{rows}"), value_mapping(), chunk_rows=250)
    assert len(found.chunks) > 5
    assert found.units() == [f"Unit {number % 7}" for number in range(3_000)]


def test_too_many_different_units(tmp_path):
    rows = "".join(f"2024-01-01,Unit {number},1\n" for number in range(6_000))
    path = text_file(tmp_path, f"date,unit,value\n{rows}")
    with pytest.raises(Refused) as error:
        list(read(path, sniff(path), value_mapping()))
    assert error.value.problem.code == "too_many_categories"


def test_no_unit_in_the_file(tmp_path):
    path = text_file(tmp_path, "date,value\n2024-01-01,1\n2024-01-02,2\n")
    assert outcome(path, value_mapping(unit_column="")).units() == ["", ""]
    assert outcome(path, value_mapping(unit_column="", unit_fixed="South")).units() == ["South", "South"]


def test_suggested_mappings_are_usable():
    mapping = Mapping("measured", date="date", metrics=(MetricFrom("m", value=Amount(("value",))),))
    assert Mapping.from_json(mapping.to_json()) == mapping


@pytest.mark.parametrize(("said", "codes"), [("Total records: 2", []), ("Number of rows: 1,204", ["truncated"])])
def test_fewer_rows_than_the_file_declares(tmp_path, said, codes):
    sniffed = sniff(text_file(tmp_path, f"date,unit,value\n{ROWS}\n{said}\n"))
    assert (asked(sniffed), sniffed.rows) == (codes, 2)
    assert [question.why["declared"] for question in sniffed.questions] == [1204] * len(codes)
