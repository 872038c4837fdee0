"""The codes of a file in words."""

import re

from metrics.files.codes import CODES, QUESTIONS
from metrics.wording import problems


def test_every_code_of_a_file_has_words():
    assert sorted(set(CODES) - set(problems.WORDS)) == []
    assert sorted(set(QUESTIONS) - set(problems.QUESTIONS)) == []


def test_the_words_of_a_code_use_only_what_it_tells():
    wrong = {
        code: re.findall(r"%\((\w+)\)s", str(problems.WORDS[code]))
        for code, (_severities, params) in CODES.items()
        if set(re.findall(r"%\((\w+)\)s", str(problems.WORDS[code]))) - {*params, "value"}
    }
    assert wrong == {}


def test_a_problem_is_told_with_its_place():
    problem = {
        "code": "date_impossible",
        "value": "2024-02-31",
        "where": {"sheet": "", "row": 4, "column": "month", "letter": "A"},
        "params": {},
    }

    assert problems.told(problem) == "There is no such day: “2024-02-31”."
    assert problems.where(problem) == "row 4, column month (A)"
    assert problems.told({"code": "too_large", "params": {"size": 300 * 1024 * 1024, "limit": 200 * 1024 * 1024}}) == (
        "The file is too large: 300 MB, and the limit is 200 MB. Export a shorter period."
    )
