"""Whoever makes sentences about data is checked here."""

import ast
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
CHECKED = {
    "metrics/wording/signals.py:narrate": "test_signals.py and tests/demo/test_planted.py",
    "metrics/wording/outlooks.py:chance_told": "test_targets.py",
    "metrics/wording/agreements.py:narrate_agreement": "test_agreed.py",
    "metrics/wording/breaks.py:break_told": "test_closely.py",
    "metrics/wording/closer.py:drift_told": "test_closely.py",
    "metrics/wording/closer.py:season_told": "test_closely.py",
    "metrics/wording/comparing.py:narrate_groups": "test_paired.py",
    "metrics/wording/effects.py:narrate_effect": "test_beforeafter.py",
    "metrics/wording/pairs.py:narrate_correlation": "test_paired.py",
    "metrics/wording/pairs.py:narrate_gap": "test_paired.py",
    "metrics/wording/pairs.py:narrate_mix": "test_paired.py",
    "metrics/wording/stretches.py:compared_told": "test_stretched.py and test_signals.py",
}
# What tells figures in another shape than a Narration.
BESIDE = {
    "metrics/wording/outlooks.py:criterion_told": "test_targets.py and tests/reviews/test_criterion_chance.py",
    "metrics/wording/outlooks.py:expected_told": "test_expected.py",
    "metrics/wording/pairs.py:teams_sentence": "test_paired.py",
    "metrics/wording/pairs.py:teams_warning": "test_paired.py",
    "metrics/wording/seasons.py:season_left": "test_unseasoned.py, test_signals.py and tests/demo/test_planted.py",
    "metrics/wording/seasons.py:season_note": "test_unseasoned.py",
    "metrics/wording/trajectories.py:trajectory_told": "test_pathed.py and tests/demo/test_planted.py",
    "metrics/wording/standing.py:board_line": "test_boarded.py, test_signals.py and tests/demo/test_planted.py",
    "improvements/views/outcomes.py:told": "test_outcomes.py and tests/demo/test_planted.py",
}


def makers():
    """Public functions that answer a Narration, as file:name."""
    found = set()
    for app in ("metrics", "improvements", "reviews", "reports", "cxreview"):
        for path in sorted((ROOT / app).rglob("*.py")):
            for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
                public = isinstance(node, ast.FunctionDef) and not node.name.startswith("_")
                if public and node.returns is not None and "Narration" in ast.unparse(node.returns):
                    found.add(f"{path.relative_to(ROOT)}:{node.name}")
    return found


def test_every_maker_of_sentences_is_known():
    assert makers() == set(CHECKED)


@pytest.mark.parametrize("maker", BESIDE)
def test_what_is_said_to_be_checked_is_there(maker):
    path, name = maker.split(":")
    assert f"def {name}(" in (ROOT / path).read_text(encoding="utf-8")


def returned(path, name):
    """The calls of Narration in a module that name a ``turn``, and all of them."""
    calls = [
        node
        for node in ast.walk(ast.parse((ROOT / path).read_text(encoding="utf-8")))
        if isinstance(node, ast.Call) and getattr(node.func, "id", "") == "Narration"
    ]
    return [one for one in calls if len(one.args) == 5], calls


@pytest.mark.parametrize("maker", CHECKED)
def test_each_maker_says_what_would_change_its_verdict(maker):
    with_turn, _all = returned(*maker.split(":"))
    assert with_turn != []
