"""Whoever makes sentences about data is checked here, or stands on the list of those that are not yet."""

import ast
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
CHECKED = {
    "metrics/wording/signals.py:narrate": "test_signals.py and tests/demo/test_planted.py",
    "metrics/wording/outlooks.py:chance_told": "test_targets.py",
    "metrics/wording/breaks.py:break_told": "test_closely.py",
    "metrics/wording/closer.py:drift_told": "test_closely.py",
    "metrics/wording/closer.py:season_told": "test_closely.py",
    "metrics/wording/comparing.py:narrate_groups": "test_paired.py",
    "metrics/wording/effects.py:narrate_effect": "test_beforeafter.py",
    "metrics/wording/pairs.py:narrate_correlation": "test_paired.py",
    "metrics/wording/pairs.py:narrate_gap": "test_paired.py",
    "metrics/wording/pairs.py:narrate_mix": "test_paired.py",
}
# Golden sentences hold these; no number of theirs is worked out again from raw observations.
NOT_YET = {
    "metrics/wording/stretches.py:compared_told",
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
    found = makers()
    assert found <= set(CHECKED) | NOT_YET
    assert set(CHECKED) <= found
