"""Who was heard in a review and who saw it differently: from rounds that are closed, never with a name; and how many
have read the briefings."""

from __future__ import annotations

from typing import Any

from django.db.models import Count, Q
from django.urls import reverse

from notices.models import Briefing
from reviews import states as review_states
from reviews.models import Invitation, Review, Round
from reviews.queries.rounds import RevealedSubject, reveal
from teams.models import Person
from teams.trail import plain

MOST_DISSENT = 12


def of(review: Review, person: Person) -> dict[str, Any]:
    """``{"rounds": […], "briefings": […]}`` as plain JSON; ``person`` is whose door opens the revealed answers."""
    return {"rounds": _rounds(review, person), "briefings": _briefings(review)}


def _rounds(review: Review, person: Person) -> list[dict[str, Any]]:
    closed = Round.objects.filter(review=review, state=review_states.ROUND_CLOSED).order_by("closed_at", "id")
    return [
        {
            "id": row.pk,
            "title": row.title,
            "url": row.get_absolute_url(),
            "closed_at": plain(row.closed_at),
            "seats": {seat: _seat(row, seat) for seat in Invitation.Seat.values},
            "dissent": _dissent(reveal(person, row)),
        }
        for row in closed
    ]


def _seat(row: Round, seat: str) -> dict[str, int]:
    asked = row.invitations.filter(seat=seat)
    return {"asked": asked.count(), "answered": asked.filter(finished_at__isnull=False).count()}


def _dissent(revealed: list[RevealedSubject]) -> list[dict[str, Any]]:
    """The comments of those who answered otherwise than most, word for word."""
    found = []
    for one in revealed:
        for asked in one.questions:
            most = max((bar.number for bar in asked.bars), default=0)
            # Comments carry the words of their choice; the paper keeps its code, to be read in any language.
            rare = {bar.words: bar.code for bar in asked.bars if bar.number < most}
            found += [
                {
                    "about": str(one.subject),
                    "question": asked.question.text,
                    "choice": rare[said.choice],
                    "text": said.text,
                }
                for said in asked.comments
                if said.choice in rare
            ]
    return found[:MOST_DISSENT]


def _briefings(review: Review) -> list[dict[str, Any]]:
    rows = Briefing.objects.filter(thing_kind="reviews.review", thing_id=str(review.pk)).annotate(
        people=Count("receipts"), read=Count("receipts", filter=Q(receipts__read_at__isnull=False))
    )
    return [
        {
            "id": row.pk,
            "title": row.title,
            "url": reverse("briefing", args=[row.pk]),
            "people": row.people,
            "read": row.read,
        }
        for row in rows.order_by("id")
    ]
