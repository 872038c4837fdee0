"""Every verb that the code records has words of its own, marked for translation."""

import ast
import re
from collections import defaultdict
from pathlib import Path

from django.utils.functional import Promise

from teams import verbs

ROOT = Path(__file__).resolve().parents[2]
FLOORS = ("teams", "jobs", "notices", "processes", "metrics", "reviews", "improvements", "reports", "cxreview")
OFFERED, PARTS, ITEMS = (
    ("service", "product", "channel"),
    ("process", "step", "feature"),
    ("criterion", "parameter", "method"),
)
# The nouns whose name is part of the verb ("archive_service").
NAMED = {
    "create": OFFERED,
    "edit": OFFERED + ITEMS,
    "archive": OFFERED + PARTS,
    "restore": OFFERED + PARTS,
    "add": ITEMS,
    "remove": ITEMS,
}


def functions():
    for app in FLOORS:
        for path in sorted((ROOT / app).rglob("*.py")):
            tree = ast.parse(path.read_text())
            for node in ast.walk(tree):
                if isinstance(node, ast.FunctionDef):
                    yield path, node


def takers():
    """{function: place of its verb}: trail.record, and whatever hands a parameter ``verb`` on."""
    found = {"record": 1}
    for _path, node in functions():
        names = [argument.arg for argument in node.args.args]
        if "verb" in names and any(isinstance(one, ast.Call) and called(one) in TAKING for one in ast.walk(node)):
            found[node.name] = names.index("verb")
    return found


TAKING = {"record", "edit", "changing", "settle_change", "working", "Change"}


def called(call):
    return getattr(call.func, "attr", getattr(call.func, "id", ""))


def codes(value, function):
    """The codes that an expression can be; {} of a model's name is filled in from NAMED."""
    if isinstance(value, ast.Constant):
        return {value.value} if isinstance(value.value, str) else set()
    if isinstance(value, ast.IfExp):
        return codes(value.body, function) | codes(value.orelse, function)
    if isinstance(value, ast.JoinedStr):
        head = value.values[0]
        starts = codes(head.value if isinstance(head, ast.FormattedValue) else head, function)
        return {f"{one.strip('_')}_{noun}" for one in starts for noun in NAMED[one.strip("_")]}
    if isinstance(value, ast.Name):
        given = [one.value for one in ast.walk(function) if isinstance(one, ast.Assign) and set_here(one, value.id)]
        return set().union(*(codes(one, function) for one in given))
    return set()


def set_here(assign, name):
    return any(isinstance(target, ast.Name) and target.id == name for target in assign.targets)


def recorded():
    """{verb: the places that record it}."""
    places, found = takers(), defaultdict(set)
    for path, function in functions():
        for call in (one for one in ast.walk(function) if isinstance(one, ast.Call)):
            place = places.get(called(call))
            if place is None:
                continue
            given = [keyword.value for keyword in call.keywords if keyword.arg == "verb"]
            given += [call.args[place]] if len(call.args) > place else []
            for value in given:
                for code in codes(value, function):
                    if re.fullmatch(r"[a-z]+(_[a-z]+)*", code):
                        found[code].add(f"{path.relative_to(ROOT)}:{call.lineno}")
    return found


def test_every_recorded_verb_has_words():
    without = {code: sorted(places) for code, places in recorded().items() if code not in verbs.WORDS}
    assert without == {}


def test_verbs_are_found_by_their_words():
    assert verbs.codes_of("shut  the") == ["disable"]
    assert verbs.words_of("disable") == "Shut the account"


def test_a_verb_of_an_older_version_stays_readable():
    assert verbs.words_of("paint_red") == "Paint red"


def test_the_words_can_be_translated():
    assert [code for code, words in verbs.WORDS.items() if not isinstance(words, Promise)] == []
