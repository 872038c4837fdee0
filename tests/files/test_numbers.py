"""Numbers, shares, durations and answers (imports.md, cases 57 to 68)."""

import pytest

from metrics.files import Amount, Flag, MetricFrom, Refused, Score, check, read, scaled, sniff, suggest
from metrics.files.numbers import parse_amount, parse_number
from tests.files.desk import case_mapping, outcome, share_mapping, sheet_file, text_file, value_mapping


def values(folder, *cells, **fields):
    text = "date;unit;value\n" + "".join(f'2024-01-01;North;"{cell}"\n' for cell in cells)
    return outcome(text_file(folder, text), value_mapping(**fields))


@pytest.mark.parametrize(
    ("text", "decimal", "number"),
    [
        ("1,234.5", ".", 1234.5),
        ("1.234,5", ",", 1234.5),
        ("1 234,5", ",", 1234.5),
        ("1\u00a0234\u202f567,5", ",", 1234567.5),
        ("1\u202f234\u202f567,5", ",", 1234567.5),
        ("1'234.5", ".", 1234.5),
        ("1’234.5", ".", 1234.5),
        ("1.234", ".", 1.234),
        ("1.234", ",", 1234.0),
        ("-12", ".", -12.0),
        ("\u221212", ".", -12.0),
        ("(12)", ".", -12.0),
        ("£1,200", ".", 1200.0),
        ("+3", ".", 3.0),
        (".5", ".", 0.5),
        ("1.5e3", ".", 1500.0),
        ("87%", ".", 0.87),
        ("87 %", ".", 0.87),
        ("87,5%", ",", 0.875),
        ("3,87,16,91,111", ".", "number_grouping"),
        ("1,23", ".", "number_grouping"),
        ("0,123", ".", "number_grouping"),
        ("1.2.3", ".", "number_grouping"),
        ("52+", ".", "number_censored"),
        ("<5", ".", "number_censored"),
        (">60", ".", "number_censored"),
        ("inf", ".", "number_infinite"),
        ("-Infinity", ".", "number_infinite"),
        ("1e400", ".", "number_infinite"),
        # Two of these would be more than a float holds, and no sum of units could be stored.
        ("1.7e308", ".", "number_infinite"),
        ("1e100", ".", 1e100),
        ("1_000", ".", "number_unreadable"),
        ("0x10", ".", "number_unreadable"),
        ("１２", ".", "number_unreadable"),
        ("twelve", ".", "number_unreadable"),
        ("1 2", ".", "number_grouping"),
    ],
)
def test_written_numbers(text, decimal, number):
    assert parse_number(text, decimal) == number


@pytest.mark.parametrize(
    ("text", "measure", "seconds"),
    [
        ("0:03:09", "clock", 189),
        ("27:45:00", "clock", 99_900),
        ("-2:15", "clock", -8_100),
        ("1900-01-01 03:45:00", "clock", 99_900),
        ("1899-12-31 03:45:00", "clock", 13_500),
        ("3:75", "clock", "duration_unreadable"),
        ("153", "clock", "duration_unreadable"),
        ("1d 3h", "words", 97_200),
        ("1 day 3 hours", "words", 97_200),
        ("12 minutes 5 seconds", "words", 725),
        ("2 weeks", "words", 1_209_600),
        ("soon", "words", "duration_unreadable"),
        ("1.5", "hours", 5_400),
        ("90", "minutes", 5_400),
        ("2", "days", 172_800),
        ("12", "seconds", 12),
        ("50", "percent", 0.5),
        ("50%", "percent", 0.5),
    ],
)
def test_amounts(text, measure, seconds):
    assert parse_amount(text, measure, ".") == seconds


@pytest.mark.parametrize(
    "cell", ["", "-", "--", "?", "n/a", "NA", "NULL", "None", "*", "#N/A", "#REF!", "#DIV/0!", " "]
)
def test_missing_figures_are_no_zero(tmp_path, cell):
    found = values(tmp_path, "1", cell, "3")
    assert (found.column("value"), found.reading.without_values, found.rejected) == ([1, 3], 1, [])


def test_a_mark_in_a_text_column_is_a_word(tmp_path):
    text = "date,unit,value\n2024-01-01,NA,1\n2024-01-02,-,2\n"
    assert outcome(text_file(tmp_path, text), value_mapping()).units() == ["NA", "-"]


@pytest.mark.parametrize("bad", ["52+", "inf", "1e400", "3,87,16,91,111", "abc", "1_000"])
def test_a_figure_that_is_none_leaves_its_row_out(tmp_path, bad):
    found = values(tmp_path, "1", bad, "3")
    assert found.column("value") == [1, 3]
    where = found.rejected[0].problems[0].where
    assert (where.row, where.column, where.letter, found.rejected[0].cells[2]) == (3, "value", "C", bad)


