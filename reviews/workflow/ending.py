"""Verbs at the end of a review: cancel, conclude, open again, decided, close, archive."""

from __future__ import annotations

from typing import Any

from django.db import transaction
from django.urls import reverse
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext

from notices import workflow as notices
from reviews import states
from reviews.ends import open_ends
from reviews.models import Conclusion, Criterion, Review, Round
from reviews.workflow.amending import locked
from reviews.workflow.working import reason as given
from reviews.workflow.working import said, working
from teams import clock, moves, trail
from teams.models import Person, TrailEntry
from teams.refusals import Refused

ENDED = ("state", "ended", "closed_at")
CONCLUDED = ("state", "overall", "concluded_at")


def cancel(person: Person, review: Review, reason: str) -> Review:
    """Give a review up, with the reason; what was collected stays readable. Answers of an open round stay unseen.

    Raises Refused (``open_ends``: a paper waits or an action goes on, see ``reviews.ends``).
    """
    with working(person, review, "cancel", "reviews.edit") as current:
        _require_no_open_ends(current)
        before = trail.values(current, *ENDED)
        moves.move(current, states.REVIEW, "cancel")
        current.ended, current.asked_agreement_at = given(reason), None
        current.save(update_fields=[*ENDED, "asked_agreement_at"])
        entry = trail.record(person, "cancel", current, before, trail.values(current, *ENDED))
        _settle_all(current)
        facts = {"title": current.title, "reason": current.ended}
        _tell([current.decision_maker, current.supervisor], "reviews.cancelled", current, _page(current), facts, entry)
    return current


def conclude(person: Person, review: Review, overall: str) -> Review:
    """Conclude the review: every criterion has its conclusion, every round is revealed, the whole is summed up."""
    with working(person, review, "conclude", "reviews.judge") as current:
        _require_conclusions(current)
        if Round.objects.filter(review=current, state=states.OPEN).exists():
            raise Refused("open_round", _("A round is still open: close it, so that its answers are heard."))
        overall = said(overall, "no_overall", _("Sum up what the review found, in a few sentences."), "overall")
        before = trail.values(current, *CONCLUDED)
        moves.move(current, states.REVIEW, "conclude")
        current.overall, current.concluded_at = overall, clock.now()
        current.save(update_fields=CONCLUDED)
        entry = trail.record(person, "conclude", current, before, trail.values(current, *CONCLUDED))
        url = reverse("review-measure", args=[current.pk])
        _tell([current.decision_maker], "reviews.concluded", current, url, {"title": current.title}, entry)
    return current


def _require_conclusions(review: Review) -> None:
    concluded = Conclusion.objects.filter(criterion__review=review).values("criterion")
    missing = Criterion.objects.filter(review=review).exclude(pk__in=concluded)
    if missing:
        words = ngettext(
            "One criterion has no conclusion yet: %(names)s.",
            "%(n)s criteria have no conclusion yet: %(names)s.",
            len(missing),
        ) % {"n": len(missing), "names": ", ".join(criterion.name for criterion in missing)}
        raise Refused("not_concluded", words)


def reopen(person: Person, review: Review, reason: str) -> Review:
    """Take a concluded review up again, with the reason."""
    with working(person, review, "reopen", "reviews.judge") as current:
        why = given(reason)
        before = trail.values(current, "state")
        moves.move(current, states.REVIEW, "reopen")
        current.save(update_fields=["state"])
        trail.record(person, "reopen", current, before, {**trail.values(current, "state"), "reason": why})
    return current


def decided(review: Review) -> Review:
    """The recommendations are decided on. Part of a decision: doors and trail entry are those of the calling verb."""
    with transaction.atomic():
        current = locked(review)
        moves.move(current, states.REVIEW, "decide")
        current.save(update_fields=["state"])
    return current


def close(person: Person, review: Review, word: str = "") -> Review:
    """Close a review once nothing above it is open any more (see ``reviews.ends``)."""
    with working(person, review, "close", "reviews.edit") as current:
        _require_no_open_ends(current)
        before = trail.values(current, *ENDED)
        moves.move(current, states.REVIEW, "close")
        current.ended, current.closed_at = word.strip(), clock.now()
        current.save(update_fields=ENDED)
        entry = trail.record(person, "close", current, before, trail.values(current, *ENDED))
        _settle_all(current)
        _tell([current.decision_maker], "reviews.closed", current, _page(current), {"title": current.title}, entry)
    return current


def _require_no_open_ends(review: Review) -> None:
    still = open_ends(review)
    if still:
        raise Refused("open_ends", " ".join(str(words) for words in still))


def archive(person: Person, review: Review) -> Review:
    """Put a closed or cancelled review away: lists leave it out, its page and its thread stay."""
    return _put_away(person, review, "archive")


def unarchive(person: Person, review: Review) -> Review:
    """Take a review out of the archive."""
    return _put_away(person, review, "unarchive")


def _put_away(person: Person, review: Review, verb: str) -> Review:
    with working(person, review, verb, "reviews.edit") as current:
        before = trail.values(current, "archived_at")
        current.archived_at = clock.now() if verb == "archive" else None
        current.save(update_fields=["archived_at"])
        trail.record(person, verb, current, before, trail.values(current, "archived_at"))
    return current


def _settle_all(review: Review) -> None:
    notices.settle(review)
    for each in Round.objects.filter(review=review):
        notices.settle(each)


def _tell(people: list[Person], kind: str, review: Review, url: str, facts: dict[str, Any], entry: TrailEntry) -> None:
    notices.tell(people, kind, review, url, facts, event=f"{kind}:{entry.number}")


def _page(review: Review) -> str:
    return reverse("review", args=[review.pk])
