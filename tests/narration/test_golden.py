"""What is told of data stands written down in golden/*.txt: a changed sentence shows as a difference of text.

After a change on purpose: ``GOLDEN=renew python -m pytest tests/narration/test_golden.py``, then read the difference.
"""

import ast
import datetime as dt
import difflib
import importlib
import os
from pathlib import Path

import pytest
from django.utils import translation
from django.utils.translation import trans_real

from metrics.wording.narration import Narration

ROOT = Path(__file__).resolve().parents[2]
FOLDER = Path(__file__).resolve().parent / "golden"
PARTS = ("signals", "headlines", "targets", "comparisons", "closer", "outcomes", "groups", "pairs", "agreements")
# Of whose sentences each is written down; other figures of these modules stand on pages, not in sentences.
WHOLE = ("signals", "turning", "standing", "seasons", "notes", "stretches", "outlooks", "effects", "paces", "changes", "closer",
         "breaks", "comparing", "pairs", "agreements", "periods", "trajectories")  # fmt: skip
RENEW = "GOLDEN=renew python -m pytest tests/narration/test_golden.py"
# What is never said: a number in it is fixed, or one alone is told otherwise.
APART = {
    "Not enough to compare: each stretch needs at least %(n)s value, and some variation.",
    "Only %(count)s unit has both: over so few, nothing can be told.",
}


def lines_of(told):
    """Each sentence with what it is for."""
    if isinstance(told, Narration):
        names = {"fact": "", "meaning": "means", "caveat": "but", "next_step": "next", "turn": "until"}
        rows = ((names[name], str(words)) for name, words in vars(told).items())
        return [f"    {name + ': ' if name else ''}{words}" for name, words in rows if words]
    return [f"    {words}" for words in ([told] if isinstance(told, str) else told) if words]


def written(part):
    """The text of all cases of a part, as the product tells them in English on the second of January 2025."""
    told = list(importlib.import_module(f"tests.narration.golden.{part}").cases())
    titles = [title for title, _words in told]
    assert sorted({title for title in titles if titles.count(title) > 1}) == [], "two cases have one title"
    return "\n".join(line for title, words in told for line in (f"{title}", *lines_of(words), ""))


@pytest.fixture(autouse=True)
def english(clock_at):
    clock_at(dt.datetime(2025, 1, 2, 9, tzinfo=dt.UTC))
    with translation.override("en-gb"):
        yield


@pytest.mark.parametrize("part", PARTS)
def test_sentences_are_as_they_are_written_down(part):
    path, now = FOLDER / f"{part}.txt", written(part)
    if os.environ.get("GOLDEN") == "renew":
        path.write_text(now, encoding="utf-8")
        pytest.skip("only on renewal: written anew, read the difference")
    kept = path.read_text(encoding="utf-8")
    difference = list(difflib.unified_diff(kept.splitlines(), now.splitlines(), path.name, "now", lineterm="", n=2))
    if difference:
        pytest.fail("\n".join([*difference, f"Changed on purpose? {RENEW}"]), pytrace=False)


def marked_in(module):
    """The texts that a module of words marks for translation: of one and of many."""
    found = set()
    for node in ast.walk(ast.parse((ROOT / f"metrics/wording/{module}.py").read_text(encoding="utf-8"))):
        name = getattr(node.func, "id", "") if isinstance(node, ast.Call) else ""
        if name in ("_", "gettext_lazy"):
            found.add(ast.literal_eval(node.args[0]))
        elif name == "ngettext":
            found.update(ast.literal_eval(one) for one in node.args[:2])
    return found


@pytest.fixture
def asked(monkeypatch):
    """The texts for which a translation is looked up."""
    found = set()
    one, many = trans_real.gettext, trans_real.ngettext

    def gettext(message):
        found.add(message)
        return one(message)

    def ngettext(singular, plural, number):
        found.add(singular if number == 1 else plural)
        return many(singular, plural, number)

    monkeypatch.setattr(trans_real, "gettext", gettext)
    monkeypatch.setattr(trans_real, "ngettext", ngettext)
    monkeypatch.setattr("django.utils.translation._trans.gettext", gettext, raising=False)
    monkeypatch.setattr("django.utils.translation._trans.ngettext", ngettext, raising=False)
    return found


def test_every_sentence_is_written_down(asked):
    """Each text of these modules is part of a case, in the singular and in the plural."""
    for part in PARTS:
        written(part)
    missing = [f"{module}: {text}" for module in WHOLE for text in sorted(marked_in(module) - asked - APART)]
    if missing:
        pytest.fail("\n".join(["No case of golden/ tells:", *missing]), pytrace=False)
