"""When the stages "decide" and "act" of a review have a dot for the reader."""

from __future__ import annotations

from django.db.models import Exists, OuterRef, Q

from improvements import states
from improvements.models import Action, Recommendation, Submission
from reviews import states as review_states
from reviews.models import Review
from reviews.queries.stages import Answered, register
from teams import access
from teams.models import Person


def decide_asks(person: Person) -> dict[str, Exists]:
    """A paper that lies before the person; a recommendation that goes on, or is a draft; whether they write it."""
    papers = Submission.objects.filter(
        recommendation__review=OuterRef("pk"),
        state__in=states.WAITING,
        decision_maker__in=access.grants(person).acts_for,
    )
    own = Recommendation.objects.filter(review=OuterRef("pk"))
    return {
        "paper_waits": Exists(papers.exclude(author=person)),
        "recommended": Exists(own.exclude(state=states.TURNED_DOWN)),
        "recommendation_draft": Exists(own.filter(state=states.DRAFT)),
        "may_recommend": Exists(access.visible_to(person, Review, "improvements.recommend").filter(pk=OuterRef("pk"))),
    }


def decide_waits(review: Review, answered: Answered) -> bool:
    """A paper lies before the person; or a concluded review has no recommendation that goes on, and they write it."""
    if answered["paper_waits"]:
        return True
    unwritten = not answered["recommended"] or answered["recommendation_draft"]
    return review.state == review_states.CONCLUDED and unwritten and answered["may_recommend"]


def act_asks(person: Person) -> dict[str, Exists]:
    """An action to begin, prove or verify; one to approve; an approval without any action."""
    mine = access.grants(person).acts_for
    actions = Action.objects.filter(recommendation__review=OuterRef("pk"))
    carried = Q(state__in=[states.ACTION_APPROVED, states.IN_PROGRESS], owner__in=mine)
    bare = Recommendation.objects.filter(review=OuterRef("pk"), state=states.AGREED, actions__isnull=True)
    seen = {
        name: Exists(access.visible_to(person, Review, permission).filter(pk=OuterRef("pk")))
        for name, permission in (("may_act", "improvements.act"), ("may_approve", "improvements.approve"))
    }
    return {
        "carries": Exists(actions.filter(carried | Q(state=states.DONE, verifier__in=mine))),
        "bare": Exists(bare),
        "proposed": Exists(actions.filter(state=states.PROPOSED).exclude(owner=person)),
        **seen,
    }


def act_waits(review: Review, answered: Answered) -> bool:
    """An action that the person begins, proves, approves or verifies; or an approval without any action."""
    bare = answered["bare"] and answered["may_act"]
    return answered["carries"] or bare or (answered["proposed"] and answered["may_approve"])


register("decide", decide_asks, decide_waits)
register("act", act_asks, act_waits)
