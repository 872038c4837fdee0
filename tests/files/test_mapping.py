"""A mapping survives JSON, and one that says nothing sensible is refused field by field."""

import json
import re
from pathlib import Path

import pytest

from metrics import files
from metrics.files import (
    CODES,
    QUESTIONS,
    TEMPLATES,
    Amount,
    CaseColumns,
    Condition,
    Dimension,
    Flag,
    Mapping,
    MappingError,
    Problem,
    Question,
    Score,
    Sniffed,
    Where,
    check,
    sniff,
    suggest,
)
from tests.files.desk import case_mapping, share_mapping, text_file, value_mapping

FULL = Mapping(
    "cases",
    date_order="dmy",
    zone="Europe/London",
    unit_column="team",
    dimensions=(Dimension("channel", "via"), Dimension("service", fixed="Help")),
    conditions=(Condition("status", ("spam",), keep=False),),
    cases=CaseColumns(
        "id",
        "opened",
        first_response_duration=Amount(("frt",), measure="minutes"),
        within_limit=Flag("within limit", "met"),
        satisfaction=Score("score", low=1, high=5),
        flags=(Flag("again", "reopens", above=0),),
    ),
)


@pytest.mark.parametrize("mapping", [FULL, value_mapping(), share_mapping(), case_mapping()])
def test_there_and_back(mapping):
    assert Mapping.from_json(json.loads(json.dumps(mapping.to_json()))) == mapping


def test_columns_named_once_in_order():
    assert FULL.columns() == ("team", "via", "status", "id", "opened", "frt", "met", "reopens", "score")


WRONG = {
    "not an object": ([], "mapping"),
    "unknown field": ({"shape": "measured", "colour": "red"}, "colour"),
    "no shape": ({}, "mapping"),
    "shape": ({**FULL.to_json(), "shape": "square"}, "shape"),
    "version": ({**FULL.to_json(), "version": 2}, "version"),
    "zone": ({**FULL.to_json(), "zone": "Mars/Olympus"}, "zone"),
    "zone that climbs": ({**FULL.to_json(), "zone": "../../etc/passwd"}, "zone"),
    "order": ({**FULL.to_json(), "date_order": "dym"}, "date_order"),
    "decimal": ({**FULL.to_json(), "decimal": "'"}, "decimal"),
    "number as text": ({**FULL.to_json(), "unit_column": 3}, "unit_column"),
    "text as list": ({**FULL.to_json(), "missing": "?"}, "missing"),
    "header row nought": ({**FULL.to_json(), "header_rows": [0]}, "header_rows"),
    "no cases": ({"shape": "cases"}, "cases"),
    "no id": ({"shape": "cases", "cases": {"id": "", "opened": "o"}}, "cases.id"),
    "deep": (
        {"shape": "cases", "cases": {"id": "i", "opened": "o", "satisfaction": {"column": 1}}},
        "cases.satisfaction.column",
    ),
    "no date": ({"shape": "measured", "metrics": [{"name": "m", "value": {"plus": ["v"]}}]}, "date"),
    "no metrics": ({"shape": "measured", "date": "d"}, "metrics"),
    "a value and a share": (
        {
            "shape": "measured",
            "date": "d",
            "metrics": [{"name": "m", "value": {"plus": ["v"]}, "numerator": {"plus": ["n"]}}],
        },
        "metrics",
    ),
    "a sum of nothing": (
        {"shape": "measured", "date": "d", "metrics": [{"name": "m", "value": {"plus": []}}]},
        "metrics",
    ),
}


@pytest.mark.parametrize("name", WRONG)
def test_wrong_fields_are_named(name):
    data, field = WRONG[name]
    with pytest.raises(MappingError) as error:
        Mapping.from_json(data)
    assert [problem.params["field"] for problem in error.value.problems] == [field]
    assert {problem.code for problem in error.value.problems} == {"mapping_field"}


def test_what_was_found_survives_json(tmp_path):
    sniffed = sniff(text_file(tmp_path, "Report\n\ndate;unit;value\n01/02/2024;A;1,5\n03/04/2024;B;-"))
    assert Sniffed.from_json(json.loads(json.dumps(sniffed.to_json()))) == sniffed


def test_problems_and_questions_survive_json():
    problem = Problem("ragged_row", Where("S", 3, "value", "C", 4), "x", {"found": 2}, "row")
    assert Problem.from_json(json.loads(json.dumps(problem.to_json()))) == problem
    question = Question("date_order", "date_order", ("dmy", "mdy"), {"cells": 2}, ("01/02/2024",), "date")
    assert Question.from_json(json.loads(json.dumps(question.to_json()))) == question


@pytest.mark.parametrize("shape", ["measured", "cases"])
def test_our_own_templates_are_recognised(tmp_path, shape):
    header = ",".join(TEMPLATES[shape])
    row = {
        "measured": "2024-01-01,A,Calls,1,2,,,\n2024-02-01,A,Calls,1,2,,,\n",
        "cases": "1,2024-01-01 10:00 +0000" + "," * 11 + "\n",
    }
    mapping, questions = suggest(sniff(text_file(tmp_path, f"{header}\n{row[shape]}")))
    assert (mapping.layout, mapping.shape, mapping.unit_column) == (f"template-{shape}", shape, "unit")
    assert [question.code for question in questions if question.required] == []