def decimal_of(folder, *cells):
    text = "date;unit;value\n" + "".join(f"2024-01-0{place};North;{cell}\n" for place, cell in enumerate(cells, 1))
    mapping, questions = suggest(sniff(text_file(folder, text)))
    return mapping.decimal, [question.code for question in questions]


def test_the_decimal_mark_is_proved(tmp_path):
    assert decimal_of(tmp_path, "1.234", "1.5") == (".", [])
    assert decimal_of(tmp_path, "1.234", "1,5") == (",", [])
    assert decimal_of(tmp_path, "1.234.567", "1.234") == (",", [])
    assert decimal_of(tmp_path, "1234", "12") == (".", [])


def test_a_thousand_or_one_and_a_bit(tmp_path):
    assert decimal_of(tmp_path, "1.234", "5.678") == (".", ["decimal"])
    assert decimal_of(tmp_path, "1,234", "5,678") == (".", ["decimal"])


def test_both_marks_in_one_column(tmp_path):
    assert decimal_of(tmp_path, "1.5", "2,5")[1] == ["decimal"]


def test_a_saved_mark_that_the_file_disproves(tmp_path):
    path = text_file(tmp_path, "date;unit;value\n2024-01-01;North;1.234\n2024-01-02;North;1,5\n")
    problems = check(sniff(path), value_mapping(decimal="."))
    assert [(item.code, item.severity) for item in problems] == [("numbers_contradict", "refuse")]


def test_workbook_numbers_do_not_depend_on_the_mark(tmp_path):
    path = sheet_file(tmp_path, [["date", "unit", "value"], ["2024-01-01", "A", 1.234], ["2024-01-01", "A", "1.234"]])
    assert outcome(path, value_mapping(decimal=",")).column("value") == [1.234, 1234]
    assert outcome(path, value_mapping(decimal=".")).column("value") == [1.234, 1.234]


def shares(folder, *pairs):
    text = "date,unit,good,all\n" + "".join(f"2024-01-01,North,{good},{whole}\n" for good, whole in pairs)
    return outcome(text_file(folder, text), share_mapping())


def test_shares_keep_numerator_and_denominator(tmp_path):
    found = shares(tmp_path, (8, 10), (0, 0), ("", 10), (5, "-"))
    assert (found.column("share"), found.column("whole")) == ([8, 0], [10, 0])
    assert found.reading.without_values == 2


@pytest.mark.parametrize(
    ("pair", "code"),
    [
        ((11, 10), "above_whole"),
        ((-1, 10), "number_negative"),
        ((1, 0), "denominator_zero"),
        ((1, -5), "number_negative"),
    ],
)
def test_shares_that_cannot_be(tmp_path, pair, code):
    found = shares(tmp_path, (8, 10), pair)
    assert ([why[1] for why in found.why()], found.column("share")) == ([code], [8])


def test_a_difference_of_columns(tmp_path):
    within = MetricFrom("share", numerator=Amount(("all",), ("good",)), denominator=Amount(("all",)), kind="proportion")
    text = "date,unit,good,all\n2024-01-01,North,3,10\n2024-01-01,North,11,10\n"
    found = outcome(text_file(tmp_path, text), share_mapping(metrics=(within,)))
    assert (found.column("share"), [why[:2] for why in found.why()]) == ([7], [(3, "number_negative")])


def test_the_template_takes_plain_values_and_shares(tmp_path):
    text = "period,unit,metric,numerator,denominator\n2024-01-01,A,Calls,120,\n2024-02-01,A,Answered,90,120\n"
    path = text_file(tmp_path, text)
    mapping, questions = suggest(sniff(path))
    assert (mapping.layout, questions) == ("template-measured", [])
    figures = outcome(path, mapping).chunks[0].values["numerator"]
    assert figures.numerator.tolist() == [120, 90]
    assert [value == value for value in figures.denominator.tolist()] == [False, True]


def test_percentages_become_shares(tmp_path):
    metric = (MetricFrom("value", value=Amount(("value",), measure="percent"), kind="proportion"),)
    found = values(tmp_path, "87%", "87", "101", metrics=metric)
    assert (found.column("value"), [why[1] for why in found.why()]) == ([0.87, 0.87], ["above_whole"])


def cases(folder, head, *lines):
    text = f"id,opened,{head}\n" + "".join(f"{number},2024-01-01,{line}\n" for number, line in enumerate(lines, 1))
    return text_file(folder, text)


