"""What the X-ray looks at, read in one query: each kind of weak point is one part of a union of narrow rows."""

from __future__ import annotations

from typing import Any, NamedTuple

from django.db.models import CharField, Count, F, IntegerField, Q, QuerySet, TextField, Value
from django.db.models.functions import Cast, Coalesce, Concat

from reviews import states
from reviews.models import (
    Answer,
    CollectionMethod,
    Conclusion,
    Evidence,
    Finding,
    Judgement,
    Question,
    Review,
    Round,
    Subject,
)


class Row(NamedTuple):
    """``pk`` of the object (or of its page), its name, a word more (state, respect, day), two numbers."""

    kind: str
    pk: int
    name: str
    more: str
    first: int
    second: int


def rows_of(review: Review) -> dict[str, list[Row]]:
    """{kind: rows in order} of a review under way or later; one query."""
    parts = [part(review) for part in PARTS]
    found: dict[str, list[Row]] = {}
    # order_by on the numbers of columns: a union has no names that both databases agree on.
    for row in parts[0].union(*parts[1:], all=True):
        found.setdefault(row[0], []).append(Row(*row))
    return {
        kind: sorted(rows, key=lambda row: (row.first if kind == "subject" else 0, row.pk))
        for kind, rows in found.items()
    }


def _narrow(
    rows: QuerySet[Any], kind: str, pk: Any, name: Any, more: Any, first: Any, second: Any
) -> QuerySet[Any, Any]:
    columns = {
        "w_kind": Cast(Value(kind), CharField()),
        "w_pk": Cast(pk, IntegerField()),
        "w_name": Cast(name, TextField()),
        "w_more": Cast(more, TextField()),
        "w_first": Cast(first, IntegerField()),
        "w_second": Cast(second, IntegerField()),
    }
    return rows.order_by().annotate(**columns).values_list(*columns)


NONE, ZERO = Value(""), Value(0)
ABOUT = Coalesce("subject__step__name", "subject__feature__name")


def _bare_judgements(review: Review) -> QuerySet[Any, Any]:
    rows = Judgement.objects.filter(subject__review=review, why="", evidence__isnull=True)
    return _narrow(
        rows.exclude(rating=states.NOT_ENOUGH), "judgement", F("subject_id"), ABOUT, F("respect"), ZERO, ZERO
    )


def _subjects_without_compliance(review: Review) -> QuerySet[Any, Any]:
    judged = Judgement.objects.filter(subject__review=review, respect=states.COMPLIANCE)
    rows = Subject.objects.filter(review=review)
    missing = rows.exclude(pk__in=judged.exclude(rating=states.NOT_ENOUGH).values("subject"))
    name = Coalesce("step__name", "feature__name")
    return _narrow(missing, "subject", F("pk"), name, NONE, F("position"), ZERO)


def _rounds(review: Review) -> QuerySet[Any, Any]:
    rows = Round.objects.filter(review=review).annotate(
        invited=Count("invitations", distinct=True),
        finished=Count("invitations", filter=Q(invitations__finished_at__isnull=False), distinct=True),
    )
    more = Concat(Cast("state", TextField()), Value(" "), Cast("closes_on", TextField()), output_field=TextField())
    return _narrow(rows, "round", F("pk"), F("title"), more, F("invited"), F("finished"))


def _unexplored(review: Review) -> QuerySet[Any, Any]:
    rows = Question.objects.filter(round__review=review, round__state=states.ROUND_CLOSED, answers__isnull=True)
    return _narrow(rows, "question", F("round_id"), F("text"), NONE, F("pk"), ZERO)


def _findings(review: Review) -> QuerySet[Any, Any]:
    rows = Finding.objects.filter(review=review).exclude(state=states.MERGED)
    more = Concat(Cast("state", TextField()), Value(" "), Cast("sort", TextField()), output_field=TextField())
    return _narrow(rows, "finding", F("pk"), F("title"), more, ZERO, ZERO)


def _bare_conclusions(review: Review) -> QuerySet[Any, Any]:
    linked = Evidence.objects.filter(review=review, finding__criterion__isnull=False).values("finding__criterion")
    rows = Conclusion.objects.filter(criterion__review=review, rule_result=states.NOT_ENOUGH, why="")
    bare = rows.exclude(Q(rating=states.NOT_ENOUGH) | Q(criterion__in=linked))
    return _narrow(bare, "conclusion", F("criterion_id"), F("criterion__name"), NONE, ZERO, ZERO)


def _short_methods(review: Review) -> QuerySet[Any, Any]:
    rows = CollectionMethod.objects.filter(review=review, fell_short=True)
    return _narrow(rows, "method", F("pk"), F("name"), NONE, ZERO, ZERO)


def _kinds_of_evidence(review: Review) -> QuerySet[Any, Any]:
    counted = Evidence.objects.filter(review=review).order_by().values("kind").annotate(n=Count("pk"))
    return _narrow(counted, "evidence", ZERO, F("kind"), NONE, F("n"), ZERO)


def _harmony(review: Review) -> QuerySet[Any, Any]:
    """How many people answered, and how many answers were given beyond one a question."""
    answers = Answer.objects.filter(question__round__review=review, question__round__state=states.ROUND_CLOSED)
    one = Concat(Cast("question_id", TextField()), Value(" "), Cast("choice", TextField()), output_field=TextField())
    counted = (
        answers.order_by()
        .values("question__round__review")
        .annotate(
            people=Count("person", distinct=True),
            beyond=Count(one, distinct=True) - Count("question", distinct=True),
        )
    )
    return _narrow(counted, "harmony", ZERO, NONE, NONE, F("people"), F("beyond"))


PARTS = (
    _bare_judgements,
    _subjects_without_compliance,
    _rounds,
    _unexplored,
    _findings,
    _bare_conclusions,
    _short_methods,
    _kinds_of_evidence,
    _harmony,
)
