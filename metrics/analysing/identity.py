"""Which run of a rule is which signal: links to a signal hold although its run grows, shrinks or moves. Pure."""

from __future__ import annotations

from bisect import bisect_right
from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import accumulate

Key = tuple[int, str, int]


@dataclass(frozen=True)
class Span:
    """A run or a signal: ``key`` is (series, rule, direction), days are proleptic ordinals, both ends included."""

    key: Key
    first: int
    last: int


def match(old: Sequence[Span], new: Sequence[Span]) -> dict[int, int]:
    """{place in ``new``: place in ``old``}: a new run that overlaps an old one of the same key is the same signal.

    Each is used once; where several overlap, the longest common stretch decides, then the older signal.
    """
    by_key: dict[Key, list[int]] = defaultdict(list)
    for place in sorted(range(len(old)), key=lambda place: old[place].first):
        by_key[old[place].key].append(place)
    known = {key: _Line(old, places) for key, places in by_key.items()}
    pairs = [
        (-_common(old[before], span), before, after)
        for after, span in enumerate(new)
        if span.key in known
        for before in known[span.key].touching(span)
    ]
    found: dict[int, int] = {}
    taken: set[int] = set()
    for _length, before, after in sorted(pairs):
        if after not in found and before not in taken:
            found[after] = before
            taken.add(before)
    return found


class _Line:
    """The old spans of one key in order of their first days. A long history has thousands of them, and looking at each
    for each new one took most of the time of an analysis after one new day."""

    def __init__(self, old: Sequence[Span], places: list[int]) -> None:
        self.places = places
        self.firsts = [old[place].first for place in places]
        # The latest last day so far: before a span that reaches no further than that, none can touch.
        self.reach = list(accumulate((old[place].last for place in places), max))
        self.old = old

    def touching(self, span: Span) -> Iterator[int]:
        """The places of those that share a day with the span."""
        at = bisect_right(self.firsts, span.last)
        while at and self.reach[at - 1] >= span.first:
            at -= 1
            if self.old[self.places[at]].last >= span.first:
                yield self.places[at]


def _common(one: Span, other: Span) -> int:
    return min(one.last, other.last) - max(one.first, other.first) + 1
