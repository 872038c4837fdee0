"""Every code that an import can answer with has its words."""

from jobs import registry
from metrics.files import CODES, QUESTIONS
from metrics.wording import problems

OURS = {
    "unit_outside",
    "unit_archived",
    "row_twice",
    "case_twice",
    "scored_twice",
    "metric_period",
    "dimension_unknown",
    "plan_failed",
    "plan_cancelled",
}


def test_every_problem_has_a_sentence():
    assert {*CODES, *OURS} - {*problems.WORDS} == set()


def test_every_sentence_finds_its_facts():
    for code, (_severities, names) in CODES.items():
        told = problems.told({"code": code, "value": "x", "params": dict.fromkeys(names, 7)})
        assert "%(" not in told and told != code


def test_every_question_is_asked_in_words():
    assert {*QUESTIONS, "units", "metrics"} - {*problems.QUESTIONS} == set()


def test_the_worker_s_steps_have_names():
    works = ("look_at_upload", "plan_upload", "merge_upload", "undo_upload")
    assert {f"metrics.{name}" for name in works} - {*registry.WORDS} == set()
