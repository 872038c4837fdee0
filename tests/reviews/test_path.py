"""The thin whole path: plan, agree, freeze, start, judge, ask, reveal, find, conclude, close."""

import pytest

from notices.models import Notice
from reviews import states, workflow
from reviews.models import Criterion, Finding, Review, Round, StepOutcome, Subject
from teams.models import TrailEntry
from tests.reviews import making

pytestmark = pytest.mark.django_db


def verbs():
    return list(TrailEntry.objects.order_by("number").values_list("verb", flat=True))


def test_a_review_from_its_question_to_its_end(world):
    alder = world.a
    review = making.under_way(alder)
    step = Subject.objects.filter(review=review).first()

    judged = workflow.judge(alder.supervisor, step, "cost", 0, {}, making.judgement(), [("note", "", "Twelve letters")])
    asked = making.a_round(alder, review)
    making.answer_all(alder.colleague, asked)
    workflow.close_round(alder.supervisor, asked)
    workflow.choose_outcome(alder.supervisor, step, 0, {}, {"outcome": "simplify", "reason": "Asked twice."})
    finding = workflow.raise_finding(alder.supervisor, review, "judgement", str(judged.pk))
    workflow.agree_finding(alder.supervisor, finding)
    for criterion in Criterion.objects.filter(review=review):
        workflow.conclude_criterion(alder.supervisor, criterion, 0, {}, {"rating": "partly", "why": "Half of them."})
    workflow.conclude(alder.supervisor, review, "Answers are kind, and late.")
    workflow.decided(making.again(review))
    workflow.give_reason(alder.supervisor, finding, "Being mended elsewhere.")
    workflow.close(alder.supervisor, review)

    assert making.again(review).state == states.CLOSED
    assert making.again(finding).state == states.ADDRESSED
    assert Round.objects.get(pk=asked.pk).state == states.ROUND_CLOSED
    assert StepOutcome.objects.get(subject=step).outcome == "simplify"
    assert verbs() == [
        "create",
        "add_criterion",
        "add_step",
        "add_step",
        "add_feature",
        "ask_agreement",
        "agree",
        "freeze",
        "judge",
        "open_round",
        "answer",
        "close_round",
        "choose_outcome",
        "raise_finding",
        "agree",
        "conclude_criterion",
        "conclude",
        "give_reason",
        "close",
    ]
    assert Notice.objects.filter(waits=True, settled_at=None).count() == 0


@pytest.mark.parametrize("name", making.MAKERS)
def test_a_review_can_be_made_in_every_state(world, name):
    made = making.MAKERS[name](world.a)
    assert (made.state, Review.objects.count()) == ({"asked": "planned"}.get(name, name), 1)


def test_a_finding_holds_the_facts_of_its_evidence(world):
    alder = world.a
    review = making.under_way(alder)
    step = Subject.objects.filter(review=review).first()
    judged = workflow.judge(alder.supervisor, step, "cost", 0, {}, making.judgement())
    finding = workflow.raise_finding(alder.supervisor, review, "judgement", str(judged.pk))
    workflow.judge(alder.supervisor, step, "cost", 1, making.judgement(), making.judgement(rating="met"))
    evidence = finding.evidence.get()
    assert (finding.subject, finding.title) == (step, "Read the message: cost partly met")
    assert (evidence.kind, evidence.facts["rating"], evidence.facts["version"]) == ("judgement", "partly", 1)
    assert Finding.objects.count() == 1
