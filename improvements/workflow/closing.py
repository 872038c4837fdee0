"""Closing a review is offered once every action that came of it has reached its end."""

from __future__ import annotations

from django.urls import reverse

from improvements import wording  # noqa: F401 - the kinds of notices register themselves
from improvements.models import Action
from notices import workflow as notices
from reviews import ends
from reviews import states as review_states
from reviews.models import Review
from teams.models import TrailEntry


def offer_closing(review: Review, entry: TrailEntry) -> None:
    """Tell the supervisor of a decided review on which nothing hangs any more; part of the verb that ``entry`` records.

    The line ends when the review is closed (``reviews.workflow.close`` settles it).
    """
    current = Review.objects.select_related("supervisor").get(pk=review.pk)
    if current.state != review_states.DECIDED or ends.open_ends(current):
        return
    if not Action.objects.filter(recommendation__review=current).exists():
        return
    kind = "improvements.may_close"
    url = reverse("close-review", args=[current.pk])
    event = f"{kind}:{current.pk}:{entry.number}"
    notices.tell([current.supervisor], kind, current, url, {"title": current.title}, waits=True, event=event)
