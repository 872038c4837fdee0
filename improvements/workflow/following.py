"""What lies below follows: findings are addressed while something answers them, a review stays open meanwhile."""

from __future__ import annotations

from collections.abc import Iterable

from django.db.models import Q
from django.utils.functional import Promise
from django.utils.translation import ngettext

from improvements import states
from improvements.models import Action, Recommendation, Submission
from reviews import ends
from reviews import states as review_states
from reviews.models import Finding, Review
from reviews.workflow import findings as verbs


def findings_follow(findings: Iterable[Finding]) -> None:
    """Address what a recommendation put forward or an action answers; open again what nothing answers any more.

    Part of a verb: inside its transaction, under its doors and its trail entry.
    """
    for pk in sorted({one.pk for one in findings}):
        finding = Finding.objects.get(pk=pk)
        answered = bool(finding.reason_for_none) or is_answered(finding)
        if answered and finding.state == review_states.FINDING_AGREED:
            verbs.address(finding)
        elif not answered and finding.state == review_states.ADDRESSED:
            verbs.unaddress(finding)


@ends.register_answers
def is_answered(finding: Finding) -> bool:
    """Whether a recommendation that stands or an action that goes on answers the finding."""
    standing = Q(state__in=[states.PUT_FORWARD, states.AGREED])
    if Recommendation.objects.filter(standing, findings=finding).exists():
        return True
    return Action.objects.filter(findings=finding).exclude(state=states.CANCELLED).exists()


@ends.register
def open_ends(review: Review) -> list[str | Promise]:
    """Papers that wait for a decision and actions that have not ended keep a review open."""
    papers = Submission.objects.filter(recommendation__review=review, state__in=states.WAITING).count()
    actions = Action.objects.filter(recommendation__review=review).exclude(state__in=states.ENDED).count()
    found: list[str | Promise] = []
    if papers:
        found.append(
            ngettext("%(n)s paper waits for a decision.", "%(n)s papers wait for a decision.", papers) % {"n": papers}
        )
    if actions:
        found.append(
            ngettext("%(n)s action has not ended yet.", "%(n)s actions have not ended yet.", actions) % {"n": actions}
        )
    return found
