"""What must hold after every step, whoever took it: each law names what breaks it, in words."""

from __future__ import annotations

from collections.abc import Callable, Iterator

from cxreview.wander.moves import Story
from improvements import states
from improvements.models import Action, Decision, OutcomeCheck, Recommendation, Submission
from improvements.workflow.decisions import APPROVALS
from notices.models import Notice
from reviews import states as review_states
from reviews.models import Amendment, Conclusion, Criterion, Finding, Judgement, Round
from reviews.queries import plans
from teams.models import StandIn
from teams.states import Table

TABLES: dict[str, Table] = {
    "review": review_states.REVIEW,
    "round": review_states.ROUND,
    "finding": review_states.FINDING,
    "recommendation": states.RECOMMENDATION,
    "submission": states.SUBMISSION,
    "action": states.ACTION,
}
States = dict[tuple[str, int], str]
Law = Callable[[Story], Iterator[str]]
BEFORE_WORK = (review_states.PLANNED, review_states.AGREED, review_states.FROZEN)
# What waits for somebody, and in which states of its object it may.
WAITS = {
    "improvements.decide": (Submission, states.WAITING),
    "improvements.carry_out": (Action, (states.ACTION_APPROVED, states.IN_PROGRESS)),
    "improvements.verify": (Action, (states.DONE,)),
    "improvements.approve_action": (Action, (states.PROPOSED,)),
    "reviews.answer": (Round, (review_states.OPEN,)),
}


def states_of(story: Story) -> States:
    """The state of everything in the story."""
    return {(noun, pk): state for noun in TABLES for pk, state in story.of(noun).values_list("pk", "state")}


def strides(before: States, after: States) -> Iterator[str]:
    """Each change of a state is one that its table knows; what is new begins at the beginning."""
    for (noun, pk), state in after.items():
        table = TABLES[noun]
        was = before.get((noun, pk))
        if was is None and state != table.first:
            yield f"{noun} {pk} began as {state}"
        steps = {(start, end) for (start, _move), end in table.moves.items()}
        if was is not None and was != state and (was, state) not in steps:
            yield f"{noun} {pk} went from {was} to {state}"
    for noun, pk in before.keys() - after.keys():
        yield f"{noun} {pk} is gone"


def nobody_judges_their_own(story: Story) -> Iterator[str]:
    for made in Decision.objects.filter(submission__in=story.of("submission")).select_related("submission"):
        paper = made.submission
        if made.decider_id in (paper.author_id, paper.recommendation.author_id):
            yield f"decision {made.pk} was made by its author"
        acting = StandIn.objects.filter(person=paper.decision_maker_id, stand_in=made.decider_id).exists()
        if made.decider_id != paper.decision_maker_id and not acting:
            yield f"decision {made.pk} was made by somebody who is not named"
    for paper in story.of("submission"):
        if paper.decision_maker_id in (paper.author_id, paper.recommendation.author_id):
            yield f"paper {paper.pk} is put before its author"
    for check in OutcomeCheck.objects.filter(action__in=story.of("action")):
        if check.owner_id == check.verifier_id:
            yield f"outcome {check.pk} was read by the owner"
    for review in story.of("review"):
        if review.supervisor_id in (review.decision_maker_id, review.agreed_by_id):
            yield f"review {review.pk} was agreed by its supervisor"


def what_goes_on_was_approved(story: Story) -> Iterator[str]:
    for action in story.of("action").exclude(state__in=[states.PROPOSED, states.CANCELLED]):
        paper = action.submission
        if paper is None or not paper.decisions.filter(outcome__in=APPROVALS).exists():
            yield f"action {action.pk} goes on without an approval"
        if action.verifier_id in (None, action.owner_id) or action.check_on is None:
            yield f"action {action.pk} goes on without anybody to verify it"