@pytest.mark.parametrize("yes", ["true", "TRUE", "ja", "oui", "1", "Y", "Within SLA"])
def test_yes_in_many_words(tmp_path, yes):
    found = outcome(cases(tmp_path, "met", yes, "no", ""), case_mapping(within_limit=Flag("met", "met")))
    assert found.column("within_limit") == [1, 0, -1]


def test_an_answer_that_is_neither(tmp_path):
    found = outcome(cases(tmp_path, "met", "yes", "perhaps"), case_mapping(within_limit=Flag("met", "met")))
    assert found.why() == [(3, "flag_unreadable", "perhaps")]


def test_satisfaction_in_words(tmp_path):
    path = cases(tmp_path, "score", "Good", "Bad", "Offered", "Not Offered", "", "good")
    found = outcome(path, case_mapping(satisfaction=Score("score")))
    assert found.column("satisfied") == [1, 0, -1, -1, -1, 1]


def test_satisfaction_on_a_scale(tmp_path):
    path = cases(tmp_path, "score", "5", "3", "0", "N/A", "7", "4.0")
    found = outcome(path, case_mapping(satisfaction=scaled(Score("score"), "1-5")))
    assert (found.column("satisfied"), found.column("score")) == ([1, 0, -1, -1, 1], [5, 3, None, None, 4])
    assert found.why() == [(6, "score_outside", "7")]


def test_net_promoters_may_answer_nought(tmp_path):
    path = cases(tmp_path, "score", "0", "10", "9", "8")
    found = outcome(path, case_mapping(satisfaction=scaled(Score("score"), "0-10")))
    assert found.column("satisfied") == [0, 1, 1, 0]


def test_a_scale_nobody_stated_is_asked_about(tmp_path):
    text = "id,opened,satisfaction\n1,2024-01-01 10:00 +0000,5\n2,2024-01-02 10:00 +0000,3\n"
    _, questions = suggest(sniff(text_file(tmp_path, text)))
    assert [question.code for question in questions if question.required] == ["scale"]


def test_durations_of_cases(tmp_path):
    path = cases(tmp_path, "took", "0:03:09", "27:45:00", "-1:00:00", "")
    found = outcome(path, case_mapping(resolution_duration=Amount(("took",), measure="clock")))
    assert found.column("resolution_seconds") == [189, 99_900, None, None]
    assert (found.reading.contradictions, found.reading.accepted) == ({"duration_negative": 1}, 4)


@pytest.mark.parametrize(("cell", "count"), [("0", 0), ("3", 3), ("?", -1), ("1.0", 1)])
def test_reopens(tmp_path, cell, count):
    assert outcome(cases(tmp_path, "again", cell), case_mapping(reopens="again")).column("reopens") == [count]


@pytest.mark.parametrize("cell", ["-1", "1.5", "often", "1e9"])
def test_reopens_that_cannot_be(tmp_path, cell):
    assert outcome(cases(tmp_path, "again", cell), case_mapping(reopens="again")).reading.rejected == 1


def test_ids_keep_their_zeros_and_rounded_ones_are_refused(tmp_path):
    path = text_file(tmp_path, "id,opened\n00001026,2024-01-01\n@next,2024-01-02\n")
    assert outcome(path, case_mapping()).chunks[0].external_id == ["00001026", "@next"]
    path = text_file(tmp_path, "id,opened\n1.03006E+13,2024-01-01\n1.03006E+13,2024-01-02\n")
    with pytest.raises(Refused) as error:
        list(read(path, sniff(path), case_mapping()))
    assert (error.value.problem.code, error.value.problem.where.row) == ("ids_rounded", 2)


def test_long_whole_numbers_of_a_workbook_are_rounded_too(tmp_path):
    path = sheet_file(tmp_path, [["id", "opened"], [1234567890123456789, "2024-01-01"]])
    with pytest.raises(Refused) as error:
        list(read(path, sniff(path), case_mapping()))
    assert error.value.problem.code == "ids_rounded"


def test_text_that_looks_like_a_formula_is_text(tmp_path):
    text = "date,unit,value\n2024-01-01,\"=cmd|' /C calc'!A0\",1\n2024-01-02,@next,2\n2024-01-03,-12345,3\n"
    assert outcome(text_file(tmp_path, text), value_mapping()).units() == ["=cmd|' /C calc'!A0", "@next", "-12345"]


def test_personal_columns_are_named(tmp_path):
    sniffed = sniff(text_file(tmp_path, "id,opened,email,who\n1,2024-01-01,a@b.org,c@d.org\n2,2024-01-02,e@f.org,x\n"))
    assert [item.params["columns"] for item in sniffed.problems if item.code == "personal_column"] == [["email", "who"]]
