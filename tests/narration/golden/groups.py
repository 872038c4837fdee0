"""Units, services or channels side by side: which can be told apart, and where each could stand."""

from metrics.wording.comparing import (
    OUTSIDE,
    PROBLEMS,
    changed_within,
    groups_line,
    method_lines,
    narrate_groups,
    places,
)
from tests.metrics.making import month

from .making import metric

NAMES = dict(enumerate(["North", "West", "East", "South", "Night desk", "Line two"]))


def group(number, band=0, outside=0):
    return {"id": number, "band": band, "outside": outside, "low": 78.0 + number, "high": 82.0 + number,
            "first": 1, "last": 3}  # fmt: skip


def facts(bands=1, groups=None, parted=0, **more):
    pairs = [[0, number, 1.0, 2.0, number <= parted] for number in range(1, 4)]
    rows = groups or [group(0), group(1), group(2)]
    return {"bands": bands, "groups": rows, "pairs": pairs, "first": month(0), "last": month(11), "middle": 81.5,
            "shape": "shares", "inflation": 1.0, "tau2": 0.0, "curves": [], "sigmas": 2.34, **more}  # fmt: skip


def cases():
    of = metric("proportion")
    for title, found in {
        "nobody can be told apart": facts(),
        "one alone": facts(groups=[group(0)]),
        "one pair, no line": facts(parted=1),
        "two pairs, no line": facts(parted=2),
        "two groups": facts(2, [group(0), group(1), group(2, 1)]),
        "two groups of many": facts(2, [*map(group, range(5)), group(5, 1)]),
        "outside the funnel": facts(groups=[group(0), group(1, outside=1)]),
        "ready-made numbers": facts(shape="means"),
        "periods differ much, funnel widened": facts(inflation=1.63, tau2=0.002, curves=[1]),
    }.items():
        yield title, narrate_groups(of, found, NAMES)
    for count in (1, 3):
        yield f"{count} changed within the period", changed_within(count)
    row, found = group(0), facts()
    for direction in (1, -1):
        yield f"could stand, better {direction}", places(row, found, direction)
    yield "told from all others", places({**row, "first": 2, "last": 2}, found, 1)
    for shape in ("shares", "rates", "means"):
        yield f"how it was made: {shape}", groups_line(facts(shape=shape))
    for direction in (1, 0):
        yield (
            f"what the columns mean, {direction}",
            [f"{term}: {words}" for term, words in method_lines(found, direction)],
        )
    for code, words in PROBLEMS.items():
        yield f"cannot be compared: {code}", str(words)
    for side, words in OUTSIDE.items():
        yield f"funnel {side}", str(words)