def test_the_template_of_scorings_is_recognised(tmp_path):
    text = ",".join(TEMPLATES["scorings"]) + "\nC1,Ann,80,2024-01-01,A\nC1,Bo,82,2024-01-02,A\n"
    mapping, questions = suggest(sniff(text_file(tmp_path, text)))
    told = mapping.cases.scoring
    assert (mapping.layout, mapping.period, mapping.unit_column) == ("scorings", "month", "team")
    assert (told.rater, told.score, told.scale) == ("scored by", "score", "number")
    assert [question.code for question in questions if question.required] == []


@pytest.mark.parametrize("without", ["contact", "scored by", "score", "scored on"])
def test_without_one_of_its_columns_a_file_holds_no_scorings(tmp_path, without):
    names = ["contact", "scored by", "score", "scored on"]
    row = {"contact": "C1", "scored by": "Ann", "score": "80", "scored on": "2024-01-01"}
    kept = [name for name in names if name != without]
    text = ",".join(kept) + "\n" + ",".join(row[name] for name in kept) + "\n"
    mapping, _questions = suggest(sniff(text_file(tmp_path, text)))
    assert mapping is None or mapping.cases is None


HELPDESKS = {
    "zendesk": (
        "Id,Requester,Status,Group,Created at,Updated at,Solved at,Satisfaction Score,Reopens,"
        "First reply time in minutes\n"
        "7,Ann,Closed,Help,2024-01-01 10:00,2024-01-02 10:00,2024-01-02 10:00,Good,0,12\n"
        "8,Bob,Open,Help,2024-01-13 10:00,2024-01-14 10:00,,Offered,0,\n"
    ),
    "freshdesk": (
        "Ticket ID,Subject,Created time,Resolved time,Closed time,Last update time,Initial response time,"
        "Resolution status\n"
        "1,a,2024-01-13 10:00,2024-01-13 12:00,,2024-01-13 12:00,2024-01-13 10:05,Within SLA\n"
        "2,b,2024-01-14 10:00,2024-01-15 12:00,,2024-01-13 12:00,2024-01-14 10:05,SLA Violated\n"
    ),
    "intercom": (
        "Conversation ID,Conversation started at (Europe/Berlin),Updated at (Europe/Berlin),Conversation rating\n"
        "1,2024-01-13 10:00:00,2024-01-13 12:00:00,5\n2,2024-01-14 10:00:00,2024-01-13 12:00:00,\n"
    ),
}


@pytest.mark.parametrize(("name", "open_ones"), [("zendesk", ["zone"]), ("freshdesk", ["zone"]), ("intercom", [])])
def test_helpdesks_are_recognised(tmp_path, name, open_ones):
    mapping, questions = suggest(sniff(text_file(tmp_path, HELPDESKS[name])))
    assert mapping.layout == name
    assert [question.code for question in questions if question.required] == open_ones


def test_an_unknown_layout_is_asked_about(tmp_path):
    mapping, questions = suggest(sniff(text_file(tmp_path, "a,b\nx,y\nz,w\n")))
    assert mapping is None
    assert [question.code for question in questions] == ["layout_unknown", "date_column"]


def test_codes_and_questions_do_not_clash():
    assert set(CODES) & set(QUESTIONS) == {"dates_contradict"}


def test_every_code_is_used_and_every_code_used_is_listed():
    folder = Path(files.__file__).parent
    source = "\n".join(path.read_text() for path in folder.glob("*.py") if path.name != "codes.py")
    assert [code for code in (*CODES, *QUESTIONS) if f'"{code}"' not in source] == []
    made = re.findall(r'(?:refusal|Problem|Bad|Question)\(\s*"(\w+)"', source)
    made += re.findall(r'\.(?:reject|warn)\((?:self\.reading, )?place, "(\w+)"', source)
    assert sorted(set(made) - set(CODES) - set(QUESTIONS)) == []


def test_a_repeated_header_that_is_mapped_is_asked_about(tmp_path):
    _, questions = suggest(sniff(text_file(tmp_path, "date,unit,value,value\n2024-01-01,A,1,9\n2024-01-02,A,2,8\n")))
    assert [(question.code, question.choices) for question in questions] == [
        ("repeated_header", ("value", "value (2)"))
    ]


def test_an_audit_log_is_no_list_of_cases(tmp_path):
    path = text_file(tmp_path, "id,opened\n" + "".join(f"T{row // 4},2024-01-13\n" for row in range(40)))
    sniffed = sniff(path)
    assert [(item.code, item.severity) for item in check(sniffed, case_mapping())] == [("events", "ask")]
    assert check(sniffed, case_mapping(), frozenset({"events"})) == []
    assert suggest(sniffed)[1][-2].why == {"rows": 40, "ids": 10}