def a_recommendation_is_where_its_paper_is(story: Story) -> Iterator[str]:
    for thing in story.of("recommendation"):
        papers = list(Submission.objects.filter(recommendation=thing).order_by("number"))
        if thing.options.filter(kind="do_nothing").count() != 1:
            yield f"recommendation {thing.pk} has no way to do nothing"
        if sum(paper.state in states.WAITING for paper in papers) > 1:
            yield f"recommendation {thing.pk} waits twice"
        expected = _expected(papers[-1].state) if papers else states.DRAFT
        if thing.state != expected:
            yield f"recommendation {thing.pk} is {thing.state}, its paper {papers[-1].state if papers else 'missing'}"


def _expected(paper: str) -> str:
    if paper in states.IN_FORCE:
        return states.AGREED
    if paper in states.WAITING:
        return states.PUT_FORWARD
    return states.TURNED_DOWN if paper == states.REJECTED else states.DRAFT


def what_is_answered_is_addressed(story: Story) -> Iterator[str]:
    for finding in story.of("finding"):
        standing = Recommendation.objects.filter(findings=finding, state__in=[states.PUT_FORWARD, states.AGREED])
        going = Action.objects.filter(findings=finding).exclude(state=states.CANCELLED)
        answered = bool(finding.reason_for_none) or standing.exists() or going.exists()
        if answered and finding.state in (review_states.DRAFT, review_states.FINDING_AGREED):
            yield f"finding {finding.pk} is answered and {finding.state}"
        if not answered and finding.state == review_states.ADDRESSED:
            yield f"finding {finding.pk} is addressed by nothing"


def a_frozen_plan_moves_by_amendments(story: Story) -> Iterator[str]:
    for review in story.of("review").exclude(plan_hash=""):
        last = Amendment.objects.filter(review=review).order_by("-number").first()
        if review.plan != plans.plan_of(review) or (last is not None and last.plan_hash != review.plan_hash):
            yield f"the frozen plan of review {review.pk} moved"


def work_has_its_time(story: Story) -> Iterator[str]:
    for review in story.of("review"):
        if review.state in BEFORE_WORK:
            begun = (
                Judgement.objects.filter(subject__review=review).exists()
                or Finding.objects.filter(review=review).exists()
                or Conclusion.objects.filter(criterion__review=review).exists()
            )
            if begun:
                yield f"review {review.pk} is {review.state} and has results"
        if review.state in (review_states.CONCLUDED, review_states.DECIDED, review_states.CLOSED):
            if Criterion.objects.filter(review=review, conclusion=None).exists():
                yield f"review {review.pk} is {review.state} without a conclusion"
            if story.of("round").filter(state=review_states.OPEN).exists():
                yield f"review {review.pk} is {review.state} with an open round"


def what_has_ended_keeps_nobody_waiting(story: Story) -> Iterator[str]:
    for review in story.of("review").filter(state__in=[review_states.CLOSED, review_states.CANCELLED]):
        # A trial may run out after its review was closed; then it waits, and may be decided anew.
        papers = story.of("submission").filter(state__in=[states.SUBMITTED, states.DEFERRED])
        going = story.of("action").exclude(state__in=states.ENDED)
        for row in [*papers, *going]:
            yield f"review {review.pk} is {review.state} while {row._meta.model_name} {row.pk} is {row.state}"


def every_line_waits_for_something(story: Story) -> Iterator[str]:
    for kind, (model, waiting) in WAITS.items():
        pks = {str(pk): state for pk, state in story.of(model._meta.model_name or "").values_list("pk", "state")}
        lines = Notice.objects.filter(kind=kind, thing_id__in=pks, waits=True, settled_at=None)
        for line in lines:
            if pks[line.thing_id] not in waiting:
                yield f"{kind} waits for {line.person_id}, and its object is {pks[line.thing_id]}"


LAWS: tuple[Law, ...] = (
    nobody_judges_their_own,
    what_goes_on_was_approved,
    a_recommendation_is_where_its_paper_is,
    what_is_answered_is_addressed,
    a_frozen_plan_moves_by_amendments,
    work_has_its_time,
    what_has_ended_keeps_nobody_waiting,
    every_line_waits_for_something,
)


def broken(story: Story) -> list[str]:
    """Every law that does not hold now."""
    return [words for law in LAWS for words in law(story)]
