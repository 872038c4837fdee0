"""In which order series ask for a look: one order for board, home and papers.

A confirmed change is open until somebody says with a word what is known about it: until then its series stands where the
change put it, also when its latest values are quiet again.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any, NamedTuple

from django.db.models import Case, CharField, F, IntegerField, OuterRef, Q, QuerySet, Subquery, Value, When
from django.db.models.functions import Coalesce, Least

from metrics.models import Analysis, Signal, Standing
from metrics.queries.analyses import DEFAULT_KEY

SPECIAL = ("improvement", "concern", "neutral_high", "neutral_low")
NO_CHANGE, CANNOT_MEET = ("common_cause", "too_few"), "consistent_fail"
# Those alike stand by name.
BY_NAME = ("series__metric__name", "series__unit__name")
ORDER_BY = ("rank", *BY_NAME, "pk")
CONFIRMED = Q(standing=Standing.CONFIRMED)
# Which way a change points: the icon of the latest value, or the scan where no rule has marked that value.
_UP, _DOWN = Q(standing=Standing.CONFIRMED, scan__gt=0), Q(standing=Standing.CONFIRMED, scan__lt=0)
WORSE = Q(variation="concern") | (_DOWN & Q(series__metric__direction=1)) | (_UP & Q(series__metric__direction=-1))
BETTER = Q(variation="improvement") | (_UP & Q(series__metric__direction=1)) | (_DOWN & Q(series__metric__direction=-1))
CANNOT = Q(assurance=CANNOT_MEET)
# Concern that cannot meet its target comes first; then the other concerns, then what cannot meet its target …; among
# those alike Confirmed before Watch.
ORDER = (
    WORSE & CANNOT & CONFIRMED,
    WORSE & CANNOT,
    WORSE & CONFIRMED,
    WORSE,
    CANNOT,
    CONFIRMED & ~BETTER,
    Q(variation__in=SPECIAL) & ~BETTER,
    CONFIRMED,
    BETTER,
    Q(assurance="inconsistent"),
)
_OPEN = Signal.objects.filter(
    series=OuterRef("series"), rule=Signal.Rule.SCAN, state=Signal.State.OPEN, gone=False
).order_by("point_type")  # a concern comes first
# Of what kind the confirmed change is about which nobody has said a word yet; "" without one.
HELD = Coalesce(Subquery(_OPEN.values("point_type")[:1]), Value(""), output_field=CharField())
# Where it stands by the places of ORDER, after all without one. A number besides the name, for every place that asks
# makes the database look once more, and by a number fewer have to.
HELD_CONCERN, HELD_NEUTRAL, HELD_BETTER, NOT_HELD = 2, 5, 7, len(ORDER)
HELD_AT = Coalesce(
    Subquery(
        _OPEN.values(
            place=Case(
                When(point_type="concern", then=Value(HELD_CONCERN)),
                When(point_type="improvement", then=Value(HELD_BETTER)),
                default=Value(HELD_NEUTRAL),
            )
        )[:1]
    ),
    Value(NOT_HELD),
    output_field=IntegerField(),
)
RANK = Least(
    Case(
        *(When(condition, then=Value(place)) for place, condition in enumerate(ORDER)),
        default=Value(len(ORDER)),
        output_field=IntegerField(),
    ),
    Case(When(CANNOT & Q(held_at=HELD_CONCERN), then=Value(0)), default=F("held_at"), output_field=IntegerField()),
)
# What a row says of change, in one word: the icon, or the confirmed change where no rule has marked the latest value.
CHANGE = Case(
    When(WORSE | Q(held_at=HELD_CONCERN), then=Value("concern")),
    When(BETTER | Q(held_at=HELD_BETTER), then=Value("improvement")),
    When(Q(variation__in=SPECIAL) | CONFIRMED | Q(held_at__lt=NOT_HELD), then=Value("change")),
    When(variation="too_few", then=Value("too_few")),
    default=Value("common_cause"),
    output_field=CharField(),
)
# How sure that is, in one word; the values may have become too few since the last judgement (new limits).
SURE = Case(
    When(CONFIRMED | Q(held_at__lt=NOT_HELD), then=Value(Standing.CONFIRMED.value)),
    When(Q(variation="too_few") & ~Q(standing=Standing.WATCH), then=Value(Standing.TOO_FEW.value)),
    default=F("standing"),
    output_field=CharField(),
)


def ranked(rows: QuerySet[Analysis]) -> QuerySet[Analysis]:
    """The same analyses, each with ``held``, ``rank``, ``change`` and ``sure``."""
    return rows.alias(held_at=HELD_AT).annotate(held=HELD, rank=RANK, change=CHANGE, sure=SURE)


class Place(NamedTuple):
    """Where a series stands on the board (``place`` counts from 0), and by what."""

    rank: int
    change: str
    assurance: str
    place: int

    def holds(self, other: Place) -> bool:
        """Whether the other may fold under this one: nothing does under what is less urgent (that is weighed before), under
        another kind of change, or out of "cannot meet its target"."""
        return other.change in (self.change, *NO_CHANGE) and (
            other.assurance != CANNOT_MEET or self.assurance == CANNOT_MEET
        )


# Of a series without an analysis.
NOWHERE = Place(len(ORDER) + 1, "common_cause", "", 1_000_000_000)


def places(series_ids: Iterable[int]) -> dict[int, Place]:
    """{series: where it stands among these}; one query, for any number of series that doors gave."""
    rows = Analysis.objects.filter(series__in=list(series_ids), settings_key=DEFAULT_KEY)
    ordered: QuerySet[Any] = ranked(rows)
    found = ordered.order_by(*ORDER_BY).values_list("series_id", "rank", "change", "assurance")
    return {
        series: Place(rank, change, assurance, place)
        for place, (series, rank, change, assurance) in enumerate(found.iterator())
    }
