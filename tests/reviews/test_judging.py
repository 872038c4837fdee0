"""Judgements of steps and features: three each, with evidence, by several people; and what becomes of a step."""

import pytest
from django.db import IntegrityError, transaction
from django.urls import reverse

from reviews import workflow
from reviews.models import Evidence, Judgement, StepOutcome, Subject
from reviews.queries import judgements
from teams.models import TrailEntry
from teams.refusals import Conflict, Refused
from tests.reviews import making

pytestmark = pytest.mark.django_db


@pytest.fixture
def step(world):
    return Subject.objects.filter(review=making.under_way(world.a)).first()


def test_a_judgement_says_who_when_and_from_which_evidence(world, client_of, step):
    browser = client_of(world.a.supervisor)
    answer = browser.post(
        reverse("judge", args=[step.pk, "cost"]),
        {"cost-rating": "not_met", "cost-confidence": "high", "cost-why": "Dear.", "cost-note": "The bill of May"},
    )
    made = Judgement.objects.get()
    assert answer.url == f"/steps/{step.pk}#cost"
    assert (made.respect, made.rating, made.confidence, made.person) == ("cost", "not_met", "high", world.a.supervisor)
    assert (made.evidence.get().kind, made.evidence.get().note) == ("note", "The bill of May")
    entry = TrailEntry.objects.order_by("-number").first()
    assert (entry.verb, entry.after["rating"], entry.after["evidence"]) == ("judge", "not_met", ["note"])


def test_a_judgement_without_a_rating_is_shown_again_with_what_was_typed(world, client_of, step):
    answer = client_of(world.a.supervisor).post(
        reverse("judge", args=[step.pk, "cost"]), {"cost-confidence": "high", "cost-why": "Far too dear."}
    )
    assert (answer.status_code, Judgement.objects.count()) == (422, 0)
    assert "Far too dear." in answer.content.decode()


def test_the_second_judge_sees_both_texts(world, step):
    """Both opened the form before anybody had judged."""
    alder = world.a
    workflow.judge(alder.supervisor, step, "cost", 0, {}, making.judgement(why="Twelve complaints."))
    with pytest.raises(Conflict) as conflict:
        workflow.judge(alder.second_supervisor, step, "cost", 0, {}, making.judgement(why="Two complaints."))
    assert conflict.value.mine == {"why": "Two complaints."}
    assert alder.second_supervisor.drafts.get().words["why"] == "Two complaints."
    assert Judgement.objects.get().why == "Twelve complaints."


def test_judging_anew_keeps_what_was_before_in_the_trail(world, step):
    alder = world.a
    workflow.judge(alder.supervisor, step, "cost", 0, {}, making.judgement())
    workflow.judge(alder.second_supervisor, step, "cost", 1, making.judgement(), making.judgement(rating="met"))
    entry = TrailEntry.objects.order_by("-number").first()
    now = Judgement.objects.get()
    assert (now.rating, now.person, now.version) == ("met", alder.second_supervisor, 2)
    assert (entry.before["rating"], entry.after["rating"]) == ("partly", "met")


def test_a_respect_that_is_none_is_refused(world, client_of, step):
    with pytest.raises(Refused):
        workflow.judge(world.a.supervisor, step, "beauty", 0, {}, making.judgement())
    answer = client_of(world.a.supervisor).post(reverse("judge", args=[step.pk, "beauty"]), {"beauty-rating": "met"})
    assert (answer.status_code, Judgement.objects.count()) == (422, 0)


def test_the_strip_shows_steps_in_order_then_features(world, step):
    workflow.judge(world.a.supervisor, step, "cost", 0, {}, making.judgement(), [("note", "", "Counted.")])
    strip = judgements.strip(step.review)
    assert [str(row.subject) for row in strip.steps] == ["Read the message", "Write the answer"]
    assert [str(row.subject) for row in strip.features] == ["Opening hours"]
    assert (strip.judged, strip.to_judge) == (1, 9)
    tiles = {tile.respect: (tile.rating, tile.evidence) for tile in strip.steps[0].tiles}
    assert tiles == {"satisfaction": ("", 0), "cost": ("partly", 1), "compliance": ("", 0)}


def test_the_page_of_a_step_says_what_the_last_review_said(world, client_of):
    alder = world.a
    before = making.under_way(alder)
    judged = Subject.objects.filter(review=before).first()
    workflow.judge(alder.supervisor, judged, "cost", 0, {}, making.judgement(rating="not_met"))
    copied = workflow.copy(alder.supervisor, before)
    same = Subject.objects.get(review=copied, step=judged.step)
    earlier = {card.respect: card.earlier.rating if card.earlier else "" for card in judgements.cards(same)}
    assert earlier == {"satisfaction": "", "cost": "not_met", "compliance": ""}


def test_unlinked_evidence_stays_in_the_trail(world, step):
    alder = world.a
    workflow.judge(alder.supervisor, step, "cost", 0, {}, making.judgement(), [("note", "", "Counted.")])
    workflow.remove_evidence(alder.supervisor, Evidence.objects.get())
    entry = TrailEntry.objects.order_by("-number").first()
    assert (Evidence.objects.count(), entry.verb, entry.before["note"]) == (0, "remove_evidence", "Counted.")


def test_evidence_belongs_to_something(world, step):
    alder = world.a
    with pytest.raises(IntegrityError), transaction.atomic():
        Evidence.objects.create(review=step.review, kind="note", person=alder.supervisor, at=step.review.created_at)


def test_an_outcome_has_its_reason(world, client_of, step):
    browser = client_of(world.a.supervisor)
    address = reverse("step-outcome", args=[step.pk])
    assert browser.post(address, {"outcome-outcome": "eliminate", "outcome-reason": " "}).status_code == 422
    browser.post(address, {"outcome-outcome": "eliminate", "outcome-reason": "Nobody reads it."})
    assert (StepOutcome.objects.get().outcome, StepOutcome.objects.get().reason) == ("eliminate", "Nobody reads it.")


def test_a_step_that_was_judged_stays_under_review(world, step):
    workflow.judge(world.a.supervisor, step, "cost", 0, {}, making.judgement())
    with pytest.raises(Refused) as refused:
        workflow.remove_subject(world.a.supervisor, step, "Not needed.")
    assert refused.value.code == "in_use"
